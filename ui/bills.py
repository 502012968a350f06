"""The networks' bills of a day held against the books: fetched here, compared in `app/sales`."""

import msgspec

from app.payments.reconciling import Difference
from app.sales import reconciling
from app.staff.rules import NOBODY, Approver
from app.tender_names import CHANNELS
from sync.channels.answers import REASONS, BillRow, ChannelTrouble
from ui.startup import Till


class Compared(msgspec.Struct, frozen=True):
    """What a day's bills came to, by tender."""

    day: str
    rows: dict[str, int]
    """How many rows each bill had."""
    offline: dict[str, str]
    """Why a network's bill could not be had, in words."""
    found: tuple[tuple[str, Difference], ...]


def compare_bills(till: Till, day: str, approver: Approver = NOBODY) -> Compared:
    """Ask every network that is joined for its bill of a calendar day (ISO) and list what differs.

    Takes as long as the networks do. Raises Refusal: approval_needed, bad_time.
    """
    desk = till.counter.desk
    desk.allowed("close_day", approver=approver)
    bills: dict[str, list[BillRow]] = {}
    why: dict[str, str] = {}
    for tender in CHANNELS:
        if (channel := till.channels.of(tender)) is None:
            continue
        try:
            bills[tender] = channel.bill(day)
        except ChannelTrouble as trouble:
            why[tender] = REASONS[trouble.reason]
    found = reconciling.reconcile(till.books, day, bills, desk.person)
    counts = {tender: len(rows) for tender, rows in bills.items()}
    return Compared(day, counts, why, tuple(found))
