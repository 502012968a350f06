"""Invoices at the real window, by keys and scans: after a sale, from a receipt, in their room."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.clock import SettableClock
from sync.invoicing.practice import LEDGER
from tests.support.buyer_codes import NUMBER, code
from tests.ui.hands import LOOK_MS, SCANNER_MS, Hands, at_the_window, begin_shift, wait
from ui.invoice_views import InvoiceFormView

SPACE, ENTER, ESC, F8 = Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_F8
COMPANY = code("华为技术有限公司", NUMBER, "深圳市龙岗区坂田|0755-28780808", "工行坂田支行|4000")
GOODS = "6900000110140"


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def sold(hands: Hands) -> str:
    """A cash sale; the number on its receipt."""
    hands.scan(GOODS)
    hands.sees("38.00", 1)
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.press(ENTER)
    hands.done("0.00")
    hands.keys = 0
    assert hands.counter.last is not None
    return hands.counter.last.sale.number


def form(hands: Hands) -> InvoiceFormView:
    shown = hands.running.window.page_of("invoice_form")._shown  # type: ignore[attr-defined]
    assert isinstance(shown, InvoiceFormView)
    return shown


def listed(hands: Hands) -> list[tuple[str, ...]]:
    """(buyer, state, amount) of the rows in the room."""
    room = hands.running.window.page_of("invoices")
    return [row.cells for row in room._list.rows._rows]  # type: ignore[attr-defined]


def on_page(hands: Hands, page: str) -> None:
    hands.until(lambda: hands.running.window.page == page, page)
    looks(hands)


def shows(hands: Hands, code_: str) -> None:
    """A long code takes a scanner a while; nobody presses a key before it has beeped."""
    hands.scan(code_)
    wait(len(code_) * SCANNER_MS)


def looks(hands: Hands) -> None:
    """Whoever looked needs a moment; an Enter right behind a scan is the scanner's own."""
    wait(LOOK_MS)
    later(hands, 2)


def later(hands: Hands, seconds: int) -> None:
    """Time passes on the till's clock, and its own threads notice."""
    assert isinstance(hands.running.door.clock, SettableClock)
    hands.running.door.clock.advance(seconds * 1000)


def becomes(hands: Hands, state: str) -> None:
    """Wait for the marked document to stand so, time passing meanwhile."""

    def stands() -> bool:
        later(hands, 1)
        return bool(listed(hands)) and listed(hands)[0][1] == state

    hands.until(stands, state)


def issued(hands: Hands) -> int:
    path = hands.running.till.opened.folder / LEDGER
    return len(path.read_text().splitlines()) if path.exists() else 0


def test_right_after_a_sale_it_costs_a_scan_and_one_key(hands: Hands) -> None:
    number = sold(hands)
    shows(hands, COMPANY)
    on_page(hands, "invoice_form")
    hands.until(lambda: form(hands).fields[1] == NUMBER, "the buyer")
    assert number in form(hands).under
    assert (form(hands).total, form(hands).tax) == ("38.00", "其中税额 4.37")
    looks(hands)
    hands.press(ENTER)
    on_page(hands, "invoices")
    hands.until(lambda: bool(listed(hands)), "the request")
    assert listed(hands) == [("华为技术有限公司", "已申请", "38.00")]
    assert hands.keys == 1
    becomes(hands, "已开")
    assert issued(hands) == 1


def test_from_a_receipt_it_is_typed_and_a_person_needs_a_name_alone(hands: Hands) -> None:
    sold(hands)
    hands.press(Qt.Key.Key_R, control=True)
    on_page(hands, "receipts")
    hands.until(lambda: bool(hands.running.shell.receipts.shown), "the receipt")
    hands.press(Qt.Key.Key_I, control=True)
    on_page(hands, "invoice_form")
    hands.until(lambda: form(hands).confirm_enabled, "its lines")
    hands.type("Liang")
    hands.press(ENTER, ENTER, ENTER, ENTER)
    on_page(hands, "invoices")
    hands.until(lambda: listed(hands) == [("L**", "已申请", "38.00")], "the request")
    hands.press(Qt.Key.Key_R, control=True)
    on_page(hands, "receipts")
    note = hands.running.window.page_of("receipts")._note  # type: ignore[attr-defined]
    hands.until(lambda: note.text() == "发票 已申请", "what the receipt says")


def test_a_buyer_is_scanned_over_a_receipt_that_is_looked_at(hands: Hands) -> None:
    first = sold(hands)
    sold(hands)
    hands.press(Qt.Key.Key_R, control=True)
    on_page(hands, "receipts")
    receipts = hands.running.shell.receipts
    hands.until(lambda: bool(receipts.shown), "the newest receipt")
    hands.press(Qt.Key.Key_Down)
    hands.until(lambda: receipts.shown == first, "the first receipt")
    shows(hands, COMPANY)
    on_page(hands, "invoice_form")
    hands.until(lambda: form(hands).fields[1] == NUMBER, "the buyer")
    assert first in form(hands).under
    hands.press(ESC)
    on_page(hands, "receipts")


def test_goods_on_the_counter_are_paid_for_first(hands: Hands) -> None:
    sold(hands)
    hands.scan(GOODS)
    hands.sees("38.00", 1)
    shows(hands, COMPANY)
    hands.until(lambda: "invoice_for_goods" in str(hands.selling.shown.message), "the refusal")
    assert hands.running.window.page == "till"
    assert len(hands.counter.basket.lines) == 1


def test_a_broken_code_is_refused_and_the_form_stays(hands: Hands) -> None:
    sold(hands)
    shows(hands, COMPANY[:-9] + "AAAAAAAA$")
    on_page(hands, "invoice_form")
    hands.until(lambda: "buyer_code_bad" in str(form(hands).message), "the refusal")
    hands.press(ESC)
    hands.until(lambda: form(hands).message is None, "read")
    shows(hands, COMPANY)
    hands.until(lambda: form(hands).fields[1] == NUMBER, "the buyer")


def test_a_second_request_for_a_receipt_cannot_be_made(hands: Hands) -> None:
    sold(hands)
    shows(hands, COMPANY)
    on_page(hands, "invoice_form")
    hands.until(lambda: form(hands).fields[1] == NUMBER, "the buyer")
    looks(hands)
    hands.press(ENTER)
    on_page(hands, "invoices")
    hands.press(ESC)
    on_page(hands, "till")
    shows(hands, COMPANY)
    on_page(hands, "invoice_form")
    hands.until(lambda: form(hands).confirm_reason == "这张小票已经申请过开票", "the reason")
    looks(hands)
    hands.press(ENTER)
    wait(LOOK_MS)
    assert hands.running.window.page == "invoice_form"


def test_goods_back_become_a_red_letter_with_a_second_person_in_place(hands: Hands) -> None:
    number = sold(hands)
    shows(hands, COMPANY)
    on_page(hands, "invoice_form")
    hands.until(lambda: form(hands).fields[1] == NUMBER, "the buyer")
    looks(hands)
    hands.press(ENTER)
    on_page(hands, "invoices")
    becomes(hands, "已开")
    hands.press(F8)
    on_page(hands, "refund")
    refund = hands.running.window.page_of("refund")
    hands.until(lambda: bool(refund._view.rows.rows), "receipts")  # type: ignore[attr-defined]
    hands.press(ENTER)
    hands.until(lambda: number in refund._view.under, "its lines")  # type: ignore[attr-defined]
    wait(LOOK_MS)
    hands.type("1")
    hands.press(ENTER)
    hands.until(lambda: refund._view.total == "−38.00", "given back")  # type: ignore[attr-defined]
    hands.press(Qt.Key.Key_T, control=True)
    on_page(hands, "tasks")
    tasks = hands.running.window.page_of("tasks")._list.rows  # type: ignore[attr-defined]
    hands.until(lambda: any("红字" in row.cells[0] for row in tasks._rows), "the task")
    hands.press(ENTER)
    on_page(hands, "invoices")
    hands.until(lambda: listed(hands) == [("华为技术有限公司", "要开红字", "38.00")], "it")
    hands.press(ENTER)
    room = hands.running.window.page_of("invoices")
    hands.until(lambda: room.question.asking, "the second person")  # type: ignore[attr-defined]
    hands.type("201")
    hands.press(ENTER)
    wait(LOOK_MS)
    hands.type("135791")
    hands.press(ENTER)
    hands.until(lambda: listed(hands) == [], "nothing more to do")
    hands.type("a")
    hands.until(lambda: len(listed(hands)) == 2, "both")
    becomes(hands, "红字已开")
    assert listed(hands)[0][2] == "−38.00"
    assert issued(hands) == 2


def test_another_buyer_and_a_withdrawal_by_letters(hands: Hands) -> None:
    sold(hands)
    shows(hands, COMPANY)
    on_page(hands, "invoice_form")
    hands.until(lambda: form(hands).fields[1] == NUMBER, "the buyer")
    looks(hands)
    hands.press(ENTER)
    on_page(hands, "invoices")
    hands.until(lambda: bool(listed(hands)), "the request")
    hands.type("g")
    on_page(hands, "invoice_form")
    shows(hands, code("开平茶业有限公司", "9144030071526726XG", "", ""))
    hands.until(lambda: form(hands).fields[0] == "开平茶业有限公司", "the other one")
    looks(hands)
    hands.press(ENTER)
    on_page(hands, "invoices")
    hands.until(lambda: listed(hands)[0][0] == "开平茶业有限公司", "corrected")
    hands.type("c")
    hands.until(lambda: listed(hands)[0][1] == "已撤回", "withdrawn")
    assert issued(hands) == 0


def test_a_list_is_written_with_a_second_persons_yes(hands: Hands) -> None:
    sold(hands)
    shows(hands, COMPANY)
    on_page(hands, "invoice_form")
    hands.until(lambda: form(hands).fields[1] == NUMBER, "the buyer")
    looks(hands)
    hands.press(ENTER)
    on_page(hands, "invoices")
    hands.until(lambda: bool(listed(hands)), "the request")
    hands.type("e")
    room = hands.running.window.page_of("invoices")
    hands.until(lambda: room.question.asking, "the second person")  # type: ignore[attr-defined]
    hands.type("201")
    hands.press(ENTER)
    wait(LOOK_MS)
    hands.type("135791")
    hands.press(ENTER)
    folder = hands.running.till.opened.folder / "exports"
    hands.until(lambda: folder.exists() and len(list(folder.iterdir())) == 1, "the file")
