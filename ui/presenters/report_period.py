"""For which days a report is asked: a day, week, month, year or any range, and the one before."""

from calendar import monthrange
from datetime import date, timedelta

import msgspec

DAY, WEEK, MONTH, YEAR, RANGE = "day", "week", "month", "year", "range"
KINDS = (DAY, WEEK, MONTH, YEAR, RANGE)


class Period(msgspec.Struct, frozen=True):
    """A kind of range and an ISO day in it; of a free range its first and last day."""

    kind: str = DAY
    day: str = ""
    last: str = ""

    def range(self, today: str) -> tuple[str, str]:
        """First and last day; nothing lies after today."""
        day = date.fromisoformat(self.day or today)
        match self.kind:
            case "week":
                first = day - timedelta(days=day.weekday())
                last = first + timedelta(days=6)
            case "month":
                first = day.replace(day=1)
                last = day.replace(day=monthrange(day.year, day.month)[1])
            case "year":
                first, last = day.replace(month=1, day=1), day.replace(month=12, day=31)
            case "range":
                first, last = day, date.fromisoformat(self.last or today)
            case _:
                first = last = day
        return first.isoformat(), max(first.isoformat(), min(last.isoformat(), today))

    def moved(self, step: int, today: str) -> "Period":
        """The same kind of range before (-1) or after (1)."""
        first, last = (date.fromisoformat(each) for each in self.range(today))
        if step < 0:
            there = first - timedelta(days=1)
        else:
            there = _end(self.kind, first, last) + timedelta(days=1)
        if there.isoformat() > today:
            return self
        if self.kind == RANGE:
            long = last - first
            begin = there - long if step < 0 else there
            return Period(RANGE, begin.isoformat(), min((begin + long).isoformat(), today))
        return Period(self.kind, there.isoformat())


def _end(kind: str, first: date, last: date) -> date:
    """The day a range really ends, also where it is cut off at today."""
    match kind:
        case "week":
            return first + timedelta(days=6)
        case "month":
            return first.replace(day=monthrange(first.year, first.month)[1])
        case "year":
            return first.replace(month=12, day=31)
        case _:
            return last


def typed_range(text: str, today: str) -> Period | None:
    """ "1201 1207", "2026-12-01 2026-12-07", one day alone; None for anything else."""
    for parting in "~–.":
        text = text.replace(parting, " ")
    days = [_typed_day(part, today) for part in text.split()]
    if not 1 <= len(days) <= 2 or any(day is None for day in days):
        return None
    first, last = str(days[0]), str(days[-1])
    return Period(RANGE, first, last) if first <= last <= today else None


def _typed_day(text: str, today: str) -> str | None:
    digits = text.replace("-", "")
    if len(digits) == 4:
        digits = today[:4] + digits
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
    except ValueError:
        return None
