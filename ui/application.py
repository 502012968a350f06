"""The till's window: Qt, theme and language, pages and presenters, from start to close."""

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.clock import Clock
from app.errors import Trouble
from app.opening import is_set_up, open_folder
from ui.background import Background
from ui.binding import keeps_none_alive
from ui.keys import KeyMap, key_map, read_actions
from ui.language import install_language
from ui.presenters import counter_acts
from ui.presenters.closing import ClosingPresenter
from ui.presenters.desk_work import DeskWork
from ui.presenters.devices import DevicesPresenter
from ui.presenters.entrance import EntrancePresenter
from ui.presenters.held import HeldPresenter
from ui.presenters.receipts import ReceiptsPresenter
from ui.presenters.selling import SellingPresenter
from ui.presenters.settings import SettingsPresenter
from ui.presenters.shell import Shell
from ui.presenters.tasks import TasksPresenter
from ui.screens.close_shift import CloseShiftScreen
from ui.screens.devices import DevicesScreen
from ui.screens.held import HeldScreen
from ui.screens.menus import KeyCardScreen, RoomsScreen
from ui.screens.open_shift import OpenShiftScreen
from ui.screens.payment import PaymentPanel
from ui.screens.receipts import ReceiptsScreen
from ui.screens.settings import SettingsScreen
from ui.screens.sign_in import SignInScreen
from ui.screens.tasks import TasksScreen
from ui.screens.till import TillScreen
from ui.sheet import style_sheet
from ui.sounds import Sounds
from ui.spool_thread import SpoolThread
from ui.startup import Till, system_ids
from ui.theme import Theme, load_fonts, palette
from ui.window import TillWindow

NOT_BUILT = frozenset({"refund"})
"""Rooms that come later: their keys are neither shown nor taken."""


class Application:
    """Everything a running window consists of; `close` takes it apart in order."""

    def __init__(self, till: Till, clock: Clock, *, sounds: Sounds | None = None) -> None:
        self.till = till
        settings = till.counter.desk.settings
        self.theme = Theme(percent=int(settings["large_type"]))
        self.keys: KeyMap = key_map(
            action for action in read_actions() if action.name not in NOT_BUILT
        )
        self.background = Background()
        self.sounds = sounds or Sounds()
        self.window = TillWindow(self.theme, self.keys, clock)
        self.work = DeskWork(self.background, lambda error: self.shell.trouble(error))
        self.spool = SpoolThread(till.devices)
        self.shell = Shell(self.window, till, self.work, self.sounds, self.spool, self.keys)
        self._add_pages()
        till.books.listeners.append(lambda _facts: self.spool.poke())
        self.window.closing.connect(self.close)

    def _add_pages(self) -> None:
        theme, window, counter = self.theme, self.window, self.till.counter
        sign_in, open_shift, till = SignInScreen(theme), OpenShiftScreen(theme), TillScreen(theme)
        receipts, tasks = ReceiptsScreen(theme), TasksScreen(theme)
        held, settings = HeldScreen(theme), SettingsScreen(theme)
        rooms, keys = RoomsScreen(theme), KeyCardScreen(theme)
        pages = {
            "sign_in": sign_in,
            "open_shift": open_shift,
            "till": till,
            "receipts": receipts,
            "tasks": tasks,
            "held": held,
            "settings": settings,
            "rooms": rooms,
            "keys": keys,
        }
        for name, page in pages.items():
            window.add_page(name, page)
        shell, work, sounds = self.shell, self.work, self.sounds
        panel, close_shift = PaymentPanel(theme), CloseShiftScreen(theme)
        devices = DevicesScreen(theme)
        window.add_page("close_shift", close_shift)
        window.add_page("devices", devices)
        selling = SellingPresenter(counter, till, panel, work, sounds, counter_acts.ACTS)
        entrance = EntrancePresenter(counter, sign_in, open_shift, work, sounds)
        shell.join(entrance, selling, ReceiptsPresenter(counter, receipts, work, sounds))
        self._join_rooms(tasks, held, settings, close_shift, devices)
        for room in (receipts, tasks, held, settings, rooms, keys, devices):
            room.left.connect(shell.leave)
        open_shift.cancelled.connect(shell.lock)
        rooms.chosen.connect(shell.acted)
        keys.pressed.connect(shell.acted)
        window.touched.connect(panel.set_touch)

    def _join_rooms(
        self,
        tasks: TasksScreen,
        held: HeldScreen,
        settings: SettingsScreen,
        close_shift: CloseShiftScreen,
        devices: DevicesScreen,
    ) -> None:
        """The rooms behind the counter, and where their ends lead."""
        shell, work, sounds, counter = self.shell, self.work, self.sounds, self.till.counter
        taking = HeldPresenter(counter, held, work)
        taking.on_taken, taking.on_refused = shell.sell, shell.sell_refused
        todo = TasksPresenter(counter, tasks, work, sounds)
        todo.on_held = lambda: shell.show("held", taking.open)
        setting = SettingsPresenter(counter, settings, work, sounds)
        setting.on_changed = shell.selling.refresh
        closing = ClosingPresenter(counter, close_shift, work, sounds)
        closing.on_left, closing.on_done = shell.leave, shell.lock
        counted = DevicesPresenter(self.till, devices, work, sounds)
        shell.on_explain = counted.explain
        for name, open_ in (
            ("tasks", todo.open),
            ("held", taking.open),
            ("settings", setting.open),
            ("close_shift", closing.open),
            ("devices", counted.open),
        ):
            shell.add_room(name, open_)

    def start(self) -> None:
        """Show the window and begin."""
        self.spool.start()
        self.shell.start()
        self.window.show()

    def close(self) -> None:
        """Finish what was begun, then let the folder go."""
        self.spool.close()
        self.background.close()
        self.till.close()


def prepare_qt(arguments: list[str], language: str = "zh", percent: int = 100) -> QApplication:
    """Qt in our fonts, colours and language. Raises Trouble: no_han_font, qt_bad."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(arguments)
    if not keeps_none_alive():
        raise Trouble("qt_bad")
    theme = Theme(percent=percent, family=load_fonts())
    application.setPalette(palette(theme))
    application.setStyleSheet(style_sheet(theme))
    application.setFont(theme.font())
    install_language(application, language)
    return application


def run_window(data: Path) -> int:
    """Open the till's window on a data folder; the process's exit code."""
    clock, ids = system_ids()
    if not is_set_up(data):
        from ui.first_run import run_guide

        prepare_qt(sys.argv[:1])
        if not run_guide(data, clock, ids):
            return 0
    till = Till(open_folder(data, clock=clock, ids=ids))
    till.payments.start()
    settings = till.counter.desk.settings
    application = prepare_qt(sys.argv[:1], settings["language"], int(settings["large_type"]))
    running = Application(till, clock)
    running.start()
    return application.exec()
