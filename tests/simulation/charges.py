"""14 and 22: charges as the network knows them, held against the books.

Three looks. In the order it was written: nobody is charged a second time, and nothing is sold for
other money, while what became of a charge is unknown. Before the channel's bill is compared: what
the books say of each charge is what the network did; the bill finds only what it alone can know.
After it: the money the network holds is the money the books have.
"""

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from app.facts.base import Fact
from app.facts.payments import PaymentAttempted, PaymentMoved
from app.facts.sales import SaleCompleted
from app.rows import Envelope
from app.sales import bill_answers

if TYPE_CHECKING:
    from tests.simulation.till_node import TillNode
    from tests.simulation.world import World

ENDED = ("CAPTURED", "LATE_CAPTURED", "DECLINED", "REVERSED", "ABANDONED", "RELEASED")
"""After one of these a basket may be paid otherwise."""
NO_MONEY = ("DECLINED", "REVERSED", "ABANDONED")
STILL_OPEN = ("CREATED", "SENT", "USERPAYING", "UNKNOWN", "REVERSING", "PARKED",
              "PARKED_REVERSING", "CAPTURED_OPEN")  # fmt: skip
"""Listed for people: neither taken nor given back yet."""


def one_at_a_time(world: "World", said: list[tuple[Envelope, Fact]]) -> None:
    """14: as each journal tells it, no basket gets other money while a charge for it is unclear."""
    states: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    baskets: dict[tuple[str, str], str] = {}
    for envelope, fact in said:
        journal = envelope.journal
        match fact:
            case PaymentMoved() if basket := baskets.get((journal, fact.attempt)):
                states[journal, basket][fact.attempt] = fact.state
                continue
            case PaymentAttempted():
                basket = baskets[journal, envelope.fact] = fact.basket
            case SaleCompleted():
                basket = envelope.fact
            case _:
                continue
        charges = states[journal, basket]
        unclear = [state for state in charges.values() if state not in ENDED]
        world.expect(14, not unclear, f"{basket}: {type(fact).__name__}, a charge is {unclear}")
        if isinstance(fact, PaymentAttempted):
            charges[envelope.fact] = "CREATED"


def before_the_bill(till: "TillNode") -> None:
    """14: hours after the network is well, the books know what it did, but for a charge that
    landed after the network had said that it knows none."""
    if till.copies:
        # What a lost self did is not in these books.
        return
    rows = till.rows(
        "SELECT a.attempt, a.out_trade_no, a.amount, n.state FROM payment_attempt a"
        " JOIN payment_now n ON n.attempt = a.attempt WHERE a.till = ?", till.number
    )  # fmt: skip
    going_back = till.rows(
        "SELECT r.attempt, r.out_trade_no, r.out_refund_no, r.amount, n.state FROM refund_attempt r"
        " JOIN refund_now n ON n.refund_attempt = r.refund_attempt WHERE r.till = ?", till.number
    )  # fmt: skip
    expect, who = till.world.expect, till.name
    back: Counter[str] = Counter()
    for attempt, number, refund, amount, state in going_back:
        back[attempt] += amount
        kept = till.network.orders.get(number)
        returned = kept is not None and refund in kept.returned
        can_be = kept is not None and kept.held >= amount
        good = state == "DONE" if returned or can_be else state != "DONE"
        expect(14, good, f"{who}: refund {refund} is {state}, came: {returned}, can: {can_be}")
    for attempt, number, amount, state in rows:
        kept = till.network.orders.get(number)
        held = kept.held if kept else 0
        good = True
        if state in NO_MONEY:
            good = held == 0 or number in till.network.denied
        elif state in ("CAPTURED", "LATE_CAPTURED"):
            good = kept is not None and kept.paid_ms > 0
        expect(14, good, f"{who}: {number} is {state}, the network holds {held}")
        gone = state != "LATE_CAPTURED" or back[attempt] == amount
        expect(14, gone, f"{who}: {number} came too late, {back[attempt]} of it goes back")


def money(till: "TillNode") -> None:
    """14, 22: what the network holds for a basket is what its sale, or the basket on the counter,
    says was paid that way."""
    if any(each.network is till.network for each in till.world.tills if each is not till):
        # A cloned till shares its network: only both together add up.
        return
    attempts = till.rows(
        "SELECT a.attempt, a.basket, a.out_trade_no, n.state FROM payment_attempt a"
        " JOIN payment_now n ON n.attempt = a.attempt WHERE a.till = ?",
        till.number,
    )
    held: Counter[str] = Counter()
    for _attempt, basket, number, _state in attempts:
        if kept := till.network.orders.get(number):
            held[basket] += kept.held
    paid: Counter[str] = Counter()
    for sale, amount in till.rows(
        "SELECT t.sale, t.amount FROM sale_tender t JOIN sale s ON s.sale = t.sale"
        " WHERE t.tender = 'wechat' AND s.till = ?", till.number
    ):  # fmt: skip
        paid[sale] += amount
    taken = {row[0] for row in attempts if row[3] == "CAPTURED"}
    for each in till.counter.basket.handed:
        # Half of it is paid by wallet and the customer looks for coins when the town stops.
        paid[till.counter.basket.id] += each.amount if each.attempt in taken else 0
    back: dict[str, Any] = dict(till.rows(
        "SELECT r.sale, sum(t.amount) FROM refund r JOIN refund_tender t ON t.refund = r.refund"
        " WHERE t.tender = 'wechat' AND r.till = ? GROUP BY r.sale", till.number))  # fmt: skip
    still = {row[1] for row in attempts if row[3] in STILL_OPEN} | {
        row[0] for row in till.rows(
            "SELECT a.basket FROM refund_attempt r JOIN refund_now n"
            " ON n.refund_attempt = r.refund_attempt JOIN payment_attempt a"
            " ON a.attempt = r.attempt WHERE n.state != 'DONE'")}  # fmt: skip
    if till.copies:
        still |= _listed(till, attempts)
    for basket in sorted({*held, *paid}):
        wanted = paid[basket] - back.get(basket, 0)
        till.world.expect(
            14, held[basket] == wanted or basket in still,
            f"{till.name}: the network holds {held[basket]} for {basket}, the books {wanted}",
        )  # fmt: skip


def _listed(till: "TillNode", attempts: list[tuple[Any, ...]]) -> set[str]:
    """Baskets of which the bill alone tells, and people have it on their list: what a lost self
    gave back, and charges it began where the hub keeps another line of its journal aside."""
    sql = "SELECT kind, out_trade_no FROM bill_difference"
    listed = {(kind, number) for kind, number in till.rows(sql)}
    gone_back = {
        basket for _, basket, number, _ in attempts if ("refund_unknown", number) in listed
    }
    paid = till.rows("SELECT sale, reference FROM sale_tender WHERE tender = 'wechat'")
    return gone_back | {
        sale for sale, trade_no in paid if ("unknown_here", trade_no.removeprefix("N")) in listed
    }


def made_by_a_bill(sale: Fact) -> bool:
    """Whether a charge that had been given up, or that paid for nothing, became this sale."""
    return isinstance(sale, SaleCompleted) and any(
        each.action == bill_answers.RIGHT for each in sale.approvals
    )
