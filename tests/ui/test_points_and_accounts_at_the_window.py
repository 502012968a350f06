"""F5 with points and 收款 with prepaid money and vouchers, by keys at the real window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.members.actions import Left
from tests.ui.hands import LOOK_MS, Hands, at_the_window, begin_shift, wait

SPACE, ENTER, ESC, F5 = Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_F5
PHONE, EGG_ROLLS = "13800005678", "6900000110140"


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def enrolled(hands: Hands) -> str:
    made = hands.counter.members.enrol(name="梁", phone=PHONE, consents=("member",))
    return made.member


def asked(hands: Hands, words: str) -> None:
    hands.until(
        lambda: (
            hands.selling.shown.question is not None and words in hands.selling.shown.question.title
        ),
        words,
    )
    wait(LOOK_MS)


def a_members_basket(hands: Hands, who: str) -> None:
    hands.scan(EGG_ROLLS)
    hands.sees("38.00", 1)
    number = hands.counter.members.with_id(who).number
    hands.counter.choose_member(code=number)
    hands.selling.refresh()
    hands.until(lambda: "梁" in hands.selling.shown.basket.member, "the member")
    hands.keys = 0


def in_the_panel(hands: Hands, due: str) -> None:
    paying = hands.selling.paying
    hands.until(lambda: paying.is_open and paying.view.due == due, f"收款 {due}")
    wait(LOOK_MS)


def test_three_keys_use_the_points_and_f5_takes_them_off_again(hands: Hands) -> None:
    who = enrolled(hands)
    hands.counter.desk.sign_in("301", "864209")
    hands.counter.members.adjust_points(who, 750, "老卡转入")
    hands.counter.desk.sign_in("101", "246810")
    a_members_basket(hands, who)
    hands.press(F5)
    asked(hands, "会员有 750 分，这一单最多用 700 分")
    hands.press(ENTER)
    asked(hands, "用多少积分")
    hands.press(ENTER)
    hands.sees("31.00", 1)
    assert hands.keys == 3
    (line,) = hands.selling.shown.basket.lines
    assert [(each.name, each.amount) for each in line.reductions] == [("积分抵扣 700 分", "−7.00")]
    hands.press(F5)
    asked(hands, "会员有")
    hands.press(ENTER)
    asked(hands, "用多少积分")
    hands.type("3")
    hands.until(lambda: "整百" in str(hands.selling.shown.question), "whole hundreds")
    hands.type("00")
    hands.until(lambda: "3.00" in str(hands.selling.shown.question), "the preview")
    hands.press(ENTER)
    hands.sees("35.00", 1)
    hands.press(F5)
    asked(hands, "会员有")
    hands.press(F5)
    hands.sees("38.00", 1)
    assert hands.counter.basket.member == ""


def test_prepaid_money_pays_what_it_can_and_cash_the_rest(hands: Hands) -> None:
    who = enrolled(hands)
    hands.counter.members.leave_money(Left(kind="prepaid", tender="cash", amount=3000, member=who))
    a_members_basket(hands, who)
    hands.press(SPACE)
    in_the_panel(hands, "38.00")
    hands.type("y")
    asked(hands, "预付款还有 30.00")
    hands.press(ENTER)
    in_the_panel(hands, "8.00")
    assert hands.selling.paying.view.taken == (("预付抵", "30.00"),)
    hands.press(ENTER)
    hands.done("0.00")
    assert hands.counter.members.accounts(who) == []


def test_one_of_several_is_chosen_by_its_figures(hands: Hands) -> None:
    who = enrolled(hands)
    leave = hands.counter.members.leave_money
    for kind in ("prepaid", "deposit"):
        leave(Left(kind=kind, tender="cash", amount=4000, member=who))
    first, second = hands.counter.members.accounts(who)
    a_members_basket(hands, who)
    hands.press(SPACE)
    in_the_panel(hands, "38.00")
    hands.type("y")
    asked(hands, "用哪一笔")
    hands.type(second.account[-8:])
    hands.press(ENTER)
    asked(hands, "订金还有 40.00")
    hands.press(ENTER)
    hands.until(lambda: hands.selling.shown.done is not None, "paid")
    left = {each.account: each.balance for each in hands.counter.members.accounts(who)}
    assert left == {first.account: 4000, second.account: 200}


def test_a_voucher_is_asked_for_its_number_and_esc_goes_back_to_the_money(hands: Hands) -> None:
    hands.scan(EGG_ROLLS)
    hands.sees("38.00", 1)
    hands.press(SPACE)
    in_the_panel(hands, "38.00")
    hands.type("v")
    asked(hands, "券上的编号")
    hands.press(ESC)
    in_the_panel(hands, "38.00")
    hands.type("v")
    asked(hands, "券上的编号")
    hands.type("TQ-17")
    hands.press(ENTER)
    asked(hands, "这张券抵多少")
    hands.type("20")
    hands.press(ENTER)
    in_the_panel(hands, "18.00")
    hands.type("v")
    asked(hands, "券上的编号")
    hands.type("tq-17")
    hands.press(ENTER)
    asked(hands, "这张券抵多少")
    hands.press(ENTER)
    hands.until(lambda: "voucher_used" in str(hands.selling.paying.view.message), "refused")
    hands.press(ESC)
    hands.until(lambda: hands.selling.paying.view.message is None, "read")
    hands.press(ENTER)
    hands.done("0.00")
