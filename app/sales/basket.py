"""The open basket: a frozen value; every change makes a new one. No disk, no clock, no screen.

A basket's id becomes the sale's id: it is made when the first line comes, long before anything is
paid, so a sale that is tried twice is still one sale.
"""

from functools import lru_cache

import msgspec

from app.catalogue.scales import derived_quantity
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.pricing import Promotion
from app.facts.sales import Answer, Approval
from app.pricing.lines import NO_TAG, ShelfTag
from app.pricing.rules import (
    NONE,
    Discount,
    LineToPrice,
    Points,
    Priced,
    price_basket,
)
from app.pricing.windows import valid_at, valid_between
from app.quantity import checked
from app.sales.exchange import Exchange

MOST_LINES = 300
"""Nobody reads more on a screen; what an entry of 64 KiB holds is fewer (`actions.check_size`)."""
DEPOSIT_NAME = "押金"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line as it stands; the product as the catalogue knew it, at its list price."""

    line: int
    product: Product
    quantity: int
    label_amount: int = -1
    """Fen printed on a scale label, -1 without one: authoritative unless the price fell since."""
    label_weight: bool = False
    """The label said its weight too, so today's price for it is known."""
    added_ms: int = 0
    """The trusted moment it was added at; prices of that moment were promised."""
    code: str = ""
    source: str = "scan"
    lot: str = ""
    """The lot that was scanned, "" when only the product was."""
    serial: str = ""
    override: int = -1
    override_reason: str = ""
    discount: Discount = NONE
    tag: ShelfTag = NO_TAG
    """The shelf's tag that promises less than the list price."""
    deposit_of: int = 0
    """The line whose container this deposit is for, 0 for goods."""

    @property
    def weighed(self) -> bool:
        return bool(self.product.weighed)

    @property
    def price(self) -> int:
        """List price in fen per unit."""
        return self.product.deposit if self.deposit_of else self.product.price

    @property
    def name(self) -> str:
        return f"{DEPOSIT_NAME}·{self.product.name}" if self.deposit_of else self.product.name

    @property
    def reducible(self) -> bool:
        return bool(self.product.reducible) and not self.deposit_of


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What the till must know before goods may join the basket; nothing is paid meanwhile."""

    question: str
    """age, weight, date."""
    product: Product
    quantity: int = 1000
    label_amount: int = -1
    label_weight: bool = False
    code: str = ""
    source: str = "scan"
    lot: str = ""
    serial: str = ""


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """Money towards this basket before it is complete, in fen."""

    tender: str
    amount: int
    tendered: int
    change: int = 0
    reference: str = ""
    attempt: str = ""
    """The payment attempt that brought it through a network."""
    tab: str = ""
    """The open tab it goes on (房账)."""
    account: str = ""
    """The customer's own money with the shop it comes from."""


class Basket(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a sale that is not complete yet."""

    id: str
    opened_ms: int
    revision: int = 0
    """Counts its changes, so that an older draft never takes the place of a newer one."""
    lines: tuple[Line, ...] = ()
    next_line: int = 1
    removed: int = 0
    discount: Discount = NONE
    question: Question | None = None
    answers: tuple[Answer, ...] = ()
    approvals: tuple[Approval, ...] = ()
    handed: tuple[Handed, ...] = ()
    cash_chosen: bool = False
    member: str = ""
    """The member who buys, by identity; "" for anybody."""
    codes: tuple[str, ...] = ()
    """Promotion codes the customer showed."""
    promotions: tuple[Promotion, ...] = ()
    """Promotions it may have, as they stood at its last change; what is in them is promised."""
    priced_ms: int = 0
    """The trusted moment of its last change."""
    exchange: Exchange | None = None
    """Goods that come back for these (换货)."""
    points: Points = Points()
    """Points the member gives for it, at what they were worth then."""

    @property
    def begun(self) -> bool:
        """Whether a customer's business lies in it, goods or not."""
        return bool(self.lines or self.question or self.exchange)

    @property
    def worth_back(self) -> int:
        """Fen that goods coming back are worth."""
        return self.exchange.amount if self.exchange else 0

    @property
    def pieces(self) -> int:
        """Pieces as people count them: a weighed line is one, deposits are none."""
        return sum(
            1 if line.weighed else line.quantity // 1000
            for line in self.lines
            if not line.deposit_of
        )


def since(basket: Basket, line: Line) -> int:
    """From when on prices were promised for a line, in ms."""
    return line.added_ms or basket.opened_ms


def valid_for(basket: Basket, line: Line) -> frozenset[str]:
    """Codes of the promotions that were valid while the line lay in the basket."""
    return frozenset(
        each.code
        for each in basket.promotions
        if valid_between(each, since(basket, line), basket.priced_ms)
    )


def find_line(basket: Basket, number: int) -> Line:
    """The line with this number. Raises Refusal("no_such_line")."""
    for line in basket.lines:
        if line.line == number:
            return line
    raise Refusal("no_such_line", line=number)


def with_line(
    basket: Basket,
    product: Product,
    quantity: int,
    *,
    label_amount: int = -1,
    label_weight: bool = False,
    code: str = "",
    source: str = "scan",
    lot: str = "",
    serial: str = "",
    tag: ShelfTag = NO_TAG,
) -> tuple[Basket, int]:
    """Add goods: more of the same piece joins its line, everything else gets a new one.

    Returns the basket and the line's number. Raises Refusal: bad_quantity, fraction_of_unit,
    basket_full.
    """
    checked(quantity, weighed=bool(product.weighed))
    same = _same_piece(basket, product, label_amount, lot, serial, tag)
    if same is not None:
        return with_quantity(basket, same.line, same.quantity + quantity), same.line
    if len(basket.lines) + 2 > MOST_LINES:
        raise Refusal("basket_full", most=MOST_LINES)
    number = basket.next_line
    line = Line(
        line=number,
        product=product,
        quantity=quantity,
        label_amount=label_amount,
        label_weight=label_weight,
        added_ms=basket.priced_ms,
        code=code,
        source=source,
        lot=lot,
        serial=serial,
        tag=tag,
    )
    lines = [line]
    if product.deposit:
        lines.append(
            Line(
                line=number + 1,
                product=product,
                quantity=quantity,
                source="deposit",
                deposit_of=number,
            )
        )
    grown = msgspec.structs.replace(
        basket, lines=(*basket.lines, *lines), next_line=number + len(lines)
    )
    return grown, number


def _same_piece(
    basket: Basket, product: Product, label_amount: int, lot: str, serial: str, tag: ShelfTag
) -> Line | None:
    if product.weighed or label_amount >= 0 or serial:
        return None
    now = frozenset(each.code for each in basket.promotions if valid_at(each, basket.priced_ms))
    for line in basket.lines:
        if (
            line.product.code == product.code
            and line.product.price == product.price
            and line.lot == lot
            and line.label_amount < 0
            and not line.serial
            and line.override < 0
            and not line.discount
            and not line.deposit_of
            # What was promised before a promotion ended, or a tag was changed, is not promised
            # for more of the same.
            and line.tag == tag
            and valid_for(basket, line) == now
        ):
            return line
    return None


def with_quantity(basket: Basket, number: int, quantity: int) -> Basket:
    """The same basket with another quantity on one line; its deposit follows.

    Raises Refusal: no_such_line, bad_quantity, fraction_of_unit, label_decides (a scale label's
    amount was printed for its weight).
    """
    line = find_line(basket, number)
    if line.label_amount >= 0 or line.deposit_of:
        raise Refusal("label_decides")
    checked(quantity, weighed=line.weighed)
    return _replaced(basket, number, quantity=quantity)


def _replaced(basket: Basket, number: int, **changes: object) -> Basket:
    lines = tuple(
        msgspec.structs.replace(line, **changes)
        if line.line == number or ("quantity" in changes and line.deposit_of == number)
        else line
        for line in basket.lines
    )
    return msgspec.structs.replace(basket, lines=lines)


def without_line(basket: Basket, number: int) -> Basket:
    """Take a line out, with its deposit. Raises Refusal("no_such_line")."""
    line = find_line(basket, number)
    gone = {number, line.deposit_of or number}
    lines = tuple(
        each for each in basket.lines if each.line not in gone and each.deposit_of not in gone
    )
    smaller = msgspec.structs.replace(basket, lines=lines, removed=basket.removed + 1)
    if lines:
        return smaller
    # The next goods may be another customer's: neither their age nor a discount was decided yet.
    return msgspec.structs.replace(
        smaller, discount=NONE, answers=(), member="", codes=(), points=Points()
    )


def removed_lines(basket: Basket, number: int) -> list[Line]:
    """The lines that go when this one goes: goods and their deposit go together."""
    left = {line.line for line in without_line(basket, number).lines}
    return [line for line in basket.lines if line.line not in left]


def next_revision(basket: Basket) -> Basket:
    """The basket as its next draft."""
    return msgspec.structs.replace(basket, revision=basket.revision + 1)


def with_override(basket: Basket, number: int, price: int, reason: str) -> Basket:
    """A person's price for one line, never above the tag's: nobody may charge more than it says.

    Raises Refusal: no_such_line, not_reducible, price_above_tag.
    """
    line = find_line(basket, number)
    if price > line.price:
        raise Refusal("price_above_tag", name=line.name)
    if not line.reducible and price < line.price:
        raise Refusal("not_reducible", name=line.name)
    return _replaced(basket, number, override=price, override_reason=reason)


def with_discount(basket: Basket, number: int, discount: Discount) -> Basket:
    """A discount on one line, or on the whole basket (number 0), where bags stay outside."""
    if number == 0:
        return msgspec.structs.replace(basket, discount=discount)
    if not (line := find_line(basket, number)).reducible:
        raise Refusal("not_reducible", name=line.name)
    return _replaced(basket, number, discount=discount)


def to_price(basket: Basket, line: Line) -> LineToPrice:
    """A line as the price rules see it."""
    return LineToPrice(
        line=line.line,
        list_price=line.price,
        quantity=line.quantity,
        weighed=line.weighed,
        reducible=line.reducible,
        label_amount=line.label_amount,
        override=line.override,
        override_reason=line.override_reason,
        discount=line.discount,
        product="" if line.deposit_of else line.product.code,
        label_weight=line.label_weight,
        tag=line.tag,
        promotions=valid_for(basket, line),
    )


@lru_cache(maxsize=4)
def priced(basket: Basket, *, rounding_step: int = 1) -> Priced:
    """What the basket costs now; 抹零 only once cash was chosen for what is open.

    Pure, and asked several times on the way from 收款 to the sale, so the last ones are kept.
    """
    return price_basket(
        [to_price(basket, line) for line in basket.lines],
        promotions=basket.promotions,
        basket_discount=basket.discount,
        points=basket.points,
        rounding_step=rounding_step if basket.cash_chosen else 1,
        paid_otherwise=basket.worth_back
        + sum(each.amount for each in basket.handed if each.tender != "cash"),
    )


def label_line(product: Product, amount: int | None, weight: int | None) -> tuple[int, int, bool]:
    """(quantity, label amount, whether the label said its weight) of a scale label: its printed
    amount decides, a weight it does not say is derived.

    Raises Refusal("label_without_weight") when the label says neither for a weighed product.
    """
    if amount is not None:
        return weight or derived_quantity(amount, product.price), amount, bool(weight)
    if weight:
        return weight, -1, True
    raise Refusal("label_without_weight")
