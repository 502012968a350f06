"""The window as a whole: which page is in charge, the strip, scans and actions to whom they belong.

Pages are shown to whoever is signed in and in a shift; everything else leads back to the door.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.catalogue.codes import is_buyer_code
from app.errors import Refusal, ShopError
from app.reports.tasks import tasks as open_tasks
from app.sales.counter import Stage
from app.staff.rules import has
from ui.garbage import rest
from ui.keys import KeyMap, keys_shown
from ui.language import error_words, tr
from ui.presenters.desk_work import DeskWork
from ui.presenters.entrance import EntrancePresenter
from ui.presenters.price_clock import PriceClock
from ui.presenters.receipts import ReceiptsPresenter
from ui.presenters.selling import SellingPresenter
from ui.presenters.strip import printer_trouble, printer_words, strip_view
from ui.room_views import RoomView
from ui.screens.menus import KeyCardScreen, RoomsScreen
from ui.sounds import Sounds
from ui.spool_thread import SpoolThread
from ui.startup import Till
from ui.views import MessageView
from ui.window import TillWindow

IDLE_LOCK_MS = 3 * 60_000
DOOR_PAGES = ("sign_in", "open_shift", "guide", "recover")
"""Nobody sells here yet: keys of the till do nothing, scans are kept."""
SELLING_ROOMS = {"refund", "invoices", "close_shift", "receiving", "labels", "goods", "guide",
                 "training"}  # fmt: skip
"""Rooms without a use for somebody who never sells."""
MOST_KEPT = 50
"""Scans kept at the lock; more is a scanner left lying on something."""
Screen = TypeVar("Screen", bound=QWidget)


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
        self.keys = keys
        self.on_explain: Callable[[str], None] = lambda text: None
        """What the devices page does with a scan."""
        self.on_refund_scan: Callable[[str], None] = lambda text: None
        self.on_why: Callable[[int], None] = lambda line: None
        """怎么算的, of a line of the basket."""
        self.on_buyer_scan: Callable[[str], None] = lambda code: None
        """What an invoice's buyer showed, over no open basket."""
        self.on_invoices: Callable[[], None] = lambda: None
        """The invoices that wait for a person."""
        self.on_labels: Callable[[str], None] = lambda document: None
        """Labels for what came in by a document."""
        self.page_scans: dict[str, Callable[[str], None]] = {}
        """Pages that take scans for themselves, by name."""
        self.quiet_pages = {"close_shift", "goods"}
        """Pages on which a scan is refused: something is counted or under way there."""
        self.on_guide_scan: Callable[[str], None] = lambda text: None
        self.on_switch: Callable[[], None] = lambda: None
        """练习: into the training folder, or back."""
        self._tasks = 0
        self._rooms: dict[str, Callable[[], None]] = {}
        self._idle = QTimer(self)
        self._idle.setInterval(IDLE_LOCK_MS)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self.lock_when_idle)
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._second)
        window.scanned.connect(self.scanned)
        window.scan_too_long.connect(lambda: self.selling.refused(Refusal("scan_too_long")))
        window.acted.connect(self.acted)
        window.stirred.connect(self._idle.start)
        spool.changed.connect(self._paper_moved)

    def join(
        self, entrance: EntrancePresenter, selling: SellingPresenter, receipts: ReceiptsPresenter
    ) -> None:
        """The presenters every page leads back to."""
        self.entrance, self.selling, self.receipts = entrance, selling, receipts
        self._prices = PriceClock(selling)
        entrance.on_ready = self.sell
        entrance.on_shift_needed = lambda: self.show("open_shift", entrance.show_shift)
        selling.on_action = self.acted
        selling.on_completed = self._say_paper_trouble
        self.add_room("receipts", receipts.open)

    def add_room(self, name: str, open_: Callable[[], None]) -> None:
        """A room that is built: its page, and what fills it."""
        self._rooms[name] = lambda: self.show(name, open_)

    def add_way(self, name: str, go: Callable[[], None]) -> None:
        """A tile that may be refused, so its page is not shown before it agrees."""
        self._rooms[name] = go

    def go(self, name: str) -> None:
        """Enter a room by its name."""
        self._rooms[name]()

    def start(self, early: tuple[str, str] | None = None, scans: Sequence[str] = ()) -> None:
        """Open the door; `early` is a number and PIN, `scans` what came, before it was open."""
        self._tick.start()
        self._idle.start()
        self.show_strip()
        self.entrance.kept_scans.extend(scans[:MOST_KEPT])
        self.entrance.begin(early)
        self.window.show_page("sign_in")

    def show(self, page: str, prepare: Callable[[], None]) -> None:
        """Bring a page to the front, filled."""
        prepare()
        self.window.show_page(page)
        self.show_strip()

    def sell(self) -> None:
        """Back to the till; scans that were kept at the lock are carried out now."""
        if self._only_looks():
            self.show("rooms", self._show_rooms)
            return
        self.selling.refresh()
        self.window.show_page("till")
        self.count_tasks()
        self.show_strip()
        kept, self.entrance.kept_scans = self.entrance.kept_scans, []
        for text in kept:
            self.selling.scan(text)

    def sell_refused(self, error: ShopError) -> None:
        """Back to the till with what could not be done elsewhere."""
        self.sell()
        self.selling.refused(error)

    def leave(self) -> None:
        """Out of a room: to the till, or to the door when no shift is open."""
        if self._only_looks() and self.window.page == "rooms":
            self.lock()
        elif self.counter.desk.shift is not None or self._only_looks():
            self.sell()
        else:
            self.lock()

    def _only_looks(self) -> bool:
        """Whether whoever is signed in never sells: an auditor, head office."""
        desk = self.counter.desk
        return bool(desk.person) and not has(desk.role, "sell")

    # --- Where input belongs ---------------------------------------------------------------

    def scanned(self, text: str) -> None:
        """A scan, wherever the focus is."""
        self._idle.start()
        page = self.window.page
        if page == "guide":
            self.on_guide_scan(text)
        elif page in DOOR_PAGES:
            if len(self.entrance.kept_scans) < MOST_KEPT:
                self.entrance.keep_scan(text)
        elif page == "devices":
            self.on_explain(text)
        elif page == "refund":
            self.on_refund_scan(text)
        elif page in self.page_scans:
            self.page_scans[page](text)
        elif page in self.quiet_pages or self._only_looks():
            self.sounds.play("refused")
        elif is_buyer_code(text) and not self._serving():
            self.on_buyer_scan(text)
        elif page == "receipts" and text.startswith("R:"):
            self.receipts.open(text.split(":")[1])
        else:
            if page != "till":
                self.sell()
            self.selling.scan(text)

    def _serving(self) -> bool:
        """Whether a customer's goods or money lie on the counter."""
        return self.counter.basket.begun or self.counter.stage is Stage.COLLECTING

    def acted(self, action: str) -> None:
        """An action no page wanted."""
        self._idle.start()
        name, _, detail = action.partition(":")
        page = self.window.page
        if name in self.selling.acts and name == "mute":
            self.selling.act(name)
        elif page in (*DOOR_PAGES, "close_shift") or (
            page == "till" and (self.selling.paying.act(action) or self._till_takes(name))
        ):
            return
        elif name == "receipt":
            self.show("receipts", lambda: self.receipts.open(detail))
        elif name == "line":
            self.on_why(int(detail))
        elif name == "keys":
            self.show("keys", self._show_keys)
        elif name == "rooms":
            self.show("rooms", self._show_rooms)
        else:
            self._go(name, page)

    def _go(self, name: str, page: str) -> None:
        if name == "lock":
            self.lock()
        elif name == "close_shift":
            self._close_shift()
        elif name == "training":
            self._switch()
        elif name in self._rooms and name != page:
            self._rooms[name]()
        elif name == "back" and page != "till":
            self.sell()
        elif page != "till" and (name == "pay" or name in self.selling.acts):
            # A key of the till from inside a room leads back there; it is pressed again there.
            self.sell()

    def _till_takes(self, name: str) -> bool:
        if name == "pay" or name in self.selling.acts:
            self.selling.act(name)
            return True
        return False

    def _close_shift(self) -> None:
        if self.counter.basket.begun:
            self.sell_refused(Refusal("basket_not_empty"))
        else:
            self._rooms["close_shift"]()

    def _switch(self) -> None:
        if self.counter.basket.begun:
            self.sell_refused(Refusal("basket_not_empty"))
        else:
            self.on_switch()

    # --- Lock ------------------------------------------------------------------------------

    def lock(self) -> None:
        """The counter is left for a moment; the shift goes on."""
        self.entrance.show(locked=self.counter.desk.shift is not None)
        self.window.show_page("sign_in")
        self.show_strip()
        rest()

    def lock_when_idle(self) -> None:
        """No auto-lock while a basket or a payment is open."""
        at_door = self.window.page in (*DOOR_PAGES, "close_shift")
        if not at_door and not self._serving():
            self.lock()

    # --- Strip and small pages -------------------------------------------------------------

    def _second(self) -> None:
        self.show_strip()
        if self.window.page == "till":
            self._prices.tick()

    def show_strip(self) -> None:
        """Shop, till, person, lamps, clock."""
        signed_in = self.window.page != "sign_in" and bool(self.counter.desk.person)
        self.window.show_strip(strip_view(self.till, signed_in=signed_in, tasks=self._tasks))

    def count_tasks(self) -> None:
        """Count 待办 again, after something happened."""
        books = self.till.books

        def count() -> int:
            with books.read() as db:
                now_ms, skew_ms = books.clock.wall_ms(), books.journal.guard.skew_ms()
                return len(open_tasks(db, books.shop, now_ms, skew_ms))

        def ready(found: int) -> None:
            self._tasks = found
            self.show_strip()

        self.work.do(count, ready)

    def _paper_moved(self) -> None:
        self.count_tasks()
        if not self._say_paper_trouble():
            self.selling.paper_changed(tr("小票已打印"), ok=True)

    def _say_paper_trouble(self) -> bool:
        """A printer that failed before the change was shown says nothing new afterwards."""
        if reason := printer_trouble(self.till):
            words = tr("打印机{reason}，小票在排队", reason=printer_words(reason))
            self.selling.paper_changed(words, ok=False)
        return bool(reason)

    def _show_keys(self) -> None:
        rows = [(action.name, keys_shown(action), tr(action.word)) for action in self.keys.actions]
        self._page("keys", KeyCardScreen).show_card(rows)

    def _show_rooms(self) -> None:
        leaving = tr("离开练习") if self.till.opened.training else tr("练习")
        known = (
            ("receipts", tr("单据"), "receipt-text", ""),
            ("refund", tr("退货"), "banknote", ""),
            ("invoices", tr("发票"), "file-spreadsheet", tr("开票、红字、导出")),
            ("count", tr("盘点"), "clipboard-check", tr("照常营业，点完主管复核")),
            ("tasks", tr("待办"), "list-checks", ""),
            ("receiving", tr("收货"), "truck", tr("来单、手工、调入")),
            ("stock", tr("库存"), "archive", tr("批次、调整、移位、调拨")),
            ("labels", tr("标签"), "scan-barcode", tr("价签、条码、溯源、秤签")),
            ("goods", tr("商品"), "boxes", tr("从 Excel 或 CSV 导入")),
            ("prices", tr("价格"), "tags", tr("价目、促销，先试再发布")),
            ("close_shift", tr("交班"), "hand-coins", tr("点钞、交班、日结")),
            ("reports", tr("报表"), "chart-column", tr("销售、毛利、库存、对账")),
            ("people", tr("人员"), "users", tr("新增、离岗、PIN、解锁")),
            ("audit", tr("审计"), "search", tr("看流水账、验证、抽样、导出")),
            ("devices", tr("设备"), "printer", tr("打印机、客显、扫码说明")),
            ("settings", tr("设置"), "settings", ""),
            ("guide", tr("首次设置"), "circle-help", tr("打印机、恢复码、商品、扫码")),
            ("keys", tr("快捷键"), "keyboard", ""),
            ("lock", tr("锁屏"), "lock", ""),
            ("training", leaving, "play", tr("另一本账，怎么按都不怕")),
        )
        here = {*self._rooms, "keys", "lock"} | (set() if self.till.opened.demo else {"training"})
        if self._only_looks():
            here -= SELLING_ROOMS
        self._page("rooms", RoomsScreen).show_view(
            tuple(
                RoomView(name=name, word=word, icon=icon, note=note,
                         key=self.keys.key_shown(name))
                for name, word, icon, note in known
                if name in here
            )
        )  # fmt: skip

    def _page(self, name: str, kind: type[Screen]) -> Screen:
        page = self.window.page_of(name)
        assert isinstance(page, kind)
        return page

    def trouble(self, error: ShopError) -> None:
        """Trouble nobody else handled: shown where the cashier looks."""
        self.sounds.play("refused")
        self.selling.say(MessageView(text=error_words(error), code=error.code))
