"""What visitors and colleagues read in another language, made of the Chinese words on its way out.

Receipts and what else a customer takes along follow the shop's `receipt_language`, slips of the
drawer and the stock room the till's own `language`; facts and books stay as they are. Traditional
characters, as Hong Kong writes them, come from OpenCC's dictionaries, which know words and not only
characters (面 noodles, 后 queen). English comes from the till's own file of translations: a text as
it stands, or a phrase of its `phrases` with what was filled in ("工号 {who}").
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

LANGUAGES = ("zh", "hant", "en")
"""Of papers: Simplified, Traditional, English."""
CHARACTERS = LANGUAGES[:2]
"""Of the customer's screen, whose own words are in the window's language."""
ENGLISH = Path(__file__).resolve().parents[1] / "resources" / "translations" / "en.toml"
_CODES = frozenset({"data", "template", "code", "qr", "qr_rows", "kind", "language"})
"""Fields that machines read, in papers and views."""
_FILLED = re.compile(r"\{(\w+)\}")
_SHAPES = {"n": r"[\d,.]+", "m": r"[\d,.]+", "time": r"\d\d:\d\d"}
"""What may stand for a name in a phrase; for every other name anything may."""
_ANYTHING = re.compile(r"\{(?!(?:n|m|time)\})\w+\}")
_COUNTED = re.compile(r"\{(\w+)\}|\[(?:(\w+):)?([^\[\]{}|]*)\|([^\[\]{}|]*)\]")
"""What is filled in; and one or many of it, of the figure before or of the one that is named."""
_WIDE = "  "
_PARTED = {_WIDE: _WIDE, "，": ", ", "、": ", "}
"""What stands between several things that are said one by one."""
Shown = TypeVar("Shown", bound=msgspec.Struct)
Say = Callable[[str], str]


@cache
def _converter() -> Say:
    # Loaded by whoever first needs it: most shops never do, and it takes ten megabytes.
    from opencc import OpenCC

    convert: Say = OpenCC("s2hk").convert
    return convert


def traditional(text: str) -> str:
    """A text in Traditional characters; what is no Chinese stays."""
    return text if text.isascii() else _converter()(text)


@cache
def _file() -> dict[str, dict[str, str]]:
    with ENGLISH.open("rb") as file:
        found: dict[str, dict[str, str]] = tomllib.load(file)
    return found


def english_texts(table: str = "texts") -> Mapping[str, str]:
    """Chinese -> English: the `texts` of screens and reports, the `phrases` of papers and rules."""
    return _file()[table]


@cache
def _phrases() -> list[tuple[re.Pattern[str], str]]:
    """What is filled in, the phrase that says most of its own first."""
    filled = [each for each in english_texts("phrases") if _FILLED.search(each)]
    filled.sort(key=lambda phrase: len(_ANYTHING.sub("", phrase)), reverse=True)
    return [
        (re.compile("".join(_pattern(each))), english_texts("phrases")[each]) for each in filled
    ]


def _pattern(phrase: str) -> Iterator[str]:
    for place, part in enumerate(_FILLED.split(phrase)):
        yield f"(?P<{part}>{_SHAPES.get(part, '.+?')})" if place % 2 else re.escape(part)


def filled(text: str, values: Mapping[str, object]) -> str:
    """A text with its {names} filled in, and of "{n} [sale|sales]" the one that fits."""
    return (counted(text, values) if "|" in text else text).format(**values)


def counted(text: str, values: Mapping[str, object]) -> str:
    """A text with every [one|many] chosen by its figure, the {names} left to be filled in."""
    last = ""

    def chosen(match: re.Match[str]) -> str:
        nonlocal last
        name, named, one, many = match.groups()
        if name is not None:
            last = name
            return match[0]
        return str(one if str(values.get(named or last)) == "1" else many)

    return _COUNTED.sub(chosen, text)


def english(text: str) -> str:
    """A text of a paper in English; names of goods and people stay as they are."""
    if text.isascii():
        return text
    body = text.strip()
    before, after = text.split(body, 1) if body else (text, "")
    return before.replace("\N{IDEOGRAPHIC SPACE}", _WIDE) + (_said(body) if body else "") + after


def _said(text: str) -> str:
    if (known := english_texts("phrases").get(text) or english_texts().get(text)) is not None:
        return known
    for pattern, phrase in _phrases():
        if match := pattern.fullmatch(text):
            words = {name: english(value) for name, value in match.groupdict().items()}
            return filled(phrase, words)
    for mark, said in _PARTED.items():
        if mark in text:
            return said.join(english(part) for part in text.split(mark))
    return text


_SAID: Mapping[str, Say] = {"hant": traditional, "en": english}


def said(text: str, language: str) -> str:
    """One text in a language of `LANGUAGES`."""
    return _SAID[language](text) if language in _SAID else text


def in_language(shown: Shown, language: str) -> Shown:
    """A paper or a view with every word in a language of `LANGUAGES`; codes are left alone."""
    if language not in _SAID:
        return shown
    made: Shown = _converted(shown, _SAID[language])
    if "language" in made.__struct_fields__:
        made = msgspec.structs.replace(made, language=language)
    return made


def _converted(value: Any, say: Say) -> Any:
    if isinstance(value, str):
        return say(value)
    if isinstance(value, tuple):
        return tuple(_converted(each, say) for each in value)
    if isinstance(value, msgspec.Struct):
        changed = {
            name: _converted(getattr(value, name), say)
            for name in value.__struct_fields__
            if name not in _CODES
        }
        return msgspec.structs.replace(value, **changed)
    return value
