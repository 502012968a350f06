"""What people do in a count: open it, enter what they find, close it.

Every entry is a fact of its own, so a killed till loses none. Closing decides everything at once
and writes it down; then it books a hundred lines at a time and lets every waiting sale go first.
"""

from collections.abc import Sequence
from sys import getswitchinterval
from time import sleep

import msgspec
from sqlalchemy import Connection, delete, func, select

from app.database import Priority
from app.errors import Refusal
from app.facts.sales import Approval
from app.facts.stock import CountClosed, CountEntered, CountOpened, CountZone, KnownJournal
from app.staff.actions import record_self_approvals
from app.stock import count_queries
from app.stock.count_queries import Count
from app.stock.count_review import Difference, Rules, compare_absent, review
from app.stock.counting_rules import Entry, last_of
from app.stock.tables import count_posting
from app.transaction import Books, Transaction, transaction

LINES_PER_FACT = 50
"""Few enough that a sale which meets one being booked waits three milliseconds."""


class Who(msgspec.Struct, frozen=True):
    """Who acts, in which business day and turn ("" while there is none)."""

    person: str
    day: str = ""
    shift: str = ""


class Closed(msgspec.Struct, frozen=True):
    """What a close decided. Amounts in fen."""

    document: str
    differences: tuple[Difference, ...]

    @property
    def net(self) -> int:
        return sum(each.value for each in self.differences)


def open_count(books: Books, who: Who, zones: Sequence[CountZone], *, name: str = "") -> str:
    """Begin a count of zones, or join zones to one that is open; the count's id.

    A zone that is being counted already leads to that count. Raises Refusal: no_such_count,
    count_closed, zone_counted_elsewhere (the zones given lie in several counts).
    """
    with transaction(books, staff=who.person) as tx:
        if name:
            _open(tx.connection, tx.shop, name)
        running = count_queries.open_counts(tx.connection, tx.shop)
        there = {zone: each.count for each in running for zone in each.zones}
        met = {there[each.zone] for each in zones if each.zone in there} | ({name} - {""})
        if len(met) > 1:
            raise Refusal("zone_counted_elsewhere", zone="、".join(each.zone for each in zones))
        joined = met.pop() if met else tx.ids.new()
        new = tuple(each for each in zones if each.zone not in there)
        if new:
            tx.record(
                CountOpened(
                    shop=tx.shop,
                    till=tx.till,
                    day=who.day,
                    shift=who.shift,
                    count=joined,
                    zones=new,
                    person=who.person,
                )
            )
    return joined


def _open(db: Connection, shop: str, name: str) -> Count:
    """The count, if it is open. Raises Refusal: no_such_count, count_closed."""
    found = _known(db, shop, name)
    if found.closed:
        raise Refusal("count_closed")
    return found


def enter(
    books: Books,
    who: Who,
    entries: Sequence[CountEntered],
    ids: Sequence[str] = (),
    back: Sequence[Entry] = (),
) -> int:
    """Write down what was found, all of it or nothing; how many entries were new.

    `ids` name entries that may have come before (a file that is read twice): those are left out.
    `back` are entries that the new ones stand for: they are taken back.
    Raises Refusal: no_such_count, count_closed, no_such_zone.
    """
    with transaction(books, staff=who.person) as tx:
        new = 0
        for name in {each.count for each in entries}:
            running = _open(tx.connection, tx.shop, name)
            for each in entries:
                if each.count == name and each.zone not in running.zones:
                    raise Refusal("no_such_zone", zone=each.zone)
        for gone in back:
            tx.record(_taken_back(tx, who, entries[0].count, gone, who.person))
        known = count_queries.entered_already(tx.connection, tx.shop, ids)
        for number, each in enumerate(entries):
            fact_id = ids[number] if ids else None
            if fact_id not in known:
                tx.record(each, fact_id)
                new += 1
    return new


def undo_last(books: Books, who: Who, name: str, counter: str) -> Entry:
    """Take this counter's last entry back (of a kit all its parts); the first of what it was.

    Raises Refusal: no_such_count, count_closed, nothing_to_undo.
    """
    with transaction(books, staff=who.person) as tx:
        _open(tx.connection, tx.shop, name)
        taken = last_of(count_queries.entries_of(tx.connection, tx.shop, name), counter)
        if not taken:
            raise Refusal("nothing_to_undo")
        for last in taken:
            tx.record(_taken_back(tx, who, name, last, counter))
    return taken[0]


def take_back(books: Books, who: Who, name: str, entries: Sequence[Entry]) -> None:
    """Make entries never have been, also of a count that is closed."""
    with transaction(books, staff=who.person) as tx:
        for each in entries:
            tx.record(_taken_back(tx, who, name, each, who.person))


def _taken_back(tx: Transaction, who: Who, name: str, entry: Entry, counter: str) -> CountEntered:
    """The fact that makes an entry never have been."""
    return CountEntered(
        shop=tx.shop,
        till=tx.till,
        day=who.day,
        shift=who.shift,
        count=name,
        zone=entry.zone,
        product=entry.product,
        lot=entry.lot,
        quantity=-entry.quantity,
        known=entry.known,
        counter=counter,
        sheet=entry.sheet,
        paper=entry.paper,
        undoes=entry.fact,
    )


class Plan(msgspec.Struct, frozen=True):
    """What a close would book, worked out beside the selling; it holds while nothing came since."""

    count: str
    left: tuple[Difference, ...]
    known: tuple[KnownJournal, ...]
    entries: int

    @property
    def gross(self) -> int:
        """All differences together, whichever way, in fen."""
        return sum(abs(each.value) for each in self.left)


def plan_close(books: Books, name: str, rules: Rules) -> Plan:
    """Everything counted that no document of this count has booked.

    Raises Refusal: no_such_count, count_closed (nothing came since), nothing_counted,
    recount_needed.
    """
    with books.read() as db:
        found = _known(db, books.shop, name)
        done = count_queries.booked(db, books.shop, name)
        left = [
            each
            for each in review(db, books.shop, found, rules)
            if (each.found.product, each.found.place) not in done
        ]
        if not left or count_queries.posting(db, name):
            raise Refusal("count_closed" if found.closed else "nothing_counted")
        again = [each for each in left if each.again]
        if again:
            raise Refusal("recount_needed", count=len(again), product=again[0].found.product)
        return _plan(books, db, name, left)


def plan_write_off(books: Books, name: str, products: Sequence[str], rules: Rules) -> Plan:
    """What the books hold now of products that nobody counted, against nought.

    Raises Refusal: no_such_count, counted_already, nothing_counted.
    """
    with books.read() as db:
        found = _known(db, books.shop, name)
        entries = count_queries.entries_of(db, books.shop, name)
        counted = {each.product for each in entries if each.known}
        if clash := counted.intersection(products):
            raise Refusal("counted_already", product=min(clash))
        moment = max(books.journal.head(db)[2], books.clock.wall_ms())
        places = tuple(dict.fromkeys(found.zones.values()))
        left = compare_absent(db, books.shop, products, places, moment, rules)
        if not left:
            raise Refusal("nothing_counted")
        return _plan(books, db, name, left)


def _plan(books: Books, db: Connection, name: str, left: Sequence[Difference]) -> Plan:
    known = count_queries.known_journals(db, books.journal.id)
    return Plan(name, tuple(left), known, count_queries.entries_in(db, books.shop, name))


def _known(db: Connection, shop: str, name: str) -> Count:
    found = count_queries.counts(db, shop, name)
    if not found:
        raise Refusal("no_such_count")
    return found[0]


def carry_out(books: Books, who: Who, plan: Plan, approvals: tuple[Approval, ...] = ()) -> Closed:
    """Decide what was planned, and book it; a till killed in between goes on where it stood.

    Raises Refusal("count_changed") when entries or another till's facts came since.
    """
    facts = _facts(books, who, plan, approvals)
    # Made before the writer is taken: a sale beside a long count would wait for it.
    parts = [
        {
            "document": fact.document,
            "part": fact.part,
            "count": fact.count,
            "content": msgspec.json.encode(fact).decode(),
        }
        for fact in facts
    ]
    with transaction(books, staff=who.person) as tx:
        known = count_queries.known_journals(tx.connection, books.journal.id)
        entries = count_queries.entries_in(tx.connection, books.shop, plan.count)
        posting = count_queries.posting(tx.connection, plan.count)
        if posting or (known, entries) != (plan.known, plan.entries):
            raise Refusal("count_changed")
        record_self_approvals(tx, approvals, day=who.day, shift=who.shift, amount=plan.gross)
        tx.insert(count_posting, *parts)
    finish_postings(books)
    return Closed(facts[0].document, plan.left)


def _facts(
    books: Books, who: Who, plan: Plan, approvals: tuple[Approval, ...]
) -> list[CountClosed]:
    """The document in parts that an entry can hold; what it knew is said in the first."""
    document = books.ids.new()
    lines = [line for each in plan.left for line in each.lines]
    return [
        CountClosed(
            shop=books.shop,
            till=books.till,
            day=who.day,
            shift=who.shift,
            count=plan.count,
            document=document,
            part=part,
            person=who.person,
            approvals=approvals if part == 1 else (),
            until=max(line.moment for line in lines) if part == 1 else 0,
            known=plan.known if part == 1 else (),
            lines=tuple(lines[start : start + LINES_PER_FACT]),
        )
        for part, start in enumerate(range(0, len(lines), LINES_PER_FACT), 1)
    ]


def finish_postings(books: Books) -> int:
    """Book what was decided and not booked yet, each part in a commit of its own; how many."""
    done = 0
    while post_next(books):
        done += 1
        # Whoever waits for the writer or the processor has it, before the next part is begun.
        sleep(2 * getswitchinterval())
    return done


def post_next(books: Books) -> bool:
    """Book the next part of what was decided; whether there was one. Whatever waits goes first."""
    with books.read() as db:
        if db.scalar(select(func.count()).select_from(count_posting)) == 0:
            return False
    with transaction(books, priority=Priority.BACKGROUND) as tx:
        rows = tx.read(
            select(count_posting).order_by(count_posting.c.document, count_posting.c.part).limit(1)
        )
        if not rows:
            return False
        fact = msgspec.json.decode(rows[0].content, type=CountClosed)
        tx.staff = fact.person
        tx.record(fact)
        tx.execute(
            delete(count_posting).where(
                count_posting.c.document == fact.document, count_posting.c.part == fact.part
            )
        )
    return True
