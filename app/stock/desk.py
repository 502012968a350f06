"""What an action of the stock room needs to know of the counter it is done at."""

from typing import Protocol

from sqlalchemy import func, select

from app.facts.sales import Approval
from app.staff.rules import NOBODY, Approver
from app.stock.tables import document
from app.transaction import Books, Transaction

LINES_PER_FACT = 100
"""An entry is at most 64 KiB: longer documents are several facts under one id."""
PREFIXES = {
    "receiving": "RK",
    "move": "YW",
    "adjustment": "TZ",
    "transfer_out": "DB",
    "transfer_in": "DR",
    "dispatch": "LD",
}
"""入库 移位 调整 调拨 调入 来单."""


class StockDesk(Protocol):
    """Who stands at the counter, in which turn, and whose yes there is (`sales.desk.Desk`)."""

    books: Books
    person: str

    @property
    def today(self) -> str: ...

    @property
    def shift_id(self) -> str: ...

    def business_day(self) -> str: ...

    def approved(
        self, action: str, approver: Approver = NOBODY, *, amount: int = 0, reason: str = ""
    ) -> Approval | None: ...


def next_number(tx: Transaction, kind: str, today: str) -> str:
    """The label of this till's next document of a kind: RK-1-261207-01."""
    start = f"{PREFIXES[kind]}-{tx.till}-{today[2:].replace('-', '')}-"
    statement = select(func.count(document.c.document.distinct())).where(
        document.c.shop == tx.shop, document.c.kind == kind, document.c.number.startswith(start)
    )
    return f"{start}{int(tx.read(statement)[0][0]) + 1:02d}"
