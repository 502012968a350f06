"""A shop is counted by three people while two tills sell and hear late of one another.

`python -m tests.chaos.counting --lots 5000 [--seed S]` prints one JSON line of figures; exit 0 only
if both tills end with what stands on the shelves, article by article, and the differences that were
booked are worth what was lost and found.
"""

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from app.catalogue.search import refresh
from app.clock import SettableClock, parse_time
from app.facts.catalogue import Product, ProductsSet
from app.facts.stock import ReceivedLine
from app.ids import Ids, seeded
from app.journal.rebuild import apply_entries
from app.journal.stored import after
from app.meaning import MEANING
from app.sales.stocktaking import Stocktaking
from app.staff.rules import Approver
from app.stock import books as stock_books
from app.stock import counting
from app.stock.actions import receive
from app.stock.count_review import Difference
from app.transaction import transaction
from ui.startup import Till, open_demo

MORNING = parse_time("2026-12-07T09:00:00+08:00")
LEAD, MANAGER = ("201", "135791"), Approver("302", "975318")
ZONES = tuple(f"A{n}" for n in range(1, 11))
COST = 1_000_000
"""One yuan a piece: what is lost and found is worth what it counts."""
PIECE = 1000
MARKS = ("sales", "entries", "undone", "recounted", "parts", "deaths")
HARM = ("wrong_articles", "tills_differ", "wrong_worth", "not_closed")


class Person:
    """Somebody who walks along shelves with a scanner joined to a till."""

    def __init__(self, name: str, till: int, walk: list[tuple[str, str]]) -> None:
        self.name, self.till, self.walk = name, till, walk


@dataclass
class Shop:
    """Two tills in folders of their own, the shelves, and what is known of both."""

    rng: random.Random
    clock: SettableClock
    folders: list[Path]
    tills: list[Till] = field(default_factory=list)
    shelf: dict[tuple[str, str], int] = field(default_factory=dict)
    """(article, zone) -> pieces that stand there."""
    owed: dict[str, int] = field(default_factory=dict)
    """What was lost (negative) and found of an article before the count, in pieces."""
    heard: list[int] = field(default_factory=lambda: [0, 0])
    marks: Counter[str] = field(default_factory=Counter)

    def begin(self, number: int) -> None:
        """Open a till, as in the morning or after it died."""
        ids = Ids(self.clock, seeded(f"till {number} {self.marks['deaths']}"))
        opened = open_demo(self.folders[number], till=str(number + 1), stock=False,
                           clock=self.clock, ids=ids, reserve=False)  # fmt: skip
        till = Till(opened)
        self.tills[number : number + 1] = [till]
        till.counter.desk.sign_in(*LEAD)
        if till.counter.desk.shift is None:
            till.counter.desk.open_shift(0)

    def die(self, number: int) -> None:
        """The till goes without a word and comes back."""
        self.tills[number].opened.close()
        self.marks["deaths"] += 1
        self.clock.advance(1000)
        self.begin(number)

    def tell(self, source: int, most: int | None = None) -> None:
        """The other till hears what this one wrote, all of it or so many entries."""
        books, other = self.tills[source].books, self.tills[1 - source].books
        with books.read() as db:
            new = list(after(db, books.journal.id, self.heard[source]))[:most]
        with transaction(other) as tx:
            apply_entries(tx.connection, MEANING, new)
        self.heard[source] += len(new)

    def sell(self, number: int) -> None:
        """A customer takes what stands there and pays for it."""
        self.clock.advance(self.rng.randrange(50, 1500))
        counter = self.tills[number].counter
        for _ in range(self.rng.randrange(1, 4)):
            article, zone = self.rng.choice(list(self.shelf))
            if (there := self.shelf[article, zone]) == 0:
                continue
            pieces = self.rng.randint(1, min(3, there))
            counter.add(article, str(pieces))
            self.shelf[article, zone] -= pieces
        if counter.basket.lines:
            counter.checkout()
            counter.pay_cash(None)
            self.marks["sales"] += 1

    def stands(self, article: str) -> int:
        """Pieces of an article on all shelves."""
        return sum(n for (code, _zone), n in self.shelf.items() if code == article)

    def known(self, number: int) -> dict[str, int]:
        """Pieces by article, as a till's books have them."""
        books = self.tills[number].books
        with books.read() as db:
            found: dict[str, int] = {}
            for (article, _lot, _place), quantity in stock_books.on_hand(db, books.shop).items():
                found[article] = found.get(article, 0) + quantity
        return {article: quantity // PIECE for article, quantity in found.items()}

    def close(self) -> None:
        for till in self.tills:
            till.close()


def run(
    work: Path, *, lots: int, seed: int = 1, sales: int = 0, dies: bool = True
) -> dict[str, Any]:
    """One campaign; the figures."""
    began = monotonic()
    rng = random.Random(seed)
    shop = Shop(rng, SettableClock(MORNING), [work / "till-1", work / "till-2"])
    for number in range(2):
        shop.begin(number)
    articles = _goods_in(shop, lots)
    _lose_and_find(shop, articles)
    _both_know_everything(shop)
    sales = sales or max(40, len(articles))
    try:
        closed = _count(shop, articles, sales, dies=dies)
        for _ in range(sales // 4):
            shop.sell(rng.randrange(2))
        _both_know_everything(shop)
        late = _late(shop)
        again = _count_late_doubts(shop)
        _both_know_everything(shop)
        return _figures(shop, articles, lots, closed, late, again) | {
            "seed": seed,
            "seconds": round(monotonic() - began, 1),
        }
    finally:
        shop.close()


def _goods_in(shop: Shop, lots: int) -> list[str]:
    """Articles of two or three lots each, received at till 1 and put on one shelf or two."""
    count = max(4, lots * 2 // 5)
    goods = [
        Product(code=f"7{n:05d}", name=f"货{n}", unit="件", price=500, cost=COST)
        for n in range(count)
    ]
    with transaction(shop.tills[0].books, staff="301") as tx:
        for start in range(0, count, 90):
            some = tuple(goods[start : start + 90])
            tx.record(ProductsSet(shop=tx.shop, document="grown", products=some))
        refresh(tx, goods)
        lines = []
        for n in range(lots):
            code = goods[n % count].code
            pieces = shop.rng.randrange(2, 20)
            lines.append(
                ReceivedLine(
                    line=n + 1,
                    product=code,
                    lot=tx.ids.new(),
                    batch=f"P{n}",
                    quantity=pieces * PIECE,
                    unit_cost=COST,
                )
            )
            zone = ZONES[(n % count) % len(ZONES)]
            if n // count == 1 and n % 10 == 0:
                # Every tenth article has a second shelf at the far end.
                zone = ZONES[((n % count) + 5) % len(ZONES)]
            shop.shelf[code, zone] = shop.shelf.get((code, zone), 0) + pieces
        receive(tx, lines, supplier="x")
    for till in shop.tills:
        till.counter.desk.reload()
    return [each.code for each in goods]


def _lose_and_find(shop: Shop, articles: Sequence[str]) -> None:
    for article in shop.rng.sample(list(articles), max(2, len(articles) // 20)):
        zone = next(zone for code, zone in shop.shelf if code == article)
        by = shop.rng.choice((-2, -1, 1))
        by = max(by, -shop.shelf[article, zone])
        shop.shelf[article, zone] += by
        shop.owed[article] = by


def _both_know_everything(shop: Shop) -> None:
    for number in range(2):
        shop.tell(number)
    for till in shop.tills:
        till.counter.desk.reload()


def _count(
    shop: Shop, articles: Sequence[str], sales: int, *, dies: bool
) -> tuple[Difference, ...]:
    """Three people, two tills, one count; till 2 goes on selling unheard while it is closed."""
    rng = shop.rng
    name = Stocktaking(shop.tills[0].counter.desk).open(ZONES)
    shop.tell(0)
    spots = sorted(shop.shelf, key=lambda spot: (ZONES.index(spot[1]), spot[0]))
    people = [
        Person("102", 0, spots[0::3]),
        Person("103", 0, spots[1::3]),
        Person("104", 1, spots[2::3]),
    ]
    share = sales / max(1, len(spots))
    due = 0.0
    while walking := [person for person in people if person.walk]:
        person = rng.choice(walking)
        _find(shop, name, person, *person.walk.pop(0))
        due += share
        while due >= 1:
            due -= 1
            shop.sell(rng.randrange(2))
        if rng.random() < 0.05:
            shop.tell(rng.randrange(2), rng.randrange(1, 30))
        if dies and rng.random() < 2 / len(spots):
            shop.die(rng.randrange(2))
    # The closing till has every entry of the other's counter, and not what it sells from now on.
    shop.tell(1)
    for _ in range(5):
        shop.sell(1)
    _again(shop, name)
    return _close(shop, name, dies=dies)


def _find(shop: Shop, name: str, person: Person, article: str, zone: str) -> None:
    """One article on one shelf: scanned piece by piece or typed, with slips taken back."""
    rng = shop.rng
    taking = Stocktaking(shop.tills[person.till].counter.desk)
    here = {"zone": zone, "counter": person.name}
    shop.clock.advance(rng.randrange(100, 2000))
    if rng.random() < 0.1:
        taking.enter(name, article, str(rng.randrange(1, 50)), **here)
        shop.clock.advance(300)
        taking.undo(name, person.name)
        shop.marks["undone"] += 1
    pieces = shop.shelf[article, zone]
    first = rng.randint(0, pieces)
    for part in [first, pieces - first] if rng.random() < 0.3 else [pieces]:
        taking.enter(name, article, str(part), **here)
        shop.marks["entries"] += 1
        shop.clock.advance(rng.randrange(50, 500))


def _again(shop: Shop, name: str) -> None:
    """The shelves a count asks for again, by somebody else, until it asks for none."""
    taking = Stocktaking(shop.tills[0].counter.desk)
    for _ in range(10):
        asked = taking.status(name).again
        if not asked:
            return
        for article in dict.fromkeys(article for article, _why in asked):
            for code, zone in list(shop.shelf):
                if code == article:
                    shop.clock.advance(700)
                    taking.enter(name, article, str(shop.shelf[code, zone]), zone=zone,
                                 counter="105", replace=True)  # fmt: skip
                    shop.marks["recounted"] += 1
        shop.clock.advance(6000)


def _close(shop: Shop, name: str, *, dies: bool) -> tuple[Difference, ...]:
    """Decide, then book part by part; tills sell in between, and once the power goes."""
    with _slowly(shop, die_after=2 if dies else -1):
        done = Stocktaking(shop.tills[0].counter.desk).close(name, MANAGER)
    if dies and shop.marks["parts"] >= 2:
        shop.die(0)
    return done.differences


@contextmanager
def _slowly(shop: Shop, *, die_after: int) -> Iterator[None]:
    """Between two parts of a close both tills sell; after so many the rest is left undone."""
    whole = counting.finish_postings

    def finish(books: Any) -> int:
        done = 0
        while done != die_after and counting.post_next(books):
            done += 1
            shop.sell(0)
            shop.sell(1)
        shop.marks["parts"] += done
        return done

    counting.finish_postings = finish
    try:
        yield
    finally:
        counting.finish_postings = whole


def _late(shop: Shop) -> dict[str, int]:
    """Pieces by article that were counted before anybody heard that they had moved."""
    books = shop.tills[0].books
    found: dict[str, int] = {}
    with books.read() as db:
        for (article, _lot, _place), quantity in stock_books.late(db, books.shop).items():
            found[article] = found.get(article, 0) + quantity // PIECE
    return found


def _count_late_doubts(shop: Shop) -> set[str]:
    """Articles of which it was heard later that they moved between two shelves' entries."""
    taking = Stocktaking(shop.tills[0].counter.desk)
    [one] = taking.all_counts()
    doubts = dict.fromkeys(article for article, why in taking.status(one.count).again)
    if not doubts:
        return set()
    name = taking.open(ZONES)
    for article in doubts:
        for code, zone in list(shop.shelf):
            if code == article:
                shop.clock.advance(700)
                taking.enter(name, article, str(shop.shelf[code, zone]), zone=zone, counter="106")
    _again(shop, name)
    taking.close(name, MANAGER)
    return set(doubts)


def _figures(
    shop: Shop,
    articles: Sequence[str],
    lots: int,
    closed: Sequence[Difference],
    late: dict[str, int],
    again: set[str],
) -> dict[str, Any]:
    mine, theirs = shop.known(0), shop.known(1)
    wrong = [code for code in articles if mine.get(code, 0) != shop.stands(code)]
    worth = sum(each.value for each in closed)
    with shop.tills[0].books.read() as db:
        rows = db.exec_driver_sql("SELECT count(*) FROM count_posting").scalar()
    return {
        "lots": lots,
        "articles": len(articles),
        "lines": sum(len(each.lines) for each in closed),
        **{name: shop.marks[name] for name in MARKS},
        "late_movements": len(late),
        "counted_again_later": len(again),
        "wrong_articles": len(wrong),
        "tills_differ": sum(1 for code in articles if mine.get(code, 0) != theirs.get(code, 0)),
        # What a close knew nothing of is in its worth, as is the doubt of an article in doubt.
        "wrong_worth": sum(
            1
            for each in closed
            if (code := each.found.product) not in again
            and each.value != (shop.owed.get(code, 0) + late.get(code, 0)) * 100
        ),
        "not_closed": int(rows or 0),
        "net_yuan": worth // 100,
    }


def harm(figures: dict[str, Any]) -> int:
    """How much of what must never happen happened."""
    return sum(int(figures[name]) for name in HARM)


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.counting", description=__doc__)
    parser.add_argument("--lots", type=int, default=5000)
    parser.add_argument("--sales", type=int, default=0, help="0: as many as articles")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="counting-") as place:
        figures = run(Path(place), lots=options.lots, seed=options.seed, sales=options.sales)
    print(json.dumps(figures, ensure_ascii=False))
    return 1 if harm(figures) else 0


if __name__ == "__main__":
    sys.exit(_main())
