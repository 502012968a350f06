"""The till's window: Qt, theme and language, pages and presenters, from start to close."""

from app.clock import Clock
from ui.background import Background
from ui.door import Door, look_of
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
from ui.screens.tasks import TasksScreen
from ui.screens.till import TillScreen
from ui.sounds import Sounds
from ui.spool_thread import SpoolThread
from ui.startup import Till
from ui.theme import Theme


class Application:
    """Everything a running window consists of; `close` takes it apart in order."""

    def __init__(
        self, till: Till, clock: Clock, *, door: Door | None = None, sounds: Sounds | None = None
    ) -> None:
        self.till = till
        self.door = door or Door(Theme(), clock, look_of(till))
        self.theme, self.keys = self.door.theme, self.door.keys
        self.background = Background()
        self.sounds = sounds or Sounds()
        self.window = self.door.window
        self.work = DeskWork(self.background, lambda error: self.shell.trouble(error))
        self.spool = SpoolThread(till.devices)
        self.shell = Shell(self.window, till, self.work, self.sounds, self.spool, self.keys)
        self._add_pages()
        till.books.listeners.append(lambda _facts: self.spool.poke())
        self.window.closing.connect(self.close)

    def _add_pages(self) -> None:
        theme, window, counter = self.theme, self.window, self.till.counter
        open_shift, till = OpenShiftScreen(theme), TillScreen(theme)
        receipts, tasks = ReceiptsScreen(theme), TasksScreen(theme)
        held, settings = HeldScreen(theme), SettingsScreen(theme)
        rooms, keys = RoomsScreen(theme), KeyCardScreen(theme)
        pages = {
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
        entrance = EntrancePresenter(counter, self.door.sign_in, open_shift, work, sounds)
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
        self.door.hand_over()
        self.spool.start()
        self.shell.start(self.door.early, self.door.kept_scans)
        self.window.show()

    def close(self) -> None:
        """Finish what was begun, then let the folder go."""
        self.spool.close()
        self.background.close()
        self.till.close()
