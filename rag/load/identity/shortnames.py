"""Short names derived from a registered name: place in front and legal form behind removed.

A short name is used to recognise a company in a question, so it must be distinctive: two Han
characters at least, and never only a place or only words of a trade.
"""

from __future__ import annotations

import re

_LEGAL = re.compile(r"(?:股份有限公司|有限责任公司|有限公司)$")
_PROVINCES = (
    "北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃"
    "|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)  # fmt: skip
_CITIES = (
    "深圳|广州|杭州|南京|苏州|成都|武汉|西安|长沙|厦门|青岛|大连|宁波|无锡|济南|合肥|福州|郑州|东莞|佛山|珠海|中山|惠州|江门|汕头|湛江"
    "|温州|嘉兴|绍兴|台州|金华|湖州|常州|南通|扬州|镇江|徐州|盐城|泰州|连云港|宿迁|淮安|泉州|漳州|莆田|龙岩|三明|南昌|九江|赣州|石家庄|唐山"
    "|保定|邯郸|沧州|廊坊|太原|大同|长治|沈阳|鞍山|营口|锦州|长春|哈尔滨|大庆|烟台|潍坊|威海|淄博|济宁|临沂|东营|洛阳|新乡|南阳|许昌|开封"
    "|宜昌|襄阳|荆州|黄石|株洲|湘潭|衡阳|岳阳|常德|永州|郴州|海口|三亚|绵阳|德阳|宜宾|泸州|遂宁|自贡|内江|贵阳|遵义|昆明|大理|丽江|拉萨"
    "|咸阳|宝鸡|兰州|天水|武威|西宁|银川|乌鲁木齐|石河子|克拉玛依|呼和浩特|包头|鄂尔多斯|南宁|柳州|桂林|北海|芜湖|蚌埠|马鞍山|安庆|黄山"
    "|宣城|滁州|阜阳|铜陵|淮南|淮北|六安|景德镇|萍乡|上饶|鹰潭|华东|华南|华北|中原|西南|东北|西北|长江|黄河"
)  # fmt: skip
_PLACE = re.compile(
    rf"^(?:(?:{_PROVINCES})(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)?)"
)
_CITY = re.compile(rf"^(?:(?:{_CITIES})(?:市|区)?|[\u4e00-\u9fff]{{2,3}}(?:市|县))")
_PLACE_ONLY = re.compile(rf"^(?:{_PROVINCES}|{_CITIES}|中国|亚洲|全球|世界|国际)(?:省|市)?$")
_TRADES = tuple(
    sorted(
        (
            "生物 制药 药业 医药 医疗 器械 医学 健康 疫苗 诊断 基因 药物 中药 创新 科技 高科 技术 "
            "实业 工贸 科工贸 工业 商贸 贸易 食品 饮料 乳业 酒业 葡萄酒 酿酒 啤酒 集团 控股 电子 微电子 半导体 光电 光电子 光学 通信 通讯 网络 机械 机电 "
            "机器人 设备 装备 能源 新能源 太阳能 风电 光伏 电力 热电 环保 环境 水务 燃气 石油 石化 化工 化学 化纤 材料 新材料 高分子 "
            "股份 农业 农牧 牧业 种业 农化 饲料 渔业 林业 纸业 造纸 包装 印刷 胶囊 仪表 仪器 传感 传动 精密 精工 智能 智造 智慧 信息 "
            "软件 数据 数字 互联 云 服饰 服装 纺织 家居 家具 家电 电器 电气 电缆 线缆 电机 电池 汽车 零部件 轮胎 重工 重装 造船 船舶 航运 港务 港口 物流 "
            "航空 航天 铁路 高速公路 公路 交通 运输 建设 建筑 建材 水泥 玻璃 钢铁 钢管 特钢 铝业 铜业 矿业 黄金 稀土 有色金属 金属 冶金 地产 房地产 置业 "
            "发展 投资 资本 产业 企业 国际 环球 中国 文化 传媒 文旅 旅游 酒店 教育 出版 影视 娱乐 体育 零售 百货 超市 连锁 电商 电子商务 检测 计量 咨询 服务 管理 "
            "工程 设计 研究 研究院 研究中心 研发中心 中心 新药 照明 灯饰 玩具 户外 日化 化妆品 民用爆破器材 爆破器材 器材 电解液 铸造 齿轮 轴承 模具 液压 阀门 泵业 银行 证券 保险 信托 租赁"
        ).split(),
        key=len,
        reverse=True,
    )
)  # fmt: skip
_TRADE_END = re.compile(f"(?:{'|'.join(_TRADES)})$")
GENERIC = frozenset(
    (
        "公司 本公司 上市公司 发行人 母公司 股份公司 我公司 贵公司 申请人 标的公司 目标公司 企业 本企业 集团 本集团 集团公司 我们 本行 发行主体 委托人 "
        "公司章程 章程 董事会 监事会 股东大会 股东会 保荐人 保荐机构 主承销商 交易对方 控股股东 实际控制人 子公司 承销商 甲方 乙方 丙方 中国 有限公司 股份 "
        "本次发行 报告期 被审计单位 本单位 该公司 有限 本所 原告 被告 管理人"
    ).split()
)  # fmt: skip


def short_names(company: str) -> tuple[str, ...]:
    """Distinctive short forms of a registered Chinese name, the longest first.

    "浙江甲乙医疗器械股份有限公司" gives 浙江甲乙医疗器械, 甲乙医疗器械, 甲乙医疗 and 甲乙. Where a part
    would be only a place or only a trade, it is left out.
    """
    whole = re.sub(r"[（(][^（）()]*[)）]", "", _LEGAL.sub("", company))
    if whole == company:
        return ()
    core = _without_place(whole)
    found = [whole, core]
    while (shorter := _TRADE_END.sub("", core)) != core:
        core = shorter
        found.append(core)
    distinctive = (name for name in found if is_distinctive(name))
    return tuple(dict.fromkeys([*([whole] if len(whole) >= 4 else []), *distinctive]))


def _without_place(name: str) -> str:
    """Without province and city; kept where nothing distinctive would remain."""
    for pattern in (_PLACE, _CITY):
        rest = pattern.sub("", name)
        if len(kernel_of(rest)) >= 2:
            name = rest
    return name


def kernel_of(name: str) -> str:
    """What remains of a name when all words of a trade are taken from its end."""
    while (shorter := _TRADE_END.sub("", name)) != name:
        name = shorter
    return name


def core_of(company: str) -> str:
    """A registered name without legal form and without the place in front."""
    return _without_place(_LEGAL.sub("", company))


def is_distinctive(name: str) -> bool:
    """Whether a short name can stand for one company: not only a place, a trade or a role."""
    if name in GENERIC or len(re.findall(r"[\u4e00-\u9fffA-Za-z]", name)) < 2:
        return False
    if _PLACE_ONLY.match(name) or name.endswith("的"):
        return False
    kernel = kernel_of(name)
    if len(kernel) >= 2:
        return True
    place = _PLACE.match(name) or _CITY.match(name)
    return bool(place and len(name) - place.end() >= 2)
