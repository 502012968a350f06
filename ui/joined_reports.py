"""报表 joined to the window, and the way down to a receipt and back."""

from typing import TYPE_CHECKING

from ui.background import Background
from ui.presenters.desk_work import DeskWork
from ui.presenters.reporting import ReportsPresenter
from ui.screens.reports import ReportsScreen

if TYPE_CHECKING:
    from ui.application import Application


def join(app: "Application") -> None:
    """Give the window the room of reports."""
    shell = app.shell
    screen = ReportsScreen(app.theme)
    app.window.add_page("reports", screen)
    # Long questions: the counter goes on meanwhile.
    beside = Background()
    app.window.closing.connect(beside.close)
    slow = DeskWork(beside, shell.trouble)
    room = ReportsPresenter(app.till, screen, slow, app.sounds)
    room.on_left = shell.leave
    room.on_receipt = lambda number: shell.show("receipts", lambda: shell.receipts.open(number))
    shell.add_room("reports", room.open)
