"""What a manager asks about at closing, and the tax by class: rows beside the takings."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.facts.members import MoneyKept, MoneyLeft, MoneyReturned
from app.facts.sales import (
    BasketCancelled,
    LineRemoved,
    ReceiptReprinted,
    RefundCompleted,
    SaleCompleted,
    TenderCorrected,
)
from app.facts.shifts import CashMoved
from app.rows import Apply, Change, Envelope, Row
from app.shifts.tables import counter_act, reduction_given, tax_taken

BY_A_PERSON = ("override", "line_discount", "basket_discount")
"""Kinds of reductions that somebody decided; all others are rules."""


def act(what: str) -> Apply:
    """One row for something done at the counter: by whom, about what, how much."""

    def apply(entry: Envelope, fact: Any) -> Iterator[Change]:
        detail, amount = _said(fact)
        yield Row(
            counter_act,
            {
                "shop": fact.shop,
                "fact": entry.fact,
                "till": fact.till,
                "day": fact.day,
                "shift": fact.shift,
                "person": entry.staff,
                "what": "exchange" if getattr(fact, "exchange", "") else what,
                "detail": detail,
                "amount": amount,
                "journal": entry.journal,
                "seq": entry.seq,
                "order_ms": entry.order,
            },
        )

    return apply


def _said(fact: Any) -> tuple[str, int]:
    match fact:
        case LineRemoved():
            return fact.removed.name, fact.removed.amount
        case BasketCancelled():
            return fact.reason, fact.amount
        case ReceiptReprinted():
            return fact.number, 0
        case TenderCorrected():
            return f"{fact.number} {fact.before}>{fact.after}", sum(fact.amounts)
        case RefundCompleted():
            return fact.number, fact.amount
        case CashMoved():
            return fact.reason, fact.amount
        case MoneyLeft() | MoneyReturned() | MoneyKept():
            return fact.purpose, fact.amount
        case _:
            return fact.reason, 0


def taxed(entry: Envelope, fact: SaleCompleted) -> Iterator[Change]:
    """What each tax class of a sale took."""
    yield from _taxes(entry, fact, 1, [(each, each.paid) for each in fact.lines])


def tax_back(entry: Envelope, fact: RefundCompleted) -> Iterator[Change]:
    """What each tax class of a refund gave back."""
    yield from _taxes(entry, fact, -1, [(each, each.amount) for each in fact.lines])


def _taxes(
    entry: Envelope,
    fact: SaleCompleted | RefundCompleted,
    sign: int,
    lines: list[tuple[Any, int]],
) -> Iterator[Change]:
    sums: dict[tuple[str, int], list[int]] = {}
    for line, paid in lines:
        found = sums.setdefault((line.tax_class, line.tax_rate), [0, 0])
        found[0] += sign * paid
        found[1] += sign * line.tax
    for (tax_class, rate), (paid, tax) in sums.items():
        yield Row(
            tax_taken,
            {
                "shop": fact.shop,
                "fact": entry.fact,
                "tax_class": tax_class,
                "rate": rate,
                "till": fact.till,
                "paid": paid,
                "tax": tax,
                "journal": entry.journal,
                "seq": entry.seq,
            },
        )


def reduced(entry: Envelope, fact: SaleCompleted) -> Iterator[Change]:
    """What somebody took off in a sale, by kind."""
    amounts: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for line in fact.lines:
        for each in line.reductions:
            if each.kind in BY_A_PERSON:
                amounts[each.kind] += each.amount
                times[each.kind] += 1
    for kind, amount in amounts.items():
        yield Row(
            reduction_given,
            {
                "shop": fact.shop,
                "fact": entry.fact,
                "kind": kind,
                "till": fact.till,
                "shift": fact.shift,
                "person": fact.person,
                # A discount on the whole basket is one decision, however many lines share it.
                "times": 1 if kind == "basket_discount" else times[kind],
                "amount": amount,
                "journal": entry.journal,
                "seq": entry.seq,
            },
        )
