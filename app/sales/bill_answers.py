"""What a person answers to a difference with a network's bill.

Money a network holds for a charge that was given up goes back, or becomes the sale after all: the
customer stood here, paid and went off with the goods, only the answer never came. What they bought
is what the charge was asked for, line by line to the fen, whether that basket still lies on this
this till or was cancelled since. The sale is booked in the shift of whoever settles it. The same
for money that was taken and pays for nothing here, as after a disk was lost with the basket on it.
"""

import msgspec
from sqlalchemy import Connection, update

from app.catalogue.queries import products
from app.database import Priority
from app.errors import Refusal
from app.facts.payments import PaymentAttempted
from app.facts.sales import Approval
from app.facts.sales import BasketLine as FrozenLine
from app.journal.read import is_own
from app.payments import actions as payments
from app.payments.queries import Attempt, Disagreement, attempt_by_id, disagreements
from app.payments.reconciling import NO_SALE, NOT_TAKEN
from app.payments.rules import CAPTURED, FOUND, LATE_CAPTURED, SELL, moved
from app.payments.tables import bill_difference
from app.sales import actions, paying
from app.sales.actions import Completed
from app.sales.basket import DEPOSIT_NAME, Basket, Line, priced
from app.sales.charging import send_back
from app.sales.completing import Sitting
from app.sales.frozen import frozen_lines
from app.sales.queries import basket_of, numbers_of, stored
from app.sales.reconciling import pays_for_nothing
from app.transaction import Books, Transaction, transaction

RIGHT = "settle_unknown"


def name_of(difference: Disagreement) -> str:
    """What a task calls a difference."""
    return f"{difference.day}/{difference.tender}/{difference.n}"


def answers_to(db: Connection, shop: str, difference: Disagreement) -> tuple[str, ...]:
    """What settles it, the usual one first."""
    if difference.kind not in (NOT_TAKEN, NO_SALE):
        return ("seen",)
    if difference.kind == NO_SALE:
        attempt = attempt_by_id(db, shop, difference.attempt)
        if attempt is None or not pays_for_nothing(db, shop, [attempt]):
            # Its sale came home since.
            return ("seen",)
    if basket_for(db, shop, difference) is None:
        return ("refund", "seen")
    return ("refund", "sale", "seen")


def settle_difference(books: Books, name: str, answer: str, person: str) -> None:
    """Settle a difference: `refund` sends back what a channel holds for a charge we gave up or
    that pays for nothing here, `seen` says that a person looked into it.

    Raises Refusal: unknown_task, bad_task_answer.
    """
    with transaction(books, staff=person) as tx:
        found = _waiting(tx, name)
        if answer not in ("refund", "seen") or answer not in answers_to(
            tx.connection, tx.shop, found
        ):
            raise Refusal("bad_task_answer")
        if answer == "refund":
            send_back(tx, _moved(tx, found, FOUND, person))
        _settled(tx, found)


def sell_found(books: Books, name: str, sitting: Sitting, by: str) -> Completed:
    """The money of a difference pays for what it was asked for. Charge, sale and difference move
    in one commit, so a second yes finds nothing left to settle. No paper comes out: whoever wants
    the receipt asks for it. `by` is the person who says that the customer has the goods.

    Raises Refusal: unknown_task, bad_task_answer.
    """
    with transaction(books, staff=sitting.person, priority=Priority.CHECKOUT) as tx:
        found = _waiting(tx, name)
        basket = basket_for(tx.connection, tx.shop, found)
        if basket is None or "sale" not in answers_to(tx.connection, tx.shop, found):
            raise Refusal("bad_task_answer")
        attempt = _moved(tx, found, SELL, by)
        basket = paying.hand(
            basket, attempt.tender, attempt.amount, attempt.trade_no, attempt=attempt.attempt
        )
        yes = Approval(person=by, action=RIGHT)
        done = actions.complete_in(
            tx,
            msgspec.structs.replace(basket, approvals=(*basket.approvals, yes)),
            sitting,
            lambda _sale, _entry: None,
            kick_drawer=False,
            strict=False,
        )
        _settled(tx, found)
    return done


def _waiting(tx: Transaction, name: str) -> Disagreement:
    for each in disagreements(tx.connection):
        if name_of(each) == name:
            return each
    raise Refusal("unknown_task")


def _moved(tx: Transaction, found: Disagreement, event: str, person: str) -> Attempt:
    """The charge of a difference, after the bill moved it on: one that was paid stays so."""
    attempt = attempt_by_id(tx.connection, tx.shop, found.attempt)
    assert attempt is not None
    if attempt.state in (CAPTURED, LATE_CAPTURED):
        return attempt
    payments.move(tx, attempt, moved(attempt.state, event), reason="bill", person=person)
    return attempt


def _settled(tx: Transaction, found: Disagreement) -> None:
    tx.execute(
        update(bill_difference)
        .where(
            bill_difference.c.day == found.day,
            bill_difference.c.tender == found.tender,
            bill_difference.c.n == found.n,
        )
        .values(settled=1)
    )


def basket_for(db: Connection, shop: str, found: Disagreement) -> Basket | None:
    """What the money was for, ready to be sold; None when it cannot be that sale any more: another
    amount, a part of what was due, a basket that was paid otherwise or changed since."""
    attempt = attempt_by_id(db, shop, found.attempt)
    assert attempt is not None
    if not is_own(db, attempt.attempt) or numbers_of(db, shop, [attempt.basket]):
        # Another till's charge is that till's sale: made on both, one of them would be lost.
        return None
    asked = stored(db, attempt.attempt).fact
    assert isinstance(asked, PaymentAttempted)
    whole = sum(line.amount for line in asked.lines)
    if not asked.lines or not whole == asked.due == asked.amount == found.theirs:
        return None
    draft = basket_of(db, attempt.basket)
    if draft is None:
        return _made_again(db, shop, attempt, asked.lines)
    same = frozen_lines(draft, priced(draft)) == asked.lines
    return draft if same and not draft.handed else None


def _made_again(
    db: Connection, shop: str, attempt: Attempt, asked: tuple[FrozenLine, ...]
) -> Basket | None:
    """The basket by what the charge says of it: what each line cost stands, whatever the price is
    now. None when the catalogue has lost one of its products."""
    known = products(db, shop, [each.product for each in asked])
    if not all(each.product in known for each in asked):
        return None
    lines: list[Line] = []
    for each in asked:
        product = known[each.product]
        deposit = each.name == f"{DEPOSIT_NAME}·{product.name}"
        lines.append(
            Line(
                line=each.line,
                product=product,
                quantity=each.quantity,
                label_amount=each.amount,
                source="bill",
                # A deposit stands right behind its goods.
                deposit_of=lines[-1].line if deposit else 0,
            )
        )
    return Basket(id=attempt.basket, opened_ms=attempt.order_ms, lines=tuple(lines))
