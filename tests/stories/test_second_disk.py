"""The second disk: each till's copies for themselves, and a shop that goes on from them."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import demo
from app.clock import SettableClock, parse_time
from app.database import Database
from app.errors import Refusal, Trouble
from app.ids import Ids, seeded
from app.journal.backup import FULL_NAME
from app.opening import NewTill, open_folder, restore_folder
from app.sales.devices import COPIES_MARK, COPY_TROUBLE_MARK, keep_device, read_devices
from app.staff.recovery import unlock_with_recovery_code
from app.verification import verify_folder
from tests.support.entries import tables_of
from ui import commands, ship_commands
from ui.copying import SAME_DISK
from ui.startup import CATALOGUE, Till

MANAGER = ("301", "864209")


class Shop:
    """A real shop's tills, each in its own folder."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.clock = SettableClock(parse_time("2026-12-07T14:02:00+08:00"))
        self.ids = Ids(self.clock, seeded("disk"))
        self.open: list[Till] = []

    def till(self, number: str) -> Till:
        """A new till in the middle of a shift."""
        new = NewTill(shop="KP07", till=number, keystore="file")
        folder = self.place / f"till {number}"
        opened = open_folder(folder, clock=self.clock, ids=self.ids, new=new, reserve=False)
        demo.fill(opened.books, CATALOGUE)
        return self.working(Till(opened))

    def working(self, till: Till) -> Till:
        self.open.append(till)
        till.counter.desk.sign_in(*MANAGER)
        if till.counter.desk.shift is None:
            till.counter.desk.open_shift(50_000)
        return till


def sell(till: Till, code: str = "11014") -> str:
    """One article for cash; its receipt's number."""
    till.counter.scan(code)
    done = till.counter.pay_cash()
    assert done is not None
    return done.sale.number


def close_shift(till: Till) -> None:
    till.counter.desk.close_shift(53_800)
    till.copying.wait()


@pytest.fixture
def tills(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    for till in shop.open:
        till.close()


def test_a_dead_disk_costs_nothing_that_was_copied(
    tills: Shop,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Copied at close, restored on a new disk: verified, the same tables, the next letter."""
    till = tills.till("1")
    till.copying.choose(str(tmp_path / "stick"))
    assert sell(till) == "KP07-1-261207-0001"
    close_shift(till)
    with till.books.read() as db:
        before = tables_of(db)
    till.close()
    tills.clock.advance(3_600_000)
    monkeypatch.setattr("ui.startup.system_ids", lambda: (tills.clock, tills.ids))
    monkeypatch.setattr(ship_commands, "getpass", lambda _prompt: "侨乡碉楼 1912")
    new = tmp_path / "new disk"
    command = ["restore", "--data", str(new), "--from", str(tmp_path / "stick")]
    assert commands.main([*command, "--keystore", "passphrase"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["ok"]
    code = told.err.split("recovery code: ")[1].split()[0]
    assert commands.main([*command, "--keystore", "file"]) == 1
    assert "folder_already_set_up" in capsys.readouterr().err
    with pytest.raises(Refusal, match="passphrase_wrong"):
        open_folder(
            new, clock=tills.clock, ids=tills.ids, passphrase="anything at all", reserve=False
        )
    tills.clock.advance(60_000)
    opened = open_folder(
        new, clock=tills.clock, ids=tills.ids, passphrase="侨乡碉楼 1912", reserve=False
    )
    with opened.books.read() as db:
        after = tables_of(db)
    for table, rows in before.items():
        assert set(rows) <= set(after[table]), table
    # Nobody's PIN was copied; the code that restoring told lets the manager in.
    with pytest.raises(Refusal, match="wrong_pin"):
        Till(opened).counter.desk.sign_in(*MANAGER)
    unlock_with_recovery_code(opened.books, *MANAGER[:1], code, MANAGER[1])
    assert sell(tills.working(Till(opened))) == "KP07-1B-261207-0001"
    opened.close()
    assert verify_folder(new).ok


def test_two_tills_share_a_stick_and_are_never_taken_for_one(tills: Shop, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    for number in ("1", "2"):
        till = tills.till(number)
        till.copying.choose(str(stick))
        sell(till)
        close_shift(till)
    assert sorted(path.parent.name for path in stick.glob(f"*/{FULL_NAME}")) == ["KP07-1", "KP07-2"]

    def restored(copies: Path) -> list[str]:
        opened = restore_folder(
            tmp_path / f"new {copies.name}", copies, clock=tills.clock, ids=tills.ids,
            keystore="file", reserve=False,
        )  # fmt: skip
        with opened.books.read() as db:
            found = db.exec_driver_sql("SELECT number FROM sale").scalars().all()
        opened.close()
        return [str(number) for number in found]

    with pytest.raises(Refusal, match="copies_of_several") as several:
        restored(stick)
    assert several.value.details["tills"] == "KP07-1、KP07-2"
    assert restored(stick / "KP07-2") == ["KP07-2-261207-0001"]
    # Somebody threw all files into one folder: still nobody's sales become another till's.
    for path in (stick / "KP07-1").glob("*.jsonl"):
        path.rename(stick / "KP07-2" / path.name)
    with pytest.raises(Refusal, match="copies_of_several"):
        restored(stick / "KP07-2")


def test_what_is_practised_never_reaches_the_copies(tills: Shop, tmp_path: Path) -> None:
    till = tills.till("1")
    stick = tmp_path / "stick"
    till.copying.choose(str(stick))
    till.copying.wait()
    before = {path: path.stat().st_size for path in stick.rglob("*")}
    opened = demo.open_training(
        till.books, tmp_path / "training", clock=tills.clock, ids=tills.ids, reserve=False
    )
    practice = Till(opened)
    assert COPIES_MARK not in read_devices(opened.books)
    with pytest.raises(Refusal, match="copies_in_practice"):
        practice.copying.choose(str(stick))
    # Even where a folder was told a place by an older program.
    keep_device(opened.books, COPIES_MARK, str(stick))
    practice.counter.desk.sign_in("301", "864209")
    practice.counter.desk.open_shift(0)
    sell(practice)
    practice.counter.desk.close_shift(3_800)
    practice.copying.wait()
    practice.close()
    assert {path: path.stat().st_size for path in stick.rglob("*")} == before


def test_a_disk_that_hangs_holds_up_nobody_and_nothing_is_written_twice(
    tills: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Selling goes on beside a weekly copy that does not end; entries still are copied once."""
    till = tills.till("1")
    asked, go_on = threading.Event(), threading.Event()

    def hanging(_database: Database, _target: Path) -> None:
        asked.set()
        assert go_on.wait(20)

    monkeypatch.setattr(Database, "copy_to", hanging)
    till.copying.choose(str(tmp_path / "stick"))
    assert asked.wait(20)
    sell(till)
    till.counter.desk.close_shift(53_800)
    for _again in range(2):
        assert till.copying.copy() == SAME_DISK
    go_on.set()
    till.copying.wait()
    (copy,) = (tmp_path / "stick").glob("*/*.jsonl")
    lines = [json.loads(line)["seq"] for line in copy.read_bytes().splitlines()]
    assert lines == list(range(1, len(lines) + 1))


def test_a_weekly_copy_that_is_damaged_is_a_task_with_its_reason(
    tills: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = tills.till("1")

    def bad(_database: Database, target: Path) -> None:
        target.write_bytes(b"half")
        raise Trouble("database_damaged")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "copy_to", bad)
        till.copying.choose(str(tmp_path / "stick"))
        till.copying.wait()
    assert read_devices(till.books)[COPY_TROUBLE_MARK] == "database_damaged"
    assert not list((tmp_path / "stick").glob(f"*/{FULL_NAME}*"))
    close_shift(till)
    assert read_devices(till.books)[COPY_TROUBLE_MARK] == SAME_DISK
    assert list((tmp_path / "stick").glob(f"*/{FULL_NAME}"))
