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
from app.errors import Refusal
from app.ids import Ids, seeded
from app.opening import NewTill, open_folder
from app.sales.devices import COPIES_MARK, read_devices
from app.staff.actions import set_person
from app.transaction import transaction
from tests.ui.hands import Hands, begin_shift
from ui.application import Application
from ui.counter_devices import PRINTER_MARK, set_device
from ui.screens.first_run import FirstRunScreen
from ui.screens.menus import RoomsScreen
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


def focused(running: Application) -> list[tuple[str, str]]:
    buttons = page_named(running, "devices")._buttons
    return [name for name, button in buttons.items() if button.hasFocus()]


def page_named(running: Application, name: str) -> Any:
    return running.window.page_of(name)


def setup_page(running: Application) -> FirstRunScreen:
    page = running.window.page_of("device_setup")
    assert isinstance(page, FirstRunScreen)
    return page


def into(hands: Hands, room: str) -> None:
    """F12, arrows to the room, Enter: no key of its own is needed."""
    window = hands.running.window
    if window.page != "till":
        hands.press(Qt.Key.Key_Escape)
    hands.press(Qt.Key.Key_F12)
    page = window.page_of("rooms")
    assert isinstance(page, RoomsScreen)
    names = [each.name for each in page._rooms]
    hands.press(*[Qt.Key.Key_Down] * names.index(room), Qt.Key.Key_Return)


def test_training_by_keys_is_another_book_with_other_pins(
    running: Application, qtbot: QtBot
) -> None:
    shop, hands = running.till, Hands(running)
    with transaction(shop.books) as tx:
        set_person(tx, number="105", name="新人", role="manager", pin="908172")
    set_device(shop.books, PRINTER_MARK, "virtual_80 virtual:")
    shop.devices.set_up()
    hands.scan("11014")
    hands.sees("38.00", 1)
    into(hands, "training")
    hands.until(lambda: "basket_not_empty" in str(hands.selling.shown.message), "finish first")
    hands.press(Qt.Key.Key_Escape, Qt.Key.Key_Space)
    hands.until(lambda: hands.selling.paying.is_open, "收款")
    hands.press(Qt.Key.Key_Return)
    hands.done("0.00")
    into(hands, "training")
    qtbot.waitUntil(lambda: running.training.running is not None, timeout=LONG)
    practice = running.training.running
    assert practice is not None and practice.till.payments.loop.started
    assert QTest.qWaitForWindowActive(practice.window)
    learner = Hands(practice)
    learner.until(lambda: bool(practice.door.sign_in._people), "the people at the door")
    learner.type("105")
    learner.press(Qt.Key.Key_Return)
    learner.type("908172")
    learner.press(Qt.Key.Key_Return)
    learner.until(lambda: "wrong_pin" in str(practice.shell.entrance._view), "not the shop's PIN")
    for _each in range(3):
        learner.press(Qt.Key.Key_Escape)
    begin_shift(learner)
    assert not running.window.isVisible()
    learner.scan("11014")
    learner.sees("38.00", 1)
    learner.press(Qt.Key.Key_Space)
    learner.until(lambda: learner.selling.paying.is_open, "收款")
    learner.press(Qt.Key.Key_Return)
    learner.done("0.00")
    assert practice.window.strip._view.demo == "练习·非交易凭证"
    printer: Any = practice.till.devices.carriers["receipt"]
    learner.until(lambda: "练习·非交易凭证" in "".join(printer.last_rows), "paper that says so")
    into(learner, "training")
    qtbot.waitUntil(lambda: running.training.running is None, timeout=LONG)
    assert running.window.isVisible() and running.window.page == "till"
    again = {"clock": shop.books.clock, "ids": shop.books.ids, "reserve": False}
    open_folder(demo.training_folder(shop.opened.folder), **again).close()
    with pytest.raises(Refusal, match="till_already_open"):
        open_folder(shop.opened.folder, **again)
    assert QTest.qWaitForWindowActive(running.window)
    hands.scan("11014")
    hands.sees("38.00", 1)
    with shop.books.read() as db:
        numbers = db.exec_driver_sql("SELECT number FROM sale").scalars().all()
    assert numbers == ["KP07-1-261207-0001"]


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
