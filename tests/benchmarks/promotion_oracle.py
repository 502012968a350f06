"""Promotions worked out a second time, in fractions and piece by piece, from the shop's rules.

Every piece is an object of its own here, and of every stacking class every combination of rules
that count across lines is tried. The till's own code is used for nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, combinations
from math import floor

from app.facts.pricing import Promotion
from app.pricing.lines import LineToPrice


def half_up(exact: Fraction) -> int:
    """To the nearest fen; exactly half goes up."""
    return floor(exact + Fraction(1, 2))


def shared(total: int, weights: Sequence[int]) -> list[int]:
    """A whole number of fen by largest remainder; of equal remainders the earlier line's wins."""
    whole = sum(weights)
    if total == 0 or whole == 0:
        return [0] * len(weights)
    exact = [Fraction(abs(total)) * weight / whole for weight in weights]
    parts = [floor(part) for part in exact]
    left = abs(total) - sum(parts)
    wanting = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in wanting[:left]:
        parts[at] += 1
    return [part if total > 0 else -part for part in parts]


@dataclass
class Row:
    """One line as it goes down."""

    line: LineToPrice
    net: int
    each: Fraction | None
    """What every piece costs, while every piece costs the same."""
    promoted: bool = False
    had: set[str] = field(default_factory=set)

    @property
    def pieces(self) -> int:
        return 0 if self.line.weighed else self.line.quantity // 1000

    def is_meant(self, rule: Promotion) -> bool:
        if not self.line.reducible or rule.code not in self.line.promotions:
            return False
        if rule.kind == "kit":
            return self.line.product in [part.product for part in rule.parts]
        named = {*rule.products, *rule.gifts}
        return not rule.products or self.line.product in named


def rank(row: Row) -> tuple[object, ...]:
    """Dear goods first; then all that can be told about a line but its place."""
    line = row.line
    return (
        0 if row.each is None else -row.each, line.product, -line.quantity, line.list_price,
        row.net, line.discount.permille, line.discount.amount, line.reducible,
        sorted(line.promotions),
    )  # fmt: skip


def class_of(rule: Promotion) -> str:
    own = {"spend_get": "code" if rule.needs_code else "basket", "swap": "swap", "member": "member"}
    return rule.stacking or own.get(rule.kind, "item")


def classes(rules: Sequence[Promotion]) -> Iterator[tuple[str, list[Promotion]]]:
    for name in sorted({class_of(rule) for rule in rules}):
        found = [rule for rule in rules if class_of(rule) == name]
        yield name, sorted(found, key=lambda rule: rule.code)


def lowered(each: Fraction, rule: Promotion) -> Fraction:
    """What a piece at this price costs under the rule."""
    if rule.price >= 0:
        return min(each, Fraction(rule.price))
    return Fraction(half_up(each * (1000 - rule.permille) / 1000))


def off_whole_line(row: Row, rule: Promotion) -> int:
    """Fen off (positive) when the rule holds for every piece, or the whole weight."""
    if not row.is_meant(rule):
        return 0
    if row.each is not None:
        return int((row.each - lowered(row.each, rule)) * row.pieces)
    if rule.price >= 0:
        return max(0, row.net - half_up(Fraction(rule.price * row.line.quantity, 1000)))
    return row.net - half_up(Fraction(row.net * (1000 - rule.permille), 1000))


Offs = dict[int, int]
Found = tuple[Offs, set[int]]
"""Fen off by place; places whose pieces counted."""


def spread(pieces: Sequence[tuple[Fraction, int]], off: Fraction) -> Found:
    if off <= 0:
        return {}, set()
    places = list(dict.fromkeys(place for _, place in pieces))
    weights = [int(sum(each for each, at in pieces if at == place)) for place in places]
    return dict(zip(places, shared(int(off), weights), strict=True)), set(places)


def across(rows: Sequence[Row], free: Sequence[int], rule: Promotion) -> Found:
    """What a rule that counts pieces over lines takes off, and which lines took part."""
    places = [place for place in free if rows[place].is_meant(rule)]
    if rule.kind in ("item_price", "percent"):
        return only_so_many(rows, places, rule)
    pieces = sorted(
        ((each, place) for place in places if (each := rows[place].each) is not None
         for _ in range(rows[place].pieces)),
        key=lambda piece: -piece[0],
    )  # fmt: skip
    most = rule.basket_cap or 10**9
    if rule.kind == "nth":
        rounds = min(len(pieces) // rule.n, most)
        part = pieces[: rounds * rule.n]
        off = sum(
            (each - lowered(each, rule) for each, _ in part[rule.n - 1 :: rule.n]), Fraction()
        )
        return spread(part, off)
    if rule.kind == "kit":
        of = {
            part.product: [piece for piece in pieces if rows[piece[1]].line.product == part.product]
            for part in rule.parts
        }
        sets = min(most, *(len(of[part.product]) // part.pieces for part in rule.parts))
        part = [one for kit in rule.parts for one in of[kit.product][: sets * kit.pieces]]
        return spread(part, sum((each for each, _ in part), Fraction()) - sets * rule.price)
    if rule.gifts:
        gifts = [piece for piece in pieces if rows[piece[1]].line.product in rule.gifts]
        bought = [piece for piece in pieces if piece not in gifts]
        rounds = min(len(bought) // rule.n, len(gifts) // rule.get, most)
        free_ones = gifts[: rounds * rule.get]
        part = bought[: rounds * rule.n] + free_ones
    else:
        size = rule.n + rule.get
        rounds = min(len(pieces) // size, most)
        part = pieces[: rounds * size]
        free_ones = [part[at] for at in range(len(part)) if at % size >= rule.n]
    return spread(part, sum((each for each, _ in free_ones), Fraction()))


def only_so_many(rows: Sequence[Row], places: Sequence[int], rule: Promotion) -> Found:
    """Special price or percent on a number of pieces: those on which it saves most."""
    savings: list[tuple[int, int, int]] = []
    for at, place in enumerate(places):
        row = rows[place]
        one = off_whole_line(row, rule)
        if row.each is None:
            savings.append((-one, at, place))
        else:
            savings += [(-int(row.each - lowered(row.each, rule)), at, place)] * row.pieces
    offs: Offs = {}
    for off, _, place in [each for each in sorted(savings) if each[0] < 0][: rule.basket_cap]:
        offs[place] = offs.get(place, 0) - off
    return offs, set(offs)


def on_its_own(rule: Promotion) -> bool:
    return rule.kind in ("item_price", "percent") and not rule.basket_cap


def item_stage(rows: Sequence[Row], rules: Sequence[Promotion]) -> None:
    """The best of each class: every set of rules across lines, and the best single rule for what
    they leave."""
    order = sorted(range(len(rows)), key=lambda place: rank(rows[place]))
    kinds = ("item_price", "percent", "nth", "buy_get", "kit")
    for name, of_class in classes([rule for rule in rules if rule.kind in kinds]):
        wide = [rule for rule in of_class if not on_its_own(rule)]
        narrow = [rule for rule in of_class if on_its_own(rule)]
        tried = chain.from_iterable(combinations(wide, n) for n in range(len(wide) + 1))
        outcomes = [one_way(rows, order, chosen, narrow) for chosen in tried]
        best = min(outcomes, key=lambda outcome: -sum(off for _, off, _ in outcome))
        if sum(off for _, off, _ in best) > 0:
            take(rows, best, name)


Step = tuple[int, int, bool]
"""Place, fen off, whether every piece still costs the same."""


def one_way(
    rows: Sequence[Row],
    order: Sequence[int],
    chosen: Sequence[Promotion],
    narrow: Sequence[Promotion],
) -> list[Step]:
    free, steps = list(order), list[Step]()
    for rule in chosen:
        offs, touched = across(rows, free, rule)
        if sum(offs.values()) > 0:
            steps += [(place, offs.get(place, 0), False) for place in touched]
            free = [place for place in free if place not in touched]
    for place in free:
        off = max((off_whole_line(rows[place], rule) for rule in narrow), default=0)
        if off > 0:
            steps.append((place, off, rows[place].each is not None))
    return steps


def take(rows: Sequence[Row], steps: Sequence[Step], name: str) -> None:
    for place, off, alike in steps:
        row = rows[place]
        row.net -= off
        row.each = Fraction(row.net, row.pieces) if alike else None
        row.promoted = True
        row.had.add(name)


def member_stage(rows: Sequence[Row], rules: Sequence[Promotion]) -> None:
    wanted = sorted((rule for rule in rules if rule.kind == "member"), key=lambda rule: rule.code)
    for row in rows:
        offs = [(-off_whole_line(row, rule), rule.code, class_of(rule)) for rule in wanted]
        if not row.promoted and offs and min(offs)[0] < 0:
            off, _, name = min(offs)
            row.net += off
            row.had.add(name)
            if row.each is not None:
                row.each = Fraction(row.net, row.pieces)


def swap_stage(rows: Sequence[Row], rules: Sequence[Promotion]) -> None:
    for name, of_class in classes([rule for rule in rules if rule.kind == "swap"]):
        for rule in of_class:
            spent = sum(
                row.net for row in rows
                if row.line.reducible and row.line.product not in rule.products
            )  # fmt: skip
            times = spent // rule.steps[0].spend
            if rule.repeats:
                times = min(times, rule.basket_cap or times)
            else:
                times = min(times, rule.basket_cap or 1)
            for row in sorted(rows, key=rank):
                count = min(times, row.pieces)
                if count and row.is_meant(rule) and name not in row.had:
                    part = shared(row.net, [count, row.pieces - count])[0]
                    if part > rule.price * count:
                        row.net -= part - rule.price * count
                        row.promoted, row.each = True, None
                        row.had.add(name)
                        times -= count


def spend_stage(rows: Sequence[Row], rules: Sequence[Promotion]) -> None:
    for name, left in classes([rule for rule in rules if rule.kind == "spend_get"]):
        while left:
            offs = [(-spend_off(rows, rule, name), rule.code) for rule in left]
            off, code = min(offs)
            if off == 0:
                break
            rule = next(each for each in left if each.code == code)
            left = [each for each in left if each is not rule]
            of = [row for row in rows if row.is_meant(rule) and name not in row.had]
            for row, share in zip(of, shared(-off, [row.net for row in of]), strict=True):
                row.net -= share
                row.had.add(name)


def spend_off(rows: Sequence[Row], rule: Promotion, name: str) -> int:
    spent = sum(row.net for row in rows if row.is_meant(rule) and name not in row.had)
    steps = [step for step in rule.steps if step.spend <= spent]
    if not steps:
        return 0
    step = sorted(steps, key=lambda each: each.spend)[-1]
    times = min(spent // step.spend if rule.repeats else 1, rule.basket_cap or 10**9)
    off = step.off * times
    if step.permille:
        off = spent - half_up(Fraction(spent * (1000 - step.permille), 1000))
    return min(off, rule.most_off or off, spent)
