"""What a report is asked: which shops, from which business day to which, and of what alone."""

from collections.abc import Mapping
from datetime import date, timedelta

import msgspec
from sqlalchemy import FromClause

from app.errors import Refusal
from app.rows import METADATA
from app.stock.receiving_rules import iso_date

Tables = Mapping[str, FromClause]
"""Tables of meaning by name, a till's own or a hub's copies of them, and the entries (`entry`)."""
TILL_TABLES: Tables = METADATA.tables
MOST_DAYS = 3_700
"""Longer than any shop has been open; more is a slip of the finger."""
HEAD = ("till", "person", "channel")
"""What a receipt says of itself."""
GOODS = ("product", "category", "brand", "brand_town", "three_origin", "tier")
"""What a line says of its goods."""
WEEK, YEAR = "week", "year"
COMPARISONS = ("", WEEK, YEAR)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A range of business days, both included ("2026-12-07"), and filters; "" lets all through."""

    shops: tuple[str, ...]
    first: str
    last: str
    compare: str = ""
    """"": alone; week: the same weekdays before; year: the same dates a year before."""
    till: str = ""
    person: str = ""
    channel: str = ""
    product: str = ""
    category: str = ""
    """A class or its group: "1" holds "1.1" and "1.4"."""
    brand: str = ""
    brand_town: str = ""
    three_origin: str = ""
    tier: str = ""

    @property
    def days(self) -> int:
        """How many days the range has."""
        return (date.fromisoformat(self.last) - date.fromisoformat(self.first)).days + 1

    @property
    def of_goods(self) -> bool:
        """Whether only some lines of a receipt are meant."""
        return any(getattr(self, name) for name in GOODS)

    def before(self) -> "Asked | None":
        """The range this one is compared with, None when it stands alone."""
        if not self.compare:
            return None
        first, last = date.fromisoformat(self.first), date.fromisoformat(self.last)
        if self.compare == YEAR:
            first, last = _year_before(first), _year_before(last)
        else:
            back = timedelta(days=7 * -(-self.days // 7))
            first, last = first - back, last - back
        return msgspec.structs.replace(
            self, first=first.isoformat(), last=last.isoformat(), compare=""
        )


def _year_before(day: date) -> date:
    """The same date a year before; of a 29 February the 28th."""
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


def asked(shops: tuple[str, ...], first: str, last: str, **more: str) -> Asked:
    """A question that can be answered.

    Raises Refusal: bad_date, report_range (it ends before it begins, or is too long),
    report_filter (nobody knows this filter).
    """
    first, last = iso_date(first), iso_date(last)
    for name, value in more.items():
        if name not in Asked.__struct_fields__ or not isinstance(value, str):
            raise Refusal("report_filter", text=name[:20])
    if more.get("compare", "") not in COMPARISONS:
        raise Refusal("report_filter", text=more["compare"][:20])
    found = Asked(shops=shops, first=first, last=last, **more)
    if not 1 <= found.days <= MOST_DAYS:
        raise Refusal("report_range")
    return found
