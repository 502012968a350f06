"""What may come back, and what is given for it. Pure. Amounts in fen, quantities in thousandths.

A line's refunds are added up from the facts that name it, never counted beside them. A part is
worth its share of what was paid for the whole line, reductions and 抹零 included, half-up; the last
part takes what is left, so the parts of a line always add up to what was paid for it.
"""

from collections.abc import Mapping, Sequence

import msgspec

from app.errors import Refusal
from app.facts.sales import LotShare, SaleLine, SoldPart, Tender
from app.money import divide_half_up
from app.quantity import checked
from app.tender_names import CHANNELS

REASONS = ("no_longer_wanted", "quality", "wrong_goods", "expired", "recalled", "other")
_SAID = (
    ("quality", ("质量", "变质", "坏", "破", "quality", "damag", "defect", "spoil")),
    ("wrong_goods", ("错", "wrong")),
    ("expired", ("过期", "expire")),
    ("recalled", ("召回", "recall")),
    ("other", ("其他", "other")),
)
"""What a reason in somebody's own words comes to; whatever names no fault is no fault."""
DISPOSITIONS = ("shelf", "scrap", "maker")
DAY_MS = 24 * 3_600_000


def reason_said(words: str) -> str:
    """One of REASONS for a reason in anybody's words, "" for none.

    A fact keeps the reason's code alone: what people write may name somebody.
    """
    plain = words.strip().lower()
    if not plain or plain in REASONS:
        return plain
    found = (code for code, marks in _SAID if any(mark in plain for mark in marks))
    return next(found, "no_longer_wanted")


class Back(msgspec.Struct, frozen=True):
    """Goods a customer puts on the counter again."""

    line: int
    quantity: int
    reason: str
    disposition: str


class Left(msgspec.Struct, frozen=True):
    """What of a line has not come back yet."""

    quantity: int
    amount: int


def merged(back: list[Back]) -> list[Back]:
    """One entry a line: the same line named twice is more of it."""
    merged: dict[int, Back] = {}
    for each in back:
        known = merged.get(each.line)
        quantity = each.quantity + (known.quantity if known else 0)
        merged[each.line] = msgspec.structs.replace(known or each, quantity=quantity)
    return list(merged.values())


def left_of(line: SaleLine, before: Sequence[tuple[int, int]]) -> Left:
    """What remains of a line after (quantity, amount) of earlier refunds; never below nought."""
    quantity = line.quantity - sum(each[0] for each in before)
    amount = line.paid - sum(each[1] for each in before)
    return Left(max(quantity, 0), max(amount, 0))


def given_for(line: SaleLine, left: Left, quantity: int) -> int:
    """Fen for so much of a line. Raises Refusal: bad_quantity, fraction_of_unit, over_refund."""
    checked(quantity, weighed=bool(line.weighed))
    if quantity > left.quantity:
        raise Refusal("over_refund")
    if quantity == left.quantity:
        return left.amount
    return min(divide_half_up(line.paid * quantity, line.quantity), left.amount)


def tax_in(line: SaleLine, amount: int) -> int:
    """The line's tax that goes back with so much of its amount, half-up."""
    return divide_half_up(line.tax * amount, line.paid) if line.paid else 0


def share_of(points: int, due: int, before: int, amount: int) -> int:
    """The points of a sale that belong to so much of what was paid for it, after `before` went
    back: all parts together are all its points, whatever order they come in."""
    if not due:
        return 0
    return points * (before + amount) // due - points * before // due


class Policy(msgspec.Struct, frozen=True):
    """The shop's return rule, from its settings."""

    days: int
    fresh: frozenset[str]
    """Shelf-life classes that come back for their quality alone."""


def policy_of(settings: Mapping[str, str]) -> Policy:
    """The return rule the shop has set."""
    return Policy(int(settings["return_days"]), frozenset(settings["return_fresh"].split()))


def why_not(policy: Policy, shelf_life: str, reason: str, age_ms: int) -> str:
    """Why the rule does not take this back: fresh, too_late, other, or "" when it does.

    Quality, wrong, expired and recalled goods always come back.
    """
    if reason in ("quality", "wrong_goods", "expired", "recalled"):
        return ""
    if reason == "other":
        return "other"
    if shelf_life in policy.fresh:
        return "fresh"
    return "too_late" if age_ms > policy.days * DAY_MS else ""


def lots_back(
    lots: Sequence[LotShare], sold: int, before: int, quantity: int
) -> tuple[LotShare, ...]:
    """The lots so much of a line goes back to, in the order they were taken.

    `sold` of the line left the shelf from `lots`, `before` came back earlier.
    """
    skip, wanted = before, quantity
    found = []
    for share in lots:
        skipped = min(skip, share.quantity)
        skip -= skipped
        taken = min(wanted, share.quantity - skipped)
        wanted -= taken
        if taken:
            found.append(msgspec.structs.replace(share, quantity=taken))
    assert sold >= before + quantity
    return tuple(found)


def parts_back(
    parts: Sequence[SoldPart], sold: int, before: int, quantity: int
) -> tuple[SoldPart, ...]:
    """A kit's parts that come back with so many kits."""
    found = []
    for part in parts:
        earlier = part.quantity * before // sold
        now = part.quantity * (before + quantity) // sold - earlier
        lots = lots_back(part.lots, part.quantity, earlier, now)
        found.append(msgspec.structs.replace(part, quantity=now, lots=lots))
    return tuple(found)


def tenders_back(
    paid: Sequence[Tender], before: Mapping[tuple[str, str], int], amount: int
) -> list[tuple[Tender, int]]:
    """The ways money goes back: as it came, networks first, cash last. Adds up to `amount`.

    `before` is what already went back by (tender, attempt or account or reference). Raises
    Refusal("over_refund") when less was paid than shall go back.
    """
    order = sorted(paid, key=lambda each: (each.tender == "cash", each.tender not in CHANNELS))
    gone = dict(before)
    found = []
    for tender in order:
        key = way_of(tender)
        used = min(gone.get(key, 0), tender.amount)
        gone[key] = gone.get(key, 0) - used
        part = min(amount, tender.amount - used)
        if part > 0:
            found.append((tender, part))
            amount -= part
    if amount:
        raise Refusal("over_refund")
    return found


def way_of(tender: Tender) -> tuple[str, str]:
    """What tells one way of paying from another in one sale."""
    return tender.tender, tender.attempt or tender.account or tender.reference
