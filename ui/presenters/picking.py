"""Goods picked on a page of a form, found the way the till finds them."""

from collections.abc import Callable

from app.catalogue.queries import product
from app.errors import Refusal
from app.facts.catalogue import Product
from app.sales.counter import Counter
from app.text import clean
from ui.presenters.counter_views import goods_found
from ui.presenters.desk_work import DeskWork
from ui.price_views import FoundGoods
from ui.screens.price_form import PriceFormScreen
from ui.views import GoodsView


class GoodsPicker:
    """Answers each typed key with results; a code, a scan or a result becomes a product."""

    def __init__(
        self,
        counter: Counter,
        screen: PriceFormScreen,
        work: DeskWork,
        picked: Callable[[Product], None],
        refused: Callable[[Refusal], None],
    ) -> None:
        self._counter, self._screen, self._work = counter, screen, work
        self._picked, self._refused = picked, refused
        self._typed = ""

    def search(self, typed: str) -> None:
        """What a few letters may mean."""
        self._typed = typed
        if not typed.strip():
            self._screen.show_found(FoundGoods())
            return

        def found(goods: tuple[GoodsView, ...]) -> None:
            # A slow answer to an older text must not replace a newer one.
            if typed == self._typed:
                self._screen.show_found(FoundGoods(goods=goods, typed=typed))

        self._work.do(lambda: goods_found(self._counter, typed), found)

    def pick(self, code: str) -> None:
        """A search result."""
        self._typed = ""
        self._work.do(lambda: self._product(code), self._picked, self._no_such)

    def scan(self, text: str) -> None:
        """A barcode or a code typed whole."""
        self._typed = ""
        self._screen.show_found(FoundGoods())
        self._work.do(lambda: self._counter.price_check(text), self._picked, self._no_such)

    def _no_such(self, error: object) -> None:
        assert isinstance(error, Exception)
        self._refused(error if isinstance(error, Refusal) else Refusal("bug"))

    def _product(self, code: str) -> Product:
        books = self._counter.books
        with books.read() as db:
            found = product(db, books.shop, clean(code, most=40))
        if found is None:
            raise Refusal("no_such_product", product=clean(code, most=40))
        return found
