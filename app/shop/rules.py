"""How a shop and its tills may be called: both stand in every receipt number."""

import re

from app.errors import Refusal

_SHOP = re.compile(r"[A-Z0-9]{2,8}")
_TILL = re.compile(r"[1-9][0-9]?")


def checked_shop_code(text: str) -> str:
    """The shop's code in capitals. Raises Refusal("shop_code_bad")."""
    code = text.strip().upper()
    if not _SHOP.fullmatch(code):
        raise Refusal("shop_code_bad")
    return code


def checked_till_number(text: str) -> str:
    """A till's number, 1 to 99. Raises Refusal("till_number_bad")."""
    number = text.strip()
    if not _TILL.fullmatch(number):
        raise Refusal("till_number_bad")
    return number
