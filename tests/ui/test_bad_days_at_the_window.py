"""Bad days at the real window: what fails is said where the cashier looks, and the sale goes on.

Which test shows which fault of the list stands in tests/stories/test_every_fault.py.
"""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.clock import SettableClock
from sync.channels.practice.server import PracticeServer
from tests.support.practice import practising
from tests.ui.hands import Hands, at_the_window, begin_shift, wait

EGG_ROLL, TEA = "6900000110140", "6900000120019"
ENTER, SPACE, ESC = Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape
SETTLED_MS = 400


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def printer(hands: Hands) -> Any:
    """The virtual receipt printer of the sample shop."""
    return hands.running.till.devices.carriers["receipt"]


def break_printer(hands: Hands, what: str, on: bool = True) -> None:
    printer(hands).fault(what, on)
    for spool in hands.running.till.devices.spools.values():
        spool.poke()
    hands.running.spool.poke()


def sell(hands: Hands, code: str = EGG_ROLL, total: str = "38.00") -> str:
    hands.scan(code)
    hands.sees(total, 1)
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.press(ENTER)
    hands.done("0.00")
    assert hands.counter.last is not None
    return hands.counter.last.sale.number


def lamp(hands: Hands, word: str) -> tuple[str, str]:
    """State and words of a lamp in the strip."""
    hands.running.shell.show_strip()
    lamps = hands.running.window.strip._view.lamps
    return next((each.state, each.value) for each in lamps if each.word == word)


def papers(hands: Hands, number: str) -> int:
    """How many pages with this number came out."""
    return sum(any(number in row for row in page.rows) for page in printer(hands).pages)


# --- the printer (F17, F18) ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "words"), [("paper_out", "缺纸"), ("cover_open", "盖子开着"), ("unplugged", "没连上")]
)
def test_a_printer_that_cannot_is_told_in_the_strip_and_the_paper_comes_when_it_can(
    hands: Hands, fault: str, words: str
) -> None:
    break_printer(hands, fault)
    number = sell(hands)
    hands.until(lambda: lamp(hands, "打印") == ("warn", words), f"the strip says {words}")
    hands.until(
        lambda: hands.selling.shown.done is not None and words in hands.selling.shown.done.receipt,
        "the done card says so too",
    )
    second = sell(hands, TEA, "68.00")
    break_printer(hands, fault, on=False)
    clock = hands.running.door.clock
    assert isinstance(clock, SettableClock)
    clock.advance(30_000)
    hands.running.spool.poke()
    hands.until(lambda: papers(hands, second) == 1, "the second paper")
    assert papers(hands, number) == 1
    assert lamp(hands, "打印") == ("ok", "正常")
    assert hands.count("SELECT count(*) FROM sale") == 2


@pytest.mark.parametrize("fault", ["silent_printer", "breaks"])
@pytest.mark.parametrize(("key", "copies"), [(ENTER, 0), ("2", 1)])
def test_a_paper_nobody_is_sure_of_is_asked_about_and_never_comes_twice_by_itself(
    hands: Hands, fault: str, key: Qt.Key | str, copies: int
) -> None:
    break_printer(hands, fault)
    number = sell(hands)
    hands.until(lambda: hands.running.shell._tasks == 1, "it waits in 待办")
    before = papers(hands, number)
    break_printer(hands, fault, on=False)
    wait(SETTLED_MS)
    assert papers(hands, number) == before
    hands.press(Qt.Key.Key_T, control=True)
    hands.until(lambda: bool(tasks(hands)), "待办")
    assert number in tasks(hands)[0]
    hands.press(ENTER)
    hands.until(lambda: asked(hands) == "请看打印机：印出来了吗？", "the question")
    if isinstance(key, str):
        hands.type(key)
    else:
        hands.press(key)
    hands.until(lambda: tasks(hands) == [], "settled")
    hands.until(lambda: hands.count("SELECT count(*) FROM reprint") == copies, "said or reprinted")
    if copies:
        hands.until(lambda: any("重印 1" in row for row in printer(hands).last_rows), "a copy")


def tasks(hands: Hands) -> list[str]:
    page: Any = hands.running.window.page_of("tasks")
    return [row.cells[0] for row in page._list.rows._rows]


def asked(hands: Hands) -> str:
    page: Any = hands.running.window.page_of("tasks")
    view = page.question._view
    return view.title if view is not None else ""


# --- the drawer (F19, F28) ------------------------------------------------------------------------


def test_a_drawer_is_opened_without_a_sale_by_a_reason_and_somebody_who_may(hands: Hands) -> None:
    hands.press(Qt.Key.Key_F9, control=True)
    hands.until(lambda: hands.selling.shown.question is not None, "why?")
    hands.press(ENTER)
    hands.until(lambda: "授权" in str(hands.selling.shown.question), "whose yes")
    assert printer(hands).drawer_pulses == 0
    hands.type("201")
    hands.press(ENTER)
    hands.type("135791")
    hands.press(ENTER)
    hands.until(lambda: printer(hands).drawer_pulses == 1, "it opens")
    rows = "SELECT count(*) FROM counter_act WHERE what = 'drawer_opened'"
    hands.until(lambda: hands.count(rows) == 1, "written down")


# --- the clock (F7) -------------------------------------------------------------------------------


@pytest.mark.parametrize("moved_ms", [-3_600_000, 3_600_000])
def test_a_clock_somebody_set_is_confirmed_by_one_key_and_the_sale_goes_on(
    hands: Hands, moved_ms: int
) -> None:
    hands.scan(EGG_ROLL)
    hands.sees("38.00", 1)
    clock = hands.running.door.clock
    assert isinstance(clock, SettableClock)
    clock.jump_wall(moved_ms)
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.press(ENTER)
    hands.until(lambda: hands.selling.paying.view.message is not None, "the clock")
    assert hands.selling.paying.view.message is not None
    assert hands.selling.paying.view.message.code == "clock_jumped"
    assert hands.count("SELECT count(*) FROM sale") == 0
    hands.type("+")
    hands.until(lambda: hands.selling.paying.view.message is None, "it is right")
    hands.press(ENTER)
    hands.done("0.00")
    assert hands.count("SELECT count(*) FROM clock_confirmed") == 1


# --- money a bill knows and we do not (F22) -----------------------------------------------------


@pytest.fixture
def found(qapp: object, tmp_path: Path) -> Iterator[tuple[Hands, PracticeServer]]:
    """The bills were compared by keys: one says paid where the network had said declined."""
    with practising(hold_s=0.2) as server, at_the_window(tmp_path / "shop") as hands:
        begin_shift(hands)
        _given_up_but_paid(hands, server)
        hands.press(Qt.Key.Key_T, control=True)
        hands.until(lambda: hands.running.window.page == "tasks", "待办")
        assert tasks(hands) == []
        hands.type("b")
        hands.until(lambda: "账单" in asked(hands), "which day")
        hands.type("2")
        _somebody_says_yes(hands)
        hands.until(lambda: bool(tasks(hands)), "what differs")
        assert "账单上已收" in tasks(hands)[0]
        hands.press(ENTER)
        hands.until(lambda: "账单上已收" in asked(hands), "what to do")
        yield hands, server


def test_a_question_asked_before_the_list_was_read_is_still_there_afterwards(hands: Hands) -> None:
    reading = threading.Event()
    hands.running.background.run(lambda: reading.wait(10), done=lambda _: None)
    hands.press(Qt.Key.Key_T, control=True)
    hands.until(lambda: hands.running.window.page == "tasks", "待办")
    hands.type("b")
    hands.until(lambda: "账单" in asked(hands), "which day")
    read: list[None] = []
    hands.running.background.run(lambda: None, done=read.append)
    reading.set()
    hands.until(lambda: bool(read), "the list")
    assert "账单" in asked(hands)
    hands.press(ESC)
    assert asked(hands) == ""


def test_money_on_the_bill_for_a_charge_we_gave_up_goes_back_from_the_list(
    found: tuple[Hands, PracticeServer],
) -> None:
    hands, server = found
    hands.press(ENTER)
    _somebody_says_yes(hands)
    order = next(iter(server.network.orders.values()))
    hands.until(lambda: order.returned == 38_00, "it went back")


def test_money_on_the_bill_becomes_the_sale_the_customer_went_off_with(
    found: tuple[Hands, PracticeServer],
) -> None:
    hands, server = found
    assert hands.button("货已拿走，记成销售").isVisible()
    hands.type("2")
    _somebody_says_yes(hands)
    # Whoever is in a hurry presses on: it is one sale all the same.
    hands.press(*[ENTER] * 5)
    hands.until(lambda: tasks(hands) == [], "settled")
    assert hands.count("SELECT count(*) FROM sale") == 1
    assert hands.count("SELECT sum(amount) FROM sale_tender WHERE tender = 'wechat'") == 38_00
    assert sum(each.returned for each in server.network.orders.values()) == 0
    hands.press(ESC)
    hands.sees("0.00", 0)


def _given_up_but_paid(hands: Hands, server: PracticeServer) -> None:
    """A charge the network declined; on its bill it was paid all the same."""
    desk = hands.counter.desk
    desk.sign_in("301", "864209")
    desk.change_settings({"channel_address": server.address})
    desk.sign_in("101", "246810")
    hands.scan(EGG_ROLL)
    hands.sees("38.00", 1)
    hands.scan("130000000000000003")
    paying = hands.selling.paying
    hands.until(lambda: paying.view.mode == "code" and paying.view.message is not None, "declined")
    (order,) = server.network.orders.values()
    order.state, order.paid_ms = "paid", hands.running.door.clock.wall_ms()
    hands.press(ESC)
    hands.until(lambda: paying.view.message is None, "it is read")
    hands.press(ESC)
    hands.until(lambda: not paying.is_open, "the goods")


def _somebody_says_yes(hands: Hands) -> None:
    hands.until(lambda: "授权" in asked(hands), "whose yes")
    hands.type("301")
    hands.press(ENTER)
    hands.type("864209")
    hands.press(ENTER)
