"""A network's bill against our own attempts: every difference, by kind. Pure. Amounts in fen."""

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

import msgspec

from app.payments.queries import Attempt, Refund
from app.payments.rules import CAPTURED, DONE, LATE_CAPTURED, OPEN

UNKNOWN_HERE, NOT_TAKEN, AMOUNT, MISSING, REFUND_MISSING, REFUND_UNKNOWN, REFUND_AMOUNT = (
    "unknown_here", "not_taken", "amount", "missing", "refund_missing", "refund_unknown",
    "refund_amount",
)  # fmt: skip
STILL_OPEN, STATIC_UNMATCHED, NO_SALE = "still_open", "static_unmatched", "no_sale"


class Billed(Protocol):
    """One row of a bill, whatever network wrote it."""

    @property
    def out_trade_no(self) -> str: ...
    @property
    def out_refund_no(self) -> str: ...
    @property
    def amount(self) -> int: ...


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One thing on which a bill and we disagree."""

    kind: str
    out_trade_no: str
    out_refund_no: str = ""
    attempt: str = ""
    ours: int = 0
    theirs: int = 0


def differences(
    rows: Sequence[Billed],
    attempts: Sequence[Attempt],
    refunds: Sequence[Refund],
    on_day: set[str],
    for_nothing: Collection[str] = (),
) -> Iterator[Difference]:
    """Every difference between a day's bill and what we know.

    `attempts` and `refunds` are all that the rows name; `on_day` says which of ours (attempts and
    refund attempts by id) must stand on this bill at all; `for_nothing` names attempts whose money
    pays for nothing here.
    """
    known = {each.out_trade_no: each for each in attempts}
    backs = {each.out_refund_no: each for each in refunds}
    paid = [row for row in rows if not row.out_refund_no]
    returned = [row for row in rows if row.out_refund_no]
    back_there: dict[str, int] = {}
    for row in returned:
        back_there[row.out_trade_no] = back_there.get(row.out_trade_no, 0) + row.amount
    for row in paid:
        attempt = known.get(row.out_trade_no)
        loose = attempt is not None and attempt.attempt in for_nothing
        yield from _payment(row, attempt, back_there.get(row.out_trade_no, 0), loose=loose)
    for row in returned:
        yield from _refund(row, known.get(row.out_trade_no), backs.get(row.out_refund_no))
    there = {row.out_trade_no for row in paid}
    for each in attempts:
        taken = each.state in (CAPTURED, LATE_CAPTURED)
        if taken and each.attempt in on_day and each.out_trade_no not in there:
            yield _of(MISSING, each, ours=each.amount)
    back_numbers = {row.out_refund_no for row in returned}
    for back in refunds:
        done = back.state == DONE and back.refund_attempt in on_day
        if done and back.out_refund_no not in back_numbers:
            yield Difference(
                kind=REFUND_MISSING,
                out_trade_no=back.out_trade_no,
                out_refund_no=back.out_refund_no,
                attempt=back.attempt,
                ours=back.amount,
            )


def _of(kind: str, attempt: Attempt, *, ours: int = 0, theirs: int = 0) -> Difference:
    return Difference(
        kind=kind,
        out_trade_no=attempt.out_trade_no,
        attempt=attempt.attempt,
        ours=ours,
        theirs=theirs,
    )


def _payment(
    row: Billed, attempt: Attempt | None, back_there: int, *, loose: bool
) -> Iterator[Difference]:
    # Taken back there as well: then nobody holds the customer's money.
    left = row.amount - back_there
    if attempt is None:
        yield Difference(kind=UNKNOWN_HERE, out_trade_no=row.out_trade_no, theirs=row.amount)
    elif attempt.state in OPEN:
        yield _of(STILL_OPEN, attempt, theirs=row.amount)
    elif attempt.state not in (CAPTURED, LATE_CAPTURED):
        if left:
            yield _of(NOT_TAKEN, attempt, theirs=left)
    elif loose and left:
        yield _of(NO_SALE, attempt, theirs=left)
    elif row.amount != attempt.amount:
        yield _of(AMOUNT, attempt, ours=attempt.amount, theirs=row.amount)


def _refund(row: Billed, attempt: Attempt | None, back: Refund | None) -> Iterator[Difference]:
    ours = back.amount if back else 0
    taken = attempt is not None and attempt.state in (CAPTURED, LATE_CAPTURED)
    if back is None and (attempt is None or not taken):
        # A charge that was taken back is a payment and a refund on the bill; neither is ours.
        return
    if ours != row.amount:
        yield Difference(
            kind=REFUND_AMOUNT if back else REFUND_UNKNOWN,
            out_trade_no=row.out_trade_no,
            out_refund_no=row.out_refund_no,
            attempt=attempt.attempt if attempt else "",
            ours=ours,
            theirs=row.amount,
        )
