"""What head office has of this till, for the papers that end a turn and a day.

In numbers, so that whoever holds the paper can hold head office to it. A till on its own says
nothing.
"""

from sqlalchemy import Connection, func, select

from app.content import AnyBlock, Pair, Rule, Text
from app.journal import outbox
from app.journal.feeds import FEED_NAMES
from app.journal.tables import received_feed
from app.shifts.papers import moment


def hub_rows(db: Connection) -> tuple[AnyBlock, ...]:
    """As far as it is known here, now."""
    if outbox.link_of(db) is None:
        return ()
    found = outbox.backlog(db)
    rows: list[AnyBlock] = [
        Rule(),
        Text("总部", bold=True),
        Pair("已收到", f"第 {found.acked} 条，共 {found.head} 条"),
        Pair("等传", f"{found.waiting} 条"),
    ]
    if found.waiting:
        rows.append(Pair("　最早", moment(found.oldest_ms)))
    rows.append(Pair("最后回话", moment(found.heard_ms) if found.heard_ms else "还没有"))
    return (*rows, *_feeds(db))


def _feeds(db: Connection) -> list[AnyBlock]:
    """The version of each feed that counted when the paper was printed."""
    newest = (
        select(received_feed.c.scope, func.max(received_feed.c.version).label("version"))
        .where(received_feed.c.state == "applied")
        .group_by(received_feed.c.scope)
    )
    counts = {row.scope: row.version for row in db.execute(newest)}
    rows: list[AnyBlock] = [
        Pair(f"　{word}", f"第 {counts[scope]} 版")
        for scope, word in FEED_NAMES.items()
        if scope in counts
    ]
    return [Text("下发"), *rows] if rows else []
