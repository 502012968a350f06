"""A hub, two tills and head office as programs of their own, and a line between them."""

import threading
from pathlib import Path

import psycopg

from app.database import FILE_NAME, Database
from app.journal.rebuild import apply_entries
from app.journal.stored import StoredEntry, in_journal_order
from app.meaning import MEANING
from sync.hub.tables import HUB, MEANING_TABLES, MEANT
from tests.support.entries import Tables, empty_till, tables_of
from tests.support.fault_proxy import FaultProxy
from tests.support.hubs import of_shops
from tests.support.talkers import Talker

CASHIER = {"staff": "101", "pin": "246810"}
MANAGER = {"approver": "301", "approver_pin": "864209"}
GOODS = "11014"


class Chain:
    """A hub, its line, and tills that joined it over that line."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.database = database
        self.hub = self._start(0)
        self.port = int(self.address.rsplit(":", 1)[1])
        self.line = FaultProxy(self.port)
        self.office = Talker("hq", "--database", database)
        self.tills: dict[str, Talker] = {}

    def _start(self, port: int, *more: str) -> Talker:
        words = ("--data", self.folder / "hub", "--database", self.database, "--demo")
        hub = Talker("hub", *words, "--port", str(port), *more)
        _word, self.address, kind = hub.heard().split()
        assert kind == "demo"
        return hub

    def kill_the_hub(self) -> None:
        self.hub.kill()

    def start_the_hub_again(self, *more: str) -> None:
        self.hub = self._start(self.port, *more)

    def open_till(self, till: str, *words: str) -> Talker:
        """A till comes, joins with a code, and is let in by its digits; `words` go to `console`."""
        talker = Talker("console", "--data", self.folder / till, "--demo", "--till", till, *words)
        self.tills[till] = talker
        talker.ok("sign_in", **CASHIER)
        talker.ok("open_shift", float="500.00")
        code = self.office.ok("enrol_code", shop="KP01", till=till)["code"]
        joined = talker.ok("enrol", hub=self.line.address, code=code, **MANAGER)
        assert talker.ok("sync")["reason"] == "waiting_approval"
        seen = self.office.ok("status")["devices"]
        assert (joined["device"], "waiting", joined["fingerprint"]) in [
            (each["device"], each["state"], each["fingerprint"]) for each in seen
        ]
        self.office.ok("approve_device", device=joined["device"], fingerprint=joined["fingerprint"])
        return talker

    def entries(self) -> list[StoredEntry]:
        """Everything the tills wrote, read from their disks once they are closed."""
        found = []
        for till in self.tills:
            database = Database(self.folder / till / FILE_NAME)
            with database.read() as db:
                found += list(in_journal_order(db))
            database.close()
        return found

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What the hub's tables say of its shops."""
        with psycopg.connect(self.database) as connection:
            return connection.execute(of_shops(sql)).fetchall()  # type: ignore[arg-type]

    def close(self) -> None:
        for each in self.tills.values():
            each.kill()
        self.office.kill()
        self.hub.kill()
        self.line.close()
        with psycopg.connect(self.database) as connection:
            for table in (*HUB.tables, *MEANT.tables):
                connection.execute(f'DROP TABLE "{table}"')


def sell(till: Talker, times: int) -> None:
    """So many bags, for cash."""
    for _ in range(times):
        till.ok("scan", code=GOODS)
        paid = till.ok("pay", tender="cash")
        assert paid["state"] == "complete"


def meant(entries: list[StoredEntry]) -> Tables:
    """What the entries of all tills together mean, worked out by a till's own code."""
    with empty_till() as db:
        db.exec_driver_sql("BEGIN")
        apply_entries(db, MEANING, entries)
        found = {name: sorted(rows) for name, rows in tables_of(db).items()}
        db.exec_driver_sql("ROLLBACK")
    return found


def everything_is_there_once(chain: Chain, *, sales: int, journals: int = 2) -> None:
    """Every entry once, as it was signed, and the tables what a till would make of them."""
    entries = chain.entries()
    wanted = sorted(
        {(each.journal, each.seq, each.content, each.hash, each.sig) for each in entries}
    )
    assert len({each.journal for each in entries}) == journals
    stored = chain.rows("SELECT journal, seq, content, hash, sig FROM hub_entry")
    assert sorted(stored) == wanted
    projected(chain)
    assert chain.rows("SELECT count(*) FROM hub_unread") == [(0,)]
    assert chain.rows("SELECT count(*) FROM hub_fork") == [(0,)]
    expected = meant(entries)
    assert len(expected["sale"]) == sales
    for name, table in MEANING_TABLES.items():
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        assert sorted(chain.rows(f'SELECT {columns} FROM "{name}"')) == expected[name], name


def projected(chain: Chain) -> None:
    """Wait for the hub's own worker."""
    pause = threading.Event()
    for _ in range(200):
        if chain.office.ok("status")["health"]["lag"] == 0:
            return
        pause.wait(0.05)
    raise AssertionError("the projection never got to the end")
