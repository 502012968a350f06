"""Merged cells of an Excel sheet: which cells of a row are hidden under one.

Reading row by row, the library tells nothing of them; a cell below the first of a merged one would
pass for an empty cell, and a product silently lose its size. They stand behind the rows in the
sheet's part of the file, so they are looked for before.
"""

import re
import zipfile
from collections.abc import Iterator

from openpyxl.utils import range_boundaries

_ONE = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?ref\s*=\s*[\"']([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)[\"']")
_PIECE = 1 << 20
_LONGEST = 256
"""Bytes of one such element at most; so many of a piece are looked at again with the next."""
MOST = 100_000

Area = tuple[int, int, int, int]
"""First row, last row, first and last column, from 1."""


class TooManyMerged(ValueError):
    """More merged cells than any table people make."""


def merged_areas(archive: zipfile.ZipFile, part: str) -> list[Area]:
    """The merged cells of a sheet, from the top down. Raises TooManyMerged, KeyError."""
    found: set[Area] = set()
    with archive.open(part) as file:
        before = b""
        while piece := file.read(_PIECE):
            text = before + piece
            for match in _ONE.finditer(text):
                left, top, right, bottom = range_boundaries(match[1].decode())
                found.add((top, bottom, left, right))
                if len(found) > MOST:
                    raise TooManyMerged
            before = text[-_LONGEST:]
    return sorted(found)


def hidden_in_rows(areas: list[Area], most_columns: int) -> Iterator[frozenset[int]]:
    """For each row from the first on: the places (from 0) that hold nothing of their own."""
    until = [0] * most_columns
    at, number = 0, 0
    while True:
        number += 1
        hidden = {place for place, last in enumerate(until) if last >= number}
        while at < len(areas) and areas[at][0] <= number:
            _top, bottom, left, right = areas[at]
            at += 1
            for place in range(left - 1, min(right, most_columns)):
                until[place] = max(until[place], bottom)
                if place > left - 1:
                    hidden.add(place)
        yield frozenset(hidden)
