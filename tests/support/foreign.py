"""Chinese where another language was asked for."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

CHINESE = re.compile("[^<>\\n]*[\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e][^<>\\n]*")
"""A piece of text with a Chinese character or sign in it, up to the next tag or line."""
OWN = ("开平优品", "中文")
"""The brand's name, and what a language calls itself."""


def names_in(value: Any) -> set[str]:
    """Every text in a fact, a row or any structure of them: what people called their things."""
    if isinstance(value, str):
        return set() if value.isascii() else {value}
    if isinstance(value, msgspec.Struct):
        return names_in([getattr(value, name) for name in value.__struct_fields__])
    if isinstance(value, dict):
        return names_in(list(value.values()))
    if isinstance(value, list | tuple | set | frozenset):
        return set().union(*map(names_in, value))
    return set()


def untranslated(text: str, names: Iterable[str]) -> list[str]:
    """What is Chinese in a text for somebody who reads English, but for the names in it."""
    for name in sorted({*names, *OWN}, key=len, reverse=True):
        text = text.replace(name, "")
    return sorted({found.strip() for found in CHINESE.findall(text)})
