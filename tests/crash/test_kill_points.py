"""A till killed at every single call by which a deed reaches the disk."""

from pathlib import Path

import pytest

from tests.crash import kill_points, upgrading
from tests.crash.conftest import Yard
from tests.crash.tracing import DISK, DURABLE, NO_STRACE, Tracer


def test_a_sale_killed_at_every_write_and_sync_is_whole_or_absent(yard: Yard, soak: bool) -> None:
    calls = DISK if soak else DURABLE
    deed = kill_points.DEEDS["sale"]
    figures = kill_points.run(yard.server, yard.copy("sale"), deed, calls)
    assert figures.clean, figures.shown("sale")
    # Some pages of the basket and of the sale, each with its header, and a sync for either.
    assert figures.points > 20


@pytest.mark.parametrize("name", [name for name in kill_points.DEEDS if name != "sale"])
def test_every_other_deed_killed_at_every_sync_is_whole_or_absent(
    yard: Yard, soak: bool, name: str
) -> None:
    calls = DISK if soak else ("fsync", "fdatasync")
    deed = kill_points.DEEDS[name]
    figures = kill_points.run(yard.server, yard.copy(name), deed, calls)
    assert figures.clean, figures.shown(name)
    assert figures.points > 2


@pytest.mark.parametrize(
    ("name", "plant"),
    [
        *((name, "slip_apart") for name in ("receive", "adjust", "transfer")),
        ("count", "late_commit"),
    ],
)
def test_a_document_in_two_commits_is_seen(yard: Yard, name: str, plant: str) -> None:
    """The rig would be green for ever if it could not see this."""
    deed, folder = kill_points.DEEDS[name], yard.copy(f"planted {name}")
    figures = kill_points.run(yard.server, folder, deed, ("fsync", "fdatasync"), plant=plant)
    assert not figures.clean, figures.shown(name)


def test_a_folder_killed_while_it_becomes_a_shop_opens_or_begins_again(
    yard: Yard, soak: bool
) -> None:
    calls = DISK if soak else ("fsync", "unlink")
    step = 1 if soak else 4
    figures = kill_points.first_opening(yard.server, yard.work, calls, step)
    assert figures.clean, figures.shown("first opening")
    assert figures.points > 3


def test_a_released_folder_killed_while_it_is_lifted_is_old_or_new(yard: Yard, soak: bool) -> None:
    release, work = upgrading.RELEASED[-1], yard.work / "lift"
    work.mkdir()
    calls = DISK if soak else ("fsync", "rename")
    figures = upgrading.run(yard.server, release, work, calls, step=1 if soak else 4)
    assert figures.clean, figures.shown("upgrade")
    assert figures.points > 3


def test_a_lift_in_two_commits_is_seen(yard: Yard) -> None:
    figures = upgrading.run(
        yard.server, upgrading.RELEASED[-1], yard.work / "apart", ("fsync",), plant="lift_apart"
    )
    assert not figures.clean, figures.shown("lift apart")


def test_without_strace_the_rig_fails_and_says_why(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = yard.server.start(yard.copy("untraced"))
    monkeypatch.setenv("PATH", str(Path(yard.work)))
    with pytest.raises(AssertionError, match=NO_STRACE[:20]):
        Tracer(till, yard.work / "never.trace")
    till.wait()
