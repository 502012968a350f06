"""Rig 3: the power fails. A real till's writes are recorded; every mixture a disk may be left
with is laid down, opened and looked at.

What was answered before the cut must be there; what was asked for may be; the journal must chain
and sign; sums must be sums. A sample of the states is opened by a whole till that sells on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as driver
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from app.demo import SHOP
from app.journal.secrets import KEY_BYTES
from app.journal.stored import after as entries_after
from app.journal.stored import journals
from app.journal.verify import JournalCheck
from tests.crash.disk_log import NEVER_ON_DISK, RECORDING, Op, read_log
from tests.crash.expected import PRODUCTS, Figures, Ledger, Shop, as_found, comparable, hash6_of
from tests.crash.kill_points import APPROVED
from tests.crash.look import state_of
from tests.crash.power_states import State, all_states, lay_down
from tests.crash.till import CASHIER, OPEN_SHIFT, Command, TillServer
from tests.crash.tracing import Tracer

SCANS: tuple[Command, ...] = tuple({"do": "scan", "code": code} for code in PRODUCTS)
CASH: Command = {"do": "pay", "tender": "cash"}
DAY: tuple[Command, ...] = (
    CASHIER,
    *(*SCANS, CASH),
    *(SCANS[0], {"do": "hold", "name": "挂"}, SCANS[1], CASH),
    *({"do": "reprint"}, {"do": "resume"}, SCANS[2], CASH | {"amount": "500"}),
    *({"do": "close_shift", "counted": "500"}, {"do": "z_report"} | APPROVED, OPEN_SHIFT),
    *(*SCANS[:2], CASH, SCANS[2]),
)
"""A day in short: sales, a basket held and taken back, a reprint, a closing, a Z, a new shift."""

FIRST_DAY: tuple[Command, ...] = (CASHIER, OPEN_SHIFT, SCANS[0], CASH)
"""A folder that was empty becomes a shop, and sells."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A till's day: what lay on the disk before, what it did, what it was in after each answer."""

    base: dict[str, bytes]
    log: list[Op]
    shops: list[Shop]
    """The state after 0, 1, 2… answers."""
    receipts: list[dict[str, tuple[int, str]]]
    """Receipt number -> due and letters, as answered by then."""
    head: int
    """The journal's last entry before the day."""


def record(
    server: TillServer,
    folder: Path,
    commands: Sequence[Command] = DAY,
    *,
    plants: Sequence[str] = (),
    head: int = 0,
) -> Recording:
    """Let a till work under strace, from opening its folder to closing it."""
    base = {
        path.name: path.read_bytes()
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path.name not in NEVER_ON_DISK
    }
    trace = folder.with_suffix(".trace")
    till = server.start(folder, go=False, plant=list(plants), reserve=not base)
    tracer = Tracer(till, trace, *RECORDING)
    till.go()
    figures = Figures()
    ledger = Ledger(figures)
    ledger.shop = Shop(shift=bool(base), cash=500_00 if base else 0)
    shops, receipts = [ledger.shop], [dict(ledger.acknowledged)]
    for command in commands:
        answer = till.ask(command)
        assert answer is not None and answer["ok"], f"{command}: {answer} {server.complaints()}"
        ledger.hear([command], [answer])
        shops.append(ledger.shop)
        receipts.append(dict(ledger.acknowledged))
    assert till.wait() == 0 and figures.clean, figures.findings
    tracer.wait()
    log = read_log(trace, folder, set(base))
    trace.unlink()
    return Recording(base, log, shops, receipts, head)


class Checker:
    """Looks at one state after the other; keeps one engine, so statements compile once."""

    def __init__(self, folder: Path, recording: Recording, figures: Figures) -> None:
        self.figures = figures
        self._folder = folder
        self._recording = recording
        self._keys: dict[str, str] = {}
        self._engine = create_engine(
            "sqlite://", creator=self._open, module=driver, poolclass=NullPool
        )

    def _open(self) -> Any:
        return driver.connect(str(self._folder / "till.db"), isolation_level=None)

    def check(self, state: State) -> None:
        """Lay a state down, open it, and hold it against what had been answered."""
        self.figures.points += 1
        lay_down(state, self._folder)
        try:
            with self._engine.connect() as connection:
                self._look(connection, state)
        except driver.DatabaseError as error:
            self._found("problems", state, repr(error))

    def _found(self, kind: str, state: State, detail: str) -> None:
        self.figures.count(kind, f"op {state.after} {state.kind}: {detail}")

    def _look(self, db: Connection, state: State) -> None:
        if (answer := db.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()) != "ok":
            self._found("problems", state, str(answer))
            return
        if db.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one() == 0:
            if state.said:
                self._found("lost", state, "an empty database")
            return
        named = journals(db)
        if named and len(state.files.get("master.key", b"")) != KEY_BYTES:
            self._found("lost", state, "a journal whose key is not on the disk")
        for journal in named:
            check = JournalCheck(
                journal, public_key=self._key(db, journal), first_seq=self._recording.head + 1
            )
            for each in entries_after(db, journal, self._recording.head):
                check.take(each)
            for problem in check.problems:
                self._found("problems", state, str(problem))
        self._compare(state, state_of(db, SHOP, "1"))

    def _key(self, db: Connection, journal: str) -> str:
        if journal not in self._keys:
            self._keys[journal] = db.exec_driver_sql(
                "SELECT public_key FROM journal_opened WHERE journal=?", (journal,)
            ).scalar_one()
        return self._keys[journal]

    def _compare(self, state: State, found: dict[str, Any]) -> None:
        said = state.said.count(b"\n")
        sales = {sale["number"]: sale for sale in found["sales"]}
        for number, (due, letters) in self._recording.receipts[said].items():
            if (sale := sales.get(number)) is None:
                self._found("lost", state, f"{number} was answered complete")
            elif (sale["due"], hash6_of(sale["hash"])) != (due, letters):
                self._found("wrong_state", state, f"{number} is another sale")
        if not all(sale["balanced"] for sale in found["sales"]) or found["sums"]:
            self._found("unbalanced", state, str(found))
        if any((sale["papers"], sale["kicks"]) != (1, 1) for sale in found["sales"]):
            self._found("papers", state, str(found["sales"]))
        may = [comparable(shop) for shop in self._recording.shops[said : said + 2]]
        if as_found(found) not in may:
            self._found("wrong_state", state, f"{said} answers: {as_found(found)} is none of {may}")


def run(
    recording: Recording,
    work: Path,
    *,
    points: int,
    seed: int,
    more: int = 3,
    strict: bool = False,
    until_lost: bool = False,
) -> Figures:
    """Look at so many states, evenly over the whole day; what was found.

    `until_lost` ends with the first sale that was answered and is gone.
    """
    figures = Figures()
    checker = Checker(work / "state", recording, figures)
    base, log = recording.base, recording.log
    for state in all_states(base, log, seed, more=more, most=points, strict=strict):
        checker.check(state)
        if until_lost and figures.lost:
            break
    return figures


def sells_on(
    server: TillServer, recording: Recording, work: Path, *, points: int, seed: int
) -> Figures:
    """A whole till opens some of the states, verifies them, and sells."""
    figures = Figures()
    some = all_states(recording.base, recording.log, seed, more=2, most=points)
    for number, state in enumerate(some):
        figures.points += 1
        folder = lay_down(state, work / f"on-{number}")
        till = server.start(folder)
        found = till.ask({"do": "look", "verify": True})
        if found is not None and found.get("refused") == "folder_half_made" and not state.said:
            till.wait()
            till = server.start(folder, begin_again=True)
            found = till.ask({"do": "look", "verify": True})
        if found is None or not found.get("ok"):
            figures.count("lost", f"op {state.after} {state.kind}: {found} {server.complaints()}")
        else:
            for problem in found["problems"]:
                figures.count("problems", f"op {state.after} {state.kind}: {problem}")
            doing = [CASHIER, *([] if found["shift"] else [OPEN_SHIFT]), SCANS[0], CASH]
            if not all(answer["ok"] for answer in till.run(doing)):
                figures.count("wrong_state", f"op {state.after} {state.kind}: {till.answers}")
        till.wait()
    return figures
