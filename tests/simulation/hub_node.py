"""The hub as one machine of the chain: its real application, called in place of a socket.

Requests are served one after the other on the one thread there is. It may be killed between any
two statements, and put back from an older copy, with or without anybody saying so.
"""

import asyncio
import gc
import shutil
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Table
from sqlalchemy.exc import SQLAlchemyError

from app.database import sqlite
from app.ids import Ids, seeded
from app.row_writer import driver_of
from sync.hub import office
from sync.hub.application import application
from sync.hub.database import FILE_NAME
from sync.hub.projecting import Projection
from sync.hub.state import KEY_FILE, Hub
from tests.simulation.driven_disk import DISKS, Disk, Killed
from tests.simulation.time_heap import SECOND, MachineClock, TimeHeap


class _InPlace(ThreadPoolExecutor):
    """Runs what is handed in at once, on the thread that hands it in."""

    def submit(self, fn: Any, /, *values: Any, **named: Any) -> Any:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*values, **named))
        except BaseException as error:
            done.set_exception(error)
        return done


class _Hub:
    """In the place of a hub's state, for an application that outlives many of them."""

    now: Hub

    def __getattr__(self, name: str) -> Any:
        return getattr(_Hub.now, name)


@cache
def one_application() -> Any:
    """Its routes take longer to make than a till's day, and hold nothing of any one
    hub that a till could ask for."""
    return application(_Hub())  # type: ignore[arg-type]


@cache
def _all_of(table: Table) -> str:
    return f'SELECT {", ".join(table.columns.keys())} FROM "{table.name}" WHERE '


class HubDown(Exception):
    """Nobody answers."""


class HubNode:
    """One hub, up or down."""

    def __init__(self, heap: TimeHeap, folder: Path, template: Path) -> None:
        self.heap = heap
        self.folder = folder
        self.clock = MachineClock(heap)
        self.disk = DISKS[str(folder)] = Disk(folder)
        self.loop = asyncio.new_event_loop()
        self.loop.set_default_executor(_InPlace())
        self.copies: list[Path] = []
        self.starts = 0
        self.rollbacks = 0
        """How often it was put back from a copy: what it acknowledged before may be gone."""
        self.up = False
        self.deaths = self.asked = 0
        shutil.copytree(template, folder)
        self.start()

    def start(self) -> None:
        """Come up, from whatever lies on the disk."""
        self.starts += 1
        self.disk.dead = False
        ids = Ids(self.clock, seeded(f"hub {self.folder.name} {self.starts}"))
        self.hub = Hub(self.folder, clock=self.clock, ids=ids)
        self.projection = Projection(self.hub.database)
        _Hub.now = self.hub
        self.app = one_application()
        self.up = True

    def stop(self) -> None:
        """Go down in order, or be found dead."""
        self.up = False
        self.disk.dead = False
        self.hub.close()

    def die(self, away_ms: int) -> None:
        """The process is gone; somebody starts it again after a while."""
        self.deaths += 1
        self.heap.sometimes("hub killed")
        self.stop()
        # Of a dead process nothing lives: what its frames held open would lock the next one out.
        gc.collect()
        self.heap.after(away_ms, self._again)

    def _again(self) -> None:
        if not self.up:
            self.start()

    # --- being asked -----------------------------------------------------------------------

    def ask(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str],
                                                                            bytes]:  # fmt: skip
        """What it answers. Raises HubDown when it dies over it, or was down already."""
        self.asked += 1
        if not self.up:
            raise HubDown
        said: dict[str, Any] = {"body": b""}
        sent = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1",
                 "method": "POST", "scheme": "http", "path": path, "raw_path": path.encode(),
                 "query_string": b"", "root_path": "", "headers": sent,
                 "client": ("till", 1), "server": ("hub", 80), "state": {}}  # fmt: skip

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                said["status"], said["headers"] = message["status"], message["headers"]
            else:
                said["body"] += message["body"]

        _Hub.now = self.hub
        with suppress(Killed, SQLAlchemyError):
            self.loop.run_until_complete(self.app(scope, receive, send))
        if self.disk.dead:
            self.die(self.heap.rng["net"].randrange(5, 180) * SECOND)
            raise HubDown
        headers_back = {name.decode().title(): value.decode() for name, value in said["headers"]}
        return said["status"], headers_back, said["body"]

    def work(self) -> None:
        """Work stored batches in, as its second thread would."""
        if not self.up:
            return
        try:
            self.projection.work()
        except (Killed, SQLAlchemyError):
            if not self.disk.dead:
                raise
            self.die(self.heap.rng["net"].randrange(5, 180) * SECOND)

    # --- copies ----------------------------------------------------------------------------

    def copy(self) -> None:
        """Somebody makes a copy of the whole hub."""
        if not self.up:
            return
        target = self.folder.with_name(f"{self.folder.name}-copy{len(self.copies)}")
        target.mkdir()
        shutil.copy(self.folder / KEY_FILE, target)
        with self.hub.database.engine.connect() as db:
            copy = sqlite.connect(str(target / FILE_NAME))
            db.connection.driver_connection.backup(copy)  # type: ignore[union-attr]
            copy.close()
        self.copies.append(target)

    def put_back(self, copy: Path, *, openly: bool) -> None:
        """It stands as it stood then; `openly` it says so by a new incarnation."""
        if self.up:
            self.stop()
        shutil.rmtree(self.folder)
        shutil.copytree(copy, self.folder)
        self.rollbacks += 1
        self.start()
        self.heap.sometimes("hub rolled back")
        if openly:
            self.hub.renew()

    # --- for people and checks -------------------------------------------------------------

    def code(self, shop: str, till: str) -> str:
        """Head office hands out a one-time code."""
        return office.enrol_code(self.hub, shop=shop, till=till)

    def approve(self, device: str, fingerprint: str) -> None:
        """Head office lets a till in."""
        office.approve_device(self.hub, device=device, fingerprint_shown=fingerprint)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What its tables say."""
        with self.hub.database.begin() as db:
            return [tuple(row) for row in db.exec_driver_sql(sql)]

    def tables(self, among: Sequence[Table], where: str = "1") -> list[list[tuple[Any, ...]]]:
        """The rows of these tables, in one view."""
        with self.hub.database.begin() as db:
            driver = driver_of(db)
            return [driver.execute(_all_of(table) + where).fetchall() for table in among]

    def close(self) -> None:
        if self.up:
            self.stop()
        self.loop.close()
