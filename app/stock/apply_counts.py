"""What counts, recalls, looked-at dates and labels mean beside the movements they make."""

import json
from collections.abc import Iterator

from app.facts.base import Fact
from app.facts.stock import (
    CountClosed,
    CountEntered,
    CountOpened,
    CountSheetPrinted,
    DateChecked,
    LabelsPrinted,
    LotsRecalled,
    RecallFound,
    TagTaken,
)
from app.rows import Apply, Change, Envelope, Register, Row, version_of
from app.stock.tables import (
    count,
    count_close,
    count_entry,
    count_known,
    count_line,
    count_sheet,
    counted,
    date_check,
    label,
    recall,
    recall_found,
    tag,
)

TAGS = ("tag", "promo")
TAKEN = -1
"""The price of a tag that somebody took off its shelf."""
"""Labels that tell a customer at the shelf what the goods cost."""


def opened(entry: Envelope, fact: CountOpened) -> Iterator[Change]:
    """Every zone waits to be counted."""
    for zone in fact.zones:
        yield Row(
            count,
            {
                "shop": fact.shop,
                "count": fact.count,
                "zone": zone.zone,
                "fact": entry.fact,
                "place": zone.place,
                "till": fact.till,
                "day": fact.day,
                "person": fact.person,
                "order_ms": entry.order,
            },
        )


def entered(entry: Envelope, fact: CountEntered) -> Iterator[Change]:
    """One hand's finding, kept with its own moment."""
    yield Row(
        count_entry,
        {
            "shop": fact.shop,
            "fact": entry.fact,
            "count": fact.count,
            "zone": fact.zone,
            "product": fact.product,
            "lot": fact.lot,
            "quantity": fact.quantity,
            "replaces": fact.replaces,
            "recount": fact.recount,
            "undoes": fact.undoes,
            "since_ms": fact.since,
            "bundle": fact.bundle,
            "known": fact.known,
            "counter": fact.counter,
            "sheet": fact.sheet,
            "paper": fact.paper,
            "order_ms": entry.order,
            "journal": entry.journal,
            "seq": entry.seq,
        },
    )


def sheet_printed(entry: Envelope, fact: CountSheetPrinted) -> Iterator[Change]:
    """A paper's numbered lines wait to be typed back."""
    for line, product in enumerate(fact.products, fact.first):
        yield Row(
            count_sheet,
            {
                "shop": fact.shop,
                "sheet": fact.sheet,
                "fact": entry.fact,
                "line": line,
                "count": fact.count,
                "zone": fact.zone,
                "product": product,
                "till": fact.till,
                "order_ms": entry.order,
            },
        )


def closed(entry: Envelope, fact: CountClosed) -> Iterator[Change]:
    """What was found, and how far the closing till knew what others had written."""
    if fact.part == 1:
        yield Row(
            count_close,
            {
                "shop": fact.shop,
                "document": fact.document,
                "fact": entry.fact,
                "count": fact.count,
                "journal": entry.journal,
                "until_ms": fact.until,
                "order_ms": entry.order,
            },
        )
    for known in fact.known:
        yield Row(
            count_known,
            {
                "shop": fact.shop,
                "document": fact.document,
                "journal": known.journal,
                "known_ms": known.order,
            },
        )
    for n, line in enumerate(fact.lines, 1):
        key = {
            "shop": fact.shop,
            "product": line.product,
            "lot": line.lot,
            "place": line.place,
        }
        yield Row(
            count_line,
            key
            | {
                "fact": entry.fact,
                "n": n,
                "count": fact.count,
                "counted": line.counted,
                "book": line.book,
                "unit_cost": line.unit_cost,
                "moment_ms": line.moment,
                "order_ms": entry.order,
            },
        )
        # The later moment wins, not the later close: a count that was closed late is older.
        yield Register(
            counted,
            key
            | {
                "owner": fact.shop,
                "version": f"{line.moment:014d}.{version_of(entry)}",
                "document": fact.document,
                "quantity": line.counted,
                "moment_ms": line.moment,
            },
        )


def recalled(entry: Envelope, fact: LotsRecalled) -> Iterator[Change]:
    """A recall as it was said last."""
    yield Register(
        recall,
        {
            "shop": fact.shop,
            "owner": fact.shop,
            "recall": fact.recall,
            "version": version_of(entry),
            "number": fact.number,
            "product": fact.product,
            "batches": json.dumps(fact.batches, ensure_ascii=False),
            "level": fact.level,
            "ended": fact.ended,
            "order_ms": entry.order,
        },
    )


def found(entry: Envelope, fact: RecallFound) -> Row:
    """Recalled goods that are off the shelf."""
    return Row(
        recall_found,
        {
            "shop": fact.shop,
            "fact": entry.fact,
            "recall": fact.recall,
            "product": fact.product,
            "lot": fact.lot,
            "quantity": fact.quantity,
            "order_ms": entry.order,
        },
    )


def date_checked(entry: Envelope, fact: DateChecked) -> Iterator[Change]:
    """Somebody looked at the date on the goods."""
    for lot in fact.lots:
        yield Row(
            date_check,
            {
                "shop": fact.shop,
                "fact": entry.fact,
                "lot": lot,
                "product": fact.product,
                "person": fact.person,
                "order_ms": entry.order,
            },
        )


def printed(entry: Envelope, fact: LabelsPrinted) -> Iterator[Change]:
    """The log of labels, and what the tag on the shelf says now."""
    yield Row(
        label,
        {
            "shop": fact.shop,
            "fact": entry.fact,
            "label": fact.label,
            "product": fact.product,
            "lot": fact.lot,
            "zone": fact.zone,
            "price": fact.price,
            "quantity": fact.quantity,
            "amount": fact.amount,
            "code": fact.code,
            "copies": fact.copies,
            "serial_from": fact.serial_from,
            "serial_to": fact.serial_to,
            "today": fact.today,
            "person": fact.person,
            "order_ms": entry.order,
        },
    )
    if fact.label in TAGS:
        yield Register(
            tag,
            {
                "shop": fact.shop,
                "owner": fact.shop,
                "product": fact.product,
                "zone": fact.zone,
                "version": version_of(entry),
                "fact": entry.fact,
                "label": fact.label,
                "price": fact.price,
                "valid_from": fact.valid_from,
                "valid_to": fact.valid_to,
                "order_ms": entry.order,
            },
        )


def tag_taken(entry: Envelope, fact: TagTaken) -> Iterator[Change]:
    """A tag nobody reads any more has no price."""
    yield Register(
        tag,
        {
            "shop": fact.shop,
            "owner": fact.shop,
            "product": fact.product,
            "zone": fact.zone,
            "label": fact.label,
            "version": version_of(entry),
            "fact": entry.fact,
            "price": TAKEN,
            "valid_from": "",
            "valid_to": "",
            "order_ms": entry.order,
        },
    )


APPLY: dict[type[Fact], tuple[Apply, ...]] = {
    CountOpened: (opened,),
    CountEntered: (entered,),
    CountSheetPrinted: (sheet_printed,),
    LotsRecalled: (recalled,),
    DateChecked: (date_checked,),
    LabelsPrinted: (printed,),
    TagTaken: (tag_taken,),
}
