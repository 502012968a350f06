"""What already came back of a sale, and finding the sale a customer means."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, func, select

from app.catalogue.codes import GoodsCode, TraceCode, parse_scan
from app.members.tables import member
from app.payments.tables import payment_attempt, payment_now
from app.sales.exchange import Exchange
from app.sales.queries import baskets
from app.sales.tables import refund, refund_line, refund_tender, sale, sale_line


class Refunded(msgspec.Struct, frozen=True):
    """What earlier refunds of one sale come to."""

    lines: Mapping[int, list[tuple[int, int, int]]]
    """By the sale's line: (quantity, amount, tax) of each."""
    tenders: Mapping[tuple[str, str], int]
    """By (tender, attempt or account or reference): fen."""

    @property
    def amount(self) -> int:
        """Fen for all lines."""
        return sum(amount for each in self.lines.values() for _quantity, amount, _tax in each)

    def of(self, line: int) -> list[tuple[int, int]]:
        """(quantity, amount) of each earlier refund of a line."""
        return [(quantity, amount) for quantity, amount, _tax in self.lines.get(line, ())]


def refunded(db: Connection, shop: str, sale_id: str) -> Refunded:
    """Everything that names this sale, whichever till it came from."""
    lines: dict[int, list[tuple[int, int, int]]] = {}
    rows = db.execute(
        select(
            refund_line.c.original_line,
            refund_line.c.quantity,
            refund_line.c.amount,
            refund_line.c.tax,
        ).where(refund_line.c.shop == shop, refund_line.c.sale == sale_id)
    )
    for number, quantity, amount, tax in rows:
        lines.setdefault(number, []).append((quantity, amount, tax))
    tenders: dict[tuple[str, str], int] = {}
    ways = db.execute(
        select(refund_tender).where(refund_tender.c.shop == shop, refund_tender.c.sale == sale_id)
    )
    for row in ways:
        key = (row.tender, row.attempt or row.account or row.reference)
        tenders[key] = tenders.get(key, 0) + row.amount
    return Refunded(lines, tenders)


def not_free(db: Connection, shop: str, sale_id: str, besides: str = "") -> Refunded:
    """What came back of a sale, and what of it is promised to an exchange on this till that is not
    paid yet (`besides` its own basket): neither may come back any more."""
    gone = refunded(db, shop, sale_id)
    lines = {number: list(parts) for number, parts in gone.lines.items()}
    for exchange in promised(db, besides):
        if exchange.sale == sale_id:
            for line in exchange.lines:
                part = (line.quantity, line.amount, line.tax)
                lines.setdefault(line.original_line, []).append(part)
    return Refunded(lines, gone.tenders)


def promised(db: Connection, besides: str = "") -> list[Exchange]:
    """Goods that stand in baskets as exchanged and are not paid yet."""
    return [
        each.exchange for each in baskets(db) if each.exchange is not None and each.id != besides
    ]


class OverRefund(msgspec.Struct, frozen=True):
    """Two tills that did not hear of each other gave back more than was sold."""

    sale: str
    number: str
    name: str
    order_ms: int


def over_refunds(db: Connection, shop: str) -> list[OverRefund]:
    """Lines of which more came back than was sold."""
    back = (
        select(
            refund_line.c.sale,
            refund_line.c.original_line,
            func.sum(refund_line.c.quantity).label("quantity"),
            func.sum(refund_line.c.amount).label("amount"),
        )
        .where(refund_line.c.shop == shop, refund_line.c.sale != "")
        .group_by(refund_line.c.sale, refund_line.c.original_line)
        .subquery()
    )
    rows = db.execute(
        select(sale.c.sale, sale.c.number, sale_line.c.name, sale.c.order_ms)
        .join(back, (back.c.sale == sale_line.c.sale) & (back.c.original_line == sale_line.c.line))
        .join(sale, (sale.c.shop == sale_line.c.shop) & (sale.c.sale == sale_line.c.sale))
        .where(
            sale_line.c.shop == shop,
            (back.c.quantity > sale_line.c.quantity) | (back.c.amount > sale_line.c.paid),
        )
    )
    return [OverRefund(*row) for row in rows]


def without_receipt_today(db: Connection, shop: str, till: str, day: str, besides: str = "") -> int:
    """Fen this till gave back, or promised, without a receipt on a business day."""
    total = select(func.coalesce(func.sum(refund.c.amount), 0)).where(
        refund.c.shop == shop, refund.c.till == till, refund.c.day == day, refund.c.sale == ""
    )
    open_ = sum(each.amount for each in promised(db, besides) if not each.sale)
    return int(db.scalar(total) or 0) + open_


def sale_numbers_by(
    db: Connection,
    shop: str,
    *,
    trade_no: str = "",
    serial: str = "",
    who: str = "",
    most: int = 20,
) -> list[str]:
    """Receipts by the phone's bill (商户单号 or 交易单号), a trace code, or a member."""
    numbers = select(sale.c.number).where(sale.c.shop == shop).order_by(sale.c.order_ms.desc())
    if trade_no:
        attempts = (
            select(payment_attempt.c.basket)
            .join(
                payment_now,
                (payment_now.c.shop == payment_attempt.c.shop)
                & (payment_now.c.attempt == payment_attempt.c.attempt),
            )
            .where(
                payment_attempt.c.shop == shop,
                (payment_attempt.c.out_trade_no == trade_no) | (payment_now.c.trade_no == trade_no),
            )
        )
        numbers = numbers.where(sale.c.sale.in_(attempts))
    if serial:
        lines = select(sale_line.c.sale).where(
            sale_line.c.shop == shop, sale_line.c.serial == serial_in(serial)
        )
        numbers = numbers.where(sale.c.sale.in_(lines))
    if who:
        members = select(member.c.member).where(
            member.c.shop == shop, (member.c.member == who) | (member.c.number == who.upper())
        )
        numbers = numbers.where(sale.c.member.in_(members))
    return [str(number) for number in db.scalars(numbers.limit(most))]


def serial_in(text: str) -> str:
    """A piece's own number in the code printed on it; any other text is taken for the number."""
    reading = parse_scan(text, formats=()).reading
    if isinstance(reading, TraceCode):
        return reading.code
    if isinstance(reading, GoodsCode) and reading.gs1.serial:
        return reading.gs1.serial
    return text
