"""What all facts share, and how a kind is named on the wire: "sale_completed@1"."""

import re
from typing import ClassVar

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of a fact: a sale's line, a line's lot."""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened in a shop. Its identity is in the entry's envelope."""

    VERSION: ClassVar[int] = 1
    shop: str
    """The shop it happened in; every row this fact makes starts with it."""


class TillFact(Fact, frozen=True, kw_only=True):
    """A fact of one till in one business day and shift ("" while there is none)."""

    till: str
    day: str = ""
    shift: str = ""


def kind_of(fact: type[Fact]) -> str:
    """The name on the wire: SaleCompleted -> "sale_completed"."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", fact.__name__).lower()


def wire_name(fact: type[Fact]) -> str:
    """Kind and version together: "sale_completed@1"."""
    return f"{kind_of(fact)}@{fact.VERSION}"
