"""The list of a shop's invoices as a screen shows it: the newest, with what waits for somebody."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from app.journal.secrets import SecretStore
from app.sales.invoice_queries import (
    Document,
    buyer_of,
    content_now,
    documents,
    lines_of,
    red_letters_due,
)
from app.sales.invoice_rules import FAILED, INVOICE, NOTHING, REQUESTED, SENT
from app.sales.tax_codes import TaxCode

ALL, WAITING, TO_DO = "all", "waiting", "todo"
FILTERS = (ALL, WAITING, TO_DO)
MOST = 200


class Listed(msgspec.Struct, frozen=True):
    """One row. Amounts in fen."""

    document: Document
    amount: int
    """What was sent, else what would be sent now."""
    due: int
    """What has to be taken back of it in red."""
    buyer: str
    """A person's name is masked; "" when it was forgotten."""


def overview(
    db: Connection,
    secrets: SecretStore,
    shop: str,
    codes: Sequence[TaxCode],
    wanted: str = ALL,
) -> list[Listed]:
    """Newest first: all, those that nobody has answered, or those that wait for a person."""
    due = {
        invoice.document: (invoice, left.amount)
        for invoice, left in red_letters_due(db, shop, codes)
    }
    if wanted == WAITING:
        found = documents(db, shop, states=(REQUESTED, SENT), most=MOST)
    elif wanted == TO_DO:
        failed = documents(db, shop, states=(FAILED,), most=MOST)
        found = [*failed, *(invoice for invoice, _ in due.values())]
        found.sort(key=lambda each: -each.order_ms)
    else:
        found = documents(db, shop, most=MOST)
    return [
        Listed(
            each,
            _amount(db, shop, each, codes),
            due[each.document][1] if each.document in due else 0,
            buyer.shown if (buyer := buyer_of(db, secrets, each.buyer)) else "",
        )
        for each in found
    ]


def _amount(db: Connection, shop: str, each: Document, codes: Sequence[TaxCode]) -> int:
    if each.kind == INVOICE and each.state in (REQUESTED, FAILED):
        return (content_now(db, shop, each.sale, codes) or NOTHING).amount
    return sum(line.amount for line in lines_of(db, shop, each.document))
