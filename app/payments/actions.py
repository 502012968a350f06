"""What a till does about payments through a network, one fact after the other.

`begin_*` commits what is about to be asked before anybody is called; whoever is killed after that
knows what to ask about. Nothing here talks to a network.
"""

import base64

from app.errors import Refusal
from app.facts.payments import RefundAttempted
from app.payments.queries import attempt_by_id, refunds_of
from app.payments.rules import (
    CAPTURED,
    LATE_CAPTURED,
    MOST_REFUNDS,
    REFUND_DAYS,
)
from app.transaction import Transaction

DAY_MS = 86_400_000


def channel_number(fact: str) -> str:
    """The number a channel knows a fact by: 26 letters and digits, as unlike as the facts are."""
    return base64.b32encode(bytes.fromhex(fact.replace("-", ""))).decode().rstrip("=")


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
