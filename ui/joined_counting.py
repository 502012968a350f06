"""盘点 joined to the window: its pages, and scans that belong there."""

from typing import TYPE_CHECKING

from ui.language import tr
from ui.presenters.count_file import CountFilePresenter
from ui.presenters.counting import CountingPresenter
from ui.screens.count import CountScreen
from ui.screens.goods_import import GoodsImportScreen

if TYPE_CHECKING:
    from ui.application import Application


def join(app: "Application") -> None:
    """Give the window the room of counts."""
    shell, counter = app.shell, app.till.counter
    screen, page = CountScreen(app.theme), GoodsImportScreen(app.theme, tr("采集器的文件"))
    app.window.add_page("count", screen)
    app.window.add_page("count_file", page)
    exports = app.till.opened.folder / "exports"
    counting = CountingPresenter(counter, exports, screen, app.work, app.sounds)
    counting.on_left = shell.leave
    file = CountFilePresenter(counter, page, app.sounds)
    counting.on_file = lambda count, zone: shell.show("count_file", lambda: file.open(count, zone))
    file.on_left = lambda: shell.show("count", counting.open)
    app.window.closing.connect(file.close)
    shell.page_scans["count"] = counting.scan
    shell.quiet_pages |= {"count_file"}
    shell.add_room("count", counting.open)
