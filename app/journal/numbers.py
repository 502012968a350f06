"""Receipt numbers have no gaps: what of an entry says so, and the check."""

import msgspec

from app.facts.base import wire_name
from app.facts.sales import RefundCompleted, SaleCompleted
from app.journal.problems import Problem
from app.rows import Envelope


class Numbered(msgspec.Struct, frozen=True):
    """A receipt's number and what it counts in, with the place of its entry."""

    shop: str
    till: str
    day: str
    series: str
    sequence: int
    number: str
    journal: str
    seq: int

    @property
    def counted_in(self) -> tuple[str, str, str, str]:
        """Numbers begin at 1 in each of these."""
        return self.shop, self.till, self.day, self.series


NUMBERED = frozenset({wire_name(SaleCompleted), wire_name(RefundCompleted)})
"""Only sales and refunds carry numbers, and share them."""
read_number = msgspec.json.Decoder(Numbered).decode
"""From an entry's bytes, which hold the fields of envelope and fact side by side."""


class NumberCheck:
    """Receipt numbers of one till, day and series are 1, 2, 3… in the order of the sales."""

    def __init__(self, *, from_the_middle: bool = False) -> None:
        """`from_the_middle`: the first number of each series is somebody else's to judge."""
        self._from_the_middle = from_the_middle
        self.firsts: dict[tuple[str, str, str, str], Numbered] = {}
        self.lasts: dict[tuple[str, str, str, str], int] = {}
        self.problems: list[Problem] = []

    def take(self, envelope: Envelope, content: bytes) -> None:
        """Look at one entry's number, if its kind carries one."""
        if envelope.kind in NUMBERED:
            self.note(read_number(content))

    def note(self, numbered: Numbered, most: int = 0) -> None:
        """The next number; `most` is the highest that came with it."""
        key = numbered.counted_in
        first = self.firsts.setdefault(key, numbered)
        last = self.lasts.get(key, 0)
        code = {0: "number_twice", 1: ""}.get(numbered.sequence - last, "")
        if numbered.sequence > last + 1:
            code = "number_missing"
        elif numbered.sequence < last:
            code = "number_out_of_order"
        if code and not (self._from_the_middle and first is numbered):
            detail = f"{numbered.number} after {last}"
            self.problems.append(Problem(code, numbered.journal, numbered.seq, detail))
        self.lasts[key] = max(last, numbered.sequence, most)
