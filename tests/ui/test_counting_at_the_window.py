"""盘点 at the real window: a shelf is counted by keys and scanner alone, while the shop sells."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.clock import SettableClock, parse_time
from app.facts.stock import ReceivedLine
from app.ids import Ids, seeded
from app.stock.actions import receive
from app.transaction import transaction
from tests.ui.counting_hands import at_shelf, room, view
from tests.ui.hands import LOOK_MS, NOON, Hands, at_the_window, begin_shift, wait
from ui.startup import open_demo

ENTER, BACKSPACE, ESC = Qt.Key.Key_Return, Qt.Key.Key_Backspace, Qt.Key.Key_Escape
EGG_ROLL, TEA = "6900000110140", "6900000120019"


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def shows(hands: Hands, name: str, total: str) -> None:
    hands.until(
        lambda: name in view(hands).name and view(hands).total == total,
        f"{name} {total}, not {view(hands)}",
    )
    wait(LOOK_MS)


def becomes(hands: Hands, person: tuple[str, str]) -> None:
    """Somebody else takes the counter."""
    hands.counter.desk.sign_in(*person)
    hands.keys = 0


def test_a_shelf_costs_one_scan_an_article_and_its_number(hands: Hands) -> None:
    room(hands)
    at_shelf(hands, "A3")
    hands.keys = 0
    hands.scan(EGG_ROLL)
    shows(hands, "鹅蛋卷", "1")
    hands.type("22")
    hands.press(ENTER)
    shows(hands, "鹅蛋卷", "22")
    assert hands.keys == 3
    hands.scan(EGG_ROLL)
    shows(hands, "鹅蛋卷", "23")
    hands.press(BACKSPACE)
    hands.until(lambda: view(hands).total == "", "taken back")
    hands.scan(EGG_ROLL)
    shows(hands, "鹅蛋卷", "23")
    # A number and * wait for the next article.
    hands.type("5*")
    hands.until(lambda: view(hands).waiting == "× 5", "× 5")
    hands.scan(TEA)
    shows(hands, "红茶", "5")
    at_shelf(hands, "A4")
    assert [each.state for each in view(hands).zones] == ["counted", "here"]
    assert hands.taps == 0


def test_a_scan_on_the_counter_still_sells_and_esc_leads_back(hands: Hands) -> None:
    room(hands)
    at_shelf(hands, "A3")
    hands.scan(EGG_ROLL)
    shows(hands, "鹅蛋卷", "1")
    hands.press(ESC)
    hands.until(lambda: hands.running.window.page == "till", "the till")
    hands.scan(EGG_ROLL)
    hands.sees("38.00", 1)
    assert hands.count("SELECT count(*) FROM count_entry") == 1


def test_who_counts_does_not_see_the_books_and_a_lead_closes(hands: Hands) -> None:
    room(hands)
    at_shelf(hands, "A3")
    hands.scan(EGG_ROLL)
    shows(hands, "鹅蛋卷", "1")
    hands.type("99")
    hands.press(ENTER)
    shows(hands, "鹅蛋卷", "99")
    hands.type("v")
    hands.until(lambda: view(hands).message is not None, "blind")
    assert view(hands).mode == "count"
    becomes(hands, ("201", "135791"))
    hands.press(ESC, ESC)
    room(hands)
    hands.until(lambda: view(hands).mode == "count", "the count that runs")
    hands.type("v")
    hands.until(lambda: view(hands).mode == "review", "the review")
    [row] = view(hands).rows.rows
    assert row.cells[1:4] == ("100 盒", "99 盒", "−1 盒")
    hands.press(ENTER)
    hands.until(lambda: view(hands).mode == "closed", "closed")
    assert hands.count("SELECT quantity FROM on_hand WHERE product = '11014'") == 99_000


def test_what_is_worth_it_is_counted_again_by_the_lead_and_above_the_limit_a_second_says_yes(
    hands: Hands,
) -> None:
    room(hands)
    at_shelf(hands, "A3")
    hands.scan(EGG_ROLL)
    shows(hands, "鹅蛋卷", "1")
    hands.type("80")
    hands.press(ENTER)
    shows(hands, "鹅蛋卷", "80")
    becomes(hands, ("201", "135791"))
    hands.press(ESC)
    room(hands)
    hands.until(lambda: view(hands).mode == "count", "the count that runs")
    hands.type("v")
    hands.until(lambda: view(hands).mode == "review", "the review")
    hands.press(ENTER)
    hands.until(lambda: view(hands).message is not None, "count it again first")
    hands.press(ESC)
    hands.type("r")
    hands.until(lambda: view(hands).mode == "again" and bool(view(hands).rows.rows), "复点")
    hands.type("80")
    hands.press(ENTER)
    hands.until(lambda: not view(hands).rows.rows, "nothing is left to count again")
    hands.type("v")
    hands.until(lambda: view(hands).mode == "review", "the review")
    hands.press(ENTER)
    # 20 × 19.00 is above the lead's 100.00.
    hands.until(lambda: view(hands).question is not None, "a second person")
    hands.type("301")
    hands.press(ENTER)
    hands.until(lambda: "PIN" in str(view(hands).question), "their PIN")
    hands.type("864209")
    hands.press(ENTER)
    hands.until(lambda: view(hands).mode == "closed", "closed")
    assert hands.taps == 0


def test_goods_nobody_knows_are_kept_and_weighed_goods_ask_for_their_weight(hands: Hands) -> None:
    room(hands)
    at_shelf(hands, "A3")
    hands.scan("6901234567892")
    shows(hands, "6901234567892", "1")
    assert "不认识 1" in view(hands).marks
    hands.type("16009")
    hands.press(ENTER)
    hands.until(lambda: view(hands).message is not None, "its weight")
    hands.type("2.5")
    hands.press(ENTER)
    shows(hands, "麦菜", "2.500")


@pytest.fixture
def t7(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    """The sample shop with three articles at the costs of the day, one of each sold since."""
    folder = tmp_path / "t7"
    clock = SettableClock(parse_time(NOON))
    ids = Ids(clock, seeded("t7"))
    opened = open_demo(folder, till="1", stock=False, clock=clock, ids=ids, reserve=False)
    goods = {"12003": (24_000, 76), "11004": (35_400, 60), "13006": (40_000, 9.5)}
    with transaction(opened.books, staff="301") as tx:
        lines = [
            ReceivedLine(
                line=n,
                product=code,
                lot=f"t7-{code}",
                quantity=quantity,
                unit_cost=int(cost * 1_000_000),
            )
            for n, (code, (quantity, cost)) in enumerate(goods.items(), 1)
        ]
        receive(tx, lines, supplier="x")
    opened.close()
    with at_the_window(folder) as person:
        begin_shift(person)
        yield person


def test_t7_at_the_window_by_keys(t7: Hands) -> None:
    for code, quantity in (("12003", "1"), ("11004", "0.300")):
        t7.counter.add(code, quantity)
    t7.counter.checkout()
    t7.counter.pay_cash(None)
    room(t7)
    at_shelf(t7, "A1")
    for code, found in (("12003", "22"), ("11004", "34.950"), ("13006", "41")):
        t7.type(code)
        t7.press(ENTER)
        if code == "11004":
            t7.until(lambda: view(t7).message is not None, "its weight")
        else:
            t7.until(lambda: view(t7).total == "1", "one of it")
        wait(LOOK_MS)
        t7.type(found)
        t7.press(ENTER)
        t7.until(lambda found=found: view(t7).total == found, found)
        wait(LOOK_MS)
    becomes(t7, ("201", "135791"))
    t7.press(ESC)
    room(t7)
    t7.until(lambda: view(t7).mode == "count", "the count that runs")
    t7.type("r")
    t7.until(lambda: len(view(t7).rows.rows) == 1, "the tea is counted again")
    t7.type("22")
    t7.press(ENTER)
    t7.until(lambda: not view(t7).rows.rows, "nothing is left to count again")
    t7.type("v")
    t7.until(lambda: view(t7).mode == "review", "the review")
    t7.press(ENTER)
    t7.until(lambda: view(t7).mode == "closed", "closed")
    rows = {each.cells[1:5] for each in view(t7).rows.rows}
    assert rows == {
        ("23 罐", "22 罐", "−1 罐", "−76.00"),
        ("35.100 kg", "34.950 kg", "−0.150 kg", "−9.00"),
        ("40 盒", "41 盒", "+1 盒", "9.50"),
    }
    assert view(t7).net == "−75.50"
    assert t7.taps == 0
