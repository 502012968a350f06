"""The rooms behind the counter: each page, its presenter, and where its ends lead."""

from typing import TYPE_CHECKING

from app.sales.invoicing import Seen
from ui.background import Background
from ui.joined_prices import join_prices
from ui.joined_stock import join_stock
from ui.language import tr
from ui.presenters import counter_acts
from ui.presenters.closing import ClosingPresenter
from ui.presenters.customer import CustomerPresenter
from ui.presenters.desk_work import DeskWork
from ui.presenters.device_setup import PlaceSetup, copies_setup, display_setup
from ui.presenters.devices import DevicesPresenter
from ui.presenters.held import HeldPresenter
from ui.presenters.invoice_form import InvoiceFormPresenter
from ui.presenters.invoicing import InvoicesPresenter
from ui.presenters.people import PeoplePresenter
from ui.presenters.printer_setup import PrinterSetup
from ui.presenters.refunding import RefundingPresenter
from ui.presenters.settings import SettingsPresenter
from ui.presenters.tasks import TasksPresenter, invoice_words
from ui.presenters.template import TemplatePresenter
from ui.presenters.why import WhyPresenter
from ui.room_views import GuideView
from ui.screens.close_shift import CloseShiftScreen
from ui.screens.devices import DevicesScreen
from ui.screens.first_run import FirstRunScreen
from ui.screens.held import HeldScreen
from ui.screens.invoice_form import InvoiceFormScreen
from ui.screens.invoices import InvoicesScreen
from ui.screens.people import PeopleScreen
from ui.screens.refund import RefundScreen
from ui.screens.settings import SettingsScreen
from ui.screens.tasks import TasksScreen
from ui.screens.template import TemplateScreen
from ui.screens.why import WhyScreen
from ui.views import MessageView

if TYPE_CHECKING:
    from ui.application import Application


def join_rooms(app: "Application") -> CustomerPresenter:
    """Give the window every room but the counter itself; the customer's screen comes back."""
    _join_counter_rooms(app)
    _join_refunds(app)
    join_stock(app)
    _join_why(app)
    _join_invoices(app)
    customer = CustomerPresenter(app.till, app.theme, app.work)
    _join_devices(app, customer)
    _join_people(app)
    _join_settings(app)
    join_prices(app)
    return customer


def _join_counter_rooms(app: "Application") -> None:
    shell, work, sounds, counter = app.shell, app.work, app.sounds, app.till.counter
    tasks, held, closing = (
        TasksScreen(app.theme),
        HeldScreen(app.theme),
        CloseShiftScreen(app.theme),
    )
    for name, page in (("tasks", tasks), ("held", held), ("close_shift", closing)):
        app.window.add_page(name, page)
    taking = HeldPresenter(counter, held, work)
    taking.on_taken, taking.on_refused = shell.sell, shell.sell_refused
    beside = Background()
    app.window.closing.connect(beside.close)
    slow = DeskWork(beside, shell.trouble)
    todo = TasksPresenter(app.till, tasks, work, sounds, slow)
    todo.elsewhere["negative_stock"] = (tr("去库存"), lambda: shell.acted("stock"))
    todo.elsewhere["old_hold"] = (tr("去取单"), lambda: shell.show("held", taking.open))
    for kind, word in invoice_words().items():
        todo.elsewhere[kind] = (word, lambda: shell.on_invoices())
    ending = ClosingPresenter(counter, closing, work, sounds, app.till.opened.folder)
    ending.on_left, ending.on_done = shell.leave, shell.lock
    for room in (tasks, held):
        room.left.connect(shell.leave)
    shell.add_room("tasks", todo.open)
    shell.add_room("held", taking.open)
    shell.add_room("close_shift", ending.open)
    shell.entrance.on_day_left = lambda: shell.show("close_shift", ending.open)
    todo.elsewhere["shift_uncounted"] = (
        tr("去补点"),
        lambda: shell.show("close_shift", ending.open),
    )


def _join_why(app: "Application") -> None:
    """怎么算的: from the basket, by key or by two taps on a line."""
    shell = app.shell
    screen = WhyScreen(app.theme)
    app.window.add_page("why", screen)
    presenter = WhyPresenter(app.till.counter, screen, app.work)
    presenter.on_refused = shell.sell_refused
    screen.left.connect(shell.leave)
    shell.on_why = lambda line: presenter.open(line, lambda: shell.show("why", lambda: None))


def _join_refunds(app: "Application") -> None:
    """退货: by F8, from a receipt, or by scanning one there."""
    shell = app.shell
    screen = RefundScreen(app.theme)
    app.window.add_page("refund", screen)
    refunding = RefundingPresenter(app.till.counter, screen, app.work, app.sounds)

    def of_receipt(number: str) -> None:
        shell.show("refund", lambda: refunding.open(number))

    def goods(text: str) -> None:
        shell.sell()
        shell.selling.scan(text)

    refunding.on_left, refunding.on_goods = shell.leave, goods
    refunding.on_exchanged = shell.sell
    shell.receipts.on_refund = of_receipt
    shell.on_refund_scan = refunding.scan
    shell.add_room("refund", refunding.open)


def _join_invoices(app: "Application") -> None:
    """发票: the list, and the page that asks: from a receipt, or by scanning a 抬头码."""
    shell, work, sounds = app.shell, app.work, app.sounds
    screen, form = InvoicesScreen(app.theme), InvoiceFormScreen(app.theme)
    app.window.add_page("invoices", screen)
    app.window.add_page("invoice_form", form)
    room = InvoicesPresenter(app.till, screen, work, sounds)
    asking = InvoiceFormPresenter(app.till.counter, form, work, sounds)

    came_from = ["till"]

    def ask(number: str = "", code: str = "") -> None:
        came_from[0] = app.window.page
        shell.show("invoice_form", lambda: asking.open(number, code))

    def buyer(code: str) -> None:
        if app.window.page == "invoice_form":
            asking.scan(code)
        else:
            ask(shell.receipts.shown if app.window.page == "receipts" else "", code)

    def correct(seen: Seen) -> None:
        came_from[0] = "invoices"
        shell.show("invoice_form", lambda: asking.correct(seen))

    def requested(seen: Seen) -> None:
        told = MessageView(text=tr("已申请开票，开好会变成“已开”"), tone="ok")
        shell.show("invoices", lambda: room.open(seen.document.document, told))

    def back() -> None:
        if came_from[0] == "receipts":
            shell.show("receipts", lambda: None)
        elif came_from[0] == "invoices":
            shell.show("invoices", room.open)
        else:
            shell.leave()

    def go() -> None:
        """Right after a sale its own customer asks; else the list."""
        if app.window.page == "till" and shell.selling.shown.done is not None:
            ask()
        else:
            shell.show("invoices", room.open)

    asking.on_done, room.on_correct = requested, correct
    shell.receipts.on_invoice, shell.on_buyer_scan = ask, buyer
    shell.on_invoices = lambda: shell.show("invoices", room.open_to_do)
    shell.add_way("invoices", go)
    screen.left.connect(shell.leave)
    form.left.connect(back)


def _join_devices(app: "Application", customer: CustomerPresenter) -> None:
    """设备, and the pages on which a printer, a pole display or a second disk is chosen."""
    shell, work, till = app.shell, app.work, app.till
    screen = DevicesScreen(app.theme)
    app.window.add_page("devices", screen)
    devices = DevicesPresenter(till, screen, work, app.sounds)
    shell.add_room("devices", devices.open)
    shell.on_explain = devices.explain
    screen.left.connect(shell.leave)
    app.spool.changed.connect(devices.look_if_shown)

    def back() -> None:
        shell.show("devices", devices.open)

    def open_drawer() -> None:
        shell.sell()
        counter_acts.drawer(shell.selling)

    page = FirstRunScreen(app.theme)
    app.window.add_page("device_setup", page)
    printer = PrinterSetup(till, work, page.show_view)
    places = {
        "display": display_setup(till, work, page.show_view),
        "copies": copies_setup(till, work, page.show_view),
    }
    chosen: list[PrinterSetup | PlaceSetup] = [printer]

    def choose(setup: PrinterSetup | PlaceSetup, title: str) -> None:
        chosen[0] = setup
        frame = GuideView(step=0, steps=(title,), title=title, can_skip=False)
        shell.show("device_setup", lambda: setup.open(frame))

    setups: list[PrinterSetup | PlaceSetup] = [printer, *places.values()]
    for setup in setups:
        setup.on_done = setup.on_back = back
    page.card_chosen.connect(lambda name: chosen[0].card(name))
    page.answered.connect(lambda fields: chosen[0].answered(fields))
    page.back.connect(lambda: chosen[0].back())
    page.message_closed.connect(lambda: chosen[0].again())
    devices.on_setup = lambda: choose(printer, tr("小票打印机"))
    devices.on_display_setup = lambda: choose(places["display"], tr("客显"))
    devices.on_copies_setup = lambda: choose(places["copies"], tr("第二块盘"))
    devices.on_drawer = open_drawer
    devices.on_second_screen = customer.open
    till.devices.screens.append(customer.shows)


def _join_people(app: "Application") -> None:
    shell = app.shell
    screen = PeopleScreen(app.theme)
    app.window.add_page("people", screen)
    people = PeoplePresenter(app.till.counter, screen, app.work, app.sounds)
    screen.left.connect(shell.leave)
    shell.add_room("people", people.open)


def _join_settings(app: "Application") -> None:
    shell, counter = app.shell, app.till.counter
    screen, words = SettingsScreen(app.theme), TemplateScreen(app.theme)
    app.window.add_page("settings", screen)
    app.window.add_page("template", words)
    settings = SettingsPresenter(counter, screen, app.work, app.sounds)
    settings.on_changed = shell.selling.refresh
    template = TemplatePresenter(counter, words, app.work, app.sounds)
    template.on_left = lambda: shell.show("settings", settings.open)
    settings.on_template = lambda: shell.show("template", template.open)
    screen.left.connect(shell.leave)
    shell.add_room("settings", settings.open)
