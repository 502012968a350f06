"""What whoever hands a drawer over should see first, once it was counted. Amounts in fen."""

from collections.abc import Mapping

import msgspec

from app.errors import Refusal
from app.facts.shifts import CountMade, TenderTotal
from app.journal.outbox import unsent
from app.sales.desk import Desk
from app.sales.open_ends import open_ends
from app.shifts.queries import Shift, counts_of, tender_totals
from app.shifts.report import OpenEnds, acts_of_shift, cash_of_shift


class Handover(msgspec.Struct, frozen=True):
    """A turn as it stands when its drawer has been counted."""

    cash: Mapping[str, int]
    """How the drawer came to what it should hold, by what moved it."""
    tenders: tuple[TenderTotal, ...]
    counts: tuple[CountMade, ...]
    acts: Mapping[str, int]
    ends: OpenEnds
    unsent: Refusal | None
    """What to say when head office does not have everything."""


def handover(desk: Desk, shift: Shift) -> Handover:
    """Read everything that concerns one turn. Only for after the count: the cash tells its sum."""
    books = desk.books
    with books.read() as db:
        return Handover(
            cash=cash_of_shift(db, books.shop, books.till, shift.shift),
            tenders=tender_totals(db, books.shop, books.till, shift.shift),
            counts=counts_of(db, books.shop, shift.shift),
            acts=acts_of_shift(db, books.shop, books.till, shift.shift),
            ends=open_ends(db, books.shop, books.till),
            unsent=unsent(db),
        )
