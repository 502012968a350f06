"""Promotions at the real window: codes, what is missing, 换购, caps, and why a line costs it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.pricing.drafts import PromotionDraft
from app.sales.publishing import publish_promotion
from tests.ui.hands import Hands, at_the_window, begin_shift
from ui.screens.why import WhyScreen

ROLLS, TEA, CAKE = "11014", "12001", "21008"
F5, F7, ENTER, ESC = Qt.Key.Key_F5, Qt.Key.Key_F7, Qt.Key.Key_Return, Qt.Key.Key_Escape
UP = Qt.Key.Key_Up
PHONE = "13800005678"


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def standing(hands: Hands, **fields: Any) -> None:
    """A promotion the manager published this morning."""
    desk = hands.counter.desk
    before = (desk.person, desk.role)
    desk.person, desk.role = "301", "manager"
    publish_promotion(desk, PromotionDraft(**{"from_": "2026-12-01"} | fields))
    desk.person, desk.role = before


def scanned(hands: Hands, *codes: str) -> None:
    for code in codes:
        hands.counter.scan(code)
    hands.selling.refresh()
    hands.until(lambda: bool(hands.selling.shown.basket.lines), "the goods")


def says(hands: Hands, words: str) -> None:
    hands.until(lambda: words in hands.selling.shown.basket.hint, words)


def why(hands: Hands) -> WhyScreen:
    hands.until(lambda: hands.running.window.page == "why", "怎么算的")
    page = hands.running.window.page_of("why")
    assert isinstance(page, WhyScreen)
    return page


def test_what_is_missing_until_the_reduction_stands_quietly_over_the_total(hands: Hands) -> None:
    standing(hands, code="M", name="满300减40", kind="spend_get",
             params={"steps": [{"spend": "200", "off": "20"},
                               {"spend": "300", "off": "40"}]})  # fmt: skip
    scanned(hands, TEA, TEA)
    says(hands, "再买 64.00：满 200.00 减 20.00")
    scanned(hands, TEA)
    says(hands, "再买 96.00：满 300.00 减 40.00")
    assert hands.selling.shown.basket.total == "184.00"
    scanned(hands, TEA, TEA)
    hands.until(lambda: hands.selling.shown.basket.hint == "", "nothing is missing")
    [line] = hands.selling.shown.basket.lines
    assert [(each.name, each.amount) for each in line.reductions] == [("满300减40", "−40.00")]


def test_a_code_is_typed_or_scanned_where_goods_are(hands: Hands) -> None:
    standing(hands, code="C1", name="老客九折", kind="percent", params={"percent": "10",
             "code": "LAOKE"})  # fmt: skip
    scanned(hands, ROLLS)
    hands.scan("LAOKE")
    hands.sees("34.20", 1)
    assert "老客九折" in str(hands.selling.shown.message)
    hands.press(Qt.Key.Key_Delete)
    hands.sees("0.00", 0)
    scanned(hands, ROLLS)
    hands.sees("38.00", 1)
    hands.type("laoke")
    hands.press(ENTER)
    hands.sees("34.20", 1)
    hands.scan("LAOKE2")
    hands.until(lambda: "unknown_code" in str(hands.selling.shown.message), "no code of ours")
    assert hands.selling.shown.basket.total == "34.20"


def test_add_on_goods_are_offered_and_the_offer_goes_when_they_came(hands: Hands) -> None:
    standing(hands, code="S", name="满100换购", kind="swap", products=[CAKE],
             params={"spend": "100", "price": "9.90"})  # fmt: skip
    scanned(hands, TEA)
    says(hands, "再买 32.00，可以换购 21008 侨心饼")
    scanned(hands, TEA)
    says(hands, "可以换购：21008 侨心饼")
    scanned(hands, CAKE)
    hands.sees("145.90", 2)
    assert hands.selling.shown.basket.hint == ""


def test_a_members_cap_is_said_when_it_is_reached_and_ever_after(hands: Hands) -> None:
    member = hands.counter.members.enrol(name="陈小姐", phone=PHONE, consents=("member",))
    standing(hands, code="V", name="会员尝鲜", kind="item_price", products=[ROLLS],
             params={"price": "30.00", "per_member": 2})  # fmt: skip
    scanned(hands, ROLLS, ROLLS, ROLLS)
    assert hands.selling.shown.basket.total == "114.00"
    hands.press(F5)
    hands.until(lambda: hands.selling.shown.question is not None, "who?")
    hands.type(PHONE[-4:])
    hands.press(ENTER)
    hands.sees("98.00", 1)
    assert "会员尝鲜：这位会员享满 2 次了" in hands.selling.shown.basket.hint
    hands.press(Qt.Key.Key_Space, ENTER)
    hands.done("0.00")
    hands.counter.choose_member(code=member.number)
    scanned(hands, ROLLS)
    says(hands, "会员尝鲜：这位会员 2 次已用完")
    assert hands.selling.shown.basket.total == "38.00"


def test_why_explains_every_fen_of_a_line_and_what_it_did_not_get(hands: Hands) -> None:
    standing(hands, code="N2", name="第二件半价", kind="nth", products=[ROLLS],
             params={"n": 2, "percent": "50"})  # fmt: skip
    standing(hands, code="VIP", name="会员 9.5 折", kind="member", params={"percent": "5"})
    scanned(hands, ROLLS, ROLLS, TEA)
    hands.press(UP)
    hands.press(F7, shift=True)
    page = why(hands)
    view = page.shown
    assert [(row.cells, row.under) for row in view.made.rows] == [
        (("标价", "76.00"), "38.00/盒 × 2"),
        (("第二件半价", "−19.00"), "促销 N2"),
    ]
    assert view.total == "57.00"
    assert [(row.cells[0], row.under) for row in view.skipped.rows] == [("会员 9.5 折", "会员才有")]
    hands.press(ESC)
    hands.until(lambda: hands.running.window.page == "till", "the basket again")
    assert len(hands.selling.shown.basket.lines) == 2


def test_without_a_line_there_is_nothing_to_explain(hands: Hands) -> None:
    hands.press(F7, shift=True)
    hands.until(lambda: "basket_empty" in str(hands.selling.shown.message), "said so")
    assert hands.running.window.page == "till"
