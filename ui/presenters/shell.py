"""The window as a whole: which page is in charge, the strip, scans and actions to whom they belong.

Pages are shown to whoever is signed in and in a shift; everything else leads back to the door.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.clock import local
from app.errors import Refusal, ShopError
from app.messages import sentence
from app.reports.tasks import tasks as open_tasks
from app.sales.counter import Stage
from ui.keys import KeyMap, key_card
from ui.language import tr
from ui.presenters.desk_work import DeskWork
from ui.presenters.entrance import EntrancePresenter
from ui.presenters.held import HeldPresenter
from ui.presenters.receipts import ReceiptsPresenter
from ui.presenters.selling import SellingPresenter
from ui.presenters.settings import SettingsPresenter
from ui.presenters.tasks import TasksPresenter
from ui.room_views import RoomView
from ui.screens.menus import KeyCardScreen, RoomsScreen
from ui.sounds import Sounds
from ui.spool_thread import SpoolThread
from ui.startup import Till
from ui.views import MessageView, StatusView, StripView
from ui.window import TillWindow

IDLE_LOCK_MS = 3 * 60_000
PRINT_WORDS = {
    "offline": "没连上",
    "paper_out": "缺纸",
    "cover_open": "盖子开着",
    "no_answer": "没有回答",
    "": "正常",
}
INNER_PAGES = ("receipts", "tasks", "held", "settings", "rooms", "keys", "devices")


class Shell(QObject):
    """Joins the pages to one another; knows no rules."""

    def __init__(
        self,
        window: TillWindow,
        till: Till,
        work: DeskWork,
        sounds: Sounds,
        spool: SpoolThread,
        keys: KeyMap,
    ) -> None:
        super().__init__(window)
        self.window = window
        self.till = till
        self.counter = till.counter
        self.work = work
        self.sounds = sounds
        self.spool = spool
        self.keys = keys
        self._tasks = 0
        self._rooms: dict[str, Callable[[], None]] = {}
        self._idle = QTimer(self)
        self._idle.setInterval(IDLE_LOCK_MS)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._lock_when_idle)
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self.show_strip)
        window.scanned.connect(self.scanned)
        window.scan_too_long.connect(lambda: self.selling.refused(Refusal("scan_too_long")))
        window.acted.connect(self.acted)
        spool.changed.connect(self._paper_moved)

    def join(
        self,
        entrance: EntrancePresenter,
        selling: SellingPresenter,
        receipts: ReceiptsPresenter,
        tasks: TasksPresenter,
        held: HeldPresenter,
        settings: SettingsPresenter,
    ) -> None:
        """Tell the presenters where their ends lead."""
        self.entrance, self.selling, self.receipts = entrance, selling, receipts
        self.tasks, self.held, self.settings = tasks, held, settings
        entrance.on_ready = self.sell
        entrance.on_shift_needed = lambda: self.show("open_shift", entrance.show_shift)
        selling.on_action = self.acted
        held.on_taken = self.sell
        held.on_refused = self._sell_refused
        tasks.on_held = lambda: self.show("held", held.open)
        settings.on_changed = selling.refresh
        self._rooms = {
            "receipts": lambda: self.show("receipts", receipts.open),
            "tasks": lambda: self.show("tasks", tasks.open),
            "held": lambda: self.show("held", held.open),
            "settings": lambda: self.show("settings", settings.open),
        }

    def add_room(self, name: str, open_: Callable[[], None]) -> None:
        """Another room that is built."""
        self._rooms[name] = lambda: self.show(name, open_)

    def start(self) -> None:
        """Open the door."""
        self._tick.start()
        self.show_strip()
        self.entrance.show()
        self.window.show_page("sign_in")

    def show(self, page: str, prepare: Callable[[], None]) -> None:
        """Bring a page to the front, filled."""
        prepare()
        self.window.show_page(page)
        self.show_strip()

    def sell(self) -> None:
        """Back to the till; scans that were kept at the lock are carried out now."""
        self.selling.refresh()
        self.window.show_page("till")
        self.count_tasks()
        self.show_strip()
        kept, self.entrance.kept_scans = self.entrance.kept_scans, []
        for text in kept:
            self.selling.scan(text)

    def _sell_refused(self, error: ShopError) -> None:
        self.sell()
        self.selling.refused(error)

    # --- Where input belongs ---------------------------------------------------------------

    def scanned(self, text: str) -> None:
        """A scan, wherever the focus is."""
        self._idle.start()
        page = self.window.page
        if page == "till":
            self.selling.scan(text)
        elif page == "sign_in":
            self.entrance.keep_scan(text)
        elif page == "devices" and self.on_explain is not None:
            self.on_explain(text)
        elif page == "receipts" and text.startswith("R:"):
            self.receipts.open(text.split(":")[1])
        elif page in INNER_PAGES:
            self.sell()
            self.selling.scan(text)

    on_explain: Callable[[str], None] | None = None
    """What the devices page does with a scan."""

    def acted(self, action: str) -> None:
        """An action no page wanted."""
        self._idle.start()
        name, _, detail = action.partition(":")
        page = self.window.page
        if page in ("sign_in", "open_shift", "close_shift"):
            if name == "back" and page == "close_shift":
                self.sell()
            return
        if page == "till" and (self.selling.paying.act(action) or self._till_takes(name)):
            return
        if name == "receipt":
            self.show("receipts", lambda: self.receipts.open(detail))
        elif name in self._rooms and name != page:
            self._rooms[name]()
        elif name == "keys":
            self.show("keys", self._show_keys)
        elif name == "rooms":
            self.show("rooms", self._show_rooms)
        elif name == "lock":
            self.lock()
        elif name == "close_shift":
            self._close_shift()
        elif page != "till":
            self.sell()

    def _till_takes(self, name: str) -> bool:
        from ui.presenters.counter_acts import ACTS

        if name == "pay" or name in ACTS:
            self.selling.act(name)
            return True
        return False

    def _close_shift(self) -> None:
        if self.counter.basket.lines:
            self.sell()
            self.selling.refused(Refusal("basket_not_empty"))
        elif "close_shift" in self._rooms:
            self._rooms["close_shift"]()

    # --- Lock ------------------------------------------------------------------------------

    def lock(self) -> None:
        """The counter is left for a moment; the shift goes on."""
        self.entrance.show(locked=True)
        self.window.show_page("sign_in")
        self.show_strip()

    def _lock_when_idle(self) -> None:
        """No auto-lock while a basket or a payment is open."""
        selling = self.window.page in ("till", *INNER_PAGES)
        if selling and not self.counter.basket.lines and self.counter.stage is Stage.SELLING:
            self.lock()

    # --- Strip and small pages -------------------------------------------------------------

    def show_strip(self) -> None:
        """Shop, till, person, lamps, clock."""
        desk, opened = self.counter.desk, self.till.opened
        signed_in = self.window.page != "sign_in" and desk.person
        demo = tr("演示") if opened.demo else tr("练习·非交易凭证") if opened.training else ""
        self.window.show_strip(
            StripView(
                shop=desk.settings["shop_name"] or self.till.books.shop,
                till=tr("{till} 号机", till=self.till.books.till),
                person=desk.name if signed_in else "",
                lamps=(self._printer_lamp(), self._tasks_lamp()),
                clock=local(self.till.books.clock.wall_ms()).strftime("%H:%M"),
                demo=demo,
            )
        )

    def _printer_lamp(self) -> StatusView:
        devices = self.till.devices
        if not devices.has_printer:
            return StatusView(state="ok", word=tr("打印"), value=tr("没有"), action="devices")
        reason = next((spool.reason for spool in devices.spools.values() if spool.reason), "")
        return StatusView(
            state="warn" if reason else "ok",
            word=tr("打印"),
            value=tr(PRINT_WORDS.get(reason, reason)),
            action="devices",
        )

    def _tasks_lamp(self) -> StatusView:
        state = "warn" if self._tasks else "ok"
        return StatusView(state=state, word=tr("待办"), value=str(self._tasks), action="tasks")

    def count_tasks(self) -> None:
        """Count 待办 again, after something happened."""
        books = self.till.books

        def count() -> int:
            with books.read() as db:
                return len(open_tasks(db, books.shop, books.clock.wall_ms()))

        def ready(found: int) -> None:
            self._tasks = found
            self.show_strip()

        self.work.do(count, ready, lambda error: self.selling.refused(error))

    def _paper_moved(self) -> None:
        self.count_tasks()
        reason = next((s.reason for s in self.till.devices.spools.values() if s.reason), "")
        if reason:
            words = tr("打印机{reason}，小票在排队", reason=tr(PRINT_WORDS.get(reason, reason)))
            self.selling.paper_changed(words, ok=False)
        else:
            self.selling.paper_changed(tr("小票已打印"), ok=True)

    def _show_keys(self) -> None:
        screen = self.page("keys", KeyCardScreen)
        words = {action.name: action.word for action in self.keys.actions}
        rows = [(name, self.keys.key_shown(name), tr(word)) for name, word in words.items()]
        screen.show_card(rows)
        assert len(key_card(self.keys)) == len(rows)

    def _show_rooms(self) -> None:
        screen = self.page("rooms", RoomsScreen)
        known = (
            ("receipts", tr("单据"), "receipt-text"),
            ("tasks", tr("待办"), "list-checks"),
            ("close_shift", tr("交班"), "hand-coins"),
            ("devices", tr("设备"), "printer"),
            ("settings", tr("设置"), "settings"),
        )
        screen.show_view(
            tuple(
                RoomView(name=name, word=word, icon=icon, key=self.keys.key_shown(name))
                for name, word, icon in known
                if name in self._rooms
            )
        )

    def page(self, name: str, kind: type) -> object:
        """A page of the window by name."""
        page = self.window.page_of(name)
        assert isinstance(page, kind)
        return page

    def trouble(self, error: ShopError) -> None:
        """Trouble nobody else handled: shown where the cashier looks."""
        self.sounds.play("refused")
        self.selling.say(MessageView(text=sentence(error), code=error.code))
