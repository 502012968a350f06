"""16 to 18 and the way down: feeds and what the other tills of a shop wrote.

ALWAYS: a till keeps only what head office signed, and goes back to nothing older. QUIESCENT: it has
the newest of each feed, means by it what the hub means, and knows all its shop's other tills wrote.
"""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from app.feeds import _newest, standings
from app.journal.feeds import SCOPES, decoded, facts_of
from app.journal.verify_tables import in_order
from app.row_writer import driver_of
from app.rows import HUB
from app.siblings import positions
from app.verification import TABLES
from sync.protocol import Refused
from sync.protocol_feeds import Pulled
from tests.simulation.witness import Place

if TYPE_CHECKING:
    from app.feeds import Standing
    from tests.simulation.till_node import TillNode
    from tests.simulation.world import World

Meant = dict[tuple[Any, ...], str]


def feeds_of(till: "TillNode") -> dict[str, "Standing"]:
    """How far each feed is at a till."""
    with till.books.read() as db:
        return {each.scope: each for each in standings(db)}


def recalls_first(till: "TillNode", answer: Pulled | Refused) -> None:
    """18: what stops a sale comes down before everything else."""
    if isinstance(answer, Pulled):
        urgent = list(SCOPES)
        places = [urgent.index(decoded(part.content.encode()).scope) for part in answer.parts]
        till.world.expect(18, places == sorted(places), f"{till.name}: recalls were not first")


def never_older(world: "World") -> None:
    """18: what a till keeps was published, and it never goes back within one incarnation."""
    world.office.note()
    for till in world.tills:
        if not till.on:
            continue
        parts = till.rows(
            "SELECT scope, version, hash, incarnation, what, state FROM received_feed"
            " ORDER BY scope, arrived"
        )
        for scope, version, entry_hash, _incarnation, what, _state in parts:
            known = (till.shop, scope, version, bytes(entry_hash).hex()) in world.office.published
            world.expect(18, known or what == "snapshot",
                         f"{till.name}: {scope} {version} was never published")  # fmt: skip
        now = {scope: (incarnation, version)
               for scope, version, _hash, incarnation, _what, state in parts
               if state == "applied"}  # fmt: skip
        for scope, (incarnation, version) in till.newest_feeds.items():
            here = now.get(scope, ("", 0))
            same = here[0] == incarnation
            world.expect(18, here[1] >= version if same else here[1] > 0,
                         f"{till.name}: {scope} went back from {version} to {here}")  # fmt: skip
        till.newest_feeds = now


def all_is_down(world: "World") -> bool:
    """Whether every till has the newest of its feeds and of its shop's other journals."""
    heads = world.hub.rows("SELECT shop, scope, hash FROM hub_feed")
    journals = world.hub.rows("SELECT shop, journal, seq FROM hub_journal")
    for till in world.tills:
        # A hub that was put back gives a version's number to another one.
        here = dict(till.rows("SELECT scope, CASE stands WHEN '' THEN lower(hex(hash)) ELSE stands"
                              " END FROM received_feed ORDER BY scope, arrived"))  # fmt: skip
        if any(shop == till.shop and here.get(scope) != head for shop, scope, head in heads):
            return False
        with till.books.read() as db:
            known = dict(positions(db, till.books.journal.id))
        for shop, journal, seq in journals:
            own = journal == till.books.journal.id
            if shop == till.shop and not own and known.get(journal, 0) < seq:
                return False
    return True


def newest(world: "World") -> None:
    """18: the newest of each feed counts at every till of the shop and means what it says."""
    meant = _meant_by_hub(world)
    for till in world.tills:
        feeds = feeds_of(till)
        for (shop, scope), said in meant.items():
            if shop != till.shop:
                continue
            mine = feeds.get(scope)
            if mine is None or mine.applied != said.version or mine.reason:
                world.expect(18, False, f"{till.name}: {scope} is {mine}, not {said.version}")
                continue
            rows = till.rows("SELECT content FROM received_feed WHERE scope = ? AND state ="
                             " 'applied' ORDER BY arrived", scope)  # fmt: skip
            here = _meaning([bytes(content) for (content,) in rows])
            world.expect(18, here == said.meaning, f"{till.name}: {scope} means something else")
        if extra := feeds.keys() - {scope for shop, scope in meant if shop == till.shop}:
            # The hub was put back to before its first version: only tills still have it.
            world.heap.sometimes("a feed the hub has lost")
            world.expect(18, world.hub.rollbacks > 0, f"{till.name}: feeds of nobody: {extra}")


class _Said:
    def __init__(self) -> None:
        self.version = 0
        self.contents: list[bytes] = []

    @property
    def meaning(self) -> Meant:
        return _meaning(self.contents)


def _meant_by_hub(world: "World") -> dict[tuple[str, str], _Said]:
    rows = world.hub.rows(
        "SELECT shop, scope, version, content FROM hub_feed_part"
        " ORDER BY shop, scope, version, part"
    )
    found: dict[tuple[str, str], _Said] = defaultdict(_Said)
    for shop, scope, version, content in rows:
        found[shop, scope].version = version
        found[shop, scope].contents.append(bytes(content))
    return found


def _meaning(contents: list[bytes]) -> Meant:
    registers = _newest(facts_of(decoded(content) for content in contents))
    return {
        (each.table.name, *(each.values[key.name] for key in each.table.primary_key)):
        repr(sorted(each.values.items()))
        for each in registers
    }  # fmt: skip


def journals_equal(world: "World") -> None:
    """3: every till has each entry the hub has of its shop, byte for byte, and none that nobody
    but itself knows of; another line of a journal that went on twice is not told from seqs."""
    there: dict[str, set[Place]] = defaultdict(set)
    for shop, journal, seq, entry_hash in world.hub.rows(
        "SELECT shop, journal, seq, hash FROM hub_entry WHERE shop <> 'HQ'"
    ):
        there[shop].add((journal, seq, bytes(entry_hash)))
    beside: set[Place] = {
        (journal, seq, bytes.fromhex(entry_hash))
        for journal, seq, entry_hash in world.hub.rows("SELECT journal, seq, hash FROM hub_fork")
    }
    for till in world.tills:
        here = {(journal, seq, bytes(entry_hash)) for journal, seq, entry_hash in till.rows(
            "SELECT journal, seq, hash FROM entry"
            " UNION ALL SELECT journal, seq, hash FROM received_aside")}  # fmt: skip
        # In the place of an entry it wrote itself stands its own, until a person looks.
        taken = {place[:2] for place in here}
        lacking = {place for place in there[till.shop] - here if place[:2] not in taken}
        world.expect(3, not lacking,
                     f"{till.name}: {len(lacking)} of its shop did not come down: "
                     f"{min(lacking, default=())}")  # fmt: skip
        extra = here - there[till.shop] - beside
        world.expect(3, not extra or world.hub.rollbacks > 0,
                     f"{till.name}: {len(extra)} the hub never had: {min(extra, default=())}",
                     )  # fmt: skip


def siblings_equal(world: "World", wanted: dict[str, list[tuple[Any, ...]]]) -> None:
    """3, 12, 13: each till's tables are what all entries of its shop mean, and head office's."""
    forked = {row[0] for row in world.hub.rows("SELECT shop FROM hub_fork")}
    there = set(world.hub.rows("SELECT journal, seq, hash FROM hub_entry"))
    for till in world.tills:
        if world.witness.lost_tails and (
            set(till.rows("SELECT journal, seq, hash FROM entry")) - there
        ):
            # What its writer's disk and then the hub lost had come down here before.
            world.heap.sometimes("known to a sister alone")
            continue
        with till.books.read() as db:
            driver = driver_of(db)
            aside = driver.execute("SELECT count(*) FROM received_aside").fetchone()[0]
            if aside or till.shop in forked:
                world.heap.sometimes("entries put aside")
                continue
            for table in TABLES:
                names = list(table.columns.keys())
                shop = names.index("shop")
                owner = names.index("owner") if "owner" in names else -1
                rows = [row for row in driver.execute(in_order(table)[0]) if row[shop] == till.shop]
                mine = [row for row in rows if owner < 0 or row[owner] != HUB]
                theirs = [row for row in wanted[table.name] if row[shop] == till.shop]
                same = sorted(map(repr, mine)) == sorted(map(repr, theirs))
                text = f"{till.name}: its {table.name} is not what the shop wrote"
                world.expect(13, same, text)
