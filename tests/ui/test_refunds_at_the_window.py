"""Goods come back at the real window, by keys: counted, within limits, and nothing twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.ui.hands import LOOK_MS, Hands, at_the_window, begin_shift, wait
from ui.presenters.desk_work import SETTLE_MS
from ui.refund_views import RefundView
from ui.room_views import ReceiptsView

SPACE, ENTER, F8 = Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_F8
ESC = Qt.Key.Key_Escape


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def sold(hands: Hands, *codes: str) -> str:
    """A cash sale of these and what was in the basket; the number on its receipt."""
    for code in codes:
        hands.counter.scan(code)
    hands.selling.refresh()
    hands.until(lambda: bool(hands.selling.shown.basket.lines), "the goods")
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.press(ENTER)
    hands.done("0.00")
    hands.keys = 0
    assert hands.counter.last is not None
    return hands.counter.last.sale.number


def code_of(hands: Hands) -> str:
    """What stands in the square on the last receipt."""
    last = hands.counter.last
    assert last is not None
    return f"R:{last.sale.number}:{last.entry.hash6}"


def view(hands: Hands) -> RefundView:
    shown = hands.running.window.page_of("refund")._view  # type: ignore[attr-defined]
    assert isinstance(shown, RefundView)
    return shown


def opened(hands: Hands, number: str) -> None:
    hands.until(lambda: number in view(hands).under and view(hands).line is not None, "its lines")
    # Whoever looked needs a moment; an Enter right behind a scan is the scanner's own.
    wait(LOOK_MS)


def refunds(hands: Hands) -> int:
    return hands.count("SELECT count(*) FROM refund")


def given_back(hands: Hands, amount: str) -> None:
    hands.until(lambda: view(hands).total == amount, f"given back {amount}")


def test_one_line_costs_a_scan_and_three_keys(hands: Hands) -> None:
    number = sold(hands, "6900000110140")
    hands.scan(code_of(hands))
    hands.until(lambda: hands.running.window.page == "receipts", "the receipt")
    shown = hands.running.window.page_of("receipts")
    hands.until(lambda: shown._list.rows.marked_key() == number, "it")  # type: ignore[attr-defined]
    hands.press(F8)
    opened(hands, number)
    hands.type("1")
    assert (view(hands).total, view(hands).ways) == ("38.00", (("原路退 现金", "38.00"),))
    hands.press(ENTER)
    given_back(hands, "−38.00")
    assert hands.keys == 3
    assert refunds(hands) == 1


def test_the_code_is_scanned_in_the_room_as_well_and_the_basket_stays(hands: Hands) -> None:
    number = sold(hands, "6900000110140")
    code = code_of(hands)
    hands.scan("6900000110140")
    hands.sees("38.00", 1)
    hands.press(F8)
    hands.until(lambda: hands.running.window.page == "refund", "the room")
    hands.scan(code)
    opened(hands, number)
    hands.type("1")
    hands.press(ENTER)
    given_back(hands, "−38.00")
    wait(SETTLE_MS + LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: hands.running.window.page == "till", "the till")
    hands.sees("38.00", 1)


def test_above_ones_limit_somebody_else_says_yes_in_place(hands: Hands) -> None:
    number = sold(hands, "6900000120019")
    hands.press(F8)
    hands.scan(code_of(hands))
    opened(hands, number)
    hands.type("1")
    hands.press(ENTER)
    hands.until(lambda: view(hands).question is not None, "the second person")
    assert refunds(hands) == 0
    hands.type("301")
    hands.press(ENTER)
    hands.until(lambda: "301" in str(view(hands).question), "their PIN")
    hands.type("864209")
    hands.press(ENTER)
    given_back(hands, "−68.00")
    assert refunds(hands) == 1


def test_fresh_goods_come_back_for_their_quality_alone(hands: Hands) -> None:
    hands.counter.add("16009", "0.820", source="find")
    number = sold(hands)
    hands.press(F8)
    hands.scan(code_of(hands))
    opened(hands, number)
    assert view(hands).rows.rows[0].under == "生鲜：只收质量问题"
    hands.type("0.82")
    hands.press(ENTER)
    hands.until(lambda: "return_policy" in str(view(hands).message), "the rule")
    assert refunds(hands) == 0
    hands.press(ESC)
    hands.until(lambda: view(hands).message is None, "read")
    hands.type("z")
    assert view(hands).line is not None and view(hands).line.disposition == "scrap"
    hands.press(ENTER)
    hands.until(lambda: refunds(hands) == 1, "taken back")


def test_nothing_comes_back_twice(hands: Hands) -> None:
    number = sold(hands, "6900000110140")
    code = code_of(hands)
    for turn in range(2):
        hands.press(F8)
        hands.until(lambda: hands.running.window.page == "refund", "the room")
        hands.scan(code)
        opened(hands, number)
        if turn:
            break
        hands.type("1")
        hands.press(ENTER)
        given_back(hands, "−38.00")
        wait(SETTLE_MS + LOOK_MS)
        hands.press(ENTER)
        hands.until(lambda: hands.running.window.page == "till", "the till")
    assert view(hands).rows.rows[0].under == "已经退完"
    hands.type("1")
    assert view(hands).line is not None and view(hands).line.refused
    hands.press(ENTER)
    hands.until(lambda: view(hands).message is not None, "the refusal")
    assert refunds(hands) == 1


def test_a_whole_receipt_is_one_letter_and_found_by_its_amount(hands: Hands) -> None:
    number = sold(hands, "6900000110140", "99001")
    hands.press(F8)
    hands.until(lambda: hands.running.window.page == "refund", "the room")
    hands.type("38.50")
    hands.until(lambda: [row.key for row in view(hands).rows.rows] == [number], "found")
    hands.press(ENTER)
    opened(hands, number)
    hands.type("a")
    assert view(hands).total == "38.50"
    hands.press(ENTER)
    given_back(hands, "−38.50")


def test_a_refunds_paper_stands_with_the_receipts_and_is_printed_again(hands: Hands) -> None:
    sold(hands, "6900000110140")
    hands.press(F8)
    hands.scan(code_of(hands))
    hands.until(lambda: view(hands).line is not None, "its lines")
    wait(LOOK_MS)
    hands.type("1")
    hands.press(ENTER)
    given_back(hands, "−38.00")
    hands.running.shell.acted("receipts")

    def shown() -> ReceiptsView:
        return hands.running.shell.receipts._view

    hands.until(lambda: bool(shown().preview_png), "the newest paper")
    first = shown().found.rows[0]
    assert (first.cells[2], first.under) == ("−38.00", "退货")
    assert not shown().refund_enabled
    assert not shown().invoice_enabled
    wait(LOOK_MS)
    hands.press(Qt.Key.Key_F10)
    hands.until(lambda: "重印 1" in str(shown().message), "again")
    hands.until(lambda: "重印过 1 次" in shown().preview_note, "counted")
