"""The door: the window a person can type into before anything of the shop is loaded.

Qt and the sign-in page are there in a fifth of a second; the books, the counter and all other
pages are loaded behind them. Number, PIN and scans that come meanwhile are kept and carried out
as soon as the shop is there. What keeps a till from opening is said here, with a way to try again.
"""

import json
import logging
import os
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app import __version__
from app.clock import Clock, SystemClock
from app.errors import Refusal, ShopError, Trouble
from ui import first_start
from ui.binding import keeps_none_alive
from ui.garbage import WindowGarbage, rest
from ui.keys import KeyMap, key_map, keys_at_the_door, read_actions
from ui.language import error_words, install_language, tr
from ui.screens.sign_in import SignInScreen
from ui.sheet import style_sheet
from ui.theme import DARK, LIGHT, Theme, load_fonts, palette, percent_chosen
from ui.views import MessageView, SignInView, StripView
from ui.window import TillWindow

if TYPE_CHECKING:
    from ui.application import Application
    from ui.startup import Till

LOG = logging.getLogger(__name__)
LOOK_FILE = "look.json"
LOOK = {
    "language": "zh", "large_type": "auto", "colours": "light", "shop": "", "till": "", "demo": "",
}  # fmt: skip
"""What the door needs to know of a till before its books are open; never anybody's name."""
DATABASE_FILE = "till.db"
UNFINISHED = ("folder_half_made", "nobody_yet")
"""A first run broke off here: the guide takes it up."""


def read_look(data: Path) -> dict[str, str]:
    """How the till looked when it was last open; what is missing or broken looks as it ships."""
    try:
        kept = json.loads((data / LOOK_FILE).read_text(encoding="utf-8"))
        return {name: str(kept.get(name, plain)) for name, plain in LOOK.items()}
    except (OSError, ValueError, AttributeError):
        return dict(LOOK)


def keep_look(data: Path, look: dict[str, str]) -> None:
    """Remember how the till looks for its next start; a disk that refuses costs only that."""
    if look == read_look(data):
        return
    fresh = data / f"{LOOK_FILE}.new"
    try:
        fresh.write_text(json.dumps(look, ensure_ascii=False), encoding="utf-8")
        os.replace(fresh, data / LOOK_FILE)
    except OSError as error:
        LOG.warning("the look was not kept: %s", error)


def look_of(till: "Till") -> dict[str, str]:
    """How an open till looks, from its settings."""
    from ui.presenters.strip import folder_words

    settings = till.counter.desk.settings
    return {
        "language": settings["language"],
        "large_type": settings["large_type"],
        "colours": settings["colours"],
        "shop": settings["shop_name"] or till.books.shop,
        "till": till.books.till,
        "demo": folder_words(till),
    }


def prepare_qt(
    arguments: list[str], language: str = "zh", large_type: str = "auto", colours: str = "light"
) -> Theme:
    """Qt in our fonts and in the shop's language, type size ("auto": one that fills the screen)
    and colours.

    Raises Trouble: no_han_font, qt_bad.
    """
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(arguments)
    if not keeps_none_alive():
        raise Trouble("qt_bad")
    size = application.primaryScreen().availableSize()
    percent = percent_chosen(large_type, size.width(), size.height())
    theme = Theme(
        colours=DARK if colours == "dark" else LIGHT, percent=percent, family=load_fonts()
    )
    if application.findChild(WindowGarbage) is None:
        WindowGarbage(application)
    application.setApplicationDisplayName("开平优品")
    application.setPalette(palette(theme))
    application.setStyleSheet(style_sheet(theme))
    application.setFont(theme.font())
    install_language(application, language)
    return theme


class Door(QObject):
    """Window, theme and sign-in page, and what was typed and scanned before the shop was there."""

    opened = Signal(object)
    failed = Signal(object)

    def __init__(
        self, theme: Theme, clock: Clock, look: dict[str, str], keys: KeyMap | None = None
    ) -> None:
        super().__init__()
        self.theme, self.clock = theme, clock
        self.keys = keys or key_map(read_actions())
        self.window = TillWindow(theme, self.keys, clock)
        self.sign_in = SignInScreen(theme)
        self.early: tuple[str, str] | None = None
        """Number and PIN that were entered before anybody could check them; in memory only."""
        self.kept_scans: list[str] = []
        self.closed = False
        till = tr("{till} 号机", till=look["till"]) if look["till"] else ""
        self._view = SignInView(shop=look["shop"] or "开平优品", till=till)
        self.window.add_page("sign_in", self.sign_in, keys=False)
        self.window.show_strip(StripView(shop=look["shop"], till=till, demo=look["demo"]))
        self.sign_in.show_view(self._view)
        self.window.show_page("sign_in")
        self.sign_in.signed_in.connect(self._keep_person)
        self.window.scanned.connect(self.kept_scans.append)
        self.window.closing.connect(self._close)

    def when_painted(self, then: Callable[[], None]) -> None:
        """Do something heavy only once a person sees the door: two at once are slower than one."""
        handle = self.window.windowHandle()
        if handle is not None and handle.isExposed():
            QTimer.singleShot(0, then)
        else:
            QTimer.singleShot(5, lambda: self.when_painted(then))

    def load(self, work: Callable[[], Any]) -> None:
        """Do the long work beside the window; `opened` or `failed` follow on its thread."""

        def run() -> None:
            try:
                result = work()
            except ShopError as error:
                LOG.info("the till did not open: %s", error)
                self.failed.emit(error)
            except Exception as error:
                LOG.exception("the till could not be opened")
                self.failed.emit(Trouble("start_failed", detail=type(error).__name__))
            else:
                self.opened.emit(result)

        threading.Thread(target=run, name="till-start", daemon=True).start()

    def hand_over(self) -> None:
        """The shop is there: from now on its presenters hear the page and the scanner."""
        self.sign_in.signed_in.disconnect(self._keep_person)
        self.window.scanned.disconnect(self.kept_scans.append)

    def _keep_person(self, number: str, pin: str) -> None:
        self.early = (number, pin)
        waiting = MessageView(text=tr("正在打开这台机，马上核对…"), tone="plain")
        self.sign_in.show_view(
            SignInView(shop=self._view.shop, till=self._view.till, message=waiting, busy=True)
        )

    def _close(self) -> None:
        self.closed = True


class Start(QObject):
    """Leads from the door into the till, or to the sentence that says why not."""

    def __init__(self, data: Path, door: Door) -> None:
        super().__init__()
        self._data, self._door = data, door
        self._passphrase = ""
        self.running: Application | None = None
        # Queued: the worker's thread only posts them.
        door.opened.connect(self._opened, Qt.ConnectionType.QueuedConnection)
        door.failed.connect(self._failed, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        """Open the folder beside the window."""
        data, clock, passphrase = self._data, self._door.clock, self._passphrase

        def work() -> "Till":
            # The window's part is loaded here as well, so that the window does not stand still.
            import_module("ui.application")
            from app.opening import open_folder
            from ui.guide.founding import check_founded
            from ui.startup import Till, system_ids

            ids = system_ids(clock)[1]
            opened = open_folder(
                data, clock=clock, ids=ids, passphrase=passphrase,
                lifted=first_start.opened_books,
            )  # fmt: skip
            try:
                check_founded(opened)
                return Till(opened, drafts_behind=True)
            except BaseException:
                # Held by nobody, it would be "already open" at the next try.
                opened.close()
                raise

        self._door.load(work)

    def _opened(self, till: "Till") -> None:
        from ui.application import Application

        if self._door.closed:
            till.close()
            return
        LOG.info("the till is open, version %s", __version__)

        def keep() -> None:
            keep_look(self._data, look_of(till))

        keep()
        # What is chosen now is how the till looks from its very next start.
        self._door.window.closing.connect(keep)
        self.running = Application(till, self._door.clock, door=self._door)
        self.running.on_settings = keep
        self.running.start()
        first_start.opened_books()
        rest()

    def _failed(self, error: ShopError) -> None:
        from ui.obstacle import Obstacle

        if error.code in UNFINISHED and not self._door.closed:
            self.found(begun=error.code == "nobody_yet")
            return
        if gave_way := first_start.gives_way(error.code):
            error = Refusal("update_gave_way", version=__version__)
        obstacle = Obstacle(self._door.theme, error, error_words(error))
        obstacle.tried.connect(self._before if gave_way else self._again)
        obstacle.left.connect(self._door.window.close)
        self._door.window.add_page("obstacle", obstacle, keys=False)
        self._door.window.show_page("obstacle")

    def found(self, *, begun: bool = False) -> None:
        """The guide, in a window of its own; then the door opens for whoever made the till.

        `begun`: the folder has a journal and nobody in it.
        """
        self._door.window.sleep()
        self._door.window.hide()
        if self._asked(begun):
            self._door.window.wake()
            self._door.window.show_whole()
            self.begin()
        else:
            self._door.closed = True
            QApplication.quit()

    def _asked(self, begun: bool) -> bool:
        from ui.first_run import run_guide
        from ui.startup import system_ids

        clock = self._door.clock
        founded = run_guide(
            self._data, clock, system_ids(clock)[1], begun=begun, passphrase=self._passphrase
        )
        if founded is None:
            return False
        self._passphrase = founded.passphrase
        self._door.early = (founded.number, founded.pin)
        return True

    def _before(self, _passphrase: str) -> None:
        """This version gave way: the one before opens the books."""
        from ui.updating import start_again

        start_again()
        self._door.window.close()

    def _again(self, passphrase: str) -> None:
        self._passphrase = passphrase
        self._door.window.show_page("sign_in")
        self.begin()


def run_window(data: Path, painted: Callable[[], None], *, kiosk: bool = False) -> int:
    """Open the till's window on a data folder; the process's exit code. `painted` is called once
    a person sees something, before the shop is loaded. `kiosk` leaves no bar of the system's."""
    TillWindow.kiosk = kiosk
    clock = SystemClock()
    look = read_look(data)
    try:
        theme = prepare_qt(sys.argv[:1], look["language"], look["large_type"], look["colours"])
    except ShopError as error:
        from ui.obstacle import tell_plainly

        tell_plainly(error)
        raise
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    door = Door(theme, clock, look, keys_at_the_door(data))
    start = Start(data, door)
    if os.path.exists(data / DATABASE_FILE):
        door.window.show_whole()
        door.when_painted(painted)
        door.when_painted(start.begin)
    else:
        QTimer.singleShot(0, painted)
        QTimer.singleShot(0, start.found)
    return int(application.exec())
