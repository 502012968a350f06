"""Folders every world begins from: a hub, and tills of a filled shop that have joined it.

Filling a shop takes longer than a day of the simulator, so it is done once for all seeds. PINs are
kept with a cheap hash here: how dear a guess is, is measured elsewhere.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from argon2 import PasswordHasher

import sync.hub_line
from app import demo
from app.catalogue.queries import all_products
from app.clock import SettableClock
from app.ids import Ids, seeded
from app.opening import NewTill, open_folder
from app.staff import actions as staff
from sync.hub.state import Hub
from sync.joining import enrol
from tests.simulation.hub_node import HubNode
from tests.simulation.time_heap import HOUR, TimeHeap
from ui.startup import CATALOGUE

SHOPS, TILLS = ("KP01", "KP02", "KP03"), ("1", "2", "3", "4")
EVERY_TILL = tuple((shop, number) for shop in SHOPS for number in TILLS)
PRICES = "prices.json"
BEFORE_MS = 12 * HOUR


class _Straight:
    """A line that carries everything."""

    def __init__(self, hub: HubNode) -> None:
        self.hub = hub

    def ask(self, _method: str, path: str, *, body: bytes = b"", headers: Any) -> Any:
        from sync.channels.carrying import Answer

        return Answer(*self.hub.ask(path, dict(headers), body))


class Templates:
    """Made once in a folder; whoever finds them there uses them."""

    def __init__(
        self, folder: Path, start_ms: int, tills: Sequence[tuple[str, str]] = EVERY_TILL
    ) -> None:
        self.folder = folder
        self._tills = tills
        self.hub = folder / "hub"
        self.prices: dict[str, int] = {}
        self._start = start_ms - BEFORE_MS
        if not (folder / PRICES).exists():
            self._make()
        self.prices = msgspec.json.decode((folder / PRICES).read_bytes())

    def till(self, shop: str, number: str) -> Path:
        """The folder of one till."""
        return self.folder / f"{shop}-{number}"

    def _make(self) -> None:
        clock = SettableClock(self._start)
        empty = self.folder / "empty-hub"
        Hub(empty, clock=clock, ids=Ids(clock, seeded("hub template"))).close()
        heap = TimeHeap("templates", self._start)
        hub = HubNode(heap, self.hub, empty)
        dear, real = staff._hasher, sync.hub_line.Line
        staff._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        sync.hub_line.Line = lambda *_values, **_named: _Straight(hub)  # type: ignore
        try:
            for shop, number in self._tills:
                self._make_till(clock, hub, shop, number)
        finally:
            staff._hasher, sync.hub_line.Line = dear, real  # type: ignore[misc]
            hub.close()
        (self.folder / PRICES).write_bytes(msgspec.json.encode(self.prices))

    def _make_till(self, clock: SettableClock, hub: HubNode, shop: str, number: str) -> None:
        ids = Ids(clock, seeded(f"template {shop} {number}"))
        new = NewTill(shop=shop, till=number, keystore="file")
        opened = open_folder(self.till(shop, number), clock=clock, ids=ids, new=new, reserve=False)
        demo.fill(opened.books, CATALOGUE)
        digits = enrol(opened.books, "http://127.0.0.1:1", hub.code(shop, number),
                       cut=lambda: False)  # fmt: skip
        hub.approve(opened.books.journal.device, digits)
        with opened.books.read() as db:
            self.prices = {one.code: one.price for one in all_products(db, shop).values()}
        opened.close()
