"""One shelf, two tills that sell from it and hear of each other late, and the shelf itself."""

import random
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.facts.stock import AdjustedLine as Adjusted
from app.facts.stock import (
    CountClosed,
    CountedLine,
    GoodsReceived,
    KnownJournal,
    ReceivedLine,
    StockAdjusted,
)
from app.journal.rebuild import apply_entries
from app.journal.stored import StoredEntry
from app.meaning import MEANING
from app.stock.books import standings
from tests.support.entries import Writer
from tests.support.tills import MORNING, SHOP

PRODUCT, LOT, WHERE = "KP-A001", "lot-1", ("KP-A001", "lot-1", "shelf")
HEAD = {"shop": SHOP, "till": "1", "day": "2026-11-29", "shift": "s"}


@dataclass
class Till:
    """A till that knows its own journal and what reached it of the other's."""

    writer: Writer
    other: "Till | None" = None
    heard: int = 0
    """How many of the other's entries arrived here."""
    written: list[StoredEntry] = field(default_factory=list)

    def known(self) -> list[StoredEntry]:
        assert self.other is not None
        return [*self.writer.entries, *self.other.writer.entries[: self.heard]]


@dataclass
class Street:
    """Two tills that sell from one shelf, and the shelf itself."""

    db: Connection
    rng: random.Random
    shelf: int = 0
    now: int = MORNING + 10_000
    after_last_count: int = 0
    tills: list[Till] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tills = [Till(Writer(name, till=name)) for name in ("1", "2")]
        self.tills[0].other, self.tills[1].other = self.tills[1], self.tills[0]

    def tick(self) -> int:
        self.now += self.rng.randrange(1, 5_000)
        return self.now

    def take(self, till: Till, quantity: int) -> None:
        line = Adjusted(line=1, product=PRODUCT, lot=LOT, quantity=-quantity, reason="damaged")
        till.writer.write(StockAdjusted(**HEAD, document="x", lines=(line,)), order=self.tick())
        self.shelf -= quantity

    def bring(self, till: Till, quantity: int) -> None:
        line = ReceivedLine(line=1, product=PRODUCT, lot=LOT, quantity=quantity, unit_cost=1)
        till.writer.write(GoodsReceived(**HEAD, document="r", lines=(line,)), order=self.tick())
        self.shelf += quantity

    def steal(self, quantity: int) -> None:
        """Gone without a word: what a count is for."""
        self.shelf -= quantity

    def count(self, till: Till) -> None:
        """Counted now, closed a little later, with what this till knows by then."""
        moment, found = self.tick(), self.shelf
        if self.rng.random() < 0.5:
            self.take(till, 1000)
        assert till.other is not None
        self.db.exec_driver_sql("SAVEPOINT count")
        apply_entries(self.db, MEANING, till.known())
        said = standings(self.db, SHOP, {PRODUCT: moment}).get((PRODUCT, LOT, "shelf"))
        self.db.exec_driver_sql("ROLLBACK TO count")
        book, summed = (said.book, said.summed) if said else (0, 0)
        heard = till.other.writer.entries[: till.heard]
        known = ()
        if heard:
            known = (KnownJournal(journal=heard[-1].journal, order=heard[-1].order_ms),)
        line = CountedLine(
            product=PRODUCT,
            lot=LOT,
            counted=found,
            book=book,
            moved=found - summed,
            moment=moment,
        )
        order = self.tick()
        till.writer.write(
            CountClosed(
                **HEAD, count="c", document=f"c{order}", until=moment, known=known, lines=(line,)
            ),
            order=order,
        )

    def step(self) -> None:
        till = self.rng.choice(self.tills)
        assert till.other is not None
        do = self.rng.randrange(10)
        if do < 4:
            self.take(till, self.rng.randrange(1, 5) * 1000)
        elif do < 6:
            self.bring(till, self.rng.randrange(1, 9) * 1000)
        elif do == 6:
            self.steal(1000)
        elif do == 7:
            till.heard = self.rng.randint(till.heard, len(till.other.writer.entries))
        else:
            self.count(till)

    def play(self) -> None:
        """A day that begins with goods and ends with a count by a till that may know little."""
        self.bring(self.tills[0], 50_000)
        for _ in range(self.rng.randrange(6, 24)):
            self.step()
        self.count(self.rng.choice(self.tills))
        for _ in range(self.rng.randrange(0, 4)):
            self.take(self.rng.choice(self.tills), 1000)
