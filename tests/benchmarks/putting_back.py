"""A hub is put back from yesterday's copy and nobody says so: until every sale is there again.

The tills are real but for their windows: folders, journals, the lanes up and down on threads of
their own. The hub is a process of its own on PostgreSQL.
"""

import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from time import monotonic

import psycopg

from app.clock import SystemClock
from app.ids import Ids
from app.journal import outbox
from app.opening import NewTill, open_folder
from app.transaction import transaction
from sync.joining import enrol
from sync.worker import HubWorker
from tests.benchmarks.measuring import Figure
from tests.support.facts import sold
from tests.support.postgres import a_database, a_server, copy_database
from tests.support.talkers import Talker

TILLS, SALES, KEPT = 50, 500, 50
"""A day of `SALES` each is lost; `KEPT` of the day before lie in the copy."""
A_SHOP = 2
BAR_S = 15 * 60.0
LOOK_S = 0.25
PATIENCE_S, ASKED_PATIENCE_S = 2 * BAR_S, 60.0
LINES = tuple((f"KP-A{n:03d}", 1280, 1000) for n in range(3))


class OneTill:
    """One till without a window."""

    def __init__(self, folder: Path, number: int, open_until: ExitStack) -> None:
        clock = SystemClock()
        new = NewTill(f"KP{number // A_SHOP:02d}", str(number % A_SHOP + 1), keystore="file")
        opened = open_folder(folder, clock=clock, ids=Ids(clock), new=new, reserve=False)
        open_until.callback(opened.close)
        self.books = opened.books
        self.sold = 0
        self.worker: HubWorker | None = None

    def sell(self, times: int) -> None:
        """So many sales, many to a commit: how they came to be is not what is measured."""
        for start in range(0, times, 100):
            with transaction(self.books, staff="101") as tx:
                for _ in range(min(100, times - start)):
                    self.sold += 1
                    tx.record(sold(*LINES, sequence=self.sold))

    def join(self, office: Talker, address: str, open_until: ExitStack) -> None:
        """Join with a code, be let in, and talk by itself from then on."""
        code = office.ok("enrol_code", shop=self.books.shop, till=self.books.till)["code"]
        digits = enrol(self.books, address, code, cut=lambda: False)
        office.ok("approve_device", device=self.books.journal.device, fingerprint=digits)
        with self.books.read() as db:
            link = outbox.link_of(db)
        assert link is not None
        self.worker = HubWorker(self.books, link, cut=lambda: False)
        self.worker.start()
        open_until.callback(self.worker.close)


def put_back(
    tills: int = TILLS, sales: int = SALES, kept: int = KEPT, *, rests: bool = True
) -> list[Figure]:
    """Seconds from the start of a hub that lost a day until it has every sale of it once.

    Without `rests` somebody presses 立即同步 at every till all the time.
    """
    with (
        a_server(durable=True) as server,
        tempfile.TemporaryDirectory() as folder,
        ExitStack() as open_until,
    ):
        place = Path(folder)
        chain = [OneTill(place / f"till-{n}", n, open_until) for n in range(tills)]
        url = a_database(server, "put_back")
        hub = _Hub(place / "hub", url)
        open_until.callback(hub.end)
        with ExitStack() as joining:
            office = Talker("hq", "--data", place / "hub", "--database", url)
            joining.callback(office.kill)
            for each in chain:
                each.sell(kept)
                each.join(office, hub.address, open_until)
        _all_there(url, chain, rests)
        hub.end()
        copy_database(url, "put_back", "put_back_yesterday")
        hub.start()
        for each in chain:
            each.sell(sales)
        _all_there(url, chain, rests)
        hub.end()
        before = _sales(url)
        copy_database(url, "put_back_yesterday", "put_back")
        lost = before - _sales(url)
        began = monotonic()
        hub.start()
        # One customer somewhere: that till shows the hub its own words, the others hear of it.
        chain[0].sell(1)
        whole = _all_there(url, chain, rests)
        took = monotonic() - began
        after, twice = _sales(url), _twice(url)
    return [
        Figure(
            name="put_back",
            what=f"a hub on PostgreSQL put back by a day, {tills} tills, nobody told",
            p50=took,
            limit="a till rests at most 300 s between two tries",
            bar=f"all sales back in {BAR_S:.0f} s, none twice",
            met=whole and lost == tills * sales and twice == 0 and took <= BAR_S,
            unit="s",
            more={
                "minutes": round(took / 60, 1),
                "sales at the hub before / lost / after": f"{before} / {lost} / {after}",
                "sales or entries there twice": twice,
            },
        )
    ]


class _Hub:
    """The hub's process, always at one address."""

    def __init__(self, folder: Path, url: str) -> None:
        self._words = ("hub", "--data", folder, "--database", url, "--port")
        self._port = "0"
        self._process: Talker | None = None
        self.start()

    def start(self) -> None:
        self._process = Talker(*self._words, self._port)
        self.address = self._process.heard().split()[1]
        self._port = self.address.rsplit(":", 1)[1]

    def end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()


def _all_there(url: str, chain: Iterable[OneTill], rests: bool) -> bool:
    """Wait until the hub's tables hold just as many sales as were made; whether they came to."""
    wanted = sum(each.sold for each in chain)
    deadline = monotonic() + (PATIENCE_S if rests else ASKED_PATIENCE_S)
    pause = Event()
    while _sales(url) != wanted:
        if monotonic() > deadline:
            return False
        for each in () if rests else chain:
            assert each.worker is not None
            each.worker.ask()
        pause.wait(LOOK_S)
    return True


def _sales(url: str) -> int:
    return _count(url, "SELECT count(*) FROM sale")


def _twice(url: str) -> int:
    """Sales that stand there more than once, and entries kept beside their journal."""
    return _count(
        url,
        "SELECT (SELECT count(*) - count(DISTINCT sale) FROM sale)"
        " + (SELECT count(*) - count(DISTINCT content) FROM hub_entry)"
        " + (SELECT count(*) FROM hub_fork) + (SELECT count(*) FROM hub_unread)",
    )


def _count(url: str, sql: str) -> int:
    with psycopg.connect(url) as db:
        ((found,),) = db.execute(sql).fetchall()  # type: ignore[call-overload]
        return int(found)
