"""What a paper must say, before anybody decides how it looks.

Rooms (`papers.py`) build a `Paper`; `printers/` lays it out in columns or dots. A paper is stored
with its print job as JSON, so a reprint years later says what was said then.
"""

from typing import Literal

import msgspec

from app.languages import in_language


class Block(msgspec.Struct, frozen=True, tag_field="block", omit_defaults=True):
    """One thing a paper says."""


class Text(Block, frozen=True, tag="text", omit_defaults=True):
    """A paragraph; wraps at the paper's width."""

    text: str
    align: Literal["left", "center", "right"] = "left"
    size: Literal[1, 2] = 1
    """2 = double width and height."""
    bold: bool = False


class Pair(Block, frozen=True, tag="pair", omit_defaults=True):
    """Left text and a right-aligned figure; the figure is never split or cut."""

    left: str
    right: str
    size: Literal[1, 2] = 1
    bold: bool = False


class Line(Block, frozen=True, tag="line", omit_defaults=True):
    """One sold line: name and spec, then quantity x unit price and amount, then reductions."""

    name: str
    quantity: str
    """With its unit, as printed: "2 盒", "2.486 kg"."""
    unit_price: str
    amount: str
    reductions: tuple[tuple[str, str], ...] = ()
    """(name of the rule, signed amount) each on its own row."""
    net: str = ""
    """Printed only when reductions are present."""


class Rule(Block, frozen=True, tag="rule", omit_defaults=True):
    """A horizontal rule: single for a pause, double before the total."""

    double: bool = False


class Space(Block, frozen=True, tag="space", omit_defaults=True):
    """Empty rows."""

    rows: int = 1


class Qr(Block, frozen=True, tag="qr", omit_defaults=True):
    """A QR code (ASCII payload) with an optional caption under it."""

    data: str
    caption: str = ""
    module_dots: int = 4


class Barcode(Block, frozen=True, tag="barcode", omit_defaults=True):
    """A Code 128 or EAN-13 bar code with its text under it."""

    data: str
    kind: Literal["code128", "ean13"] = "code128"


class Banner(Block, frozen=True, tag="banner", omit_defaults=True):
    """Large, framed, centred: 演示, 练习·非交易凭证, 重印 1, 退货."""

    text: str


LABELS = "labels"
"""The kind of a paper that holds labels, and nothing else."""


class Label(Block, frozen=True, tag="label", omit_defaults=True):
    """A label as it was worded: a template's text and what its fields say."""

    template: str
    fields: dict[str, str]
    copies: int = 1


COPY_WORD = "重印"
AnyBlock = Text | Pair | Line | Rule | Space | Qr | Barcode | Banner | Label


class Paper(msgspec.Struct, frozen=True, omit_defaults=True):
    """A whole paper: its kind (receipt, shift_report, test_page…) and its blocks in order."""

    kind: str
    blocks: tuple[AnyBlock, ...]
    cut: bool = True
    language: str = "zh"
    """What it is worded in, for whatever is written over it later (`app.languages`)."""


def copy_mark(copy: int, language: str = "zh") -> Banner:
    """重印 n: what stands over a paper that came out before."""
    return in_language(Banner(f"{COPY_WORD} {copy}"), language)


def has_copy_mark(block: AnyBlock, language: str = "zh") -> bool:
    """Whether this is such a mark, of whatever number."""
    mark = copy_mark(0, language).text.rstrip("0")
    return isinstance(block, Banner) and block.text.rstrip("0123456789") == mark


class TablePage(msgspec.Struct, frozen=True, kw_only=True):
    """A table on A4, page after page, each with the same head and a page number."""

    title: str
    under: str
    """Where and when."""
    number: str = ""
    """What people call it, over the code."""
    qr: str = ""
    banner: str = ""
    """演示, 练习: said on every page."""
    signatures: str = ""
    columns: tuple[tuple[str, int, bool], ...]
    """(word, millimetres, whether its cells stand right)."""
    rows: tuple[tuple[str, ...], ...]
    language: str = "zh"
    """What it is worded in: the number of each page is counted when it is drawn."""
