"""What a till does about payments through a network, one fact after the other.

`begin_*` commits what is about to be asked before anybody is called; whoever is killed after that
knows what to ask about. Nothing here talks to a network.
"""

import base64

from sqlalchemy import select

from app.errors import Refusal
from app.facts.payments import PaymentAttempted, PaymentMoved, RefundAttempted, RefundMoved
from app.facts.sales import BasketLine
from app.payments.queries import (
    Attempt,
    Refund,
    attempt_by_id,
    attempt_in_the_way,
    refund_by_id,
    refunds_of,
)
from app.payments.rules import CAPTURED, LATE_CAPTURED, MOST_REFUNDS, REFUND_DAYS
from app.payments.tables import wallet_code
from app.transaction import Transaction

DAY_MS = 86_400_000


def channel_number(fact: str) -> str:
    """The number a channel knows a fact by: 26 letters and digits, as unlike as the facts are."""
    return base64.b32encode(bytes.fromhex(fact.replace("-", ""))).decode().rstrip("=")


def begin_attempt(
    tx: Transaction,
    *,
    basket: str,
    lines: tuple[BasketLine, ...],
    person: str,
    tender: str,
    amount: int,
    due: int,
    day: str,
    shift: str,
    code: str = "",
) -> str:
    """A charge is about to be asked of a channel; the attempt's id. Amounts in fen.

    Without `code` our own screen shows one. The code itself is not kept, only that it was used.
    Raises Refusal: attempt_open (this basket has one already), code_used.
    """
    if attempt_in_the_way(tx.connection, tx.shop, basket) is not None:
        raise Refusal("attempt_open")
    fact = tx.ids.new()
    if code:
        digest = tx.books.secrets.fingerprint(code)
        if tx.read(select(wallet_code.c.attempt).where(wallet_code.c.digest == digest)):
            raise Refusal("code_used")
        tx.insert(wallet_code, {"digest": digest, "attempt": fact})
    tx.record(
        PaymentAttempted(
            shop=tx.shop,
            till=tx.till,
            day=day,
            shift=shift,
            basket=basket,
            person=person,
            tender=tender,
            amount=amount,
            due=due,
            out_trade_no=channel_number(fact),
            mode="scan" if code else "shown",
            lines=lines,
        ),
        fact,
    )
    tx.flush()
    return fact


def move(
    tx: Transaction,
    attempt: Attempt,
    state: str,
    *,
    trade_no: str = "",
    trade_time: str = "",
    reason: str = "",
    person: str = "",
) -> None:
    """An attempt goes on to `state` (which `rules` allowed from where it stood).

    Asserts that it still stands there: nobody else moved it meanwhile.
    """
    stands = attempt_by_id(tx.connection, tx.shop, attempt.attempt)
    assert stands is not None and stands.state == attempt.state, "somebody moved it meanwhile"
    tx.record(
        PaymentMoved(
            shop=tx.shop,
            till=tx.till,
            day=attempt.day,
            shift=attempt.shift,
            attempt=attempt.attempt,
            before=attempt.state,
            state=state,
            trade_no=trade_no,
            trade_time=trade_time,
            reason=reason,
            person=person,
        )
    )
    tx.flush()


def move_refund(
    tx: Transaction, refund: Refund, state: str, *, reason: str = "", person: str = ""
) -> None:
    """Money on its way back goes on to `state`. Asserts as `move` does."""
    stands = refund_by_id(tx.connection, tx.shop, refund.refund_attempt)
    assert stands is not None and stands.state == refund.state, "somebody moved it meanwhile"
    tx.record(
        RefundMoved(
            shop=tx.shop,
            till=tx.till,
            day=refund.day,
            refund_attempt=refund.refund_attempt,
            before=refund.state,
            state=state,
            reason=reason,
            person=person,
        )
    )
    tx.flush()


def begin_refund(
    tx: Transaction, *, refund: str, attempt: str, tender: str, amount: int, day: str, shift: str
) -> str:
    """Money shall go back through the attempt it came by; the id of the refund attempt.

    Recorded inside the caller's transaction: the runner asks the channel once it is on the disk.
    A retry goes under the same `out_refund_no`, so a channel pays it once. Amount in positive fen.
    Raises Refusal: unknown_attempt, not_captured, over_refund, refund_route_closed.
    """
    tx.flush()
    found = attempt_by_id(tx.connection, tx.shop, attempt)
    if found is None or found.tender != tender:
        raise Refusal("unknown_attempt")
    if found.state not in (CAPTURED, LATE_CAPTURED):
        raise Refusal("not_captured")
    before = refunds_of(tx.connection, tx.shop, attempt)
    if amount <= 0 or sum(each.amount for each in before) + amount > found.amount:
        raise Refusal("over_refund")
    if len(before) >= MOST_REFUNDS or tx.now_ms - found.order_ms > REFUND_DAYS * DAY_MS:
        raise Refusal("refund_route_closed", days=REFUND_DAYS, parts=MOST_REFUNDS)
    fact = tx.ids.new()
    tx.record(
        RefundAttempted(
            shop=tx.shop,
            till=tx.till,
            day=day,
            shift=shift,
            refund=refund,
            attempt=attempt,
            tender=tender,
            amount=amount,
            out_trade_no=found.out_trade_no,
            out_refund_no=channel_number(fact),
        ),
        fact,
    )
    return fact
