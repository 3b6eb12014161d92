"""Every string of the interface: key -> (Chinese, English). Placeholders are `{name}`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal

Language = Literal["zh", "en"]
Say = Callable[..., str]

STRINGS: Mapping[str, tuple[str, str]] = {
    "app.title": ("披露文件问答", "filings-qa"),
    "app.tagline": ("答案有出处，数字经核对", "Every answer cited, every figure checked"),
    "skip": ("跳到提问框", "Skip to the question"),
    # Login
    "login.user": ("用户名", "User name"),
    "login.password": ("密码", "Password"),
    "login.enter": ("登录", "Log in"),
    "login.wrong": (
        "用户名或密码不对。连错十次后需等一分钟。",
        "The name or the password is wrong. After ten wrong ones there is a pause of a minute.",
    ),
    "login.down": ("服务器没有回应，请稍后再试。", "The server does not answer; try again later."),
    # Navigation
    "nav.label": ("页面", "Pages"),
    "nav.chat": ("问答", "Ask"),
    "nav.index": ("索引", "Index"),
    "nav.eval": ("评测", "Evaluation"),
    "nav.settings": ("设置", "Settings"),
    "nav.library": ("资料库", "Library"),
    "nav.source": ("原文", "Source"),
    "nav.language": ("English", "中文"),
    "nav.language.label": ("Switch to English", "切换为中文"),
    "nav.logout": ("{name}：退出登录", "{name}: log out"),
    "nav.theme": ("切换明暗", "Light or dark"),
    # Library
    "library.title": ("资料库", "Library"),
    "library.tab.filings": ("文件", "Filings"),
    "library.tab.conversations": ("对话", "Conversations"),
    "library.search": ("按公司、标题查找", "Find by company or title"),
    "library.empty": (
        "还没有文件。把 PDF、Word、Excel、网页或文本放进来，解析完即可提问。",
        "No filings yet. Add PDF, Word, Excel, web or text files; ask as soon as they are read.",
    ),
    "library.none": ("没有符合条件的文件。", "No filing fits these filters."),
    "library.pages": ("{n} 页", "{n} pages"),
    "library.pages.one": ("1 页", "1 page"),
    "library.undated": ("未注明日期", "undated"),
    "library.nocompany": ("未注明公司", "No company named"),
    "library.upload": ("添加文件", "Add filings"),
    "library.upload.hint": ("拖到这里，或点击选择；可放 zip", "Drop here or choose; zip works too"),
    "library.upload.sending": ("正在上传 {n} 个文件…", "Uploading {n} files…"),
    "upload.many": (
        "一次上传了 {files} 个文件，最多 {most} 个；请分批上传。",
        "{files} files at once; at most {most}: upload them in parts",
    ),
    "upload.type": (
        "{name}：不支持这种类型；可用 {known} 或 .zip。",
        "{name}: this type is not supported; use {known} or .zip",
    ),
    "upload.large": (
        "{name}：超过 {mb} MB；请拆分，或在本机运行 filings ingest。",
        "{name}: larger than {mb} MB; split it, or use `filings ingest` on this machine",
    ),
    "upload.empty": (
        "收到的上传里没有文件；请刷新页面后重试。",
        "An upload without a file arrived; reload the page and try again.",
    ),
    "upload.lost": (
        "{name}：上传没有到达；请重试。",
        "{name}: the upload did not arrive; try again",
    ),
    "upload.zip.broken": (
        "{name}：不是可读的 zip（{error}）；请解压后上传其中的文件。",
        "{name}: not a readable zip ({error}); unpack it and upload the files",
    ),
    "upload.zip.outside": (
        "{name}：“{member}”指向压缩包之外；请解压并检查内容。",
        "{name}: “{member}” points outside the archive; unpack it and check what it holds",
    ),
    "upload.zip.none": (
        "{name}：里面没有支持的类型（{known}）。",
        "{name}: holds no file of a known type ({known})",
    ),
    "upload.zip.many": (
        "{name}：含 {files} 个文件，最多 {most} 个；请分批上传其中的文件。",
        "{name}: holds {files} files, at most {most} are taken; upload the files in parts",
    ),
    "upload.zip.large": (
        "{name}：解压后超过 {mb} MB；请分批上传其中的文件。",
        "{name}: unpacks to more than {mb} MB; upload the files themselves, in parts",
    ),
    "upload.zip.ratio": (
        "{name}：解压后超过原大小的 {ratio} 倍；请直接上传其中的文件。",
        "{name}: unpacks to more than {ratio} times its size; upload the files themselves",
    ),
    "upload.zip.member": (
        "{name}：“{member}”超过 {mb} MB；请直接上传其中的文件。",
        "{name}: “{member}” is larger than {mb} MB; upload the files themselves, in parts",
    ),
    "library.only": ("只问这份", "Ask only this"),
    "library.only.off": ("取消限定", "Ask all again"),
    "library.remove": ("移除", "Remove"),
    "library.remove.confirm": (
        "从资料库移除“{title}”？它的段落和向量都会删除，原文件不动。",
        "Remove “{title}” from the library? Its passages and vectors go; the file itself stays.",
    ),
    "library.removed": ("已移除：{title}", "Removed: {title}"),
    "library.reindex": ("重新索引", "Index again"),
    "library.reindex.gone": (
        "原文件已不在 {source}；请重新上传。",
        "The file is no longer at {source}; upload it again.",
    ),
    "library.correct": ("更正信息", "Correct details"),
    "library.more": ("“{title}”的操作", "Actions for “{title}”"),
    "library.menu": ("更多", "More"),
    "library.failed": ("未能读取", "Could not be read"),
    "library.dismiss": ("知道了", "Dismiss"),
    "state.ready": ("就绪", "Ready"),
    "state.searchable": ("可检索", "Searchable"),
    "state.embedding": ("向量化 {percent}%", "Embedding {percent}%"),
    "job.queued": ("排队中：{n} 个文件", "Waiting: {n} files"),
    "job.reading": ("正在解析 {done}/{total}：{current}", "Reading {done}/{total}: {current}"),
    "job.embedding": ("正在向量化 {done}/{total} 段", "Embedding {done}/{total} passages"),
    "job.done": (
        "新增 {added}，未变 {unchanged}，替换 {replaced}，失败 {failed}",
        "{added} added, {unchanged} unchanged, {replaced} replaced, {failed} failed",
    ),
    "job.label": ("导入进度", "Import progress"),
    # Filters
    "filter.label": ("限定提问范围", "Limit the questions to"),
    "filter.company": ("公司", "Company"),
    "filter.kind": ("类型", "Kind"),
    "filter.year": ("年度", "Year"),
    "filter.all.company": ("全部公司", "All companies"),
    "filter.all.kind": ("全部类型", "All kinds"),
    "filter.clear": ("清除", "Clear"),
    "filter.scope": ("提问范围", "Asking"),
    "filter.scope.all": ("全部 {n} 份文件", "all {n} filings"),
    "filter.scope.all.one": ("这 1 份文件", "the one filing"),
    "filter.scope.some": ("{n} 份文件", "{n} filings"),
    "filter.scope.some.one": ("1 份文件", "1 filing"),
    "filter.nothing": (
        "没有符合筛选条件的文件；请去掉一个条件。",
        "No filing fits the filters; drop one of them.",
    ),
    "filter.drop": ("去掉“{name}”", "Drop “{name}”"),
    # Correcting
    "correct.title": ("更正文件信息", "Correct the details"),
    "correct.save": ("保存", "Save"),
    "correct.cancel": ("取消", "Cancel"),
    "correct.saved": ("已保存。", "Saved."),
    "field.title": ("标题", "Title"),
    "field.company": ("公司", "Company"),
    "field.ticker": ("代码", "Ticker"),
    "field.kind": ("类型", "Kind"),
    "field.date": ("日期", "Date"),
    # Conversations
    "conversation.new": ("新对话", "New conversation"),
    "conversation.untitled": ("未命名对话", "Untitled"),
    "conversation.none": ("还没有对话。", "No conversations yet."),
    "conversation.rename": ("重命名", "Rename"),
    "conversation.rename.ask": ("对话名称", "Name of the conversation"),
    "conversation.delete": ("删除", "Delete"),
    "conversation.delete.confirm": ("删除对话“{title}”？", "Delete the conversation “{title}”?"),
    "conversation.restore": ("恢复", "Restore"),
    "conversation.bin": ("已删除", "Deleted"),
    "conversation.turns": ("{n} 问", "{n} questions"),
    "conversation.turns.one": ("1 问", "1 question"),
    # Chat
    "chat.title": ("问答", "Conversation"),
    "chat.welcome": ("问披露文件", "Ask the filings"),
    "chat.welcome.body": (
        "每句话都标明出自哪一页，点编号即可对照原文；每个数字都核对过；文件里没有的，会直说没有。",
        "Each statement names its page: click a number to see it there. Each figure is checked; "
        "what the filings do not say, the answer says so.",
    ),
    "chat.starters": ("可以这样问", "You could ask"),
    "chat.placeholder": ("例如：2024 年研发费用是多少？", "For example: what was revenue in 2024?"),
    "chat.box": ("问题", "Question"),
    "chat.send": ("提问", "Ask"),
    "chat.stop": ("停止", "Stop"),
    "chat.hint": ("Enter 发送，Shift+Enter 换行", "Enter sends, Shift+Enter breaks the line"),
    "chat.you": ("你问", "You asked"),
    "chat.answer": ("回答", "Answer"),
    "chat.searching": ("正在检索…", "Searching…"),
    "chat.reading": ("找到 {n} 段相关原文，正在作答…", "Found {n} passages, answering…"),
    "chat.reading.one": ("找到 1 段相关原文，正在作答…", "Found 1 passage, answering…"),
    "chat.draft": ("草稿，尚未核对", "Draft, not checked yet"),
    "chat.done": ("回答完成：{status}", "Answer complete: {status}"),
    "chat.stopped": ("已停止，以下是未核对的草稿。", "Stopped; this is an unchecked draft."),
    "chat.interrupted": ("这次回答没有完成。", "This answer was not finished."),
    "chat.elsewhere": ("正在作答…", "Being answered…"),
    "chat.gone": ("这一问已不在了；请刷新页面。", "This turn is gone; reload the page."),
    "chat.understood.as": ("问题理解为", "Understood as"),
    "word.company": ("公司", "company"),
    "word.period": ("期间", "period"),
    "word.measure": ("指标", "measure"),
    "word.drop": ("去掉“{name}”重新提问", "Ask again without “{name}”"),
    "nearest.refused": ("最接近的原文", "The nearest passages"),
    "nearest.others": ("另外检索到 {n} 段原文", "{n} more passages found"),
    "nearest.others.one": ("另外检索到 1 段原文", "1 more passage found"),
    "chat.understood": ("理解为：{question}", "Understood as: {question}"),
    "chat.retry": ("重答", "Answer again"),
    "chat.edit": ("修改问题", "Edit question"),
    "chat.editing": (
        "修改后重新提问，此后的问答会被替换。",
        "Editing: the turns after this one are replaced.",
    ),
    "chat.editing.cancel": ("不改了", "Keep them"),
    "chat.copy": ("复制", "Copy"),
    "chat.copied": ("已复制（含脚注）", "Copied with footnotes"),
    "chat.good": ("有用", "Helpful"),
    "chat.bad": ("有问题", "Not right"),
    "chat.reason": ("哪里不对？（可不填）", "What is wrong? (optional)"),
    "chat.thanks": ("已记下，会进入评测草稿。", "Noted as a draft for the evaluation."),
    "chat.followups": ("接着问", "Ask next"),
    "chat.export": ("导出底稿", "Export memo"),
    "chat.export.md": ("Markdown", "Markdown"),
    "chat.export.docx": ("Word", "Word"),
    "chat.export.empty": ("还没有可导出的问答。", "There is nothing to export yet."),
    "chat.busy": ("上一个问题还在回答。", "The last question is still being answered."),
    # Answers
    "status.answered": ("有据", "Supported"),
    "status.partial": ("部分有据", "Partly supported"),
    "status.not_found": ("文件中未载明", "Not in the filings"),
    "status.answered.why": ("每句话都能在引文中找到。", "Every statement is found in its source."),
    "status.partial.why": (
        "有的内容没有找到出处，已标出。",
        "Some of it has no source; it is marked.",
    ),
    "status.not_found.why": (
        "在已载入的文件中没有找到。",
        "It was not found in the loaded filings.",
    ),
    "answer.extractive": ("原文摘录（未配置模型）", "Quoted from the filings (no model set up)"),
    "answer.model": ("由 {model} 作答", "Answered by {model}"),
    "answer.time": ("用时 {seconds} 秒", "{seconds} s"),
    "answer.sources": ("出处", "Sources"),
    "answer.cite": ("出处 {n}：{title}，{page}", "Source {n}: {title}, {page}"),
    "answer.figure": ("数字 {claim}：{verdict}，查看出处", "Figure {claim}: {verdict}; show where"),
    "answer.nopage": ("无页码", "no page number"),
    "page.label": ("第 {label} 页", "page {label}"),
    "checks.checked": ("{n} 个数字已核对", "{n} figures checked"),
    "checks.checked.one": ("1 个数字已核对", "1 figure checked"),
    "checks.unsupported": ("{n} 个数字没有依据", "{n} figures without support"),
    "checks.unsupported.one": ("1 个数字没有依据", "1 figure without support"),
    "checks.claim": ("数字", "Figure"),
    "checks.verdict": ("核对", "Check"),
    "checks.where": ("出处", "Source"),
    "checks.kind": ("类别", "Kind"),
    "verdict.supported": ("与原文一致", "As in the source"),
    "verdict.computed": ("由原文计算", "Computed from the source"),
    "verdict.unsupported": ("没有依据", "No support"),
    "kind.amount": ("金额", "Amount"),
    "kind.percentage": ("百分比", "Percentage"),
    "kind.date": ("日期", "Date"),
    "kind.count": ("数量", "Count"),
    "kind.code": ("代码", "Code"),
    "kind.name": ("名称", "Name"),
    # Source pane
    "source.title": ("原文", "Source"),
    "source.how.quote": (
        "点答案里的编号：打开那一页，引文标黄",
        "Click a number in an answer: its page opens, the quote marked",
    ),
    "source.how.cell": (
        "点答案里的数字：标出它所在的行、列和单元格",
        "Click a figure: its row, column and cell are marked",
    ),
    "source.how.read": (
        "点左侧的文件：从第一页读起",
        "Click a filing on the left: read it from its first page",
    ),
    "source.previous": ("上一页", "Previous page"),
    "source.next": ("下一页", "Next page"),
    "source.page": ("第 {label} 页", "Page {label}"),
    "source.position": ("{i} / {n}", "{i} of {n}"),
    "source.go": ("跳到页码", "Go to page"),
    "source.nopage": (
        "没有页码为“{label}”的页；请填印刷页码或 1 到 {n}。",
        "There is no page “{label}”; use a printed label or 1 to {n}.",
    ),
    "source.section": ("章节", "Section"),
    "source.close": ("关闭原文", "Close the source"),
    "source.original": ("打开原文件", "Open the original"),
    "source.image": ("页面", "Page"),
    "source.text": ("文字", "Text"),
    "source.view": ("显示方式", "View as"),
    "source.image.alt": ("{title} 第 {label} 页的图像", "Image of page {label} of {title}"),
    "source.unit": ("单位：{unit}", "Unit: {unit}"),
    "source.continued": ("续上页", "continued"),
    "source.blank": ("这一页没有文字。", "This page has no text."),
    "source.nomark": (
        "引文没有在这一页的版面上定位到，原话是：",
        "The quote could not be placed on this page; it reads:",
    ),
    "source.gone": (
        "这条出处已不在了；请重新提问。",
        "This source is gone; ask the question again.",
    ),
    "source.marked": ("引文", "Quote"),
    # Settings
    "settings.title": ("设置", "Settings"),
    "settings.model": ("作答", "Answering"),
    "settings.provider": ("由谁作答", "Who answers"),
    "settings.now": ("现在作答：", "Answering now:"),
    "settings.provider.cost": (
        "立即生效，不需要重算；接口按用量计费，本机模型占用内存，不用模型则没有费用。",
        "Takes effect at once, nothing is recomputed. An endpoint bills by use, a local model"
        " takes memory, no model costs nothing.",
    ),
    "settings.budget.cost": (
        "越大，模型读到的原文越多，也越慢、越贵；自动：本机 1,200，接口 3,000。",
        "More lets the model read more of the filings, slower and at a higher price;"
        " automatic: 1,200 for a local model, 3,000 for an endpoint.",
    ),
    "settings.provider.auto": (
        "自动（先看是否配置了模型）",
        "Automatic (the first that is set up)",
    ),
    "settings.provider.openai": ("OpenAI 兼容接口", "OpenAI-compatible endpoint"),
    "settings.provider.local": ("本机模型文件（GGUF）", "Local model file (GGUF)"),
    "settings.provider.extractive": ("不用模型，只摘原文", "No model: quote the filings"),
    "settings.endpoint": ("接口地址", "Endpoint"),
    "settings.name": ("模型名称", "Model name"),
    "settings.key.set": (
        "密钥：已在环境变量 OPENAI_API_KEY 中设置。这里不显示，也不保存。",
        "Key: set in the environment (OPENAI_API_KEY). It is never shown or stored here.",
    ),
    "settings.key.unset": (
        "密钥：未设置。启动前设置环境变量 OPENAI_API_KEY。",
        "Key: not set. Set OPENAI_API_KEY in the environment before the start.",
    ),
    "settings.language": ("回答语言", "Answer language"),
    "settings.language.auto": ("与问题相同", "As the question"),
    "settings.budget": ("阅读预算（token，0 为自动）", "Reading budget in tokens (0: automatic)"),
    "settings.timeout": ("等待模型的秒数", "Seconds to wait for the model"),
    "settings.save": ("保存并应用", "Save and apply"),
    "settings.saved": ("已写入 {file} 并应用。", "Written to {file} and applied."),
    "settings.locked": (
        "对外服务时不能在网页上改设置；请改 filings.toml 后重启。",
        "Settings cannot be changed in the browser while others can log in; "
        "change filings.toml and start again.",
    ),
    "settings.costly": ("检索", "Retrieval"),
    "settings.embedder": ("向量模型", "Embedder"),
    "settings.embedder.cost": (
        "更换后要把 {passages} 段全部重算；在 filings.toml 中改 embedder，再运行 filings ingest。",
        "A change recomputes all {passages} passages: set embedder in filings.toml, "
        "then run filings ingest.",
    ),
    "settings.embedder.minutes": (
        "按上次导入每秒 {speed} 段计，约需 {minutes} 分钟；其间仍可按字词检索。",
        " At {speed} passages a second, as in the last import, that takes about {minutes} min;"
        " lexical search works meanwhile.",
    ),
    "settings.reranker": ("重排模型", "Reranker"),
    "settings.reranker.none": ("内置特征", "Built-in features"),
    "settings.reranker.cost": (
        "不需要重算；每次提问会慢一些。在 filings.toml 中改 reranker。",
        "Nothing is recomputed; each question takes longer. Set reranker in filings.toml.",
    ),
    "settings.home": ("数据目录", "Data folder"),
    # Index and evaluation pages
    "index.title": ("索引", "Index"),
    "index.filings": ("文件", "Filings"),
    "index.filing": ("文件", "Filing"),
    "index.state": ("状态", "State"),
    "index.added": ("导入时间（UTC）", "Added (UTC)"),
    "index.passages": ("段落", "Passages"),
    "index.embedded": ("已向量化", "With vectors"),
    "index.characters": ("字符", "Characters"),
    "index.pages": ("页", "Pages"),
    "index.disk.catalog": ("目录占用", "Catalog on disk"),
    "index.disk.vectors": ("向量占用", "Vectors on disk"),
    "index.disk.uploads": ("上传文件占用", "Uploads on disk"),
    "index.embedder": ("向量模型", "Embedder"),
    "index.doctor.run": ("检查索引", "Check the index"),
    "index.doctor.missing": (
        "{n} 段缺少向量；运行 filings doctor --repair",
        "{n} passages lack their vectors; run filings doctor --repair",
    ),
    "index.doctor.orphans": (
        "{n} 个向量没有对应的段落；运行 filings doctor --repair",
        "{n} vectors belong to no passage; run filings doctor --repair",
    ),
    "index.doctor.good": ("目录与向量一致。", "Catalog and vectors agree."),
    "index.refresh": ("刷新", "Refresh"),
    "eval.title": ("最近一次评测", "Latest evaluation"),
    "eval.none": (
        "还没有评测结果。在启动本程序的目录里运行下面的命令，然后回到这里查看：",
        "No evaluation yet. Run this command in the folder that this program was started in, then"
        " come back:",
    ),
    "eval.about": (
        "{system}：{questions} 题，{documents} 份文件，{created}（UTC）",
        "{system}: {questions} questions about {documents} documents, {created} (UTC)",
    ),
    "eval.file": ("结果目录：{file}", "Results: {file}"),
    "eval.full": ("打开完整报告（逐题）", "Open the full report, question by question"),
    "eval.bytype": ("按题型", "By type of question"),
    "eval.type": ("题型", "Type"),
    "eval.metric": ("指标", "Metric"),
    "eval.value": ("均值", "Mean"),
    "eval.interval": ("95% 区间", "95 % interval"),
    "eval.count": ("题数", "Questions"),
    "type.lookup": ("查找", "Lookup"),
    "type.table": ("表格", "Table"),
    "type.multi": ("多处", "Several places"),
    "type.calc": ("计算", "Calculation"),
    "type.compare": ("比较", "Comparison"),
    "type.list": ("列举", "List"),
    "type.reason": ("原因", "Reason"),
    "type.yesno": ("是非", "Yes or no"),
    "type.unanswerable": ("无答案", "Unanswerable"),
    "eval.drafts": ("{n} 条来自使用反馈的评测草稿", "{n} drafts from feedback"),
    "eval.drafts.one": ("1 条来自使用反馈的评测草稿", "1 draft from feedback"),
    # Memo
    "memo.title": ("问答底稿", "Audit memo"),
    "memo.status": ("结论", "Status"),
    "memo.evidence": ("引文", "Evidence"),
    "memo.checks": ("数字核对", "Figures"),
    "memo.files": ("引用的文件", "Files cited"),
    "memo.file": ("文件", "File"),
    "memo.now": ("导出时", "At the export"),
    "memo.same": ("未变", "unchanged"),
    "memo.changed": ("已变更或已移走", "changed or moved"),
    "memo.program": ("程序", "Program"),
    "memo.noprompt": ("未使用（不经模型）", "none (no model)"),
    "memo.model": ("作答", "Answered by"),
    "memo.prompt": ("提示词版本", "Prompt version"),
    "memo.time": ("提问时间（UTC）", "Asked (UTC)"),
    "memo.exported": ("导出时间（UTC）", "Exported (UTC)"),
    "memo.hash": ("SHA-256", "SHA-256"),
    "memo.gone": ("文件已不在原处，未能计算", "the file is no longer there, not computed"),
    "memo.nodocx": (
        "导出 Word 需要 python-docx：pip install python-docx",
        "Word export needs python-docx: pip install python-docx",
    ),
    # Starter questions
    "starter.row": (
        "{company}{period}的{row}是多少？",
        "What does {company} report for “{row}”{period}?",
    ),
    "starter.cell": (
        "{company}{period}{row}的{column}是多少？",
        "What {column} does {company} report for “{row}”{period}?",
    ),
    "starter.section": (
        "{company}在“{section}”中说了什么？",
        "What does {company} say under “{section}”?",
    ),
    # Kinds of filings, as the loader names them
    "filing.annual report": ("年度报告", "Annual report"),
    "filing.interim report": ("中期报告", "Interim report"),
    "filing.inquiry reply": ("问询回复", "Inquiry reply"),
    "filing.restructuring report": ("重组报告书", "Restructuring report"),
    "filing.prospectus": ("招股说明书", "Prospectus"),
    "filing.correction": ("更正公告", "Correction"),
    "filing.announcement": ("公告", "Announcement"),
    "filing.news": ("新闻", "News"),
    "filing.financial statements": ("财务报表", "Financial statements"),
    "filing.inquiry letter": ("问询函", "Inquiry letter"),
    "filing.document": ("其他文件", "Document"),
    # Notices
    "notice.title": ("请留意", "Please note"),
    "notice.unexpected": (
        "出了意外的错误，已记入日志。请重试；若再次出现，请把日志附上反馈。",
        "Something unexpected went wrong and was logged. Try again; "
        "if it happens again, report it with the log.",
    ),
    "error.NothingIngested": ("还没有文件", "No filings yet"),
    "error.QuestionError": ("问题有误", "The question"),
    "error.UnknownFiling": ("文件不在资料库中", "Not in the library"),
    "error.AlreadyWriting": ("正在导入", "An import is running"),
    "error.CatalogError": ("索引有问题", "The index"),
    "error.ModelError": ("模型没有回应", "The model"),
    "error.EmbeddingError": ("向量模型有问题", "The embedder"),
    "error.SettingsError": ("设置有误", "The settings"),
    "error.LoadError": ("文件读不了", "The file"),
    "error.UnsafeDocument": ("文件不安全", "Unsafe file"),
    "error.UnsupportedFormat": ("不支持的格式", "Format not supported"),
    "error.MissingExtra": ("缺少组件", "A component is missing"),
    "error.EmptyDocument": ("文件是空的", "Empty file"),
}


def speaker(lang: str) -> Say:
    """The function that says a key in `lang`: say("library.pages", n=3)."""
    return partial(text, lang)


def text(lang: str, key: str, **values: object) -> str:
    """The string of a key; with n=1 its form `key.one` where there is one. KeyError if unknown."""
    if values.get("n") == 1 and f"{key}.one" in STRINGS:
        key = f"{key}.one"
    chosen = STRINGS[key][1 if lang == "en" else 0]
    return chosen.format(**values) if values else chosen


def kind_words(say: Say, kind: str) -> str:
    """A kind of filing in words; one that has no words stays as the loader names it."""
    return say(f"filing.{kind}") if f"filing.{kind}" in STRINGS else kind


def language(tag: str) -> Language:
    """The interface language for a browser's language tag: Chinese for zh-*, else English."""
    return "zh" if tag.lower().startswith("zh") else "en"
