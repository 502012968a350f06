"""收款 with what a customer has with the shop: money left before, and vouchers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.errors import ShopError
from app.members.rules import Account
from app.money import parse_yuan, yuan, yuan_shown
from app.sales.crediting import SLIP
from app.tender_names import PURPOSE_NAMES
from ui.language import tr
from ui.presenters.asking import Asking, ask_value
from ui.views import ChoiceView, QuestionView

if TYPE_CHECKING:
    from ui.presenters.charging import Charging


MOST_TAPS = 2
"""Accounts that have a button of their own; any other is typed."""


def voucher(charging: "Charging") -> None:
    """券: its number, then what stands on it; what is open stands there already."""
    charging.paying.put_aside()
    counter = charging.selling.counter

    def numbered(code: str) -> None:
        _how_much(
            charging,
            tr("这张券抵多少？没有找零"),
            counter.due().open,
            lambda fen: charging.take(lambda by: counter.pay_voucher(fen, code, by)),
        )

    charging.selling.ask(ask_value(tr("券上的编号"), numbered, otherwise=charging.paying.checkout))


def account(charging: "Charging") -> None:
    """预存: the member's own, or one by the figures on its slip."""
    selling = charging.selling
    counter = selling.counter

    def ready(own: list[Account]) -> None:
        charging.paying.put_aside()
        if not own:
            selling.ask(
                ask_value(
                    tr("预存款单子上的后八位"),
                    lambda number: _by_number(charging, number),
                    otherwise=charging.paying.checkout,
                )
            )
        elif len(own) == 1:
            _use(charging, own[0])
        else:
            _which(charging, own)

    selling.work.do(counter.spendable, ready, charging.paying.refused)


def _which(charging: "Charging", own: list[Account]) -> None:
    """One of several: by a tap, or by its eight figures; the oldest stands there already."""
    known = {each.account: each for each in own}
    words = [
        tr(
            "{kind} {number} 剩 {left}",
            kind=_kind(each),
            number=each.account[-SLIP:],
            left=yuan_shown(each.balance),
        )
        for each in own
    ]
    taps = [
        ChoiceView(name=each.account, word=f"{_kind(each)} {yuan_shown(each.balance)}")
        for each in own[:MOST_TAPS]
    ]
    view = QuestionView(
        title=tr("用哪一笔？"),
        detail="　".join(words),
        choices=(
            ChoiceView(name="value", word=tr("确定"), key="Enter", primary=True),
            *taps,
            ChoiceView(name="no", word=tr("不改"), key="Esc"),
        ),
        value="text",
        value_text=own[0].account[-SLIP:],
    )

    def answered(choice: str, typed: str) -> None:
        if choice == "no":
            charging.paying.checkout()
        elif choice in known:
            _use(charging, known[choice])
        else:
            _by_number(charging, typed)

    charging.selling.ask(Asking(view, answered))


def _by_number(charging: "Charging", number: str) -> None:
    members = charging.selling.counter.members

    def refused(error: ShopError) -> None:
        charging.paying.checkout()
        charging.paying.refused(error)

    charging.selling.work.do(
        lambda: members.account(number), lambda known: _use(charging, known), refused
    )


def _use(charging: "Charging", known: Account) -> None:
    counter = charging.selling.counter
    _how_much(
        charging,
        tr("{kind}还有 {left}，用多少？", kind=_kind(known), left=yuan_shown(known.balance)),
        min(counter.due().open, max(known.balance, 0)),
        lambda fen: charging.take(lambda by: counter.pay_account(fen, known.account, by)),
    )


def _kind(known: Account) -> str:
    return tr(PURPOSE_NAMES.get(known.kind, known.kind))


def _how_much(charging: "Charging", title: str, most: int, pay: Callable[[int], None]) -> None:
    """An amount, `most` fen standing there already; Esc goes back to 收款."""
    charging.selling.ask(
        ask_value(
            title,
            lambda text: pay(parse_yuan(text)),
            kind="money",
            value=yuan(most),
            yes=tr("抵扣"),
            otherwise=charging.paying.checkout,
        )
    )


OWNED: dict[str, Callable[["Charging"], None]] = {"account": account, "voucher": voucher}
"""Tenders that are the customer's own, and how the panel asks for them."""
