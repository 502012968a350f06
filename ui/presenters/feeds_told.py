"""What came down from head office, told in numbers: versions, how old, what does not count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.journal.feeds import FEED_NAMES
from app.reports.held_feeds import REASONS, HeldFeed
from ui.language import tr

if TYPE_CHECKING:
    from sync.pull_lane import FeedSeen, PullSeen

AUTHORITY_MS = 90 * 86_400_000
"""Without a word of head office for so long its prices and rights are told as old."""
_MINUTE_MS, _HOUR_MS, _DAY_MS = 60_000, 3_600_000, 86_400_000


def age(ms: int) -> str:
    """How long ago, as people say it."""
    if ms < _MINUTE_MS:
        return tr("刚刚")
    if ms < _HOUR_MS:
        return tr("{count} 分钟前", count=ms // _MINUTE_MS)
    if ms < _DAY_MS:
        return tr("{count} 小时前", count=ms // _HOUR_MS)
    return tr("{count} 天前", count=ms // _DAY_MS)


def told(seen: PullSeen, now_ms: int, held: Sequence[HeldFeed]) -> list[str]:
    """The versions that count and when head office last said so; what is held, why and of what."""
    parts = []
    if versions := [_version(each) for each in seen.feeds if each.version]:
        parts.append(tr("下发：{versions}", versions=tr("、").join(versions)))
    if seen.contact_ms:
        parts.append(tr("{age}核对过", age=age(now_ms - seen.contact_ms)))
    for each in held:
        parts.append(
            tr("{feed} v{version} 没采用：{reason}", feed=tr(FEED_NAMES[each.scope]),
               version=each.version, reason=tr(REASONS[each.reason]))
        )  # fmt: skip
        parts += [each.named, tr(each.what_to_do)] if each.goods else [tr(each.what_to_do)]
    if is_old(seen, now_ms):
        parts.append(tr("90 天没有总部的消息：照常卖，价格和权限可能旧了"))
    parts += [
        tr("{till} 号机的账到 {age}", till=till, age=age(now_ms - last))
        for till, last in seen.tills.items()
    ]
    if seen.aside:
        parts.append(tr("别的机有 {count} 条读不懂，原样留着", count=seen.aside))
    return parts


def _version(each: FeedSeen) -> str:
    words = f"{tr(FEED_NAMES[each.scope])} v{each.version}"
    return tr("{feed}（旧）", feed=words) if each.expired else words


def is_old(seen: PullSeen, now_ms: int) -> bool:
    """Whether head office was not heard for ninety days."""
    return bool(seen.contact_ms) and now_ms - seen.contact_ms > AUTHORITY_MS


def needs_a_look(seen: PullSeen, now_ms: int) -> bool:
    """Whether a person should look: something is held, not believed, or very old."""
    return bool(seen.reason) or any(each.held for each in seen.feeds) or is_old(seen, now_ms)
