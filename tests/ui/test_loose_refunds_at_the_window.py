"""Goods without a receipt at the real window, by keys: F8 twice, a scan, a manager's yes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.facts.sales import RefundCompleted
from app.sales.queries import stored
from tests.ui.hands import LOOK_MS, Hands, at_the_window, begin_shift, wait
from tests.ui.test_refunds_at_the_window import given_back, refunds, view
from ui.presenters.desk_work import SETTLE_MS

SPACE, ENTER, ESC, F8 = Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_F8
EGG_ROLLS, TEA = "6900000110140", "6900000120019"
"""38.00 and 68.00."""


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def without_a_receipt(hands: Hands) -> None:
    """F8 and F8 again."""
    hands.press(F8)
    hands.until(lambda: hands.running.window.page == "refund", "the room")
    hands.until(lambda: view(hands).loose_shown, "receipts")
    hands.press(F8)
    hands.until(lambda: view(hands).under == "无小票退货", "without a receipt")


def lies_there(hands: Hands, code: str, rows: int, total: str) -> None:
    hands.scan(code)
    hands.until(
        lambda: len(view(hands).rows.rows) == rows and view(hands).total == total,
        f"{rows}: {total}",
    )
    # Whoever looked needs a moment; an Enter right behind a scan is the scanner's own.
    wait(LOOK_MS)


def manager_says_yes(hands: Hands) -> None:
    hands.until(lambda: "授权" in str(view(hands).question), "the second person")
    hands.type("301")
    hands.press(ENTER)
    hands.until(lambda: "301" in str(view(hands).question), "their PIN")
    hands.type("864209")
    hands.press(ENTER)


def kept(hands: Hands) -> RefundCompleted:
    with hands.running.till.books.read() as db:
        refund = db.exec_driver_sql("SELECT refund FROM refund").scalar_one()
        fact = stored(db, str(refund)).fact
    assert isinstance(fact, RefundCompleted)
    return fact


def test_a_scan_and_a_managers_yes_give_cash_back(hands: Hands) -> None:
    without_a_receipt(hands)
    lies_there(hands, EGG_ROLLS, 1, "38.00")
    lies_there(hands, TEA, 2, "106.00")
    hands.type("z")
    hands.press(ENTER)
    assert refunds(hands) == 0
    manager_says_yes(hands)
    given_back(hands, "−106.00")
    fact = kept(hands)
    assert [(line.product, line.reason, line.disposition) for line in fact.lines] == [
        ("11014", "no_longer_wanted", "shelf"),
        ("12001", "quality", "scrap"),
    ]
    assert (fact.sale, fact.approvals[0].person) == ("", "301")
    assert view(hands).rows.foot == "没有小票"
    wait(SETTLE_MS + LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: hands.running.window.page == "till", "the till")
    assert refunds(hands) == 1


def test_it_goes_back_at_a_price_a_person_decides_and_never_above_the_tag(hands: Hands) -> None:
    without_a_receipt(hands)
    lies_there(hands, TEA, 1, "68.00")
    for typed, total in (("68.01", "0.00"), ("60", "60.00")):
        hands.type("p")
        hands.until(lambda: "退多少钱" in str(view(hands).question), "the price")
        hands.type(typed)
        hands.press(ENTER)
        hands.until(lambda t=total: view(hands).total == t, total)
    hands.type("2")
    assert view(hands).total == "120.00"
    hands.press(ENTER)
    manager_says_yes(hands)
    given_back(hands, "−120.00")
    (line,) = kept(hands).lines
    assert (line.quantity, line.unit_price, line.amount) == (2000, 6000, 12000)


def test_a_name_finds_what_comes_back_and_the_same_again_is_one_more(hands: Hands) -> None:
    without_a_receipt(hands)
    hands.type("12001")
    hands.until(lambda: [row.key for row in view(hands).rows.rows] == ["12001"], "found")
    hands.press(ENTER)
    hands.until(lambda: view(hands).total == "68.00", "it lies there")
    lies_there(hands, TEA, 1, "136.00")
    hands.press(ESC)
    hands.until(lambda: view(hands).loose_shown, "back among the receipts")
    assert refunds(hands) == 0


def test_goods_nobody_knows_are_refused_in_words(hands: Hands) -> None:
    without_a_receipt(hands)
    hands.scan("6999999999999")
    hands.until(lambda: view(hands).message is not None, "unknown")
    assert view(hands).under == "无小票退货"
    hands.press(ENTER)
    assert refunds(hands) == 0


def test_goods_without_a_receipt_pay_for_new_ones(hands: Hands) -> None:
    without_a_receipt(hands)
    lies_there(hands, EGG_ROLLS, 1, "38.00")
    hands.type("x")
    manager_says_yes(hands)
    hands.until(lambda: hands.running.window.page == "till", "the till")
    hands.scan(TEA)
    hands.sees("30.00", 2)
    assert "没有小票" in hands.selling.shown.basket.lines[0].note
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.done("0.00")
    assert refunds(hands) == 1
    assert kept(hands).exchange != ""


def test_above_the_days_cap_nothing_goes_back(hands: Hands) -> None:
    without_a_receipt(hands)
    lies_there(hands, TEA, 1, "68.00")
    hands.type("8")
    assert view(hands).total == "544.00"
    hands.press(ENTER)
    hands.until(lambda: "500" in str(view(hands).message), "the cap")
    assert refunds(hands) == 0
