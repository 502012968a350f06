"""怎么算的 joined to the counter."""

from collections.abc import Callable

from app.errors import ShopError
from app.money import yuan_shown
from app.sales.counter import Counter
from app.sales.explaining import Why, why_line
from ui.language import tr, worded
from ui.presenters.desk_work import DeskWork
from ui.room_views import ListView, RowView, WhyView
from ui.screens.why import WhyScreen, skipped_columns, why_columns


class WhyPresenter:
    """Reads one line of the open basket; nothing is remembered."""

    def __init__(self, counter: Counter, screen: WhyScreen, work: DeskWork) -> None:
        self._counter, self._screen, self._work = counter, screen, work
        self.on_refused: Callable[[ShopError], None] = lambda error: None

    def open(self, line: int, ready: Callable[[], None]) -> None:
        """Look the line's price up, then show the page."""

        def shown(view: WhyView) -> None:
            self._screen.show_view(view)
            ready()

        self._work.do(lambda: why_view(self._counter, line), shown, self.on_refused)


def why_view(counter: Counter, number: int) -> WhyView:
    """Every fen of a line. Raises Refusal("no_such_line")."""
    found = why_line(counter, number)
    line = next(each for each in counter.basket.lines if each.line == number)
    unit = line.product.unit
    times = tr("{price}/{unit} × {quantity}", price=yuan_shown(found.unit_price), unit=unit,
               quantity=found.quantity)  # fmt: skip
    rows = [
        RowView(
            key="0",
            cells=(worded(found.name), yuan_shown(found.amount)),
            under=tr("秤上印的，照签收") if found.kind == "label" else times,
        ),
        *(
            RowView(key=str(at), state="ok", cells=(worded(each.name), yuan_shown(each.amount)),
                    under=_kind(each.kind, each.rule))
            for at, each in enumerate(found.reductions, 1)
        ),
    ]  # fmt: skip
    return WhyView(
        under=f"{line.name} × {found.quantity} {unit}",
        made=ListView(columns=why_columns(), rows=tuple(rows)),
        skipped=_skipped(found),
        total=yuan_shown(found.net),
    )


def _kind(kind: str, rule: str) -> str:
    words = {
        "promotion": tr("促销 {code}", code=rule),
        "member": tr("会员价"),
        "override": tr("改价"),
        "line_discount": tr("单品折扣"),
        "basket_discount": tr("整单折扣，按金额分摊到这一行"),
        "label_price": tr("签印好以后降了价"),
        "tag_price": tr("架上价签写得更低，按价签收"),
    }
    return words.get(kind, "")


def _skipped(found: Why) -> ListView:
    if not found.not_applied:
        return ListView(state="empty", state_title=tr("没有别的优惠"),
                        state_detail=tr("这一行能享的都享了"))  # fmt: skip
    rows = tuple(
        RowView(key=each.code, cells=(each.name,), under=worded(each.reason))
        for each in found.not_applied
    )
    return ListView(columns=skipped_columns(), rows=rows)
