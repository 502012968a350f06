"""The one transaction of a refund: its lines, the ways its money goes, its paper, the networks.

Everything is worked out here and frozen in the fact. Money that came through a network goes back
through it: the refund stands at once, and the runner sees the money home.
"""

import msgspec
from sqlalchemy import Connection

from app import print_queue
from app.facts.sales import Approval, RefundCompleted, RefundLine, RefundTender, SaleCompleted
from app.journal.own import Entry
from app.payments.actions import begin_refund
from app.sales.basket import Basket
from app.sales.completing import Sitting, sale_number
from app.sales.desk import Desk
from app.sales.exchange import TENDER
from app.sales.invoice_queries import is_invoiced
from app.sales.queries import Receipt, next_sequence, stored
from app.sales.refund_lines import refund_line
from app.sales.refund_papers import bought_at, refund_paper
from app.sales.refund_queries import not_free, refunded
from app.sales.refund_rules import Back, left_of, merged, share_of
from app.sales.refund_ways import money_of
from app.staff.actions import record_self_approvals
from app.tender_names import CHANNELS
from app.transaction import Transaction


class Done(msgspec.Struct, frozen=True):
    """A refund that is on the disk."""

    id: str
    refund: RefundCompleted
    entry: Entry


def still_there(db: Connection, shop: str, basket: Basket) -> bool:
    """Whether the goods a basket is exchanged for have not come back otherwise meanwhile."""
    exchange = basket.exchange
    if exchange is None or not exchange.sale:
        return True
    sale = stored(db, exchange.sale).fact
    assert isinstance(sale, SaleCompleted)
    gone = not_free(db, shop, exchange.sale, basket.id)
    sold = {line.line: line for line in sale.lines}
    left = {
        line.original_line: left_of(sold[line.original_line], gone.of(line.original_line))
        for line in exchange.lines
    }
    return all(
        line.quantity <= left[line.original_line].quantity
        and line.amount <= left[line.original_line].amount
        for line in exchange.lines
    )


def lines_back(
    db: Connection, shop: str, found: Receipt, back: list[Back]
) -> tuple[RefundLine, ...]:
    """The lines of a refund, after what came back before and what is promised.

    Raises Refusal: no_such_line, over_refund, bad_quantity, fraction_of_unit.
    """
    gone = not_free(db, shop, found.id)
    return tuple(
        refund_line(found, gone, number, each) for number, each in enumerate(merged(back), 1)
    )


def record_refund(
    tx: Transaction,
    desk: Desk,
    sitting: Sitting,
    found: Receipt | None,
    lines: tuple[RefundLine, ...],
    approvals: tuple[Approval, ...],
    *,
    exchanged: int = 0,
    exchange: str = "",
) -> Done:
    """The refund inside a transaction; `exchanged` fen of it pay for the sale `exchange`."""
    amount = sum(line.amount for line in lines)
    ways = ways_back(tx.connection, tx.shop, found.id if found else "", amount - exchanged)
    if exchanged:
        ways = (*ways, RefundTender(tender=TENDER, amount=exchanged))
    fact = _fact(tx, sitting, lines, ways, approvals, found, exchange=exchange)
    return _record(tx, desk, fact, found)


def ways_back(db: Connection, shop: str, sale: str, amount: int) -> tuple[RefundTender, ...]:
    """Where so much money goes: the way it came, in cash without a receipt."""
    if not sale:
        return (RefundTender(tender="cash", amount=amount),) if amount else ()
    return tuple(
        RefundTender(
            tender=way.tender,
            amount=part,
            reference=way.reference,
            attempt=way.attempt,
            account=way.account,
            tab=way.tab,
        )
        for way, part in money_of(db, shop, sale).back(amount)
    )


def _record(tx: Transaction, desk: Desk, fact: RefundCompleted, found: Receipt | None) -> Done:
    entry = tx.record(fact)
    record_self_approvals(tx, fact.approvals, day=fact.day, shift=fact.shift, amount=fact.amount)
    for way in fact.tenders:
        if way.attempt and way.tender in CHANNELS:
            begin_refund(
                tx,
                refund=entry.envelope.fact,
                attempt=way.attempt,
                tender=way.tender,
                amount=way.amount,
                day=fact.day,
                shift=fact.shift,
            )
    paper = refund_paper(
        fact,
        wall_ms=entry.envelope.wall,
        hash6=entry.hash6,
        settings=desk.settings,
        cashier=desk.name,
        original=bought_at(found.envelope) if found else "",
    )
    print_queue.put(
        tx,
        printer=print_queue.RECEIPT_PRINTER,
        kind=paper.kind,
        fact=entry.envelope.fact,
        title=fact.number,
        paper=paper,
        kick_drawer=any(way.tender == "cash" for way in fact.tenders),
    )
    return Done(entry.envelope.fact, fact, entry)


def _fact(
    tx: Transaction,
    sitting: Sitting,
    lines: tuple[RefundLine, ...],
    ways: tuple[RefundTender, ...],
    approvals: tuple[Approval, ...],
    found: Receipt | None = None,
    *,
    exchange: str = "",
) -> RefundCompleted:
    amount = sum(line.amount for line in lines)
    assert amount == sum(way.amount for way in ways)
    sequence = next_sequence(tx.connection, sitting.shop, sitting.till, sitting.day, sitting.series)
    sale = found.sale if found else None
    before = refunded(tx.connection, tx.shop, found.id).amount if found else 0
    return RefundCompleted(
        shop=sitting.shop,
        till=sitting.till,
        day=sitting.day,
        shift=sitting.shift,
        number=sale_number(sitting, sequence),
        sequence=sequence,
        series=sitting.series,
        drawer=sitting.drawer,
        person=sitting.person,
        channel=sale.channel if sale else sitting.channel,
        seller=sale.seller if sale else sitting.seller,
        member=sale.member if sale else "",
        sale=found.id if found else "",
        original_number=sale.number if sale else "",
        original_day=sale.day if sale else "",
        lines=lines,
        amount=amount,
        tenders=ways,
        tax=sum(line.tax for line in lines),
        points=share_of(sale.points_earned, sale.due, before, amount) if sale else 0,
        points_returned=share_of(sale.points_used, sale.due, before, amount) if sale else 0,
        exchange=exchange,
        invoiced=int(found is not None and is_invoiced(tx.connection, sitting.shop, found.id)),
        approvals=approvals,
        self_approved=max((each.self_approved for each in approvals), default=0),
        rights=sitting.rights,
    )
