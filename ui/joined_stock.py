"""The rooms of the stock: 收货 and 库存, each page with its presenter and where its ends lead."""

from typing import TYPE_CHECKING

from ui.language import tr
from ui.presenters.receiving import ReceivingPresenter
from ui.presenters.stock_papers import StockPapersPresenter
from ui.presenters.stock_room import StockPresenter
from ui.screens.document import DocumentScreen

if TYPE_CHECKING:
    from ui.application import Application


def join(app: "Application") -> None:
    """Give the window both rooms."""
    shell, counter = app.shell, app.till.counter
    page = DocumentScreen(app.theme, tr("收货"))
    app.window.add_page("receiving", page)
    receiving = ReceivingPresenter(counter, page, app.work, app.sounds)
    receiving.on_left = shell.leave
    receiving.on_labels = lambda key: shell.on_labels(key)
    shell.page_scans["receiving"] = receiving.scan
    shell.add_room("receiving", receiving.open)
    goods = DocumentScreen(app.theme, tr("库存"))
    app.window.add_page("stock", goods)
    stock = StockPresenter(counter, goods, app.work, app.sounds)
    stock.on_left = shell.leave
    shell.page_scans["stock"] = stock.scan
    shell.add_room("stock", stock.open)
    sheet = DocumentScreen(app.theme, tr("库存单据"))
    app.window.add_page("stock_papers", sheet)
    exports = app.till.opened.folder / "exports"
    papers = StockPapersPresenter(counter, exports, sheet, app.work, app.sounds)
    papers.on_labels = lambda key: shell.on_labels(key)
    papers.on_left = lambda: shell.show("stock", stock.open)
    stock.on_papers = lambda: shell.show("stock_papers", papers.open)
    shell.quiet_pages |= {"stock_papers"}
