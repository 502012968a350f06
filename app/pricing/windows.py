"""When a price list or a promotion is valid. Moments in UTC milliseconds, clock and calendar of
the shop; nothing here asks what time it is."""

from datetime import timedelta

from app.clock import iso, local, parse_time
from app.errors import Refusal
from app.facts.pricing import Promotion

DAY_MS = 86_400_000
MINUTE_MS = 60_000
LONGEST_BASKET_DAYS = 8
"""A basket put aside keeps what was promised so many days; clock windows are looked for in them."""


def lasts(from_ms: int, to_ms: int, moment: int) -> bool:
    """Whether a moment lies in [from, to); an end of 0 never comes."""
    return from_ms <= moment and (to_ms == 0 or moment < to_ms)


def minutes_of(window: str) -> tuple[int, int]:
    """ "17:00-19:00" to minutes of the day. Raises Refusal("bad_promotion")."""
    start, _, end = window.partition("-")
    found = tuple(_minutes(part) for part in (start, end))
    if not found[0] < found[1]:
        raise Refusal("bad_promotion", field="hours")
    return found[0], found[1]


def _minutes(text: str) -> int:
    hours, colon, minutes = text.strip().partition(":")
    plain = (hours + minutes).isascii() and hours.isdigit() and minutes.isdigit()
    if not plain or not colon or int(minutes) > 59 or int(hours) * 60 + int(minutes) > 24 * 60:
        raise Refusal("bad_promotion", field="hours")
    return int(hours) * 60 + int(minutes)


def valid_at(promotion: Promotion, moment: int) -> bool:
    """Whether it is valid at this very moment: dates, weekday and clock."""
    if not lasts(promotion.from_ms, promotion.to_ms, moment):
        return False
    here = local(moment)
    if promotion.weekdays and here.isoweekday() not in promotion.weekdays:
        return False
    minute = here.hour * 60 + here.minute
    windows = [minutes_of(window) for window in promotion.hours]
    return not windows or any(start <= minute < end for start, end in windows)


def valid_between(promotion: Promotion, since: int, until: int) -> bool:
    """Whether there was a moment in [since, until] at which it was valid."""
    if promotion.from_ms > until or (promotion.to_ms and promotion.to_ms <= since):
        return False
    if not promotion.weekdays and not promotion.hours:
        return True
    since = max(since, until - LONGEST_BASKET_DAYS * DAY_MS)
    return any(
        valid_at(promotion, moment) for moment in [since, until, *_starts(promotion, since, until)]
    )


def _starts(promotion: Promotion, since: int, until: int) -> list[int]:
    """Moments between two at which a clock window or the promotion itself begins."""
    midnight = local(since).replace(hour=0, minute=0, second=0, microsecond=0)
    begins = [minutes_of(window)[0] for window in promotion.hours] or [0]
    found = [promotion.from_ms]
    for day in range(LONGEST_BASKET_DAYS + 1):
        first = parse_time((midnight + timedelta(days=day)).isoformat())
        found += [first + begin * MINUTE_MS for begin in begins]
    return [moment for moment in found if since <= moment <= until]


def parse_from(text: str) -> int:
    """A first moment: a date (its midnight) or a time with zone. Raises Refusal("bad_time")."""
    return parse_time(f"{text}T00:00:00+08:00" if len(text) == 10 else text)


def parse_to(text: str) -> int:
    """An end as people write it, to the first moment after: a date means that whole day, 23:59
    and 23:59:59 the end of the day; any other time ends exactly there. "" never ends.

    Raises Refusal("bad_time").
    """
    if not text:
        return 0
    if len(text) == 10:
        return parse_from(text) + DAY_MS
    moment = parse_time(text)
    if iso(moment)[11:16] == "23:59":
        return moment - moment % MINUTE_MS + MINUTE_MS
    return moment
