"""Rows: nothing wider than the paper, no figure split or cut, no character lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content import Banner, Barcode, Line, Pair, Paper, Qr, Rule, Space, Text
from printers.layout import (
    BannerRow,
    BarcodeRow,
    CutRow,
    QrRow,
    Row,
    RuleRow,
    TextRow,
    lay_out,
    wrap,
)
from printers.text_safe import clean, width

COLUMNS = st.sampled_from([32, 42, 48])
CHINESE = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
ASCII = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
PUNCTUATION = st.sampled_from("，。（）·×￥−“”…—①　")
NAMES = st.text(st.one_of(CHINESE, ASCII, PUNCTUATION), max_size=90)
AMOUNTS = st.integers(-99_999_999_99, 99_999_999_99).map(
    lambda fen: f"{'−' if fen < 0 else ''}￥{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
)
QUANTITIES = st.integers(1, 99_999_999).map(lambda milli: f"{milli // 1000}.{milli % 1000:03d} kg")


def shown(rows: tuple[Row, ...]) -> list[str]:
    """Text rows as people see them, spaces and all."""
    lines = []
    for row in rows:
        if isinstance(row, TextRow):
            line = ""
            for span in row.spans:
                line += " " * (span.column - width(line)) + span.text
            lines.append(line)
    return lines


def ends(row: TextRow) -> int:
    return max((span.column + width(span.text) for span in row.spans), default=0)


def without_blanks(text: str) -> str:
    return re.sub(r"\s", "", text)


@given(NAMES, AMOUNTS, COLUMNS, st.sampled_from([1, 2]))
def test_a_pair_of_any_name_and_amount_fits_whole(
    name: str, amount: str, columns: int, size: int
) -> None:
    rows = lay_out(Paper("x", (Pair(name, amount, size=size),), cut=False), columns)
    room = columns // size
    assert all(isinstance(row, TextRow) and ends(row) <= room for row in rows)
    figures = [span for row in rows for span in row.spans if span.align == "right"]
    if width(amount) <= room:
        assert [span.text for span in figures] == [amount]
        assert figures[0].column + width(amount) == room
    everything = "".join(span.text for row in rows for span in row.spans)
    assert without_blanks(everything) == without_blanks(clean(name) + amount)


@given(NAMES, QUANTITIES, AMOUNTS, AMOUNTS, NAMES, AMOUNTS, COLUMNS)
def test_a_sold_line_of_any_name_keeps_its_figures_whole(
    name: str, quantity: str, price: str, amount: str, rule: str, less: str, columns: int
) -> None:
    block = Line(name, quantity, price, amount, ((rule, less),), net=amount)
    rows = lay_out(Paper("x", (block,), cut=False), columns)
    assert all(isinstance(row, TextRow) and ends(row) <= columns for row in rows)
    lines = shown(rows)
    for figure in (quantity, price, amount, less):
        assert any(figure in line for line in lines), figure
    assert sum(line.endswith(amount) for line in lines) >= 2
    everything = without_blanks("".join(lines)).replace("×", "")
    wanted = [name, quantity, price, amount, rule, less, "折后", amount]
    assert everything == without_blanks(clean("".join(wanted))).replace("×", "")


@given(st.lists(st.one_of(NAMES, AMOUNTS, QUANTITIES), max_size=8).map(" ".join), COLUMNS)
def test_a_paragraph_wraps_without_cutting_a_number_or_losing_a_character(
    text: str, columns: int
) -> None:
    text = clean(text)
    rows = wrap(text, columns)
    assert all(width(row) <= columns for row in rows)
    assert without_blanks("".join(rows)) == without_blanks(text)
    numbers = re.findall(r"\d+(?:[.,]\d+)*", text)
    short = [number for number in numbers if len(number) <= columns]
    found = re.findall(r"\d+(?:[.,]\d+)*", "\n".join(rows))
    assert set(short) <= set(found)


@pytest.mark.parametrize("columns", range(16, 49))
def test_numbers_stay_with_their_sign_and_unit(columns: int) -> None:
    text = "每人每天领取一份，重量不超过 2.486 kg，价格减免 −1,064.00，每次 12 盒共 300g，打 8.5 折"
    rows = wrap(text, columns)
    for figure in ("2.486 kg", "−1,064.00", "12 盒", "300g", "8.5 折"):
        assert any(figure in row for row in rows), rows


@pytest.mark.parametrize("length", range(20, 32))
def test_a_word_too_long_for_the_paper_falls_apart_beside_its_numbers(length: int) -> None:
    rows = wrap("x" * length + "123,456.78" + "y" * 9, 32)
    assert any("123,456.78" in row for row in rows)


def test_punctuation_never_begins_a_row() -> None:
    rows = wrap("凭小票七日内可以退货或者换货的，生鲜只收质量问题，其他的不收。", 32)
    assert all(row[0] not in "，。）" for row in rows)


def test_the_heading_stands_over_the_figures_it_names() -> None:
    blocks = (Line("品名", "数量", "单价", "金额"), Line("潭碧冬瓜", "4.320 kg", "6.60", "28.51"))
    for columns in (32, 48):
        heading, *_, figures = lay_out(Paper("x", blocks, cut=False), columns)
        assert isinstance(heading, TextRow)
        assert isinstance(figures, TextRow)
        assert [span.column + width(span.text) for span in heading.spans[1:]] == [
            span.column + width(span.text) for span in figures.spans[-3:]
        ]


def test_a_name_that_is_too_long_gives_way_to_its_figure() -> None:
    paper = Paper("x", (Pair("满 10,000.00 减 1,000.00，按金额分摊", "−1,000.00"),), cut=False)
    assert shown(lay_out(paper, 32)) == [
        "满 10,000.00 减 1,000.00，按金额",
        "分摊",
        " " * 23 + "−1,000.00",
    ]


def test_figures_too_wide_for_their_columns_still_come_out() -> None:
    block = Line("茶", "12,345.678 kg", "1,234,567.89", "12,345,678.90")
    assert shown(lay_out(Paper("x", (block,), cut=False), 32)) == [
        "茶",
        "  12,345.678 kg × 1,234,567.89",
        " " * 19 + "12,345,678.90",
    ]


def test_a_centred_title_breaks_into_halves_and_not_into_a_widow() -> None:
    paper = Paper(
        "x", (Text("广东省江门市开平市三埠街道曙光东路 18 号", align="center"),), cut=False
    )
    first, second = shown(lay_out(paper, 32))
    assert abs(width(first.strip()) - width(second.strip())) <= 8


@pytest.mark.parametrize(("text", "wide"), [("演示", True), ("练习·非交易凭证", False)])
def test_a_banner_is_double_width_only_where_it_fits(text: str, wide: bool) -> None:
    (row,) = lay_out(Paper("x", (Banner(text),), cut=False), 32)
    assert row == BannerRow((text,), wide)


def test_every_kind_of_block_becomes_rows_and_the_cut_comes_last() -> None:
    blocks = (
        Rule(double=True), Space(2), Qr("KP01", caption="扫码"), Barcode("KP01-0042"), Text("a\nb"),
    )  # fmt: skip
    rows = lay_out(Paper("x", blocks), 32)
    assert [type(row) for row in rows] == [
        RuleRow, TextRow, TextRow, QrRow, TextRow, BarcodeRow, TextRow, TextRow, TextRow, CutRow,
    ]  # fmt: skip
    assert lay_out(Paper("drawer", ()), 32) == ()
