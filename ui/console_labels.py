"""Console commands about labels and the scale on the counter."""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.clock import local
from app.content import Label
from app.errors import Refusal
from app.money import parse_yuan, yuan
from app.quantity import parse_quantity, shown
from app.sales.labels import Wanted, printed
from app.table_file import write_file
from printers.devices.scale import SimulatedScale, Weight
from printers.labels.drawing import draw, filled, sample
from printers.labels.sheets import sheet_pdf
from printers.labels.template import FIELDS, check, parse
from ui.console import Answer, Commands, Seat
from ui.console_answers import basket_answer

if TYPE_CHECKING:
    from PIL.Image import Image

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
    to: Literal["printer", "pdf", "preview"] = "printer",
    file: str = "",
) -> Answer:
    """`to` "pdf" makes a sheet of A4 in `file`, "preview" a picture and no log."""
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
    labels, sheet = seat.till.labels, ""
    if to == "preview":
        seat.desk.signed_in()
        label = labels.preview(wanted)
        picture = draw(parse(label.template), label.fields)
        return {"rows": rows_of(label), "file": _written(seat, file, "png", _png(picture))}
    if to == "pdf":
        draft = labels.draft(wanted, seat.approver)
        sheet = _written(seat, file, "pdf", sheet_pdf(draft[1]))
        (log,) = labels.log([draft])
        done = printed(log, draft, queued=False)
    else:
        done = labels.print(wanted, seat.approver)
    codes = {"bars": done.code if done.code != done.qr else "", "qr": done.qr}
    return {
        "log": done.fact,
        "rows": rows_of(done.labels[0]),
        "codes": [code for code in codes.values() if code],
        **codes,
        "amount": yuan(done.amount) if done.amount else None,
        "price": yuan(done.price) if done.price else None,
        "copies": copies,
        "queued": done.queued,
        "file": sheet,
    }


def _written(seat: Seat, file: str, ending: str, content: bytes) -> str:
    """Where what was made lies: where it was asked for, else beside the books."""
    now = local(seat.books.clock.wall_ms()).strftime("%Y%m%d-%H%M%S")
    path = Path(file) if file else seat.till.opened.folder / "exports" / f"labels-{now}.{ending}"
    if path.suffix != f".{ending}":
        raise Refusal("bad_command", detail="file")
    write_file(path, content)
    return str(path)


def _png(picture: "Image") -> bytes:
    memory = BytesIO()
    picture.save(memory, "PNG")
    return memory.getvalue()


@command
def label_template(seat: Seat, *, name: str = "", edit: bool = False, file: str = "") -> Answer:
    """A template as it stands: what is wrong with it by line, or a picture with its fields' names.

    Without a name, the names there are. `edit` makes the shop's own file of it.
    """
    seat.desk.signed_in()
    templates = seat.till.label_templates
    if not name:
        return {"templates": templates.names(), "fields": list(FIELDS)}
    path = str(templates.edit(name)) if edit else ""
    text = templates.text(name)
    problems = [{"line": each.line, "sentence": each.sentence} for each in check(text)]
    shown = "" if problems else _written(seat, file, "png", _png(sample(parse(text))))
    return {"problems": problems, "file": shown, "path": path}


@command
def plu_export(seat: Seat, *, family: str = "dahua", format: str = "13", file: str = "") -> Answer:
    """Weighed goods as a table for a label scale's own program."""
    found = seat.till.labels.plu(family, format)
    path = _written(seat, file, "csv", found.content)
    return {"file": path, "goods": found.goods, "left_out": list(found.left_out)}


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
