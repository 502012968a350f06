"""What 标签 reads and prints. Everything here runs on a worker, off the window."""

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import msgspec

from app.catalogue.queries import product, products
from app.catalogue.search import find
from app.clock import local
from app.content import Label
from app.errors import Refusal, ShopError
from app.facts.catalogue import Product
from app.reports.lots import batches
from app.sales.counter import Counter
from app.sales.labels import Labels, TagDue
from app.staff.rules import Approver
from app.stock.overview import steps
from app.table_file import write_file
from printers.labels.drawing import draw
from printers.labels.sheets import sheet_pdf
from printers.labels.template import Templates, parse
from ui.language import error_words
from ui.presenters.label_sheet import LabelLine, LabelSheet
from ui.presenters.weighing import net_of
from ui.startup import Till

MOST_FOUND = 60
Told = Callable[[int], None]
"""How many labels are done; raises Refusal when somebody said to stop."""


class Looked(msgspec.Struct, frozen=True):
    """The marked line's label as a picture, or why there is none."""

    picture: bytes = b""
    wrong: str = ""


class Ended(msgspec.Struct, frozen=True):
    """Lines and labels that came out, and why no more did."""

    lines: int
    labels: int
    error: ShopError | None = None


def found(counter: Counter, typed: str) -> list[Product]:
    """Goods by a few letters, none without any."""
    with counter.books.read() as db:
        return find(db, counter.books.shop, typed, limit=MOST_FOUND) if typed else []


def looked(labels: Labels, sheet: LabelSheet) -> Looked:
    """Draw the marked line's label the way it will be printed."""
    line = sheet.line()
    if line is None:
        return Looked()
    try:
        label = labels.preview(sheet.wanted(line))
        return Looked(_png(label))
    except ShopError as error:
        return Looked(wrong=error_words(error))


def _png(label: Label) -> bytes:
    memory = BytesIO()
    draw(parse(label.template), label.fields).save(memory, "PNG")
    return memory.getvalue()


def printed(labels: Labels, sheet: LabelSheet, approver: Approver, told: Told) -> Ended:
    """Print line after line, until one is refused or somebody says to stop."""
    count = 0
    for done, line in enumerate(sheet.lines):
        try:
            told(count)
            labels.print(sheet.wanted(line), approver)
        except ShopError as error:
            return Ended(done, count, error)
        count += line.copies()
    return Ended(len(sheet.lines), count)


def on_paper(
    labels: Labels, sheet: LabelSheet, path: Path, approver: Approver, told: Told
) -> Ended:
    """Make sheets of A4, then log what stands on them: what is on no paper is in no log."""
    try:
        drafts = [labels.draft(sheet.wanted(line), approver) for line in sheet.lines]
        every = [label for _fact, several in drafts for label in several]
        write_file(path, sheet_pdf(every, told))
        labels.log(drafts)
    except ShopError as error:
        return Ended(0, 0, error)
    return Ended(len(sheet.lines), sum(label.copies for label in every))


def paper_path(till: Till) -> Path:
    """Where the next sheets lie, beside the books."""
    now = local(till.books.clock.wall_ms()).strftime("%Y%m%d-%H%M%S")
    return till.opened.folder / "exports" / f"labels-{now}.pdf"


def of_due(due: Sequence[TagDue]) -> tuple[LabelLine, ...]:
    """One tag for each shelf whose tag lies."""
    return tuple(LabelLine(product=each.product, name=each.name, zone=each.zone) for each in due)


def of_document(till: Till, key: str) -> tuple[LabelLine, ...]:
    """What came in by a document ("receiving:…"), a label for each piece; of weighed goods one."""
    kind, _, name = key.partition(":")
    shop = till.books.shop
    with till.books.read() as db:
        came: dict[tuple[str, str], int] = {}
        for each in steps(db, shop, name, kind):
            if each.quantity > 0:
                place = (each.product, each.lot)
                came[place] = came.get(place, 0) + each.quantity
        known = products(db, shop, sorted({code for code, _lot in came}))
        printed_on = batches(db, shop, sorted({lot for _code, lot in came} - {""}))
    return tuple(
        LabelLine(
            product=code,
            name=f"{known[code].name} {known[code].spec}".strip(),
            typed="1" if known[code].weighed else str(max(1, min(quantity // 1000, 500))),
            lot=lot,
            batch=printed_on.get(lot, ""),
        )
        for (code, lot), quantity in came.items()
        if code in known
    )


def weighed(till: Till, code: str) -> int:
    """Grams on the counter's scale. Raises Refusal: no_scale, scale_unstable, bad_quantity,
    not_weighed; Trouble("scale_unreachable")."""
    with till.books.read() as db:
        one = product(db, till.books.shop, code)
    if one is None or not one.weighed:
        raise Refusal("not_weighed", name=one.name if one else code)
    return net_of(till)


def stamp(templates: Templates, name: str) -> int:
    """When the shop's own file of a template was saved last, in ns; 0 without one."""
    try:
        return (templates.own / f"{name}.txt").stat().st_mtime_ns
    except OSError:
        return 0
