"""What the journal itself says of a report's days: entries read again, each held against its hash.

The way every sum is checked by. A till's are its table `entry`; a hub hands its own in by that name
(`sync/hub/reporting.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select

from app.facts.base import Fact, wire_name
from app.facts.registry import UnknownKind, decode_fact
from app.journal.entry import BadEntry, decode_envelope, hash_of
from app.money import divide_half_up
from app.reports.asking import Asked
from app.reports.scope import Scope
from app.reports.sheet import Check, Kind
from app.rows import Apply, Envelope, Register, Row

JOURNAL_DAYS = 7
"""So many days are held against their entries at once; a longer range is held against other rows,
which the same entries made on another way, and week by week behind the answer (`weekly`)."""
SHOP_DAYS = 35
"""So many days of all shops together at once, and always one of each."""
ENTRY = "entry"
"""Where a report's tables have the entries: their fact, kind, order_ms, content and hash."""
WORTH = 10_000_000
"""1/10000 fen times thousandths in a fen."""
_DAY_MS = 86_400_000
_AT_ONCE = 500
_DAY_SAID = b'"day":"'
_DAY_LONG = 10
Figures = Mapping[Any, tuple[int, ...]]
"""By whatever a report groups by: the figures that are held against each other."""


class Entries:
    """Entries of some kinds, read again; `damaged` are the facts nobody can vouch for."""

    def __init__(self, scope: Scope, kinds: Iterable[type[Fact]]) -> None:
        self._scope = scope
        self._kinds = [wire_name(kind) for kind in kinds]
        self._entry = scope.tables[ENTRY]
        self.damaged: set[str] = set()

    def of_days(self) -> Iterator[tuple[Envelope, Any]]:
        """What was done in the business days that are asked about, at the till that is meant."""
        asked, opened = self._scope.asked, self._scope.tables["day_opened"]
        began, ended = self._scope.db.execute(
            select(func.min(opened.c.order_ms), func.max(opened.c.order_ms)).where(
                opened.c.shop.in_(asked.shops), opened.c.day.between(asked.first, asked.last)
            )
        ).one()
        if began is None:
            return
        # A day that is never closed goes on; two are more than any shop forgets.
        where = self._of_kind(self._entry.c.order_ms.between(began - _DAY_MS, ended + 2 * _DAY_MS))
        for envelope, fact in self._read(where, of_days=True):
            if (
                fact.shop in asked.shops
                and asked.first <= fact.day <= asked.last
                and asked.till in ("", fact.till)
            ):
                yield envelope, fact

    def between(self, first: int, last: int | None) -> Iterator[tuple[Envelope, Any]]:
        """What was written from one moment until just before another."""
        moment = self._entry.c.order_ms
        until = [moment < last] if last is not None else []
        yield from self._read(self._of_kind(moment >= first, *until))

    def of(self, facts: Iterable[str]) -> Iterator[tuple[Envelope, Any]]:
        """The entries of some facts; one that is missing is damaged too."""
        wanted, fact = sorted(set(facts)), self._entry.c.fact
        for at in range(0, len(wanted), _AT_ONCE):
            some = wanted[at : at + _AT_ONCE]
            where = [fact.in_(some)]
            self.damaged |= {*some} - {*self._scope.db.scalars(select(fact).where(*where))}
            yield from self._read(where)

    def _of_kind(self, *where: ColumnElement[bool]) -> list[ColumnElement[bool]]:
        return [self._entry.c.kind.in_(self._kinds), *where]

    def _read(
        self, where: Sequence[ColumnElement[bool]], *, of_days: bool = False
    ) -> Iterator[tuple[Envelope, Any]]:
        asked, read = self._scope.asked, self._entry.c
        statement = select(read.fact, read.content, read.hash).where(*where)
        # Many at once: row by row the driver's own steps cost a third of the time.
        rows = self._scope.db.execute(statement).yield_per(_AT_ONCE)
        for name, stored, hashed in rows:
            # Where only the place of an entry is left its bytes are none.
            content = bytes(stored or b"")
            if not content or hash_of(content) != bytes(hashed):
                self.damaged.add(name)
                continue
            if of_days and not asked.first <= _day_of(content) <= asked.last:
                # Days around the ones that are meant: known by their bytes, never decoded.
                continue
            try:
                envelope = decode_envelope(content)
                fact = decode_fact(envelope.kind, content)
            except (UnknownKind, BadEntry, ValueError):
                self.damaged.add(name)
                continue
            yield envelope, fact


def _day_of(content: bytes) -> str:
    """The business day a sound entry says: it stands before anything that could say another."""
    at = content.find(_DAY_SAID) + len(_DAY_SAID)
    return content[at : at + _DAY_LONG].decode("utf-8", "replace")


def asks_journal(scope: Scope) -> bool:
    """Whether a question is held against the entries themselves."""
    return ENTRY in scope.tables and scope.asked.days <= days_at_once(scope.asked)


def days_at_once(asked: Asked) -> int:
    """How many days of a question are held against their entries at once: a till's week, or less
    where many shops are asked about."""
    return min(JOURNAL_DAYS, max(1, SHOP_DAYS // max(1, len(asked.shops))))


def made_again(
    entries: Iterable[tuple[Envelope, Any]],
    meaning: Mapping[type[Fact], Sequence[Apply]],
    *tables: Table,
) -> Iterator[tuple[Table, dict[str, Any]]]:
    """The rows of some tables that entries make, made once more."""
    for envelope, fact in entries:
        for apply in meaning.get(type(fact), ()):
            for change in apply(envelope, fact):
                if isinstance(change, Row | Register) and change.table in tables:
                    yield change.table, change.values


def added_to(figures: dict[Any, tuple[int, ...]], key: object, *more: int) -> None:
    """Count more of a group."""
    there = figures.get(key)
    figures[key] = more if there is None else tuple(map(sum, zip(there, more, strict=True)))


def held(
    ours: Figures,
    theirs: Figures,
    *kinds: Kind,
    damaged: Iterable[str] = (),
    against: str = "journal",
) -> Check:
    """Two ways to the same figures, group by group.

    Told are the sums over all groups, or where those agree the first group that does not.
    """
    here, there = _some(ours), _some(theirs)
    said, heard, unsure = _total(here), _total(there), frozenset(damaged)
    if here != there and said == heard:
        key = min((key for key in {*here, *there} if here.get(key) != there.get(key)), key=repr)
        said, heard = here.get(key, ()), there.get(key, ())
    return Check(
        ok=here == there and not unsure,
        against=against,
        ours=_told(said, kinds),
        theirs=_told(heard, kinds),
        kinds=kinds,
        damaged=unsure,
    )


def _told(figures: tuple[int, ...], kinds: Sequence[Kind]) -> tuple[int, ...]:
    """As people read them: what quantities cost in fen."""
    return tuple(
        divide_half_up(value, WORTH) if n < len(kinds) and kinds[n] == "cost" else value
        for n, value in enumerate(figures)
    )


def first_wrong(*checks: Check) -> Check:
    """The first check that did not come out right, the last of all when every one did."""
    return next((each for each in checks if not each.ok), checks[-1])


def _some(figures: Figures) -> dict[Any, tuple[int, ...]]:
    """Groups of nothing are none."""
    return {key: values for key, values in figures.items() if any(values)}


def _total(figures: Figures) -> tuple[int, ...]:
    return tuple(map(sum, zip(*figures.values(), strict=True)))
