"""`./pos restore` says why it does not, and leaves nothing behind."""

from pathlib import Path

import pytest

from ui.commands import main


def test_copies_that_are_not_there_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    command = ["restore", "--data", str(tmp_path / "new"), "--from", str(tmp_path / "empty")]
    assert main([*command, "--keystore", "file"]) == 1
    assert "copy_missing" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
