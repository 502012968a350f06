"""The restore drill in every run: from the stick and the paper alone; `python -m tests.drill`."""

import json
from pathlib import Path

import pytest

from tests.drill.__main__ import drill, good


def test_the_restore_drill(tmp_path: Path, soak: bool, capsys: pytest.CaptureFixture[str]) -> None:
    figures = drill(tmp_path, sales=20_000 if soak else 60, seed="suite")
    with capsys.disabled():
        print(f"\nrestore drill: {json.dumps(figures, ensure_ascii=False)}")
    assert good(figures), figures
    assert (figures["next_journal"], figures["sold_on"]) == ("B", "KP07-1B-261207-0001")
