"""A person's own reductions: what a basket becomes, and how far each role may go. Pure."""

import msgspec

from app.errors import Refusal
from app.facts.sales import Approval
from app.pricing.rules import NONE, WHOLE, Discount
from app.sales.basket import Basket, priced, with_discount, with_override
from app.staff.rules import LIMITS

_ROLES = ("cashier", "lead", "manager")


def changed(
    basket: Basket, line: int, price: int | None, discount: Discount, reason: str
) -> Basket:
    """The basket with an override price on a line, or a discount on a line or on all (0).

    Raises Refusal: reason_needed, bad_amount, bad_discount, not_reducible, no_such_line.
    """
    if not reason:
        raise Refusal("reason_needed")
    if price is not None:
        if price < 0:
            raise Refusal("bad_amount", text="")
        return with_override(basket, line, price, reason)
    if discount.amount < 0 or not (discount == NONE or 0 <= discount.permille < WHOLE):
        raise Refusal("bad_discount", text="")
    return with_discount(basket, line, Discount(discount.permille, discount.amount, reason))


def within(basket: Basket, role: str) -> bool:
    """Whether a role may leave the basket as reduced as it is: line by line and as a whole."""
    limits = LIMITS.get(role)
    if limits is None:
        return False
    total = priced(basket)
    parts = [(line.amount, line.amount - line.net) for line in total.lines]
    # A share is rounded half-up per piece, so a fen a piece over the exact limit is still in it.
    pieces = sum(max(line.quantity // 1000, 1) for line in basket.lines)
    most = limits.discount_percent
    return all(off * 100 <= amount * most + 100 * pieces for amount, off in parts)


def role_for(basket: Basket) -> str:
    """The lowest role that may approve this."""
    for role in _ROLES:
        if within(basket, role):
            return role
    return "head_office"


def may_remove(basket: Basket, role: str) -> bool:
    """Whether a role may take one more line out of this basket."""
    limits = LIMITS.get(role)
    return limits is not None and (
        limits.removed_lines is None or basket.removed < limits.removed_lines
    )


def approved(basket: Basket, person: str, action: str, reason: str = "") -> Basket:
    """The basket with a different person's yes, which the sale will carry."""
    approval = Approval(person=person, action=action, reason=reason)
    return msgspec.structs.replace(basket, approvals=(*basket.approvals, approval))
