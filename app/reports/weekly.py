"""A long range held against the journal's own entries, week by week, behind the report's answer.

What a report adds up over days is right where every week of it is. Each week is read in a
transaction of its own, so whoever asks for them may stop between two.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import msgspec

from app.reports.asking import Asked
from app.reports.entries import days_at_once
from app.reports.report import fitting, forget_wrong, kind_of
from app.reports.scope import Scope, names_of
from app.reports.sheet import Check, Sheet
from app.transaction import Books

Held = tuple[Asked, Check]
"""A week, and how it came out."""


def weeks(sheet: Sheet, asked: Asked) -> list[Asked]:
    """The weeks a report is still to be held for; none where it is wrong, or held already. Of many
    shops each is shorter."""
    if not sheet.check.ok or sheet.check.against == "journal":
        return []
    if kind_of(sheet.name).of_month:
        return [asked]
    first, last = date.fromisoformat(asked.first), date.fromisoformat(asked.last)
    found, days_each = [], days_at_once(asked)
    while first <= last:
        until = min(first + timedelta(days=days_each - 1), last)
        days = {"first": first.isoformat(), "last": until.isoformat()}
        found.append(msgspec.structs.replace(asked, **days, compare=""))
        first = until + timedelta(days=1)
    return found


def hold_week(books: Books, sheet: Sheet, week: Asked, *, today: str) -> Check:
    """One week of a report against its entries. Raises Trouble("database_damaged").

    Sums of days are read here as the long report read them, so that they are held too.
    """
    asked = fitting(sheet.name, week)
    with books.read() as db:
        names = names_of(db, books.shop)
        scope = Scope(db, asked, names=names, today=today, folded=True, short=0)
        found = week_held(scope, sheet)
    forget_wrong(books, scope, found)
    return found


def week_held(scope: Scope, sheet: Sheet) -> Check:
    """The week of a report that a scope asks about, against its entries."""
    kind = kind_of(sheet.name)
    if kind.of_days is not None and scope.asked.last != sheet.last:
        return kind.of_days(scope)
    return kind.read(scope).check


def joined(sheet: Sheet, days: int, held: Sequence[Held]) -> Check:
    """What the weeks so far make of a report's check: the journal's word once all were sound."""
    done = sum(week.days for week, _check in held)
    wrong = [one for one in held if not one[1].ok]
    if wrong:
        # A week is read with the days around it: damage is told of the week whose figures differ,
        # or that has none.
        week, found = next((one for one in wrong if _differs(one[1])), wrong[0])
        return msgspec.structs.replace(
            found,
            damaged=frozenset().union(*(check.damaged for _week, check in wrong)),
            within=(week.first, week.last),
            weekly=(done, days),
        )
    against = "journal" if done == days else sheet.check.against
    return msgspec.structs.replace(sheet.check, against=against, weekly=(done, days))


def _differs(check: Check) -> bool:
    return check.ours != check.theirs or not check.ours


def unread(sheet: Sheet, days: int, held: Sequence[Held], week: Asked) -> Check:
    """The same once a week cannot be read: that is equal to nothing."""
    found = joined(sheet, days, held)
    if not found.ok:
        return found
    return msgspec.structs.replace(
        found, ok=False, against="journal", ours=(), theirs=(), within=(week.first, week.last)
    )


def hold_all(books: Books, sheet: Sheet, asked: Asked, *, today: str) -> Sheet:
    """A till's report with every week of it held, for whoever waits for that."""
    return held_by(sheet, asked, lambda week: hold_week(books, sheet, week, today=today))


def held_by(sheet: Sheet, asked: Asked, hold: Callable[[Asked], Check]) -> Sheet:
    """A report with every week of it held."""
    held = [(week, hold(week)) for week in weeks(sheet, asked)]
    return msgspec.structs.replace(sheet, check=joined(sheet, asked.days, held)) if held else sheet


def held_on(sheet: Sheet, asked: Asked, count: int, hold: Callable[[Asked], Check]) -> Check:
    """A report's check once so many weeks are held, all but the last of them known to be sound: for
    whoever remembers nothing between two, and stops at the first that is wrong."""
    every = weeks(sheet, asked)
    held = [(week, sheet.check) for week in every[: max(count - 1, 0)]]
    for week in every[len(held) : count]:
        held.append((week, hold(week)))
    for week in every[count:] if held else ():
        if held[-1][1].ok or _differs(held[-1][1]):
            break
        # Damage without other figures may be a later week's: then that one is told.
        held.append((week, hold(week)))
    return joined(sheet, asked.days, held)
