"""Every screen in its scripted states: name → how to build the window that shows it."""

from collections.abc import Callable

import msgspec
import scenes_audit as audit
import scenes_closing as closing
import scenes_counting as counting
import scenes_guide as guide
import scenes_hub as hub
import scenes_invoices as invoices
import scenes_labels as labels
import scenes_prices as prices
import scenes_reports as reports
import scenes_rooms as rooms
import scenes_stock as stock
import scenes_till as till
from PySide6.QtWidgets import QWidget

from app.clock import SettableClock
from ui.keys import key_map, keys_shown, read_actions
from ui.language import tr
from ui.presenters.charging import tender_views
from ui.screens.audit import AuditScreen
from ui.screens.close_shift import CloseShiftScreen
from ui.screens.count import CountScreen
from ui.screens.customer_display import CustomerDisplay
from ui.screens.devices import DevicesScreen
from ui.screens.document import DocumentScreen
from ui.screens.first_run import FirstRunScreen
from ui.screens.goods_import import GoodsImportScreen
from ui.screens.held import HeldScreen
from ui.screens.invoice_form import InvoiceFormScreen
from ui.screens.invoices import InvoicesScreen
from ui.screens.labels import LabelsScreen
from ui.screens.menus import KeyCardScreen, RoomsScreen
from ui.screens.open_shift import OpenShiftScreen
from ui.screens.payment import PaymentPanel
from ui.screens.people import PeopleScreen
from ui.screens.price_form import PriceFormScreen
from ui.screens.prices import LastLookScreen, PricesScreen
from ui.screens.receipts import ReceiptsScreen
from ui.screens.refund import RefundScreen
from ui.screens.reports import ReportsScreen
from ui.screens.settings import SettingsScreen
from ui.screens.sign_in import SignInScreen
from ui.screens.tasks import TasksScreen
from ui.screens.till import TillScreen
from ui.screens.why import WhyScreen
from ui.theme import Theme
from ui.views import (
    GoodsView,
    OpenShiftView,
    PaymentView,
    QuickKeysView,
    SignInView,
    StripView,
    TillView,
)
from ui.window import TillWindow

Fill = Callable[[TillWindow, Theme], None]
"""Puts a page into a shown window."""


def window(theme: Theme, width: int, height: int, strip: StripView = till.STRIP) -> TillWindow:
    """An empty till window of this size."""
    made = TillWindow(theme, key_map(read_actions()), SettableClock(0))
    made.resize(width, height)
    made.show_strip(strip)
    return made


def show(window_: TillWindow, page: QWidget, *, keys: bool = True) -> None:
    """Make a page the shown one."""
    window_.add_page("page", page, keys=keys)
    window_.show_page("page")


def selling(view: TillView) -> Fill:
    def fill(window_: TillWindow, theme: Theme) -> None:
        screen = TillScreen(theme)
        show(window_, screen)
        screen.show_view(view)
        window_.key_bar.show_right(view.last)

    return fill


def found(goods: tuple[GoodsView, ...], typed: str) -> Fill:
    def fill(window_: TillWindow, theme: Theme) -> None:
        screen = TillScreen(theme)
        show(window_, screen)
        screen.show_view(till.TILL)
        screen.scan_field.setText(typed)
        screen.show_found(goods, typed)

    return fill


def paying(view: PaymentView, *, touch: bool = False) -> Fill:
    def fill(window_: TillWindow, theme: Theme) -> None:
        screen = TillScreen(theme)
        show(window_, screen)
        screen.show_view(till.TILL)
        panel = PaymentPanel(theme)
        panel.set_touch(touch)
        # Made here, so that the words are of the language that is spoken.
        chosen = next((each.key for each in view.tenders if each.chosen), "")
        tenders = tender_views(chosen) if view.tenders else ()
        panel.show_view(msgspec.structs.replace(view, tenders=tenders))
        screen.open_panel(panel)

    return fill


def signing_in(view: SignInView) -> Fill:
    def fill(window_: TillWindow, theme: Theme) -> None:
        screen = SignInScreen(theme)
        screen.show_view(view)
        show(window_, screen, keys=False)

    return fill


def opening(view: OpenShiftView) -> Fill:
    def fill(window_: TillWindow, theme: Theme) -> None:
        screen = OpenShiftScreen(theme)
        screen.show_view(view)
        show(window_, screen, keys=False)

    return fill


def room(make: Callable[[Theme], QWidget], view: Callable[[], object]) -> Fill:
    def fill(window_: TillWindow, theme: Theme) -> None:
        screen = make(theme)
        show(window_, screen, keys=make is not FirstRunScreen)
        screen.show_view(view())  # type: ignore[attr-defined]

    return fill


def receiving_page(theme: Theme) -> DocumentScreen:
    return DocumentScreen(theme, tr("收货"))


def stock_page(theme: Theme) -> DocumentScreen:
    return DocumentScreen(theme, tr("库存"))


def papers_page(theme: Theme) -> DocumentScreen:
    return DocumentScreen(theme, tr("库存单据"))


def key_card(window_: TillWindow, theme: Theme) -> None:
    screen = KeyCardScreen(theme)
    show(window_, screen)
    actions = key_map(read_actions()).actions
    screen.show_card([(a.name, keys_shown(a), tr(a.word)) for a in actions])


def demo(window_: TillWindow, theme: Theme) -> None:
    selling(till.TILL)(window_, theme)
    strip = till.STRIP
    window_.show_strip(
        StripView(shop=strip.shop, till=strip.till, person=strip.person, lamps=strip.lamps,
                  clock=strip.clock, demo="演示")
    )  # fmt: skip


def behind(window_: TillWindow) -> None:
    window_._not_in_front.show()
    window_._not_in_front.raise_()


SELLING: dict[str, Fill] = {
    "till": selling(till.TILL),
    "till_empty": selling(till.EMPTY),
    "till_no_keys": selling(msgspec.structs.replace(till.EMPTY, quick=QuickKeysView())),
    "till_long": selling(till.LONG),
    "till_hint": selling(till.HINT),
    "till_refused": selling(till.REFUSED),
    "till_question": selling(till.QUESTION),
    "till_done": selling(till.DONE),
    "till_found": found(till.FOUND, "ds"),
    "till_nothing_found": found((), "dsx"),
    "till_demo": demo,
    "till_behind": selling(till.TILL),
    "pay_cash": paying(till.PAY_CASH),
    "pay_touch": paying(till.PAY_CASH, touch=True),
    "pay_short": paying(till.PAY_SHORT),
    "pay_refused": paying(till.PAY_REFUSED),
    "pay_code": paying(till.PAY_CODE),
    "pay_wait": paying(till.PAY_WAIT),
    "till_exchange": selling(till.EXCHANGE),
    "pay_exchange": paying(till.PAY_EXCHANGE),
    "pay_shown": paying(till.PAY_SHOWN),
}

# What can only be done once the window is in front and drawn.
AFTERWARDS: dict[str, Callable[[TillWindow], None]] = {"till_behind": behind}

ROOMS: dict[str, Fill] = {
    "sign_in": signing_in(till.SIGN_IN),
    "sign_in_refused": signing_in(till.SIGN_IN_REFUSED),
    "locked": signing_in(till.LOCKED),
    "open_shift": opening(till.OPEN_SHIFT),
    **{name: room(CloseShiftScreen, page) for name, page in closing.CLOSING.items()},
    "people": room(PeopleScreen, lambda: rooms.PEOPLE),
    "people_ask": room(PeopleScreen, lambda: rooms.PEOPLE_ASK),
    "receipts": room(ReceiptsScreen, rooms.receipts),
    "receipts_correct": room(ReceiptsScreen, rooms.receipts_correcting),
    "receipts_correct_pin": room(ReceiptsScreen, lambda: rooms.receipts_correcting(secret=True)),
    "receipts_none": room(ReceiptsScreen, lambda: rooms.NO_RECEIPTS),
    "refund": room(RefundScreen, rooms.refund),
    "refund_finding": room(RefundScreen, rooms.refund_finding),
    "refund_asking": room(RefundScreen, lambda: rooms.refund(asking=True)),
    "refund_refused": room(RefundScreen, lambda: rooms.refund(refused=True)),
    "refund_loose": room(RefundScreen, rooms.refund_loose),
    "refund_done": room(RefundScreen, rooms.refund_done),
    **{name: room(AuditScreen, page) for name, page in audit.AUDIT.items()},
    **{name: room(PricesScreen, page) for name, page in prices.PRICES.items()},
    **{name: room(PriceFormScreen, page) for name, page in prices.FORMS.items()},
    **{name: room(LastLookScreen, page) for name, page in prices.LOOKS.items()},
    **{name: room(receiving_page, page) for name, page in stock.RECEIVING.items()},
    **{name: room(stock_page, page) for name, page in stock.STOCK.items()},
    **{name: room(papers_page, page) for name, page in stock.PAPERS.items()},
    **{name: room(LabelsScreen, page) for name, page in labels.LABELS.items()},
    **{name: room(ReportsScreen, page) for name, page in reports.REPORTS.items()},
    "why": room(WhyScreen, prices.why),
    "invoices": room(InvoicesScreen, invoices.invoices),
    "invoices_failed": room(InvoicesScreen, lambda: invoices.invoices(failed=True)),
    "invoices_asking": room(InvoicesScreen, lambda: invoices.invoices(asking=True)),
    "invoices_exported": room(InvoicesScreen, invoices.exported),
    "invoices_waiting": room(InvoicesScreen, invoices.waiting),
    "invoices_none": room(InvoicesScreen, lambda: invoices.NO_INVOICES),
    "invoice_form": room(InvoiceFormScreen, invoices.form),
    "invoice_form_scanned": room(InvoiceFormScreen, lambda: invoices.form(scanned=True)),
    "invoice_form_refused": room(InvoiceFormScreen, lambda: invoices.form(refused=True)),
    "invoice_form_standing": room(InvoiceFormScreen, lambda: invoices.form(standing=True)),
    "tasks": room(TasksScreen, rooms.tasks),
    "tasks_asking": room(TasksScreen, lambda: rooms.tasks(asking=True)),
    "tasks_none": room(TasksScreen, lambda: rooms.NO_TASKS),
    "held": room(HeldScreen, rooms.held),
    "devices": room(DevicesScreen, rooms.devices),
    "devices_refused": room(DevicesScreen, rooms.devices_refused),
    "devices_hub": room(DevicesScreen, hub.devices_hub),
    "hub_join": room(FirstRunScreen, hub.hub_join),
    "settings": room(SettingsScreen, rooms.settings),
    **{name: room(FirstRunScreen, page) for name, page in guide.PAGES.items()},
    **{name: room(GoodsImportScreen, page) for name, page in guide.IMPORT.items()},
    **{
        name: room(CountScreen, lambda view=view: counting.with_buttons(view))
        for name, view in counting.SCENES.items()
    },
    "rooms": room(RoomsScreen, lambda: rooms.ROOMS),
    "keys": key_card,
}

CUSTOMER = {
    "customer_selling": rooms.CUSTOMER,
    "customer_paid": rooms.CUSTOMER_PAID,
    "customer_idle": rooms.CUSTOMER_IDLE,
}


def customer_window(theme: Theme, name: str, language: str = "zh") -> CustomerDisplay:
    """The second screen in one of its states."""
    made = CustomerDisplay(theme)
    made.language = language
    made.resize(1024, 600)
    made.show_view(CUSTOMER[name])
    return made
