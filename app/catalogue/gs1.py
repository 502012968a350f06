"""GS1 numbers and messages: GTINs in all their lengths, element strings and Digital Links.

biip knows the application identifiers and their patterns; this module keeps what a till needs:
the product's number, lot, dates, serial, weight and amount. It takes a tenth of a second and a
tenth of a till's memory to load, so the first code that needs it loads it. A weighed product has
no number of its own, so its PLU is wrapped into one of restricted circulation that only we read.
"""

import re
from calendar import monthrange
from typing import TYPE_CHECKING

import msgspec

from app.money import divide_half_up

if TYPE_CHECKING:
    from biip.gs1_element_strings import GS1ElementStrings

GS = "\x1d"
"""What scanners send for FNC1 between two fields."""
_GTIN_LENGTHS = (8, 12, 13, 14)
_RESTRICTED = re.compile(r"029([1-9])([0-9]{9})[0-9]")


class Gs1(msgspec.Struct, frozen=True, kw_only=True):
    """What a GS1 message says of the goods it sticks on; "" and None where it says nothing."""

    gtin: str
    """Fourteen digits."""
    plu: str = ""
    """The weighed product's PLU when the number is one of our own restricted ones."""
    lot: str = ""
    serial: str = ""
    made: str = ""
    best_before: str = ""
    expires: str = ""
    """ISO dates."""
    weight: int | None = None
    """Net weight in grams."""
    amount: int | None = None
    """Amount payable in fen."""


def check_digit(digits: str) -> int:
    """The mod-10 check digit that belongs behind these digits (GS1, any length)."""
    # Weights 3, 1, 3… from the right, where the check digit itself will weigh 1.
    total = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(reversed(digits), 1))
    return -total % 10


def gtin_of(digits: str) -> str:
    """Fourteen digits for an EAN-8/13, UPC-A/E or GTIN-14 with a right check digit, else ""."""
    if not (digits.isascii() and digits.isdigit() and len(digits) in _GTIN_LENGTHS):
        return ""
    if not digits.strip("0"):
        return ""
    if check_digit(digits[:-1]) == int(digits[-1]):
        return digits.rjust(14, "0")
    return _upc_e(digits)


def _upc_e(digits: str) -> str:
    if len(digits) != 8 or digits[0] not in "01":
        return ""
    from biip import ParseError
    from biip.upc import Upc

    try:
        return Upc.parse(digits).as_upc_a().rjust(14, "0")
    except ParseError:
        return ""


def spellings(digits: str) -> tuple[str, ...]:
    """Every text under which a barcode table may keep this number, the scanned one first.

    A UPC-A is an EAN-13 with a nought in front; scanners and suppliers differ in saying so. Digits
    with a wrong check digit, and other texts, are only ever themselves.
    """
    found = [digits]
    numbers = [gtin_of(digits)]
    if numbers[0] and len(digits) == 8:
        numbers.append(_upc_e(digits))
    for gtin in filter(None, numbers):
        found += [gtin[14 - n :] for n in _GTIN_LENGTHS if not gtin[: 14 - n].strip("0")]
    return tuple(dict.fromkeys(found))


def restricted_gtin(plu: str) -> str:
    """Thirteen digits that carry a PLU in QR codes: 29, its length, nine digits, check digit."""
    assert plu.isascii() and plu.isdigit() and 1 <= len(plu) <= 9
    body = f"29{len(plu)}{plu.rjust(9, '0')}"
    return f"{body}{check_digit(body)}"


def _plu_of(gtin: str) -> str:
    match = _RESTRICTED.fullmatch(gtin)
    return match.group(2)[9 - int(match.group(1)) :] if match else ""


def read_message(text: str) -> Gs1 | str:
    """An element string as scanned (GS between fields), or why not: gs1_bad, no_product."""
    from biip import ParseError
    from biip.gs1_messages import GS1Message

    try:
        return _goods(GS1Message.parse(text).element_strings)
    except (ParseError, ValueError):
        return "gs1_bad"


def read_brackets(text: str) -> Gs1 | str:
    """An element string with its identifiers in brackets, as people type it."""
    from biip import ParseError
    from biip.gs1_messages import GS1Message

    try:
        return _goods(GS1Message.parse_hri(text).element_strings)
    except (ParseError, ValueError):
        return "gs1_bad"


def read_link(url: str) -> Gs1 | str:
    """A GS1 Digital Link of any host, or why not: gs1_bad (also any other URL), no_product."""
    from biip import ParseError
    from biip.gs1_digital_link_uris import GS1DigitalLinkURI

    try:
        return _goods(GS1DigitalLinkURI.parse(url).element_strings)
    except (ParseError, ValueError):
        return "gs1_bad"


def _goods(elements: "GS1ElementStrings") -> Gs1 | str:
    values = {element.ai.ai: element.value for element in elements}
    gtin = gtin_of(values.get("01", ""))
    if not gtin:
        return "check_digit" if "01" in values else "no_product"
    weight = next(
        (_scaled(value, ai[3], 3) for ai, value in values.items() if ai.startswith("310")), None
    )
    amount = next(
        (_scaled(value, ai[3], 2) for ai, value in values.items() if ai.startswith("392")), None
    )
    return Gs1(
        gtin=gtin,
        plu=_plu_of(gtin),
        lot=values.get("10", ""),
        serial=values.get("21", ""),
        made=_date(values.get("11", "")),
        best_before=_date(values.get("15", "")),
        expires=_date(values.get("17", "")),
        weight=weight,
        amount=amount,
    )


def _scaled(value: str, decimals: str, wanted: int) -> int:
    """A figure with its number of decimals in the identifier, as a whole number of ours."""
    return divide_half_up(int(value) * 10**wanted, 10 ** int(decimals))


def _date(yymmdd: str) -> str:
    """YYMMDD of this century as an ISO date; day 00 is the month's last day (GS1 3.4)."""
    if not yymmdd:
        return ""
    year, month, day = 2000 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:6])
    return f"{year:04d}-{month:02d}-{day or monthrange(year, month)[1]:02d}"
