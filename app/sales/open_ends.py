"""What X and Z list beside the totals: rooms that owe, payments without an end, baskets put aside,
invoices nobody has issued."""

from sqlalchemy import Connection

from app.payments.queries import open_attempts, open_refunds
from app.payments.tabs import open_tabs
from app.sales.basket import priced
from app.sales.invoice_queries import documents, red_letters_due
from app.sales.invoice_rules import OPEN
from app.sales.queries import held_baskets
from app.sales.tax_codes import tax_codes
from app.shifts.report import OpenEnds, OpenPayment, OpenTab
from app.shop.queries import settings


def open_ends(db: Connection, shop: str, till: str) -> OpenEnds:
    """As they stand now. Tabs and invoices are the shop's, everything else is this till's."""
    codes = tax_codes(settings(db, shop)["tax_codes"])
    return OpenEnds(
        tabs=tuple(OpenTab(each.room, each.open, each.check_out) for each in open_tabs(db, shop)),
        payments=tuple(
            OpenPayment(each.tender, each.amount, each.state, each.out_trade_no)
            for each in open_attempts(db, shop, till)
        ),
        refunds=tuple(
            OpenPayment(each.tender, each.amount, each.state, each.out_refund_no)
            for each in open_refunds(db, shop, till)
        ),
        held=tuple(priced(each.basket).due for each in held_baskets(db)),
        invoices=tuple((each.number, each.amount) for each in documents(db, shop, states=OPEN)),
        red_letters=tuple(
            (invoice.number, due.amount) for invoice, due in red_letters_due(db, shop, codes)
        ),
    )
