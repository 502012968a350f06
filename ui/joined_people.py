"""人员 joined: who works here."""

from typing import TYPE_CHECKING

from ui.presenters.device_setup import other_disks
from ui.presenters.people import PeoplePresenter
from ui.screens.people import PeopleScreen

if TYPE_CHECKING:
    from ui.application import Application


def join(app: "Application") -> None:
    """Give the window the room of the people who work here."""
    shell = app.shell
    screen = PeopleScreen(app.theme)
    app.window.add_page("people", screen)
    people = PeoplePresenter(
        app.till.counter, screen, app.work, app.sounds, lambda: other_disks(app.till.opened.folder)
    )
    screen.left.connect(shell.leave)
    shell.add_room("people", people.open)
