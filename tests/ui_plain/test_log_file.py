"""The log: what happened, never about whom; and a till that cannot log sells all the same."""

import ast
import json
import logging
import threading
from pathlib import Path

import pytest

from app.errors import Trouble
from ui import log_file
from ui.log_file import kept_log

LOG = logging.getLogger("ui.log_test")
ROOT = Path(__file__).resolve().parents[2]


def lines(data: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (data / "logs" / "till.log").read_text().splitlines()]


def test_an_error_is_told_by_its_kind_and_the_places_it_came_through(tmp_path: Path) -> None:
    with kept_log(tmp_path):
        try:
            raise OSError(28, "关小燕 13902880417")
        except OSError:
            LOG.exception("the disk of %s", "till-1")
    (said,) = lines(tmp_path)
    assert said["says"] == "the disk of till-1" and said["error"] == "OSError ENOSPC"
    assert said["trail"] == [
        f"tests/ui_plain/test_log_file.py:{said['trail'][0].split(':')[1]}"  # type: ignore[index]
    ]


def test_details_are_cut_down_to_codes_and_short_plain_words(tmp_path: Path) -> None:
    with kept_log(tmp_path):
        LOG.warning(
            "%s %s %s %d", Trouble("disk_full", detail="关小燕"), "司徒", "1390288", 1234567
        )
    assert lines(tmp_path)[0]["says"] == "disk_full … # #"


def test_other_libraries_are_kept_without_their_details(tmp_path: Path) -> None:
    with kept_log(tmp_path):
        logging.getLogger("urllib3.pool").warning("retrying %s", "member?phone=abc")
        logging.getLogger("urllib3.pool").info("a request")
        LOG.info("our own")
    assert [each["says"] for each in lines(tmp_path)] == ["retrying %s", "our own"]


def test_what_nobody_caught_is_kept_also_from_another_thread(tmp_path: Path) -> None:
    def stumble() -> None:
        raise KeyError("13902880417")

    with kept_log(tmp_path):
        thread = threading.Thread(target=stumble)
        thread.start()
        thread.join()
    assert lines(tmp_path)[0]["error"] == "KeyError"


def test_a_log_that_cannot_be_written_costs_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").write_text("a file stands where the folder should be")
    with kept_log(tmp_path):
        LOG.info("not kept")
    with kept_log(tmp_path / "nothing"):
        LOG.info("not kept either")
    assert not (tmp_path / "nothing").exists()
    assert capsys.readouterr().err == ""


def test_the_log_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "MOST_BYTES", 2_000)
    with kept_log(tmp_path):
        for number in range(300):
            LOG.info("line %d", number)
    files = list((tmp_path / "logs").iterdir())
    assert len(files) == 1 + log_file.OLDER_FILES
    assert sum(file.stat().st_size for file in files) <= 2_000 * len(files)
    assert lines(tmp_path)[-1]["says"] == "line 299"


def test_what_is_logged_is_always_a_constant_sentence() -> None:
    """A name pasted into the sentence itself could not be told from the sentence."""
    found = []
    for package in log_file.OURS:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and ast.unparse(node.func.value) == "LOG"
                    and not isinstance(node.args[0], ast.Constant)
                ):
                    found.append(f"{path.name}:{node.lineno}")
    assert found == []
