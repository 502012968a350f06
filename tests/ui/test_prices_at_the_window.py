"""价格与促销 at the real window, by keys: publish, try first, refuse, end early."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.facts.pricing import Promotion
from app.pricing.queries import promotions
from tests.ui.hands import Hands, at_the_window, begin_shift, wait

ENTER, ESC, F12, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_F12, Qt.Key.Key_Space
DOWN = Qt.Key.Key_Down
ROLLS, SET = "11014", "12006"


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def as_manager(hands: Hands) -> None:
    hands.counter.desk.sign_in("301", "864209")


def page(hands: Hands, name: str) -> Any:
    hands.until(lambda: hands.running.window.page == name, name)
    return hands.running.window.page_of(name)


def into_prices(hands: Hands) -> Any:
    hands.press(F12)
    rooms = page(hands, "rooms")
    names = [each.name for each in rooms._rooms]
    hands.press(*[DOWN] * names.index("prices"), ENTER)
    board = page(hands, "prices")
    wait(100)
    return board


def new_promotion(hands: Hands, kind: str) -> Any:
    hands.type("c")
    kinds = page(hands, "promotion_kind")
    names = [each.name for each in kinds._rooms]
    hands.press(*[DOWN] * names.index(kind), ENTER)
    return page(hands, "promotion_form")


def picked(hands: Hands, form: Any, code: str) -> None:
    """Typed as at the till, and chosen by Enter."""
    before = len(form.shown.goods.rows)
    hands.type(code)
    hands.until(lambda: form._found.isVisible() and bool(form._found._list.count()), "results")
    hands.press(ENTER)
    hands.until(lambda: len(form.shown.goods.rows) == before + 1, code)


def filled(hands: Hands, *texts: str) -> None:
    """One field after the other, Enter behind each; "" leaves it as it is."""
    for text in texts:
        if text:
            hands.type(text)
        hands.press(ENTER)


def standing(hands: Hands) -> list[Promotion]:
    with hands.running.till.books.read() as db:
        return [each.promotion for each in promotions(db, hands.running.till.books.shop)]


def tried(hands: Hands) -> Any:
    look = page(hands, "last_look")
    hands.until(lambda: bool(look.shown.confirm_word), "the trial")
    return look


def test_the_second_at_half_price_is_published_by_keys_alone(hands: Hands) -> None:
    as_manager(hands)
    into_prices(hands)
    form = new_promotion(hands, "nth")
    picked(hands, form, ROLLS)
    hands.press(ENTER)
    filled(hands, "2", "5", "")
    hands.until(lambda: form.shown.under.startswith("2 / 2"), "the second page")
    filled(hands, "12-12")
    assert form.shown.sentence == "11014 马冈鹅蛋卷：12月12日 00:00 起，第二件半价"
    filled(hands, *[""] * 9)
    look = tried(hands)
    assert look.shown.sentence == form.shown.sentence
    assert standing(hands) == []
    hands.press(ENTER)
    board = page(hands, "prices")
    hands.until(lambda: bool(board.shown.rules.rows), "it stands on the board")
    [rule] = standing(hands)
    assert (rule.kind, rule.n, rule.permille, rule.products) == ("nth", 2, 500, (ROLLS,))
    assert (rule.name, rule.code) == ("第二件半价", "P1207-1")
    assert board.shown.rules.rows[0].under == "还没开始　P1207-1　11014 马冈鹅蛋卷"
