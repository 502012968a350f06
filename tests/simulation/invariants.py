"""What must hold of a chain: `reliability` names twenty-five, this is how each is looked at here.

ALWAYS: when a fact is written (pencil.py), at every start of a till, and while faults go on.
QUIESCENT: once all is well again and everything has arrived.

| n  | what must hold                                        | when, where                        |
| -- | ----------------------------------------------------- | -----------------------------------|
| 1  | told complete, then on the disk after any kill        | every start: pencil.compare        |
| 2  | a kill leaves one transaction more, never half of one | every start: pencil.compare        |
| 3  | the hub has what all tills wrote, each fact once      | quiescent: arrived                 |
| 4  | lines = due = tenders = handed - change               | every sale and refund: pencil      |
| 5  | (no ledger of accounts yet: not built)                | -                                  |
| 6  | the drawer holds float and cash                       | every closed shift: pencil         |
| 7  | Z = documents since the last; grand total runs on     | every Z: pencil                    |
| 8  | each document in exactly one Z                        | every Z, by 7: a document more or  |
| -- | ----------------------------------------------------- | -----------------------------------|
| 9  | receipt numbers without gap, in the order of seq      | quiescent: numbered; chain-wide once|
| 10 | chain, signatures, head of the hub = head of the till | quiescent: books_hold, arrived,    |
|    |                                                       | chained, gone_on_for_a_reason      |
| 11 | acknowledged <= what the hub has                      | every hour, quiescent: acknowledged|
| 12 | on hand = sum of moves, everywhere; pencil's stock    | quiescent: books_hold, months_hold,|
|    |                                                       | stock_agrees                       |
| 13 | any order of arrival ends in the same tables, at the  | quiescent: any_order,              |
|    | hub and at every till of the shop                     | coming_down.siblings_equal         |
| 14 | money the network holds = money the books have, one   | quiescent: charges.one_at_a_time,  |
|    | charge at a time, and the bill is the last resort     | before_the_bill, after it: money   |
| 15 | of no line comes back more than was sold and paid     | quiescent: refunds                 |
| 16 | each price = the price list's that was held then      | every sale: pencil, held           |
| 17 | who may not, by the staff feed held then, is refused; | every try: people; quiescent:      |
|    | approvals by somebody else                            | approved                           |
| -- | ----------------------------------------------------- | -----------------------------------|
| 18 | a feed is a published version, never an older one; in | every hour: coming_down.never_older|
|    | the end the newest, and means what it says            | quiescent: coming_down.newest      |
| 19 | healthy: all sent and worked in within 10 minutes     | liveness: world.converge           |
| 20 | each sale has its paper; copies are marked            | quiescent: papers                  |
| 21 | each kick of the drawer has a document                | quiescent: papers                  |
| 22 | no wallet's code on a disk                            | quiescent: nothing_secret          |
| 23 | replay from nothing = live tables                     | quiescent: books_hold, any_order   |
| 24 | nothing exclusive twice: a transfer, a code, a request | every try: people, wire            |
| 25 | (members and vouchers: the property machines' part)   | -                                  |
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from app.facts.base import Fact
from app.facts.registry import decode_fact
from app.facts.sales import RefundCompleted, SaleCompleted
from app.journal.entry import decode_envelope
from app.journal.rebuild import apply_entries, read
from app.journal.stored import StoredEntry
from app.meaning import MEANING
from app.reports.month_sums import MOVED, moved_by_month
from app.rows import Envelope
from app.sales.queries import stored
from app.staff.rules import may
from app.stock import books as stock_books
from app.verification import TABLES, verify_books
from sync.hub.tables import MEANING_TABLES, hub_moved
from tests.simulation.charges import made_by_a_bill, money, one_at_a_time
from tests.simulation.coming_down import journals_equal, never_older, newest, siblings_equal
from tests.simulation.people import COUNTED, GOODS
from tests.simulation.witness import Place, on_disk, twice
from tests.support.entries import Tables, empty_till, tables_of

if TYPE_CHECKING:
    from tests.simulation.till_node import TillNode
    from tests.simulation.world import World

OPENING = 100_000
ROLES = {"101": "cashier", "201": "lead", "301": "manager", "302": "manager"}


def always(world: "World") -> None:
    """Cheap, so it is looked at often."""
    if world.hub.asked != world.looked_at:
        world.looked_at = world.hub.asked
        acknowledged(world)
        never_older(world)


def quiescent(world: "World") -> None:
    """Everything, once nothing moves any more."""
    acknowledged(world)
    entries = hub_entries(world)
    said = list(read_all(entries))
    arrived(world, entries)
    chained(world, entries)
    gone_on_for_a_reason(world)
    never_older(world)
    newest(world)
    journals_equal(world)
    if not twice([envelope.fact for envelope, _fact in said]):
        siblings_equal(world, any_order(world, entries))
    months_hold(world)
    refunds(world, said)
    approved(world, said)
    one_at_a_time(world, said)
    numbers_once(world, said)
    for till in world.tills:
        books_hold(till)
        numbered(till)
        papers(till)
        stock_agrees(till)
        money(till)


def hub_entries(world: "World") -> list[StoredEntry]:
    """What the hub has of tills; the brand's own journal is nobody's here."""
    rows = world.hub.rows(
        "SELECT journal, seq, content, hash, sig FROM hub_entry WHERE shop <> 'HQ'"
        " ORDER BY journal, seq"
    )
    return [StoredEntry(j, s, bytes(c), bytes(h), bytes(g)) for j, s, c, h, g in rows]


def read_all(entries: list[StoredEntry]) -> Iterator[tuple[Envelope, Fact]]:
    """What they say, where this program can read it."""
    for each in entries:
        if (said := read(each)) is not None:
            yield said


def acknowledged(world: "World") -> None:
    """11: a till believes no more than the hub has, while the hub was never put back."""
    if world.hub.rollbacks or not world.hub.up:
        return
    heads = dict(world.hub.rows("SELECT journal, seq FROM hub_journal"))
    aside: dict[str, int] = defaultdict(int)
    for journal, seq in world.hub.rows("SELECT journal, max(seq) FROM hub_fork GROUP BY journal"):
        aside[journal] = seq
    for till in world.tills:
        if not till.on:
            continue
        for journal, seq in till.rows("SELECT journal, seq FROM acknowledged"):
            has = max(heads.get(journal, 0), aside[journal])
            world.expect(11, seq <= has, f"{till.name}: {journal} acked {seq}, the hub has {has}")


def arrived(world: "World", entries: list[StoredEntry]) -> None:
    """3 and 10: what all tills wrote is there, each once, and nothing else is."""
    there = {(each.journal, each.seq, each.hash): each for each in entries}
    aside: set[Place] = {
        (journal, seq, bytes.fromhex(entry_hash))
        for journal, seq, entry_hash in world.hub.rows("SELECT journal, seq, hash FROM hub_fork")
    }
    if aside:
        world.heap.sometimes("fork seen")
    written = dict(world.witness.gone)
    for till in world.tills:
        seen = on_disk(till)
        written.update(seen.entries)
        missing = [place for place in seen.entries if place not in there and place not in aside]
        world.expect(3, not missing, f"{till.name}: {len(missing)} not at the hub: {missing[:2]}")
    for place, (fact, rollbacks) in world.witness.promised.items():
        if place not in there and place not in aside:
            # The hub was put back after the disk had gone: nobody has it any more.
            world.expect(3, rollbacks < world.hub.rollbacks, f"acknowledged and gone: {fact}")
            world.witness.lost_tails += 1
            world.heap.sometimes("lost with disk and hub")
    strangers = [place for place in there if place not in written and place[1] > 1]
    world.expect(3, not strangers, f"the hub has what nobody wrote: {strangers[:2]}")
    once(world, entries)


def chained(world: "World", entries: list[StoredEntry]) -> None:
    """10: at the hub each entry names the one before it, whatever lies beside its journal."""
    for before, each in pairwise(entries):
        if each.journal == before.journal:
            holds = decode_envelope(each.content).prev == before.hash.hex()
            world.expect(10, holds, f"the hub's {each.journal} does not hold at {each.seq}")


def gone_on_for_a_reason(world: "World") -> None:
    """10: who was told that a journal went on elsewhere goes on in another; none forks and none is
    gone on from where nobody put anything back or copied it."""
    beside = set(world.hub.rows("SELECT journal, seq, hash FROM hub_fork"))
    for till in world.tills:
        writing = till.books.journal.id
        ((seq, head),) = till.rows("SELECT max(seq), lower(hex(hash)) FROM entry WHERE journal = ?",
                                   writing)  # fmt: skip
        world.expect(10, (writing, seq, head) not in beside,
                     f"{till.name}: goes on in what went on elsewhere, up to {seq}")  # fmt: skip
    if copied(world) or world.hub.rollbacks:
        return
    forks = world.hub.rows("SELECT journal, seq FROM hub_fork")
    world.expect(10, not forks, f"forked though nobody copied a disk: {forks[:2]}")
    for reason in ("restored", "cloned"):
        times = world.heap.marks[f"next journal: {reason}"]
        world.expect(10, not times, f"gone on as {reason} though nothing was")


def once(world: "World", entries: list[StoredEntry]) -> None:
    """3: each fact once. A basket that lay open in a copy may be sold by both machines: both sales
    are kept, one counts, the other is listed for a person, and the machine is flagged."""
    at = {(envelope.journal, envelope.seq): envelope.fact for envelope, _ in read_all(entries)}
    again = set(twice(list(at.values())))
    unread = world.hub.rows("SELECT journal, seq, reason, detail FROM hub_unread")
    listed = {at.get((journal, seq), "") for journal, seq, _reason, _detail in unread}
    world.expect(3, listed == again, f"not worked in: {unread[:3]}, twice: {sorted(again)[:3]}")
    if again:
        flagged(world, 3, f"facts at the hub twice: {sorted(again)[:3]}")
        world.heap.sometimes("a copy's open basket sold twice, and listed")


def flagged(world: "World", invariant: int, text: str) -> None:
    """What only copies of a till may bring about, and head office is told of: a flag, or a journal
    that was begun because the till was put back."""
    flags = world.hub.rows("SELECT 1 FROM hub_device WHERE flags LIKE '%forked%'")
    told = bool(flags) or world.heap.marks["next journal: restored"] > 0
    world.expect(invariant, copied(world) and (told or world.hub.rollbacks > 0), text)


def copied(world: "World") -> bool:
    """Whether a till was put back from a copy or cloned."""
    return bool(world.heap.marks["till restored"] or world.heap.marks["till cloned"])


def any_order(world: "World", entries: list[StoredEntry]) -> Tables:
    """12, 13, 19, 23: the hub's tables are what its entries mean, in whatever order; those."""
    shuffled = list(entries)
    world.heap.rng["disk"].shuffle(shuffled)
    with empty_till() as db:
        db.exec_driver_sql("BEGIN")
        apply_entries(db, MEANING, shuffled)
        wanted = tables_of(db)
        for shop in sorted({till.shop for till in world.tills}):
            if any(stock_books.late(db, shop).values()):
                world.heap.sometimes("count with a late sale")
        db.exec_driver_sql("ROLLBACK")
    found = world.hub.tables([MEANING_TABLES[table.name] for table in TABLES], "shop <> 'HQ'")
    for table, rows in zip(TABLES, found, strict=True):
        same = sorted(map(repr, rows)) == sorted(map(repr, wanted[table.name]))
        world.expect(13, same, f"the hub's {table.name} is not what its entries mean")
    return wanted


def months_hold(world: "World") -> None:
    """12: each month the hub adds up as movements come is what they come to."""
    shops = sorted({till.shop for till in world.tills})
    with world.hub.hub.database.begin() as db:
        summed = moved_by_month(db, shops, {**MEANING_TABLES, MOVED: hub_moved})
        same = summed == moved_by_month(db, shops, MEANING_TABLES)
    world.expect(12, same, "the hub's months are not what moved in them")


def refunds(world: "World", said: list[tuple[Envelope, Fact]]) -> None:
    """15: of no line came back more than was sold, nor more money than was paid for it, except
    where two tills could not know."""
    sold: dict[tuple[str, int], tuple[int, int]] = {}
    back: Counter[tuple[str, int]] = Counter()
    money: Counter[tuple[str, int]] = Counter()
    by: dict[tuple[str, int], set[str]] = defaultdict(set)
    for envelope, fact in said:
        if isinstance(fact, SaleCompleted):
            for line in fact.lines:
                sold[envelope.fact, line.line] = line.quantity, line.paid
        elif isinstance(fact, RefundCompleted) and fact.sale:
            for each in fact.lines:
                key = fact.sale, each.original_line
                back[key] += each.quantity
                money[key] += each.amount
                by[key].add(envelope.journal)
    for key in back.keys() & sold.keys():
        found = back[key], money[key]
        if found[0] > sold[key][0] or found[1] > sold[key][1]:
            # A restored or cloned till knew nothing of what its other self took back.
            if len(by[key]) > 1:
                world.heap.sometimes("refunded by two who could not know")
            else:
                world.expect(15, False, f"{key}: {found} came back of {sold[key]}")


def approved(world: "World", said: list[tuple[Envelope, Fact]]) -> None:
    """17: whoever said yes is somebody else, and may."""
    for envelope, fact in said:
        for yes in getattr(fact, "approvals", ()):
            role = ROLES.get(yes.person, "")
            holds = yes.person != envelope.staff and bool(role)
            holds = holds and not yes.self_approved
            holds = holds and (yes.action not in KNOWN_ACTIONS or may(role, yes.action))
            world.expect(17, holds, f"{envelope.fact}: {yes.action} by {yes.person} ({role})")
        needed = NEEDS_ANOTHER.get(type(fact).__name__)
        if needed and ROLES.get(envelope.staff) == "cashier":
            yes_for = {yes.action for yes in getattr(fact, "approvals", ())}
            world.expect(17, needed in yes_for, f"{envelope.fact}: {type(fact).__name__} alone")


NEEDS_ANOTHER = {"CashMoved": "cash", "GoodsReceived": "receive", "TransferSent": "transfer",
                 "TransferReceived": "receive", "DrawerOpened": "open_drawer"}  # fmt: skip
KNOWN_ACTIONS = ("cash", "receive", "transfer", "open_drawer")


def numbers_once(world: "World", said: list[tuple[Envelope, Fact]]) -> None:
    """9, chain-wide: no two receipts of the hub's journals have one number."""
    numbers = [fact.number for _envelope, fact in said
               if isinstance(fact, SaleCompleted | RefundCompleted)]  # fmt: skip
    again = twice(numbers)
    if again:
        # Machines from one copy cannot know each other's letter before they have met.
        flagged(world, 9, f"numbers given twice: {again[:3]}")
        world.heap.sometimes("a series letter taken twice, and flagged")


def books_hold(till: "TillNode") -> None:
    """10, 12, 23: chain, signatures, tables, sums."""
    report = verify_books(till.books)
    clash = {each.code for each in report.problems} & {"number_twice", "number_out_of_order"}
    if clash and copied(till.world):
        # Two machines from one copy printed under one letter before they met: it is shown.
        till.heap.sometimes("a clash of numbers shown")
        return
    aside = {row[0] for row in till.rows("SELECT DISTINCT journal FROM received_aside")}
    aside |= {row[0] for row in till.world.hub.rows("SELECT DISTINCT journal FROM hub_fork")}
    if not report.ok and copied(till.world) and aside >= {each.journal for each in report.problems}:
        # A basket both machines sold lies aside, and its place in the other's journal is shown; so
        # is a journal that went on from a line which is not here.
        till.heap.sometimes("a gap where an entry lies aside, shown")
        return
    till.world.expect(10, report.ok, f"{till.name}: {report.problems[:2]}")


def numbered(till: "TillNode") -> None:
    """9: by day and series 1, 2, 3… in the order they were written, that of a sale which lies aside
    because it was made twice among them."""
    rows = till.rows(
        "SELECT o.opened_order, e.seq, e.content FROM entry e JOIN own_journal o USING (journal)"
        " UNION ALL SELECT o.opened_order, a.seq, a.content FROM received_aside a"
        " JOIN own_journal o USING (journal) WHERE a.reason = 'fact_twice' ORDER BY 1, 2"
    )
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for _order, _seq, content in rows:
        fact = decode_fact(decode_envelope(content).kind, content)
        if isinstance(fact, SaleCompleted | RefundCompleted):
            found[fact.day, fact.series].append(fact.sequence)
    for key, each in found.items():
        # A lost self may have begun the series: what came down of it is gone on from.
        first = each[0] if copied(till.world) else 1
        row = list(range(first, first + len(each)))
        till.world.expect(9, each == row, f"{till.name}: numbers of {key}: {each}")


def papers(till: "TillNode") -> None:
    """20, 21: each sale has one first paper, copies say so, no drawer opens for nothing."""
    sales = {row[0] for row in till.rows(
        "SELECT sale FROM sale WHERE journal IN (SELECT journal FROM own_journal)")}  # fmt: skip
    first = Counter(row[0] for row in till.rows(
        "SELECT fact FROM print_job WHERE kind = 'receipt' AND title NOT LIKE '%重印%'"
    ))  # fmt: skip
    # What came back from the hub was printed before the disk went.
    lacking = set() if till.pencil.returned else sales - first.keys()
    # Whoever's charge became a sale behind their back asks for the receipt.
    with till.books.read() as db:
        lacking = {each for each in lacking if not made_by_a_bill(stored(db, each).fact)}
    till.world.expect(20, not lacking, f"{till.name}: sales without paper: {sorted(lacking)[:2]}")
    more = [fact for fact, times in first.items() if times > 1]
    till.world.expect(20, not more, f"{till.name}: unmarked copies of {more[:2]}")
    kicked = till.rows("SELECT count(*) FROM print_job WHERE kick_drawer = 1"
                       " AND fact NOT IN (SELECT fact FROM entry)")  # fmt: skip
    till.world.expect(21, kicked == [(0,)], f"{till.name}: {kicked} kicks without a document")


def stock_agrees(till: "TillNode") -> None:
    """12: what stands on the shelf is what a pencil says, for what no count touched."""
    if copied(till.world):
        # What pencils of copies say of one shelf does not add up: its tables are looked at.
        return
    together: Counter[str] = Counter()
    tills = [each for each in till.world.tills if each.shop == till.shop]
    for each in tills:
        together.update(each.pencil.stock)
    with till.books.read() as db:
        totals = stock_books.totals(db, till.shop)
    for code in GOODS:
        wanted = OPENING * len(tills) + together[code]
        till.world.expect(
            12, totals.get(code, 0) == wanted,
            f"{till.name}: {totals.get(code, 0)} of {code} on hand, not {wanted}",
        )  # fmt: skip
    assert COUNTED not in GOODS
