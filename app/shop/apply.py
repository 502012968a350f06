"""What facts about settings mean."""

from collections.abc import Iterator

from app.facts.base import Fact
from app.facts.shop import SettingChanged
from app.rows import Apply, Change, Envelope, Register, version_of
from app.shop.tables import setting


def changed(entry: Envelope, fact: SettingChanged) -> Iterator[Change]:
    """The newest value of a setting wins."""
    yield Register(
        setting,
        {
            "shop": fact.shop,
            "owner": fact.shop,
            "key": fact.key,
            "version": version_of(entry),
            "value": fact.value,
        },
    )


APPLY: dict[type[Fact], tuple[Apply, ...]] = {SettingChanged: (changed,)}
