"""设置 joined, with the page on which a receipt is worded."""

from typing import TYPE_CHECKING

from ui.presenters.settings import SettingsPresenter
from ui.presenters.template import TemplatePresenter
from ui.screens.settings import SettingsScreen
from ui.screens.template import TemplateScreen

if TYPE_CHECKING:
    from ui.application import Application


def join(app: "Application") -> None:
    """Settings, and the words of the receipt."""
    shell, counter = app.shell, app.till.counter
    screen, words = SettingsScreen(app.theme), TemplateScreen(app.theme)
    app.window.add_page("settings", screen)
    app.window.add_page("template", words)
    settings = SettingsPresenter(counter, screen, app.work, app.sounds)

    def changed() -> None:
        shell.selling.refresh()
        app.on_settings()

    settings.on_changed = changed
    template = TemplatePresenter(counter, words, app.work, app.sounds)
    template.on_left = lambda: shell.show("settings", settings.open)
    settings.on_template = lambda: shell.show("template", template.open)
    screen.left.connect(shell.leave)
    shell.add_room("settings", settings.open)
