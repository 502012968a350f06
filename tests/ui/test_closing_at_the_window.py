"""交班 by keys: counted blind, looked at, handed over; counted again, by two, and afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.clock import SettableClock
from tests.ui.hands import Hands, at_the_window, begin_shift, wait
from ui.presenters.desk_work import SETTLE_MS
from ui.room_views import CloseShiftView
from ui.screens.close_shift import CloseShiftScreen

SPACE, ENTER, ESC = Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape
WAITS = "差额待确认"
DAY_MS = 24 * 3_600_000


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def sold(hands: Hands) -> None:
    hands.counter.scan("6900000110140")
    hands.selling.refresh()
    hands.until(lambda: bool(hands.selling.shown.basket.lines), "the goods")
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.press(ENTER)
    hands.done("0.00")


def view(hands: Hands) -> CloseShiftView:
    screen = hands.running.window.page_of("close_shift")
    assert isinstance(screen, CloseShiftScreen)
    return screen._view


def opened(hands: Hands) -> None:
    hands.press(Qt.Key.Key_J, control=True)
    hands.until(lambda: hands.running.window.page == "close_shift", "交班")
    wait(200)


def at(hands: Hands, step: str, title: str = "") -> None:
    hands.until(lambda: view(hands).step == step and title in view(hands).title, f"{step} {title}")
    wait(SETTLE_MS + 100)


def counted(hands: Hands, amount: str) -> None:
    hands.type(amount)
    hands.press(ENTER)
    at(hands, "check")


def answered(hands: Hands, *values: str) -> None:
    for value in values:
        hands.until(lambda: view(hands).question is not None, "a question")
        wait(100)
        hands.type(value)
        hands.press(ENTER)


def facts(hands: Hands, kind: str) -> list[str]:
    with hands.running.till.books.read() as db:
        rows = db.exec_driver_sql(
            "SELECT CAST(content AS TEXT) FROM entry WHERE kind LIKE ? ORDER BY seq", (f"{kind}@%",)
        )
        return [str(row[0]) for row in rows]


def test_it_is_counted_blind_looked_at_and_handed_over(hands: Hands) -> None:
    sold(hands)
    opened(hands)
    assert (view(hands).step, view(hands).figures) == ("count", ())
    assert "538" not in str(view(hands))
    counted(hands, "538")
    assert ("＝ 应有", "538.00") in view(hands).figures
    assert (view(hands).verdict, view(hands).reasons) == ("相符", ())
    assert "删行\N{NO-BREAK SPACE}0" in view(hands).looks
    assert facts(hands, "shift_closed") == []
    hands.press(ENTER)
    at(hands, "done", "已交班")
    assert len(facts(hands, "shift_closed")) == 1
    hands.press(ENTER)
    hands.until(lambda: hands.running.window.page == "sign_in", "the door")


def test_who_counts_again_after_looking_leaves_both_counts(hands: Hands) -> None:
    opened(hands)
    counted(hands, "498")
    assert (view(hands).verdict, view(hands).difference) == ("短款", "−2.00")
    hands.press(ESC)
    at(hands, "count")
    counted(hands, "500")
    assert [each[1] for each in view(hands).counts] == ["498.00", "500.00"]
    hands.press(ENTER)
    at(hands, "done")
    [closed] = facts(hands, "shift_closed")
    assert '"counts":[{"person":"101","counted":49800' in closed
    assert '"counted":50000' in closed


def test_a_lead_counts_a_second_time_and_lets_the_difference_stand(hands: Hands) -> None:
    opened(hands)
    counted(hands, "490")
    hands.type("v")
    answered(hands, "201", "135791")
    at(hands, "count", "复点 · 工号 201")
    counted(hands, "490")
    assert view(hands).counts[1] == ("复点 · 工号 201", "490.00")
    hands.type("1")
    hands.until(lambda: view(hands).reason == "找零差错", "the reason")
    hands.type("a")
    answered(hands, "201", "135791")
    hands.until(lambda: "工号 201 来授权" in view(hands).note, "the lead's yes")
    wait(SETTLE_MS + 100)
    hands.press(ENTER)
    at(hands, "done")
    [closed] = facts(hands, "shift_closed")
    assert '"reason":"找零差错"' in closed
    assert '"unconfirmed":0' in closed
    assert '"verifies":1' in closed


def test_above_ones_limit_it_closes_all_the_same_and_waits(hands: Hands) -> None:
    opened(hands)
    counted(hands, "300")
    assert "超过本人限额" in view(hands).note
    assert view(hands).waits == WAITS
    # It is not handed over without a word about it, and any word does.
    hands.press(ENTER)
    hands.until(lambda: view(hands).message is not None, "what is missing")
    assert view(hands).message.code == "reason_needed" and view(hands).step == "check"
    hands.type("3")
    hands.until(lambda: view(hands).reason == "还不清楚", "the reason")
    hands.press(ENTER)
    at(hands, "done")
    assert "待办" in view(hands).note
    assert view(hands).waits == WAITS and view(hands).figures[-1] == ("原因", "还不清楚")
    assert '"unconfirmed":1' in facts(hands, "shift_closed")[0]


def test_a_reason_is_written_in_ones_own_words_and_stands_in_the_books(hands: Hands) -> None:
    opened(hands)
    counted(hands, "300")
    hands.type("4")
    answered(hands, "borrowed for the fair")
    hands.until(lambda: view(hands).reason == "other", "the reason")
    assert "borrowed for the fair" in view(hands).note
    # A lead's yes stands beside the reason, and neither takes the other away.
    hands.type("a")
    answered(hands, "301", "864209")
    hands.until(lambda: not view(hands).waits, "the manager's yes")
    assert "borrowed for the fair" in view(hands).note
    wait(SETTLE_MS + 100)
    hands.press(ENTER)
    at(hands, "done")
    assert view(hands).figures[-1] == ("原因", "borrowed for the fair")
    [closed] = facts(hands, "shift_closed")
    assert '"reason":"borrowed for the fair"' in closed and '"unconfirmed":0' in closed
    hands.until(
        lambda: (
            hands.count(
                "SELECT count(*) FROM print_job WHERE kind = 'shift_report'"
                " AND paper LIKE '%borrowed for the fair%'"
            )
            == 1
        ),
        "the paper",
    )


def test_counted_right_after_all_needs_no_reason(hands: Hands) -> None:
    opened(hands)
    counted(hands, "300")
    hands.type("1")
    hands.until(lambda: view(hands).reason == "找零差错", "the reason")
    hands.press(ESC)
    at(hands, "count")
    counted(hands, "500")
    hands.press(ENTER)
    at(hands, "done")
    assert (
        '"reason":""' in facts(hands, "shift_closed")[0]
        or '"reason"' not in facts(hands, "shift_closed")[0]
    )


def test_the_day_is_closed_with_a_lead_and_kept_as_pdf(hands: Hands) -> None:
    sold(hands)
    opened(hands)
    counted(hands, "538")
    hands.press(ENTER)
    at(hands, "done")
    hands.type("z")
    answered(hands, "201", "135791")
    at(hands, "done", "已日结")
    hands.type("p")
    hands.until(lambda: view(hands).message is not None, "the file")
    folder = hands.running.till.opened.folder
    [pdf] = (folder / "reports").glob("Z-*.pdf")
    assert pdf.name == "Z-KP01-1-2026-12-07-1.pdf"
    assert pdf.read_bytes().startswith(b"%PDF")
    # The day's report lies beside it, made while somebody was busy with the Z.
    hands.until(lambda: bool(list((folder / "reports").glob("day-*.pdf"))), "the day's report")


def counting_late(hands: Hands) -> None:
    """Nobody closed yesterday's turn; today somebody goes to count it."""
    sold(hands)
    clock = hands.running.door.clock
    assert isinstance(clock, SettableClock)
    clock.advance(DAY_MS)
    sold(hands)
    opened(hands)
    hands.until(lambda: any(each.name == "late" for each in view(hands).actions), "补点")
    hands.type("c")
    at(hands, "count", "补点 · 2026-12-07")


def test_a_turn_that_ended_uncounted_is_counted_from_here(hands: Hands) -> None:
    counting_late(hands)
    hands.type("538")
    hands.press(ENTER)
    at(hands, "done", "已补点")
    assert view(hands).verdict == "相符"
    assert len(facts(hands, "shift_counted")) == 1
    hands.press(ENTER)
    hands.until(lambda: hands.running.window.page == "till", "the till")


def test_a_late_count_above_the_limit_needs_a_reason(hands: Hands) -> None:
    """By a button or in one's own words; nobody sees how much it is before it is in the books."""
    counting_late(hands)
    hands.type("500")
    hands.press(ENTER)
    hands.until(lambda: view(hands).step == "check" and view(hands).message is not None, "why")
    assert view(hands).message.code == "reason_needed"
    assert not view(hands).difference and not view(hands).figures
    assert view(hands).counts == (("点钞 · 工号 101", "500.00"),)
    # No heading stands over nothing.
    shown = {each.text() for each in hands.running.window.findChildren(QLabel) if each.isVisible()}
    assert "请选原因。差多少，补点后显示。" in shown and not shown & {"各种付款", "请看"}
    assert facts(hands, "shift_counted") == []
    hands.press(ENTER)
    assert view(hands).step == "check"
    hands.type("4")
    hands.until(lambda: view(hands).question is not None, "one's own words")
    hands.type("abc")
    hands.press(ENTER)
    hands.until(lambda: view(hands).reason == "other", "the reason")
    hands.press(ENTER)
    at(hands, "done", "已补点")
    assert view(hands).difference == "−38.00"
    [counted_late] = facts(hands, "shift_counted")
    assert '"reason":"abc"' in counted_late


def test_an_x_is_printed_from_the_count_and_says_no_sum(hands: Hands) -> None:
    opened(hands)
    hands.type("x")
    hands.until(lambda: view(hands).message is not None, "printing")
    with hands.running.till.books.read() as db:
        [paper] = db.exec_driver_sql("SELECT paper FROM print_job WHERE kind = 'x_report'").all()
    assert "钱箱应有" not in paper[0]
