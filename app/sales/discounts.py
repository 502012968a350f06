"""A person's own reductions: what a basket becomes, and how far each role may go. Pure."""

from collections.abc import Mapping

import msgspec

from app.errors import Refusal
from app.facts.sales import Approval
from app.pricing.rules import NONE, WHOLE, Discount, Points, Priced
from app.sales.basket import Basket, priced, with_discount, with_override
from app.staff.rules import LIMITS

_BY_PERSONS = ("override", "line_discount", "basket_discount")
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


def within(basket: Basket, role: str, before: Basket | None = None) -> bool:
    """Whether a role may leave every line of the basket as reduced as it is.

    A line that stood as deep in `before` was decided then; taking goods out of a basket with an
    amount off makes the others deeper, so that is a decision too.
    """
    limits = LIMITS.get(role)
    if limits is None:
        return False
    was = _depths(before) if before is not None else {}
    return all(
        depth.off * 100 <= depth.amount * limits.discount_percent + 100 * depth.slack
        or (line in was and depth.no_deeper_than(was[line]))
        for line, depth in _depths(basket).items()
    )


class _Depth(msgspec.Struct, frozen=True):
    """How far people have reduced a line, in fen; promotions are no decision of theirs."""

    amount: int
    off: int
    slack: int
    """A share is rounded half-up per piece and once more on the basket: so much is no decision."""

    def no_deeper_than(self, other: "_Depth") -> bool:
        """Whether the share taken off is at most the other's, rounding aside."""
        return self.off * other.amount <= other.off * self.amount + self.slack * other.amount


def _depths(basket: Basket) -> dict[int, _Depth]:
    total = _before_points(basket)
    depths = {}
    for line, each in zip(basket.lines, total.lines, strict=True):
        off = -sum(one.amount for one in each.reductions if one.kind in _BY_PERSONS)
        depths[line.line] = _Depth(each.net + off, off, line.quantity // 2000 + 1)
    return depths


def _before_points(basket: Basket) -> Priced:
    """What it costs before points: they are the member's, and no decision of anybody here."""
    return priced(msgspec.structs.replace(basket, points=Points()))


def below_floor(basket: Basket, before: Basket, floors: Mapping[int, int]) -> str:
    """The name of goods that a person's decision brings below their floor, "" when none.

    `floors` are fen per unit by line. What stood as low before was decided then.
    """
    was = {each.line: each.net for each in _before_points(before).lines}
    quantities = {line.line: line.quantity for line in before.lines}
    depths = _depths(basket)
    for line, each in zip(basket.lines, _before_points(basket).lines, strict=True):
        floor = floors.get(line.line, 0)
        if not depths[line.line].off or each.net * 1000 >= floor * line.quantity:
            continue
        old = quantities.get(line.line, 0)
        if not old or each.net * old < was[line.line] * line.quantity:
            return line.name
    return ""


def role_for(basket: Basket, before: Basket | None = None) -> str:
    """The lowest role that may approve this."""
    for role in _ROLES:
        if within(basket, role, before):
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
