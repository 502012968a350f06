"""报表 by keys: from a figure down to its receipts and back, kept for the next visit, on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt

from app.sales.devices import keep_device
from tests.ui.hands import LOOK_MS, Hands, at_the_window, begin_shift, wait
from ui.presenters.report_period import Period, typed_range
from ui.presenters.reporting import KEPT_MARK
from ui.report_views import ReportsView
from ui.screens.reports import ReportsScreen

ENTER, ESC, UP, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down
LEFT, RIGHT = Qt.Key.Key_Left, Qt.Key.Key_Right
ROLLS, EGGS = "11014", "13006"


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    """A cashier in a turn who sold rolls twice and eggs once."""
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        counter = person.running.till.counter
        for code in (ROLLS, EGGS, ROLLS):
            counter.scan(code)
            counter.checkout()
            counter.choose_cash()
            counter.pay_cash(100_00)
        person.running.shell.acted("reports")
        seen(person, "商品")
        yield person


def screen(hands: Hands) -> ReportsScreen:
    found = hands.running.window.page_of("reports")
    assert isinstance(found, ReportsScreen)
    return found


def view(hands: Hands) -> ReportsView:
    return screen(hands)._view


def seen(hands: Hands, title: str) -> None:
    """A report stands there with its rows and its check."""
    hands.until(lambda: view(hands).title.startswith(title) and bool(view(hands).check_words),
                title)  # fmt: skip
    wait(LOOK_MS)


def rows(hands: Hands) -> list[tuple[str, ...]]:
    return [row.cells for row in view(hands).rows.rows]


def test_a_figure_goes_down_to_its_receipts_and_up_again(hands: Hands) -> None:
    assert rows(hands)[0][0] == "马冈鹅蛋卷"
    hands.press(RIGHT, ENTER)
    hands.until(lambda: view(hands).down, "the papers")
    assert len(rows(hands)) == 2 and all(cells[2].startswith("KP01-1D") for cells in rows(hands))
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: hands.running.window.page == "receipts", "the receipt")
    hands.until(lambda: hands.running.shell.receipts.shown.startswith("KP01-1D"), "its number")


def test_esc_goes_up_before_it_leaves(hands: Hands) -> None:
    hands.press(RIGHT, ENTER)
    hands.until(lambda: view(hands).down, "the papers")
    wait(LOOK_MS)
    hands.press(ESC)
    assert not view(hands).down and hands.running.window.page == "reports"
    wait(LOOK_MS)
    hands.press(ESC)
    hands.until(lambda: hands.running.window.page == "till", "the counter")


def test_arrows_walk_the_reports_and_each_is_shown_at_once(hands: Hands) -> None:
    hands.press(LEFT, DOWN)
    seen(hands, "品类")
    assert rows(hands)[0][0].startswith("1.")
    hands.press(UP, UP)
    seen(hands, "时段")
    assert view(hands).chart is not None and view(hands).check_ok


def test_a_cashier_sees_sales_and_no_margin(hands: Hands) -> None:
    names = [row.key for row in view(hands).reports.rows]
    assert "product" in names and "margin" not in names and "tenders" not in names
    assert ("毛利", "（无权）") in [(each.word, each.figure) for each in view(hands).kpis]
    assert "毛利" not in [column.title for column in view(hands).rows.columns]


def test_what_was_looked_at_is_there_the_next_time(hands: Hands) -> None:
    hands.press(RIGHT)
    hands.type("s")
    hands.until(lambda: ROLLS in view(hands).only_word, "only the rolls")
    hands.type("w")
    hands.until(lambda: view(hands).period == "week", "the week")
    hands.type("c")
    hands.until(lambda: view(hands).compare_word == "比上周", "last week")
    seen(hands, "商品")
    assert len(rows(hands)) == 1 and "对比" in view(hands).range_words
    hands.press(ESC)
    hands.until(lambda: hands.running.window.page == "till", "the counter")
    hands.running.shell.acted("reports")
    seen(hands, "商品")
    assert (view(hands).period, view(hands).compare_word) == ("week", "比上周")
    assert len(rows(hands)) == 1
    hands.type("x")
    hands.until(lambda: not view(hands).only_word, "all of it")


def test_days_are_typed_as_people_write_them(hands: Hands) -> None:
    hands.type("r")
    hands.until(lambda: view(hands).question is not None, "which days")
    field = screen(hands).question.bar
    assert field.isVisible()
    wait(LOOK_MS)
    hands.type("1201 1207")
    hands.press(ENTER)
    hands.until(lambda: "2026-12-01" in view(hands).range_words, "the range")
    assert typed_range("20261201", "2026-12-07") == Period("range", "2026-12-01", "2026-12-01")
    for wrong in ("1207 1201", "1301", "gestern", "", "1 2 3"):
        assert typed_range(wrong, "2026-12-07") is None


def test_the_same_rows_go_into_a_pdf_and_an_excel_file(hands: Hands) -> None:
    hands.type("e")
    hands.until(lambda: "已存好" in str(view(hands).message), "saved")
    assert view(hands).message is not None
    path = Path(view(hands).message.detail)  # type: ignore[union-attr]
    page = load_workbook(path).active
    assert page is not None
    cells = list(page.iter_rows(values_only=True))
    assert cells[2][:4] == ("品名", "货号", "数量", "实收")
    assert cells[3][2] == 2 and isinstance(cells[3][3], int | float)
    hands.type("p")
    hands.until(lambda: ".pdf" in str(view(hands).message), "the PDF")
    made = Path(view(hands).message.detail)  # type: ignore[union-attr]
    assert made.read_bytes().startswith(b"%PDF")


def test_a_wrong_sum_is_told_in_red(hands: Hands) -> None:
    writer = hands.running.till.books.database.writer
    writer.exec_driver_sql("UPDATE sale_line SET paid = paid + 100")
    hands.type("w")
    hands.until(lambda: not view(hands).check_ok, "the difference")
    assert "对不上" in view(hands).check_words
    label = screen(hands)._check
    assert label.property("look") == "danger" and label.isVisible()


def test_a_spoiled_memory_of_the_last_visit_stops_nobody(hands: Hands) -> None:
    keep_device(hands.running.till.books, KEPT_MARK, '{"name": "secrets", "period": 7}')
    hands.press(ESC)
    hands.until(lambda: hands.running.window.page == "till", "the counter")
    hands.running.shell.acted("reports")
    seen(hands, "商品")
    assert rows(hands)


@pytest.mark.parametrize(
    ("period", "before", "after"),
    [
        (Period("day", "2026-12-07"), ("2026-12-06", "2026-12-06"), ("2026-12-07", "2026-12-07")),
        (Period("week", "2026-11-25"), ("2026-11-16", "2026-11-22"), ("2026-11-30", "2026-12-06")),
        (Period("month", "2026-03-31"), ("2026-02-01", "2026-02-28"), ("2026-04-01", "2026-04-30")),
        (Period("year", "2025-05-05"), ("2024-01-01", "2024-12-31"), ("2026-01-01", "2026-12-07")),
        (Period("range", "2026-11-01", "2026-11-10"), ("2026-10-22", "2026-10-31"),
         ("2026-11-11", "2026-11-20")),
    ],
)  # fmt: skip
def test_one_step_earlier_or_later_is_the_same_kind_of_range(
    period: Period, before: tuple[str, str], after: tuple[str, str]
) -> None:
    today = "2026-12-07"
    assert period.moved(-1, today).range(today) == before
    assert period.moved(1, today).range(today) == after


def test_a_low_screen_shows_the_chart_in_the_rows_place(hands: Hands) -> None:
    hands.running.window.resize(1024, 600)
    hands.until(lambda: screen(hands)._look.isVisible(), "the key for the chart")
    assert screen(hands)._rows.isVisible() and not screen(hands)._chart.isVisible()
    hands.type("g")
    hands.until(lambda: screen(hands)._chart.isVisible(), "the chart")
    assert not screen(hands)._rows.isVisible()
    hands.type("g")
    hands.until(lambda: screen(hands)._rows.isVisible(), "the rows")
