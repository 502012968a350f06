"""Quantities are whole thousandths of the product's unit: 2 boxes = 2000, 2.486 kg = 2486."""

import re

from app.errors import Refusal

MAX_MILLI = 99_999_999
"""Largest quantity of one line: 99,999.999 units."""

_NUMBER = re.compile(r"(\d{1,8})(?:\.(\d{1,3}))?")
_JIN = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)(?:j|斤)", re.IGNORECASE)
MILLI_KG_PER_JIN = 500


def parse_quantity(text: str, *, weighed: bool) -> int:
    """A typed quantity to thousandths; for weighed goods `3j` or `3斤` means 1.500 kg.

    Raises Refusal: bad_quantity (not a number, zero, absurdly large), fraction_of_unit.
    """
    text = text.strip() if isinstance(text, str) else ""
    jin = _JIN.fullmatch(text) if weighed else None
    match = _NUMBER.fullmatch(jin.group(1) if jin else text)
    if match is None:
        raise Refusal("bad_quantity", text=text[:20])
    milli = int(match.group(1)) * 1000 + int((match.group(2) or "").ljust(3, "0"))
    if jin:
        milli = milli * MILLI_KG_PER_JIN // 1000
    return checked(milli, weighed=weighed)


def checked(milli: int, *, weighed: bool) -> int:
    """The same quantity, or a Refusal when it cannot stand on a line."""
    if not 0 < milli <= MAX_MILLI:
        raise Refusal("bad_quantity", text=shown(milli, weighed=True))
    if not weighed and milli % 1000:
        raise Refusal("fraction_of_unit")
    return milli


def shown(milli: int, *, weighed: bool) -> str:
    """Thousandths as text: weighed goods keep three decimals ("2.486"), pieces none ("2")."""
    sign = "-" if milli < 0 else ""
    whole, part = divmod(abs(milli), 1000)
    return f"{sign}{whole}.{part:03d}" if weighed or part else f"{sign}{whole}"
