"""Every report's sums, held against the same days by another way."""

import msgspec

from app.facts.sales import RefundCompleted, SaleCompleted
from app.reports.asking import HEAD, Asked
from app.reports.entries import Entries, asks_journal
from app.reports.grouping import Groups, taken
from app.reports.scope import Scope
from app.reports.sheet import Check


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
        return msgspec.structs.replace(found, ok=same and found.ok)
    return check_totals(scope, ours)


def check_totals(scope: Scope, ours: tuple[int, ...], asked: Asked | None = None) -> Check:
    """What was taken and what was given back, in fen."""
    asked = asked or scope.asked
    theirs = taken(scope.db, scope.tables, asked, scope.tills)
    if not asks_journal(scope):
        return Check(ok=ours == theirs, against="turnover", ours=ours, theirs=theirs)
    entries = Entries(scope, (SaleCompleted, RefundCompleted))
    said = _journal(entries, asked)
    # Both other ways must agree; the one that does not is the one to be told.
    against = "journal" if theirs == ours else "turnover"
    return Check(
        ok=ours == theirs == said and not entries.damaged,
        against=against,
        ours=ours,
        theirs=said if against == "journal" else theirs,
        damaged=frozenset(entries.damaged),
    )


def _without_goods(asked: Asked) -> Asked:
    values = {name: getattr(asked, name) for name in ("shops", "first", "last", *HEAD)}
    return Asked(**values)


def _journal(entries: Entries, asked: Asked) -> tuple[int, int]:
    """What the entries of the days say was taken and given back."""
    gross = back = 0
    for _envelope, fact in entries.of_days():
        if not all(getattr(asked, name) in ("", getattr(fact, name)) for name in HEAD):
            continue
        if isinstance(fact, SaleCompleted):
            gross += fact.due
        else:
            back += fact.amount
    return gross, back
