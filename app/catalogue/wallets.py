"""Which digits are a wallet's payment code: a table, because channels widen their ranges.

Codes are only recognised here, never kept: a payment code is money until it has been used.
"""

import re

import msgspec


class WalletRule(msgspec.Struct, frozen=True, kw_only=True):
    """One range of payment codes: the channel, its first digits and how long they may be."""

    channel: str
    """wechat, alipay, unionpay, ecny: the tender that can take it."""
    prefixes: tuple[str, ...]
    shortest: int
    longest: int

    def takes(self, digits: str) -> bool:
        """Whether these digits are a payment code of this channel."""
        return self.shortest <= len(digits) <= self.longest and digits.startswith(self.prefixes)


WALLETS: tuple[WalletRule, ...] = (
    WalletRule(
        channel="wechat",
        prefixes=("10", "11", "12", "13", "14", "15"),
        shortest=18,
        longest=18,
    ),
    WalletRule(
        channel="alipay",
        prefixes=("25", "26", "27", "28", "29", "30"),
        shortest=16,
        longest=24,
    ),
    WalletRule(channel="unionpay", prefixes=("62",), shortest=19, longest=19),
    WalletRule(channel="ecny", prefixes=("01",), shortest=19, longest=19),
)
"""Ranges in use in 2026 (15 is the Hong Kong wallet of WeChat)."""

_DIGITS = re.compile(r"[0-9]{8,32}")


def wallet_of(text: str, wallets: tuple[WalletRule, ...]) -> str:
    """The channel whose payment code this is, or "" when it is nobody's. Never guesses."""
    if not _DIGITS.fullmatch(text):
        return ""
    return next((rule.channel for rule in wallets if rule.takes(text)), "")
