"""A delivery on its sheet: scans add, boxes are whole, and nothing typed is lost or invented."""

from typing import Any

import msgspec
import pytest

from app.errors import Refusal
from app.facts.catalogue import Product
from ui.presenters.receiving_sheet import ReceivingSheet, SheetLine

EGGS = Product(code="13006", name="金鸡皮蛋", spec="6枚", unit="盒", price=1680, cost=8_400_000)
GREENS = Product(
    code="16009", name="大沙麦菜", unit="kg", weighed=1, price=1160, needs_farm_certificate=1
)


def sent(code: str, expected: int, **more: Any) -> SheetLine:
    weighed = code == GREENS.code
    return SheetLine(product=code, name=code, unit="x", weighed=weighed, expected=expected, **more)


SHEET = ReceivingSheet(
    document="d",
    lines=(
        sent("13006", 48_000, box="B1", batch="JJ1", cost="9.50"),
        sent("16009", 20_000, box="B2", cost="5.80"),
        sent("13006", 12_000, box="B2", batch="JJ2", cost="9.50"),
    ),
)


def typed(sheet: ReceivingSheet) -> list[str]:
    return [line.typed for line in sheet.lines]


def test_scans_of_pieces_count_and_goods_by_weight_wait_for_theirs() -> None:
    sheet = SHEET.scanned(EGGS, 1).scanned(EGGS, 6)
    assert typed(sheet) == ["7", "", ""]
    sheet = sheet.scanned(GREENS, 1)
    assert (sheet.marked, typed(sheet)) == (1, ["7", "", ""])


def test_a_code_that_says_its_batch_finds_that_batchs_line_or_begins_one() -> None:
    assert typed(SHEET.scanned(EGGS, 1, batch="JJ2")) == ["", "", "1"]
    sheet = SHEET.scanned(EGGS, 2, batch="JJ3", expires="2027-09-01")
    line = sheet.line()
    assert line is not None
    assert (line.batch, line.expires, line.typed, line.expected) == ("JJ3", "2027-09-01", "2", -1)
    assert line.cost == "8.4000"


def test_a_box_is_here_as_a_whole() -> None:
    sheet = SHEET.box("B2")
    assert sheet is not None
    assert typed(sheet) == ["", "20.000", "12"]
    assert sheet.boxes() == (1, 2)
    assert SHEET.box("B9") is None and SHEET.box("") is None


def test_differences_are_of_what_was_typed_alone() -> None:
    assert SHEET.differing() == 0
    sheet = SHEET.say(typed="47").mark(1).say(typed="20")
    assert [line.difference() for line in sheet.lines] == [-1_000, 0, None]
    assert sheet.differing() == 1


def test_only_lines_with_a_quantity_are_posted() -> None:
    delivery = SHEET.say(typed="48").mark(1).say(typed="0").delivery()
    assert [(line.product, line.quantity) for line in delivery.lines] == [("13006", 48_000)]
    assert delivery.document == "d"
    with pytest.raises(Refusal, match="fraction_of_unit"):
        SHEET.say(typed="1.5").delivery()
    with pytest.raises(Refusal, match="bad_amount"):
        SHEET.say(typed="1", cost="").delivery()


def test_a_line_that_was_announced_is_emptied_and_one_that_was_not_is_gone() -> None:
    emptied = SHEET.say(typed="5").without_marked()
    assert typed(emptied) == ["", "", ""]
    gone = SHEET.scanned(EGGS, 1, batch="JJ3").without_marked()
    assert len(gone.lines) == 3


def test_steps_stop_at_nothing() -> None:
    assert typed(SHEET.step(1).step(1).step(-1))[0] == "1"
    assert typed(SHEET.step(-1))[0] == "0"
    assert not SHEET.step(-1).begun() or SHEET.step(-1).lines[0].quantity() == 0
    assert typed(SHEET.mark(1).step(1))[1] == "0.100"


def test_what_lies_on_the_disk_reads_back_as_it_was() -> None:
    sheet = SHEET.say(typed="47", reason="短少")
    content = msgspec.json.encode(sheet)
    assert msgspec.json.decode(content, type=ReceivingSheet) == sheet
