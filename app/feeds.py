"""Takes in what head office sends: believed under its key, kept as bytes, applied whole or held.

Versions arrive in parts; a part is kept at once, and nothing of a version counts before its last
part is there. Then it is looked at: what this program cannot read, or prices nobody can mean, hold
the whole version and what follows it until a later version puts it right, visibly; nothing of it is
applied by halves, and selling goes on under what counted before.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from app import schema
from app.catalogue import search
from app.database import Priority
from app.facts.base import Fact
from app.facts.catalogue import Product, ProductsSet
from app.facts.registry import UnknownKind
from app.journal.entry import FIRST_PREV, hash_of
from app.journal.feeds import (
    APPLIED,
    CLIENT,
    HELD,
    SCOPES,
    WAITING,
    BadFeed,
    FeedFact,
    FeedPart,
    authentic,
    decoded,
    fact_in,
    facts_of,
    key_of,
    registers,
)
from app.journal.tables import received_feed
from app.meaning import MEANING
from app.pricing.bands import why_no_price
from app.row_writer import Prepared, write_changes
from app.rows import HUB, Register
from app.transaction import Books, Transaction, transaction


class HostileFeed(Exception):
    """A part nobody here believes: another's signature or shop, a gap, older than what is known."""


class Standing(msgspec.Struct, frozen=True):
    """How far one feed is here."""

    scope: str
    version: int
    """The last that is kept, whole or not."""
    part: int
    hash: str
    applied: int
    """The version that counts, 0 for none yet."""
    issued_ms: int
    """When the version that counts was issued."""
    expires_ms: int
    held: int
    """The first version that does not count, 0 when all do."""
    reason: str


class Sent(msgspec.Struct, frozen=True):
    """A part as it came."""

    content: bytes
    sig: bytes


def standings(db: Connection) -> list[Standing]:
    """Every feed something was received of, the most urgent first."""
    by_scope: dict[str, list[_Kept]] = {}
    for row in (_Kept(*each) for each in _ALL_KEPT.run(db, {})):
        by_scope.setdefault(row.scope, []).append(row)
    order = {scope: n for n, scope in enumerate(SCOPES)}
    return [
        _standing(scope, by_scope[scope])
        for scope in sorted(by_scope, key=lambda scope: (order.get(scope, len(order)), scope))
    ]


class _Kept(msgspec.Struct, frozen=True):
    """A part that is kept, without its bytes."""

    scope: str
    arrived: int
    what: str
    incarnation: str
    version: int
    part: int
    parts: int
    stands: str
    issued_ms: int
    expires_ms: int
    hash: bytes
    state: str
    reason: str

    @property
    def whole(self) -> bool:
        return self.part == self.parts


_ALL_KEPT = Prepared(
    select(*(received_feed.c[name] for name in _Kept.__struct_fields__)).order_by(
        received_feed.c.scope, received_feed.c.arrived
    )
)


def _standing(scope: str, rows: Sequence[_Kept]) -> Standing:
    last = rows[-1]
    counts = next((row for row in reversed(rows) if row.state == APPLIED), None)
    held = next((row for row in rows if row.state == HELD), None)
    return Standing(
        scope=scope,
        version=last.version,
        part=last.part,
        hash=last.hash.hex(),
        applied=counts.version if counts else 0,
        issued_ms=counts.issued_ms if counts else 0,
        expires_ms=counts.expires_ms if counts else 0,
        held=held.version if held else 0,
        reason=held.reason if held else "",
    )


# --- taking in ----------------------------------------------------------------------------------


def take(books: Books, sent: Sequence[Sent], *, hub_key: str) -> None:
    """Keep parts and apply what is whole. Raises HostileFeed at the first that is not believed;
    those before it are kept."""
    hostile: HostileFeed | None = None
    with books.read() as db:
        tips = {scope: _tip(db, scope) for scope in SCOPES}
    rows = []
    for each in sent:
        try:
            part = _believed(books.shop, each, hub_key)
            tip = tips[part.scope]
            _demand_next(tip, part)
        except HostileFeed as error:
            hostile = error
            break
        this = tips[part.scope] = _kept(part, each.content, tip.arrived + 1 if tip else 1)
        rows.append(
            msgspec.structs.asdict(this)
            | {"sig": each.sig, "content": each.content, "received_ms": books.clock.wall_ms()}
        )
    if rows:
        with transaction(books, priority=Priority.BACKGROUND) as tx:
            tx.connection.execute(insert(received_feed), rows)
        for scope in dict.fromkeys(row["scope"] for row in rows):
            settle(books, scope)
    if hostile is not None:
        raise hostile


def _tip(db: Connection, scope: str) -> _Kept | None:
    """The last part that is kept of a feed."""
    row = db.execute(
        select(*(received_feed.c[name] for name in _Kept.__struct_fields__))
        .where(received_feed.c.scope == scope)
        .order_by(received_feed.c.arrived.desc())
        .limit(1)
    ).first()
    return None if row is None else _Kept(*row)


def _believed(shop: str, sent: Sent, hub_key: str) -> FeedPart:
    if not authentic(hub_key, sent.content, sent.sig):
        raise HostileFeed("feed_signature")
    try:
        part = decoded(sent.content)
    except BadFeed:
        raise HostileFeed("feed_form") from None
    if part.shop != shop or part.scope not in SCOPES:
        raise HostileFeed("feed_not_ours")
    return part


def _demand_next(before: _Kept | None, part: FeedPart) -> None:
    """Whether the part follows what is kept. Raises HostileFeed."""
    if part.what == "snapshot" and part.part == 1:
        older = before is not None and part.version < before.version
        if before is not None and older and before.incarnation == part.incarnation:
            raise HostileFeed("feed_older")
        return
    if before is None:
        place, prev = ("version", 1, 1, part.parts), FIRST_PREV
    elif before.whole:
        place = ("version", before.version + 1, 1, part.parts)
        prev = before.stands or before.hash.hex()
    else:
        place = (before.what, before.version, before.part + 1, before.parts)
        prev = before.hash.hex()
    if (part.what, part.version, part.part, part.parts) != place or part.prev != prev:
        raise HostileFeed("feed_gap")


def _kept(part: FeedPart, content: bytes, arrived: int) -> _Kept:
    names = ("scope", "what", "incarnation", "version", "part", "parts", "stands", "issued_ms",
             "expires_ms")  # fmt: skip
    said = {name: getattr(part, name) for name in names}
    return _Kept(**said, arrived=arrived, hash=hash_of(content), state=WAITING, reason="")


# --- applying -----------------------------------------------------------------------------------


class _Candidate:
    """Whole versions that would count from now on, looked at as one."""

    def __init__(self, shop: str, scope: str, rows: Sequence[tuple[int, FeedPart]]) -> None:
        self.rows = rows
        self.parts = [part for _, part in rows]
        self.is_snapshot = self.parts[0].what == "snapshot"
        self._shop = shop
        self._scope = scope

    @cached_property
    def facts(self) -> list[Fact]:
        return [fact_in(one) for one in facts_of(self.parts)]

    @cached_property
    def registers(self) -> list[Register]:
        return _newest(facts_of(self.parts))

    def why_not(self, db: Connection) -> str:
        """Why none of it may count, "" when all of it may."""
        if any(part.min_client > CLIENT for part in self.parts):
            return "newer_program"
        try:
            facts = self.facts
        except UnknownKind:
            return "unknown_kind"
        except (msgspec.DecodeError, UnicodeDecodeError):
            return "unreadable"
        if any(type(fact) not in SCOPES[self._scope] for fact in facts):
            return "unknown_kind"
        if any(fact.shop != self._shop for fact in facts):
            return "wrong_shop"
        return why_no_price(db, self._shop, facts)


def _newest(facts: Iterable[FeedFact]) -> list[Register]:
    """What facts mean together: of each key the highest version alone."""
    newest: dict[tuple[object, ...], Register] = {}
    for one in facts:
        for register in registers(MEANING, one):
            newest[key_of(register)] = register
    return list(newest.values())


def settle(books: Books, scope: str) -> None:
    """Let count what may count of a feed's kept versions; hold the rest, and say why."""
    with books.read() as db:
        candidates = _candidates(db, books.shop, scope)
        if not candidates:
            return
        reasons = [(each, each.why_not(db)) for each in candidates[:1]]
        while reasons[-1][1] and len(reasons) < len(candidates):
            each = candidates[len(reasons)]
            reasons.append((each, each.why_not(db)))
    longest, reason = reasons[0]
    good = next((each for each, why in reasons if not why), None)
    # Worked out before the counter has to wait for it.
    meant = good.registers if good else []
    with transaction(books, priority=Priority.BACKGROUND) as tx:
        if good is not None:
            _apply(tx, scope, good, meant)
        held = [
            arrived for arrived, _ in longest.rows if good is None or arrived > good.rows[-1][0]
        ]
        if held:
            _mark(tx, scope, held, HELD, reason)
    if good is not None:
        books.tell(good.facts)


def _candidates(db: Connection, shop: str, scope: str) -> list[_Candidate]:
    """What might count from now on, the most first: everything that is whole, then less."""
    rows = db.execute(
        select(received_feed.c.arrived, received_feed.c.content)
        .where(received_feed.c.scope == scope, received_feed.c.state != APPLIED)
        .order_by(received_feed.c.arrived)
    )
    pending = [(row.arrived, decoded(row.content)) for row in rows]
    found = []
    for end in range(len(pending), 0, -1):
        if not pending[end - 1][1].whole:
            continue
        begins = [n for n in range(end) if pending[n][1].what == "snapshot"
                  and pending[n][1].part == 1]  # fmt: skip
        found.append(_Candidate(shop, scope, pending[begins[-1] if begins else 0 : end]))
    return found


def _apply(tx: Transaction, scope: str, good: _Candidate, meant: Sequence[Register]) -> None:
    first = good.rows[0][0]
    in_scope = received_feed.c.scope == scope
    codes: list[Product] = []
    if good.is_snapshot:
        # It stands for everything before it: what head office no longer says goes away.
        old = tx.connection.scalars(
            select(received_feed.c.content).where(
                in_scope, received_feed.c.arrived < first, received_feed.c.state == APPLIED
            )
        )
        gone = facts_of(decoded(content) for content in old)
        for register in _newest(gone):
            table = register.table
            keys = [table.c[key.name] == register.values[key.name] for key in table.primary_key]
            tx.connection.execute(delete(table).where(*keys, table.c.owner == HUB))
        codes += _products(fact_in(one) for one in gone)
        tx.connection.execute(
            delete(received_feed).where(in_scope, received_feed.c.arrived < first)
        )
    write_changes(tx.connection, meant)
    _mark(tx, scope, [arrived for arrived, _ in good.rows], APPLIED, "")
    if codes := [*codes, *_products(good.facts)]:
        search.refresh(tx, codes)


def _mark(tx: Transaction, scope: str, arrived: Sequence[int], state: str, reason: str) -> None:
    tx.connection.execute(
        update(received_feed)
        .where(
            received_feed.c.scope == scope,
            received_feed.c.arrived.between(arrived[0], arrived[-1]),
        )
        .values(state=state, reason=reason)
    )


def _products(facts: Iterable[Fact]) -> list[Product]:
    return [one for fact in facts if isinstance(fact, ProductsSet) for one in fact.products]


def forget(tx: Transaction) -> list[Fact]:
    """Let go of everything head office sent: the till left it, or joined another. What the shop
    set itself counts again. The facts that count no more, for whoever listens."""
    contents = tx.connection.scalars(
        select(received_feed.c.content).where(received_feed.c.state == APPLIED)
    )
    gone = [fact_in(one) for content in contents for one in decoded(content).facts]
    for table in schema.all_tables():
        if table.info["kind"] == "meaning" and "owner" in table.c:
            tx.connection.execute(delete(table).where(table.c.owner == HUB))
    tx.connection.execute(delete(received_feed))
    if goods := _products(gone):
        search.refresh(tx, goods)
    return gone


def settle_all(books: Books) -> None:
    """Look again at whatever does not count yet: a newer program may read it."""
    with books.read() as db:
        scopes = list(
            db.scalars(
                select(received_feed.c.scope).distinct().where(received_feed.c.state != APPLIED)
            )
        )
    for scope in scopes:
        if scope in SCOPES:
            settle(books, scope)
