"""A newer program comes from head office: taken in, given to a ring of shops, fetched, installed.

The programs are scripts that say their version; release key, hub, line and installing are real.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from app.journal.outbox import link_of
from app.update_file import Here
from sync.hub import office, updates
from sync.update_lane import UpdateLane
from sync.worker import HubWorker
from tests.support.hubs import RunningHub
from tests.support.tills import SHOP, TillInFolder, make_till, till
from tests.sync.hub.test_a_tills_worker import join
from tests.sync.hub.test_offers import Lines
from tests.ui_plain.test_updating import KEYS, a_program, listed_at, made
from ui.updating import GOOD, Current, install, keep_current, newer_starter, read_current

__all__ = ["make_till", "till"]

MACHINE = "linux-x86_64"
BALLAST = "# " + Random(1).randbytes(1_000_000).hex()
"""Pieces enough to break off between two of them."""


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningHub]:
    """A hub that trusts the release key of these tests."""
    monkeypatch.setattr(updates, "release_keys", lambda: KEYS)
    one = RunningHub(tmp_path / "hub", "")
    yield one
    one.close()


class Machine:
    """A till's installed program, and its lane to the hub."""

    def __init__(self, till: TillInFolder, hub: RunningHub, program: Path) -> None:
        self.till, self.program = till, program
        self.version, self.gave_way = "0.1.0", ""
        worker: HubWorker = join(till, hub)
        with till.books.read() as db:
            link = link_of(db)
        assert link is not None
        self.lane = UpdateLane(
            till.books, link, worker.line, folder=till.path, known=self.here, keys=KEYS
        )

    def here(self) -> Here:
        return Here(
            version=self.version, machine=MACHINE, schema="0002", today="2026-12-07",
            gave_way=self.gave_way,
        )  # fmt: skip

    def files(self) -> list[str]:
        return sorted(each.name for each in self.lane.folder.glob("*"))

    def start_again(self) -> str:
        """Install what came, and start the program; the version that runs then."""
        (file,) = self.lane.folder.glob("*.kpupdate")
        installed = install(file, self.program, self.here(), KEYS)
        starter = newer_starter(self.program, window=False)
        assert starter is not None
        keep_current(self.program, Current(installed.name, "", GOOD))
        self.version = installed.version
        return starter.parent.name


@pytest.fixture
def machine(till: TillInFolder, hub: RunningHub, tmp_path: Path) -> Machine:
    return Machine(till, hub, a_program(tmp_path / "installed", "0.1.0"))


def taken_in(hub: RunningHub, path: Path) -> str:
    answer = Lines(hub).say("update", path=str(path))
    assert answer["ok"], answer
    return str(answer["update"])


def test_a_till_goes_from_one_update_to_the_next_and_only_in_shops_that_are_given_it(
    hub: RunningHub, machine: Machine, tmp_path: Path
) -> None:
    lines = Lines(hub)
    first = taken_in(hub, made(tmp_path, "0.2.0"))
    machine.lane.look()
    assert (machine.lane.ready, machine.lane.reason, machine.files()) == ("", "", [])
    # A second shop is the first ring.
    office.enrol_code(hub.hub, shop="KP02", till="1")
    hub.rows_changed(
        "INSERT INTO hub_device SELECT 'KP02', 'd', '1', 's', 'k', 'approved', '', '', '', 0, 0"
    )
    assert lines.say("give_update", update=first, shops=["KP02"])["shops"] == ["KP02"]
    machine.lane.look()
    assert machine.lane.ready == ""
    assert lines.say("give_update", update=first)["shops"] == [SHOP, "KP02"]
    machine.lane.look()
    assert (machine.lane.ready, machine.files()) == ("0.2.0", [f"{first}.kpupdate"])
    assert read_current(machine.program) == Current("")
    assert machine.start_again() == "0.2.0-abc1234"

    second = taken_in(hub, made(tmp_path, "0.3.0"))
    lines.say("give_update", update=second)
    machine.lane.look()
    assert (machine.lane.ready, machine.files()) == ("0.3.0", [f"{second}.kpupdate"])
    # One that could not open this till's books is not offered over and over.
    machine.gave_way = "0.3.0-abc1234"
    machine.lane.look()
    assert (machine.lane.ready, machine.lane.reason) == ("", "update_gave_way")
    machine.gave_way = ""
    machine.lane.look()
    assert (machine.lane.ready, machine.lane.reason) == ("0.3.0", "")
    # Head office sees what runs where.
    with hub.hub.database.begin() as db:
        assert updates.programs(db)[SHOP, "0.2.0"] == 1
    assert machine.start_again() == "0.3.0-abc1234"
    machine.lane.look()
    assert (machine.lane.ready, machine.files()) == ("", [])


def test_what_is_taken_back_is_thrown_away_and_what_broke_off_goes_on(
    hub: RunningHub, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = taken_in(hub, made(tmp_path, "0.2.0", BALLAST))
    Lines(hub).say("give_update", update=name)
    ((pieces,),) = hub.rows("SELECT count(*) FROM hub_update_piece")
    assert pieces > 3
    asked: list[int] = []
    tell = machine.lane.line.tell

    def broken(link, path, message, read):  # type: ignore[no-untyped-def]
        asked.append(getattr(message, "piece", -1))
        answer = tell(link, path, message, read)
        if len(asked) == 3:
            machine.lane.close()
        return answer

    monkeypatch.setattr(machine.lane.line, "tell", broken)
    machine.lane.look()
    assert machine.lane.reason == "closing"
    machine.lane._closing = False
    machine.lane.look()
    assert asked == [-1, 0, 1, -1, *range(2, pieces)]
    assert machine.lane.ready == "0.2.0"
    Lines(hub).say("give_update", update=name, none=True)
    machine.lane.look()
    assert (machine.lane.ready, machine.files()) == ("", [])


def test_only_what_a_release_key_signed_is_taken_in(hub: RunningHub, tmp_path: Path) -> None:
    lines = Lines(hub)
    good = made(tmp_path, "0.2.0")
    bad = tmp_path / "bad.kpupdate"
    shutil.copy(good, bad)
    listed_at("pos")(bad)
    assert lines.code("update", path=str(bad)) == "update_damaged"
    assert lines.code("update", path=str(tmp_path / "none.kpupdate")) == "update_unreadable"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(updates, "release_keys", lambda: ("ab" * 32,))
        assert lines.code("update", path=str(good)) == "update_not_signed"
    assert hub.rows("SELECT count(*) FROM hub_update_piece") == [(0,)]
    name = taken_in(hub, good)
    assert lines.code("update", path=str(good)) == "update_known"
    assert lines.code("give_update", update="0" * 64) == "no_such_update"
    assert lines.code("give_update", update=name, shops=["KP99"]) == "no_such_shop"


@pytest.mark.parametrize("how", ["bad signature", "changed on its way", "older", "other machine"])
def test_a_till_takes_no_update_that_is_not_one_for_it(
    hub: RunningHub, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    more = {"machine": "win32-amd64"} if how == "other machine" else {}
    name = taken_in(hub, made(tmp_path, "0.2.0", **more))
    Lines(hub).say("give_update", update=name)
    wanted = ""
    if how == "bad signature":
        machine.lane._keys, wanted = ("ab" * 32,), "update_not_signed"
    elif how == "changed on its way":
        hub.rows_changed(
            "UPDATE hub_update_piece SET content = CAST(substr(content, 2) || x'00' AS BLOB)"
        )
        wanted = "update_damaged"
    elif how == "older":
        # Whatever a hub says: the file's own list is held against what runs here.
        machine.version = "0.2.0"
        monkeypatch.setattr(updates, "is_newer", lambda *_versions: True)
        wanted = "update_older"
    machine.lane.look()
    assert (machine.lane.ready, machine.lane.reason, machine.files()) == ("", wanted, [])
