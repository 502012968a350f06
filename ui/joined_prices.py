"""价格与促销 joined: the board, the forms, the last look, and files, each leading to the next."""

from typing import TYPE_CHECKING

from ui.language import tr
from ui.presenters.price_import import PriceImportPresenter
from ui.presenters.prices import PricesPresenter
from ui.presenters.pricing_lists import PriceListPresenter
from ui.presenters.promoting import PromotionPresenter
from ui.screens.goods_import import GoodsImportScreen
from ui.screens.menus import RoomsScreen
from ui.screens.price_form import PriceFormScreen
from ui.screens.prices import LastLookScreen, PricesScreen

if TYPE_CHECKING:
    from ui.application import Application


def join(app: "Application") -> None:
    """Give the window the room of prices and promotions."""
    shell, work, sounds, counter = app.shell, app.work, app.sounds, app.till.counter
    board = PricesScreen(app.theme)
    kinds = RoomsScreen(app.theme, tr("哪一种促销？"))
    forms = PriceFormScreen(app.theme), PriceFormScreen(app.theme)
    looks = LastLookScreen(app.theme), LastLookScreen(app.theme)
    file = GoodsImportScreen(app.theme, tr("从表格来的价"))
    pages = {
        "prices": board, "promotion_kind": kinds, "promotion_form": forms[0],
        "last_look": looks[0], "price_list": forms[1], "price_look": looks[1],
        "price_file": file,
    }  # fmt: skip
    for name, page in pages.items():
        app.window.add_page(name, page)
    room = PricesPresenter(counter, board, work, sounds)
    promoting = PromotionPresenter(counter, (kinds, forms[0], looks[0]), work, sounds)
    listing = PriceListPresenter(counter, (forms[1], looks[1]), work, sounds)
    reading = PriceImportPresenter(counter, file, work, sounds)

    def to_page(page: str) -> None:
        shell.show(page, lambda: None)

    def back() -> None:
        shell.show("prices", room.open)

    def published(words: str) -> None:
        shell.show("prices", lambda: room.published(words))

    for part in (promoting, listing):
        part.on_page, part.on_left, part.on_published = to_page, back, published
    reading.on_left, reading.on_taken = back, listing.open
    board.new_promotion.connect(promoting.open)
    board.new_list.connect(lambda: listing.open())
    board.new_file.connect(lambda: shell.show("price_file", reading.open))
    board.left.connect(shell.leave)
    shell.page_scans |= {"promotion_form": promoting.scan, "price_list": listing.scan}
    shell.quiet_pages |= {"price_file", "last_look", "price_look"}
    shell.add_room("prices", room.open)
    app.window.closing.connect(promoting.close)
    app.window.closing.connect(reading.close)
