"""What attempts and their steps mean: a row each. Where one stands now is a query."""

from collections.abc import Iterator
from typing import Any

from app.facts.base import Fact
from app.facts.payments import PaymentAttempted, PaymentMoved, RefundAttempted, RefundMoved
from app.facts.sales import RefundCompleted, SaleCompleted
from app.facts.tabs import TabOpened, TabSettled
from app.payments.rules import CREATED
from app.payments.tables import (
    payment_attempt,
    payment_now,
    payment_step,
    refund_attempt,
    refund_now,
    refund_step,
    tab_line,
    tab_opened,
)
from app.rows import Apply, Change, Envelope, Register, Row, version_of


def _place(entry: Envelope) -> dict[str, Any]:
    return {"journal": entry.journal, "seq": entry.seq, "order_ms": entry.order}


def _stands(shop: str, state: str, trade_no: str, entry: Envelope) -> dict[str, Any]:
    return {
        "shop": shop,
        "owner": shop,
        "version": version_of(entry),
        "state": state,
        "trade_no": trade_no,
        "since_ms": entry.order,
    }


def attempted(entry: Envelope, fact: PaymentAttempted) -> Iterator[Change]:
    """A charge that may be asked from now on."""
    yield Row(
        payment_attempt,
        {
            "shop": fact.shop,
            "attempt": entry.fact,
            "till": fact.till,
            "day": fact.day,
            "shift": fact.shift,
            "basket": fact.basket,
            "person": fact.person,
            "tender": fact.tender,
            "amount": fact.amount,
            "out_trade_no": fact.out_trade_no,
            "mode": fact.mode,
        }
        | _place(entry),
    )
    yield Register(payment_now, _stands(fact.shop, CREATED, "", entry) | {"attempt": entry.fact})


def moved(entry: Envelope, fact: PaymentMoved) -> Iterator[Change]:
    """One step of an attempt."""
    yield Row(
        payment_step,
        {
            "shop": fact.shop,
            "fact": entry.fact,
            "attempt": fact.attempt,
            "before": fact.before,
            "state": fact.state,
            "trade_no": fact.trade_no,
            "reason": fact.reason,
            "person": fact.person,
        }
        | _place(entry),
    )
    yield Register(
        payment_now,
        _stands(fact.shop, fact.state, fact.trade_no, entry) | {"attempt": fact.attempt},
    )


def refund_attempted(entry: Envelope, fact: RefundAttempted) -> Iterator[Change]:
    """Money that shall go back."""
    yield Row(
        refund_attempt,
        {
            "shop": fact.shop,
            "refund_attempt": entry.fact,
            "till": fact.till,
            "day": fact.day,
            "refund": fact.refund,
            "attempt": fact.attempt,
            "tender": fact.tender,
            "amount": fact.amount,
            "out_trade_no": fact.out_trade_no,
            "out_refund_no": fact.out_refund_no,
        }
        | _place(entry),
    )
    yield Register(
        refund_now, _stands(fact.shop, CREATED, "", entry) | {"refund_attempt": entry.fact}
    )


def refund_moved(entry: Envelope, fact: RefundMoved) -> Iterator[Change]:
    """One step of money on its way back."""
    yield Row(
        refund_step,
        {
            "shop": fact.shop,
            "fact": entry.fact,
            "refund_attempt": fact.refund_attempt,
            "before": fact.before,
            "state": fact.state,
            "trade_no": "",
            "reason": fact.reason,
            "person": fact.person,
        }
        | _place(entry),
    )
    yield Register(
        refund_now,
        _stands(fact.shop, fact.state, "", entry) | {"refund_attempt": fact.refund_attempt},
    )


def tab_was_opened(entry: Envelope, fact: TabOpened) -> Iterator[Change]:
    """A room's tab."""
    yield Row(
        tab_opened,
        {
            "shop": fact.shop,
            "tab": entry.fact,
            "till": fact.till,
            "day": fact.day,
            "person": fact.person,
            "room": fact.room,
            "check_out": fact.check_out,
        }
        | _place(entry),
    )


def _tab_line(
    entry: Envelope, shop: str, n: int, tab: str, what: str, amount: int
) -> Iterator[Change]:
    yield Row(
        tab_line,
        {
            "shop": shop,
            "fact": entry.fact,
            "n": n,
            "tab": tab,
            "what": what,
            "amount": amount,
            "order_ms": entry.order,
        },
    )


def put_on_tabs(entry: Envelope, fact: SaleCompleted) -> Iterator[Change]:
    """What of a sale went on a room."""
    for n, tender in enumerate(fact.tenders, 1):
        if tender.tab:
            yield from _tab_line(entry, fact.shop, n, tender.tab, "goods", tender.amount)


def taken_off_tabs(entry: Envelope, fact: RefundCompleted) -> Iterator[Change]:
    """Goods that came back before the guest paid for them."""
    for n, tender in enumerate(fact.tenders, 1):
        if tender.tab:
            yield from _tab_line(entry, fact.shop, n, tender.tab, "returned", -tender.amount)


def tab_was_settled(entry: Envelope, fact: TabSettled) -> Iterator[Change]:
    """Money for a tab."""
    yield from _tab_line(entry, fact.shop, 1, fact.tab, "money", -fact.amount)


APPLY: dict[type[Fact], tuple[Apply, ...]] = {
    PaymentAttempted: (attempted,),
    PaymentMoved: (moved,),
    RefundAttempted: (refund_attempted,),
    RefundMoved: (refund_moved,),
    TabOpened: (tab_was_opened,),
    TabSettled: (tab_was_settled,),
    SaleCompleted: (put_on_tabs,),
    RefundCompleted: (taken_off_tabs,),
}
