"""Console commands about labels and the scale on the counter."""

from app.content import Label
from app.errors import Refusal
from app.money import parse_yuan, yuan
from app.quantity import parse_quantity, shown
from app.sales.labels import Wanted
from printers.devices.scale import SimulatedScale, Weight
from printers.labels.drawing import filled
from printers.labels.template import parse
from ui.console import Answer, Commands, Seat
from ui.console_answers import basket_answer

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


@command
def scale(seat: Seat, *, gross: str, tare: str = "0", stable: bool = True) -> Answer:
    """What lies on the simulated scale, in kg; demo only."""
    simulated = seat.till.devices.scale
    if not seat.till.opened.demo or not isinstance(simulated, SimulatedScale):
        raise Refusal("demo_only")
    simulated.put(_grams(gross), _grams(tare), stable=stable)
    return _said(simulated.weight())


@command
def weigh(seat: Seat, *, product: str = "") -> Answer:
    """What the scale says; with a product it joins the basket at that weight."""
    on_counter = seat.till.devices.scale
    if on_counter is None:
        raise Refusal("no_scale")
    weight = on_counter.weight()
    if not product:
        return _said(weight)
    if not weight.stable:
        raise Refusal("scale_unstable")
    one = seat.counter.product(product)
    if not one.weighed:
        raise Refusal("not_weighed", name=one.name)
    if weight.net <= 0:
        raise Refusal("bad_quantity", text=shown(weight.net, weighed=True))
    joined = seat.counter.add(one.code, shown(weight.net, weighed=True), source="scale")
    return _said(weight) | {"line": joined.line, "basket": basket_answer(seat.counter)}


def _grams(kilograms: str) -> int:
    return parse_quantity(kilograms, weighed=True) if kilograms.strip("0.") else 0


def _said(weight: Weight) -> Answer:
    kilograms = {
        name: shown(grams, weighed=True)
        for name, grams in (("gross", weight.gross), ("tare", weight.tare), ("net", weight.net))
    }
    return {**kilograms, "stable": weight.stable}
