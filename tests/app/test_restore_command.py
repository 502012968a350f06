"""A dead disk: `./pos restore` makes the till anew from its copies; the next receipt says so."""

import json
from pathlib import Path

import pytest

from app.clock import SettableClock
from app.ids import Ids
from app.opening import open_folder
from app.verification import verify_folder
from tests.support.facts import sold
from tests.support.tills import TillInFolder
from ui.commands import main


def test_a_till_is_restored_verified_and_sells_under_the_next_letter(
    till: TillInFolder,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    till.record(sold(("KP-A001", 1850, 1000)), sold(("KP-A002", 2500, 1000), sequence=2))
    till.folder.copy_entries(tmp_path / "stick")
    rows = till.rows("SELECT number, due FROM sale ORDER BY number")
    till.close()
    clock = SettableClock(till.clock.wall_ms() + 3_600_000)
    monkeypatch.setattr("ui.startup.system_ids", lambda: (clock, Ids(clock)))
    command = ["restore", "--data", str(tmp_path / "new"), "--from", str(tmp_path / "stick")]
    assert main([*command, "--keystore", "file"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"]
    assert verify_folder(tmp_path / "new").ok
    clock.advance(60_000)
    opened = open_folder(tmp_path / "new", clock=clock, ids=Ids(clock), reserve=False)
    with opened.books.read() as db:
        found = db.exec_driver_sql("SELECT number, due FROM sale ORDER BY number").all()
    assert [tuple(row) for row in found] == rows
    assert opened.books.journal.series == "B"
    opened.close()
    assert main([*command, "--keystore", "file"]) == 1


def test_copies_that_are_not_there_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    command = ["restore", "--data", str(tmp_path / "new"), "--from", str(tmp_path / "empty")]
    assert main([*command, "--keystore", "file"]) == 1
    assert "copy_missing" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
