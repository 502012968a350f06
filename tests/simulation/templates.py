"""Folders every world begins from: a hub, and tills of filled shops that have joined it and met.

Filling a shop takes longer than a day of the simulator, so it is done once for all seeds; so is a
chain of a given shape, whose tills have sent what filled them and know each other. PINs are kept
with a cheap hash here: how dear a guess is, is measured elsewhere.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from argon2 import PasswordHasher

import sync.hub_line
from app import demo
from app.catalogue.queries import all_products
from app.clock import SettableClock
from app.ids import Ids, seeded
from app.journal.outbox import link_of
from app.opening import NewTill, OpenFolder, open_folder
from app.staff import actions as staff
from sync.hub.state import Hub
from sync.joining import enrol
from sync.worker import HubWorker
from tests.simulation.hub_node import HubNode
from tests.simulation.time_heap import HOUR, TimeHeap
from ui.startup import CATALOGUE

Shops = tuple[int, ...]
"""Tills of each shop."""
BEFORE_MS = 12 * HOUR


def tills_of(shops: Shops) -> list[tuple[str, str]]:
    """(shop, till) of a chain of this shape."""
    return [(f"KP{shop:02d}", str(number))
            for shop, count in enumerate(shops, 1) for number in range(1, count + 1)]  # fmt: skip


class _Straight:
    """A line that carries everything."""

    def __init__(self, hub: HubNode) -> None:
        self.hub = hub

    def ask(self, _method: str, path: str, *, body: bytes = b"", headers: Any) -> Any:
        from sync.channels.carrying import Answer

        return Answer(*self.hub.ask(path, dict(headers), body))


class Chain(msgspec.Struct, frozen=True):
    """The folders of one chain, to be copied and never opened."""

    folder: Path

    @property
    def hub(self) -> Path:
        return self.folder / "hub"

    def till(self, shop: str, number: str) -> Path:
        return self.folder / f"{shop}-{number}"


class Templates:
    """Chains in a folder, each made when it is asked for first."""

    def __init__(self, folder: Path, start_ms: int) -> None:
        self.folder = folder
        self.prices: dict[str, int] = {}
        self._start = start_ms - BEFORE_MS
        self._filled = folder / "filled"
        clock = SettableClock(self._start)
        self._empty_hub = folder / "empty-hub"
        Hub(self._empty_hub, clock=clock, ids=Ids(clock, seeded("hub template"))).close()

    def prepare(self, shapes: Iterable[Shops]) -> None:
        """Have these chains ready: whoever is forked later finds them."""
        for shops in shapes:
            self.of(shops)

    def of(self, shops: Shops) -> Chain:
        """The chain of this shape."""
        chain = Chain(self.folder / "-".join(map(str, shops)))
        if not chain.folder.exists():
            self._make(chain, shops)
        return chain

    def _make(self, chain: Chain, shops: Shops) -> None:
        chain.folder.mkdir()
        hub = HubNode(TimeHeap("templates", self._start), chain.hub, self._empty_hub)
        real = sync.hub_line.Line
        sync.hub_line.Line = lambda *_values, **_named: _Straight(hub)  # type: ignore
        opened = []
        try:
            for shop, number in tills_of(shops):
                shutil.copytree(self._till(shop, number), chain.till(shop, number))
                opened.append(self._joined(hub, chain, shop, number))
            for _round in range(2):
                for each in opened:
                    _meet(hub, each)
        finally:
            for each in opened:
                each.close()
            hub.close()
            sync.hub_line.Line = real  # type: ignore[misc]

    def _till(self, shop: str, number: str) -> Path:
        """A till whose shop was just filled; the same for every chain."""
        folder = self._filled / f"{shop}-{number}"
        if folder.exists():
            return folder
        dear = staff._hasher
        staff._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        clock = SettableClock(self._start)
        ids = Ids(clock, seeded(f"template {shop} {number}"))
        new = NewTill(shop=shop, till=number, keystore="file")
        try:
            opened = open_folder(folder, clock=clock, ids=ids, new=new, reserve=False)
            demo.fill(opened.books, CATALOGUE)
            with opened.books.read() as db:
                self.prices = {one.code: one.price for one in all_products(db, shop).values()}
            opened.close()
        finally:
            staff._hasher = dear
        return folder

    def _joined(self, hub: HubNode, chain: Chain, shop: str, number: str) -> OpenFolder:
        clock = SettableClock(self._start)
        ids = Ids(clock, seeded(f"joined {shop} {number}"))
        opened = open_folder(chain.till(shop, number), clock=clock, ids=ids, reserve=False)
        digits = enrol(opened.books, "http://127.0.0.1:1", hub.code(shop, number),
                       cut=lambda: False)  # fmt: skip
        hub.approve(opened.books.journal.device, digits)
        return opened


def _meet(hub: HubNode, opened: OpenFolder) -> None:
    """Send what waits, hear what is new, have it worked in."""
    with opened.books.read() as db:
        link = link_of(db)
    assert link is not None
    worker = HubWorker(opened.books, link, cut=lambda: False)
    worker.push_now(0)
    worker.close()
    assert not worker.shown().waiting
    hub.work()
