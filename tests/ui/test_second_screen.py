"""The customer's own screen: a machine with two screens, plugged in and pulled out while selling.

Qt without a display is told of its screens when it starts, so each of these is a process.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.support.processes import ROOT

BEGIN = """
import sys
from pathlib import Path
from PySide6.QtGui import QGuiApplication
from ui.door import prepare_qt
from tests.ui.hands import at_the_window, begin_shift, wait

prepare_qt(["pos"])
app = QGuiApplication.instance()
till, customers = sorted(app.screens(), key=lambda screen: screen.name())
assert app.primaryScreen() is till
from PySide6.QtCore import Qt

with at_the_window(Path(sys.argv[1])) as hands:
    begin_shift(hands)
    customer = hands.running.customer
    assert customer.display is not None
"""
SEES = """
    assert customer.display.geometry() == customers.geometry(), customer.display.geometry()
    assert customer.display.screen() is customers
    hands.until(lambda: len(customer._view.prices) == 8, "prices of goose, tea, eggs and rice")
    keep(customer, "idle")
    hands.scan("6900000110140")
    hands.scan("2111004218778")
    hands.sees("256.77", 2)
    hands.until(lambda: customer.shows(256_77), "the total")
    assert customer._view.mode == "selling" and len(customer._view.lines) == 2
    assert not customer.shows(1)
    keep(customer, "selling")
    hands.press(Qt.Key.Key_Space)
    hands.until(lambda: customer._view.mode == "paying", "collecting")
    hands.type("300")
    hands.press(Qt.Key.Key_Return)
    hands.done("43.30")
    hands.until(lambda: customer._view.mode == "paid", "thanks")
    assert (customer._view.total, customer._view.change) == ("256.70", "43.30")
    keep(customer, "paid")
"""
PULLED = """
    hands.scan("6900000110140")
    hands.sees("38.00", 1)
    till = hands.running.till
    assert till.devices.customer_sees(38_00)
    app.screenRemoved.emit(customers)
    assert customer.display is None and till.devices.customer_sees(38_00)
    app.screenAdded.emit(customers)
    assert customer.display is not None
    assert customer.display._view.total == "38.00", "in the middle of a sale it shows the sale"
    hands.press(Qt.Key.Key_F12)
    hands.running.shell.acted("devices")
    page = hands.running.window.page_of("devices")
    hands.until(lambda: "second" in [one.key for one in page._devices], "the card")
    page.acted.emit("second", "off")
    hands.until(lambda: customer.display is None, "off")
    app.screenAdded.emit(customers)
    assert customer.display is None, "somebody else's screen stays so"
    page.acted.emit("second", "on")
    hands.until(lambda: customer.display is not None, "on")
"""
TRAINING = """
    shell = hands.running.shell
    shell.acted("training")
    hands.until(lambda: hands.running.training.running is not None, "practice")
    practice = hands.running.training.running
    assert customer.display is None
    assert practice.customer.display.geometry() == customers.geometry()
    hands.until(lambda: practice.customer._view.demo == "练习·非交易凭证", "says what it is")
    keep(practice.customer, "training")
    practice.shell.on_switch()
    hands.until(lambda: hands.running.training.running is None, "back")
    assert practice.customer.display is None and customer.display is not None
    app.screenRemoved.emit(customers)
    app.screenAdded.emit(customers)
    assert practice.customer.display is None, "a till that is closed takes no screen"
"""
KEEP = """
def keep(customer, name):
    wait(100)
    customer.display.grab().save(str(Path(sys.argv[1]).parent / f"customer-{name}.png"))
"""


def at_two_screens(folder: Path, script: str) -> None:
    screens = [
        {"name": name, "x": x, "y": 0, "width": wide, "height": high,
         "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        for name, x, wide, high in (("1 till", 0, 1366, 768), ("2 customer", 1366, 1024, 600))
    ]  # fmt: skip
    config = folder / "screens.json"
    config.write_text(json.dumps({"screens": screens}), encoding="utf-8")
    code = BEGIN.replace("\nwith", KEEP + "\nwith", 1) + script
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder / "shop")], check=False,
        cwd=ROOT, capture_output=True, text=True, timeout=180,
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={config}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_customer_sees_every_line_the_total_and_the_change(tmp_path: Path) -> None:
    at_two_screens(tmp_path, SEES)


def test_a_screen_is_pulled_out_plugged_in_and_switched_off(tmp_path: Path) -> None:
    at_two_screens(tmp_path, PULLED)


def test_in_training_the_customers_screen_says_so_and_comes_back(tmp_path: Path) -> None:
    at_two_screens(tmp_path, TRAINING)
