"""The till's window: Qt, theme and language, pages and presenters, from start to close."""

from collections.abc import Callable

from app.clock import Clock
from ui.background import Background
from ui.door import Door, look_of
from ui.joined_rooms import join_rooms
from ui.presenters import counter_acts
from ui.presenters.desk_work import DeskWork
from ui.presenters.entrance import EntrancePresenter
from ui.presenters.receipts import ReceiptsPresenter
from ui.presenters.selling import SellingPresenter
from ui.presenters.shell import Shell
from ui.presenters.weighing import Weighing
from ui.screens.menus import KeyCardScreen, RoomsScreen
from ui.screens.open_shift import OpenShiftScreen
from ui.screens.payment import PaymentPanel
from ui.screens.receipts import ReceiptsScreen
from ui.screens.till import TillScreen
from ui.sounds import Sounds
from ui.spool_thread import SpoolThread
from ui.startup import Till
from ui.theme import Theme
from ui.training import Training


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
        self.on_settings: Callable[[], None] = lambda: None
        """The shop's settings were changed at this window."""
        self.work = DeskWork(self.background, lambda error: self.shell.trouble(error))
        self.spool = SpoolThread(till.devices)
        self.shell = Shell(self.window, till, self.work, self.sounds, self.spool, self.keys)
        self._add_pages()
        self.customer = join_rooms(self)
        self.training = Training(self, self.work, begin_training)
        self.shell.on_switch = self.training.enter
        self.sounds.flashed.connect(self.window.flash)
        till.books.listeners.append(lambda _facts: self.spool.poke())
        self.window.closing.connect(self.close)

    def _add_pages(self) -> None:
        theme, window, counter = self.theme, self.window, self.till.counter
        open_shift, till = OpenShiftScreen(theme), TillScreen(theme)
        receipts = ReceiptsScreen(theme)
        rooms, keys = RoomsScreen(theme), KeyCardScreen(theme)
        pages = {
            "open_shift": open_shift,
            "till": till,
            "receipts": receipts,
            "rooms": rooms,
            "keys": keys,
        }
        for name, page in pages.items():
            window.add_page(name, page, keys=name != "open_shift")
        shell, work, sounds = self.shell, self.work, self.sounds
        panel = PaymentPanel(theme)
        panel.setParent(till)
        panel.hide()
        selling = SellingPresenter(counter, till, panel, work, sounds, counter_acts.ACTS)
        entrance = EntrancePresenter(counter, self.door.sign_in, open_shift, work, sounds)
        selling.paying.charging.runner = self.till.payments
        self.weighing = Weighing(self.till, selling)
        shell.join(entrance, selling, ReceiptsPresenter(counter, receipts, work, sounds))
        for room in (receipts, rooms, keys):
            room.left.connect(shell.leave)
        open_shift.cancelled.connect(shell.lock)
        rooms.chosen.connect(shell.acted)
        keys.pressed.connect(shell.acted)
        window.touched.connect(panel.set_touch)

    def start(self) -> None:
        """Show the window and begin."""
        self.door.hand_over()
        self.spool.start()
        self.till.payments.loop.start()
        self.till.invoices.loop.start()
        self.till.hub.start(by_itself=True)
        self.shell.start(self.door.early, self.door.kept_scans)
        self.customer.start()
        self.window.show()

    def close(self) -> None:
        """Finish what was begun, then let the folder go."""
        if self.training.running is not None:
            self.training.running.window.close()
        self.customer.close()
        self.spool.close()
        self.weighing.close()
        self.background.close()
        self.till.close()
        # Signals hold what they call, where Python's collector cannot look: a window that nobody
        # deletes stays for ever with all its pages, and training opens one each time.
        self.window.deleteLater()


def begin_training(till: Till, door: Door) -> Application:
    """The training folder's own counter in its own window."""
    return Application(till, door.clock, door=door)
