"""Every report by its name: what it may be asked, and its answer."""

from collections.abc import Callable

import msgspec

from app.errors import Refusal
from app.reports import words
from app.reports.asking import GOODS, HEAD, WEEK, Asked
from app.reports.earning import margins, price_index
from app.reports.folding import fold, forget, missing_days
from app.reports.hours import by_hour
from app.reports.losing import near_expiry, shrinkage, sound_days
from app.reports.moneys import exceptions, tenders
from app.reports.month_costs import monthly_costs
from app.reports.month_sums import fold_moved
from app.reports.moving import fast, promotions, slow
from app.reports.scope import Scope, names_of
from app.reports.selling import DIMENSIONS, sold_by
from app.reports.sheet import Check, Sheet
from app.transaction import Books

ALL_FILTERS = (*HEAD, *GOODS)


class Kind(msgspec.Struct, frozen=True):
    """A report: how it is read, what it may be narrowed down by, whether it can be compared."""

    read: Callable[[Scope], Sheet]
    filters: tuple[str, ...] = ALL_FILTERS
    compared: bool = True
    of_days: Callable[[Scope], Check] | None = None
    """Of rows that are the last day's alone: what the weeks before it are held for."""
    of_month: bool = False
    """It is held for the whole month it is of, whatever was asked."""


def _sold(name: str) -> Callable[[Scope], Sheet]:
    return lambda scope: sold_by(scope, DIMENSIONS[name])


_WITHOUT_PEOPLE = ("till",)
KINDS: dict[str, Kind] = {
    **{name: Kind(_sold(name)) for name in ("day", "month")},
    "hour": Kind(by_hour),
    **{name: Kind(_sold(name)) for name in DIMENSIONS if name not in ("day", "month")},
    "margin": Kind(margins, compared=False),
    "tenders": Kind(tenders, _WITHOUT_PEOPLE, compared=False),
    "fast": Kind(fast),
    "slow": Kind(slow, (), compared=False),
    "near_expiry": Kind(near_expiry, (), compared=False, of_days=sound_days),
    "shrinkage": Kind(shrinkage, (), compared=False),
    "promotions": Kind(promotions, _WITHOUT_PEOPLE, compared=False),
    "price_index": Kind(price_index, _WITHOUT_PEOPLE),
    "exceptions": Kind(exceptions, ("till", "person"), compared=False),
    "average_cost": Kind(monthly_costs, (), compared=False, of_month=True),
}
"""In the order people look for them."""


def kind_of(name: str) -> Kind:
    """A report by its name or title. Raises Refusal("report_unknown")."""
    wanted = name.strip().lower()
    for code, title in words.REPORTS.items():
        if wanted in (code, title):
            return KINDS[code]
    raise Refusal("report_unknown", text=name[:20])


def fitting(name: str, asked: Asked) -> Asked:
    """The question without what this report cannot be narrowed down by or compared with."""
    kind = kind_of(name)
    drop = {each: "" for each in ALL_FILTERS if each not in kind.filters}
    if not kind.compared:
        drop["compare"] = ""
    elif name == "price_index" and not asked.compare:
        drop["compare"] = WEEK
    return msgspec.structs.replace(asked, **drop)


def read(name: str, scope: Scope) -> Sheet:
    """A report's answer, with the range it is about. The scope's question must be `fitting`."""
    found = kind_of(name).read(scope)
    before = scope.asked.before()
    return msgspec.structs.replace(
        found,
        first=scope.asked.first,
        last=scope.asked.last,
        compared=(before.first, before.last) if before else ("", ""),
    )


def sum_up(books: Books, name: str, asked: Asked, *, today: str, most: int) -> int:
    """Sum up what a long question is read from, so many days at most or as many weeks; how many
    days are left."""
    if name == "average_cost":
        return 7 * fold_moved(books, today=today, most=most)
    missing = missing_days(books, fitting(name, asked), today=today)
    fold(books, missing[:most])
    return max(0, len(missing) - most)


def answer(books: Books, name: str, asked: Asked, *, today: str, margins: bool) -> Sheet:
    """A till's report over its own shop.

    Days that were summed up before help as long as the sums come out right; if they do not, the
    rows themselves are read, and the sums are dropped. Raises Trouble("database_damaged").
    """
    asked = fitting(name, asked)
    with books.read() as db:
        names = names_of(db, books.shop)
        scope = Scope(db, asked, names=names, today=today, folded=True, margins=margins)
        found = read(name, scope)
        if not _sums_wrong(scope, found.check):
            return found
        again = read(name, Scope(db, asked, names=names, today=today, margins=margins))
    forget(books)
    return again


def forget_wrong(books: Books, scope: Scope, check: Check) -> None:
    """Drop sums that came out wrong: the next question makes them anew."""
    if _sums_wrong(scope, check):
        forget(books)


def _sums_wrong(scope: Scope, check: Check) -> bool:
    # Of entries no sums were made: what they say otherwise is no fault of the sums.
    return not check.ok and check.against != "journal" and scope.used_sums
