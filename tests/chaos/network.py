"""A payment network on its worst days, from a seed: what is lost, late, doubled or down."""

import random
from dataclasses import dataclass, field

from app.clock import SettableClock, local
from sync.channels.answers import Back, BillRow, Heard, Order

CLEAR, LOST, NOT_SENT = "clear", "lost", "not_sent"


@dataclass
class Kept:
    """An order as the network keeps it, whatever the till thinks of it."""

    amount: int
    code: str
    state: str = "waiting"
    pays_at: int = -1
    """When the customer will have paid, unless it is taken back before."""
    paid_ms: int = 0
    returned: dict[str, int] = field(default_factory=dict)
    in_progress: set[str] = field(default_factory=set)

    @property
    def held(self) -> int:
        """Fen the shop has of it for good."""
        return self.amount - sum(self.returned.values()) if self.paid_ms else 0


class ChaosNetwork:
    """One network for all tenders. `healed` ends its bad days."""

    def __init__(self, clock: SettableClock, seed: int) -> None:
        self.clock = clock
        self.rng = random.Random(f"{seed}/network")
        self.orders: dict[str, Kept] = {}
        self.codes: dict[str, str] = {}
        self.healed = False
        self.calls = 0
        self.denied: set[str] = set()
        """Numbers it once said it knows nothing of: should such a charge land after all, only the
        bill shows it."""
        self._down_until = 0
        self._on_the_way: list[tuple[int, Order, str]] = []
        self._typing: list[Kept] = []
        """Orders whose customers are busy with their passwords."""

    # --- the line --------------------------------------------------------------------------

    def _fate(self) -> str:
        """How this request fares: clear, lost (arrived or not), or surely not sent."""
        self.calls += 1
        self._deliver()
        now, rng = self.clock.wall_ms(), self.rng
        if self.healed:
            return CLEAR
        if now < self._down_until:
            return rng.choice((NOT_SENT, NOT_SENT, LOST))
        if rng.random() < 0.004:
            self._down_until = now + rng.randrange(5_000, 400_000)
        return rng.choices((CLEAR, LOST, NOT_SENT), (82, 14, 4))[0]

    def goes_down(self, for_ms: int) -> None:
        """Nothing is to be had of it for so long."""
        self._down_until = max(self._down_until, self.clock.wall_ms() + for_ms)

    def _timeout(self) -> Heard:
        self.clock.advance(self.rng.randrange(10_000))
        return Heard(outcome="UNCLEAR", reason="no_answer")

    def _deliver(self) -> None:
        """What was under way for long arrives now; who was typing a password is done."""
        now = self.clock.wall_ms()
        arrived = [each for each in self._on_the_way if each[0] <= now]
        self._on_the_way = [each for each in self._on_the_way if each[0] > now]
        for _at, order, code in arrived:
            self._arrive(order, code)
        due = [kept for kept in self._typing if kept.pays_at <= now]
        self._typing = [kept for kept in self._typing if kept.pays_at > now]
        for kept in due:
            if kept.state == "waiting":
                kept.state, kept.paid_ms = "paid", kept.pays_at

    # --- what it does ----------------------------------------------------------------------

    def why_off(self) -> str:
        return ""

    def pay(self, order: Order, code: str) -> Heard:
        fate = self._fate()
        if fate == NOT_SENT:
            return Heard(outcome="UNREACHED", reason="no_connection")
        if fate == LOST:
            what = self.rng.random()
            if what < 0.3:
                delay = self.rng.randrange(1_000, 100_000)
                self._on_the_way.append((self.clock.wall_ms() + delay, order, code))
            elif what < 0.75:
                self._arrive(order, code)
            return self._timeout()
        heard = self._arrive(order, code)
        if self.rng.random() < 0.03:
            heard = self._arrive(order, code)
        return heard

    def _arrive(self, order: Order, code: str) -> Heard:
        number = order.out_trade_no
        if number not in self.orders:
            kept = self.orders[number] = Kept(order.amount, code)
            if self.codes.setdefault(code, number) != number:
                kept.state = "failed"
            else:
                self._plan(kept)
        return self._stands(number)

    def _plan(self, kept: Kept) -> None:
        now, rng = self.clock.wall_ms(), self.rng
        plan = rng.choices(("now", "password", "never", "declined", "late"), (70, 12, 5, 7, 6))[0]
        if plan == "now":
            kept.state, kept.paid_ms = "paid", now
        elif plan == "declined":
            kept.state = "failed"
        elif plan != "never":
            longest = 90_000 if plan == "password" else 300_000
            kept.pays_at = now + rng.randrange(1_000, longest)
            self._typing.append(kept)

    def _stands(self, number: str) -> Heard:
        if number not in self.orders:
            self.denied.add(number)
            return Heard(outcome="NOT_FOUND")
        state = self.orders[number].state
        outcome = {"paid": "PAID", "failed": "REFUSED", "reversed": "GONE"}.get(state, "WAITS")
        return Heard(outcome=outcome, trade_no=f"N{number}")

    def query(self, order: Order) -> Heard:
        fate = self._fate()
        if fate == NOT_SENT:
            return Heard(outcome="UNREACHED", reason="no_connection")
        if fate == LOST:
            return self._timeout()
        return self._stands(order.out_trade_no)

    def reverse(self, order: Order) -> Heard:
        fate = self._fate()
        if fate == NOT_SENT:
            return Heard(outcome="UNREACHED", reason="no_connection")
        if fate == LOST:
            if self.rng.random() < 0.5:
                self._take_back(order.out_trade_no)
            return self._timeout()
        if not self.healed and self.rng.random() < 0.15:
            return Heard(outcome="UNCLEAR", reason="SYSTEM_ERROR")
        return self._take_back(order.out_trade_no)

    def _take_back(self, number: str) -> Heard:
        kept = self.orders.get(number)
        if kept is None:
            self.denied.add(number)
            if self.rng.random() < 0.5:
                self.orders[number] = Kept(0, "", "reversed")
            # Else it is forgotten: a charge still under way lands later, and only the bill shows.
            return Heard(outcome="NOT_FOUND")
        if kept.paid_ms:
            left = kept.held
            if left:
                kept.returned["reverse"] = left
        if kept.state != "failed":
            kept.state, kept.pays_at = "reversed", -1
        return Heard(outcome="GONE")

    # --- money back ------------------------------------------------------------------------

    def refund(self, back: Back) -> Heard:
        fate = self._fate()
        if fate == NOT_SENT:
            return Heard(outcome="UNREACHED", reason="no_connection")
        if fate == LOST:
            if self.rng.random() < 0.5:
                self._return(back)
            return self._timeout()
        if not self.healed and self.rng.random() < 0.05:
            return Heard(outcome="REFUSED", reason="NOT_ENOUGH")
        return self._return(back)

    def _return(self, back: Back) -> Heard:
        kept = self.orders.get(back.out_trade_no)
        if kept is None or not kept.paid_ms:
            return Heard(outcome="REFUSED", reason="ORDER_NOT_EXIST")
        if back.out_refund_no not in kept.returned:
            if back.amount > kept.held:
                return Heard(outcome="REFUSED", reason="NOT_ENOUGH")
            kept.returned[back.out_refund_no] = back.amount
            if self.rng.random() < 0.2:
                kept.in_progress.add(back.out_refund_no)
                return Heard(outcome="WAITS")
        return Heard(outcome="PAID")

    def query_refund(self, back: Back) -> Heard:
        fate = self._fate()
        if fate == NOT_SENT:
            return Heard(outcome="UNREACHED", reason="no_connection")
        if fate == LOST:
            return self._timeout()
        kept = self.orders.get(back.out_trade_no)
        if kept is None or back.out_refund_no not in kept.returned:
            return Heard(outcome="NOT_FOUND")
        if back.out_refund_no in kept.in_progress and self.rng.random() < 0.5:
            return Heard(outcome="WAITS")
        return Heard(outcome="PAID")

    def bill(self, day: str) -> list[BillRow]:
        self._deliver()
        rows = []
        for number, kept in self.orders.items():
            if kept.paid_ms and local(kept.paid_ms).date().isoformat() == day:
                rows.append(BillRow(out_trade_no=number, amount=kept.amount))
                rows += [
                    BillRow(out_trade_no=number, out_refund_no=refund, amount=amount)
                    for refund, amount in kept.returned.items()
                ]
        return rows
