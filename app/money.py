"""Money is a whole number of fen (分), CNY only. This module alone rounds, splits and parses it.

Nothing here accepts or returns a float. A line's amount is price x quantity rounded half-up to
the fen, once; every later reduction is shared in whole fen by largest remainder, so parts always
add back to what was split.
"""

import re
from collections.abc import Sequence

from app.errors import Refusal

MAX_FEN = 99_999_999_99
"""Largest amount the till handles (99,999,999.99 yuan); anything above is a typing slip."""

_YUAN = re.compile(r"(-|\N{MINUS SIGN})?(\d{1,12})(?:\.(\d{1,2}))?")


def parse_yuan(text: str) -> int:
    """Yuan as people type them ("12", "12.5", "12.50") to fen.

    Raises Refusal("bad_amount") for anything else, more than two decimals included.
    """
    match = _YUAN.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise Refusal("bad_amount", text=str(text)[:20])
    sign, whole, part = match.groups()
    fen = int(whole) * 100 + int((part or "").ljust(2, "0"))
    if fen > MAX_FEN:
        raise Refusal("bad_amount", text=str(text)[:20])
    return -fen if sign else fen


def yuan(fen: int) -> str:
    """Fen as plain text for records, consoles and files: 42320 -> "423.20", -7 -> "-0.07"."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def yuan_shown(fen: int) -> str:
    """Fen for eyes: thousands separated, a true minus sign (U+2212): -1234567 -> "−12,345.67"."""
    sign = "\N{MINUS SIGN}" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def divide_half_up(numerator: int, denominator: int) -> int:
    """Nearest whole number, halves away from zero (half-up for the positive amounts of a sale)."""
    assert denominator > 0
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -quotient if numerator < 0 else quotient


def line_amount(price_fen: int, quantity_milli: int) -> int:
    """Price in fen per unit x quantity in thousandths of the unit, half-up to the fen."""
    return divide_half_up(price_fen * quantity_milli, 1000)


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Share `total` over `weights` in whole fen by largest remainder; parts add back to total.

    Equal remainders go to the earlier part, so the result never depends on anything else.
    With all weights 0 the first part takes everything.
    """
    assert weights and all(weight >= 0 for weight in weights)
    if (whole := sum(weights)) == 0:
        return [total] + [0] * (len(weights) - 1)
    sign, size = (-1, -total) if total < 0 else (1, total)
    parts = [size * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(size * weights[i] % whole))
    for index in by_remainder[: size - sum(parts)]:
        parts[index] += 1
    return [sign * part for part in parts]


def round_down(fen: int, step: int) -> int:
    """抹零: `fen` cut down to a multiple of `step` fen (10 = 角, 100 = 元). Never up (价格法)."""
    assert fen >= 0 and step >= 1
    return fen - fen % step
