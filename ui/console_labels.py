"""Console commands about labels and the tags on the shelves."""

from app.content import Label
from app.money import parse_yuan, yuan
from app.quantity import parse_quantity
from app.sales.labels import Wanted
from printers.labels.drawing import filled
from printers.labels.template import parse
from ui.console import Answer, Commands, Seat

LABELS = Commands()
command = LABELS.add


@command
def print_label(
    seat: Seat,
    *,
    kind: str,
    product: str = "",
    lot: str = "",
    zone: str = "",
    quantity: str = "",
    copies: int = 1,
    format: str = "13",
    price: str = "",
    was: str = "",
    valid_from: str = "",
    valid_to: str = "",
    serial_from: int = 0,
    template: str = "",
) -> Answer:
    wanted = Wanted(
        label=kind,
        product=product,
        lot=lot,
        zone=zone,
        quantity=parse_quantity(quantity, weighed=True) if quantity else 0,
        format=format,
        copies=copies,
        price=parse_yuan(price) if price else 0,
        was=parse_yuan(was) if was else 0,
        valid_from=valid_from,
        valid_to=valid_to,
        serial_from=serial_from,
        template=template,
    )
    printed = seat.till.labels.print(wanted, seat.approver)
    codes = {"bars": printed.code if printed.code != printed.qr else "", "qr": printed.qr}
    return {
        "log": printed.fact,
        "rows": rows_of(printed.labels[0]),
        "codes": [code for code in codes.values() if code],
        **codes,
        "amount": yuan(printed.amount) if printed.amount else None,
        "price": yuan(printed.price) if printed.price else None,
        "copies": copies,
        "queued": printed.queued,
    }


def rows_of(label: Label) -> list[str]:
    """The words of a label, from top to bottom as its template has them."""
    found = [
        filled(element, label.fields)
        for element in parse(label.template).elements
        if element.kind == "text"
    ]
    return [row for row in found if row]
