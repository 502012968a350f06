"""What an import's preview is made of: findings, totals, and one row while it is being read."""

from collections.abc import Callable
from typing import Literal, TypeVar
from unicodedata import is_normalized

import msgspec

from app.catalogue.cells import CellProblem, refuse_errors
from app.catalogue.sentences import sentence
from app.catalogue.sheets import SheetRow
from app.catalogue.words import PLAN_SLIPS
from app.facts.catalogue import Barcode, Brand, Certificate, KitPart, Product, TaxonomyNode
from app.facts.pricing import ListedPrice
from app.text import clean

Kind = Literal["products", "barcodes", "kits", "brands", "taxonomy", "certificates", "prices"]
Value = TypeVar("Value")
Told = Callable[[int], None]
"""Hears from long work how far it is; raising a Refusal in it is how a person stops the work."""
TELL_EVERY = 250
"""Rows or products between two words about progress."""


def silent(_count: int) -> None:
    """Nobody watches."""


class Finding(msgspec.Struct, frozen=True):
    """Something to say about a row: `code` never changes, `sentence` is Chinese for people."""

    row: int
    column: str
    """The heading as the file has it, "" for the whole row."""
    code: str
    sentence: str
    text: str
    """The row as it stood in the file."""
    details: dict[str, str | int] = {}
    """What the sentence was filled with, so that it can be said in another language."""

    def said(self, language: str) -> str:
        """The sentence in a language ("zh" or "en")."""
        return sentence(self.code, self.details, language)


class Totals(msgspec.Struct, frozen=True):
    """rows = good + bad. Blank rows, and rows above the headings, are counted apart."""

    rows: int
    good: int
    bad: int
    blank: int


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What an import would take and what not. Nothing has been recorded yet."""

    kind: Kind
    products: tuple[Product, ...] = ()
    """Without initials; those are made when it is recorded."""
    barcodes: tuple[Barcode, ...] = ()
    kit_parts: tuple[KitPart, ...] = ()
    brands: tuple[Brand, ...] = ()
    nodes: tuple[TaxonomyNode, ...] = ()
    taxonomy: str = ""
    """The version of the taxonomy, when nodes are imported."""
    certificates: tuple[Certificate, ...] = ()
    prices: tuple[ListedPrice, ...] = ()
    bad: tuple[Finding, ...] = ()
    """A row with two faults is here twice."""
    warnings: tuple[Finding, ...] = ()
    totals: Totals


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the shop has already, so that a preview can see clashes (`queries.known`)."""

    products: dict[str, Product] = {}
    barcodes: dict[str, str] = {}
    """Barcode -> product code."""
    categories: frozenset[str] = frozenset()
    brand_towns: frozenset[str] = frozenset()
    certificates: tuple[Certificate, ...] = ()
    today: str = ""
    """ISO date on which certificates are looked at, "" when nobody can say."""


class RowReader:
    """One row being read: collects what is wrong with it while its values are taken."""

    def __init__(self, row: SheetRow, places: dict[str, int], headings: tuple[str, ...]) -> None:
        self.row = row
        self.problems: list[Finding] = []
        self.warnings: list[Finding] = []
        self._places = places
        self._headings = headings
        self._texts: dict[str, str] = {}

    def has(self, column: str) -> bool:
        """Whether the file has this column at all."""
        return column in self._places

    def numeric(self, column: str) -> bool:
        """Whether a spreadsheet kept this cell as a number."""
        return self._places.get(column, -1) in self.row.numeric

    def text(self, column: str) -> str:
        """The cell without control characters, known slips mended, "" when there is none."""
        if column not in self._texts:
            self._texts[column] = self._cleaned(column)
        return self._texts[column]

    def _cleaned(self, column: str) -> str:
        place = self._places.get(column)
        if place in self.row.merged:
            self.problem(column, "merged")
            return ""
        raw = self.row.cells[place] if place is not None and place < len(self.row.cells) else ""
        if not raw:
            return ""
        plain = raw.isprintable() and is_normalized("NFC", raw)
        text = raw.strip() if plain else clean(raw)
        if len(text) != len(raw.strip()):
            self.warn(column, "cleaned")
        for slip, meant in PLAN_SLIPS.items():
            if slip in text:
                self.warn(column, "slip_mended", value=slip, other=meant)
                text = text.replace(slip, meant)
        return text

    def needed(self, column: str, reader: Callable[[str], Value]) -> Value | None:
        """The cell's value; an empty cell is a problem."""
        text = self.text(column)
        if not text:
            if self._places.get(column) not in self.row.merged:
                self.problem(column, "missing")
            return None
        return self._value(column, text, reader)

    def optional(self, column: str, reader: Callable[[str], Value], blank: Value) -> Value:
        """The cell's value, or `blank` when it is empty or cannot be read (then a problem too)."""
        text = self.text(column)
        found = self._value(column, text, reader) if text else None
        return blank if found is None else found

    def _value(self, column: str, text: str, reader: Callable[[str], Value]) -> Value | None:
        try:
            refuse_errors(text)
            return reader(text)
        except CellProblem as trouble:
            self.problem(column, trouble.code, **trouble.details)
            return None

    def problem(self, column: str, code: str, **details: str | int) -> None:
        """The row cannot be taken."""
        self.problems.append(self._finding(column, code, details))

    def warn(self, column: str, code: str, **details: str | int) -> None:
        """The row is taken, with a word."""
        self.warnings.append(self._finding(column, code, details))

    def _finding(self, column: str, code: str, details: dict[str, str | int]) -> Finding:
        place = self._places.get(column)
        heading = self._headings[place] if place is not None else column
        words = sentence(code, details)
        return Finding(self.row.number, heading, code, words, self.row.text, details)
