"""取单 joined to the counter: baskets put aside here and on the shop's other tills."""

from collections.abc import Callable, Iterable
from itertools import islice

from app.errors import ShopError
from app.facts.sales import BasketHeld
from app.money import yuan_shown
from app.sales.counter import Counter
from app.sales.held_elsewhere import HeldElsewhere, held_elsewhere, held_there, names_in
from app.sales.paying import net
from ui.language import tr
from ui.presenters.desk_work import DeskWork
from ui.presenters.sisters_news import old_news
from ui.presenters.tasks import age_words
from ui.room_views import ListView, RowView
from ui.screens.held import HeldScreen, held_columns


class HeldPresenter:
    """取单 when there is something to choose."""

    def __init__(self, counter: Counter, screen: HeldScreen, work: DeskWork) -> None:
        self._counter = counter
        self._screen = screen
        self._work = work
        self.on_taken: Callable[[], None] = lambda: None
        self.on_refused: Callable[[ShopError], None] = lambda error: None
        screen.taken.connect(self._take)

    def open(self) -> None:
        """Show what was put aside."""
        counter = self._counter

        def read() -> ListView:
            now = counter.books.clock.wall_ms()
            rows = [
                RowView(
                    key=each.id,
                    cells=(
                        age_words(now - each.held_ms),
                        each.name or _names(line.name for line in each.basket.lines),
                        str(each.basket.pieces),
                        yuan_shown(net(each.basket)),
                        tr("本机"),
                    ),
                )
                for each in reversed(counter.held())
            ]
            with counter.books.read() as db:
                others = held_elsewhere(db, counter.books.shop, counter.books.till)
                rows += [_elsewhere(each, held_there(db, each), now) for each in reversed(others)]
            news = old_news(counter.books)
            return ListView(
                columns=held_columns(),
                rows=tuple(rows),
                marked=rows[0].key if rows else "",
                state="" if rows else "empty",
                state_title=tr("没有挂起的单"),
                state_detail=news or tr("收银时按 F6 可以先挂起一单"),
                foot=news,
            )

        self._work.do(read, self._screen.show_view, self.on_refused)

    def _take(self, key: str) -> None:
        self._work.do(
            lambda: self._counter.resume(key), lambda _nothing: self.on_taken(), self.on_refused
        )


def _elsewhere(other: HeldElsewhere, held: BasketHeld, now_ms: int) -> RowView:
    """A basket of another till; taken over it is priced anew."""
    return RowView(
        key=other.basket,
        cells=(
            age_words(now_ms - other.held_ms),
            _names(names_in(held)),
            str(held.pieces),
            yuan_shown(other.amount),
            tr("{till} 号机", till=other.till),
        ),
    )


def _names(names: Iterable[str]) -> str:
    return tr("、").join(islice(names, 3))
