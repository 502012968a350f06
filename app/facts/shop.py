"""Facts about the shop: what it is called, how it sells, what its papers say."""

from app.facts.base import Fact


class SettingChanged(Fact, frozen=True, kw_only=True):
    """One setting of the shop got a new value (text, as `app/settings.py` describes it)."""

    key: str
    value: str
