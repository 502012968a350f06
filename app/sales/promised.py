"""What a price list or a promotion forbids a person: going below a floor, more of what is over."""

from app.errors import Refusal
from app.pricing.windows import valid_at
from app.sales.basket import Basket, find_line, valid_for
from app.sales.desk import Desk
from app.sales.discounts import approved, below_floor
from app.sales.repricing import repriced
from app.staff.rules import Approver

MAY_GO_BELOW = ("manager", "head_office")


def above_floor(
    desk: Desk, changed: Basket, before: Basket, approver: Approver, reason: str
) -> Basket:
    """The basket, with a manager's yes when goods would go below their price list's floor.

    Raises Refusal: below_floor, over_limit, approver_same, wrong_pin.
    """
    with desk.books.read() as db:
        floors = {
            line.line: row.floor
            for line in changed.lines
            if not line.deposit_of
            and (row := desk.prices.list_of(db, line.product, changed.priced_ms)) is not None
        }
    name = below_floor(changed, before, floors) if any(floors.values()) else ""
    if not name:
        return changed
    if not approver:
        raise Refusal("below_floor", name=name)
    if desk.approver_role(approver) not in MAY_GO_BELOW:
        raise Refusal("over_limit")
    return approved(changed, approver.number, "below_floor", reason)


def check_growth(desk: Desk, basket: Basket, number: int, quantity: int) -> None:
    """See that more of a line would still cost what the line costs: a price that was promised
    before a change is not promised for goods that come after it.

    Raises Refusal("price_changed").
    """
    line = find_line(basket, number)
    if quantity <= line.quantity or line.deposit_of:
        return
    with desk.books.read() as db:
        now = repriced(basket, desk.prices, db)
        valid = {each.code for each in now.promotions if valid_at(each, now.priced_ms)}
        ended = valid_for(now, line) - valid
        row = desk.prices.list_of(db, line.product, now.priced_ms)
        promised = find_line(now, number)
        tag = desk.prices.tag(db, promised.product)
    changed = promised.tag.price not in (-1, tag.price)
    if ended or changed or (row is not None and row.price > line.product.price):
        raise Refusal("price_changed", name=line.name)
