"""What a till holds of prices and people, read from the bytes it keeps and by other rules than the
program's: which version of head office's counts, and what the shop itself said.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.facts.base import Fact, wire_name
from app.facts.pricing import PriceListSet, PriceListWithdrawn
from app.facts.registry import decode_fact
from app.facts.staff import StaffSet
from app.journal.entry import decode_envelope
from app.journal.feeds import decoded, fact_in

if TYPE_CHECKING:
    from tests.simulation.till_node import TillNode

Rank = tuple[int, int, str, int]
"""Head office before the shop, then the later one."""
KINDS = (PriceListSet, PriceListWithdrawn)


@dataclass
class Held:
    """Everything that counts at one till from `since_ms` on (the heap's time)."""

    base: dict[str, int]
    since_ms: int = 0
    lists: dict[tuple[bool, str], tuple[Rank, PriceListSet]] = field(default_factory=dict)
    gone: set[tuple[bool, str]] = field(default_factory=set)
    roles: dict[str, str] = field(default_factory=dict)

    def price(self, product: str, moment: int) -> int:
        """Fen for one, as of a moment."""
        best: tuple[Rank, int] | None = None
        for name, (rank, said) in self.lists.items():
            ends = said.to_ms or moment + 1
            if name in self.gone or not said.from_ms <= moment < ends:
                continue
            for line in said.lines:
                if line.product == product and (best is None or rank > best[0]):
                    best = rank, line.price
        return self.base[product] if best is None else best[1]

    def take(self, fact: Fact, rank: Rank) -> None:
        """One more fact that counts."""
        ours = bool(rank[0])
        match fact:
            case PriceListSet():
                self.lists[ours, fact.document] = rank, fact
            case PriceListWithdrawn():
                self.gone.add((ours, fact.document))
            case StaffSet() if ours:
                self.roles[fact.person] = fact.role


def held_at(till: "TillNode") -> Held:
    """What counts at a till now."""
    held = Held(till.world.prices, till.heap.now)
    for fact, rank in [*_of_the_shop(till), *_of_head_office(till)]:
        held.take(fact, rank)
    return held


def _of_the_shop(till: "TillNode") -> Iterator[tuple[Fact, Rank]]:
    names = [wire_name(kind) for kind in KINDS]
    rows = till.rows("SELECT content FROM entry WHERE kind IN (?, ?)", *names)
    for (content,) in rows:
        said = decode_envelope(content)
        yield decode_fact(said.kind, content), (0, said.order, said.journal, said.seq)


def _of_head_office(till: "TillNode") -> Iterator[tuple[Fact, Rank]]:
    rows = till.rows("SELECT content FROM received_feed WHERE state = 'applied'"
                     " AND scope IN ('prices', 'staff') ORDER BY scope, arrived")  # fmt: skip
    for (content,) in rows:
        for one in decoded(bytes(content)).facts:
            yield fact_in(one), (1, one.order, "", 0)
