"""Blocks become rows of columns. Pure: the same paper gives the same rows on every machine.

Rules: no row is wider than the paper; a figure (a number with its sign, currency and unit) is
never split and never cut; names give way to figures. A row of size 2 has half the columns.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

import msgspec

from app.content import (
    AnyBlock,
    Banner,
    Barcode,
    Line,
    Pair,
    Paper,
    Qr,
    Rule,
    Space,
    Text,
)
from app.languages import said
from printers.text_safe import clean, pieces, width

Align = Literal["left", "center", "right"]
Size = Literal[1, 2]

NET_WORD = "折后"
"""The word before what a reduced line comes to."""


class Span(msgspec.Struct, frozen=True):
    """A piece of text on a row. `column` is where it starts, in columns of the row's own size."""

    column: int
    text: str
    align: Align = "left"
    """How the piece sits in its columns where dots are finer than columns (raster)."""


class Row(msgspec.Struct, frozen=True):
    """One thing from the left edge to the right edge of the paper."""


class TextRow(Row, frozen=True):
    """A row of text; no spans = an empty row."""

    spans: tuple[Span, ...] = ()
    size: Size = 1
    bold: bool = False


class RuleRow(Row, frozen=True):
    """A horizontal rule over the whole width."""

    double: bool = False


class QrRow(Row, frozen=True):
    """A QR code in the middle of the paper."""

    data: str
    module_dots: int


class BarcodeRow(Row, frozen=True):
    """Bars in the middle of the paper, without their text."""

    data: str
    kind: Literal["code128", "ean13"]


class BannerRow(Row, frozen=True):
    """Words in a frame over the whole width: double height, and double width where they fit."""

    lines: tuple[str, ...]
    wide: bool


class CutRow(Row, frozen=True):
    """The end of the paper: feed past the knife and cut, as the printer can."""


# --- Wrapping ------------------------------------------------------------------------------

_SIGN = "[-+\N{MINUS SIGN}±×@]"
_UNIT = r"(?: ?(?:%|‰|℃|°|[A-Za-z]{1,4}(?![A-Za-z0-9])|[\u4e00-\u9fff](?![A-Za-z0-9])))"
_FIGURE = rf"(?>{_SIGN}?[¥￥$]?\d+(?:[.,:/*-]\d+)*{_UNIT}?)(?![A-Za-z0-9])"
_OPENING = "（《〈「『【〔［｛“‘([{<"
_CLOSING = "，。、；：？！）》〉」』】〕］｝”’…—·,.;:?!)]}>%％"
_WORD = r"(?:[A-Za-z0-9\N{MINUS SIGN}_/+*.#&@-]|(?<=\d),(?=\d))+"
_TOKEN = re.compile(
    rf"[{re.escape(_OPENING)}]*(?:{_FIGURE}|{_WORD}|[^\s])[{re.escape(_CLOSING)}]*|\s+"
)
_CORE = re.compile(r"\d+(?:[.,]\d+)*|.", re.DOTALL)


def wrap(text: str, columns: int) -> list[str]:
    """`text` as rows of at most `columns` columns; nothing but blanks at a break is lost.

    Figures, Latin words and punctuation stay together as long as they fit on a row at all.
    """
    if width(text) <= columns:
        return [text.rstrip()]
    rows: list[str] = []
    row, taken = "", 0
    for token in _fitting(_TOKEN.findall(text), columns):
        wide = width(token)
        if taken + wide <= columns:
            row, taken = row + token, taken + wide
            continue
        if row.strip():
            rows.append(row.rstrip())
        row, taken = ("", 0) if token.isspace() else (token, wide)
    if row.strip() or not rows:
        rows.append(row.rstrip())
    return rows


def _fitting(tokens: Iterable[str], columns: int) -> Iterator[str]:
    """Tokens that fit on a row: one that is too long falls apart, its numbers last of all."""
    for token in tokens:
        if width(token) <= columns:
            yield token
            continue
        for part in _CORE.findall(token):
            yield from pieces(part, columns) if width(part) > columns else (part,)


# --- Blocks --------------------------------------------------------------------------------


def lay_out(paper: Paper, columns: int) -> tuple[Row, ...]:
    """All rows of a paper for `columns` columns (32 on 58 mm, 48 on 80 mm)."""
    assert columns >= 16
    rows: list[Row] = []
    net_word = said(NET_WORD, paper.language)
    for block in paper.blocks:
        if type(block) is Line:
            rows += _line_rows(block, columns, net_word)
        else:
            rows += _LAYOUTS[type(block)](block, columns)
    if paper.cut and rows:
        rows.append(CutRow())
    return tuple(rows)


def _text_rows(block: Text, columns: int) -> list[Row]:
    columns //= block.size
    breaking = _balanced if block.align == "center" else wrap
    return [
        _text_row(row, columns, block.align, block.size, block.bold)
        for paragraph in block.text.split("\n")
        for row in breaking(clean(paragraph), columns)
    ]


def _balanced(text: str, columns: int) -> list[str]:
    """Wrapped into rows of nearly one length: a centred widow looks like a mistake."""
    rows = wrap(text, columns)
    brand, dot, branch = text.partition("·")
    if len(rows) == 2 and branch and max(width(brand + dot), width(branch)) <= columns:
        return [brand + dot, branch]
    narrower = -(-width(text) // len(rows))
    while len(rows) > 1 and narrower < columns:
        tried = wrap(text, narrower)
        if len(tried) == len(rows):
            return tried
        narrower += 1
    return rows


def _text_row(text: str, columns: int, align: Align, size: Size = 1, bold: bool = False) -> Row:
    free = columns - width(text)
    column = 0 if align == "left" else free if align == "right" else free // 2
    return TextRow((Span(column, text, align),), size, bold)


def _pair_rows(block: Pair, columns: int) -> list[Row]:
    columns //= block.size
    return _sides(clean(block.left), clean(block.right), columns, 0, block.size, block.bold)


def _sides(
    left: str, right: str, columns: int, indent: int = 0, size: Size = 1, bold: bool = False
) -> list[Row]:
    """Left text and right figure on one row, or the figure on a row of its own."""
    taken = width(right)
    if not right:
        return [_indented(row, indent, size, bold) for row in wrap(left, columns - indent)]
    if indent + width(left) + 1 + taken <= columns:
        figure = Span(columns - taken, right, "right")
        spans = (Span(indent, left), figure) if left else (figure,)
        return [TextRow(spans, size, bold)]
    rows = (
        [_indented(row, indent, size, bold) for row in wrap(left, columns - indent)] if left else []
    )
    return rows + [_text_row(row, columns, "right", size, bold) for row in wrap(right, columns)]


def _indented(text: str, indent: int, size: Size, bold: bool) -> Row:
    return TextRow((Span(indent, text),), size, bold)


def _line_rows(block: Line, columns: int, net_word: str) -> list[Row]:
    """Name, then quantity, unit price and amount right-aligned in columns of their own.

    A name that fits before the quantity shares its row, so a heading made of a `Line` stands
    over the figures it names.
    """
    name = clean(block.name)
    figures = (clean(block.quantity), clean(block.unit_price), clean(block.amount))
    placed = _placed(figures, columns)
    rows: list[Row] = []
    if placed and width(name) + 2 <= placed[0].column:
        rows.append(TextRow((Span(0, name), *placed)))
    else:
        rows += [_indented(row, 0, 1, False) for row in wrap(name, columns)]
        rows += [TextRow(placed)] if placed else _flowing(figures, columns)
    for rule, amount in block.reductions:
        rows += _sides(clean(rule), clean(amount), columns, indent=2)
    if block.reductions and block.net:
        rows += _sides(net_word, clean(block.net), columns, indent=2)
    return rows


def _placed(figures: tuple[str, str, str], columns: int) -> tuple[Span, ...]:
    """The three figures ending at their columns, or nothing when they would touch."""
    ends = (11, 21, 32) if columns == 32 else (columns * 26 // 48, columns * 36 // 48, columns)
    spans: list[Span] = []
    free = 0
    for text, end in zip(figures, ends, strict=True):
        if not text:
            continue
        start = end - width(text)
        if start < free:
            return ()
        spans.append(Span(start, text, "right"))
        free = end + 1
    return tuple(spans)


def _flowing(figures: tuple[str, str, str], columns: int) -> list[Row]:
    """Figures too wide for their columns: quantity x price on the left, amount on the right."""
    quantity, price, amount = figures
    together = f"{quantity} × {price}" if quantity and price else quantity or price
    if 2 + width(together) <= columns:
        return _sides(together, amount, columns, indent=2)
    rows = [
        _indented(row, 2, 1, False)
        for figure in (quantity, price)
        for row in wrap(figure, columns - 2)
    ]
    return rows + [_text_row(row, columns, "right") for row in wrap(amount, columns)]


def _banner_rows(block: Banner, columns: int) -> list[Row]:
    """A frame takes two columns at each side, in the size of its words."""
    text = clean(block.text).strip()
    wide = width(text) <= columns // 2 - 4
    return [BannerRow(tuple(wrap(text, columns - 4)) if not wide else (text,), wide)]


def _qr_rows(block: Qr, columns: int) -> list[Row]:
    caption = _text_rows(Text(block.caption, "center"), columns) if block.caption else []
    return [QrRow(block.data, block.module_dots), *caption]


def _barcode_rows(block: Barcode, columns: int) -> list[Row]:
    return [BarcodeRow(block.data, block.kind), *_text_rows(Text(block.data, "center"), columns)]


_LAYOUTS: dict[type[AnyBlock], Callable[[Any, int], list[Row]]] = {
    Text: _text_rows,
    Pair: _pair_rows,
    Rule: lambda block, columns: [RuleRow(block.double)],
    Space: lambda block, columns: [TextRow()] * block.rows,
    Qr: _qr_rows,
    Barcode: _barcode_rows,
    Banner: _banner_rows,
}
