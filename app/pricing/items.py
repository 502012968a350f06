"""Promotions on single goods: special price, percent, 第N件, buy and get, sets, member price.

A line takes part in one promotion of a stacking class; of those that exclude each other the ones
that together take most off are chosen (among five rules that count across lines, every
combination is tried). Which line stands where in the basket never changes a total.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import msgspec

from app.facts.pricing import Promotion
from app.money import line_amount, split
from app.pricing.lines import Working, price_after

ITEM_KINDS = ("item_price", "percent", "nth", "buy_get", "kit")
MOST_TRIED = 5
"""Rules across lines whose every combination is tried; of more, those that take most off."""


class Piece(msgspec.Struct, frozen=True):
    """One counted piece and the place of its line."""

    price: int
    place: int


class Taken(msgspec.Struct, frozen=True):
    """What a promotion takes off which line (negative fen), and how often it was used."""

    offs: Mapping[int, int]
    """By line; 0 where its pieces counted and nothing came off them."""
    times: int

    @property
    def total(self) -> int:
        return sum(self.offs.values())


NOTHING = Taken({}, 0)
Lines = Sequence[Working]
Places = Sequence[int]


def class_of(promotion: Promotion) -> str:
    """Its stacking class: its own, or its kind's."""
    if promotion.stacking:
        return promotion.stacking
    if promotion.kind in ITEM_KINDS:
        return "item"
    if promotion.kind == "spend_get":
        return "code" if promotion.needs_code else "basket"
    return promotion.kind


def by_class(promotions: Sequence[Promotion]) -> list[tuple[str, list[Promotion]]]:
    """Classes in the order of their names, the promotions of each by code."""
    classes: dict[str, list[Promotion]] = {}
    for promotion in sorted(promotions, key=lambda each: each.code):
        classes.setdefault(class_of(promotion), []).append(promotion)
    return sorted(classes.items())


def meant(promotion: Promotion, work: Working) -> bool:
    """Whether the line is among the goods this promotion speaks of, and may be reduced by it."""
    line = work.line
    if not line.reducible or promotion.code not in line.promotions:
        return False
    if promotion.kind == "kit":
        return any(part.product == line.product for part in promotion.parts)
    return (
        not promotion.products
        or line.product in promotion.products
        or line.product in promotion.gifts
    )


def apply_items(lines: Lines, promotions: Sequence[Promotion], used: dict[str, int]) -> None:
    """Lower every line by the best of each class of item promotions."""
    wanted = [each for each in promotions if each.kind in ITEM_KINDS]
    order = sorted(range(len(lines)), key=lambda place: lines[place].sort_key())
    for name, rules in by_class(wanted):
        for promotion, taken in _best(lines, order, rules):
            used[promotion.code] = used.get(promotion.code, 0) + taken.times
            _lower(lines, promotion, taken, name)


def _lower(lines: Lines, promotion: Promotion, taken: Taken, name: str) -> None:
    for place, off in sorted(taken.offs.items()):
        work = lines[place]
        alike = _alone(promotion) and work.piece is not None
        work.reduce(promotion.code, "promotion", promotion.name, off)
        work.piece = work.net // work.pieces if alike else None
        work.promoted = True
        work.classes.add(name)


def _alone(promotion: Promotion) -> bool:
    """Whether it looks at each line for itself."""
    return promotion.kind in ("item_price", "percent") and not promotion.basket_cap


Choice = list[tuple[Promotion, Taken]]


def _best(lines: Lines, order: Places, rules: Sequence[Promotion]) -> Choice:
    """The promotions of one class that together take most off; of equals the fewest, then the
    first by code."""
    across = [each for each in rules if not _alone(each)]
    if len(across) > MOST_TRIED:
        across.sort(key=lambda each: (_taken(lines, order, each).total, each.code))
        across = sorted(across[:MOST_TRIED], key=lambda each: each.code)
    alone = [each for each in rules if _alone(each)]
    best: Choice = []
    lowest = 0
    for size in range(len(across) + 1):
        for chosen in combinations(across, size):
            found = _together(lines, order, chosen, alone)
            total = sum(taken.total for _, taken in found)
            if total < lowest:
                best, lowest = found, total
    return best


def _together(
    lines: Lines, order: Places, chosen: Sequence[Promotion], alone: Sequence[Promotion]
) -> Choice:
    free = list(order)
    found: Choice = []
    for promotion in chosen:
        taken = _taken(lines, free, promotion)
        if taken.total < 0:
            found.append((promotion, taken))
            free = [place for place in free if place not in taken.offs]
    singles: dict[str, dict[int, int]] = {}
    for place in free:
        offs = [(_single(lines[place], each), each.code) for each in alone]
        off, code = min(offs, default=(0, ""))
        if off < 0:
            singles.setdefault(code, {})[place] = off
    for promotion in alone:
        if offs_of := singles.get(promotion.code):
            times = sum(max(lines[place].pieces, 1) for place in offs_of)
            found.append((promotion, Taken(offs_of, times)))
    return found


def _single(work: Working, promotion: Promotion) -> int:
    """What item price or percent takes off one whole line, 0 or negative."""
    if not meant(promotion, work):
        return 0
    if work.piece is not None:
        return (_lowered(work.piece, promotion) - work.piece) * work.pieces
    if promotion.price >= 0:
        return min(line_amount(promotion.price, work.line.quantity) - work.net, 0)
    return price_after(work.net, promotion.permille) - work.net


def _lowered(price: int, promotion: Promotion) -> int:
    """A piece's price under the promotion, never above what it was."""
    if promotion.price >= 0:
        return min(price, promotion.price)
    return price_after(price, promotion.permille)


def _taken(lines: Lines, places: Places, promotion: Promotion) -> Taken:
    """What a rule across lines takes off, if it had these lines to itself."""
    of = [place for place in places if meant(promotion, lines[place])]
    return _ACROSS[promotion.kind](promotion, lines, of)


def _pieces(lines: Lines, places: Places) -> list[Piece]:
    """Counted pieces, the dearest first; lines in their canonical order where prices are equal."""
    return [
        Piece(price, place)
        for place in sorted(places, key=lambda each: -(lines[each].piece or 0))
        if (price := lines[place].piece) is not None
        for _ in range(lines[place].pieces)
    ]


def _rounds(promotion: Promotion, possible: int) -> int:
    return min(possible, promotion.basket_cap) if promotion.basket_cap else possible


def _shared(pieces: Sequence[Piece], off: int, times: int) -> Taken:
    """`off` over the lines of these pieces, by what the pieces cost."""
    if off >= 0:
        return NOTHING
    weights: dict[int, int] = {}
    for piece in pieces:
        weights[piece.place] = weights.get(piece.place, 0) + piece.price
    shares = split(off, list(weights.values()))
    return Taken(dict(zip(weights, shares, strict=True)), times)


def _capped(promotion: Promotion, lines: Lines, places: Places) -> Taken:
    """Item price or percent on so many pieces at most: those it lowers most, a weighed line
    counting as one piece."""
    offs: list[tuple[int, int]] = []
    for at, place in enumerate(places):
        work = lines[place]
        if work.piece is None:
            offs.append((_single(work, promotion), at))
        else:
            offs += [(_lowered(work.piece, promotion) - work.piece, at)] * work.pieces
    found: dict[int, int] = {}
    lowest = [each for each in sorted(offs) if each[0] < 0][: promotion.basket_cap]
    for off, at in lowest:
        found[places[at]] = found.get(places[at], 0) + off
    return Taken(found, len(lowest))


def _nth(promotion: Promotion, lines: Lines, places: Places) -> Taken:
    """Every n-th piece is lowered: the cheapest of each n, the dear ones going together."""
    pieces, n = _pieces(lines, places), promotion.n
    times = _rounds(promotion, len(pieces) // n)
    counted = pieces[: times * n]
    off = sum(_lowered(each.price, promotion) - each.price for each in counted[n - 1 :: n])
    return _shared(counted, off, times)


def _buy_get(promotion: Promotion, lines: Lines, places: Places) -> Taken:
    """The cheapest of each full round are free, or so many gifts for each `n` bought."""
    n, get = promotion.n, promotion.get
    if not promotion.gifts:
        pieces = _pieces(lines, places)
        times = _rounds(promotion, len(pieces) // (n + get))
        counted = pieces[: times * (n + get)]
        free = [each for at, each in enumerate(counted) if at % (n + get) >= n]
        return _shared(counted, -sum(each.price for each in free), times)
    gift = set(promotion.gifts)
    gifts = _pieces(lines, [each for each in places if lines[each].line.product in gift])
    bought = _pieces(lines, [each for each in places if lines[each].line.product not in gift])
    times = _rounds(promotion, min(len(bought) // n, len(gifts) // get))
    free = gifts[: times * get]
    return _shared([*bought[: times * n], *free], -sum(each.price for each in free), times)


def _kit(promotion: Promotion, lines: Lines, places: Places) -> Taken:
    """Whole sets at the set's price, the dearest pieces of each part first."""
    of: dict[str, list[Piece]] = {
        part.product: _pieces(
            lines, [each for each in places if lines[each].line.product == part.product]
        )
        for part in promotion.parts
    }
    possible = min(len(of[part.product]) // part.pieces for part in promotion.parts)
    times = _rounds(promotion, possible)
    counted = [
        piece for part in promotion.parts for piece in of[part.product][: times * part.pieces]
    ]
    alone = sum(piece.price for piece in counted)
    return _shared(counted, times * promotion.price - alone, times)


_ACROSS: dict[str, Callable[[Promotion, Lines, Places], Taken]] = {
    "item_price": _capped,
    "percent": _capped,
    "nth": _nth,
    "buy_get": _buy_get,
    "kit": _kit,
}


def apply_member(lines: Lines, promotions: Sequence[Promotion], used: dict[str, int]) -> None:
    """Member price on every line no item promotion has lowered: the best of all there are."""
    wanted = [each for each in promotions if each.kind == "member"]
    for work in lines:
        offs = [] if work.promoted else [(_single(work, each), each.code) for each in wanted]
        off, code = min(offs, default=(0, ""))
        if off < 0:
            best = next(each for each in wanted if each.code == code)
            work.reduce(code, "member", best.name, off)
            if work.piece is not None:
                work.piece = work.net // work.pieces
            work.classes.add(class_of(best))
            used[code] = used.get(code, 0) + max(work.pieces, 1)
