"""The two changes every document of the stock room makes: a row of its own, and movements."""

from collections.abc import Iterator

from app.rows import Change, Envelope, Row, Sum
from app.stock.tables import document, movement, on_hand


def move(
    entry: Envelope,
    n: int,
    *,
    shop: str,
    product: str,
    lot_id: str,
    place: str,
    quantity: int,
    reason: str,
    unit_cost: int,
    moment: int = 0,
) -> Iterator[Change]:
    """A movement and its sum. `moment` is when it happened, where that is not now."""
    key = {"shop": shop, "product": product, "lot": lot_id, "place": place}
    yield Row(
        movement,
        key
        | {
            "fact": entry.fact,
            "n": n,
            "quantity": quantity,
            "reason": reason,
            "unit_cost": unit_cost,
            "journal": entry.journal,
            "order_ms": moment or entry.order,
            "written_ms": entry.order,
        },
    )
    yield Sum(on_hand, key, {"quantity": quantity})


def document_row(
    entry: Envelope,
    shop: str,
    name: str,
    kind: str,
    *,
    party: str = "",
    number: str = "",
    waybill: str = "",
    temperature: str = "",
    day: str,
    person: str,
    approval_no: str = "",
) -> Row:
    """What was done, by whom, and with or for whom (`party`)."""
    return Row(
        document,
        {
            "shop": shop,
            "fact": entry.fact,
            "document": name,
            "kind": kind,
            "party": party,
            "number": number,
            "waybill": waybill,
            "temperature": temperature,
            "day": day,
            "person": person,
            "approval_no": approval_no,
            "order_ms": entry.order,
        },
    )
