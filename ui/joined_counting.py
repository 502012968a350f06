"""盘点 joined to the window: its page, and scans that belong there."""

from typing import TYPE_CHECKING

from ui.presenters.counting import CountingPresenter
from ui.screens.count import CountScreen

if TYPE_CHECKING:
    from ui.application import Application


def join(app: "Application") -> None:
    """Give the window the room of counts."""
    shell = app.shell
    screen = CountScreen(app.theme)
    app.window.add_page("count", screen)
    counting = CountingPresenter(app.till.counter, screen, app.work, app.sounds)
    counting.on_left = shell.leave
    shell.page_scans["count"] = counting.scan
    shell.add_room("count", counting.open)
