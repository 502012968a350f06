"""A scan becomes a value here, at the door; after this nobody looks at its characters again.

One pure parser for everything a scanner, a keyboard or a hostile sticker can send. It never
raises and never guesses: what it does not know is Unknown with a reason, and keeps its text so
that the caller can look for a barcode row, a lot or a product code that reads exactly so.

Whether we are selling or collecting money is the caller's knowledge. `Scanned.reading` is what the
text means while selling, `Scanned.wallet` what it means while collecting; some digits mean both.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import ClassVar

import msgspec

from app.catalogue import gs1
from app.catalogue.scales import ScaleFormat, read_label
from app.catalogue.wallets import WALLETS, WalletRule, wallet_of

MOST_CHARACTERS = 400
"""Longer than any code a shop meets; a pasted page is not a scan."""


class Reading(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """One meaning of a scan. `kind` is the console's word for it."""

    kind: ClassVar[str] = "unknown"


class GoodsCode(Reading, frozen=True, kw_only=True):
    """A product's number: EAN, UPC, case code, GS1 message or GS1 link."""

    kind: ClassVar[str] = "product"
    spellings: tuple[str, ...]
    """Texts to look up among the barcodes, the scanned one first."""
    gs1: gs1.Gs1


class ScaleLabel(Reading, frozen=True, kw_only=True):
    """A label of our scale: amount in fen (authoritative), weight in grams, pieces."""

    kind: ClassVar[str] = "weighed"
    text: str
    plu: str
    amount: int | None
    weight: int | None
    count: int | None
    format: str


class Plu(Reading, frozen=True, kw_only=True):
    """Digits too few for a barcode: a product code as people key it."""

    kind: ClassVar[str] = "product"
    digits: str


class WalletCode(Reading, frozen=True, kw_only=True):
    """A payment code: money until it is used, so it never shows itself in a log."""

    kind: ClassVar[str] = "payment_code"
    code: str
    channel: str

    def __repr__(self) -> str:
        return f"WalletCode(channel={self.channel!r})"


class ReceiptCode(Reading, frozen=True, kw_only=True):
    """A receipt by its number; `letters` are the hash letters of its QR, "" when typed."""

    kind: ClassVar[str] = "receipt"
    number: str
    letters: str = ""


class MemberCode(Reading, frozen=True, kw_only=True):
    """A member's card or screen."""

    kind: ClassVar[str] = "member"
    member: str


class ShelfCode(Reading, frozen=True, kw_only=True):
    """A shelf's own label, for counting and putting away."""

    kind: ClassVar[str] = "shelf"
    shelf: str


class LotCode(Reading, frozen=True, kw_only=True):
    """A lot's own label, printed by us at receiving."""

    kind: ClassVar[str] = "lot"
    lot: str


class TraceCode(Reading, frozen=True, kw_only=True):
    """One piece of goods that can be traced."""

    kind: ClassVar[str] = "trace"
    code: str


class BuyerCode(Reading, frozen=True, kw_only=True):
    """A 抬头码: who an invoice is for. What it says is somebody's data, so it is not kept here."""

    kind: ClassVar[str] = "buyer"


class Unknown(Reading, frozen=True, kw_only=True):
    """Nothing we know. `text` is "" when it must not even be looked up.

    Reasons: empty, too_long, control_characters, check_digit, label_empty, gs1_bad, no_product,
    unknown_url, trace_bad, own_code_bad, not_a_code.
    """

    text: str
    reason: str


AnyReading = (
    GoodsCode
    | ScaleLabel
    | Plu
    | WalletCode
    | ReceiptCode
    | MemberCode
    | ShelfCode
    | LotCode
    | TraceCode
    | BuyerCode
    | Unknown
)


class Scanned(msgspec.Struct, frozen=True, kw_only=True):
    """A scan and what it may mean. The text is not kept: it may be a payment code."""

    reading: AnyReading
    """While selling. A WalletCode only when the text can be nothing else."""
    wallet: WalletCode | None = None
    """While collecting money."""


_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_REFUSED_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_SYMBOLOGY = re.compile(r"\]([A-Za-z][0-9A-Za-z])")
_GS1_SYMBOLOGIES = ("C1", "e0", "d2", "Q3", "J1")
_DIGITS = re.compile(r"[0-9]+")
_GTIN_FIRST = re.compile(r"01[0-9]{14}[!-~\x1d]*")
_BRACKETS = re.compile(r"\([0-9]{2,4}\)[!-~]+")
_RECEIPT = re.compile(r"[A-Z]{2,6}[0-9]{1,4}-[0-9]{1,3}[A-Z]{0,2}-[0-9]{6}-[0-9]{4,6}")
_LETTERS = re.compile(r"[A-Z2-7]{6}")
_OWN_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,39}")
_URL = re.compile(r"https?://[!-~]+", re.IGNORECASE)
LONGEST_PLU = 7
BUYER_START = "$01"


def receipt_qr(number: str, letters: str) -> str:
    """What the QR of a receipt holds: plain ASCII, because scanners that type lose Chinese."""
    return f"R:{number}:{letters}"


def shelf_qr(shelf: str) -> str:
    """What a shelf's label holds."""
    return f"S:{shelf}"


def lot_qr(lot: str) -> str:
    """What a lot's label holds."""
    return f"L:{lot}"


def is_buyer_code(text: str) -> bool:
    """Whether a scan means to say who an invoice is for, however broken it is."""
    return text.lstrip().startswith(BUYER_START)


def parse_scan(
    text: object,
    *,
    formats: Sequence[ScaleFormat],
    wallets: tuple[WalletRule, ...] = WALLETS,
    trace_prefix: str = "",
) -> Scanned:
    """What a scanned or typed text means. Never raises.

    `formats` are the shop's scale labels, `trace_prefix` is how our trace URLs begin
    ("https://trace.example/t/"; the code follows at once).
    """
    if not isinstance(text, str):
        return _unknown("", "not_a_code")
    if is_buyer_code(text):
        return Scanned(reading=BuyerCode())
    if len(text) > MOST_CHARACTERS:
        return _unknown("", "too_long")
    text = text.strip("\r\n\t \u3000").translate(_FULL_WIDTH).strip(gs1.GS + " ")
    if not text:
        return _unknown("", "empty")
    if any(c != gs1.GS and unicodedata.category(c) in _REFUSED_CATEGORIES for c in text):
        return _unknown("", "control_characters")
    symbology = _SYMBOLOGY.match(text)
    if symbology:
        text = text[3:].strip(gs1.GS)
        if symbology.group(1) in _GS1_SYMBOLOGIES and not _URL.match(text):
            return _message(text, gs1.read_message(text))
    if _DIGITS.fullmatch(digits := text.replace(" ", "")):
        return _of_digits(digits, formats, wallets)
    return _of_text(text, trace_prefix)


def _unknown(text: str, reason: str) -> Scanned:
    return Scanned(reading=Unknown(text=text, reason=reason))


def _message(text: str, goods: gs1.Gs1 | str) -> Scanned:
    if isinstance(goods, str):
        return _unknown(text.replace(gs1.GS, ""), goods)
    numbers = gs1.spellings(goods.gtin)
    # A case code and the EAN inside it differ in their first digit, so nothing is cut off here.
    shortest_first = tuple(sorted(numbers, key=lambda number: (len(number) != 13, -len(number))))
    return Scanned(reading=GoodsCode(spellings=shortest_first, gs1=goods))


def _of_digits(
    digits: str, formats: Sequence[ScaleFormat], wallets: tuple[WalletRule, ...]
) -> Scanned:
    channel = wallet_of(digits, wallets)
    wallet = WalletCode(code=digits, channel=channel) if channel else None
    reading = _goods_digits(digits, formats)
    if wallet and isinstance(reading, Unknown):
        return Scanned(reading=wallet, wallet=wallet)
    return Scanned(reading=reading, wallet=wallet)


def _goods_digits(digits: str, formats: Sequence[ScaleFormat]) -> AnyReading:
    scale_format = next((one for one in formats if one.claims(digits)), None)
    if scale_format is not None:
        label = read_label(digits, scale_format)
        if isinstance(label, str):
            return Unknown(text=digits, reason=label)
        return ScaleLabel(
            text=digits,
            plu=label.plu,
            amount=label.amount,
            weight=label.weight,
            count=label.count,
            format=scale_format.name,
        )
    if len(digits) <= LONGEST_PLU:
        return Plu(digits=digits)
    if gtin := gs1.gtin_of(digits):
        return GoodsCode(spellings=gs1.spellings(digits), gs1=gs1.Gs1(gtin=gtin))
    if len(digits) in (8, 12, 13, 14):
        return Unknown(text=digits, reason="check_digit")
    if _GTIN_FIRST.fullmatch(digits):
        return _message(digits, gs1.read_message(digits)).reading
    return Unknown(text=digits, reason="not_a_code")


def _of_text(text: str, trace_prefix: str) -> Scanned:
    if _URL.match(text):
        return _of_url(text, trace_prefix)
    if gs1.GS in text or _GTIN_FIRST.fullmatch(text):
        return _message(text, gs1.read_message(text))
    if _BRACKETS.fullmatch(text):
        return _message(text, gs1.read_brackets(text))
    if len(text) > 2 and text[1] == ":" and text[0] in "RMSL":
        return _own_code(text)
    if _RECEIPT.fullmatch(text.upper()):
        return Scanned(reading=ReceiptCode(number=text.upper()))
    return _unknown(text, "not_a_code")


def _own_code(text: str) -> Scanned:
    letter, rest = text[0], text[2:]
    if letter == "R":
        number, _, letters = rest.upper().partition(":")
        if _RECEIPT.fullmatch(number) and (not letters or _LETTERS.fullmatch(letters)):
            return Scanned(reading=ReceiptCode(number=number, letters=letters))
    elif _OWN_ID.fullmatch(rest):
        if letter == "M":
            return Scanned(reading=MemberCode(member=rest))
        return Scanned(reading=ShelfCode(shelf=rest) if letter == "S" else LotCode(lot=rest))
    return _unknown(text, "own_code_bad")


def _of_url(url: str, trace_prefix: str) -> Scanned:
    if not _URL.fullmatch(url):
        return _unknown(url, "unknown_url")
    if trace_prefix:
        # http or https, and capitals of a compact QR, are the same page.
        start, address = _without_scheme(trace_prefix), _without_scheme(url)
        if address.lower().startswith(start.lower()):
            code = re.split(r"[/?#]", address[len(start) :], maxsplit=1)[0]
            if _OWN_ID.fullmatch(code):
                return Scanned(reading=TraceCode(code=code))
            return _unknown(url, "trace_bad")
    goods = gs1.read_link(url)
    return _unknown(url, "unknown_url") if goods == "gs1_bad" else _message(url, goods)


def _without_scheme(url: str) -> str:
    return url.split("://", 1)[-1]
