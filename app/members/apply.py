"""What membership, points and money left with the shop mean, as rows, sums and one register."""

from collections.abc import Iterator
from typing import Any

from app.facts.base import Fact
from app.facts.members import (
    MemberChanged,
    MemberEnrolled,
    MemberForgotten,
    MemberShown,
    MoneyKept,
    MoneyLeft,
    MoneyReturned,
    PointsAdjusted,
)
from app.facts.sales import RefundCompleted, SaleCompleted
from app.members.tables import (
    ledger_account,
    ledger_move,
    member,
    member_end,
    member_profile,
    member_shown,
    points,
    points_move,
)
from app.rows import Apply, Change, Envelope, Register, Row, Sum, version_of

_AMOUNTS = ("principal", "bonus", "used", "returned", "kept")


def _place(entry: Envelope) -> dict[str, Any]:
    return {"journal": entry.journal, "seq": entry.seq, "order_ms": entry.order}


def _profile(entry: Envelope, fact: MemberEnrolled | MemberChanged) -> Register:
    return Register(
        member_profile,
        {
            "shop": fact.shop,
            "owner": fact.shop,
            "member": fact.member,
            "version": version_of(entry),
            "profile": fact.profile,
            "consents": " ".join(fact.consents),
        },
    )


def enrolled(entry: Envelope, fact: MemberEnrolled) -> Iterator[Change]:
    """A new member and what is known of them."""
    yield Row(
        member,
        {
            "shop": fact.shop,
            "member": fact.member,
            "till": fact.till,
            "number": fact.number,
            "sequence": fact.sequence,
            "person": fact.person,
        }
        | _place(entry),
    )
    yield _profile(entry, fact)


def changed(entry: Envelope, fact: MemberChanged) -> Iterator[Change]:
    """The newest profile wins."""
    yield _profile(entry, fact)


def forgotten(entry: Envelope, fact: MemberForgotten) -> Iterator[Change]:
    """Somebody is a number from now on."""
    yield Row(
        member_end,
        {"shop": fact.shop, "fact": entry.fact, "member": fact.member, "person": fact.person}
        | _place(entry),
    )


def shown(entry: Envelope, fact: MemberShown) -> Iterator[Change]:
    """Who saw a phone, and who took members out."""
    yield Row(
        member_shown,
        {
            "shop": fact.shop,
            "fact": entry.fact,
            "member": fact.member,
            "what": fact.what,
            "count": fact.count,
            "person": fact.person,
            "approver": fact.approver,
        }
        | _place(entry),
    )


def _points(
    entry: Envelope, fact: Fact, who: str, what: str, amount: int, reason: str = ""
) -> Iterator[Change]:
    if who and amount:
        yield Row(
            points_move,
            {
                "shop": fact.shop,
                "fact": entry.fact,
                "what": what,
                "member": who,
                "points": amount,
                "reason": reason,
                "order_ms": entry.order,
            },
        )
        yield Sum(points, {"shop": fact.shop, "member": who}, {"points": amount})


def adjusted(entry: Envelope, fact: PointsAdjusted) -> Iterator[Change]:
    """Points by a person's decision."""
    yield from _points(entry, fact, fact.member, "adjusted", fact.points, fact.reason)


def sold(entry: Envelope, fact: SaleCompleted) -> Iterator[Change]:
    """Points earned and used, and money left that this sale used up."""
    yield from _points(entry, fact, fact.member, "earned", fact.points_earned)
    yield from _points(entry, fact, fact.member, "used", -fact.points_used)
    for n, tender in enumerate(fact.tenders, 1):
        if tender.account:
            kind = tender.tender
            yield from _move(
                entry, fact, n, tender.account, kind, fact.member, "used", used=tender.amount
            )


def refunded(entry: Envelope, fact: RefundCompleted) -> Iterator[Change]:
    """Points of the sale go back, and points used come back; so does money that was left."""
    yield from _points(entry, fact, fact.member, "taken_back", -fact.points)
    yield from _points(entry, fact, fact.member, "returned", fact.points_returned)
    for n, tender in enumerate(fact.tenders, 1):
        if tender.account:
            kind = tender.tender
            yield from _move(
                entry, fact, n, tender.account, kind, fact.member, "unused", used=-tender.amount
            )


def _move(
    entry: Envelope,
    fact: Fact,
    n: int,
    account: str,
    kind: str,
    who: str,
    what: str,
    *,
    note: str = "",
    **amounts: int,
) -> Iterator[Change]:
    values = dict.fromkeys(_AMOUNTS, 0) | amounts
    yield Row(
        ledger_move,
        {
            "shop": fact.shop,
            "fact": entry.fact,
            "n": n,
            "account": account,
            "kind": kind,
            "member": who,
            "what": what,
            "note": note,
            "person": entry.staff,
        }
        | values
        | _place(entry),
    )
    yield Sum(ledger_account, {"shop": fact.shop, "account": account}, values)


def left(entry: Envelope, fact: MoneyLeft) -> Iterator[Change]:
    """Money came that is nobody's turnover yet."""
    yield from _move(
        entry,
        fact,
        0,
        fact.account,
        fact.purpose,
        fact.member,
        "left",
        note=fact.note,
        principal=fact.amount,
        bonus=fact.bonus,
    )


def returned(entry: Envelope, fact: MoneyReturned) -> Iterator[Change]:
    """Money went back."""
    yield from _move(
        entry,
        fact,
        0,
        fact.account,
        fact.purpose,
        fact.member,
        "returned",
        note=fact.reason,
        returned=fact.amount,
    )


def kept(entry: Envelope, fact: MoneyKept) -> Iterator[Change]:
    """Money became the shop's."""
    yield from _move(
        entry,
        fact,
        0,
        fact.account,
        fact.purpose,
        fact.member,
        "kept",
        note=fact.reason,
        kept=fact.amount,
    )


APPLY: dict[type[Fact], tuple[Apply, ...]] = {
    MemberEnrolled: (enrolled,),
    MemberChanged: (changed,),
    MemberForgotten: (forgotten,),
    MemberShown: (shown,),
    PointsAdjusted: (adjusted,),
    SaleCompleted: (sold,),
    RefundCompleted: (refunded,),
    MoneyLeft: (left,),
    MoneyReturned: (returned,),
    MoneyKept: (kept,),
}
