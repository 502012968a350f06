"""Charges through a network as the sale sees them: begun, moved on, and what a captured one pays.

One transaction each. Whoever carries the questions to the network calls these with what it heard;
a captured charge and the sale it completes are one commit, so neither is ever without the other.
"""

from collections.abc import Callable

import msgspec

from app.database import Priority
from app.members.revoking import demand_standing
from app.payments import actions as payments
from app.payments.queries import Attempt, refunds_of
from app.payments.rules import CAPTURED, LATE_CAPTURED
from app.sales import actions, paying
from app.sales.actions import Completed, MakePaper, TakeBack
from app.sales.basket import Basket, next_revision, priced
from app.sales.completing import Sitting
from app.sales.frozen import frozen_lines
from app.sales.queries import basket_of
from app.sales.refund_completing import still_there
from app.sales.tabs import captured_for_tab
from app.transaction import Books, Transaction, transaction


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Where an attempt goes from where, and what the network said about it."""

    before: str
    state: str
    trade_no: str = ""
    trade_time: str = ""
    reason: str = ""
    person: str = ""


class Settled(msgspec.Struct, frozen=True):
    """What moving an attempt did: a sale, or a basket with its money, or neither."""

    done: Completed | None = None
    basket: Basket | None = None


def begin_charge(
    books: Books, basket: Basket, sitting: Sitting, tender: str, amount: int, code: str
) -> str:
    """The attempt is on the disk; its id. Raises Refusal: till_revoked, attempt_open, code_used."""
    total = priced(basket, rounding_step=sitting.rounding_step)
    due = paying.standing(basket, sitting.rounding_step).due
    with transaction(books, staff=sitting.person, priority=Priority.CHECKOUT) as tx:
        demand_standing(tx.connection)
        attempt = payments.begin_attempt(
            tx,
            basket=basket.id,
            lines=frozen_lines(basket, total),
            person=sitting.person,
            tender=tender,
            amount=amount,
            due=due,
            day=sitting.day,
            shift=sitting.shift,
            code=code,
        )
        actions.put_draft(tx, basket)
    return attempt


def settle(
    books: Books,
    attempt: Attempt,
    outcome: Outcome,
    *,
    sitting: Sitting,
    make_paper: MakePaper,
    kicks: Callable[[Basket], bool],
    take_back: TakeBack,
) -> Settled:
    """Move an attempt, with all that follows from it in the same commit.

    Captured: the basket gets its money, and the sale completes when nothing is open. Captured too
    late, for a basket that is no more, or for one whose exchange cannot be any more: the money goes
    straight back.
    """
    with transaction(books, staff=outcome.person, priority=Priority.CHECKOUT) as tx:
        payments.move(
            tx,
            attempt,
            outcome.state,
            trade_no=outcome.trade_no,
            trade_time=outcome.trade_time,
            reason=outcome.reason,
            person=outcome.person,
        )
        if outcome.state == LATE_CAPTURED:
            send_back(tx, attempt)
        if outcome.state != CAPTURED:
            return Settled()
        if captured_for_tab(tx, attempt, outcome.trade_no, sitting):
            return Settled()
        basket = basket_of(tx.connection, attempt.basket)
        if (
            basket is None
            or fully_paid(basket, sitting, attempt)
            or not still_there(tx.connection, tx.shop, basket)
        ):
            # Nobody can be given goods for it any more.
            send_back(tx, attempt)
            return Settled()
        basket = paying.hand(
            basket, attempt.tender, attempt.amount, outcome.trade_no, attempt=attempt.attempt
        )
        if paying.standing(basket, sitting.rounding_step).open > 0:
            basket = next_revision(basket)
            actions.put_draft(tx, basket)
            return Settled(basket=basket)
        done = actions.complete_in(
            tx,
            basket,
            sitting,
            make_paper,
            kick_drawer=kicks(basket),
            take_back=take_back,
            strict=False,
        )
    return Settled(done=done)


def fully_paid(basket: Basket, sitting: Sitting, attempt: Attempt) -> bool:
    """Whether this much more would be too much: other money took its place meanwhile."""
    return paying.standing(basket, sitting.rounding_step).open < attempt.amount


def send_back(tx: Transaction, attempt: Attempt) -> None:
    """The whole of a payment goes back to where it came from; the refund is the attempt's own."""
    left = attempt.amount - sum(
        each.amount for each in refunds_of(tx.connection, tx.shop, attempt.attempt)
    )
    if left > 0:
        payments.begin_refund(
            tx,
            refund=attempt.attempt,
            attempt=attempt.attempt,
            tender=attempt.tender,
            amount=left,
            day=attempt.day,
            shift=attempt.shift,
        )


def give_back_captured(books: Books, basket: Basket, attempt: Attempt, person: str) -> Basket:
    """Money a network took for a basket that is still open goes back; the basket without it."""
    smaller = next_revision(paying.without_attempt(basket, attempt.attempt))
    with transaction(books, staff=person) as tx:
        send_back(tx, attempt)
        actions.put_draft(tx, smaller)
    return smaller
