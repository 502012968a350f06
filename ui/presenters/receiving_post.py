"""Posting a sheet of 收货: a supplier's goods make lots, another shop's keep theirs."""

from pathlib import Path

import msgspec

from app.quantity import shown
from app.sales.desk import Desk
from app.staff.rules import Approver
from app.stock.photos import read_photo
from app.stock.receiving import Receiving
from app.stock.transfers import Transfers
from ui.document_views import DocumentView
from ui.presenters.receiving_sheet import ReceivingSheet
from ui.presenters.receiving_views import done_view


class Done(msgspec.Struct, frozen=True):
    """What the page shows of a posted document, and which it is ("receiving:…")."""

    view: DocumentView
    key: str


def posted(room: Receiving, desk: Desk, sheet: ReceivingSheet, approver: Approver) -> Done:
    """Post it. Raises Refusal as the rooms do."""
    warned: set[str] = set()
    photos = tuple(read_photo(Path(each)) for each in sheet.photos)
    if sheet.source:
        moved = Transfers(desk).arrive(
            sheet.dispatch,
            sheet.came(),
            temperature=sheet.temperature,
            draft=sheet.document,
            photos=photos,
            approver=approver,
        )
        number, rest, key = moved.number, moved.rest, f"transfer_in:{moved.document}"
    else:
        done = room.receive(msgspec.structs.replace(sheet.delivery(), photos=photos), approver)
        number, rest, key = done.number, done.rest, f"receiving:{done.document}"
        warned = {word for look in done.looks for word in look.warnings}
    came = tuple(
        (each.name, f"{shown(each.quantity(), weighed=each.weighed)} {each.unit}")
        for each in sheet.lines
        if each.quantity()
    )
    return Done(done_view(number, came, len(rest), tuple(sorted(warned))), key)
