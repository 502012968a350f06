"""The flagship's cash basket by keys alone at the real window, to the fen; and the power cut."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.verification import verify_folder
from tests.support.processes import ROOT
from tests.ui.hands import LOOK_MS, Hands, at_the_window, begin_shift, demo_till, wait

SPACE, ENTER, F6, F10 = Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_F6, Qt.Key.Key_F10


@pytest.fixture
def hands(qapp: object, tmp_path: Path) -> Iterator[Hands]:
    with at_the_window(tmp_path / "shop") as person:
        begin_shift(person)
        yield person


def fill(hands: Hands) -> None:
    """Two boxes, a goose with its label, tea by initials, a bag."""
    hands.scan("6900000110140")
    hands.scan("6900000110140")
    hands.sees("76.00", 1)
    hands.scan("2111004218778")
    hands.sees("294.77", 2)
    hands.type("dshc")
    found = hands.running.window.page_of("till")
    hands.until(lambda: found._found._typed == "dshc", "dshc")
    while hands_found(found)[marked(found)] != "12003":
        hands.press(Qt.Key.Key_Down)
    hands.press(ENTER)
    hands.sees("422.77", 3)
    hands.type("99001")
    hands.press(ENTER)
    hands.sees("423.27", 4)


def hands_found(till: Any) -> list[str]:
    """Codes of the goods a search shows."""
    return [goods.key for goods in till._found._list._goods]


def marked(till: Any) -> int:
    return int(till._found._list._mark)


def serve_another(hands: Hands) -> None:
    hands.press(F6)
    hands.sees("0.00", 0)
    hands.scan("6900000120019")
    hands.sees("68.00", 1)
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.press(ENTER)
    hands.done("0.00")
    hands.press(F6, shift=True)
    hands.sees("423.27", 4)


def test_the_cash_basket_to_the_fen(hands: Hands, tmp_path: Path) -> None:
    fill(hands)
    serve_another(hands)
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    view = hands.selling.paying._view
    assert (view.due, view.rounding) == ("423.20", "−0.07")
    hands.type("500")
    hands.press(ENTER)
    hands.done("76.80")
    done = hands.counter.last
    assert done is not None
    sale = done.sale
    assert [line.amount for line in sale.lines] == [76_00, 218_77, 128_00, 50]
    assert sale.lines[1].quantity == 2_486
    assert (sale.gross, sale.rounding, sale.due, sale.change) == (423_27, -7, 423_20, 76_80)
    devices: Any = hands.running.till.devices
    hands.until(lambda: devices.carriers["receipt"].drawer_pulses == 2, "a pulse for each sale")
    lamps = [(shown.lamp, shown.amount) for shown in devices.display.rows[-2:]]
    assert lamps == [("received", "500.00"), ("change", "76.80")]

    def bag_stands_apart() -> bool:
        rows = devices.carriers["receipt"].last_rows
        return any(row.startswith("塑料购物袋(大)") and row.endswith("0.50") for row in rows)

    hands.until(bag_stands_apart, "the bag's own line on the receipt")
    assert sale.number.endswith("-0002")


KILLED = """
import os, sys
from pathlib import Path
from typing import Any
from PySide6.QtCore import Qt
from ui.door import prepare_qt
from tests.ui.hands import at_the_window, begin_shift
from tests.ui.test_t1_at_the_window import ENTER, SPACE, fill

prepare_qt(["pos"])
with at_the_window(Path(sys.argv[1])) as hands:
    begin_shift(hands)
    fill(hands)
    # Paper comes after money: the spooler stands still and the power goes at "paid".
    hands.running.spool._devices.step = lambda: False
    hands.running.till.books.listeners.append(
        lambda facts: [os.kill(os.getpid(), 9) for fact in facts if hasattr(fact, "tenders")]
    )
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "pay")
    hands.type("500")
    hands.press(ENTER)
    hands.until(lambda: False, "the end")
"""


def test_the_power_pulled_after_paid_leaves_one_sale_and_a_receipt_that_says_reprint(
    qapp: object, tmp_path: Path
) -> None:
    folder = tmp_path / "shop"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert killed.returncode == -9, killed.stderr
    till, clock = demo_till(folder, seed="after the cut")
    clock.advance(60_000)
    try:
        till.counter.desk.sign_in("101", "246810")
        assert till.counter.basket.lines == ()
        found = till.counter.receipts.find()
        assert (found.sale.due, found.sale.change) == (423_20, 76_80)
        assert found.sale.number.endswith("-0001")
        printer: Any = till.devices.carriers["receipt"]
        till.devices.step()
        assert printer.drawer_pulses == 0
        till.counter.receipts.reprint()
        till.devices.step()
        assert any("重印" in row for row in printer.last_rows)
        till.counter.scan("99001")
        done = till.counter.pay_cash()
        assert done is not None and done.sale.number.endswith("-0002")
    finally:
        till.close()
    assert verify_folder(folder).ok


@pytest.mark.parametrize(
    ("job", "keys"),
    [("exact cash", 2), ("cash 100", 5), ("three of the same", 2), ("hold and take back", 2),
     ("a list of two held", 2), ("reprint the last", 1), ("find by initials", 4)],
)  # fmt: skip
def test_what_a_job_costs_in_keys(hands: Hands, job: str, keys: int) -> None:
    match job:
        case "exact cash":
            for code in ("6900000110140", "6900000120019", "2111004218778"):
                hands.scan(code)
            hands.sees("324.77", 3)
            hands.press(SPACE)
            hands.until(lambda: hands.selling.paying.is_open, "收款")
            hands.press(ENTER)
            hands.done("0.00")
        case "cash 100":
            hands.scan("6900000110140")
            hands.sees("38.00", 1)
            hands.press(SPACE)
            hands.type("100")
            hands.press(ENTER)
            hands.done("62.00")
        case "three of the same":
            hands.type("3*")
            hands.scan("6900000110140")
            hands.sees("114.00", 1)
        case "hold and take back":
            hands.scan("6900000110140")
            hands.sees("38.00", 1)
            hands.press(F6)
            hands.sees("0.00", 0)
            hands.press(F6, shift=True)
            hands.sees("38.00", 1)
        case "a list of two held":
            for _ in range(2):
                hands.scan("6900000110140")
                hands.sees("38.00", 1)
                hands.press(F6)
                hands.sees("0.00", 0)
            hands.keys = 0
            hands.press(F6, shift=True)
            hands.until(lambda: hands.running.window.page == "held", "the list")
            wait(LOOK_MS)
            hands.press(ENTER)
            hands.sees("38.00", 1)
        case "reprint the last":
            hands.scan("6900000110140")
            hands.sees("38.00", 1)
            hands.press(SPACE, ENTER)
            hands.done("0.00")
            hands.keys = 0
            hands.press(F10)
            copies = "SELECT count(*) FROM reprint"
            hands.until(lambda: hands.count(copies) == 1, "重印")
        case "find by initials":
            hands.type("jjp")
            hands.until(lambda: hands_found(till_page(hands))[:1] == ["13006"], "jjp")
            hands.press(ENTER)
            hands.sees("16.80", 1)
    assert hands.keys == keys


def till_page(hands: Hands) -> object:
    return hands.running.window.page_of("till")


def test_a_hundred_note_is_two_taps(hands: Hands) -> None:
    hands.scan("6900000120019")
    hands.sees("68.00", 1)
    hands.tap("收款 68.00")
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.tap("¥100")
    hands.done("32.00")
    assert (hands.taps, hands.keys) == (2, 0)


def test_notes_laid_down_one_by_one_add_up_and_pay_when_they_cover_it(hands: Hands) -> None:
    hands.scan("6900000120019")
    hands.sees("68.00", 1)
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.tap("¥50")
    assert (hands.selling.paying.view.change_label, hands.selling.paying.view.change) == (
        "还差",
        "18.00",
    )
    hands.tap("¥10")
    hands.tap("¥10")
    hands.done("2.00")
    assert hands.counter.last is not None
    assert hands.counter.last.sale.tenders[0].tendered == 70_00


def test_esc_never_destroys_anything(hands: Hands) -> None:
    hands.scan("6900000110140")
    hands.sees("38.00", 1)
    hands.press(*[Qt.Key.Key_Escape] * 4)
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.type("1")
    hands.press(*[Qt.Key.Key_Escape] * 3)
    hands.until(lambda: not hands.selling.paying.is_open, "back")
    hands.sees("38.00", 1)


def test_a_scan_at_the_lock_is_sold_after_the_pin(hands: Hands) -> None:
    hands.press(Qt.Key.Key_L, control=True)
    hands.until(lambda: hands.running.window.page == "sign_in", "the lock")
    hands.scan("6900000110140")
    assert hands.running.shell.entrance.kept_scans == ["6900000110140"]
    hands.type("101")
    hands.press(ENTER)
    hands.type("246810")
    hands.press(ENTER)
    hands.sees("38.00", 1)


def test_received_by_far_too_much_is_refused_and_the_basket_stays(hands: Hands) -> None:
    hands.scan("6900000110140")
    hands.sees("38.00", 1)
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.type("5000")
    hands.press(ENTER)
    hands.until(lambda: hands.selling.paying._view.message is not None, "the refusal")
    assert hands.selling.paying._view.message.code == "received_too_large"
    assert hands.count("SELECT count(*) FROM sale") == 0


def test_letters_left_from_a_search_never_take_the_enter_of_the_money(hands: Hands) -> None:
    hands.scan("6900000110140")
    hands.sees("38.00", 1)
    hands.type("tbdg")
    wait(LOOK_MS)
    hands.press(Qt.Key.Key_Escape)
    hands.press(SPACE)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.press(ENTER)
    hands.done("0.00")
    assert hands.selling.screen.scan_field.text() == ""
