"""A price list from a file: every row looked at, then its good rows become a list's lines."""

from collections.abc import Callable, Sequence

from app.catalogue.reading import TELL_EVERY, Kind, Known, Preview
from app.money import yuan
from ui.language import tr
from ui.presenters.goods_import import FileImport
from ui.presenters.price_list_views import Priced


class PriceImportPresenter(FileImport):
    """Nothing is recorded here: who published it, and from when, is said on the list's own page."""

    KIND: Kind = "prices"
    on_taken: Callable[[Sequence[Priced]], None] = staticmethod(lambda lines: None)
    _lines: tuple[Priced, ...] = ()

    def headings(self) -> str:
        return tr("第一行是列名：货号、新价，还可以有最低价")

    def take_word(self, seen: Preview) -> str:
        return tr("放进新价目 {count} 种", count=f"{seen.totals.good:,}")

    def prepare(self, seen: Preview, standing: Known) -> Preview:
        """What each of them costs now, so that the list can show what changes."""
        watch = self._watch("priced", len(seen.prices))
        prices, books = self._counter.desk.prices, self._counter.books
        found = []
        with books.read() as db:
            for count, each in enumerate(seen.prices, 1):
                if count % TELL_EVERY == 0:
                    watch(count)
                product = standing.products[each.product]
                now = prices.listed(db, product).price
                floor = yuan(each.floor) if each.floor else ""
                found.append(Priced(product, now, yuan(each.price), floor))
        self._lines = tuple(found)
        return seen

    def take(self) -> None:
        if self._seen is not None and not self._view.busy_word:
            self._seen = None
            self.on_taken(self._lines)
