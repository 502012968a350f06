"""审计 joined: the journal, looked at."""

from typing import TYPE_CHECKING

from ui.background import Background
from ui.presenters.audit import AuditPresenter
from ui.presenters.desk_work import DeskWork
from ui.screens.audit import AuditScreen

if TYPE_CHECKING:
    from ui.application import Application


def join(app: "Application") -> None:
    """Give the window the room of whoever believes nothing."""
    shell = app.shell
    screen = AuditScreen(app.theme)
    app.window.add_page("audit", screen)
    beside = Background()
    room = AuditPresenter(app.till, screen, app.work, DeskWork(beside, shell.trouble), app.sounds)
    room.on_left = shell.leave
    shell.quiet_pages.add("audit")
    app.window.closing.connect(room.close)
    app.window.closing.connect(beside.close)
    shell.add_room("audit", room.open)
