"""What the practice network does with a charge, decided by the last digits of the wallet's code.

No HTTP here: the sides (`wechat_side.py`, `alipay_side.py`, `terminal_side.py`) put these verdicts
into the shapes of each network. Two digits choose the day of a charge, the two before them that of
its refund (`DAYS`, `REFUND_DAYS`).
"""

import threading
from dataclasses import dataclass, field

from app.clock import local

DAYS = {
    "01": "password, paid on the third query",
    "02": "paid, the answer is lost",
    "03": "declined: balance",
    "04": "never answered, not paid",
    "05": "paid late, after a reverse was asked",
    "06": "500 three times, then paid",
    "07": "code expired",
    "08": "password, never given; first reverse unknown, second done",
    "09": "the bill shows another amount",
}
REFUND_DAYS = {"01": "answer lost", "02": "in progress twice", "03": "merchant balance short"}

PAID, WAITING, BALANCE, EXPIRED, USED, REVERSED, UNKNOWN, LOST, BROKEN, NOT_FOUND, SHORT = (
    "paid", "waiting", "balance", "expired", "used", "reversed", "unknown", "lost", "broken",
    "not_found", "short",
)  # fmt: skip
"""Verdicts: what this moment's answer is. `LOST` is none at all, `BROKEN` is a 500."""
BILL_IS_OFF_BY = 1
"""Fen by which the bill of day 09 differs."""


@dataclass
class Returned:
    """A refund as the network keeps it."""

    number: str
    amount: int
    state: str
    made_ms: int
    asked: int = 0


@dataclass
class Charge:
    """An order as the network keeps it. `state`: new, waiting, paid, failed, reversed."""

    wallet: str
    number: str
    amount: int
    code: str
    trade_no: str
    made_ms: int
    state: str = "new"
    paid_ms: int = 0
    calls: int = 0
    queries: int = 0
    reverses: int = 0
    refunds: dict[str, Returned] = field(default_factory=dict)

    @property
    def day(self) -> str:
        return self.code[-2:]

    @property
    def refund_day(self) -> str:
        return self.code[-4:-2]

    @property
    def returned(self) -> int:
        """Fen that went back or are on their way."""
        return sum(each.amount for each in self.refunds.values() if each.state != "short")


class Network:
    """Orders by their number. Every method is one request, and safe from any thread."""

    def __init__(self) -> None:
        self.orders: dict[str, Charge] = {}
        self.codes: dict[str, str] = {}
        """Wallet code -> the one order it was used for."""
        self._lock = threading.Lock()

    def pay(self, wallet: str, number: str, amount: int, code: str, now: int) -> tuple[str, Charge]:
        """A charge by a scanned code."""
        with self._lock:
            charge = self.orders.get(number)
            if charge is None:
                charge = Charge(wallet, number, amount, code, self._trade_no(), now)
                self.orders[number] = charge
                if self.codes.setdefault(code, number) != number:
                    charge.state = "failed"
                    return USED, charge
                charge.state = "waiting"
            charge.calls += 1
            return self._pay(charge, now), charge

    def _pay(self, charge: Charge, now: int) -> str:
        if charge.state != "waiting":
            return self._stands(charge)
        match charge.day:
            case "01" | "05" | "08":
                return WAITING
            case "03" | "07":
                charge.state = "failed"
                return BALANCE if charge.day == "03" else EXPIRED
            case "04":
                return LOST
            case "06" if charge.calls <= 3:
                return BROKEN
        self._take(charge, now)
        return LOST if charge.day == "02" else PAID

    def precreate(self, wallet: str, number: str, amount: int, now: int) -> tuple[str, Charge]:
        """A charge by a code on the shop's screen: the customer pays at the second query."""
        with self._lock:
            charge = self.orders.get(number)
            if charge is None:
                charge = Charge(wallet, number, amount, "", self._trade_no(), now, "waiting")
                self.orders[number] = charge
            return self._stands(charge), charge

    def query(self, number: str, now: int) -> tuple[str, Charge | None]:
        """How a charge stands."""
        with self._lock:
            if (charge := self.orders.get(number)) is None:
                return NOT_FOUND, None
            charge.calls += 1
            charge.queries += 1
            if charge.day == "06" and charge.state == "waiting" and charge.calls <= 3:
                return BROKEN, charge
            paid_now = (
                (charge.day == "01" and charge.queries >= 3)
                or (charge.day == "05" and charge.reverses)
                or (charge.day == "06" and charge.calls > 3)
                or (not charge.code and charge.queries >= 2)
            )
            if charge.state == "waiting" and paid_now:
                self._take(charge, now)
            return self._stands(charge), charge

    def reverse(self, number: str, now: int) -> tuple[str, Charge | None]:
        """Take a charge back. One that never came in can never come in any more."""
        with self._lock:
            charge = self.orders.get(number)
            if charge is None:
                charge = Charge("", number, 0, "", "", now, "reversed")
                self.orders[number] = charge
                return NOT_FOUND, charge
            charge.reverses += 1
            if charge.state == "waiting" and (
                charge.day == "05" or (charge.day == "08" and charge.reverses < 2)
            ):
                return UNKNOWN, charge
            if charge.state == "paid":
                left = charge.amount - charge.returned
                charge.refunds["reverse"] = Returned("reverse", left, "done", now)
            if charge.state != "failed":
                charge.state = "reversed"
            return REVERSED, charge

    def refund(self, number: str, refund: str, amount: int, now: int) -> tuple[str, Charge | None]:
        """Give part of a charge back; the same number twice is the same refund."""
        with self._lock:
            charge = self.orders.get(number)
            if charge is None or charge.state != "paid":
                return NOT_FOUND, charge
            back = charge.refunds.get(refund)
            if back is None or back.state == "short":
                same_day = back and _date(back.made_ms) == _date(now)
                if charge.refund_day == "03" and (back is None or same_day):
                    charge.refunds[refund] = Returned(refund, amount, "short", now)
                    return SHORT, charge
                if charge.returned + amount > charge.amount:
                    return SHORT, charge
                state = "waiting" if charge.refund_day == "02" else "done"
                back = charge.refunds[refund] = Returned(refund, amount, state, now)
                if charge.refund_day == "01":
                    return LOST, charge
            return self._returned(back), charge

    def query_refund(self, number: str, refund: str) -> tuple[str, Charge | None]:
        """How a refund stands; the number of the order may be missing ("")."""
        with self._lock:
            found = [
                each
                for each in self.orders.values()
                if refund in each.refunds and number in ("", each.number)
            ]
            if not found:
                return NOT_FOUND, None
            return self._returned(found[0].refunds[refund]), found[0]

    def _returned(self, back: Returned) -> str:
        if back.state == "short":
            return SHORT
        back.asked += 1
        if back.state == "waiting" and back.asked > 2:
            back.state = "done"
        return PAID if back.state == "done" else WAITING

    def bill(self, day: str, wallet: str = "") -> list[dict[str, object]]:
        """Everything that was paid or went back on a calendar day, as the network saw it."""
        with self._lock:
            rows: list[dict[str, object]] = []
            for charge in self.orders.values():
                if wallet and charge.wallet != wallet:
                    continue
                if charge.paid_ms and _date(charge.paid_ms) == day:
                    off = BILL_IS_OFF_BY if charge.day == "09" else 0
                    rows.append(_row(charge, charge.amount + off, charge.paid_ms))
                for back in charge.refunds.values():
                    if back.state == "done" and _date(back.made_ms) == day:
                        rows.append(_row(charge, back.amount, back.made_ms, back.number))
            return rows

    def _take(self, charge: Charge, now: int) -> None:
        charge.state, charge.paid_ms = "paid", now

    def _trade_no(self) -> str:
        return f"42000{len(self.orders) + 1:023d}"

    @staticmethod
    def _stands(charge: Charge) -> str:
        if charge.state == "failed":
            return {"03": BALANCE, "07": EXPIRED}.get(charge.day, USED)
        return {"paid": PAID, "reversed": REVERSED}.get(charge.state, WAITING)


def _date(ms: int) -> str:
    return local(ms).date().isoformat()


def _row(charge: Charge, amount: int, ms: int, refund: str = "") -> dict[str, object]:
    return {
        "wallet": charge.wallet,
        "out_trade_no": charge.number,
        "out_refund_no": refund,
        "trade_no": charge.trade_no,
        "amount": amount,
        "time": local(ms).strftime("%Y-%m-%d %H:%M:%S"),
    }
