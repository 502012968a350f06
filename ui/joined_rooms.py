"""The rooms behind the counter: each page, its presenter, and where its ends lead."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from app.facts.shifts import DayClosed
from app.shop.first_steps import steps_left
from ui.background import Background
from ui.language import tr
from ui.presenters.closing import ClosingPresenter
from ui.presenters.customer import CustomerPresenter
from ui.presenters.desk_work import DeskWork
from ui.presenters.held import HeldPresenter
from ui.presenters.tasks import TasksPresenter, invoice_words
from ui.screens.close_shift import CloseShiftScreen
from ui.screens.held import HeldScreen
from ui.screens.tasks import TasksScreen

if TYPE_CHECKING:
    from ui.application import Application


def join_rooms(app: "Application") -> CustomerPresenter:
    """Give the window every room but the counter itself; the customer's screen comes back."""
    shell = app.shell
    _join_counter_rooms(app)
    customer = CustomerPresenter(app.till, app.theme, app.work)
    app.till.devices.screens.append(customer.shows)
    later(app, "why", hooks=[(shell, "on_why")])
    later(
        app,
        "refunds",
        rooms=["refund"],
        hooks=[(shell.receipts, "on_refund"), (shell, "on_refund_scan")],
    )
    later(
        app,
        "invoices",
        rooms=["invoices"],
        hooks=[
            (shell.receipts, "on_invoice"),
            (shell, "on_buyer_scan"),
            (shell, "on_invoices"),
        ],
    )
    later(app, "devices", rooms=["devices"], hooks=[(shell, "on_explain")])
    later(app, "settings", rooms=["settings"])
    later(app, "people", rooms=["people"])
    later(app, "audit", rooms=["audit"])
    later(app, "prices", rooms=["prices"])
    later(app, "stock", rooms=["receiving", "stock"])
    later(app, "counting", rooms=["count"])
    later(app, "reports", rooms=["reports"])
    later(app, "labels", rooms=["labels"], hooks=[(shell, "on_labels")])
    later(app, "guide", rooms=["goods", "guide"], hooks=[(shell.entrance, "on_recover")])
    if steps_left(app.till.books):
        # It meets whoever may answer at the next sign-in.
        import_module("ui.joined_guide").join(app)
    return customer


def _installing(app: "Application") -> Callable[[], None]:
    """What installs a newer program; loaded by whoever presses it, warned of what is unsent."""
    made: list[Callable[[], None]] = []

    def take() -> None:
        if not made:
            from ui.presenters.program import Updating

            made.append(Updating(app.till).take)
        made[0]()

    return take


def later(
    app: "Application",
    name: str,
    *,
    rooms: Sequence[str] = (),
    hooks: Sequence[tuple[object, str]] = (),
) -> None:
    """Rooms that are built when somebody first goes there: on most days most are never entered,
    and each holds a megabyte or two.

    `ui/joined_NAME.py` has `join(app)`, which puts the real ways and hooks in the place of ours.
    """

    def join() -> None:
        import_module(f"ui.joined_{name}").join(app)

    def way_to(room: str) -> Callable[[], None]:
        def first() -> None:
            join()
            app.shell.go(room)

        return first

    def stand_in(owner: object, hook: str) -> Callable[..., None]:
        def first(*given: Any) -> None:
            join()
            getattr(owner, hook)(*given)

        return first

    for room in rooms:
        app.shell.add_way(room, way_to(room))
    for owner, hook in hooks:
        setattr(owner, hook, stand_in(owner, hook))


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
    for kind, word in (("count_open", tr("去盘点")), ("count_late", tr("去补过账"))):
        todo.elsewhere[kind] = (word, lambda: shell.acted("count"))
    todo.elsewhere["old_hold"] = (tr("去取单"), lambda: shell.show("held", taking.open))
    for kind, word in invoice_words().items():
        todo.elsewhere[kind] = (word, lambda: shell.on_invoices())
    ending = ClosingPresenter(counter, closing, work, sounds, app.till.opened.folder)
    ending.update_ready = lambda: app.till.hub.update_ready
    ending.on_update = _installing(app)
    ending.on_left, ending.on_done = shell.leave, shell.lock

    def day_closed(closed: DayClosed) -> None:
        # Charts and PDF are loaded only now: they are not needed to sell.
        from ui.day_end import day_end

        slow.do(lambda: day_end(app.till, closed), lambda _file: None)

    ending.on_day_closed = day_closed
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
