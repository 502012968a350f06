"""Entries that a closed count never saw: another till wrote them offline and sent them later."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, text

from app.row_writer import Prepared
from app.stock.count_queries import counts, entries_of
from app.stock.count_review import Rules, review
from app.stock.counting_rules import Entry

LOOKED_BACK_MS = 60 * 86_400_000
"""What comes later than this is of no use to anybody."""
_LATE = Prepared(
    text(
        "SELECT e.count, e.fact, e.zone, e.product, e.order_ms, EXISTS ("
        "  SELECT 1 FROM count_line l WHERE l.shop = e.shop AND l.count = e.count"
        "  AND l.product = e.product) AS booked"
        " FROM count_close k"
        " JOIN count_entry e ON e.shop = k.shop AND e.count = k.count AND e.journal <> k.journal"
        " WHERE k.shop = :shop AND k.order_ms > :since AND e.undoes = '' AND e.known = 1"
        " AND NOT EXISTS (SELECT 1 FROM count_entry u WHERE u.shop = e.shop"
        "  AND u.count = e.count AND u.undoes = e.fact)"
        # A count may be closed again for what came late: one document that saw it is enough.
        " AND NOT EXISTS (SELECT 1 FROM count_close s LEFT JOIN count_known n"
        "  ON n.shop = s.shop AND n.document = s.document AND n.journal = e.journal"
        "  WHERE s.shop = e.shop AND s.count = e.count"
        "  AND (s.journal = e.journal OR e.order_ms <= coalesce(n.known_ms, -1)))"
        " GROUP BY e.count, e.fact ORDER BY e.order_ms"
    )
)


class Late(msgspec.Struct, frozen=True, kw_only=True):
    """What a closed count never saw, by article."""

    count: str
    zones: tuple[str, ...]
    unbooked: tuple[str, ...]
    """Articles that no document has booked: closing again books them."""
    stray: tuple[str, ...]
    """Articles that were booked without these entries, or whose sum is in doubt: they are left
    out, for nothing joins a closed count."""
    facts: tuple[str, ...]
    """The entries of what is stray."""
    since_ms: int


def late_entries(db: Connection, shop: str, now_ms: int, rules: Rules) -> list[Late]:
    """Every count that was closed lately and got something afterwards, the oldest first."""
    rows = _LATE.run(db, {"shop": shop, "since": now_ms - LOOKED_BACK_MS})
    found: dict[str, list[_Came]] = {}
    for count, *rest in rows:
        found.setdefault(count, []).append(_Came(*rest))
    return [_late(db, shop, count, each, rules) for count, each in found.items()]


class _Came(msgspec.Struct, frozen=True):
    fact: str
    zone: str
    product: str
    order_ms: int
    booked: int


def _late(db: Connection, shop: str, name: str, came: Sequence[_Came], rules: Rules) -> Late:
    stray = {each.product for each in came if each.booked}
    if not all(each.booked for each in came):
        one = counts(db, shop, name)[0]
        again = {each.found.product for each in review(db, shop, one, rules) if each.again}
        stray |= again & {each.product for each in came}
    return Late(
        count=name,
        zones=tuple(dict.fromkeys(each.zone for each in came)),
        unbooked=tuple(dict.fromkeys(e.product for e in came if e.product not in stray)),
        stray=tuple(sorted(stray)),
        facts=tuple(each.fact for each in came if each.product in stray),
        since_ms=min(each.order_ms for each in came),
    )


def strays(db: Connection, shop: str, name: str, now_ms: int, rules: Rules) -> list[Entry]:
    """The entries of a closed count that nothing can be done with any longer."""
    late = [each for each in late_entries(db, shop, now_ms, rules) if each.count == name]
    facts = {fact for each in late for fact in each.facts}
    return [each for each in entries_of(db, shop, name) if each.fact in facts]
