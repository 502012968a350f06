"""Pinyin initials: how a cashier finds goods without a barcode ("dshc" for 大沙黄茶).

Many characters have several readings (小粘 is xz or xn), so every product carries several
strings. They are made when a product is saved, never while searching: the table of readings costs
time and memory to load, and a till that only sells never loads it.
"""

from functools import cache
from itertools import combinations, product
from typing import Any

MOST_READINGS = 16
"""Strings kept per name. A long name has thousands of combinations nobody would type."""
LONGEST = 40


def initials(name: str, *, most: int = MOST_READINGS) -> tuple[str, ...]:
    """Every likely string of initials of a name, lower case, the usual reading first.

    Letters and digits stand for themselves, everything else is left out. Strings that differ from
    the usual reading in one character come before those that differ in two.
    """
    choices = _choices(name)
    if not choices:
        return ()
    usual = [readings[0] for readings in choices]
    found = ["".join(usual)]
    open_places = [place for place, readings in enumerate(choices) if len(readings) > 1]
    for differing in range(1, len(open_places) + 1):
        for places in combinations(open_places, differing):
            for letters in product(*(choices[place][1:] for place in places)):
                if len(found) == most:
                    return tuple(found)
                other = list(usual)
                for place, letter in zip(places, letters, strict=True):
                    other[place] = letter
                found.append("".join(other))
    return tuple(found)


def initials_of(name: str, aliases: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Initials of a name and, fewer, of each of its aliases, without repeats."""
    found = list(initials(name))
    for alias in aliases:
        found += initials(alias, most=4)
    return tuple(dict.fromkeys(found))


def _choices(name: str) -> list[tuple[str, ...]]:
    """For each character that counts: the letters it may stand for, the usual one first."""
    # Imported here because loading it takes longer than a whole sale.
    from pypinyin import Style, pinyin

    places: list[tuple[str, ...]] = []
    usual = [part for [part] in pinyin(name, style=Style.FIRST_LETTER, errors=_as_they_are)]
    for char, letter in zip(name, usual, strict=False):
        if char.isascii():
            if char.isalnum():
                places.append((char.lower(),))
        elif letter.isascii() and letter.isalpha():
            places.append(tuple(dict.fromkeys([letter, *_readings(char)])))
        if len(places) == LONGEST:
            break
    return places


def _as_they_are(text: str) -> Any:
    """Characters without a reading keep their places, so that names and letters stay in step."""
    return [[char] for char in text]


@cache
def _readings(char: str) -> tuple[str, ...]:
    """First letters of every reading of one character; a catalogue uses a few thousand."""
    from pypinyin import Style, pinyin

    every = pinyin(char, style=Style.FIRST_LETTER, heteronym=True)[0]
    return tuple(one for one in every if one.isascii() and one.isalpha())
