"""The customer's own screen: what the counter holds, painted for the person who pays.

The counter tells its watchers on the worker's thread; the view is built there, so that it is of
one moment, and crosses to the window's thread by a signal.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen

from app.catalogue.queries import all_products
from app.facts.catalogue import Product
from app.money import yuan_shown
from app.sales.counter import Counter, Stage
from ui.counter_devices import read_devices
from ui.language import tr, worded
from ui.presenters.counter_views import exchange_lines, quantity_shown
from ui.presenters.desk_work import DeskWork
from ui.presenters.strip import folder_words
from ui.room_views import CustomerLineView, CustomerView, PriceView, StoryView
from ui.screens.customer_display import CustomerDisplay
from ui.startup import Till
from ui.tender_words import tender_word
from ui.theme import Theme
from ui.views import ReductionView

SECOND_SCREEN_MARK = "device.second_screen"
"""Value "off" leaves a second screen to somebody else; it is used otherwise."""
IDLE_MS = 20_000
"""How long thanks and change stay before the day's prices come back."""
PRICED_CLASSES = ("1.1", "1.2", "1.3", "1.4")
"""Goose, tea, eggs, rice: what people ask the price of."""
WEEK_MS = 7 * 86_400_000
EACH = 2
"""Articles shown of each."""


class CustomerPresenter(QObject):
    """Remembers the last view, so that a screen plugged in later shows it at once."""

    changed = Signal(object)

    def __init__(self, till: Till, theme: Theme, work: DeskWork) -> None:
        super().__init__()
        self._till = till
        self._work = work
        self._theme = theme
        self.display: CustomerDisplay | None = None
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        self._screens = application
        self._following = False
        self._view = CustomerView()
        self._prices: tuple[PriceView, ...] = ()
        self.changed.connect(self._show)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self.show_prices)
        till.counter.watchers.append(self.watch)

    def start(self) -> None:
        """Use a second screen whenever there is one, until `close`."""
        if not self._following:
            self._following = True
            self._screens.screenAdded.connect(self._plugged)
            self._screens.screenRemoved.connect(self.open)
        self.open()

    def close(self) -> None:
        """The second screen is somebody else's from now on."""
        if self._following:
            self._following = False
            self._screens.screenAdded.disconnect(self._plugged)
            self._screens.screenRemoved.disconnect(self.open)
        self._hide()

    def _plugged(self, _screen: QScreen) -> None:
        self.open()

    def open(self, leaving: QScreen | None = None) -> None:
        """Put the display on the second screen when there is one and the till wants it.

        `leaving` is a screen that is being pulled out: Qt still knows it.
        """
        wanted = read_devices(self._till.books).get(SECOND_SCREEN_MARK, "on") != "off"
        screen = second_screen(leaving)
        if not wanted or screen is None:
            self._hide()
            return
        if self.display is None:
            self.display = CustomerDisplay(self._theme)
        self.display.setScreen(screen)
        self.display.setGeometry(screen.geometry())
        self.display.showFullScreen()
        self.display.language = self._till.counter.desk.settings["customer_language"]
        # A screen that comes in the middle of a sale shows the sale.
        self.display.show_view(self._view)
        self._read(lambda: self._now(self._till.counter))

    def show_prices(self) -> None:
        """Nobody is buying: the day's prices."""
        counter = self._till.counter
        self._read(lambda: self._now(counter) if counter.basket.lines else self._idle_view())

    def _read(self, view: Callable[[], CustomerView]) -> None:
        def read() -> CustomerView:
            self._prices = day_prices(self._till.counter)
            return view()

        self._work.do(read, self._show)

    def _hide(self) -> None:
        self._idle.stop()
        if self.display is not None:
            self.display.close()
            self.display.deleteLater()
            self.display = None

    def shows(self, due: int) -> bool:
        """Whether the second screen, if it is in use, shows this total (fen)."""
        return self.display is None or self._view.total == yuan_shown(due)

    def watch(self, counter: Counter) -> None:
        """On the worker: what the counter shows now."""
        self.changed.emit(self._now(counter))

    def _show(self, view: CustomerView) -> None:
        self._view = view
        if view.mode == "paid":
            self._idle.start()
        else:
            self._idle.stop()
        if self.display is not None:
            self.display.language = self._till.counter.desk.settings["customer_language"]
            self.display.show_view(view)

    def _idle_view(self) -> CustomerView:
        return CustomerView(
            shop=self._shop(), demo=folder_words(self._till), prices=self._prices,
            prices_title=tr("今日价格"),
        )  # fmt: skip

    def _shop(self) -> str:
        return self._till.counter.desk.settings["shop_name"] or self._till.books.shop

    def _now(self, counter: Counter) -> CustomerView:
        demo, shop = folder_words(self._till), self._shop()
        if not counter.basket.lines:
            done = counter.last
            if done is None:
                return self._idle_view()
            tenders = dict.fromkeys(each.tender for each in done.sale.tenders)
            return CustomerView(
                mode="paid", shop=shop, demo=demo, total=yuan_shown(max(done.due, 0)),
                change=yuan_shown(done.change),
                paid_by=tr("、").join(tender_word(one) for one in tenders),
                notice=counter.desk.settings["return_rule"],
            )  # fmt: skip
        total = counter.priced()
        collecting = counter.stage is Stage.COLLECTING
        due = counter.due().open if collecting else counter.due().due
        last = counter.basket.lines[-1].product
        return CustomerView(
            mode="paying" if collecting else "selling",
            shop=shop,
            demo=demo,
            lines=customer_lines(counter),
            saved=yuan_shown(-total.reduced) if total.reduced else "",
            total=yuan_shown(due),
            story=story_of(last),
        )


def customer_lines(counter: Counter) -> tuple[CustomerLineView, ...]:
    """Every line with its reductions, as the customer reads it."""
    lines = zip(counter.basket.lines, counter.priced().lines, strict=True)
    back = tuple(
        CustomerLineView(name=each.name, quantity=each.quantity, amount=each.amount)
        for each in exchange_lines(counter)
    )
    return back + tuple(
        CustomerLineView(
            name=line.name,
            quantity=quantity_shown(line.quantity, weighed=line.weighed),
            amount=yuan_shown(priced.amount),
            reductions=tuple(
                ReductionView(name=worded(each.name), amount=yuan_shown(each.amount))
                for each in priced.reductions
            ),
        )
        for line, priced in lines
    )


def story_of(product: Product) -> StoryView | None:
    """Where this comes from, as far as the catalogue says it; None when it says nothing."""
    if not (product.origin_town or product.story):
        return None
    marks = {"county": tr("县标识"), "town": tr("镇标识"), "dual": tr("县镇双标识")}
    facts = [
        tr("产地 {town}", town=product.origin_town + product.origin_village)
        if product.origin_town
        else "",
        marks.get(product.mark, ""),
        product.story,
    ]
    words = "\n".join(word for word in facts if word)
    return StoryView(title=product.name, place=product.origin_town, text=words)


def day_prices(counter: Counter) -> tuple[PriceView, ...]:
    """The prices people ask for: the first goods of the classes goose, tea, eggs and rice."""
    books = counter.books
    with books.read() as db:
        goods = all_products(db, books.shop).values()
    found: list[Product] = []
    for wanted in PRICED_CLASSES:
        of_class = [
            one for one in goods
            if one.category == wanted and one.kind == "goods" and one.active
            and not (one.display_only or one.wholesale_only)
        ]  # fmt: skip
        found += sorted(of_class, key=lambda one: one.code)[:EACH]
    week_ago = books.clock.wall_ms() - WEEK_MS
    with books.read() as db:
        board = counter.desk.prices
        shown = [(board.shown(db, one), board.shown(db, one, week_ago).price) for one in found]
    return tuple(
        PriceView(
            name=one.name, price=f"¥ {yuan_shown(one.price)}/{one.unit}",
            change=_change(one.price, before),
        )
        for one, before in shown
    )  # fmt: skip


def _change(now: int, before: int) -> str:
    """How far a price went in a week: a shape and the difference, "" when it did not move."""
    if now == before:
        return ""
    return f"{'▲' if now > before else '▼'} {yuan_shown(abs(now - before))}"


def second_screen(leaving: QScreen | None = None) -> QScreen | None:
    """The screen the customer looks at; None when this machine has only one."""
    besides = (QGuiApplication.primaryScreen(), leaving)
    others = [screen for screen in QGuiApplication.screens() if screen not in besides]
    return others[0] if others else None
