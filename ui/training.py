"""练习: the same window over another folder, and back; the shop's till stays open meanwhile.

Training is a till of its own with its own journal, so it gets a window of its own too. The shop's
window sleeps behind it: its printer and its payments go on, but no key and no scan reaches it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.demo import open_training, training_folder
from app.errors import ShopError
from ui.door import Door, look_of
from ui.garbage import rest
from ui.presenters.desk_work import DeskWork
from ui.startup import Till

if TYPE_CHECKING:
    from ui.application import Application


class Training:
    """Remembers the training till while it is open."""

    def __init__(
        self,
        shop: "Application",
        work: DeskWork,
        begin: "Callable[[Till, Door], Application]",
    ) -> None:
        self._shop = shop
        self._work = work
        self._begin = begin
        self.running: Application | None = None

    def enter(self) -> None:
        """Open the training folder, brought up to the shop as it is now, in its own window."""
        shop, clock = self._shop, self._shop.door.clock
        books, folder = shop.till.books, training_folder(shop.till.opened.folder)

        def open_() -> Till:
            opened = open_training(books, folder, clock=clock, ids=books.ids)
            try:
                return Till(opened, drafts_behind=True)
            except BaseException:
                opened.close()
                raise

        self._work.do(open_, self._opened, self._refused)

    def _opened(self, till: Till) -> None:
        shop = self._shop
        door = Door(shop.theme, shop.door.clock, look_of(till), shop.door.keys)
        door.window.setGeometry(shop.window.geometry())
        shop.window.sleep()
        # One screen, one counter: the customer sees where the cashier works.
        shop.customer.close()
        till.payments.loop.start()
        self.running = self._begin(till, door)
        self.running.shell.on_switch = lambda: self._close(door)
        door.window.closing.connect(self._left)
        self.running.start()
        shop.window.hide()

    def _close(self, door: Door) -> None:
        door.window.close()

    def _left(self) -> None:
        self.running = None
        self._shop.customer.start()
        self._shop.window.wake()
        self._shop.window.show()
        self._shop.window.activateWindow()
        self._shop.shell.leave()
        rest()

    def _refused(self, error: ShopError) -> None:
        self._shop.shell.sell_refused(error)
