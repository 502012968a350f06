"""怎么算的, joined: from the basket, by key or by two taps on a line."""

from typing import TYPE_CHECKING

from ui.presenters.why import WhyPresenter
from ui.screens.why import WhyScreen

if TYPE_CHECKING:
    from ui.application import Application


def join(app: "Application") -> None:
    """怎么算的: from the basket, by key or by two taps on a line."""
    shell = app.shell
    screen = WhyScreen(app.theme)
    app.window.add_page("why", screen)
    presenter = WhyPresenter(app.till.counter, screen, app.work)
    presenter.on_refused = shell.sell_refused
    screen.left.connect(shell.leave)
    shell.on_why = lambda line: presenter.open(line, lambda: shell.show("why", lambda: None))
