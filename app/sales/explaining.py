"""Why a line of the open basket costs what it costs, to the fen."""

import msgspec

from app.clock import iso
from app.facts.sales import Reduction
from app.pricing.explaining import NotApplied, not_applied
from app.pricing.hints import Hint, hints
from app.quantity import shown
from app.sales.basket import DEPOSIT_NAME, find_line, to_price
from app.sales.counter import Counter


class Why(msgspec.Struct, frozen=True):
    """Where the price began, what lowered it, and what could have and did not. Fen."""

    kind: str
    """list_price, label, deposit."""
    name: str
    amount: int
    price_list: str
    """The list's document, "" = the catalogue's own price."""
    reductions: tuple[Reduction, ...]
    not_applied: tuple[NotApplied, ...]
    unit_price: int
    quantity: str
    net: int


def why_line(counter: Counter, number: int) -> Why:
    """All about one line. Raises Refusal("no_such_line")."""
    basket, prices = counter.basket, counter.desk.prices
    line = find_line(basket, number)
    each = next(one for one in counter.priced().lines if one.line == number)
    lines = [to_price(basket, one) for one in basket.lines]
    others = not_applied(lines, basket.promotions, number)
    with counter.books.read() as db:
        row = None if line.deposit_of else prices.list_of(db, line.product, basket.priced_ms)
        member_only = [
            NotApplied(one.code, one.name, reason)
            for one, reason in prices.out_of_reach(
                db, line.product, at=basket.priced_ms, member=basket.member, codes=basket.codes
            )
            if not line.deposit_of
        ]
    kind = "deposit" if line.deposit_of else "label" if line.label_amount >= 0 else "list_price"
    name = {"deposit": DEPOSIT_NAME, "label": "秤签金额", "list_price": "标价"}[kind]
    if row is not None:
        name = f"{name}（{iso(row.from_ms)[:16].replace('T', ' ')} 起的价目）"
    return Why(
        kind=kind,
        name=name,
        amount=each.amount,
        price_list=row.document if row is not None else "",
        reductions=each.reductions,
        not_applied=tuple(sorted((*others, *member_only), key=lambda one: one.code)),
        unit_price=each.unit_price,
        quantity=shown(line.quantity, weighed=line.weighed),
        net=each.net,
    )


def basket_hints(counter: Counter) -> list[Hint]:
    """What is worth saying about the open basket, the most useful first."""
    basket, prices = counter.basket, counter.desk.prices
    goods = [line.product for line in basket.lines if not line.deposit_of]
    if not goods:
        return []
    with counter.books.read() as db:
        if not prices.published(db):
            return []
        at, member = basket.priced_ms, basket.member
        offers = prices.swaps_on_offer(db, at=at, member=member, codes=basket.codes)
        over = prices.used_up(db, goods, at=at, member=member)
    lines = [to_price(basket, one) for one in basket.lines]
    found = hints(lines, basket.promotions, offers, counter.priced().used)
    return [*found, *(Hint(kind="used_up", promotion=each) for each in over)]
