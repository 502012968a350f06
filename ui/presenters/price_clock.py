"""As time passes prices begin and end: a basket that lies open follows, and so do the quick keys.

In 收款 nothing moves: what was said to be due stays.
"""

from app.clock import local
from app.errors import Refusal, ShopError
from app.sales.counter import Stage
from ui.language import tr
from ui.presenters.selling import Painted, SellingPresenter
from ui.views import MessageView


class PriceClock:
    """Remembers the minute it looked at last, and whether it is looking now."""

    def __init__(self, selling: SellingPresenter) -> None:
        self._selling = selling
        self._looking = False
        self._minute = ""

    def tick(self) -> None:
        """A second went by while the till was in front."""
        selling = self._selling
        counter = selling.counter
        minute = local(counter.books.clock.wall_ms()).isoformat()[:16]
        if self._minute not in ("", minute):
            selling.choose_tab(selling.tab)
        self._minute = minute
        if self._looking or not counter.basket.lines or counter.stage is not Stage.SELLING:
            return
        self._looking = True
        selling.work.do(self._follow, self._followed, self._failed)

    def _follow(self) -> Painted | None:
        try:
            changed = self._selling.counter.reprice()
        except Refusal:
            # A sale is being saved this moment; the next second will do.
            return None
        return self._selling.painted() if changed else None

    def _followed(self, painted: Painted | None) -> None:
        self._looking = False
        if painted is None:
            return
        selling = self._selling
        if selling.shown.message is None:
            words = tr("到点换了新价，这一单按新价算")
            selling.shown.message = MessageView(text=words, tone="plain")
        selling.paint(painted)

    def _failed(self, _error: ShopError) -> None:
        # Whoever does something next hears of it; a basket is not refused once a second.
        self._looking = False
