"""A power cut leaves any mixture of what was not synced; every answered sale survives them all."""

import random

import pytest

from tests.crash import power
from tests.crash.conftest import Yard
from tests.crash.disk_log import Op
from tests.crash.power_states import Disk, all_states


@pytest.fixture
def head(yard: Yard) -> int:
    """The last entry of the shop every recording begins with."""
    till = yard.server.start(yard.copy("head"))
    found = till.ask({"do": "look"})
    till.wait()
    assert found is not None
    return int(found["head"])


@pytest.mark.parametrize("plants", [(), ("small_wal",)], ids=["a day", "a WAL that begins again"])
def test_nothing_answered_is_lost_when_the_power_fails(
    yard: Yard, soak: bool, head: int, plants: tuple[str, ...]
) -> None:
    recording = power.record(yard.server, yard.copy("day"), plants=plants, head=head)
    points = 50_000 if soak else 800
    figures = power.run(recording, yard.work, points=points, seed=1, more=300 if soak else 3)
    assert figures.clean, figures.shown("power")
    assert figures.points == points
    sold_on = power.sells_on(yard.server, recording, yard.work, points=6, seed=1)
    assert sold_on.clean, sold_on.shown("sells on")


def test_a_folder_whose_first_day_is_cut_short_opens_or_begins_again(
    yard: Yard, soak: bool
) -> None:
    recording = power.record(yard.server, yard.work / "first", power.FIRST_DAY)
    figures = power.run(recording, yard.work, points=10_000 if soak else 200, seed=1, more=30)
    assert figures.clean, figures.shown("first day")
    sold_on = power.sells_on(yard.server, recording, yard.work, points=6, seed=2)
    assert sold_on.clean, sold_on.shown("sells on")


def test_the_usual_advice_loses_paid_sales_within_a_thousand_states(yard: Yard, head: int) -> None:
    recording = power.record(
        yard.server, yard.copy("normal"), plants=["synchronous_normal"], head=head
    )
    figures = power.run(recording, yard.work, points=1000, seed=1, until_lost=True)
    assert figures.lost, figures.shown("synchronous=NORMAL")


# --- The disk itself ------------------------------------------------------------------------------


def left(
    base: dict[str, bytes], *ops: Op, strict: bool = False
) -> set[tuple[tuple[str, bytes], ...]]:
    """Every folder a power cut may leave at the end of these operations."""
    disk = Disk(base, strict=strict)
    for number, op in enumerate(ops, 1):
        disk.play(number, op)
    mixtures = disk.states(len(ops), random.Random(1), 200)
    return {tuple(sorted(each.state(b"").files.items())) for each in mixtures}


def test_what_was_synced_is_there_and_nothing_else_is_sure() -> None:
    write = Op("write", "f", 0, b"new")
    assert left({"f": b"old"}, write, Op("sync", "f")) == {(("f", b"new"),)}
    assert left({"f": b"old"}, write) == {(("f", b"old"),), (("f", b"new"),)}


def test_writes_may_be_kept_without_those_before_them() -> None:
    one, two = Op("write", "f", 0, b"1"), Op("write", "f", 1, b"2")
    contents = {files[0][1] for files in left({"f": b"--"}, one, two)}
    assert contents == {b"--", b"1-", b"-2", b"12"}


def test_a_write_may_be_torn_at_a_sector() -> None:
    contents = {
        files[0][1].count(b"x") for files in left({"f": b"."}, Op("write", "f", 0, b"x" * 1024))
    }
    assert contents == {0, 512, 1024}


def test_a_name_is_sure_when_its_file_or_on_a_strict_disk_its_folder_was_synced() -> None:
    made = (Op("make", "f"), Op("write", "f", -1, b"x"), Op("sync", "f"))
    assert left({}, *made) == {(("f", b"x"),)}
    assert () in left({}, *made, strict=True)
    assert left({}, *made, Op("sync_folder", ""), strict=True) == {(("f", b"x"),)}


def test_a_removed_file_may_come_back_until_the_folder_was_synced() -> None:
    assert left({"f": b"x"}, Op("remove", "f")) == {(), (("f", b"x"),)}
    assert left({"f": b"x"}, Op("remove", "f"), Op("sync_folder", "")) == {()}


def test_the_same_bytes_are_counted_once_until_something_was_said() -> None:
    log = [Op("sync_folder", ""), Op("sync_folder", ""), Op("said", "", data=b"ok\n")]
    assert len(list(all_states({"f": b""}, log, 1, more=5, most=100))) == 2
