"""A process that has the till's program loaded and forks tills that are going to be killed.

Loading the program costs half a second, forking a till that has it costs a hundredth. Each till
runs the console of the product, on pipes of its own, in a demo folder under a clock that stands
still. Nothing of the product is changed but three things: PINs are checked with a cheap hash (what
they cost is measured elsewhere), SQL that one till compiled the next ones have as well, and the
console knows one more command, `look`.

Faults to plant are named in the request and built in here, never in the product.
"""

import ctypes
import gc
import importlib
import io
import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

import app.database
import app.demo
import app.lifting
import app.migrations.run
import app.opening
import app.print_queue
import app.sales.actions
import app.staff.actions
import app.transaction
from app.clock import SettableClock, parse_time
from app.errors import ShopError, Trouble
from app.opening import NewTill, open_folder
from tests.crash.look import LOOK
from tests.support.statements import Statements, sharing
from ui.console import Commands, Seat, talk
from ui.console_commands import COMMANDS
from ui.startup import Till, open_demo, system_ids

NOON = "2026-12-07T14:02:00+08:00"
SECOND_LIBRARY = "sqlite" + "3"
WARMING = (
    {"do": "sign_in", "staff": "101", "pin": "246810"},
    {"do": "open_shift", "float": "500.00"},
    {"do": "scan", "code": "6900000110140"},
    {"do": "pay", "tender": "cash"},
    {"do": "reprint"},
    {"do": "look", "verify": True},
)
_ALLOW_ANY_TRACER = (0x59616D61, ctypes.c_ulong(-1))


def serve(control: socket.socket) -> None:
    """Fork a till for every request; answer its process id, later how it ended."""
    app.staff.actions._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    app.database.create_engine = sharing(app.database.create_engine, Statements())
    while True:
        message, handles, _, _ = socket.recv_fds(control, 65536, 3)
        if not message:
            return
        request = json.loads(message)
        if reaped := request.get("reap"):
            answer = os.waitpid(reaped, 0)[1]
        elif warm := request.get("warm"):
            answer = _warm_up(Path(warm))
        else:
            answer = os.fork()
            if answer == 0:
                control.close()
                _be_a_till(request, handles)
            for handle in handles:
                os.close(handle)
        control.sendall(json.dumps(answer).encode() + b"\n")


def _warm_up(folder: Path) -> int:
    """Sell once here, so that every till forked later has loaded what selling needs.

    The folder is closed again before anybody is forked: no lock and no handle is inherited.
    """
    lines = io.StringIO("".join(json.dumps(line) + "\n" for line in WARMING))
    clock = SettableClock(parse_time(NOON))
    _, ids = system_ids(clock)
    till = Till(open_demo(folder, till="1", stock=True, clock=clock, ids=ids, reserve=False))
    try:
        talk(Commands.joined(COMMANDS, LOOK), Seat(till, clock), lines, io.StringIO())
    finally:
        till.close()
    gc.collect()
    gc.freeze()
    return 0


def _be_a_till(request: dict[str, Any], handles: list[int]) -> None:
    """Run the console on the three pipes; never returns."""
    code = 1
    try:
        for number, handle in enumerate(handles):
            os.dup2(handle, number)
            os.close(handle)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        # Where only ancestors may trace a process, this one says that anybody may.
        ctypes.CDLL(None).prctl(*_ALLOW_ANY_TRACER, 0, 0, 0)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - its own for life
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        # The other side attaches its tracer first, and then says go.
        os.read(0, 1)
        code = _console(request)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _console(request: dict[str, Any]) -> int:
    """What `pos console --demo --clock` does, with the faults that were asked for."""
    for plant in request.get("plant", ()):
        PLANTS[plant]()
    clock = SettableClock(parse_time(request.get("clock", NOON)))
    _, ids = system_ids(clock)
    try:
        if request.get("begin_again"):
            _begin_again(Path(request["folder"]), clock)
        opened = open_demo(
            Path(request["folder"]),
            till="1",
            stock=True,
            clock=clock,
            ids=ids,
            reserve=bool(request.get("reserve", False)),
        )
    except ShopError as error:
        print(json.dumps({"refused": error.code}), flush=True)
        return 3
    till = Till(opened)
    if "second_library" in request.get("plant", ()):
        till.counter.watchers.append(lambda _counter: _touch(opened.folder / "till.db"))
    try:
        commands = Commands.joined(COMMANDS, LOOK)
        talk(commands, Seat(till, clock), sys.stdin, sys.stdout)
    finally:
        till.close()
    return 0


def _begin_again(folder: Path, clock: SettableClock) -> None:
    """What a person is told to do with a folder whose first opening was killed."""
    _, ids = system_ids(clock)
    new = NewTill(shop=app.demo.SHOP, till="1", series=app.demo.SERIES, keystore="file")
    open_folder(folder, clock=clock, ids=ids, new=new, reserve=False).close()


# --- Faults of ours, to see a rig red ------------------------------------------------------------


def _synchronous_normal() -> None:
    """The usual advice for WAL: a commit returns before the disk has it."""
    app.database._WRITER_PRAGMAS = tuple(
        "synchronous=NORMAL" if pragma.startswith("synchronous=") else pragma
        for pragma in app.database._WRITER_PRAGMAS
    )


def _small_wal() -> None:
    """No fault: checkpoints every 60 pages, so that a short day sees the WAL begin again."""
    app.database._WRITER_PRAGMAS = (*app.database._WRITER_PRAGMAS, "wal_autocheckpoint=60")


class _LateDriver:
    """A writer's connection whose commits wait until the next transaction begins."""

    def __init__(self, honest: Any) -> None:
        self._honest = honest
        self._owed = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._honest, name)

    def execute(self, statement: str, *values: Any) -> Any:
        if statement == "COMMIT":
            self._owed = True
            return None
        if statement == "BEGIN IMMEDIATE" and self._owed:
            self._honest.execute("COMMIT")
            self._owed = False
        return self._honest.execute(statement, *values)


def _late_commit() -> None:
    """Whoever hears "paid" hears it before the sale is on the disk."""
    honest = app.transaction.driver_of
    drivers: dict[int, _LateDriver] = {}

    def late(connection: Any) -> Any:
        driver = honest(connection)
        return drivers.setdefault(id(driver), _LateDriver(driver))

    app.transaction.driver_of = late


def _forgotten_basket() -> None:
    """Open baskets live in memory alone."""
    app.sales.actions.save_draft = lambda _books, _basket: None


def _paper_apart() -> None:
    """The sale in one transaction, its receipt in the next."""
    honest = app.sales.actions.complete_sale

    def apart(
        books: Any, basket: Any, sitting: Any, make_paper: Any, *, kick_drawer: bool, **_more: Any
    ) -> Any:
        done = honest(books, basket, sitting, lambda _sale, _entry: None, kick_drawer=False)
        with app.transaction.transaction(books) as tx:
            app.print_queue.put(
                tx,
                printer=app.print_queue.RECEIPT_PRINTER,
                kind="receipt",
                fact=basket.id,
                title=done.sale.number,
                paper=make_paper(done.sale, done.entry),
                kick_drawer=kick_drawer,
            )
        return done

    app.sales.actions.complete_sale = apart


def _slip_apart() -> None:
    """A document of the stock room in one commit, its paper in the next."""
    honest = app.print_queue.put

    def apart(tx: Any, *, kind: str, **fields: Any) -> Any:
        if kind == "stock_document":
            tx.flush()
            driver = app.transaction.driver_of(tx.connection)
            driver.execute("COMMIT")
            driver.execute("BEGIN IMMEDIATE")
        return honest(tx, kind=kind, **fields)

    app.print_queue.put = apart


def _lift_apart() -> None:
    """Each step of a lift in a commit of its own, as where nobody thinks of a kill."""
    honest = app.lifting.prove_lift

    def apart(connection: Any) -> Any:
        proved = honest(connection)

        def prove() -> None:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            proved()

        return prove

    app.opening.prove_lift = apart


def _failed_means_absent() -> None:
    """Take a commit's error for a failure, as most programs do: nobody looks the sale up."""

    def believe(database: Any, _tx: Any, error: BaseException) -> None:
        database.close()
        raise Trouble("not_saved") from error

    app.transaction._find_out = believe


def _touch(path: Path) -> None:
    """Open and close the till's file with another SQLite library in the till's own process."""
    library = importlib.import_module(SECOND_LIBRARY)
    connection = library.connect(path)
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    connection.close()


PLANTS: dict[str, Callable[[], None]] = {
    "synchronous_normal": _synchronous_normal,
    "small_wal": _small_wal,
    "late_commit": _late_commit,
    "forgotten_basket": _forgotten_basket,
    "paper_apart": _paper_apart,
    "slip_apart": _slip_apart,
    "lift_apart": _lift_apart,
    "failed_means_absent": _failed_means_absent,
    "second_library": lambda: None,
}

if __name__ == "__main__":
    serve(socket.socket(fileno=0))
