"""What goods cost: 1/10000 fen per unit in facts, yuan with four decimals for people."""

from app.errors import Refusal
from app.money import divide_half_up
from app.text import clean

MOST_YUAN = 1_000_000
"""A unit cost above this is a typing slip."""
PER_YUAN = 1_000_000
_PER_FEN = 10_000


def parse_cost(text: str) -> int:
    """Yuan per unit, at most four decimals, to 1/10000 fen. Raises Refusal("bad_amount")."""
    whole, point, part = text.strip().partition(".")
    digits = whole + part
    well_formed = whole and digits.isascii() and digits.isdigit() and (bool(point) == bool(part))
    if not well_formed or len(part) > 4 or len(whole) > 7 or int(whole) > MOST_YUAN:
        raise Refusal("bad_amount", text=clean(text, most=20))
    return int(whole) * PER_YUAN + int(part.ljust(6, "0"))


def cost_shown(cost: int) -> str:
    """1/10000 fen as yuan with four decimals, or six where there are more."""
    whole, part = divmod(cost, PER_YUAN)
    digits = f"{part:06d}"
    return f"{whole}.{digits[:4]}" if digits.endswith("00") else f"{whole}.{digits}"


def value_of(quantity: int, unit_cost: int) -> int:
    """Fen that a signed quantity (thousandths) is worth at a unit cost, half-up."""
    return divide_half_up(quantity * unit_cost, 1000 * _PER_FEN)


def permille(part: int, whole: int) -> int:
    """How many thousandths `part` is of `whole`, half-up; 0 of nothing."""
    return divide_half_up(1000 * part, whole) if whole > 0 else 0
