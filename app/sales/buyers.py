"""Who an invoice is made out to: scanned as a 抬头码, or typed. Pure.

A 抬头码 is `$01` + base64 of `name</>tax number</>address and phone</>bank and account</>CRC`
+ `$` (税务总局 便捷开票二维码应用规范, 2017). The CRC is CRC-16 with x^16+x^15+x^2+1, high bit
first, begun at 0, over everything before it. The rule does not say over which bytes of a Chinese
text; makers of such codes take GBK, or the UTF-8 that is in the code anyway, and some leave the
last `</>` out.
"""

import base64
import binascii
import re

import msgspec

from app.catalogue.codes import BUYER_START
from app.errors import Refusal
from app.text import clean

END, BETWEEN = "$", "</>"
MOST_CODE = 2_000
"""Characters of the largest code the rule allows, and room."""
MOST_NAME, MOST_LINE = 100, 100
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_PERSON_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_OLD_NUMBER = re.compile(r"[0-9A-Z]{15}|[0-9A-Z]{20}")


class Buyer(msgspec.Struct, frozen=True, kw_only=True):
    """A company with its tax number, or a private person by name alone."""

    name: str
    tax_number: str = ""
    address: str = ""
    """Address and phone in one line."""
    bank: str = ""
    """Bank and account in one line."""

    @property
    def kind(self) -> str:
        """company or person."""
        return "company" if self.tax_number else "person"

    @property
    def shown(self) -> str:
        """For lists: a company's name, a person's with all but the first character hidden."""
        return self.name if self.tax_number else f"{self.name[:1]}**"


def buyer_from_code(text: str) -> Buyer:
    """What a 抬头码 says. Raises Refusal: buyer_code_bad, buyer_name_bad, tax_number_bad."""
    text = text.strip()
    if len(text) > MOST_CODE or not (text.startswith(BUYER_START) and text.endswith(END)):
        raise Refusal("buyer_code_bad")
    try:
        raw = base64.b64decode(text[len(BUYER_START) : -len(END)], validate=True)
    except (binascii.Error, ValueError):
        raise Refusal("buyer_code_bad") from None
    said = _text_of(raw)
    parts = said.split(BETWEEN)
    if len(parts) != 5:
        raise Refusal("buyer_code_bad")
    crc = parts.pop().strip().upper()
    if crc not in _crcs(said[: said.rindex(BETWEEN)]):
        raise Refusal("buyer_code_bad")
    name, number, address, bank = (part.replace("|", " ") for part in parts)
    return checked_buyer(name, number, address, bank)


def checked_buyer(name: str, tax_number: str = "", address: str = "", bank: str = "") -> Buyer:
    """A buyer as it will be kept; without a tax number a private person.

    Raises Refusal: buyer_name_bad, tax_number_bad.
    """
    name = " ".join(clean(name, most=MOST_NAME + 1).split())
    if not 1 <= len(name) <= MOST_NAME:
        raise Refusal("buyer_name_bad", most=MOST_NAME)
    return Buyer(
        name=name,
        tax_number=checked_tax_number(tax_number) if tax_number.strip() else "",
        address=" ".join(clean(address, most=MOST_LINE).split()),
        bank=" ".join(clean(bank, most=MOST_LINE).split()),
    )


def checked_tax_number(text: str) -> str:
    """A tax number in capitals: 18 characters with their check character (统一社会信用代码, GB
    32100, or a trader's identity number, GB 11643), or an old one of 15 or 20 that has none.

    Raises Refusal("tax_number_bad").
    """
    number = clean(text, most=40).replace(" ", "").upper()
    if len(number) == 18:
        if _is_uscc(number) or _is_identity(number):
            return number
    elif number.isascii() and _OLD_NUMBER.fullmatch(number):
        return number
    raise Refusal("tax_number_bad")


def _is_uscc(number: str) -> bool:
    if not all(char in _USCC for char in number):
        return False
    values = [_USCC.index(char) for char in number]
    total = sum(value * weight for value, weight in zip(values[:17], _USCC_WEIGHTS, strict=True))
    return values[17] == -total % 31


def _is_identity(number: str) -> bool:
    if not (number[:17].isascii() and number[:17].isdigit()):
        return False
    total = sum(int(char) * each for char, each in zip(number[:17], _PERSON_WEIGHTS, strict=True))
    return number[17] == "10X98765432"[total % 11]


def _text_of(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal("buyer_code_bad")


def _crcs(said: str) -> set[str]:
    """The check a code may carry over this text."""
    found = set()
    for text in (said + BETWEEN, said):
        found.add(f"{crc16(text.encode()):04X}")
        # What GBK does not know, no maker of such a code could have counted.
        found.add(f"{crc16(text.encode('gb18030')):04X}")
    return found


def crc16(data: bytes) -> int:
    """CRC-16, x^16+x^15+x^2+1, high bit first, begun at 0."""
    value = 0
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ (0x8005 if value & 0x8000 else 0)) & 0xFFFF
    return value
