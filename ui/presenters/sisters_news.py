"""How old the other tills' news is, said beside what depends on it and only when it is old."""

from app.siblings import known_until
from app.transaction import Books
from ui.language import tr
from ui.presenters.feeds_told import age

OLD_MS = 5 * 60_000
"""Younger news is as good as none missing."""


def old_news(books: Books, till: str = "") -> str:
    """ "2 号机的账到 12 分钟前", of the one till or of all whose news is old; "" when none is."""
    with books.read() as db:
        known = known_until(db, books.shop, books.till)
    now_ms = books.clock.wall_ms()
    old = {each: last for each, last in known.items() if now_ms - last > OLD_MS}
    if till:
        old = {each: last for each, last in old.items() if each == till}
    if not old:
        return ""
    oldest = age(now_ms - min(old.values()))
    return tr("{till} 号机的账到 {age}", till=tr("、").join(old), age=oldest)
