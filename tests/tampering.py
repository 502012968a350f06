"""Somebody with the disk in hand and without the key: whatever they do is found, and where.

`python -m tests.tampering --times 10000` does so many things to a till's file, each one taken back
before the next, and prints how many `verify` found and how many it located: an entry by journal
and place, a row or a sum by its table and key. The exit code is 0 only for all of them. What is
known outside the file is what an auditor brings: the till's public key, and the letters of the
last paper.
"""

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError

from app import feeds
from app.facts.base import Fact
from app.facts.catalogue import Product, ProductsSet
from app.facts.pricing import ListedPrice, PriceListSet
from app.facts.sales import RefundCompleted, SaleCompleted
from app.journal.entry import FIRST_PREV, hash6, hash_of
from app.journal.outbox import Link, join
from app.journal.problems import Problem, Report
from app.meaning import SUMS
from app.transaction import transaction
from app.verification import TABLES, verify
from tests.support.facts import a_shop_day
from tests.support.feeds import HUB_KEY, Feed
from tests.support.rare_facts import more_of_a_day
from tests.support.tills import MORNING, SHOP, TillInFolder

ENTRY = "journal, seq, fact, kind, order_ms, hash, sig, content"


class Place(NamedTuple):
    """Where something was done: an entry's place, or a row of a table by its key."""

    seq: int = 0
    table: str = ""
    key: str = ""

    def named_by(self, problem: Problem) -> bool:
        """Whether a problem names this place."""
        if self.seq:
            return problem.seq == self.seq
        return problem.detail.startswith(f"{self.table} {self.key}"[:150])


class Scene:
    """A till after a day with everything in it, and what an auditor knows from outside."""

    def __init__(self, folder: Path) -> None:
        self.till = TillInFolder(folder)
        self.till.record(*_numbered([*a_shop_day(), *more_of_a_day()]))
        with transaction(self.till.books) as tx:
            join(
                tx.connection,
                Link(self.till.books.journal.id, "https://hub.example", HUB_KEY, "i", 0),
            )
        feed = Feed("prices")
        line = ListedPrice(product="KP-A001", price=1750)
        feeds.take(
            self.till.books,
            [feed.next(PriceListSet(shop=SHOP, document="d", from_ms=MORNING, lines=(line,)))],
            hub_key=HUB_KEY,
        )
        goods = Feed("catalogue")
        tea = Product(code="12006", name="恩平簕菜茶", unit="盒", price=1800)
        feeds.take(
            self.till.books,
            [goods.next(ProductsSet(shop=SHOP, document="p", products=(tea,)))],
            hub_key=HUB_KEY,
        )
        self.db = self.till.books.database.writer
        self.journal = self.till.books.journal
        self.last, head, _order = self.journal.head(self.db)
        self.letters = hash6(bytes.fromhex(head))
        # A key of the thief's own: everything is possible but the till's.
        self.thief = Ed25519PrivateKey.from_private_bytes(b"thief" * 6 + b"!!")

    def check(self) -> Report:
        return verify(
            self.db,
            public_keys={self.journal.id: self.journal.public_key},
            expected_heads=[self.letters],
        )

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        self.db.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            self.db.exec_driver_sql("ROLLBACK")

    def entry(self, seq: int) -> Any:
        return self.db.exec_driver_sql(f"SELECT {ENTRY} FROM entry WHERE seq = ?", (seq,)).one()

    def put(self, place: int, /, **values: object) -> None:
        said = ", ".join(f"{name} = ?" for name in values)
        self.db.exec_driver_sql(f"UPDATE entry SET {said} WHERE seq = ?", (*values.values(), place))


def _numbered(facts: Sequence[Fact]) -> Iterator[Fact]:
    """The facts of a day, its receipts numbered one after the other."""
    number = 0
    for fact in facts:
        if isinstance(fact, SaleCompleted | RefundCompleted):
            number += 1
            fact = msgspec.structs.replace(fact, sequence=number)
        yield fact


Tamper = Callable[[Scene, random.Random], Sequence[Place]]
"""Does something to the file; the places where it has to be found."""


def _somewhere(scene: Scene, dice: random.Random) -> int:
    return dice.randint(1, scene.last)


def _touched(content: bytes, dice: random.Random) -> bytes:
    """One byte of it is another one."""
    at = dice.randrange(len(content))
    return content[:at] + bytes([content[at] ^ dice.randint(1, 255)]) + content[at + 1 :]


def edit(scene: Scene, dice: random.Random) -> Sequence[Place]:
    seq = _somewhere(scene, dice)
    scene.put(seq, content=_touched(scene.entry(seq).content, dice))
    return [Place(seq)]


def edit_and_hash(scene: Scene, dice: random.Random) -> Sequence[Place]:
    seq = _somewhere(scene, dice)
    content = _touched(scene.entry(seq).content, dice)
    scene.put(seq, content=content, hash=hash_of(content))
    return [Place(seq)]


def edit_and_sign(scene: Scene, dice: random.Random) -> Sequence[Place]:
    seq = _somewhere(scene, dice)
    content = _touched(scene.entry(seq).content, dice)
    scene.put(seq, content=content, hash=hash_of(content), sig=scene.thief.sign(hash_of(content)))
    return [Place(seq)]


def edit_hash_or_signature(scene: Scene, dice: random.Random) -> Sequence[Place]:
    seq, name = _somewhere(scene, dice), dice.choice(("hash", "sig"))
    scene.put(seq, **{name: _touched(getattr(scene.entry(seq), name), dice)})
    return [Place(seq)]


def edit_columns(scene: Scene, dice: random.Random) -> Sequence[Place]:
    seq = _somewhere(scene, dice)
    kind = scene.entry(dice.randint(1, scene.last)).kind
    change = {"kind": f"{kind}x", "order_ms": dice.randint(1, 2**50), "fact": f"f{seq}"}
    name = dice.choice(tuple(change))
    scene.put(seq, **{name: change[name]})
    return [Place(seq)]


def delete(scene: Scene, dice: random.Random) -> Sequence[Place]:
    seq = dice.randint(1, scene.last - 1)
    scene.db.exec_driver_sql("DELETE FROM entry WHERE seq = ?", (seq,))
    return [Place(seq)]


def delete_and_move_up(scene: Scene, dice: random.Random) -> Sequence[Place]:
    seq = dice.randint(2, scene.last - 1)
    scene.db.exec_driver_sql("DELETE FROM entry WHERE seq = ?", (seq,))
    for behind in range(seq + 1, scene.last + 1):
        scene.put(behind, seq=behind - 1)
    return [Place(seq)]


def swap(scene: Scene, dice: random.Random) -> Sequence[Place]:
    one, other = dice.sample(range(1, scene.last + 1), 2)
    scene.put(one, seq=-1)
    scene.put(other, seq=one)
    scene.put(-1, seq=other)
    return [Place(one), Place(other)]


def insert(scene: Scene, dice: random.Random) -> Sequence[Place]:
    """A true entry once more, or one of the thief's, behind the last."""
    row, seq = scene.entry(_somewhere(scene, dice)), scene.last + 1
    content, sig = row.content, row.sig
    if dice.random() < 0.5:
        prev = scene.entry(scene.last).hash.hex()
        said = msgspec.json.decode(content) | {"seq": seq, "prev": prev, "fact": f"new-{seq}"}
        content = msgspec.json.encode(said)
        sig = scene.thief.sign(hash_of(content))
    scene.db.exec_driver_sql(
        f"INSERT INTO entry ({ENTRY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (row.journal, seq, f"new-{seq}", row.kind, row.order_ms, hash_of(content), sig, content),
    )
    return [Place(seq)]


def cut_tail(scene: Scene, dice: random.Random) -> Sequence[Place]:
    first = dice.randint(2, scene.last)
    scene.db.exec_driver_sql("DELETE FROM entry WHERE seq >= ?", (first,))
    return [Place(first)]


def chain_anew(scene: Scene, dice: random.Random) -> Sequence[Place]:
    """An entry is changed, and every hash behind it made to fit; signed by the thief or not."""
    first, signs = dice.randint(2, scene.last), dice.random() < 0.5
    prev = scene.entry(first - 1).hash.hex()
    for seq in range(first, scene.last + 1):
        said = msgspec.json.decode(scene.entry(seq).content) | {"prev": prev}
        if seq == first:
            said["wall"] += dice.randint(1, 10**6)
        prev = _write(scene, seq, said, scene.thief if signs else None)
    return [Place(first)]


def replace_key(scene: Scene, dice: random.Random) -> Sequence[Place]:
    """The whole journal as the thief would have written it, under the thief's own key."""
    prev = FIRST_PREV
    changed = dice.randint(2, scene.last)
    for seq in range(1, scene.last + 1):
        said = msgspec.json.decode(scene.entry(seq).content) | {"prev": prev}
        if seq == 1:
            said["public_key"] = scene.thief.public_key().public_bytes_raw().hex()
        if seq == changed:
            said["wall"] += 1
        prev = _write(scene, seq, said, scene.thief)
    return [Place(1)]


def _write(scene: Scene, seq: int, said: Any, key: Ed25519PrivateKey | None) -> str:
    content = msgspec.json.encode(said)
    made = hash_of(content)
    scene.put(seq, content=content, hash=made, **({"sig": key.sign(made)} if key else {}))
    return made.hex()


# --- What entries mean ---------------------------------------------------------------------------

_SUMS = {each.table.name for each in SUMS}


def edit_row(scene: Scene, dice: random.Random) -> Sequence[Place]:
    return _edit_row(scene, dice, [each for each in TABLES if each.name not in _SUMS])


def edit_sum(scene: Scene, dice: random.Random) -> Sequence[Place]:
    return _edit_row(scene, dice, [each.table for each in SUMS])


def _edit_row(scene: Scene, dice: random.Random, tables: Sequence[Table]) -> Sequence[Place]:
    table, row = _some_row(scene, dice, tables)
    column = dice.choice([each for each in table.columns if not each.primary_key])
    value = row[column.name]
    other = value + dice.choice((-1, 1)) if isinstance(value, int) else f"{value}x"
    where, keys = _where(table, row)
    scene.db.exec_driver_sql(
        f"UPDATE {table.name} SET {column.name} = ? WHERE {where}", (other, *keys)
    )
    return [_row_place(table, row)]


def delete_row(scene: Scene, dice: random.Random) -> Sequence[Place]:
    table, row = _some_row(scene, dice, TABLES)
    where, keys = _where(table, row)
    scene.db.exec_driver_sql(f"DELETE FROM {table.name} WHERE {where}", keys)
    return [_row_place(table, row)]


def insert_row(scene: Scene, dice: random.Random) -> Sequence[Place]:
    """A row like another, under a key of its own."""
    table, row = _some_row(scene, dice, TABLES)
    keys = [each for each in table.primary_key if each.name not in ("shop", "owner")]
    chosen = dice.choice(keys)
    value = row[chosen.name]
    row[chosen.name] = value + 1_000 if isinstance(value, int) else f"{value}z"
    names = ", ".join(row)
    marks = ", ".join("?" * len(row))
    scene.db.exec_driver_sql(
        f"INSERT INTO {table.name} ({names}) VALUES ({marks})", tuple(row.values())
    )
    return [_row_place(table, row)]


def edit_received(scene: Scene, dice: random.Random) -> Sequence[Place]:
    """What head office sent: its bytes, its hash, or its signature."""
    rows = scene.db.exec_driver_sql(
        "SELECT scope, arrived, version, hash, sig, content FROM received_feed"
    ).all()
    row, name = dice.choice(rows), dice.choice(("hash", "sig", "content"))
    changed = {name: _touched(getattr(row, name), dice)}
    if name == "content" and dice.random() < 0.5:
        changed["hash"] = hash_of(changed["content"])
    said = ", ".join(f"{each} = ?" for each in changed)
    scene.db.exec_driver_sql(
        f"UPDATE received_feed SET {said} WHERE scope = ? AND arrived = ?",
        (*changed.values(), row.scope, row.arrived),
    )
    return [Place(0, row.scope, str(row.version))]


def _some_row(
    scene: Scene, dice: random.Random, tables: Sequence[Table]
) -> tuple[Table, dict[str, Any]]:
    while True:
        table = dice.choice(tables)
        plain = [each for each in table.columns if not each.primary_key]
        rows = scene.db.execute(table.select()).mappings().all()
        if rows and plain:
            return table, dict(dice.choice(rows))


def _where(table: Table, row: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
    names = [each.name for each in table.primary_key]
    return " AND ".join(f"{name} = ?" for name in names), tuple(row[name] for name in names)


def _row_place(table: Table, row: dict[str, Any]) -> Place:
    key = ",".join(f"{each.name}={row[each.name]}" for each in table.primary_key)
    return Place(0, table.name, key)


TAMPERINGS: tuple[Tamper, ...] = (
    *(edit, edit_and_hash, edit_and_sign, edit_hash_or_signature, edit_columns),
    *(delete, delete_and_move_up, swap, insert, cut_tail, chain_anew, replace_key),
    *(edit_row, edit_sum, delete_row, insert_row, edit_received),
)


class Missed(NamedTuple):
    """One that was not found, or not where it was done."""

    what: str
    places: Sequence[Place]
    problems: Sequence[Problem]


def tampered(
    scene: Scene, times: int, seed: int, say: Callable[[str], object]
) -> tuple[Counter[str], list[Missed]]:
    """Do so many things in turn; (what was counted, what was missed)."""
    dice, counted, missed = random.Random(seed), Counter[str](), []
    while counted["tampered"] < times:
        tamper = TAMPERINGS[counted["tampered"] % len(TAMPERINGS)]
        with scene.taken_back():
            try:
                places = tamper(scene, dice)
            except IntegrityError:
                # The database itself would not take it: nothing was done.
                continue
            report = scene.check()
        found = not report.ok
        located = found and all(
            any(place.named_by(problem) for problem in report.problems) for place in places
        )
        counted += Counter(tampered=1, found=found, located=located)
        if not located:
            missed.append(Missed(tamper.__name__, places, report.problems))
        if counted["tampered"] % 500 == 0:
            say(f"{counted['tampered']} tampered, {counted['located']} located")
    return counted, missed


def _main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parsed = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pos-tampering-") as folder:
        scene = Scene(Path(folder) / "till")
        try:
            assert scene.check().ok, scene.check().problems
            counted, missed = tampered(
                scene, parsed.times, parsed.seed, lambda line: print(line, file=sys.stderr)
            )
        finally:
            scene.till.close()
    for each in missed[:10]:
        print(each, file=sys.stderr)
    print(json.dumps({name: counted[name] for name in ("tampered", "found", "located")}))
    return 0 if counted["located"] == parsed.times else 1


if __name__ == "__main__":
    sys.exit(_main())
