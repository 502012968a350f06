"""Prices at the window: a preview is what Enter brings, and an open basket sees midnight."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.clock import SettableClock
from app.facts.pricing import Promotion
from app.pricing.actions import set_promotion
from app.transaction import transaction
from tests.ui.hands import LOOK_MS, Hands, at_the_window, begin_shift, wait

SPACE, ENTER, F4 = Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_F4
EGG_ROLLS, TEA = "6900000110140", "6900000120019"
HOUR_MS = 3_600_000


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def promoted(hands: Hands, *, in_ms: int = 0) -> int:
    """Egg rolls for 30.00 instead of 38.00, from so long after now; the moment it begins."""
    books = hands.counter.books
    begins = books.clock.wall_ms() + in_ms
    rule = Promotion(
        code="P1", name="特价", kind="item_price", from_ms=begins, products=("11014",), price=3000
    )
    with transaction(books) as tx:
        set_promotion(tx, rule)
    return begins


def asked(hands: Hands, words: str) -> None:
    hands.until(
        lambda: words in str(hands.selling.shown.question),
        words,
    )
    wait(LOOK_MS)


def clock_of(hands: Hands) -> SettableClock:
    clock = hands.running.door.clock
    assert isinstance(clock, SettableClock)
    return clock


@pytest.mark.parametrize(
    ("pieces", "before", "after", "off"),
    [(1, "30.00", "28.50", "1.50"), (2, "60.00", "57.00", "3.00")],
)
def test_a_discounts_preview_is_what_the_basket_shows_after_enter(
    hands: Hands, pieces: int, before: str, after: str, off: str
) -> None:
    promoted(hands)
    for _ in range(pieces):
        hands.scan(EGG_ROLLS)
    hands.sees(before, 1)
    hands.press(F4)
    asked(hands, "打几折")
    hands.type("9.5")
    asked(hands, f"折后 {after}，减 {off}")
    hands.press(ENTER)
    asked(hands, "为什么打折")
    hands.press(ENTER)
    hands.sees(after, 1)


def test_a_basket_that_lies_open_follows_the_clock(hands: Hands) -> None:
    promoted(hands, in_ms=HOUR_MS)
    hands.scan(EGG_ROLLS)
    hands.sees("38.00", 1)
    clock_of(hands).advance(HOUR_MS)
    hands.sees("30.00", 1)
    assert "新价" in str(hands.selling.shown.message)


def test_in_the_panel_nothing_moves_and_what_was_said_is_paid(hands: Hands) -> None:
    promoted(hands, in_ms=HOUR_MS)
    hands.scan(TEA)
    hands.scan(EGG_ROLLS)
    hands.sees("106.00", 2)
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    clock_of(hands).advance(HOUR_MS)
    wait(2_500)
    assert hands.selling.paying.view.due == "106.00"
    hands.press(ENTER)
    hands.done("0.00")
    assert hands.counter.last is not None
    assert hands.counter.last.sale.due == 106_00
