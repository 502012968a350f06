"""Labels printed by scales: formats as data, read and made by the same description.

A format is written the way shops write it down: "21 PPPPP AAAAA C". Digits are the prefix, P the
PLU, A the amount in fen, W the weight in grams, N a count of pieces, C a check digit that must be
right (mod 10, as on an EAN), `?` a digit nobody looks at. What a label says it costs is what it
costs: quantity is worked out from the amount, never the other way round.
"""

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from app.catalogue.gs1 import check_digit
from app.catalogue.wallets import WalletRule
from app.errors import Refusal
from app.money import divide_half_up

FieldKind = Literal["amount", "weight", "count"]
_LETTERS: dict[str, tuple[FieldKind, int]] = {
    "A": ("amount", 2),
    "W": ("weight", 3),
    "N": ("count", 0),
}
"""Letter -> what it holds and its decimals: amounts in yuan, weights in kg."""
_WHOLE_DECIMALS: dict[FieldKind, int] = {"amount": 2, "weight": 3, "count": 0}
"""Decimals of our own whole numbers: fen, grams, pieces."""
_PATTERN = re.compile(r"([0-9]{1,6})([PAWN?]*C?)")
SHORTEST, LONGEST = 8, 24


class ScaleField(msgspec.Struct, frozen=True):
    """Where one figure stands in the label, and how many of its digits are decimals."""

    kind: FieldKind
    start: int
    length: int
    decimals: int


class ScaleFormat(msgspec.Struct, frozen=True, kw_only=True):
    """One layout of a scale's labels."""

    name: str
    length: int
    prefix: str
    plu_start: int
    plu_length: int
    fields: tuple[ScaleField, ...]
    check: Literal["strict", "ignored"]

    def claims(self, digits: str) -> bool:
        """Whether a label of this format could look like these digits."""
        return len(digits) == self.length and digits.startswith(self.prefix)


class ScaleReading(msgspec.Struct, frozen=True, kw_only=True):
    """What a label says: PLU, and what is printed of amount (fen), weight (g), pieces."""

    plu: str
    amount: int | None = None
    weight: int | None = None
    count: int | None = None


def parse_format(text: str) -> ScaleFormat:
    """A format from its written form. Raises Refusal("scale_format_bad", text, reason)."""
    compact = "".join(text.split()).upper()

    def bad(reason: str) -> Refusal:
        return Refusal("scale_format_bad", text=text.strip()[:40], reason=reason)

    match = _PATTERN.fullmatch(compact)
    if match is None:
        raise bad("letters")
    prefix, layout = match.groups()
    if not SHORTEST <= len(compact) <= LONGEST:
        raise bad("length")
    runs = [(run.group()[0], run.start(), len(run.group())) for run in re.finditer(_RUN, layout)]
    letters = [letter for letter, _, _ in runs if letter != "?"]
    if len(letters) != len(set(letters)):
        raise bad("twice")
    if "P" not in letters or not {"A", "W", "N"} & set(letters):
        raise bad("missing")
    if len(compact) in (8, 12, 13, 14) and not prefix.startswith("2"):
        # Every other first digit belongs to articles numbered by GS1 for the whole world.
        raise bad("prefix")
    if prefix.startswith("01"):
        raise bad("prefix")
    at = len(prefix)
    plu_start, plu_length = next((s + at, n) for letter, s, n in runs if letter == "P")
    return ScaleFormat(
        name=f"{prefix} {' '.join(run.group() for run in re.finditer(_RUN, layout))}",
        length=len(compact),
        prefix=prefix,
        plu_start=plu_start,
        plu_length=plu_length,
        fields=tuple(
            ScaleField(_LETTERS[letter][0], start + at, length, _LETTERS[letter][1])
            for letter, start, length in runs
            if letter in _LETTERS
        ),
        check="strict" if layout.endswith("C") else "ignored",
    )


_RUN = r"P+|A+|W+|N+|C|\?+"


def parse_formats(text: str) -> tuple[ScaleFormat, ...]:
    """One format per line; empty lines are nothing. Raises Refusal("scale_format_bad")."""
    return tuple(parse_format(line) for line in text.splitlines() if line.strip())


def check_formats(formats: Sequence[ScaleFormat], wallets: Sequence[WalletRule]) -> None:
    """Refuse formats that could be taken for a payment code or for one another.

    Raises Refusal: scale_format_overlaps_wallet(text, channel), scale_format_overlaps(text, other).
    """
    for index, one in enumerate(formats):
        for rule in wallets:
            if rule.shortest <= one.length <= rule.longest and any(
                _same_start(one.prefix, prefix) for prefix in rule.prefixes
            ):
                raise Refusal("scale_format_overlaps_wallet", text=one.name, channel=rule.channel)
        for other in formats[:index]:
            if one.length == other.length and _same_start(one.prefix, other.prefix):
                raise Refusal("scale_format_overlaps", text=one.name, other=other.name)


def _same_start(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def read_label(digits: str, scale_format: ScaleFormat) -> ScaleReading | str:
    """What the label says, or why it cannot be read: check_digit, label_empty.

    The digits must be ones the format `claims`.
    """
    assert scale_format.claims(digits)
    if scale_format.check == "strict" and check_digit(digits[:-1]) != int(digits[-1]):
        return "check_digit"
    figures: dict[FieldKind, int] = {}
    for field in scale_format.fields:
        raw = int(digits[field.start : field.start + field.length])
        ours = _WHOLE_DECIMALS[field.kind]
        if field.decimals > ours:
            figures[field.kind] = divide_half_up(raw, 10 ** (field.decimals - ours))
        else:
            figures[field.kind] = raw * 10 ** (ours - field.decimals)
    kinds = {field.kind for field in scale_format.fields}
    if ("amount" in kinds and figures["amount"] == 0) or not any(figures.values()):
        # A scale prints noughts when the amount has more digits than the label has room.
        return "label_empty"
    plu = digits[scale_format.plu_start : scale_format.plu_start + scale_format.plu_length]
    return ScaleReading(
        plu=plu,
        amount=figures.get("amount"),
        weight=figures.get("weight") or None,
        count=figures.get("count") or None,
    )


def make_label(
    scale_format: ScaleFormat,
    plu: str,
    amount: int | None = None,
    weight: int | None = None,
    count: int | None = None,
) -> str:
    """The digits of a label: amount in fen, weight in grams. Digits nobody looks at are noughts.

    Raises Refusal("scale_label_does_not_fit", field): a figure is missing or has too many digits.
    """
    if not (plu.isascii() and plu.isdigit() and len(plu) <= scale_format.plu_length):
        raise Refusal("scale_label_does_not_fit", field="plu")
    digits = list(scale_format.prefix.ljust(scale_format.length, "0"))

    def put(start: int, length: int, value: str) -> None:
        digits[start : start + length] = value.rjust(length, "0")

    put(scale_format.plu_start, scale_format.plu_length, plu)
    figures = {"amount": amount, "weight": weight, "count": count}
    for field in scale_format.fields:
        figure = figures[field.kind]
        if figure is None or figure < 0:
            raise Refusal("scale_label_does_not_fit", field=field.kind)
        ours = _WHOLE_DECIMALS[field.kind]
        shown = str(
            figure * 10 ** (field.decimals - ours)
            if field.decimals >= ours
            else divide_half_up(figure, 10 ** (ours - field.decimals))
        )
        if len(shown) > field.length:
            raise Refusal("scale_label_does_not_fit", field=field.kind)
        put(field.start, field.length, shown)
    used = {scale_format.plu_start + n for n in range(scale_format.plu_length)}
    used |= {field.start + n for field in scale_format.fields for n in range(field.length)}
    if scale_format.length - 1 not in used:
        digits[-1] = str(check_digit("".join(digits[:-1])))
    return "".join(digits)


def derived_quantity(amount: int, price: int) -> int:
    """Thousandths of a kilogram from an amount and a price per kg, both fen: half-up to 1 g.

    Never nought: something was weighed. Raises Refusal("no_price") when the price is not positive.
    """
    if price <= 0:
        raise Refusal("no_price")
    return max(1, divide_half_up(amount * 1000, price))


DEMO_FORMATS: tuple[ScaleFormat, ...] = parse_formats("21 PPPPP AAAAA C\n22 PPPPP AAAAA WWWWW C")
"""The sample shop's labels: amount only on 13 digits, amount and weight on 18."""
