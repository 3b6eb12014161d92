"""Statements about invented companies, correct and with one thing changed, with their evidence.

    python tests/rag/verify/make_cases.py            # writes cases.jsonl beside this file
    python tests/rag/verify/make_cases.py 7 out.jsonl

Gold rows are random tables and sentences of invented companies (seeded, nothing from anywhere). Each
correct statement says a gold figure in its own words; each altered one differs from a correct one in
one thing: a digit, a unit, a sign, a period, a company, a row or a column.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

COUNT = 500
NAMES = [
    "岚屿",
    "澄泽",
    "朔川",
    "穆容",
    "栖禾",
    "霁岭",
    "沐岑",
    "砚溪",
    "临垚",
    "昀越",
    "榆澜",
    "珩岳",
    "渚宁",
    "砺锋",
    "芷源",
    "旌海",
]
TRADES = ["精密传动", "生物医药", "新能源", "半导体", "环保科技", "食品", "智能装备", "新材料"]
MONEY_ROWS = [
    "营业收入",
    "营业成本",
    "销售费用",
    "管理费用",
    "研发费用",
    "财务费用",
    "营业利润",
    "利润总额",
    "净利润",
    "归属于母公司股东的净利润",
    "货币资金",
    "应收账款",
    "存货",
    "固定资产",
    "在建工程",
    "短期借款",
    "应付账款",
    "合同负债",
    "资产总计",
    "负债合计",
    "所有者权益合计",
    "经营活动产生的现金流量净额",
]
RATE_ROWS = ["综合毛利率", "资产负债率", "存货周转率", "产能利用率", "研发费用率", "期间费用率"]
PRODUCTS = [
    "谐波减速器",
    "关节模组",
    "多肽原料药",
    "储能变流器",
    "碳纤维预浸料",
    "伺服电机",
    "植物肉饼",
    "光刻胶",
    "滤膜组件",
    "缓释微球",
]
CUSTOMERS = ["客户甲", "客户乙", "客户丙", "客户丁", "客户戊", "客户己"]
ENGLISH_ROWS = [
    "Net sales",
    "Cost of sales",
    "Gross profit",
    "Research and development",
    "Selling, general and administrative",
    "Operating income",
    "Interest expense",
    "Income before income taxes",
    "Net income",
    "Inventories",
    "Accounts receivable",
    "Total assets",
    "Long-term debt",
    "Capital expenditures",
]
ENGLISH_NAMES = [
    "Harrowgate Instruments, Inc.",
    "Pellwick Foods Corp.",
    "Ostrava Bay Holdings Ltd.",
    "Quenby Medical, Inc.",
]


@dataclass(frozen=True)
class Case:
    """A statement with its evidence; `change` is "" for a correct one, else what was altered.

    `figures` are the pieces of the statement that may be altered: kind -> (as written, others).
    """

    statement: str
    quote: str
    context: str
    question: str
    change: str = ""
    swaps: tuple[tuple[str, str, str], ...] = ()
    """(kind of change, piece of the statement, what to put in its place)."""


def money(rng: random.Random, low: int = 100, high: int = 500_000) -> Decimal:
    return Decimal(rng.randint(low * 100, high * 100)) / 100


def shown(value: Decimal) -> str:
    return f"{value:,.2f}"


def rounded(value: Decimal, places: str = "0.01") -> Decimal:
    return value.quantize(Decimal(places), rounding=ROUND_HALF_UP)


def company(rng: random.Random) -> str:
    return f"{rng.choice(NAMES)}{rng.choice(TRADES)}股份有限公司"


def other(rng: random.Random, things: list[str], *but: str) -> str:
    return rng.choice([thing for thing in things if thing not in but])


def digit_changed(rng: random.Random, figure: str) -> str:
    """One digit of the figure replaced, never the first by zero."""
    places = [i for i, c in enumerate(figure) if c.isdigit()]
    at = rng.choice(places)
    choices = [d for d in "0123456789" if d != figure[at] and not (d == "0" and at == places[0])]
    return figure[:at] + rng.choice(choices) + figure[at + 1 :]


def years_of(rng: random.Random, count: int = 3) -> list[int]:
    last = rng.randint(2016, 2025)
    return [last - i for i in range(count)]


def table_cell(rng: random.Random) -> Case:
    """A cell of a table of accounts over three years."""
    name, years = company(rng), years_of(rng)
    rows = rng.sample(MONEY_ROWS, rng.randint(4, 8))
    values = {row: [money(rng) for _ in years] for row in rows}
    header = " | ".join(["项目", *(f"{y}年{rng.choice(['', '度'])}" for y in years)])
    lines = [" | ".join([row, *map(shown, values[row])]) for row in rows]
    head = f"{name}{years[0]}年年度报告\n第二节 主要财务指标\n"
    context = f"{head}单位:万元\n{header}\n" + "\n".join(lines)
    row, k = rng.choice(rows), rng.randrange(3)
    value, wrong_row = shown(values[row][k]), other(rng, rows, row)
    unit = rng.choice(["万元", " 万元"])
    statement = rng.choice(
        [
            f"{name}{years[k]}年{row}为{value}{unit}。[1]",
            f"{years[k]}年,{name}的{row}为{value}{unit}[1]。",
            f"{name}在{years[k]}年实现{row}{value}{unit}。[1]",
        ]
    )
    quote = lines[rows.index(row)] if rng.random() < 0.7 else context[len(head) :]
    swaps = (
        ("digit", value, digit_changed(rng, value)),
        ("unit", unit.strip(), rng.choice(["亿元", "元", "万美元", "%"])),
        ("sign", value, f"-{value}"),
        (
            "period",
            f"{years[k]}年",
            f"{rng.choice([y for y in [*years, years[0] + 1] if y != years[k]])}年",
        ),
        ("company", name, company_but(rng, name)),
        ("row", value, shown(values[wrong_row][k])),
        ("row", row, wrong_row),
        ("column", value, shown(values[row][(k + 1) % 3])),
    )
    return Case(statement, quote, context, f"{name}{years[k]}年的{row}是多少?", swaps=swaps)


def company_but(rng: random.Random, name: str) -> str:
    while (another := company(rng)) == name or another[:2] == name[:2]:
        pass
    return another


def rounded_cell(rng: random.Random) -> Case:
    """A cell in 万元 said in 亿元, correctly rounded."""
    case = table_cell(rng)
    match = re.search(r"([\d,]+\.\d\d) ?万元", case.statement)
    assert match
    value = Decimal(match[1].replace(",", ""))
    if value < 10_000:
        return rounded_cell(rng)
    said = str(rounded(value / 10_000))
    statement = case.statement.replace(match.group(), f"{said}亿元")
    wrong = str(rounded(value / 10_000) + Decimal(rng.choice(["0.02", "-0.03", "0.1", "1"])))
    kept = tuple(s for s in case.swaps if s[0] in ("period", "company") or s[1] in MONEY_ROWS)
    swaps = (
        ("digit", said, wrong),
        ("unit", f"{said}亿元", f"{said}万元"),
        ("sign", said, f"-{said}"),
        *kept,
    )
    return replace(case, statement=statement, swaps=swaps)


def product_table(rng: random.Random) -> Case:
    """A table of products by measure, with rates beside amounts."""
    name, year = company(rng), rng.randint(2016, 2025)
    products = rng.sample(PRODUCTS, rng.randint(3, 5))
    lines, cells = [], {}
    for product in products:
        income = money(rng, 2000, 90_000)
        cost = rounded(income * Decimal(rng.randint(40, 90)) / 100)
        growth = rounded(Decimal(rng.randint(-4000, 6000)) / 100)
        cells[product] = (
            shown(income),
            shown(cost),
            str(rounded((income - cost) / income * 100)),
            str(growth),
        )
        lines.append(" | ".join([product, *cells[product]]))
    header = "分产品 | 营业收入 | 营业成本 | 毛利率(%) | 收入比上年增减(%)"
    head = f"{name}{year}年年度报告\n分产品情况\n"
    context = f"{head}单位:万元\n{header}\n" + "\n".join(lines)
    product = rng.choice(products)
    wrong = other(rng, products, product)
    k = rng.randrange(4)
    value = cells[product][k]
    changes: list[tuple[str, str, str]]
    if k < 2:
        measure = ("营业收入", "营业成本")[k]
        statement = f"{year}年{product}的{measure}为{value}万元。[1]"
        changes = [
            ("unit", "万元", rng.choice(["元", "亿元", "万股"])),
            ("column", value, cells[product][1 - k]),
            ("column", measure, ("营业收入", "营业成本")[1 - k]),
        ]
    elif k == 2:
        measure = "毛利率"
        statement = f"{year}年{product}的毛利率为{value}%。[1]"
        changes = [("unit", "%", "个百分点"), ("unit", f"{value}%", f"{value}万元")]
    else:
        measure, down = "增减", value.startswith("-")
        value = value.lstrip("-")
        word = "下降" if down else "增长"
        statement = f"{year}年{product}的营业收入比上年{word}{value}%。[1]"
        changes = [("sign", word, "增长" if down else "下降"), ("unit", "%", "个百分点")]
    if cells[wrong][k].lstrip("-") != value:
        changes += [("row", product, wrong), ("row", value, cells[wrong][k].lstrip("-"))]
    changes += [
        ("digit", value, digit_changed(rng, value)),
        ("period", f"{year}年", f"{year - 1}年"),
    ]
    return Case(
        statement,
        lines[products.index(product)],
        context,
        f"{product}的{measure}?",
        swaps=tuple(changes),
    )


def growth_sentence(rng: random.Random) -> Case:
    """Prose with a level, its base and its growth; the claim says one or all of them."""
    name, year = company(rng), rng.randint(2016, 2025)
    row = rng.choice(MONEY_ROWS[:12])
    new, old = money(rng, 2000), money(rng, 2000)
    rate = rounded((new - old) / old * 100)
    word, opposite = ("增长", "下降") if rate > 0 else ("下降", "增长")
    rate = abs(rate)
    quote = rng.choice(
        [
            f"{year}年,公司{row}为{shown(new)}万元,较{year - 1}年的{shown(old)}万元{word}{rate}%。",
            f"{year}年度公司实现{row}{shown(new)}万元,上年同期为{shown(old)}万元,同比{word}{rate}%。",
        ]
    )
    context = f"{name}{year}年年度报告\n经营情况讨论\n{quote}"
    said = rng.randrange(3)
    swaps: list[tuple[str, str, str]] = [
        ("company", name, company_but(rng, name)),
        ("period", f"{year}年", f"{year + rng.choice([1, 2])}年"),
    ]
    if said == 0:
        statement = f"{name}{year}年{row}为{shown(new)}万元,同比{word}{rate}%。[1]"
        swaps += [
            ("digit", shown(new), digit_changed(rng, shown(new))),
            ("sign", f"同比{word}", f"同比{opposite}"),
            ("row", shown(new), shown(old)),
            ("unit", "万元", "亿元"),
        ]
    elif said == 1:
        statement = f"{name}{year - 1}年{row}为{shown(old)}万元。[1]"
        swaps = [
            ("company", name, company_but(rng, name)),
            ("period", f"{year - 1}年", f"{year}年"),
            ("digit", shown(old), digit_changed(rng, shown(old))),
            ("unit", "万元", "元"),
        ]
    else:
        statement = f"{year}年{name}的{row}同比{word}{rate}%[1]。"
        swaps += [
            ("digit", f"{rate}%", f"{digit_changed(rng, str(rate))}%"),
            ("sign", word, opposite),
            ("unit", f"{rate}%", f"{rate}倍"),
        ]
    return Case(statement, quote, context, f"{name}{row}的情况?", swaps=tuple(swaps))


def sequence(rng: random.Random) -> Case:
    """Three periods and three values with 分别为; the claim says one of them or all."""
    name, years = company(rng), sorted(years_of(rng))
    row, second = rng.sample(MONEY_ROWS, 2)
    values, seconds = [shown(money(rng)) for _ in years], [shown(money(rng)) for _ in years]
    listed = rng.choice(
        [
            f"{years[0]}年、{years[1]}年和{years[2]}年",
            f"{years[0]}年、{years[1]}年及{years[2]}年",
            f"{years[0]}年至{years[2]}年",
        ]
    )
    three = "{0}万元、{1}万元和{2}万元" if rng.random() < 0.5 else "{0}、{1}和{2}万元"
    quote = (
        f"{listed},公司{row}分别为{three.format(*values)},{second}分别为{three.format(*seconds)}。"
    )
    context = f"{name}招股说明书\n{quote}"
    k = rng.randrange(3)
    if rng.random() < 0.6:
        statement = f"{years[k]}年{name}{row}为{values[k]}万元。[1]"
        swaps: tuple[tuple[str, str, str], ...] = (
            ("period", f"{years[k]}年", f"{years[(k + 1) % 3]}年"),
            ("row", values[k], seconds[k]),
            ("row", row, second),
        )
    else:
        statement = f"{name}{years[0]}年、{years[1]}年和{years[2]}年的{row}分别为{values[0]}万元、{values[1]}万元和{values[2]}万元。[1]"
        turned = [values[1], values[0], values[2]]
        swaps = (
            ("period", f"{values[0]}万元、{values[1]}万元", f"{turned[0]}万元、{turned[1]}万元"),
            ("row", values[k], seconds[k]),
        )
    swaps += (
        ("digit", values[k], digit_changed(rng, values[k])),
        ("company", name, company_but(rng, name)),
        ("sign", values[k], f"-{values[k]}"),
        ("unit", f"{values[k]}万元", f"{values[k]}{rng.choice(['亿元', '元', '%'])}"),
    )
    return Case(statement, quote, context, f"{row}是多少?", swaps=swaps)


def customers(rng: random.Random) -> Case:
    """A table whose rows are customers; amounts and shares."""
    name, year = company(rng), rng.randint(2016, 2025)
    chosen = rng.sample(CUSTOMERS, 5)
    amounts = [money(rng, 500, 20_000) for _ in chosen]
    shares = [rounded(Decimal(rng.randint(100, 2500)) / 100) for _ in chosen]
    lines = [
        f"{i + 1} | {c} | {shown(a)} | {s}"
        for i, (c, a, s) in enumerate(zip(chosen, amounts, shares, strict=True))
    ]
    header = "序号 | 客户 | 销售额 | 占年度销售总额比例(%)"
    context = f"{name}{year}年年度报告\n主要客户\n单位:万元\n{header}\n" + "\n".join(lines)
    k = rng.randrange(5)
    wrong = (k + rng.randint(1, 4)) % 5
    if rng.random() < 0.5:
        value, unit = shown(amounts[k]), "万元"
        statement = f"{year}年公司对{chosen[k]}的销售额为{value}万元。[1]"
        wrong_value, units = shown(amounts[wrong]), ["元", "亿元"]
    else:
        value, unit = str(shares[k]), "%"
        statement = f"{year}年{chosen[k]}占公司销售总额的比例为{value}%[1]。"
        wrong_value, units = str(shares[wrong]), ["万元", "个百分点"]
    swaps = [
        ("digit", value, digit_changed(rng, value)),
        ("unit", value + unit, value + rng.choice(units)),
    ]
    if wrong_value != value:
        swaps += [("row", value, wrong_value), ("row", chosen[k], chosen[wrong])]
    swaps += [("sign", value, f"-{value}"), ("period", f"{year}年", f"{year - 2}年")]
    return Case(statement, lines[k], context, f"{chosen[k]}的销售情况", swaps=tuple(swaps))


def people(rng: random.Random) -> Case:
    """Counts, dates and names in prose."""
    name, year = company(rng), rng.randint(2016, 2025)
    staff, research = rng.randint(400, 9000), rng.randint(30, 390)
    month, day = rng.randint(1, 12), rng.randint(1, 28)
    subsidiary = (
        f"{other(rng, NAMES, name[:2])}{rng.choice(['智驱', '启源', '恒测', '云测'])}科技有限公司"
    )
    quote = (
        f"截至{year}年12月31日,公司共有员工{staff:,}人,其中研发人员{research}人。"
        f"公司于{year}年{month}月{day}日设立全资子公司{subsidiary}。"
    )
    context = f"{name}{year}年年度报告\n公司治理\n{quote}"
    which = rng.randrange(3)
    if which == 0:
        statement = f"截至{year}年末,{name}共有员工{staff:,}人。[1]"
        swaps: tuple[tuple[str, str, str], ...] = (
            ("digit", f"{staff:,}", digit_changed(rng, f"{staff:,}")),
            ("row", f"{staff:,}", str(research)),
            ("period", f"{year}年", f"{year - 1}年"),
            ("company", name, company_but(rng, name)),
            ("unit", f"{staff:,}人", f"{staff:,}万人"),
        )
    elif which == 1:
        statement = f"{name}有研发人员{research}人。[1]"
        swaps = (
            ("digit", str(research), digit_changed(rng, str(research))),
            ("row", str(research), f"{staff:,}"),
            ("unit", "人。", "家。"),
            ("company", name, company_but(rng, name)),
        )
    else:
        statement = f"公司于{year}年{month}月{day}日设立{subsidiary}。[1]"
        swaps = (
            ("period", f"{day}日", f"{day % 28 + 1}日"),
            ("digit", f"{year}年{month}月", f"{year}年{month % 12 + 1}月"),
            ("company", subsidiary, f"{other(rng, NAMES, subsidiary[:2])}{subsidiary[2:]}"),
        )
    return Case(statement, quote, context, "员工和子公司情况", swaps=swaps)


def code_and_term(rng: random.Random) -> Case:
    """A code, a counted term and an amount in prose."""
    name = company(rng)
    code = f"{rng.choice(['GX', 'TLW', 'HB', 'QR'])}-{rng.choice(['A', 'HG', 'M', ''])}{rng.randint(101, 989)}"
    months, amount = rng.randint(6, 60), shown(money(rng, 300, 9000))
    quote = f"{code}项目预计总投资{amount}万元,建设期{months}个月,目前处于III期临床。"
    context = f"{name}募集说明书\n在研项目\n{quote}"
    statement = f"{name}的{code}项目总投资{amount}万元,建设期为{months}个月。[1]"
    swaps = (
        ("digit", amount, digit_changed(rng, amount)),
        ("digit", code, digit_changed(rng, code)),
        ("digit", f"{months}个月", f"{months + 1}个月"),
        ("unit", "个月", "年"),
        ("unit", "万元", rng.choice(["亿元", "元", "万美元"])),
        ("company", name, company_but(rng, name)),
        ("sign", amount, f"-{amount}"),
    )
    return Case(statement, quote, context, f"{code}的投资", swaps=swaps)


def derived(rng: random.Random) -> Case:
    """A growth, difference or share that no source prints, computed from two cells."""
    name, years = company(rng), years_of(rng, 2)
    rows = rng.sample(MONEY_ROWS[:8], 4)
    values = {row: [money(rng, 3000), money(rng, 3000)] for row in rows}
    header = f"项目 | {years[0]}年 | {years[1]}年"
    lines = [" | ".join([row, *map(shown, values[row])]) for row in rows]
    context = f"{name}审计报告\n单位:万元\n{header}\n" + "\n".join(lines)
    row = rng.choice(rows)
    new, old = values[row]
    up = new > old
    if rng.random() < 0.5:
        rate = abs(rounded((new - old) / old * 100))
        word = "增长" if up else "下降"
        statement = f"{name}{years[0]}年{row}较{years[1]}年{word}{rate}%。[1]"
        swaps: tuple[tuple[str, str, str], ...] = (
            ("digit", f"{rate}", digit_changed(rng, str(rate))),
            ("sign", word, "下降" if up else "增长"),
        )
    else:
        gap = shown(abs(new - old))
        word = "增加" if up else "减少"
        statement = f"{name}{years[0]}年{row}较{years[1]}年{word}{gap}万元。[1]"
        swaps = (
            ("digit", gap, digit_changed(rng, gap)),
            ("unit", "万元", rng.choice(["亿元", "元"])),
        )
    swaps += (("company", name, company_but(rng, name)),)
    return Case(statement, lines[rows.index(row)], context, f"{row}的变化", swaps=swaps)


def english_cell(rng: random.Random) -> Case:
    """A cell of an English statement of income, in millions."""
    name, years = rng.choice(ENGLISH_NAMES), years_of(rng)
    rows = rng.sample(ENGLISH_ROWS, rng.randint(4, 7))
    values = {row: [Decimal(rng.randint(50, 99_999)) / 10 for _ in years] for row in rows}
    negative = rng.choice(rows)
    lines = []
    for i, row in enumerate(rows):
        cells = [f"{'$ ' if i == 0 else ''}{v:,.1f}" for v in values[row]]
        lines.append(
            " | ".join([row, *([f"({c})" for c in cells] if row == negative and i else cells)])
        )
    context = (
        f"{name} Form 10-K\nStatements of income\n(in millions)\n | "
        + " | ".join(map(str, years))
        + "\n"
        + "\n".join(lines)
    )
    row = rng.choice([r for i, r in enumerate(rows) if r != negative or i == 0])
    wrong, k = other(rng, rows, row), rng.randrange(3)
    value = f"{values[row][k]:,.1f}"
    statement = rng.choice(
        [
            f"{row} of {name} were ${value} million in fiscal {years[k]}. [1]",
            f"In fiscal {years[k]}, {name} reported {row.lower()} of ${value} million [1].",
        ]
    )
    named = row if row in statement else row.lower()
    swaps = (
        ("digit", value, digit_changed(rng, value)),
        ("unit", "million", rng.choice(["billion", "thousand"])),
        ("sign", f"${value}", f"-${value}"),
        ("period", str(years[k]), str(years[(k + 1) % 3])),
        ("row", value, f"{values[wrong][k]:,.1f}"),
        ("row", named, wrong if named == row else wrong.lower()),
        ("column", value, f"{values[row][(k + 1) % 3]:,.1f}"),
        ("company", name, other(rng, ENGLISH_NAMES, name)),
    )
    return Case(statement, lines[rows.index(row)], context, f"What was {row.lower()}?", swaps=swaps)


def english_prose(rng: random.Random) -> Case:
    """An English sentence with two years and a change."""
    name, year = rng.choice(ENGLISH_NAMES), rng.randint(2016, 2025)
    row = rng.choice(ENGLISH_ROWS[:9])
    new, old = (Decimal(rng.randint(500, 90_000)) / 10 for _ in range(2))
    rate = abs(rounded((new - old) / old * 100, "0.1"))
    word, opposite = ("increased", "decreased") if new > old else ("decreased", "increased")
    quote = f"{row} {word} {rate}% to ${new:,.1f} million in fiscal {year}, compared with ${old:,.1f} million in fiscal {year - 1}."
    context = f"{name} Form 10-K\nResults of operations\n{quote}"
    which = rng.randrange(3)
    if which == 0:
        statement = f"{row} of {name} {word} {rate}% in fiscal {year}. [1]"
        swaps: tuple[tuple[str, str, str], ...] = (
            ("digit", f"{rate}%", f"{digit_changed(rng, str(rate))}%"),
            ("sign", word, opposite),
            ("unit", "%", " percentage points"),
            ("period", str(year), str(year + 1)),
        )
    else:
        value, at = (new, year) if which == 1 else (old, year - 1)
        statement = f"{row} of {name} were ${value:,.1f} million in fiscal {at}. [1]"
        swaps = (
            ("digit", f"{value:,.1f}", digit_changed(rng, f"{value:,.1f}")),
            ("unit", "million", "billion"),
            ("period", str(at), str(2 * year - 1 - at)),
            ("row", f"{value:,.1f}", f"{(old if which == 1 else new):,.1f}"),
            ("sign", f"${value:,.1f}", f"-${value:,.1f}"),
        )
    swaps += (("company", name, other(rng, ENGLISH_NAMES, name)),)
    return Case(statement, quote, context, f"How did {row.lower()} change?", swaps=swaps)


BUILDERS: tuple[Callable[[random.Random], Case], ...] = (
    table_cell, table_cell, rounded_cell, product_table, product_table, growth_sentence, growth_sentence,
    sequence, customers, people, code_and_term, derived, english_cell, english_prose,
)  # fmt: skip


def altered(rng: random.Random, case: Case) -> Case | None:
    """The case with one of its swaps made; None where that leaves the statement as true as it was."""
    change, piece, instead = rng.choice(case.swaps)
    if piece == instead or piece not in case.statement:
        return None
    statement = case.statement.replace(piece, instead, 1)
    return (
        replace(case, statement=statement, change=change) if statement != case.statement else None
    )


def make_cases(seed: int = 20_240_630, count: int = COUNT) -> list[Case]:
    """`count` correct cases and as many altered ones, the same for the same seed."""
    rng = random.Random(seed)
    correct = [BUILDERS[i % len(BUILDERS)](rng) for i in range(count)]
    wrong: list[Case] = []
    while len(wrong) < count:
        case = altered(rng, BUILDERS[len(wrong) % len(BUILDERS)](rng))
        if case is not None:
            wrong.append(case)
    return correct + wrong


def main() -> None:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20_240_630
    target = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).with_name("cases.jsonl")
    lines = [json.dumps(asdict(case), ensure_ascii=False) for case in make_cases(seed)]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} cases -> {target}")


if __name__ == "__main__":
    main()
