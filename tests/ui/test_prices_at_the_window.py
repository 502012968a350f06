"""价格与促销 at the real window, by keys: publish, try first, refuse, end early."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.catalogue.actions import import_products
from app.catalogue.importing import preview
from app.clock import SettableClock, parse_time
from app.facts.pricing import Promotion
from app.pricing.drafts import PromotionDraft
from app.pricing.queries import promotions
from app.sales.publishing import try_draft
from app.transaction import transaction
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


def second_page(hands: Hands, form: Any, begins: str, ends: str = "") -> Any:
    """From and to, the rest as it stands, and on to the trial."""
    hands.until(lambda: form.shown.under.startswith("2 / 2"), "the second page")
    filled(hands, begins, ends, *[""] * 8)


def published(hands: Hands) -> None:
    tried(hands)
    hands.press(ENTER)
    page(hands, "prices")
    wait(100)


def at(hands: Hands, moment: str) -> None:
    clock = hands.running.door.clock
    assert isinstance(clock, SettableClock)
    clock.advance(parse_time(f"2026-{moment}+08:00") - clock.wall_ms())


def to_the_till(hands: Hands) -> None:
    hands.press(ESC)
    page(hands, "till")


# --- T8 -----------------------------------------------------------------------------------------


def test_a_dated_special_price_turns_at_midnight_on_the_open_till(hands: Hands) -> None:
    as_manager(hands)
    at(hands, "12-11T23:59:00")
    into_prices(hands)
    form = new_promotion(hands, "item_price")
    picked(hands, form, SET)
    hands.press(ENTER)
    filled(hands, "168", "198")
    second_page(hands, form, "12-12", "12-12 23:59")
    published(hands)
    [rule] = standing(hands)
    assert (rule.price, rule.base) == (168_00, 198_00)
    to_the_till(hands)
    hands.type(SET)
    hands.press(ENTER)
    hands.sees("198.00", 1, moment_ms=0)
    at(hands, "12-12T00:00:00")
    # The basket that lies there is lowered at its next look, and says which rule did it.
    hands.type(SET)
    hands.press(ENTER)
    hands.sees("336.00", 1, moment_ms=0)
    [line] = hands.selling.shown.basket.lines
    assert [(each.name, each.amount) for each in line.reductions] == [("特价 168.00", "−60.00")]
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.press(ENTER)
    hands.done("0.00")
    at(hands, "12-13T00:00:00")
    hands.type(SET)
    hands.press(ENTER)
    hands.sees("198.00", 1, moment_ms=0)


def test_full_three_hundred_begins_and_ends_by_the_clock(hands: Hands) -> None:
    as_manager(hands)
    into_prices(hands)
    form = new_promotion(hands, "spend_get")
    hands.press(ENTER)
    filled(hands, "300-40", "")
    second_page(hands, form, "12-12", "12-12")
    published(hands)
    to_the_till(hands)
    at(hands, "12-12T09:00:00")
    for total in ("198.00", "356.00"):
        hands.type(SET)
        hands.press(ENTER)
        hands.sees(total, 1, moment_ms=0)
    at(hands, "12-13T00:00:00")
    hands.type("11014")
    hands.press(ENTER)
    # What was promised to the goods that lay there stays theirs.
    hands.sees("394.00", 2, moment_ms=0)


def test_a_price_before_above_the_lowest_of_seven_days_is_refused_beside_its_field(
    hands: Hands,
) -> None:
    as_manager(hands)
    into_prices(hands)
    form = new_promotion(hands, "item_price")
    picked(hands, form, SET)
    hands.press(ENTER)
    filled(hands, "168", "218")
    second_page(hands, form, "12-12", "12-12")
    hands.until(lambda: "base_price_too_high" in str(form.shown.message), "refused")
    page(hands, "promotion_form")
    assert "198.00" in form.shown.message.text
    assert [field.name for field in form.shown.fields if field.error] == ["base"]
    assert standing(hands) == []
    # The cursor stands in it: the right one is typed over it, and all the rest is still there.
    filled(hands, "198")
    hands.until(lambda: form.shown.under.startswith("2 / 2"), "the second page")
    filled(hands, *[""] * 10)
    published(hands)
    assert [rule.base for rule in standing(hands)] == [198_00]


# --- Trial --------------------------------------------------------------------------------------


def sold(hands: Hands, *codes: str) -> None:
    for code in codes:
        hands.counter.scan(code)
    hands.counter.checkout()
    hands.counter.pay_cash()


def test_the_trial_says_what_the_console_says(hands: Hands) -> None:
    for codes in ((SET, SET), (ROLLS, ROLLS, ROLLS), (ROLLS,), ("12001",)):
        sold(hands, *codes)
    as_manager(hands)
    into_prices(hands)
    form = new_promotion(hands, "percent")
    picked(hands, form, ROLLS)
    picked(hands, form, SET)
    hands.press(ENTER)
    filled(hands, "5")
    second_page(hands, form, "12-12")
    look = tried(hands).shown
    draft = PromotionDraft(code="X", kind="percent", products=[ROLLS, SET],
                           params={"percent": "50"}, from_="2026-12-12")  # fmt: skip
    trial = try_draft(hands.counter.desk, draft, "2026-12-07")
    assert dict(look.figures) == {
        "2026-12-07 的小票": "4", "会变的": "3", "一共让出": "274.00",
    }  # fmt: skip
    assert trial.before - trial.after == 274_00
    assert [row.cells[3] for row in look.rows.rows] == ["−198.00", "−57.00", "−19.00"]
    assert "低于进价" in look.warning and SET in look.warning
    hands.press(ESC)
    page(hands, "promotion_form")
    assert standing(hands) == []


# --- Rights, ends, slips ------------------------------------------------------------------------


def test_a_cashier_asks_somebody_who_may_in_place(hands: Hands) -> None:
    into_prices(hands)
    form = new_promotion(hands, "percent")
    hands.press(ENTER)
    filled(hands, "9")
    second_page(hands, form, "")
    look = page(hands, "last_look")
    hands.until(lambda: look.shown.question is not None, "who says yes?")
    hands.type("301")
    hands.press(ENTER)
    hands.until(lambda: "301" in str(look.shown.question), "their PIN")
    hands.type("864209")
    hands.press(ENTER)
    published(hands)
    assert len(standing(hands)) == 1


def test_a_running_promotion_is_ended_by_two_keys(hands: Hands) -> None:
    as_manager(hands)
    into_prices(hands)
    form = new_promotion(hands, "percent")
    hands.press(ENTER)
    filled(hands, "9")
    second_page(hands, form, "")
    published(hands)
    board = hands.running.window.page_of("prices")
    hands.until(lambda: board.shown.can_end, "it runs")
    assert board.shown.rules.rows[0].state == "ok"
    hands.type("s")
    hands.until(lambda: board.shown.question is not None, "sure?")
    hands.press(ESC)
    hands.until(lambda: board.shown.question is None, "no")
    assert len(standing(hands)) == 1
    hands.type("s")
    hands.press(ENTER)
    hands.until(lambda: board.shown.rules.state == "empty", "ended")
    assert standing(hands) == []
    to_the_till(hands)
    hands.type(ROLLS)
    hands.press(ENTER)
    hands.sees("38.00", 1)


def test_leaving_a_form_keeps_it_and_clearing_it_is_meant(hands: Hands) -> None:
    as_manager(hands)
    into_prices(hands)
    hands.type("j")
    form = page(hands, "price_list")
    picked(hands, form, ROLLS)
    hands.type("36")
    hands.press(ESC)
    page(hands, "prices")
    hands.type("j")
    page(hands, "price_list")
    assert [row.cells[2] for row in form.shown.goods.rows] == ["36.00"]
    hands.press(Qt.Key.Key_Delete, control=True)
    hands.until(lambda: not form.shown.goods.rows, "empty again")


def test_a_price_list_is_typed_and_goods_below_their_floor_go_nowhere(hands: Hands) -> None:
    as_manager(hands)
    into_prices(hands)
    hands.type("j")
    form = page(hands, "price_list")
    picked(hands, form, ROLLS)
    wait(100)
    filled(hands, "30", "32")
    assert form.shown.line[0].error == "低于最低价"
    filled(hands, *[""] * 5)
    hands.until(lambda: form.shown.message is not None, "which one")
    assert ROLLS in form.shown.message.text
    hands.press(ESC)
    hands.running.window.page_of("price_list").focus_line()
    filled(hands, "33.5", "")
    filled(hands, "", "12-12 17:00", "", "", "")
    look = page(hands, "price_look")
    hands.until(lambda: bool(look.shown.confirm_word), "the last look")
    assert look.shown.sentence == "所有人：12月12日 17:00 起，1 种商品按这张价目卖"
    assert [row.cells[1:] for row in look.shown.rows.rows] == [("38.00", "33.50", "−4.50")]
    hands.press(ENTER)
    board = page(hands, "prices")
    hands.until(lambda: bool(board.shown.rules.rows), "it is coming")
    at(hands, "12-12T16:59:59")
    to_the_till(hands)
    hands.type(ROLLS)
    hands.press(ENTER)
    hands.sees("38.00", 1, moment_ms=1_000)
    hands.press(Qt.Key.Key_Delete)
    hands.type(ROLLS)
    hands.press(ENTER)
    hands.sees("33.50", 1)


def test_a_hostile_name_is_shown_as_it_is_and_breaks_nothing(hands: Hands) -> None:
    name = "<b>特价</b>{0}%s&amp;𠮷"
    seen = preview(f"货号,品名,单位,售价\nZ1,{name},件,10.00\n".encode(), "products")
    with transaction(hands.running.till.books, staff="301") as tx:
        import_products(tx, seen)
    as_manager(hands)
    hands.counter.desk.reload()
    into_prices(hands)
    form = new_promotion(hands, "item_price")
    picked(hands, form, "Z1")
    hands.press(ENTER)
    filled(hands, "8", "")
    second_page(hands, form, "")
    look = tried(hands)
    assert name in look.shown.sentence
    hands.press(ENTER)
    board = page(hands, "prices")
    hands.until(lambda: name in board.shown.sentence, "it stands")
    to_the_till(hands)
    hands.type("Z1")
    hands.press(ENTER)
    hands.sees("8.00", 1)
    hands.press(Qt.Key.Key_F7, shift=True)
    why = page(hands, "why")
    assert name in why.shown.under
    assert [row.cells for row in why.shown.made.rows] == [("标价", "10.00"), ("特价 8.00", "−2.00")]
