"""One cell of an import at a time: text to value, or a CellProblem that names what is wrong."""

import re
from collections.abc import Callable, Mapping

from app.catalogue.gs1 import gtin_of
from app.catalogue.words import JIN_UNITS, UNIT_SPELLINGS, UNITS
from app.errors import Refusal
from app.money import parse_yuan

MOST_PRICE = 100_000_00
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,23}")
_BARCODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,47}")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE][+-]?[0-9]+")
_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
_COST = re.compile(r"([0-9]{1,8})(?:\.([0-9]{1,6}))?")
_DATE = re.compile(r"(20[0-9]{2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_YES = {"yes", "y", "是", "有", "1", "true", "对", "√", "✓"}
_NO = {"no", "n", "否", "无", "0", "false", "不", "×", "✗"}
_ERRORS = {"#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NULL!", "#NUM!", "#####"}


class CellProblem(Exception):
    """Why a cell cannot be taken: a code of `sentences.py` and what fills its sentence."""

    def __init__(self, code: str, **details: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


def refuse_errors(text: str) -> None:
    """Refuse what a spreadsheet shows when a formula failed."""
    if text in _ERRORS:
        raise CellProblem("cell_error", value=text)


def words(most: int) -> Callable[[str], str]:
    """A reader of text with at most so many characters."""

    def read(text: str) -> str:
        if len(text) > most:
            raise CellProblem("text_too_long", most=most)
        return text

    return read


def code(text: str) -> str:
    """A product's code."""
    if not _CODE.fullmatch(text):
        raise CellProblem("code_bad", value=text[:30])
    return text


def yuan(text: str) -> int:
    """Yuan as people write prices (¥, 元 and thousands commas allowed) to fen."""
    if text.startswith("="):
        raise CellProblem("formula", value=text[:30])
    plain = text.strip("¥￥元 ")
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    try:
        return parse_yuan(plain)
    except Refusal:
        raise CellProblem("price_bad", value=text[:30]) from None


def price(text: str) -> int:
    """A selling price in fen: positive, and not beyond what a shop sells."""
    fen = yuan(text)
    if fen == 0:
        raise CellProblem("price_zero")
    if not 0 < fen <= MOST_PRICE:
        raise CellProblem("price_absurd", value=text[:30])
    return fen


def deposit(text: str) -> int:
    """A deposit in fen, 0 when there is none."""
    fen = yuan(text)
    if not 0 <= fen <= MOST_PRICE:
        raise CellProblem("price_absurd", value=text[:30])
    return fen


def cost(text: str) -> int:
    """A unit cost in yuan to 1/10000 fen."""
    if text.startswith("="):
        raise CellProblem("formula", value=text[:30])
    plain = text.strip("¥￥元 ")
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    match = _COST.fullmatch(plain)
    if match is None:
        raise CellProblem("cost_bad", value=text[:30])
    value = int(match.group(1)) * 1_000_000 + int((match.group(2) or "").ljust(6, "0"))
    if value > MOST_PRICE * 10_000:
        raise CellProblem("price_absurd", value=text[:30])
    return value


def yes_no(text: str) -> int:
    """1 or 0 from the ways people say yes and no."""
    if text.casefold() in _YES:
        return 1
    if text.casefold() in _NO:
        return 0
    raise CellProblem("yes_no_bad", value=text[:30])


def choice(choices: tuple[str, ...], others: Mapping[str, str]) -> Callable[[str], str]:
    """A reader that takes one of a few words, or another name for it."""

    def read(text: str) -> str:
        found = others.get(text, text)
        if found not in choices:
            shown = "、".join(dict.fromkeys([*others, *filter(None, choices)]))
            raise CellProblem("choice_bad", value=text[:30], choices=shown)
        return found

    return read


def whole(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers within bounds."""

    def read(text: str) -> int:
        if text.startswith("="):
            raise CellProblem("formula", value=text[:30])
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise CellProblem("number_bad", value=text[:30], least=least, most=most)
        return int(text)

    return read


def rate(rates: tuple[int, ...]) -> Callable[[str], int]:
    """A reader of tax rates: "13", "13%"."""

    def read(text: str) -> int:
        plain = text.removesuffix("%").strip()
        if not re.fullmatch(r"[0-9]{1,2}", plain) or int(plain) not in rates:
            shown = "、".join(str(one) for one in rates)
            raise CellProblem("rate_bad", value=text[:30], choices=shown)
        return int(plain)

    return read


def unit(text: str) -> str:
    """A unit the till knows. Units that may not be used in trade are named as such."""
    known = UNIT_SPELLINGS.get(text, text)
    if known in JIN_UNITS:
        raise CellProblem("unit_jin", value=text)
    if known not in UNITS:
        raise CellProblem("unit_unknown", value=text[:30])
    return known


def several(text: str) -> tuple[str, ...]:
    """Names separated by 、，, ; | or line ends, without repeats."""
    if len(text) > 300:
        raise CellProblem("text_too_long", most=300)
    parts = re.split(r"[、，,;；|\n]", text)
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def barcode(text: str, *, numeric: bool = False) -> str:
    """A barcode's text. A spreadsheet that made a number of it may have lost its noughts."""
    plain = text.replace(" ", "")
    if _SCIENTIFIC.fullmatch(plain):
        raise CellProblem("barcode_scientific", value=text[:30])
    if not _BARCODE.fullmatch(plain):
        raise CellProblem("barcode_bad", value=text[:30])
    if numeric and not gtin_of(plain):
        # Only a right check digit proves that no nought in front and no figure behind was lost.
        raise CellProblem("barcode_number", value=text[:30])
    return plain


def iso_date(text: str) -> str:
    """An ISO date from the ways people write dates."""
    match = _DATE.fullmatch(text)
    if match is not None:
        year, month, day = match.groups()
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            return f"{year}-{int(month):02d}-{int(day):02d}"
    raise CellProblem("date_bad", value=text[:30])
