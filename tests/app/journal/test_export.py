"""A journal as open files: read by a program that knows nothing of the till, and proved by it."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.errors import Refusal
from app.journal.export import KEYS, LINES, PROVER, TABLE, verify_export, write_export
from tests.support.facts import a_shop_day
from tests.support.processes import ROOT
from tests.support.tills import MORNING, TillInFolder


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TillInFolder]:
    till = TillInFolder(tmp_path_factory.mktemp("till") / "till")
    till.record(*a_shop_day())
    yield till
    till.close()


@pytest.fixture
def exported(day: TillInFolder, tmp_path: Path) -> Path:
    with day.books.read() as db:
        write_export(db, tmp_path / "out", MORNING, lambda _more: None)
    return tmp_path / "out"


def proved(folder: Path, *more: str) -> dict[str, Any]:
    """What the little program in the export says, run with nothing of ours in reach."""
    answer = subprocess.run(
        [sys.executable, "-I", folder / PROVER, folder, *more],
        capture_output=True, text=True, cwd=folder, check=False,
    )  # fmt: skip
    said: dict[str, Any] = json.loads(answer.stdout)
    assert (answer.returncode == 0) == said["ok"]
    return said


def codes(said: dict[str, Any]) -> set[tuple[str, int]]:
    return {(each["code"], each["seq"]) for each in said["problems"]}


def ours(folder: Path) -> set[tuple[str, int]]:
    report = verify_export(folder)
    assert report.ok == (not report.problems)
    return {(each.code, each.seq) for each in report.problems}


def test_an_export_proves_itself_without_the_till(exported: Path, day: TillInFolder) -> None:
    said = proved(exported)
    assert said["ok"] and said["entries"] == len(a_shop_day()) + 1
    assert ours(exported) == set()
    assert verify_export(exported).entries == said["entries"]
    with day.books.read() as db:
        rows = db.exec_driver_sql("SELECT content FROM entry ORDER BY seq").scalars().all()
    text = (exported / LINES).read_text("utf-8")
    lines = [json.loads(line)["entry"].encode() for line in text.splitlines()]
    assert lines == rows, "exactly the bytes that were signed"


def test_a_key_or_a_hash_from_outside_is_held_against_it(exported: Path, day: TillInFolder) -> None:
    journal = day.books.journal
    with day.books.read() as db:
        head = journal.head(db)[1]
    assert proved(exported, "--key", f"{journal.id}={journal.public_key}", "--head", head)["ok"]
    assert not proved(exported, "--key", f"{journal.id}={'ab' * 32}")["ok"]
    assert ("head_missing", 0) in codes(proved(exported, "--head", "ABCDEF"))


def each_line(change: Callable[[list[dict[str, Any]]], object]) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        lines = [json.loads(line) for line in (folder / LINES).read_text("utf-8").splitlines()]
        change(lines)
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / LINES).write_text(text, "utf-8")

    return tamper


def edit(lines: list[dict[str, Any]]) -> None:
    lines[9]["entry"] = lines[9]["entry"].replace("1850", "1150")


def swap(lines: list[dict[str, Any]]) -> None:
    lines[4], lines[8] = lines[8], lines[4]


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (each_line(edit), ("content_changed", 10)),
        (each_line(lambda lines: lines.pop(9)), ("entry_missing", 10)),
        (each_line(lambda lines: lines.pop()), ("entry_missing", 17)),
        (each_line(swap), ("entry_misplaced", 5)),
        (each_line(lambda lines: lines[9].update(sig="00" * 64)), ("signature_bad", 10)),
        (each_line(lambda lines: lines.insert(5, lines[9])), ("entry_missing", 6)),
    ],
    ids=["edited", "removed", "cut", "swapped", "signed anew", "put in"],
)
def test_whatever_is_done_to_its_lines_is_found_by_both(
    exported: Path, tamper: Callable[[Path], None], found: tuple[str, int]
) -> None:
    tamper(exported)
    assert found in codes(proved(exported))
    assert found in ours(exported)


def test_a_table_that_says_something_else_is_found(exported: Path) -> None:
    text = (exported / TABLE).read_text("utf-8-sig")
    (exported / TABLE).write_text(text.replace("1850", "1150"), "utf-8-sig")
    assert {code for code, _seq in codes(proved(exported))} == {"table_differs"}


def test_a_part_of_a_journal_proves_itself_too(day: TillInFolder, tmp_path: Path) -> None:
    with day.books.read() as db:
        tenth = db.exec_driver_sql("SELECT order_ms FROM entry WHERE seq = 10").scalar_one()
        write_export(db, tmp_path / "out", MORNING, lambda _more: None, since_ms=tenth)
    said = proved(tmp_path / "out")
    assert said["ok"] and said["journals"][0]["first"] == 10
    assert ours(tmp_path / "out") == set()


def test_an_export_that_is_none_or_has_nowhere_to_go_is_refused(
    day: TillInFolder, tmp_path: Path, exported: Path
) -> None:
    (exported / KEYS).write_text("{}")
    (tmp_path / "taken").write_text("a file where the folder should be made")
    with pytest.raises(Refusal, match="wrong_file"):
        verify_export(exported)
    with day.books.read() as db, pytest.raises(Refusal, match="export_failed"):
        write_export(db, tmp_path / "taken" / "out", MORNING, lambda _more: None)


def test_one_that_is_stopped_leaves_nothing(day: TillInFolder, tmp_path: Path) -> None:
    def stop(_more: int) -> None:
        raise Refusal("check_stopped")

    with day.books.read() as db, pytest.raises(Refusal, match="check_stopped"):
        write_export(db, tmp_path / "out", MORNING, stop)
    assert list(tmp_path.iterdir()) == []


def test_the_command_reads_an_export(exported: Path) -> None:
    command = (sys.executable, "-m", "ui.commands", "verify", "--export", exported)
    answer = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert json.loads(answer.stdout)["ok"], answer.stderr
