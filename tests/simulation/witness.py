"""Everything that was ever written in the chain, whatever became of the disks it lay on."""

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from app.journal.tables import acknowledged, entry, own_journal

if TYPE_CHECKING:
    from tests.simulation.till_node import TillNode

Place = tuple[str, int, bytes]
"""journal, seq, hash"""


class Seen(NamedTuple):
    """One disk as it was read."""

    entries: dict[Place, str]
    """The fact at each place."""
    acked: dict[str, int]


@dataclass
class Witness:
    """Entries by the disks that went, and those that must be at the hub all the same."""

    gone: dict[Place, str] = field(default_factory=dict)
    """Entries of disks that were overwritten: they may be at the hub, or lost with the disk."""
    promised: dict[Place, tuple[str, int]] = field(default_factory=dict)
    """Those of them the hub had acknowledged: the fact, and how often it had been put back."""
    lost_tails: int = 0

    def disk_goes(self, till: "TillNode") -> None:
        """This till's disk is about to be overwritten by an older copy."""
        seen = on_disk(till)
        self.gone.update(seen.entries)
        hub = till.world.hub
        there = {
            (j, q, bytes(h)) for j, q, h in hub.rows("SELECT journal, seq, hash FROM hub_entry")
        }
        for place, fact in seen.entries.items():
            # What a hub put back has lost again is only on this disk, and goes with it.
            if place in there and place[1] <= seen.acked.get(place[0], 0):
                self.promised[place] = (fact, till.world.hub.rollbacks)


def on_disk(till: "TillNode") -> Seen:
    """What a till wrote itself, and how far the hub said that it has it."""
    from app.database import FILE_NAME, Database

    database = till.books.database if till.on else Database(till.folder / FILE_NAME)
    try:
        with database.read() as db:
            own = entry.c.journal.in_(select(own_journal.c.journal))
            rows = db.execute(
                select(entry.c.journal, entry.c.seq, entry.c.hash, entry.c.fact).where(own)
            ).all()
            acked = {row.journal: row.seq for row in db.execute(select(acknowledged))}
    finally:
        if not till.on:
            database.close()
    entries = {(row.journal, row.seq, bytes(row.hash)): row.fact for row in rows}
    return Seen(entries, acked)


def twice(facts: list[str]) -> list[str]:
    """Facts that are named more than once."""
    return [fact for fact, times in Counter(facts).items() if times > 1]
