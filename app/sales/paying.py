"""Taking money: what is still open, what is change, what is too much. Pure."""

import re

import msgspec

from app.errors import Refusal
from app.sales.basket import Basket, Handed, priced
from app.text import clean

MOST_OVER = 500_00
"""Received more than this above what is due is a typing slip (fen)."""
MOST_WHOLE_DIGITS = 5


class Due(msgspec.Struct, frozen=True):
    """How a basket stands in 收款. All fen."""

    due: int
    """What the goods cost less what those that come back are worth: below nought it goes back."""
    rounding: int
    paid: int
    """Applied so far."""
    tendered: int
    """Handed over so far."""
    change: int

    @property
    def open(self) -> int:
        return max(self.due - self.paid, 0)

    @property
    def back(self) -> int:
        """What the customer gets: the goods that come back are worth more than the new ones."""
        return max(-self.due, 0)


def standing(basket: Basket, rounding_step: int) -> Due:
    """What is due, paid and open now."""
    total = priced(basket, rounding_step=rounding_step)
    return Due(
        due=total.due - basket.worth_back,
        rounding=total.rounding,
        paid=sum(each.amount for each in basket.handed),
        tendered=sum(each.tendered for each in basket.handed),
        change=sum(each.change for each in basket.handed),
    )


def net(basket: Basket) -> int:
    """What a basket comes to in fen, less what goods that come back for it are worth."""
    return standing(basket, 1).due


def choose_cash(basket: Basket) -> Basket:
    """Cash is chosen for what is open: from here 抹零 counts."""
    return msgspec.structs.replace(basket, cash_chosen=True)


def hand_cash(basket: Basket, amount: int | None, rounding_step: int) -> Basket:
    """Cash handed over; `None` is exactly what is open. More than open becomes change.

    Raises Refusal: bad_amount, received_too_large, nothing_due.
    """
    basket = choose_cash(basket)
    open_fen = standing(basket, rounding_step).open
    if amount is None:
        amount = open_fen
    if open_fen == 0 and basket.exchange is not None:
        if amount:
            raise Refusal("nothing_due")
        # What came back pays for everything: no cash changes hands here.
        return basket
    if open_fen == 0 and basket.lines and amount == 0:
        # A basket that costs nothing (everything given away) still completes.
        pass
    elif amount <= 0:
        raise Refusal("bad_amount", text="")
    if amount > open_fen + MOST_OVER or amount >= 100 * 10**MOST_WHOLE_DIGITS:
        raise Refusal("received_too_large")
    applied = min(amount, open_fen)
    handed = Handed(tender="cash", amount=applied, tendered=amount, change=amount - applied)
    return msgspec.structs.replace(basket, handed=(*basket.handed, handed))


def before_charge(basket: Basket) -> Basket:
    """抹零 is for cash: it is off again unless cash lies on the counter already."""
    cash = any(each.tender == "cash" for each in basket.handed)
    return msgspec.structs.replace(basket, cash_chosen=cash)


def to_charge(basket: Basket, amount: int | None, rounding_step: int) -> int:
    """What another tender than cash may take: never more than is open; `None` is all of it.

    Raises Refusal: bad_amount, over_open, nothing_due (goods that came back pay for everything).
    """
    open_fen = standing(basket, rounding_step).open
    if open_fen == 0 and basket.exchange is not None:
        raise Refusal("nothing_due")
    if amount is None:
        amount = open_fen
    if amount <= 0:
        raise Refusal("bad_amount", text="")
    if amount > open_fen:
        raise Refusal("over_open")
    return amount


def hand(
    basket: Basket,
    tender: str,
    amount: int,
    reference: str = "",
    *,
    attempt: str = "",
    tab: str = "",
    account: str = "",
) -> Basket:
    """The basket with money in another tender than cash: exactly so much, never any change."""
    handed = Handed(
        tender=tender,
        amount=amount,
        tendered=amount,
        reference=reference,
        attempt=attempt,
        tab=tab,
        account=account,
    )
    return msgspec.structs.replace(basket, handed=(*basket.handed, handed))


def without_attempt(basket: Basket, attempt: str) -> Basket:
    """The basket after a network's money was sent back."""
    handed = tuple(each for each in basket.handed if each.attempt != attempt)
    return msgspec.structs.replace(basket, handed=handed)


def captured(basket: Basket) -> bool:
    """Whether a network has taken money for it, which only a refund gives back."""
    return any(each.attempt for each in basket.handed)


_CARD_NUMBER = re.compile(r"(?:\d[ -]?){12,18}\d")


def checked_reference(text: str) -> str:
    """What a terminal, bank or voucher calls the payment: short, and never a card's number.

    Raises Refusal: reference_needed, card_number.
    """
    reference = clean(text, most=40)
    if not reference:
        raise Refusal("reference_needed")
    for found in _CARD_NUMBER.finditer(reference):
        if _luhn(re.sub(r"\D", "", found[0])):
            raise Refusal("card_number")
    return reference


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 * (doubled > 9)
    return total % 10 == 0


def give_back(basket: Basket) -> Basket:
    """Out of 收款 again: what was handed over goes back to the customer, 抹零 is off."""
    return msgspec.structs.replace(basket, handed=(), cash_chosen=False)
