"""F5 会员: whose basket this is, found by a phone's tail, a whole phone or a card; or enrolled."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from app.errors import ShopError
from app.members.queries import Member
from app.members.rules import worth_of
from app.money import yuan_shown
from ui.language import error_words, tr
from ui.presenters.asking import ask_choice, ask_value
from ui.views import MessageView

if TYPE_CHECKING:
    from ui.presenters.selling import Painted, SellingPresenter

LEAVE = "leave"
WHOLE_PHONE = 8
"""Figures from which a typed number is a whole phone and not its tail."""


def member(selling: "SellingPresenter") -> None:
    """F5: ask whose basket it is; on a member's basket their points may be used, or it is nobody's
    again."""
    asked = selling.asking
    if asked is not None and any(each.name == LEAVE for each in asked.view.choices):
        selling.answered(LEAVE, "")
        return
    if selling.counter.basket.member:
        _own(selling)
        return
    selling.ask(
        ask_value(
            tr("会员：手机号后四位、整个手机号，或扫会员码"),
            lambda typed: _find(selling, typed.strip()),
            yes=tr("查找"),
        )
    )


def _own(selling: "SellingPresenter") -> None:
    """What a member's basket may have done to it: points, where some can be used, or no member."""
    counter = selling.counter

    def look() -> tuple[int, int]:
        return counter.redeemable() if counter.basket.lines else (0, 0)

    def ready(found: tuple[int, int]) -> None:
        left, most = found
        if not most:
            _leave(selling)
            return
        asking = ask_choice(
            tr("会员有 {points} 分，这一单最多用 {most} 分", points=left, most=most),
            (("points", tr("用积分抵")), (LEAVE, tr("不记会员"))),
            lambda choice: _leave(selling) if choice == LEAVE else _points(selling, most),
        )
        keyed = tuple(
            msgspec.structs.replace(each, key="F5") if each.name == LEAVE else each
            for each in asking.view.choices
        )
        view = msgspec.structs.replace(asking.view, choices=keyed)
        selling.ask(replace(asking, view=view))

    selling.work.do(look, ready, selling.refused)


def _points(selling: "SellingPresenter", most: int) -> None:
    """How many: the most that the goods take stands there already, 0 takes them off again."""
    counter = selling.counter
    settings = counter.desk.settings

    def preview(typed: str) -> str:
        try:
            worth = worth_of(int(typed), settings) if typed.isdecimal() and int(typed) else 0
        except ShopError as error:
            return error_words(error)
        return tr("抵 {amount}", amount=yuan_shown(worth))

    def given(typed: str) -> None:
        def work() -> "Painted":
            counter.redeem(int(typed) if typed.isdecimal() else -1)
            return selling.painted()

        def ready(painted: "Painted") -> None:
            selling.sounds.play("accepted")
            selling.shown.message = None
            selling.paint(painted)

        selling.work.do(work, ready, selling.refused)

    title = tr("用多少积分？整百地用，0 是不用")
    selling.ask(
        ask_value(title, given, kind="quantity", unit=tr("分"), value=str(most), preview=preview)
    )


def _leave(selling: "SellingPresenter") -> None:
    def work() -> "Painted":
        selling.counter.leave_member()
        return selling.painted()

    def ready(painted: "Painted") -> None:
        selling.shown.message = MessageView(text=tr("这一单不记会员了"), tone="plain")
        selling.paint(painted)

    selling.work.do(work, ready, selling.refused)


def _find(selling: "SellingPresenter", typed: str, name: str = "") -> None:
    figures = typed.replace(" ", "").lstrip("+")
    by_phone = figures.isascii() and figures.isdigit()
    asked = {"phone": typed, "name": name} if by_phone else {"code": typed}
    _choose(
        selling,
        lambda: selling.counter.choose_member(**asked),
        lambda error: _not_found(selling, error, typed if by_phone else ""),
    )


def _choose(
    selling: "SellingPresenter",
    choose: Callable[[], Member],
    refused: Callable[[ShopError], None],
) -> None:
    """Put a member to the basket and greet them by what may be shown."""

    def work() -> "tuple[Member, Painted]":
        return choose(), selling.painted()

    def ready(found: "tuple[Member, Painted]") -> None:
        known, painted = found
        selling.sounds.play("accepted")
        words = tr(
            "会员 {name} {phone}　积分 {points}",
            name=known.name,
            phone=known.phone,
            points=known.points,
        )
        selling.shown.message = MessageView(text=words, tone="ok")
        selling.paint(painted)

    selling.work.do(work, ready, refused)


def _not_found(selling: "SellingPresenter", error: ShopError, phone: str) -> None:
    if error.code == "choose_member":
        title = tr("有几位对得上，请问姓什么？")
        selling.ask(ask_value(title, lambda name: _find(selling, phone, name.strip())))
    elif error.code == "unknown_member" and len(phone) >= WHOLE_PHONE:
        words = tr("还不是会员。要入会吗？")
        selling.ask(ask_choice(words, (("yes", tr("入会")),), lambda _yes: _enrol(selling, phone)))
    else:
        selling.refused(error)


def _enrol(selling: "SellingPresenter", phone: str) -> None:
    """Name, then what the customer agrees to, then the basket is theirs."""

    def named(name: str) -> None:
        selling.ask(
            ask_choice(
                tr("请念给顾客听：只记称呼和手机号，用来积分，随时可以注销。同意吗？"),
                (("member", tr("同意入会")), ("both", tr("同意，也愿收优惠信息"))),
                lambda choice: agreed(name, choice),
            )
        )

    def agreed(name: str, choice: str) -> None:
        consents = ("member", "marketing") if choice == "both" else ("member",)

        def join() -> Member:
            made = selling.counter.members.enrol(name=name, phone=phone, consents=consents)
            return selling.counter.choose_member(code=made.number)

        _choose(selling, join, selling.refused)

    selling.ask(ask_value(tr("怎么称呼？"), named))
