"""`./pos update` says why it does not, and a till that is open is left alone."""

from pathlib import Path

import pytest

from tests.support.tills import TillInFolder
from ui import ship_commands, updating
from ui.commands import main


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["update", *words]) == 1
    return capsys.readouterr().err


def test_every_refusal_is_said(
    till: TillInFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    data = ["--data", str(till.path)]
    file = ["--from", str(tmp_path / "no.kpupdate")]
    assert till.books.shop == "KP01"
    assert "till_already_open" in said(capsys, *data, *file)
    till.close()
    assert "update_nothing" in said(capsys, *data)
    assert "update_not_built" in said(capsys, *data, *file)
    assert "update_not_built" in said(capsys, *data, "--back")
    monkeypatch.setattr(updating, "program_folder", lambda: tmp_path)
    assert "update_no_key" in said(capsys, *data, *file)
    assert "update_no_way_back" in said(capsys, *data, "--back")
    monkeypatch.setattr(ship_commands, "unsent_entries", lambda _db: 3)
    assert "3 条没有传给总部" in said(capsys, *data, *file)
    assert "update_no_key" in said(capsys, *data, *file, "--anyway")
    assert "update_no_key" in said(capsys, "--data", str(tmp_path / "nowhere"), *file)
