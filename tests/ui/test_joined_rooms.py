"""The rooms behind the counter, joined: training, devices, the second disk, the receipt's words."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app import demo
from app.clock import SettableClock, parse_time
from app.ids import Ids, seeded
from app.opening import NewTill, open_folder
from app.sales.devices import COPIES_MARK, read_devices
from ui.application import Application
from ui.counter_devices import PRINTER_MARK
from ui.screens.first_run import FirstRunScreen
from ui.screens.template import TemplateScreen
from ui.sounds import Sounds
from ui.startup import CATALOGUE, Till

LONG = 20_000


@pytest.fixture
def running(qtbot: QtBot, tmp_path: Path) -> Iterator[Application]:
    """A real shop's window, a manager in a shift."""
    clock = SettableClock(parse_time("2026-12-07T14:02:00+08:00"))
    new = NewTill(shop="KP07", till="1", keystore="file")
    ids = Ids(clock, seeded("rooms"))
    opened = open_folder(tmp_path / "shop", clock=clock, ids=ids, new=new, reserve=False)
    demo.fill(opened.books, CATALOGUE)
    till = Till(opened, drafts_behind=True)
    till.counter.desk.sign_in("301", "864209")
    till.counter.desk.open_shift(50_000)
    application = Application(till, clock, sounds=Sounds(lambda _path: True))
    application.start()
    application.window.activateWindow()
    assert QTest.qWaitForWindowActive(application.window)
    application.shell.sell()
    yield application
    application.window.close()


def page_named(running: Application, name: str) -> Any:
    return running.window.page_of(name)


def setup_page(running: Application) -> FirstRunScreen:
    page = running.window.page_of("device_setup")
    assert isinstance(page, FirstRunScreen)
    return page


def test_training_is_another_book_in_another_window(running: Application, qtbot: QtBot) -> None:
    running.shell.acted("training")
    qtbot.waitUntil(lambda: running.training.running is not None, timeout=LONG)
    practice = running.training.running
    assert practice is not None
    assert practice.till.opened.training
    qtbot.waitUntil(lambda: not running.window.isVisible(), timeout=LONG)
    practice.till.counter.desk.sign_in("101", "246810")
    practice.till.counter.desk.open_shift(10_000)
    practice.till.counter.scan("11014")
    done = practice.till.counter.pay_cash()
    assert done is not None and done.sale.number.startswith("KP07-1T-")
    practice.shell.on_switch()
    qtbot.waitUntil(lambda: running.training.running is None, timeout=LONG)
    assert running.window.isVisible()
    with running.till.books.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM sale").scalar_one() == 0


def test_a_scan_reaches_the_window_in_charge_and_no_other(
    running: Application, qtbot: QtBot
) -> None:
    running.window.sleep()
    for figure in "11014":
        QTest.keyClick(running.window.windowHandle(), figure)
    QTest.keyClick(running.window.windowHandle(), Qt.Key.Key_Return)
    qtbot.wait(300)
    assert not running.till.counter.basket.lines
    running.window.wake()
    running.window.scanned.emit("11014")
    qtbot.waitUntil(lambda: bool(running.till.counter.basket.lines), timeout=LONG)


def test_a_printer_is_chosen_by_looking_at_its_test_page(
    running: Application, qtbot: QtBot
) -> None:
    running.shell.acted("devices")
    page_named(running, "devices").acted.emit("printer", "setup")
    assert running.window.page == "device_setup"
    setup_page(running).card_chosen.emit("virtual")
    qtbot.waitUntil(lambda: "看到" in setup_page(running).shown.title, timeout=LONG)
    assert running.till.devices.has_printer
    setup_page(running).card_chosen.emit("good")
    qtbot.waitUntil(lambda: running.window.page == "devices", timeout=LONG)
    assert read_devices(running.till.books)[PRINTER_MARK] == "virtual_80 virtual:"


def test_every_close_copies_what_is_new_and_a_pulled_disk_is_a_task(
    running: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    running.shell.acted("devices")
    page_named(running, "devices").acted.emit("copies", "setup")
    setup_page(running).answered.emit({"copies": "not/whole"})
    qtbot.wait(200)
    assert running.window.page == "device_setup"
    disk = tmp_path / "stick"
    setup_page(running).answered.emit({"copies": str(disk)})
    qtbot.waitUntil(lambda: running.window.page == "devices", timeout=LONG)
    assert read_devices(running.till.books)[COPIES_MARK] == str(disk)
    (copy,) = disk.glob("KP07-1/*.jsonl")
    before = copy.stat().st_size
    running.till.copying.wait()
    assert (disk / "KP07-1" / "till-full.db").exists()
    running.till.counter.scan("11014")
    running.till.counter.pay_cash()
    running.till.counter.desk.close_shift(53_800)
    running.till.copying.wait()
    assert copy.stat().st_size > before
    shutil.rmtree(disk)
    disk.write_text("no folder any more")
    assert running.till.copying.copy() == "copy_failed"
    running.shell.acted("tasks")
    from app.reports.tasks import tasks

    with running.till.books.read() as db:
        found = tasks(db, "KP07", running.till.books.clock.wall_ms())
    assert "copy_failed" in [task.kind for task in found]


def test_a_shops_own_receipt_is_kept_only_when_it_says_what_it_must(
    running: Application, qtbot: QtBot
) -> None:
    running.shell.acted("settings")
    page_named(running, "settings").changed.emit("receipt_template", "")
    page = running.window.page_of("template")
    assert isinstance(page, TemplateScreen)
    qtbot.waitUntil(lambda: not page._paper._paper.isNull(), timeout=LONG)
    own = page.text.toPlainText().replace("消费投诉", "有事请打")
    page.kept.emit("hello {nothing}")
    qtbot.wait(300)
    desk = running.till.counter.desk
    assert desk.settings["receipt_template"] == ""
    page.text.setPlainText(own)
    page.kept.emit(own)
    qtbot.waitUntil(lambda: "有事请打" in desk.settings["receipt_template"], timeout=LONG)
    running.till.counter.scan("11014")
    running.till.counter.pay_cash()
    paper = running.till.counter.receipts.paper(running.till.counter.receipts.find())
    assert "有事请打" in str(paper)


def test_a_sound_nobody_can_play_is_shown(running: Application) -> None:
    running.sounds.flashed.emit("refused")
    assert running.window._flash.isVisible()


def test_a_killed_window_loses_its_last_line_at_most(running: Application) -> None:
    """The draft goes behind the painted line; before money it is on the disk."""
    counter = running.till.counter
    for code in ("11014", "12003", "99001"):
        counter.scan(code)
    counter.checkout()
    with running.till.books.read() as db:
        ((content,),) = db.exec_driver_sql("SELECT content FROM draft")
    assert content.count('"line":') == 3


@pytest.mark.parametrize("size", [(1024, 768), (1366, 768)])
def test_the_customer_sees_the_total_before_a_wallet_pays(
    running: Application, qtbot: QtBot, size: tuple[int, int]
) -> None:
    customer = running.customer
    assert customer.shows(1)
    from ui.screens.customer_display import CustomerDisplay

    customer.display = CustomerDisplay(running.theme)
    customer.display.resize(*size)
    running.till.counter.scan("12003")
    qtbot.waitUntil(lambda: customer.shows(128_00), timeout=LONG)
    assert not customer.shows(127_00)
    assert running.till.devices.customer_sees(128_00) is True
    assert running.till.devices.customer_sees(1) is False
    customer.close()
