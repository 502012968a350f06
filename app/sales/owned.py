"""What a customer has with the shop and gives for goods: never more than there is.

Asked when it is put to the basket and again in the commit of its sale. Two tills that do not hear
of each other may still take the same twice: then it is a query over rows, and somebody looks.
"""

from collections import Counter

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from app.errors import Refusal
from app.facts.sales import SaleCompleted
from app.members.queries import Overdrawn, account, balance
from app.money import yuan
from app.sales.tables import refund_tender, sale_tender
from app.sales.tables import sale as sale_table

_VOUCHER: ColumnElement[str] = literal_column("'voucher'")
"""Written out, so that the index of vouchers alone is used."""


def check_owned(db: Connection, shop: str, sale: SaleCompleted) -> None:
    """See that what a sale uses is there. Raises Refusal: points_short, account_short,
    voucher_used."""
    if sale.points_used and sale.points_used > (left := balance(db, shop, sale.member)):
        raise Refusal("points_short", left=left)
    used: Counter[str] = Counter()
    for tender in sale.tenders:
        used[tender.account] += tender.amount
        if tender.tender == "voucher":
            check_voucher(db, shop, tender.reference)
    for number, amount in used.items():
        if number:
            check_account(db, shop, number, amount)


def check_account(db: Connection, shop: str, number: str, amount: int) -> None:
    """See that an account still has so much. Raises Refusal("account_short")."""
    known = account(db, shop, number)
    left = known.balance if known else 0
    if amount > left:
        raise Refusal("account_short", left=yuan(left))


def check_voucher(db: Connection, shop: str, reference: str) -> None:
    """See that a voucher was not used, or that all it paid for came back.

    Raises Refusal("voucher_used").
    """
    taken, given = (
        select(func.coalesce(func.sum(table.c.amount), 0)).where(
            table.c.shop == shop, table.c.tender == _VOUCHER, table.c.reference == reference
        )
        for table in (sale_tender, refund_tender)
    )
    if int(db.scalar(taken) or 0) > int(db.scalar(given) or 0):
        raise Refusal("voucher_used", text=reference)


def vouchers_used_twice(db: Connection, shop: str) -> list[Overdrawn]:
    """Vouchers that paid for more than one sale: two tills that did not hear of each other."""
    given = (
        select(func.coalesce(func.sum(refund_tender.c.amount), 0))
        .where(
            refund_tender.c.shop == shop,
            refund_tender.c.tender == _VOUCHER,
            refund_tender.c.reference == sale_tender.c.reference,
        )
        .scalar_subquery()
    )
    used = func.sum(sale_tender.c.amount) - given
    rows = db.execute(
        select(sale_tender.c.reference, used, func.max(sale_table.c.order_ms))
        .join(
            sale_table,
            (sale_table.c.shop == sale_tender.c.shop) & (sale_table.c.sale == sale_tender.c.sale),
        )
        .where(sale_tender.c.shop == shop, sale_tender.c.tender == _VOUCHER)
        .group_by(sale_tender.c.reference)
        .having(used > func.max(sale_tender.c.amount))
        .order_by(sale_tender.c.reference)
    )
    return [Overdrawn(name, int(amount), since) for name, amount, since in rows]
