"""退货: what may still come back, what is given back for it, and the one transaction that does it.

Goods and money are worked out once, here, and frozen in the fact. Money that came through a network
goes back through it: the refund stands at once, and the runner sees the money home.
"""

import msgspec
from sqlalchemy import Connection

from app import print_queue
from app.catalogue.queries import product as find_product
from app.catalogue.queries import products
from app.clock import local
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.sales import (
    Approval,
    RefundCompleted,
    RefundLine,
    RefundTender,
    SaleLine,
)
from app.journal.own import Entry
from app.payments.actions import begin_refund
from app.sales.completing import Sitting, sale_number
from app.sales.desk import Desk
from app.sales.invoice_queries import is_invoiced
from app.sales.queries import Receipt, next_sequence, receipt
from app.sales.refund_lines import Loose, loose_line, refund_line
from app.sales.refund_papers import refund_paper
from app.sales.refund_queries import refunded, without_receipt_today
from app.sales.refund_rules import (
    DISPOSITIONS,
    REASONS,
    Back,
    Left,
    given_for,
    left_of,
    policy_of,
    tenders_back,
    why_not,
)
from app.staff.actions import record_self_approvals
from app.staff.rules import NOBODY, Approver, has
from app.tender_names import CHANNELS
from app.transaction import Transaction, transaction

WITHOUT_RECEIPT = "refund_without_receipt"


class Refundable(msgspec.Struct, frozen=True):
    """One line of a receipt and what may still come back of it."""

    line: SaleLine
    left: Left
    why_not: str
    """"" when it comes back without a reason, else the rule that says no: fresh, too_late, gone."""


class Refundables(msgspec.Struct, frozen=True):
    """A receipt as the counter sees it when somebody brings goods back."""

    receipt: Receipt
    lines: tuple[Refundable, ...]
    left: int
    """Fen that may still go back for all lines together."""


class Done(msgspec.Struct, frozen=True):
    """A refund that is on the disk."""

    id: str
    refund: RefundCompleted
    entry: Entry


class Refunds:
    """What the person at the desk does with goods that come back."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._books = desk.books

    def look(self, number: str) -> Refundables:
        """What of a receipt may still come back. Raises Refusal("unknown_receipt")."""
        books, desk = self._books, self._desk
        with books.read() as db:
            found = receipt(db, books.shop, books.till, number) if number else None
            if found is None:
                raise Refusal("unknown_receipt", number=number[:40])
            gone = refunded(db, books.shop, found.id)
            goods = products(db, books.shop, [line.product for line in found.sale.lines])
        policy = policy_of(desk.settings)
        age = books.clock.wall_ms() - found.envelope.wall
        lines = []
        for line in found.sale.lines:
            left = left_of(line, gone.of(line.line))
            one = goods.get(line.product)
            said = why_not(policy, one.shelf_life if one else "", "no_longer_wanted", age)
            lines.append(Refundable(line, left, said if left.quantity else "gone"))
        return Refundables(found, tuple(lines), sum(each.left.amount for each in lines))

    def refund(self, number: str, back: list[Back], approver: Approver = NOBODY) -> Done:
        """Goods of a receipt come back, and their money goes back the way it came.

        Raises Refusal: shift_needed, unknown_receipt, no_such_line, over_refund, return_policy,
        bad_reason, bad_disposition, fraction_of_unit, approval_needed, approver_same, over_limit,
        refund_route_closed.
        """
        sitting = self._desk.sitting()
        self._desk.allowed("sell")
        seen = self.look(number)
        _check(back)
        approvals = self._within_policy(seen, back, approver)
        amount = sum(_amount(seen, each) for each in _merged(back))
        approvals += self._within_limit(amount, approver, "refund", bool(approvals))
        with transaction(self._books, staff=sitting.person) as tx:
            return refund_in(tx, self._desk, sitting, seen.receipt, back, approvals)

    def without_receipt(self, goods: list[Loose], approver: Approver = NOBODY) -> Done:
        """Goods come back without a receipt: a right of its own, in cash, capped by the day.

        Raises Refusal as `refund` does, and unknown_code, day_cap.
        """
        sitting = self._desk.sitting()
        _check([Back(0, each.quantity, each.reason, each.disposition) for each in goods])
        with self._books.read() as db:
            lines = [loose_line(self._goods(db, each), n, each) for n, each in enumerate(goods, 1)]
            today = without_receipt_today(db, self._books.shop, self._books.till, sitting.day)
        amount = sum(line.amount for line in lines)
        cap = int(self._desk.settings["refund_day_cap"]) * 100
        if today + amount > cap:
            raise Refusal("day_cap", cap=cap // 100)
        approvals = self._within_limit(amount, approver, WITHOUT_RECEIPT, False)
        with transaction(self._books, staff=sitting.person) as tx:
            way = RefundTender(tender="cash", amount=amount)
            fact = _fact(tx, sitting, tuple(lines), (way,), approvals)
            return _record(tx, self._desk, fact, None)

    def _within_policy(
        self, seen: Refundables, back: list[Back], approver: Approver
    ) -> tuple[Approval, ...]:
        """What the return rule does not take back needs somebody who may overrule it."""
        policy = policy_of(self._desk.settings)
        books = self._books
        age = books.clock.wall_ms() - seen.receipt.envelope.wall
        for each in back:
            line = _line(seen, each.line).line
            with books.read() as db:
                one = find_product(db, books.shop, line.product)
            rule = why_not(policy, one.shelf_life if one else "", each.reason, age)
            if not rule:
                continue
            if not approver or not has(self._desk.approver_role(approver), "overrule_returns"):
                raise Refusal("return_policy", kind=rule, name=line.name, days=policy.days)
            return (Approval(person=approver.number, action="return_policy", reason=each.reason),)
        return ()

    def _within_limit(
        self, amount: int, approver: Approver, action: str, proved: bool
    ) -> tuple[Approval, ...]:
        """Within one's own limit alone, above it with a different person whose limit it is in."""
        yes = self._desk.approved(action, approver, amount=amount)
        return (yes,) if yes is not None and not (proved and not yes.self_approved) else ()

    def _goods(self, db: Connection, each: Loose) -> Product:
        one = find_product(db, self._books.shop, each.product)
        if one is None:
            raise Refusal("unknown_code", text=each.product[:40], reason="no_product")
        return one


def refund_in(
    tx: Transaction,
    desk: Desk,
    sitting: Sitting,
    found: Receipt,
    back: list[Back],
    approvals: tuple[Approval, ...],
    *,
    exchanged: int = 0,
    exchange: str = "",
) -> Done:
    """The refund inside a transaction. `exchanged` fen of it are netted with a new sale.

    What was there when somebody looked may have come back meanwhile: it is worked out again here.
    """
    gone = refunded(tx.connection, tx.shop, found.id)
    lines = tuple(
        refund_line(found, gone, number, each) for number, each in enumerate(_merged(back), 1)
    )
    amount = sum(line.amount for line in lines)
    ways = tuple(
        RefundTender(
            tender=way.tender,
            amount=part,
            reference=way.reference,
            attempt=way.attempt,
            account=way.account,
            tab=way.tab,
        )
        for way, part in tenders_back(found.tenders, gone.tenders, amount - exchanged)
    )
    if exchanged:
        ways = (*ways, RefundTender(tender="exchange", amount=exchanged))
    fact = _fact(tx, sitting, lines, ways, approvals, found, exchange=exchange)
    return _record(tx, desk, fact, found)


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
        original=local(found.envelope.wall).strftime("%Y-%m-%d %H:%M") if found else "",
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
        points=sale.points_earned * amount // sale.due if sale and sale.due else 0,
        points_returned=sale.points_used * amount // sale.due if sale and sale.due else 0,
        exchange=exchange,
        invoiced=int(found is not None and is_invoiced(tx.connection, sitting.shop, found.id)),
        approvals=approvals,
        self_approved=max((each.self_approved for each in approvals), default=0),
        rights=sitting.rights,
    )


def _merged(back: list[Back]) -> list[Back]:
    """One entry a line: the same line named twice is more of it."""
    merged: dict[int, Back] = {}
    for each in back:
        known = merged.get(each.line)
        quantity = each.quantity + (known.quantity if known else 0)
        merged[each.line] = msgspec.structs.replace(known or each, quantity=quantity)
    return list(merged.values())


def _amount(seen: Refundables, each: Back) -> int:
    line = _line(seen, each.line)
    return given_for(line.line, line.left, each.quantity)


def _line(seen: Refundables, number: int) -> Refundable:
    for each in seen.lines:
        if each.line.line == number:
            return each
    raise Refusal("no_such_line", line=number)


def _check(back: list[Back]) -> None:
    if not back:
        raise Refusal("basket_empty")
    for each in back:
        if each.reason not in REASONS:
            raise Refusal("bad_reason", text=each.reason[:20])
        if each.disposition not in DISPOSITIONS:
            raise Refusal("bad_disposition", text=each.disposition[:20])
