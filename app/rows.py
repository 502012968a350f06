"""What a fact means, as changes to tables: rows, sums of rows, and registers.

`apply` functions yield these and decide nothing, so facts may arrive in any order:

* a `Row` is keyed by the fact's own id and inserted once;
* a `Sum` adds whole numbers to the row of its key (it equals a GROUP BY of rows, see `SumOf`);
* a `Register` is keyed by (shop, owner, key) and the highest version wins.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import MetaData, Table

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of a till. `info["kind"]` says meaning, received or local."""

MEANING = {"kind": "meaning"}
"""Rebuilt from entries."""
RECEIVED = {"kind": "received"}
"""Feed versions and siblings' entries, kept as bytes."""
HUB = "hub"
"""The owner of register rows that head office sent; a shop's own rows name the shop."""
LOCAL = {"kind": "local"}
"""Drafts, print jobs, acks, secrets: backed up, never rebuilt."""


class Envelope(msgspec.Struct, frozen=True):
    """What an entry says around its fact, in the order it is written."""

    v: int
    journal: str
    seq: int
    prev: str
    fact: str
    kind: str
    order: int
    """Trusted UTC milliseconds; with journal and seq it is the order key."""
    wall: int
    staff: str
    app: str


def version_of(entry: Envelope) -> str:
    """The order key as text that sorts: registers keep the row with the highest one."""
    return f"{entry.order:014d}.{entry.journal}.{entry.seq:010d}"


@dataclass(frozen=True, slots=True)
class Row:
    """Insert this row."""

    table: Table
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sum:
    """Add `deltas` to the row with `key`, which starts at nought."""

    table: Table
    key: dict[str, Any]
    deltas: dict[str, int]


@dataclass(frozen=True, slots=True)
class Register:
    """Set the row of this owner and key unless a higher version stands there already."""

    table: Table
    values: dict[str, Any]
    """All columns, `version` included."""


@dataclass(frozen=True, slots=True)
class SumOf:
    """A promise `verify` checks: `table` equals `source` grouped by the table's key."""

    table: Table
    source: Table
    columns: dict[str, str]
    """Sum column -> column of the source that is added up."""


Change = Row | Sum | Register
Apply = Callable[[Envelope, Any], Iterable[Change]]
"""(envelope, fact) -> changes. Pure: no clock, no refusing, no reading of tables."""
