"""Another way to pay was pressed than the customer used: put right by a fact before the Z."""

from sqlalchemy import Connection

from app.errors import Refusal
from app.facts.sales import TenderCorrected
from app.sales.desk import Desk
from app.sales.paying import checked_reference
from app.sales.queries import Receipt, receipt
from app.sales.refund_rules import way_of
from app.sales.refund_ways import money_of
from app.shifts.report import since_last_z
from app.staff.actions import record_self_approvals
from app.staff.rules import NOBODY, Approver
from app.text import clean
from app.transaction import Books, transaction

CORRECTABLE = ("cash", "card", "static_qr", "transfer")
"""Money that only a person says is there. What a network, a tab or an account knows stands."""


def correct_tender(
    desk: Desk,
    number: str,
    before: str,
    after: str,
    reason: str,
    *,
    reference: str = "",
    approver: Approver = NOBODY,
) -> TenderCorrected:
    """Say that what was pressed as `before` was paid by `after`; drawer, X and Z follow.

    Raises Refusal: unknown_receipt, bad_tender, tender_captured (a network took it),
    tender_not_there, tender_gone_back (some of it was refunded), tender_after_z, reason_needed,
    card_number, shift_needed, approval_needed, approver_same.
    """
    desk.in_shift()
    if not (why := clean(reason, most=60)):
        raise Refusal("reason_needed")
    if after not in CORRECTABLE or after == before:
        raise Refusal("bad_tender", tender=clean(after, most=20))
    named = checked_reference(reference) if reference else ""
    with desk.books.read() as db:
        amount = sum(_wrong(db, desk.books, _found(db, desk.books, number), before))
    yes = desk.approved("correct_tender", approver, amount=amount, reason=why)
    if after == "static_qr":
        # Nobody takes by the standing code on their own word, nor says so afterwards.
        desk.allowed("static_qr", approver)
    with transaction(desk.books, staff=desk.person) as tx:
        # What somebody looked at may have gone back, or been put right, meanwhile.
        found = _found(tx.connection, desk.books, number)
        amounts = _wrong(tx.connection, desk.books, found, before)
        fact = TenderCorrected(
            shop=tx.shop,
            till=tx.till,
            day=found.sale.day,
            shift=found.sale.shift,
            sale=found.id,
            number=found.sale.number,
            person=desk.person,
            before=before,
            after=after,
            amounts=amounts,
            reference=named,
            reason=why,
            approvals=(yes,) if yes else (),
        )
        tx.record(fact)
        record_self_approvals(tx, fact.approvals, day=desk.day, shift=desk.shift_id, amount=amount)
    return fact


def correctable(db: Connection, books: Books, found: Receipt) -> tuple[str, ...]:
    """The tenders of a receipt that may still be put right, each once."""
    names = []
    for name in dict.fromkeys(each.tender for each in found.tenders):
        try:
            _wrong(db, books, found, name)
        except Refusal:
            continue
        names.append(name)
    return tuple(names)


def _found(db: Connection, books: Books, number: str) -> Receipt:
    found = receipt(db, books.shop, books.till, number) if number else None
    if found is None:
        raise Refusal("unknown_receipt", number=number[:40])
    return found


def _wrong(db: Connection, books: Books, found: Receipt, before: str) -> tuple[int, ...]:
    """What was pressed as that tender in a receipt, in fen each; refused when it must stand."""
    pressed = [each for each in found.tenders if each.tender == before]
    if not pressed:
        raise Refusal("tender_not_there")
    if before not in CORRECTABLE or any(each.attempt for each in pressed):
        raise Refusal("tender_captured")
    open_day = since_last_z(db, books.shop, books.till, books.journal.id, found.envelope)
    if found.sale.till != books.till or not open_day:
        raise Refusal("tender_after_z")
    gone = money_of(db, books.shop, found.id).gone
    if any(gone.get(way_of(each)) for each in pressed):
        raise Refusal("tender_gone_back")
    return tuple(each.amount for each in pressed)
