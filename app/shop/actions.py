"""Changing the shop's settings."""

from collections.abc import Mapping

from app.facts.shop import SettingChanged
from app.settings import checked
from app.transaction import Transaction


def change_settings(tx: Transaction, values: Mapping[str, str]) -> None:
    """Set several settings at once. Raises Refusal: setting_unknown, setting_bad."""
    for key, value in [(key, checked(key, value)) for key, value in values.items()]:
        tx.record(SettingChanged(shop=tx.shop, key=key, value=value))
