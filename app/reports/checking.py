"""Every report's sums, held against the same days by another way."""

import msgspec
from sqlalchemy import and_, func, select

from app.facts.base import wire_name
from app.facts.registry import decode_fact
from app.facts.sales import RefundCompleted, SaleCompleted
from app.journal.tables import entry
from app.reports.asking import HEAD, Asked
from app.reports.grouping import Groups, taken
from app.reports.scope import Scope
from app.reports.sheet import Check

JOURNAL_DAYS = 1
"""So many days are held against the entries themselves; longer ranges against the turnover, which
the same entries made on another way."""
_DAY_MS = 86_400_000
_KINDS = (wire_name(SaleCompleted), wire_name(RefundCompleted))


def sums(groups: Groups, *names: str) -> tuple[int, ...]:
    """Totals over all groups."""
    return tuple(sum(figures.get(name, 0) for figures in groups.values()) for name in names)


def check_lines(scope: Scope, groups: Groups) -> Check:
    """Lines grouped in any way: what was paid for them and what came back, of all goods.

    With a filter of goods only some lines are shown. Then these are held against the same lines
    ungrouped, and all the lines of the days against the turnover.
    """
    asked = scope.asked
    ours = sums(groups, "paid", "back")
    if asked.of_goods:
        whole = scope.lines()
        same = sums(whole, "paid", "back") == ours
        plain = _without_goods(asked)
        ours = sums(scope.lines(asked=plain), "paid", "back")
        found = check_totals(scope, ours, asked=plain)
        return Check(
            ok=same and found.ok, against=found.against, ours=found.ours, theirs=found.theirs
        )
    return check_totals(scope, ours)


def check_totals(scope: Scope, ours: tuple[int, ...], asked: Asked | None = None) -> Check:
    """What was taken and what was given back, in fen."""
    asked = asked or scope.asked
    theirs = taken(scope.db, scope.tables, asked, scope.tills)
    if asked.days <= JOURNAL_DAYS and entry.name in scope.tables:
        try:
            said = _journal(scope, asked)
        except (msgspec.DecodeError, UnicodeDecodeError):
            # An entry of the day is damaged: nothing about the day is sure.
            return Check(ok=False, against="journal", ours=ours)
        # Both other ways must agree; the one that does not is the one to be told.
        against = "journal" if theirs == ours else "turnover"
        return Check(
            ok=ours == theirs == said,
            against=against,
            ours=ours,
            theirs=said if against == "journal" else theirs,
        )
    return Check(ok=ours == theirs, against="turnover", ours=ours, theirs=theirs)


def _without_goods(asked: Asked) -> Asked:
    values = {name: getattr(asked, name) for name in ("shops", "first", "last", *HEAD)}
    return Asked(**values)


def _journal(scope: Scope, asked: Asked) -> tuple[int, int]:
    """What the entries of a day say; a hub keeps them elsewhere and is not asked."""
    opened = scope.tables["day_opened"]
    began, ended = scope.db.execute(
        select(func.min(opened.c.order_ms), func.max(opened.c.order_ms)).where(
            opened.c.shop.in_(asked.shops), opened.c.day == asked.first
        )
    ).one()
    if began is None:
        return 0, 0
    gross = back = 0
    rows = scope.db.execute(
        select(entry.c.kind, entry.c.content).where(
            and_(
                # A day that is never closed goes on; two are more than any shop forgets.
                entry.c.order_ms.between(began - _DAY_MS, ended + 2 * _DAY_MS),
                entry.c.kind.in_(_KINDS),
            )
        )
    )
    for kind, content in rows:
        fact = decode_fact(kind, content)
        assert isinstance(fact, SaleCompleted | RefundCompleted)
        if not _meant(fact, asked):
            continue
        if isinstance(fact, SaleCompleted):
            gross += fact.due
        else:
            back += fact.amount
    return gross, back


def _meant(fact: SaleCompleted | RefundCompleted, asked: Asked) -> bool:
    wanted = {name: getattr(asked, name) for name in HEAD}
    return (
        fact.day == asked.first
        and fact.shop in asked.shops
        and all(not value or getattr(fact, name) == value for name, value in wanted.items())
    )
