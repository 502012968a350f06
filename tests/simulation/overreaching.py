"""What a cashier presses that only others may: each must be refused, and told how."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.errors import Refusal
from app.money import yuan
from app.pricing.drafts import Listing, PriceListDraft
from app.pricing.rules import Discount
from app.sales.publishing import publish_prices
from app.sales.refund_rules import Back
from app.staff.rules import NOBODY, Approver
from app.stock.receiving import Delivery, Receiving
from app.stock.receiving_rules import Wanted

if TYPE_CHECKING:
    from tests.simulation.people import Person

MYSELF, LEAD, MANAGER, OTHER_MANAGER = (
    Approver("101", "246810"), Approver("201", "135791"),
    Approver("301", "864209"), Approver("302", "975318"),
)  # fmt: skip
NO_MORE = "a word of who is manager no more"
AT_ONCE = 3
"""So many things are tried, one after the other."""


def overreach(person: "Person", article: str) -> None:
    """A few of them; `article` is one the shop has."""
    desk = person.counter.desk
    receiving = Receiving(desk, lambda one: one.price)
    delivery = Delivery(lines=(Wanted(product=article, quantity=1000, unit_cost=1),))
    dearer = yuan(person.world.prices[article] + 1_00)
    draft = PriceListDraft(lines=[Listing(product=article, price=dearer)])
    tries: dict[str, Callable[[], Any]] = {
        "drawer opened alone": lambda: desk.open_drawer("看"),
        "cash moved alone": lambda: desk.move_cash(-1_00, "x"),
        "Z alone": lambda: desk.z_report(),
        "own approval": lambda: desk.move_cash(-1_00, "x", MYSELF),
        "own approval of prices": lambda: publish_prices(desk, draft, MYSELF),
        "a lead's word for a manager's": lambda: publish_prices(desk, draft, LEAD),
        "wrong PIN": lambda: desk.move_cash(-1_00, "x", Approver(MANAGER.number, "000000")),
        "price alone": lambda: publish_prices(desk, draft, NOBODY),
        "settings alone": lambda: desk.change_settings({"rounding": "none"}),
        "goods in alone": lambda: receiving.receive(delivery),
        "somebody unknown": lambda: desk.sign_in("999", "246810"),
        "large refund alone": lambda: _large_refund(person),
        "30 % off alone": lambda: _large_discount(person),
        NO_MORE: lambda: desk.move_cash(-1_00, "备用金", OTHER_MANAGER),
    }
    role = person.till.held[-1].roles.get(OTHER_MANAGER.number, "manager")
    some = person.load.sample([name for name in tries if name != NO_MORE], AT_ONCE)
    for name in some:
        person.refused(name, tries[name])
    if role == "manager":
        tries[NO_MORE]()
    else:
        person.refused(NO_MORE, tries[NO_MORE])


def _large_refund(person: "Person") -> None:
    big = person.till.rows("SELECT number FROM sale WHERE due > 6000")
    if not big:
        raise Refusal("nothing_to_try")
    seen = person.counter.refunds.look(big[-1][0])
    if seen.left <= 50_00:
        raise Refusal("nothing_to_try")
    backs = [Back(each.line.line, each.left.quantity, "quality", "shelf")
             for each in seen.lines if each.left.quantity]  # fmt: skip
    person.counter.refunds.refund(big[-1][0], backs)


def _large_discount(person: "Person") -> None:
    person.fill()
    try:
        person.counter.reduce(1, discount=Discount(permille=300), reason="促销")
    finally:
        person.counter.cancel("算了")
