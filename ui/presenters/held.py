"""取单 joined to the counter, when two or more baskets were put aside."""

from collections.abc import Callable

from app.errors import ShopError
from app.money import yuan_shown
from app.sales.counter import Counter
from app.sales.paying import net
from ui.language import tr
from ui.presenters.desk_work import DeskWork
from ui.presenters.tasks import age_words
from ui.room_views import ListView, RowView
from ui.screens.held import HeldScreen, held_columns


class HeldPresenter:
    """取单 when there are two or more."""

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
            rows = tuple(
                RowView(
                    key=each.id,
                    cells=(
                        age_words(now - each.held_ms),
                        each.name or "、".join(line.name for line in each.basket.lines[:3]),
                        str(each.basket.pieces),
                        yuan_shown(net(each.basket)),
                        "",
                    ),
                )
                for each in reversed(counter.held())
            )
            return ListView(
                columns=held_columns(),
                rows=rows,
                marked=rows[0].key if rows else "",
                state="" if rows else "empty",
                state_title=tr("没有挂起的单"),
                state_detail=tr("收银时按 F6 可以先挂起一单"),
            )

        self._work.do(read, self._screen.show_view, self.on_refused)

    def _take(self, key: str) -> None:
        self._work.do(
            lambda: self._counter.resume(key), lambda _nothing: self.on_taken(), self.on_refused
        )
