"""标签 joined to the window: its page, scans that belong there, and who else leads there."""

from typing import TYPE_CHECKING

from ui.background import Background
from ui.presenters.desk_work import DeskWork
from ui.presenters.label_room import LabelsPresenter
from ui.screens.labels import LabelsScreen

if TYPE_CHECKING:
    from ui.application import Application


def join(app: "Application") -> None:
    """Give the window the room of labels."""
    shell = app.shell
    screen = LabelsScreen(app.theme)
    app.window.add_page("labels", screen)
    beside = Background()
    app.window.closing.connect(beside.close)
    slow = DeskWork(beside, shell.trouble)
    labels = LabelsPresenter(app.till, screen, app.work, slow, app.sounds)
    labels.on_left = shell.leave
    shell.page_scans["labels"] = labels.scan
    shell.add_room("labels", labels.open)
    shell.on_labels = lambda key: shell.show("labels", lambda: labels.open_document(key))
