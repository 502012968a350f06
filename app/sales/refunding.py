"""退货 and 换货: what may still come back of a receipt, by whom it may be taken, and taking it."""

import msgspec
from sqlalchemy import Connection

from app.catalogue.queries import product as find_product
from app.catalogue.queries import products
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.sales import (
    Approval,
    RefundLine,
    SaleLine,
)
from app.sales.basket import Basket, priced
from app.sales.completing import Sitting
from app.sales.desk import Desk
from app.sales.exchange import Exchange, TakenBack
from app.sales.queries import Receipt, receipt
from app.sales.refund_completing import (
    Done,
    lines_back,
    record_refund,
    still_there,
)
from app.sales.refund_lines import Loose, loose_line
from app.sales.refund_queries import not_free, without_receipt_today
from app.sales.refund_rules import (
    DISPOSITIONS,
    REASONS,
    Back,
    Left,
    given_for,
    left_of,
    merged,
    policy_of,
    why_not,
)
from app.sales.refund_ways import Money, money_of
from app.staff.rules import NOBODY, Approver, has
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
    money: Money
    """Where the money would go."""


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
            gone = not_free(db, books.shop, found.id)
            money = money_of(db, books.shop, found.id)
            goods = products(db, books.shop, [line.product for line in found.sale.lines])
        policy = policy_of(desk.settings)
        age = books.clock.wall_ms() - found.envelope.wall
        lines = []
        for line in found.sale.lines:
            left = left_of(line, gone.of(line.line))
            one = goods.get(line.product)
            said = why_not(policy, one.shelf_life if one else "", "no_longer_wanted", age)
            lines.append(Refundable(line, left, said if left.quantity else "gone"))
        return Refundables(found, tuple(lines), sum(each.left.amount for each in lines), money)

    def refund(self, number: str, back: list[Back], approver: Approver = NOBODY) -> Done:
        """Goods of a receipt come back, and their money goes back the way it came.

        Raises Refusal: shift_needed, unknown_receipt, no_such_line, over_refund, return_policy,
        bad_reason, bad_disposition, fraction_of_unit, approval_needed, approver_same, over_limit,
        refund_route_closed.
        """
        sitting = self._desk.sitting()
        seen, approvals = self._allowed(number, back, approver)
        with transaction(self._books, staff=sitting.person) as tx:
            # What was there when somebody looked may have come back meanwhile.
            lines = lines_back(tx.connection, tx.shop, seen.receipt, back)
            return record_refund(tx, self._desk, sitting, seen.receipt, lines, approvals)

    def for_exchange(self, number: str, back: list[Back], approver: Approver = NOBODY) -> Exchange:
        """The same goods as they stand in a basket of new ones; nothing is written yet.

        Raises Refusal as `refund` does.
        """
        self._desk.sitting()
        seen, approvals = self._allowed(number, back, approver)
        with self._books.read() as db:
            lines = lines_back(db, self._books.shop, seen.receipt, back)
        return Exchange(
            sale=seen.receipt.id,
            receipt=seen.receipt.sale.number,
            lines=lines,
            approvals=approvals,
        )

    def _allowed(
        self, number: str, back: list[Back], approver: Approver
    ) -> tuple[Refundables, tuple[Approval, ...]]:
        """What the receipt still has of it, and whose yes it has."""
        self._desk.allowed("sell")
        seen = self.look(number)
        _check(back)
        approvals = self._within_policy(seen, back, approver)
        amount = sum(_amount(seen, each) for each in merged(back))
        return seen, approvals + self._within_limit(amount, approver, "refund", bool(approvals))

    def without_receipt(self, goods: list[Loose], approver: Approver = NOBODY) -> Done:
        """Goods come back without a receipt: a right of its own, in cash, capped by the day.

        Raises Refusal as `refund` does, and unknown_code, day_cap.
        """
        sitting = self._desk.sitting()
        lines, approvals = self._allowed_loose(goods, sitting, approver)
        with transaction(self._books, staff=sitting.person) as tx:
            return record_refund(tx, self._desk, sitting, None, lines, approvals)

    def loose_for_exchange(self, goods: list[Loose], approver: Approver = NOBODY) -> Exchange:
        """Goods without a receipt as they stand in a basket of new ones.

        Raises Refusal as `without_receipt` does.
        """
        lines, approvals = self._allowed_loose(goods, self._desk.sitting(), approver)
        return Exchange(sale="", receipt="", lines=lines, approvals=approvals)

    def _allowed_loose(
        self, goods: list[Loose], sitting: Sitting, approver: Approver
    ) -> tuple[tuple[RefundLine, ...], tuple[Approval, ...]]:
        _check([Back(0, each.quantity, each.reason, each.disposition) for each in goods])
        with self._books.read() as db:
            lines = [loose_line(self._goods(db, each), n, each) for n, each in enumerate(goods, 1)]
            today = without_receipt_today(db, self._books.shop, self._books.till, sitting.day)
        amount = sum(line.amount for line in lines)
        cap = int(self._desk.settings["refund_day_cap"]) * 100
        if today + amount > cap:
            raise Refusal("day_cap", cap=cap // 100)
        return tuple(lines), self._within_limit(amount, approver, WITHOUT_RECEIPT, False)

    def exchange_in(self, tx: Transaction, basket: Basket, sitting: Sitting) -> TakenBack:
        """The refund of the goods a basket is exchanged for, in the transaction of its sale: they
        pay for the new goods first, and the rest goes back the way it came.

        Raises Refusal: over_refund (they came back meanwhile), refund_route_closed.
        """
        exchange = basket.exchange
        assert exchange is not None
        if not still_there(tx.connection, tx.shop, basket):
            raise Refusal("over_refund")
        found = None
        if exchange.sale:
            found = receipt(tx.connection, tx.shop, tx.till, exchange.receipt)
        exchanged = min(exchange.amount, priced(basket, rounding_step=sitting.rounding_step).due)
        done = record_refund(
            tx,
            self._desk,
            sitting,
            found,
            exchange.lines,
            exchange.approvals,
            exchanged=exchanged,
            exchange=basket.id,
        )
        return TakenBack(done.id, done.refund, exchanged)

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
