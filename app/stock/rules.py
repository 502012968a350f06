"""Which lot goods are taken from when a cashier scanned only the product."""

from collections.abc import Sequence

import msgspec

from app.facts.sales import LotShare

SHELF, STORE, QUARANTINE, RESERVED = PLACES = ("shelf", "store", "quarantine", "reserved")
"""货架, 仓库, 隔离, 预留: a till sells from the shelf alone."""


class LotOnHand(msgspec.Struct, frozen=True):
    """What the books say of one lot on the shelf. Quantity in thousandths, dates ISO or ""."""

    lot: str
    batch: str
    quantity: int
    unit_cost: int
    expires: str
    received_ms: int


def sellable(lots: Sequence[LotOnHand], day: str) -> list[LotOnHand]:
    """Lots not past their date on `day`, earliest expiry first, then earliest received.

    Lots without a date come after dated ones: what can spoil leaves first.
    """
    fresh = [lot for lot in lots if not lot.expires or lot.expires >= day]
    return sorted(fresh, key=lambda lot: (lot.expires or "9999", lot.received_ms, lot.lot))


def allocate(
    quantity: int, lots: Sequence[LotOnHand], *, day: str, scanned: str = ""
) -> tuple[LotShare, ...]:
    """Take `quantity` thousandths from lots: the scanned one, else the earliest sellable.

    Books may lag behind the shelf, so a shortage never blocks: the rest is booked on the last lot
    (which goes negative and leaves a task), or on no lot when the product has none at all.
    """
    if scanned:
        cost = next((lot.unit_cost for lot in lots if lot.lot == scanned), 0)
        return (LotShare(lot=scanned, known="scanned", quantity=quantity, unit_cost=cost),)
    usable = sellable(lots, day)
    if not usable:
        return (LotShare(known="none", quantity=quantity),)
    taken: list[list[int]] = []
    left = quantity
    for index, lot in enumerate(usable):
        if (take := min(left, max(lot.quantity, 0))) > 0:
            taken.append([index, take])
            left -= take
    if left:
        last = len(usable) - 1
        if taken and taken[-1][0] == last:
            taken[-1][1] += left
        else:
            taken.append([last, left])
    return tuple(
        LotShare(
            lot=usable[index].lot,
            known="assumed",
            quantity=take,
            unit_cost=usable[index].unit_cost,
        )
        for index, take in taken
    )


def less(lots: Sequence[LotOnHand], taken: Sequence[LotShare]) -> list[LotOnHand]:
    """The same lots after shares were taken, for the next line of the same basket."""
    gone = {share.lot: share.quantity for share in taken}
    return [
        msgspec.structs.replace(lot, quantity=lot.quantity - gone.get(lot.lot, 0)) for lot in lots
    ]
