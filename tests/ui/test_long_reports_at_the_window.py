"""A long report at the window: its check goes on behind it, says how far it is, and ends."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt

from app.errors import Trouble
from app.reports.weekly import hold_week
from tests.ui.hands import LOOK_MS, Hands, wait
from tests.ui.test_reports_at_the_window import hands, screen, view
from ui.presenters import report_weeks

__all__ = ["hands"]

RANGE = "1110 1207"
"""Four weeks; what was sold was sold on the last day."""
TWISTED = (
    'UPDATE entry SET content = CAST(replace(CAST(content AS TEXT), \'"app":"\', \'"app":"x\')'
    " AS BLOB) WHERE fact = (SELECT min(sale) FROM sale)"
)


class Gate:
    """Lets weeks through one by one, and notes which were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._let = threading.Semaphore(0)

    def hold(self, books: Any, sheet: Any, week: Any, *, today: str) -> Any:
        self.asked.append(week.first)
        assert self._let.acquire(timeout=20)
        return hold_week(books, sheet, week, today=today)

    def let(self, many: int = 1) -> None:
        self._let.release(many)


@pytest.fixture
def gate(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """The four weeks are asked for; none was held yet."""
    found = Gate()
    monkeypatch.setattr(report_weeks, "hold_week", found.hold)
    ask_weeks(hands)
    hands.until(lambda: bool(found.asked), "the first week")
    assert words(hands) == "与营业额一致；流水账已核对 0/28 天"
    yield found
    found.let(100)


def ask_weeks(hands: Hands) -> None:
    hands.type("r")
    hands.until(lambda: view(hands).question is not None, "which days")
    wait(LOOK_MS)
    hands.type(RANGE)
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: "2026-11-10" in view(hands).range_words, "the range")


def words(hands: Hands) -> str:
    return screen(hands)._check.text()


def test_a_sound_range_counts_up_and_ends_equal(hands: Hands, gate: Gate) -> None:
    for done in (7, 14, 21):
        gate.let()
        said = f"与营业额一致；流水账已核对 {done}/28 天"
        hands.until(lambda said=said: words(hands) == said, said)
        assert view(hands).check_ok and view(hands).rows.rows
    gate.let()
    hands.until(lambda: words(hands) == "与流水账一致", "the end")
    assert gate.asked == ["2026-11-10", "2026-11-17", "2026-11-24", "2026-12-01"]


def test_a_damaged_entry_turns_the_range_red(hands: Hands) -> None:
    hands.running.till.books.database.writer.exec_driver_sql(TWISTED)
    ask_weeks(hands)
    hands.until(lambda: not view(hands).check_ok, "the damage")
    assert words(hands).startswith("2026-12-01 – 2026-12-07：流水账坏了 1 条：这里 ")
    assert screen(hands)._check.property("look") == "danger"


def _leave(hands: Hands) -> None:
    hands.press(Qt.Key.Key_Escape)
    hands.until(lambda: hands.running.window.page == "till", "the counter")


def _lock(hands: Hands) -> None:
    hands.running.shell.lock_when_idle()
    hands.until(lambda: hands.running.window.page == "sign_in", "the door")


def _ask_on(hands: Hands) -> None:
    hands.type("d")
    hands.until(lambda: view(hands).period == "day", "another question")


@pytest.mark.parametrize("stop", [_leave, _lock, _ask_on])
def test_leaving_or_asking_on_stops_it(
    hands: Hands, gate: Gate, stop: Callable[[Hands], None]
) -> None:
    gate.let()
    hands.until(lambda: len(gate.asked) == 2, "the second week")
    stop(hands)
    gate.let(5)
    wait(300)
    assert len(gate.asked) == 2
    if stop is _ask_on:
        hands.until(lambda: words(hands) == "与流水账一致", "the day's own check")


def test_a_row_stays_marked_while_weeks_come_in(hands: Hands, gate: Gate) -> None:
    hands.press(Qt.Key.Key_Right, Qt.Key.Key_Down)
    marked = screen(hands).marked_row()
    gate.let(3)
    hands.until(lambda: "21/28" in words(hands), "three weeks")
    assert screen(hands).marked_row() == marked == view(hands).rows.rows[1].key


def test_a_file_says_how_far_the_check_was(hands: Hands, gate: Gate) -> None:
    gate.let()
    hands.until(lambda: "7/28" in words(hands), "a week")
    hands.type("e")
    gate.let()
    hands.until(lambda: "已存好" in str(view(hands).message), "saved")
    page = load_workbook(Path(view(hands).message.detail)).active  # type: ignore[union-attr]
    assert page is not None
    cells = [str(cell) for row in page.iter_rows(values_only=True) for cell in row]
    assert [each for each in cells if each.endswith("流水账已核对 7/28 天")]


def test_a_week_that_cannot_be_read_is_red(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(*_args: object, **_more: object) -> None:
        raise Trouble("database_damaged")

    monkeypatch.setattr(report_weeks, "hold_week", torn)
    ask_weeks(hands)
    hands.until(lambda: not view(hands).check_ok, "red")
    assert words(hands) == "2026-11-10 – 2026-11-16：流水账读不出来；流水账已核对 0/28 天"
    assert view(hands).message is not None
