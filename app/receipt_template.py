"""A shop's own receipt: a text file says which parts come in which order, in which words.

    # 井号开头的行是说明，不打印
    [banners]                     a part: something with several rows, or that repeats
    ^ {shop}                      ^ large and centred, @ centred, * bold
    单号 {number} | {cashier}      | pushes what follows to the right edge
    ---                           a rule; === is a double one; an empty line is an empty row

A line whose fields are all empty is not printed. There are no conditions and no loops, so a
template can only order and word what the law and the till want said; `check` names what it lacks.
Pure: text and data in, blocks out.
"""

import re
from collections.abc import Callable
from functools import lru_cache

import msgspec

from app.content import AnyBlock, Banner, Line, Pair, Paper, Qr, Rule, Space, Text, copy_mark
from app.errors import Refusal
from app.receipt import ReceiptData, ReceiptLine

FIELDS = tuple(
    name
    for name, kind in ReceiptData.__annotations__.items()
    if kind is str and name not in ("verify_qr", "invoice_qr")
)
"""What may stand in braces."""

PARTS = {
    "banners": "演示、练习、退货字样和重印次数",
    "seller": "销售方名称和统一社会信用代码",
    "lines": "商品行；可接表头用词，如 [lines] 品名 | 数量 | 单价 | 金额",
    "bags": "购物袋单列；可接一行标题",
    "tenders": "付款方式和金额",
    "invoice": "怎么开票：店里设的话和自助开票的二维码，没有设就不印",
    "verify": "核对用二维码；可接码下的字",
}
"""Every part and what it prints."""

REQUIRED: dict[str, tuple[str, ...]] = {
    "[banners]": ("[banners]",),
    "[seller]": ("[seller]", "{seller_name}"),
    "{number}": ("{number}",),
    "{time}": ("{time}",),
    "[lines]": ("[lines]",),
    "[bags]": ("[bags]",),
    "{due}": ("{due}",),
    "[tenders]": ("[tenders]",),
}
"""What no receipt may lack, each with the ways to say it (消法、明码标价、限塑)."""

MAX_LINES = 120
MAX_CHARS = 200
_PART = re.compile(r"\[([^\[\]]*)\](.*)")
_FIELD = re.compile(r"\{([^{}]*)\}")
_STYLES = {"^": (2, "center", True), "@": (1, "center", False), "*": (1, "left", True)}


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong with a template. `line` counts from 1; 0 = the template as a whole."""

    line: int
    sentence: str


class _Step(msgspec.Struct, frozen=True):
    """One line of a template, understood."""

    part: str = ""
    words: str = ""
    left: str = ""
    right: str = ""
    rule: str = ""
    mark: str = ""
    fields: tuple[str, ...] = ()


def check(template: str) -> list[Problem]:
    """Everything wrong with a template, in reading order; empty = it may be used."""
    return list(_understood(template)[1])


def fill(template: str, receipt: ReceiptData) -> Paper:
    """The paper of one receipt. Raises Refusal("receipt_template_bad") if `check` would object."""
    steps, problems = _understood(template)
    if problems:
        raise Refusal("receipt_template_bad", line=problems[0].line, problem=problems[0].sentence)
    blocks: list[AnyBlock] = []
    for step in steps:
        blocks += _blocks(step, receipt)
    return Paper(kind="receipt", blocks=tuple(_tidy(blocks)))


# --- Reading a template --------------------------------------------------------------------


@lru_cache(maxsize=16)
def _understood(template: str) -> tuple[tuple[_Step, ...], tuple[Problem, ...]]:
    steps: list[_Step] = []
    problems: list[Problem] = []
    lines = template.rstrip("\n").split("\n")
    if len(lines) > MAX_LINES:
        problems.append(Problem(0, f"模板最多 {MAX_LINES} 行，现在有 {len(lines)} 行。"))
        lines = lines[:MAX_LINES]
    seen: set[str] = set()
    for number, raw in enumerate(lines, 1):
        line = raw.strip()
        if line.startswith("#"):
            continue
        problem = _problem_of(line, seen)
        if problem:
            problems.append(Problem(number, problem))
            continue
        step = _step(line)
        seen.update({f"[{step.part}]"} if step.part else {f"{{{name}}}" for name in step.fields})
        steps.append(step)
    for named, ways in REQUIRED.items():
        if not seen.intersection(ways):
            said = f"小票必须有 {named}（{_meaning(named)}），请加上：{' / '.join(ways)}。"
            problems.append(Problem(0, said))
    return tuple(steps), tuple(problems)


def _problem_of(line: str, seen: set[str]) -> str:
    """What is wrong with one line, in a sentence; empty = nothing."""
    if len(line) > MAX_CHARS:
        return f"这一行太长，最多 {MAX_CHARS} 个字。"
    if line.startswith("["):
        match = _PART.fullmatch(line)
        if match is None:
            return "方括号没有成对，部件写成 [lines] 这样。"
        part = match.group(1).strip()
        if part not in PARTS:
            return f"没有叫 [{part}] 的部件，可用的有：{'、'.join(PARTS)}。"
        if f"[{part}]" in seen:
            return f"[{part}] 出现了两次，只能有一次。"
        if part == "lines" and match.group(2).strip() and match.group(2).count("|") != 3:
            return "[lines] 的表头要四个词，用 | 隔开：品名 | 数量 | 单价 | 金额。"
        return ""
    if _FIELD.sub("", line).count("{") or _FIELD.sub("", line).count("}"):
        return "花括号没有成对，栏目写成 {shop} 这样。"
    unknown = [name for name in _FIELD.findall(line) if name not in FIELDS]
    if unknown:
        return f"没有叫 {{{unknown[0]}}} 的栏目，可用的有：{'、'.join(FIELDS)}。"
    if line.count("|") > 1:
        return "一行只能有一个 |，它把后面的内容推到右边。"
    return ""


def _meaning(named: str) -> str:
    words = {"{number}": "单号", "{time}": "时间", "{due}": "应收合计"}
    return words.get(named) or PARTS[named.strip("[]")]


def _step(line: str) -> _Step:
    if match := _PART.fullmatch(line):
        return _Step(part=match.group(1).strip(), words=match.group(2).strip())
    if not line or (len(line) >= 3 and set(line) in ({"-"}, {"="})):
        return _Step(rule=line[:1] or " ")
    mark = line[0] if line[0] in _STYLES and line[1:2] == " " else ""
    body = line[2:].strip() if mark else line
    left, bar, right = body.partition("|")
    fields = tuple(_FIELD.findall(body))
    return _Step(left=left.strip(), right=right.strip() if bar else "", mark=mark, fields=fields)


# --- Filling it ----------------------------------------------------------------------------


def _blocks(step: _Step, receipt: ReceiptData) -> list[AnyBlock]:
    if step.part:
        return _PART_BLOCKS[step.part](receipt, step.words)
    if step.rule:
        return [Space() if step.rule == " " else Rule(double=step.rule == "=")]
    if step.fields and not any(getattr(receipt, name) for name in step.fields):
        return []
    left, right = _filled(step.left, receipt), _filled(step.right, receipt)
    size, align, bold = _STYLES.get(step.mark, (1, "left", False))
    if step.right:
        return [Pair(left, right, size=2 if size == 2 else 1, bold=bold)]
    return [Text(left, align=align, size=size, bold=bold)]  # type: ignore[arg-type]


def _filled(text: str, receipt: ReceiptData) -> str:
    return _FIELD.sub(lambda match: getattr(receipt, match.group(1)), text).strip()


def _banners(receipt: ReceiptData, words: str) -> list[AnyBlock]:
    copy = (copy_mark(receipt.copy_no),) if receipt.copy_no else ()
    return [*(Banner(text) for text in receipt.banners), *copy]


def _seller(receipt: ReceiptData, words: str) -> list[AnyBlock]:
    blocks: list[AnyBlock] = [Text(receipt.seller_name, align="center")]
    if receipt.credit_code:
        blocks.append(Text(f"统一社会信用代码 {receipt.credit_code}", align="center"))
    return blocks


def _lines(receipt: ReceiptData, words: str) -> list[AnyBlock]:
    blocks: list[AnyBlock] = []
    if words:
        name, quantity, price, amount = (word.strip() for word in words.split("|"))
        blocks += [Line(name, quantity, price, amount), Rule()]
    return blocks + [_line(line) for line in receipt.lines]


def _bags(receipt: ReceiptData, words: str) -> list[AnyBlock]:
    if not receipt.bags:
        return []
    heading: list[AnyBlock] = [Rule()]
    if words:
        heading.append(Text(words))
    return heading + [_line(line) for line in receipt.bags]


def _line(line: ReceiptLine) -> Line:
    """Names that already carry their specification do not say it twice."""
    name = line.name if line.spec in line.name else f"{line.name} {line.spec}"
    reductions = tuple((each.name, each.amount) for each in line.reductions)
    return Line(name, line.quantity, line.unit_price, line.amount, reductions, line.net)


def _tenders(receipt: ReceiptData, words: str) -> list[AnyBlock]:
    return [
        Pair(f"{each.name} {each.masked_number}".strip(), each.amount) for each in receipt.tenders
    ]


def _invoice(receipt: ReceiptData, words: str) -> list[AnyBlock]:
    if receipt.invoice_qr:
        return [Qr(receipt.invoice_qr, caption=receipt.invoice or words)]
    return [Text(receipt.invoice)] if receipt.invoice else []


def _verify(receipt: ReceiptData, words: str) -> list[AnyBlock]:
    if not receipt.verify_qr:
        return []
    caption = " ".join(filter(None, (words, receipt.hash6)))
    return [Qr(receipt.verify_qr, caption=caption)]


_PART_BLOCKS: dict[str, Callable[[ReceiptData, str], list[AnyBlock]]] = {
    "banners": _banners,
    "seller": _seller,
    "lines": _lines,
    "bags": _bags,
    "tenders": _tenders,
    "invoice": _invoice,
    "verify": _verify,
}


def _tidy(blocks: list[AnyBlock]) -> list[AnyBlock]:
    """Two rules that met because everything between them was empty become one."""
    kept: list[AnyBlock] = []
    for block in blocks:
        above = kept[-1] if kept else None
        if isinstance(block, Rule) and isinstance(above, Rule):
            kept[-1] = Rule(double=block.double or above.double)
        else:
            kept.append(block)
    return kept
