"""A long report held against its entries while it is looked at, a week at a time."""

from collections.abc import Callable

from app.errors import ShopError
from app.reports.asking import Asked
from app.reports.sheet import Check, Sheet
from app.reports.weekly import Held, hold_week, joined, unread, weeks
from app.transaction import Books
from ui.presenters.desk_work import DeskWork


def hold_weeks(
    work: DeskWork,
    books: Books,
    sheet: Sheet,
    asked: Asked,
    *,
    today: str,
    wanted: Callable[[], bool],
    told: Callable[[Check], None],
    refused: Callable[[ShopError], None],
) -> None:
    """Tell after each week what its report's check says by now, as long as somebody looks.

    Weeks queue one by one, so what a person asks meanwhile waits for one of them at most.
    """
    left = weeks(sheet, asked)
    held: list[Held] = []

    def go_on() -> None:
        told(joined(sheet, asked.days, held))
        if len(held) < len(left):
            week = left[len(held)]
            work.do(lambda: hold_week(books, sheet, week, today=today), ready, failed)

    def ready(check: Check) -> None:
        if wanted():
            held.append((left[len(held)], check))
            go_on()

    def failed(error: ShopError) -> None:
        if wanted():
            told(unread(sheet, asked.days, held, left[len(held)]))
            refused(error)

    if left:
        go_on()
