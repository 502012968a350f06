"""What the shop's other till did, at this window: its basket goes on here, and news has an age."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app import siblings
from app.clock import SettableClock
from app.facts.sales import BasketHeld, HeldLine
from tests.support.entries import Writer
from tests.support.facts import sold
from tests.ui.hands import LOOK_MS, Hands, at_the_window, begin_shift, wait
from ui.presenters.sisters_news import OLD_MS, old_news

EGG_ROLLS, TEA = "11014", "12006"
HEAD = {"shop": "KP01", "till": "2", "day": "2026-12-07", "shift": "s2"}
ENTER = Qt.Key.Key_Return
NUMBER = "KP01-2-261207-0007"


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    """A cashier in front of an open till."""
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def hear_of_till_2(hands: Hands) -> None:
    """It sold something in the morning, and put a basket aside: two boxes and a tea."""
    two = Writer("z", till="2")
    two.write(msgspec.structs.replace(sold(), **HEAD, number=NUMBER))
    lines = (
        HeldLine(line=1, product=EGG_ROLLS, name="马冈鹅蛋卷", quantity=2000, amount=7600),
        HeldLine(line=2, product=TEA, name="大沙黄茶", quantity=1000, amount=19800),
    )
    two.write(BasketHeld(**HEAD, basket="b2", person="102", lines=lines, pieces=3, amount=27400))
    sent = [siblings.Sent(each.journal, each.seq, each.content, each.sig) for each in two.entries]
    siblings.take(hands.running.till.books, sent)


def words(hands: Hands) -> set[str]:
    every = hands.running.window.findChildren(QLabel)
    return {each.text() for each in every if each.isVisible()}


def hears(hands: Hands, part: str) -> None:
    hands.until(lambda: any(part in text for text in words(hands)), part)


def test_a_basket_of_the_other_till_is_seen_with_its_age_and_goes_on_here(hands: Hands) -> None:
    hear_of_till_2(hands)
    hands.press(Qt.Key.Key_F6, shift=True)
    hands.until(lambda: hands.running.window.page == "held", "baskets put aside")
    hears(hands, "2 号机的账到 ")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.sees("274.00", 2)
    assert hands.count("SELECT count(*) FROM basket_taken WHERE basket = 'b2' AND till = '1'") == 1


def test_a_till_with_one_basket_of_its_own_chooses_when_the_other_has_one_too(
    hands: Hands,
) -> None:
    hear_of_till_2(hands)
    hands.scan("6900000110140")
    hands.sees("38.00", 1)
    hands.press(Qt.Key.Key_F6)
    hands.sees("0.00", 0)
    hands.press(Qt.Key.Key_F6, shift=True)
    hands.until(lambda: hands.running.window.page == "held", "baskets put aside")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.sees("38.00", 1)


def test_a_receipt_of_the_other_till_and_goods_it_sells_say_how_old_its_news_is(
    hands: Hands,
) -> None:
    hear_of_till_2(hands)
    hands.running.shell.acted("receipts")
    hears(hands, "2 号机的账到 ")
    hands.running.shell.acted("stock")
    hands.until(lambda: hands.running.window.page == "stock", "the stock")
    hands.scan("6900000110140")
    hears(hands, "2 号机的账到 ")


def test_news_of_just_now_is_not_talked_about(hands: Hands) -> None:
    hear_of_till_2(hands)
    till = hands.running.till
    with till.books.read() as db:
        (last,) = siblings.known_until(db, "KP01", "1").values()
    clock = till.books.clock
    assert isinstance(clock, SettableClock)
    clock.jump_wall(last + OLD_MS - clock.wall_ms())
    assert old_news(till.books) == ""
    clock.jump_wall(1)
    assert old_news(till.books) == old_news(till.books, "2") != ""
    assert old_news(till.books, "3") == ""
