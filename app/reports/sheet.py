"""A report as plain data: columns, rows, what its sums were held against, and what is drawn.

Window, PDF and Excel show these very rows. Amounts in fen, quantities in thousandths, costs in
1/10000 fen per unit, rates in thousandths.
"""

from typing import Literal

import msgspec

from app.errors import Refusal
from app.money import yuan
from app.quantity import shown
from app.stock.costs import cost_shown

Kind = Literal["text", "day", "count", "quantity", "money", "cost", "rate"]
FIGURES: tuple[Kind, ...] = ("count", "quantity", "money", "cost", "rate")
Value = int | str | None
"""None: nothing can be said (no margin without the right, no change from nothing)."""


class Column(msgspec.Struct, frozen=True):
    """One column; `word` is its Chinese title."""

    name: str
    word: str
    kind: Kind = "text"
    wide: bool = False
    """Takes the room that is left."""

    @property
    def figure(self) -> bool:
        return self.kind in FIGURES


GOODS_COLUMNS = (Column("label", "品名", wide=True), Column("product", "货号"))
"""What a row of goods begins with."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One row. `said` is how the row narrows the question down to its receipts."""

    key: str
    values: dict[str, Value]
    weighed: bool = False
    said: dict[str, str] = {}
    warn: bool = False


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """What the report's sums were held against."""

    ok: bool
    against: str
    """journal, turnover, takings, movements, rows."""
    ours: tuple[int, ...] = ()
    theirs: tuple[int, ...] = ()
    kinds: tuple[Kind, ...] = ()
    """What each of these figures is, where they are not money."""
    damaged: frozenset[str] = frozenset()
    """Facts whose entries are not what was signed: `theirs` is what the sound ones say."""
    within: tuple[str, str] = ("", "")
    """First and last day of the week these figures are of, where they are not the report's own."""
    weekly: tuple[int, int] = (0, 0)
    """How many days of a long range were held against their entries so far, and of how many."""


class Series(msgspec.Struct, frozen=True):
    """Figures in the order of the chart's labels; None where there is nothing to draw."""

    name: str
    values: tuple[int | None, ...]


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """What is drawn. A heat-map has one series for each of its rows."""

    kind: Literal["bars", "columns", "line", "heat"]
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: Kind = "money"


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A whole report."""

    name: str
    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...] = ()
    totals: dict[str, Value] = {}
    before: dict[str, Value] = {}
    """Totals of the range it is compared with, where there is one."""
    check: Check
    chart: Chart | None = None
    first: str = ""
    last: str = ""
    compared: tuple[str, str] = ("", "")
    left_out: int = 0
    """Rows that are not shown because there are too many."""

    def line(self, key: str) -> Line:
        """A row by its key. Raises Refusal("report_filter")."""
        found = next((each for each in self.lines if each.key == key), None)
        if found is None:
            raise Refusal("report_filter", text=key[:20])
        return found

    def table(self) -> list[tuple[str, ...]]:
        """Every cell as plain text, the titles of the columns first."""
        head = tuple(column.word for column in self.columns)
        return [head, *(self.cells(line) for line in self.lines)]

    def cells(self, line: Line) -> tuple[str, ...]:
        """A line as plain text."""
        return tuple(
            cell_text(column, line.values.get(column.name), weighed=line.weighed)
            for column in self.columns
        )


def cell_text(column: Column, value: Value, *, weighed: bool = False) -> str:
    """A value for records, consoles and files; "" where nothing can be said."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    match column.kind:
        case "money":
            return yuan(value)
        case "cost":
            return cost_shown(value)
        case "quantity":
            return shown(value, weighed=weighed)
        case "rate":
            return f"{'-' if value < 0 else ''}{abs(value) // 10}.{abs(value) % 10}"
        case _:
            return str(value)


def number(value: Value) -> int:
    """A figure to count with: nothing counts as nought."""
    return value if isinstance(value, int) else 0


def number_or_none(value: Value) -> int | None:
    """A figure where there is one."""
    return value if isinstance(value, int) else None
