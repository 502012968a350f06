"""Simplified to Traditional Chinese as Hong Kong writes it, for what visitors read.

Receipts and the customer's screen alone: facts, books and our own screens stay as they are. The
dictionaries are OpenCC's, which know words and not only characters (面 noodles, 后 queen).
"""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import msgspec

LANGUAGES = ("zh", "hant")
"""Of a receipt and of the customer's screen: Simplified, or Traditional."""
_CODES = frozenset({"data", "template", "code", "qr", "qr_rows", "number"})
"""Fields that machines read, in papers and views."""
Shown = TypeVar("Shown", bound=msgspec.Struct)


@cache
def _converter() -> Callable[[str], str]:
    # Loaded by whoever first needs it: most shops never do, and it takes ten megabytes.
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("s2hk").convert
    return convert


def traditional(text: str) -> str:
    """A text in Traditional characters; what is no Chinese stays."""
    return text if text.isascii() else _converter()(text)


def in_language(shown: Shown, language: str) -> Shown:
    """A paper or a view with every word in a language of `LANGUAGES`; codes are left alone."""
    if language != "hant":
        return shown
    made: Shown = _converted(shown)
    return made


def _converted(value: Any) -> Any:
    if isinstance(value, str):
        return traditional(value)
    if isinstance(value, tuple):
        return tuple(_converted(each) for each in value)
    if isinstance(value, msgspec.Struct):
        changed = {
            name: _converted(getattr(value, name))
            for name in value.__struct_fields__
            if name not in _CODES
        }
        return msgspec.structs.replace(value, **changed)
    return value
