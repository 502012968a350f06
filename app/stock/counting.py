"""What people do in a count: open it, enter what they find, close it.

Every entry is a fact of its own, so a killed till loses none. Closing decides everything at once
and writes it down; then it books a hundred lines at a time and lets every waiting sale go first.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, delete, func, select

from app.database import Priority
from app.errors import Refusal
from app.facts.sales import Approval
from app.facts.stock import CountClosed, CountedLine, CountEntered, CountOpened, CountZone
from app.staff.actions import record_self_approvals
from app.stock import count_queries
from app.stock.count_queries import Count
from app.stock.count_review import Difference, Rules, compare_absent, review
from app.stock.counting_rules import Entry, last_of
from app.stock.tables import count_posting
from app.transaction import Books, Transaction, transaction

LINES_PER_FACT = 100


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
    found = count_queries.counts(db, shop, name)
    if not found:
        raise Refusal("no_such_count")
    if found[0].closed:
        raise Refusal("count_closed")
    return found[0]


def enter(books: Books, who: Who, entries: Sequence[CountEntered], ids: Sequence[str] = ()) -> int:
    """Write down what was found, all of it or nothing; how many entries were new.

    `ids` name entries that may have come before (a file that is read twice): those are left out.
    Raises Refusal: no_such_count, count_closed, no_such_zone.
    """
    with transaction(books, staff=who.person) as tx:
        new = 0
        for name in {each.count for each in entries}:
            running = _open(tx.connection, tx.shop, name)
            for each in entries:
                if each.count == name and each.zone not in running.zones:
                    raise Refusal("no_such_zone", zone=each.zone)
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
            tx.record(
                CountEntered(
                    shop=tx.shop,
                    till=tx.till,
                    day=who.day,
                    shift=who.shift,
                    count=name,
                    zone=last.zone,
                    product=last.product,
                    lot=last.lot,
                    quantity=-last.quantity,
                    known=last.known,
                    counter=counter,
                    undoes=last.fact,
                )
            )
    return taken[0]


def to_close(db: Connection, shop: str, name: str, rules: Rules) -> list[Difference]:
    """What a close would book: everything counted that no document of this count has booked.

    Raises Refusal: no_such_count, count_closed (nothing came since), nothing_counted,
    recount_needed.
    """
    found = count_queries.counts(db, shop, name)
    if not found:
        raise Refusal("no_such_count")
    done = count_queries.booked(db, shop, name)
    left = [
        each
        for each in review(db, shop, found[0], rules)
        if (each.found.product, each.found.place) not in done
    ]
    if not left:
        raise Refusal("count_closed" if found[0].closed else "nothing_counted")
    again = [each for each in left if each.again]
    if again:
        raise Refusal("recount_needed", count=len(again), product=again[0].found.product)
    return left


def close_count(
    books: Books,
    who: Who,
    name: str,
    rules: Rules,
    *,
    most_fen: int,
    approvals: tuple[Approval, ...] = (),
) -> Closed:
    """Book what was counted. `most_fen` is how much difference has somebody's yes, both ways
    together: more may have shown since. A close that was broken off goes on where it stood.

    Raises Refusal as `to_close`, and count_changed.
    """
    with transaction(books, staff=who.person) as tx:
        if count_queries.posting(tx.connection, name):
            raise Refusal("count_closed")
        left = to_close(tx.connection, tx.shop, name, rules)
        document = _decide(tx, who, name, left, most_fen, approvals)
    finish_postings(books)
    return Closed(document, tuple(left))


def write_off_uncounted(
    books: Books,
    who: Who,
    name: str,
    products: Sequence[str],
    rules: Rules,
    *,
    most_fen: int,
    approvals: tuple[Approval, ...],
) -> Closed:
    """Set what nobody counted to nought: its own act, with its own yes.

    Raises Refusal: no_such_count, counted_already, count_changed, nothing_counted.
    """
    with transaction(books, staff=who.person) as tx:
        left = absent(books, tx.connection, name, products, rules)
        document = _decide(tx, who, name, left, most_fen, approvals)
    finish_postings(books)
    return Closed(document, tuple(left))


def absent(
    books: Books, db: Connection, name: str, products: Sequence[str], rules: Rules
) -> list[Difference]:
    """What the books hold now of products that nobody counted, against nought.

    Raises Refusal: no_such_count, counted_already, nothing_counted.
    """
    shop = books.shop
    found = count_queries.counts(db, shop, name)
    if not found:
        raise Refusal("no_such_count")
    counted = {each.product for each in count_queries.entries_of(db, shop, name) if each.known}
    if clash := counted.intersection(products):
        raise Refusal("counted_already", product=min(clash))
    moment = max(books.journal.head(db)[2], books.clock.wall_ms())
    places = tuple(dict.fromkeys(found[0].zones.values()))
    left = compare_absent(db, shop, products, places, moment, rules)
    if not left:
        raise Refusal("nothing_counted")
    return left


def _decide(
    tx: Transaction,
    who: Who,
    name: str,
    left: Sequence[Difference],
    most_fen: int,
    approvals: tuple[Approval, ...],
) -> str:
    """Write down what will be booked, part by part; the document."""
    gross = sum(abs(each.value) for each in left)
    if gross > most_fen:
        raise Refusal("count_changed")
    record_self_approvals(tx, approvals, day=who.day, shift=who.shift, amount=gross)
    document = tx.ids.new()
    lines: list[CountedLine] = [line for each in left for line in each.lines]
    for part, start in enumerate(range(0, len(lines), LINES_PER_FACT), 1):
        fact = CountClosed(
            shop=tx.shop,
            till=tx.till,
            day=who.day,
            shift=who.shift,
            count=name,
            document=document,
            part=part,
            person=who.person,
            approvals=approvals if part == 1 else (),
            until=max(line.moment for line in lines) if part == 1 else 0,
            known=count_queries.known_journals(tx.connection, tx.books.journal.id)
            if part == 1
            else (),
            lines=tuple(lines[start : start + LINES_PER_FACT]),
        )
        tx.insert(
            count_posting,
            {
                "document": document,
                "part": part,
                "count": name,
                "content": msgspec.json.encode(fact).decode(),
            },
        )
    return document


def finish_postings(books: Books) -> int:
    """Book what was decided and not booked yet, each part in a commit of its own; how many."""
    done = 0
    while _post_next(books):
        done += 1
    return done


def _post_next(books: Books) -> bool:
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
