"""What counted entries come to: sums, moments, what must be counted again. Pure.

An entry adds or sets; one that was taken back never was. What somebody counted of an article in
several zones is one sum, and its moment is that of its last entry. Goods that moved between its
first entry and its last, or so near to one of them that two clocks cannot say which came first,
make the sum worthless: such an article is counted again.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from app.money import divide_half_up

MOVED, DOUBLED, VALUE = "moved", "doubled", "value"
"""Why an article is counted again: goods moved meanwhile, two people counted one shelf, the
difference is worth more than the shop lets pass."""


class Entry(msgspec.Struct, frozen=True):
    """One hand's finding. Quantity in thousandths; `order_ms`, `journal`, `seq`: its order key.

    `since_ms` is not 0 where nobody knows when between then and the entry it was counted.
    """

    fact: str
    zone: str
    product: str
    lot: str
    quantity: int
    replaces: int
    recount: int
    undoes: str
    since_ms: int
    bundle: str
    known: int
    counter: str
    sheet: int
    paper: str
    order_ms: int
    journal: str
    seq: int


class Moved(msgspec.Struct, frozen=True):
    """Goods that moved while they were counted."""

    product: str
    place: str
    journal: str
    order_ms: int


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted of an article in one place, all zones together."""

    product: str
    place: str
    told: Mapping[str, int]
    """By lot, where the label said one."""
    loose: int | None
    """What came without a lot, None when every entry said one."""
    entries: tuple[Entry, ...]
    """Those that count, in their order."""
    counters: frozenset[str]
    """Everybody who counted it, those whose figure was set anew included."""
    confirmed: bool
    """Whether its last word is a second person's."""

    @property
    def quantity(self) -> int:
        return sum(self.told.values()) + (self.loose or 0)

    @property
    def moment(self) -> int:
        """The order key's first part of the last entry."""
        return self.entries[-1].order_ms

    @property
    def zones(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.zone for each in self.entries))


class LotAt(msgspec.Struct, frozen=True):
    """A lot as the books knew it at a count's moment."""

    lot: str
    book: int
    batch: str = ""
    expires: str = ""
    received_ms: int = 0


def standing(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that nobody took back, in their order."""
    ordered = sorted(entries, key=lambda each: (each.order_ms, each.journal, each.seq))
    undone = {each.undoes for each in ordered if each.undoes}
    return [each for each in ordered if not each.undoes and each.fact not in undone]


def last_of(entries: Iterable[Entry], counter: str) -> list[Entry]:
    """What this person would take back: their last entry that stands, a kit's parts together."""
    own = [each for each in standing(entries) if each.counter == counter]
    if not own or not own[-1].bundle:
        return own[-1:]
    return [each for each in own if each.bundle == own[-1].bundle]


def found(entries: Iterable[Entry], places: Mapping[str, str]) -> list[Found]:
    """Every article that was counted, in the order in which it was met first.

    `places` says to which place's books a zone belongs.
    """
    groups: dict[tuple[str, str], list[Entry]] = {}
    for each in standing(entries):
        if each.known:
            groups.setdefault((each.product, places[each.zone]), []).append(each)
    return [_found(product, place, group) for (product, place), group in groups.items()]


def _found(product: str, place: str, group: Sequence[Entry]) -> Found:
    counting: list[Entry] = []
    for each in group:
        if each.replaces:
            counting = [one for one in counting if not _voids(each, one)]
        counting.append(each)
    told: dict[str, int] = {}
    loose: int | None = None
    for each in counting:
        if each.lot:
            told[each.lot] = told.get(each.lot, 0) + each.quantity
        else:
            loose = (loose or 0) + each.quantity
    return Found(
        product=product,
        place=place,
        told=told,
        loose=loose,
        entries=tuple(counting),
        counters=frozenset(each.counter for each in group),
        confirmed=all(
            _second_word(zone, counting, group) for zone in {one.zone for one in counting}
        ),
    )


def _voids(setting: Entry, before: Entry) -> bool:
    """Whether a figure that was set anew stands for an earlier entry as well."""
    return setting.zone == before.zone and setting.lot in ("", before.lot)


def _second_word(zone: str, counting: Sequence[Entry], group: Sequence[Entry]) -> bool:
    """Whether a zone's figure was set anew by somebody else than who counted it before."""
    here = [each for each in counting if each.zone == zone]
    settings = [each for each in here if each.replaces]
    if not settings or any(each.order_ms < settings[0].order_ms for each in here):
        return False
    before = {each.counter for each in group if each.zone == zone and each not in here}
    return bool(before) and bool({each.counter for each in settings} - before)


def doubled(entries: Iterable[Entry], places: Mapping[str, str]) -> list[tuple[str, str]]:
    """(zone, article) that two people counted on one shelf, and nobody has settled since."""
    pairs: dict[tuple[str, str], set[str]] = {}
    for each in found(entries, places):
        for entry in each.entries:
            pairs.setdefault((entry.zone, each.product), set()).add(entry.counter)
    return [pair for pair, counters in pairs.items() if len(counters) > 1]


def moved_meanwhile(one: Found, moves: Iterable[Moved], error_ms: int) -> bool:
    """Whether goods moved between its entries, or too near to one of them to say which was first.

    Within one journal there is no doubt; between two there are two clocks.
    """
    for move in moves:
        after = [_follows(move, entry, error_ms) for entry in one.entries]
        if None in after or len(set(after)) > 1:
            return True
    return False


def _follows(move: Moved, entry: Entry, error_ms: int) -> bool | None:
    """Whether goods moved after an entry; None when nobody can tell."""
    doubt = error_ms if move.journal != entry.journal else 0
    if entry.since_ms and entry.since_ms - doubt <= move.order_ms <= entry.order_ms:
        return None
    apart = move.order_ms - entry.order_ms
    return None if doubt and abs(apart) <= doubt else apart > 0


def spread(one: Found, lots: Sequence[LotAt], day: str) -> dict[str, int]:
    """What was counted, by lot, in thousandths; lots nobody told of keep their place in the books.

    Where a label said a batch that came more than once, all lots of that batch share it; what came
    without a lot goes to all that were not told.
    """
    counted: dict[str, int] = {}
    batches = {each.lot: each.batch for each in lots}
    for lot, quantity in one.told.items():
        batch = batches.get(lot, "")
        same = [
            each
            for each in lots
            if each.lot == lot or (batch and each.batch == batch and each.lot not in one.told)
        ]
        _fill(counted, same or [LotAt(lot, 0)], quantity, day)
    if one.loose is not None:
        rest = [each for each in lots if each.lot and each.lot not in counted]
        _fill(counted, rest or [each for each in lots if each.lot in counted], one.loose, day)
        # Says that the article was counted whole (see CountedLine).
        counted.setdefault("", 0)
    return counted


def _fill(counted: dict[str, int], lots: Sequence[LotAt], quantity: int, day: str) -> None:
    """Share a quantity over lots, the last to leave first: what is missing is missing of the lot
    tills take from. Lots past their date come before all others, for no till sells from them, so
    they are still there. What is left over goes to the newest lot."""
    left = quantity
    for each in sorted(lots, key=lambda each: _leaves(each, day), reverse=True):
        share = min(max(each.book - counted.get(each.lot, 0), 0), left)
        counted[each.lot] = counted.get(each.lot, 0) + share
        left -= share
    if left:
        fresh = [each for each in lots if not each.expires or each.expires >= day] or lots
        last = max(fresh, key=lambda each: _leaves(each, day), default=None)
        newest = last.lot if last else ""
        counted[newest] = counted.get(newest, 0) + left


def _leaves(lot: LotAt, day: str) -> tuple[bool, str, int, str]:
    """In which order lots leave the shelf; those past their date stay longest."""
    past = bool(lot.expires) and lot.expires < day
    return past, lot.expires or "9999", lot.received_ms, lot.lot


def value_of(quantity: int, unit_cost: int) -> int:
    """Thousandths at 1/10000 fen per unit, in fen, half-up."""
    return divide_half_up(quantity * unit_cost, 10_000_000)
