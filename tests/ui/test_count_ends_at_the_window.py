"""盘点 beyond the shelf: paper sheets typed back, a collector's file, what was left out, zero."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.ui.counting_hands import at_shelf, room, view
from tests.ui.hands import LOOK_MS, Hands, at_the_window, begin_shift, wait
from ui.room_views import ImportView

ENTER, BACKSPACE, ESC = Qt.Key.Key_Return, Qt.Key.Key_Backspace, Qt.Key.Key_Escape
EGG_ROLL, TEA = "6900000110140", "6900000120019"
LEAD = ("201", "135791")


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def file_view(hands: Hands) -> ImportView:
    shown = hands.running.window.page_of("count_file").shown  # type: ignore[attr-defined]
    assert isinstance(shown, ImportView)
    return shown


def scanned(hands: Hands, code: str, total: str) -> None:
    hands.scan(code)
    hands.until(lambda: view(hands).total == total, f"{code} {total}")
    wait(LOOK_MS)


def mode(hands: Hands, wanted: str) -> None:
    hands.until(lambda: view(hands).mode == wanted, wanted)
    wait(LOOK_MS)


def marked(hands: Hands, row: str) -> None:
    hands.until(lambda: view(hands).rows.marked == row, f"row {row}")
    wait(LOOK_MS)


def worth(shown: str) -> float:
    return float(shown.replace(",", ""))


def as_lead(hands: Hands) -> None:
    hands.counter.desk.sign_in(*LEAD)
    hands.press(ESC)
    hands.until(lambda: hands.running.window.page == "till", "the till")
    room(hands)
    mode(hands, "count")


def test_a_sheet_is_printed_scanned_and_typed_back_by_keys(hands: Hands) -> None:
    room(hands)
    at_shelf(hands, "A3")
    scanned(hands, EGG_ROLL, "1")
    scanned(hands, TEA, "1")
    hands.type("p")
    hands.until(lambda: view(hands).question is not None, "what about sheets")
    wait(LOOK_MS)
    hands.type("2")
    hands.until(lambda: "10001" in str(view(hands).message), "it is printing")
    assert hands.count("SELECT count(*) FROM print_job WHERE title = '盘点表 10001'") == 1
    hands.scan("P:10001")
    mode(hands, "sheet")
    assert [row.cells[1] for row in view(hands).rows.rows] == ["11014", "12001"]
    marked(hands, "1")
    hands.type("60")
    hands.press(ENTER)
    marked(hands, "2")
    hands.type("7")
    hands.press(ENTER)
    hands.until(lambda: view(hands).rows.rows[1].cells[3] == "7 罐", "7 of line 2")
    # A number with * goes to a line; what is typed there again stands for the first.
    hands.type("1*")
    marked(hands, "1")
    hands.type("61")
    hands.press(ENTER)
    hands.until(lambda: view(hands).rows.rows[0].cells[3] == "61 盒", "61 of line 1")
    hands.type("9*")
    hands.until(lambda: "2" in str(view(hands).message), "there is no line 9")
    wait(LOOK_MS)
    hands.press(ESC, ESC)
    mode(hands, "count")
    papers = "SELECT sum(quantity) FROM count_entry WHERE paper = '10001'"
    assert hands.count(papers) == 68_000
    assert hands.taps == 0


def test_what_was_left_out_is_settled_from_the_review(hands: Hands) -> None:
    room(hands)
    at_shelf(hands, "A3")
    at_shelf(hands, "A4")
    hands.scan("6901234567892")
    hands.until(lambda: "不认识 1" in view(hands).marks, "a code nobody knows")
    as_lead(hands)
    hands.type("v")
    mode(hands, "review")
    hands.type("u")
    mode(hands, "looks")
    assert [row.key.partition(":")[0] for row in view(hands).rows.rows] == ["missed", "unknown"]
    hands.press(Qt.Key.Key_Down)
    hands.press(ENTER)
    hands.until(lambda: view(hands).question is not None, "what is it")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: bool(view(hands).question and view(hands).question.value), "which goods")
    wait(LOOK_MS)
    hands.type("11014")
    hands.press(ENTER)
    hands.until(lambda: "不认识" not in view(hands).marks, "it has a name")
    assert hands.count("SELECT count(*) FROM count_entry WHERE product = '11014'") == 1
    wait(LOOK_MS)
    # The shelf nobody went to is one Enter away.
    hands.press(ENTER)
    mode(hands, "count")
    assert view(hands).under.startswith("A3")
    assert hands.taps == 0


def test_what_nobody_counted_is_set_to_nought_by_an_act_of_its_own(hands: Hands) -> None:
    room(hands)
    at_shelf(hands, "A3")
    scanned(hands, EGG_ROLL, "1")
    hands.type("100")
    hands.press(ENTER)
    hands.until(lambda: view(hands).total == "100", "100")
    as_lead(hands)
    hands.type("v")
    mode(hands, "review")
    hands.type("z")
    mode(hands, "zero")
    assert all(row.cells[1] != "马冈鹅蛋卷 300g" for row in view(hands).rows.rows)
    hands.type("x")
    hands.until(lambda: view(hands).confirm_word == "清零 1 种", "one is chosen")
    hands.press(ENTER)
    hands.until(lambda: "先批准" in str(view(hands).message), "the count comes first")
    wait(LOOK_MS)
    hands.press(ESC)
    hands.type("v")
    mode(hands, "review")
    hands.press(ENTER)
    mode(hands, "closed")
    hands.type("z")
    mode(hands, "zero")
    # One that is worth more than the lead may let pass alone and less than a manager may.
    rows = view(hands).rows.rows
    place = next(n for n, row in enumerate(rows) if 100 < worth(row.cells[3]) < 2_000)
    first = rows[place].key
    for _ in range(place):
        hands.press(Qt.Key.Key_Down)
    hands.type("x")
    hands.until(lambda: view(hands).rows.rows[place].cells[0] == "✓", "chosen")
    hands.press(ENTER)
    hands.until(lambda: view(hands).question is not None, "sure?")
    wait(LOOK_MS)
    hands.press(ENTER)
    hands.until(lambda: "工号" in str(view(hands).question), "a second person")
    wait(LOOK_MS)
    hands.type("301")
    hands.press(ENTER)
    hands.until(lambda: "PIN" in str(view(hands).question), "their PIN")
    wait(LOOK_MS)
    hands.type("864209")
    hands.press(ENTER)
    hands.until(lambda: "已清零" in str(view(hands).message), "set to nought")
    assert hands.count(f"SELECT sum(quantity) FROM on_hand WHERE product = '{first}'") == 0
    assert all(row.key != first for row in view(hands).rows.rows)
    assert hands.taps == 0


FILE = f"条码,数量\n{EGG_ROLL},100\n{TEA},x\n6901234567892,5\n"


def test_a_collectors_file_is_looked_at_before_it_is_taken(hands: Hands, tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text(FILE, encoding="gb18030")
    room(hands)
    at_shelf(hands, "A3")
    hands.type("i")
    hands.until(lambda: hands.running.window.page == "count_file", "which file")
    hands.type(str(file))
    hands.press(ENTER)
    hands.until(lambda: file_view(hands).can_take, "looked at")
    wait(LOOK_MS)
    figures = dict(file_view(hands).figures)
    assert (figures["能收"], figures["不能收"], figures["不认识"]) == ("2", "1", "1")
    assert hands.count("SELECT count(*) FROM count_entry") == 0
    hands.press(ENTER)
    hands.until(lambda: file_view(hands).finished, "taken")
    wait(LOOK_MS)
    assert hands.count("SELECT count(*) FROM count_entry") == 2
    hands.press(ENTER)
    hands.until(lambda: hands.running.window.page == "count", "back at the shelf")
    # The page is shown at once, what stands on it comes from the books a moment later.
    hands.until(lambda: "不认识 1" in view(hands).marks, "不认识 1")
    assert hands.taps == 0


def test_an_import_that_is_stopped_keeps_what_it_took_and_goes_on_later(
    hands: Hands, tmp_path: Path
) -> None:
    file = tmp_path / "c.csv"
    file.write_text(f"{EGG_ROLL},1\n" * 2_000, encoding="utf-8")
    room(hands)
    at_shelf(hands, "A3")
    hands.type("i")
    hands.until(lambda: hands.running.window.page == "count_file", "which file")
    page = hands.running.window.page_of("count_file")
    page.chosen.emit(str(file))  # type: ignore[attr-defined]
    hands.until(lambda: file_view(hands).can_take, "looked at")
    page.taken.emit()  # type: ignore[attr-defined]
    hands.until(lambda: file_view(hands).done >= 200, "the bar moves")
    hands.press(ESC)
    hands.until(lambda: not file_view(hands).busy_word, "stopped")
    taken = hands.count("SELECT count(*) FROM count_entry")
    assert 200 <= taken < 2_000 and taken % 100 == 0
    page.chosen.emit(str(file))  # type: ignore[attr-defined]
    hands.until(lambda: file_view(hands).can_take, "looked at again")
    assert dict(file_view(hands).figures)["收过了"] == f"{taken:,}"
    page.taken.emit()  # type: ignore[attr-defined]
    hands.until(lambda: file_view(hands).finished, "taken")
    assert hands.count("SELECT count(*) FROM count_entry") == 2_000
