"""What every fact means: the one explicit list, handed to whoever opens a till's books.

A test demands an entry here for every fact there is. A lower room may read facts of a higher one
(facts lie below all rooms), so one fact often means something to several rooms.
"""

from collections.abc import Iterator, Mapping

from app.catalogue import apply as catalogue
from app.facts.base import Fact
from app.facts.registry import FACTS
from app.journal import apply as journal
from app.members import apply as members
from app.members.tables import SUMS as MEMBER_SUMS
from app.payments import apply as payments
from app.pricing import apply as pricing
from app.rows import Apply, SumOf
from app.sales import apply as sales
from app.shifts import apply as shifts
from app.shifts.tables import SUMS as SHIFT_SUMS
from app.shop import apply as shop
from app.staff import apply as staff
from app.stock import apply as stock
from app.stock.tables import SUMS as STOCK_SUMS

_ROOMS = (journal, shop, staff, catalogue, stock, shifts, members, payments, pricing, sales)


def _meaning() -> Iterator[tuple[type[Fact], tuple[Apply, ...]]]:
    for fact in FACTS:
        yield fact, tuple(apply for room in _ROOMS for apply in room.APPLY.get(fact, ()))


MEANING: Mapping[type[Fact], tuple[Apply, ...]] = dict(_meaning())
SUMS: tuple[SumOf, ...] = (*STOCK_SUMS, *SHIFT_SUMS, *MEMBER_SUMS)
"""Each sums table equals its source grouped by its key; `verify` holds them to it."""
