"""设备 joined, with the pages on which a device is chosen."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ui.background import Background
from ui.language import tr
from ui.presenters import counter_acts
from ui.presenters.desk_work import DeskWork
from ui.presenters.device_setup import (
    PlaceSetup,
    copies_setup,
    display_setup,
    scale_put,
    scale_setup,
)
from ui.presenters.devices import DevicesPresenter
from ui.presenters.hub_setup import HubSetup
from ui.presenters.hub_stick import StickSetup
from ui.presenters.printer_setup import PrinterSetup
from ui.room_views import GuideView
from ui.screens.devices import DevicesScreen
from ui.screens.first_run import FirstRunScreen

if TYPE_CHECKING:
    from ui.application import Application

Setup = PrinterSetup | PlaceSetup | HubSetup | StickSetup


def join(app: "Application") -> None:
    """设备, and the pages on which a printer, a pole display or a second disk is chosen."""
    shell, work, till = app.shell, app.work, app.till
    screen = DevicesScreen(app.theme)
    app.window.add_page("devices", screen)
    beside = Background()
    app.window.closing.connect(beside.close)
    # A backlog of weeks takes a while to write, and head office a while to answer; the counter
    # waits for neither.
    slow = DeskWork(beside, shell.trouble)
    devices = DevicesPresenter(till, screen, work, app.sounds, slow=slow)
    shell.add_room("devices", devices.open)
    shell.on_explain = devices.explain
    screen.left.connect(shell.leave)
    # Through the screen, which is gone before the last paper of a closing window is told.
    app.spool.changed.connect(screen.stirred)
    screen.stirred.connect(devices.look_if_shown)

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
        "scale": scale_setup(till, work, page.show_view),
        "put": scale_put(till, work, page.show_view),
    }
    chosen: list[Setup] = [printer]

    def choose(setup: Setup, title: str) -> None:
        chosen[0] = setup
        frame = GuideView(step=0, steps=(title,), title=title, can_skip=False)
        shell.show("device_setup", lambda: setup.open(frame))

    setups: list[Setup] = [printer, *places.values(), *_hub_pages(app, devices, page, choose, slow)]
    for setup in setups:
        setup.on_done = setup.on_back = back
    page.card_chosen.connect(lambda name: chosen[0].card(name))
    page.answered.connect(lambda fields: chosen[0].answered(fields))
    page.back.connect(lambda: chosen[0].back())
    page.message_closed.connect(lambda: chosen[0].again())
    devices.on_setup = lambda: choose(printer, tr("小票打印机"))
    devices.on_display_setup = lambda: choose(places["display"], tr("客显"))
    devices.on_scale_setup = lambda: choose(places["scale"], tr("秤"))
    devices.on_scale_put = lambda: choose(places["put"], tr("秤"))
    devices.on_copies_setup = lambda: choose(places["copies"], tr("第二块盘"))
    devices.on_drawer = open_drawer
    devices.on_second_screen = app.customer.open


def _hub_pages(
    app: "Application",
    devices: DevicesPresenter,
    page: FirstRunScreen,
    choose: Callable[[Setup, str], None],
    slow: DeskWork,
) -> tuple[HubSetup, StickSetup]:
    """Joining head office and leaving it, and what goes there on a stick."""
    hub = HubSetup(app.till, app.work, page)
    stick = StickSetup(app.till, slow, page)
    words = {
        **{"join": tr("加入总部"), "compare": tr("加入总部"), "leave": tr("退出总部")},
        "rekey": tr("换新密钥"),
    }

    def go(name: str) -> None:
        if name == "stick":
            choose(stick, tr("U 盘交接"))
            return
        hub.page = name
        choose(hub, words[name])

    devices.on_hub = go
    hub.on_stick = lambda: go("stick")
    return hub, stick
