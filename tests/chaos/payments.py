"""Thousands of payments over a network on its worst days, with a till that dies at any moment.

`python -m tests.chaos.payments --attempts 10000 [--seed S]` prints one JSON line of figures; exit 0
only if nobody was charged twice and not refunded, no sale is complete without its money, and every
attempt has ended or stands on the list that people see.
"""

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.clock import SettableClock, iso, local, parse_time
from app.errors import Refusal
from app.ids import Ids, seeded
from app.payments import queries, rules
from app.payments.tables import payment_attempt, payment_now
from app.print_queue import print_job
from app.reports.tasks import tasks
from app.sales import bill_answers, reconciling
from app.sales.charging import Outcome
from app.sales.counter import Stage
from app.sales.paying import captured
from app.sales.tables import sale, sale_tender
from app.staff.rules import NOBODY, Approver
from tests.chaos.network import ChaosNetwork
from ui.startup import Till, open_demo

NOON = parse_time("2026-12-07T09:00:00+08:00")
CASHIER, PIN = "101", "246810"
MANAGER = Approver("301", "864209")
GOODS = ("11014", "12003", "22001", "12001")
HARM = ("charged_and_kept", "complete_unpaid", "unlisted", "two_receipts", "codes_on_disk")


class Crash(BaseException):
    """The till dies here, as with the power."""


class Wire:
    """The network as this till reaches it; every so often the till dies beside a call."""

    def __init__(self, network: ChaosNetwork, crash: Callable[[str], None]) -> None:
        self._network = network
        self._crash = crash
        self.cut = False

    def of(self, tender: str) -> "Wire":
        return self

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._network, name)

        def carried(*values: Any) -> Any:
            self._crash(f"before {name}")
            answer = call(*values)
            self._crash(f"after {name}")
            return answer

        return carried if name in ("pay", "query", "reverse", "refund", "query_refund") else call


class Campaign:
    """One seed: a shop, a network, and a cashier who does what cashiers do."""

    def __init__(self, folder: Path, seed: int, crashes: float = 0.01) -> None:
        self.folder = folder
        self.clock = SettableClock(NOON)
        self.ids = Ids(self.clock, seeded(f"chaos {seed}"))
        self.rng = random.Random(f"{seed}/people")
        self.network = ChaosNetwork(self.clock, seed)
        self.crashes = crashes
        self.marks: Counter[str] = Counter()
        self.codes: list[str] = []
        self.attempts = 0
        self.till = self._open()

    # --- the till --------------------------------------------------------------------------

    def _crash(self, where: str) -> None:
        if self.rng.random() < self.crashes:
            self.marks[f"died {where}"] += 1
            raise Crash

    def _open(self) -> Till:
        till = Till(
            open_demo(
                self.folder, till="1", stock=True, clock=self.clock, ids=self.ids, reserve=False
            )
        )
        till.payments.channels = Wire(self.network, self._crash)  # type: ignore[assignment]
        till.payments.direct = True
        heard = till.counter.heard

        def watched(attempt: str, outcome: Outcome) -> Any:
            self._crash("before a commit")
            done = heard(attempt, outcome)
            self.marks[f"{outcome.before} → {outcome.state}"] += 1
            self._crash("after a commit")
            return done

        till.counter.heard = watched  # type: ignore[method-assign]
        till.counter.desk.sign_in(CASHIER, PIN)
        if till.counter.desk.shift is None:
            till.counter.desk.open_shift(0)
        return till

    def _restart(self) -> None:
        self.till.close()
        self.clock.advance(self.rng.choice((1_000, 20_000, 300_000)))
        self.till = self._open()

    def _guarded(self, act: Callable[[], object]) -> bool:
        """Do it; whether the till survived."""
        try:
            act()
        except Crash:
            self._restart()
            return False
        return True

    # --- people ----------------------------------------------------------------------------

    def customer(self) -> None:
        """One basket, from the first scan until the counter is free again."""
        counter = self.till.counter
        if counter.stage is Stage.SELLING and not counter.basket.lines:
            counter.scan(self.rng.choice(GOODS))
            self.clock.advance(2_000)
        tries = 0
        while self.till.counter.basket.lines and tries < 30:
            tries += 1
            self._guarded(self._next_move)

    def _next_move(self) -> None:
        counter = self.till.counter
        attempt = counter.open_attempt()
        if attempt is None:
            self._ask_for_money()
        elif attempt.state in rules.ASIDE:
            self.marks["parked"] += 1
            if self.rng.random() < 0.5 and not captured(counter.basket):
                counter.hold()
            else:
                self._cash(MANAGER)
        else:
            if self.rng.random() < 0.15:
                self.till.payments.ask_now(attempt.attempt, reverse=True)
            self._pass(self.rng.choice((1_000, 5_000, 15_000, 60_000)))

    def _ask_for_money(self) -> None:
        counter, what = self.till.counter, self.rng.random()
        if what < 0.85 or not self.codes:
            self._by_wallet(f"13{len(self.codes):016d}")
        elif what < 0.9:
            # The customer did not refresh: the same code once more.
            with suppress(Refusal):
                self._by_wallet(self.codes[-1])
        elif counter.basket.handed or what < 0.96:
            self._cash()
        elif counter.basket.lines:
            counter.cancel("顾客不要了")

    def _by_wallet(self, code: str) -> None:
        counter = self.till.counter
        counter.checkout()
        open_fen = counter.due().open
        part = self.rng.random() < 0.1 and open_fen > 200
        self.codes.append(code)
        counter.charge("wechat", open_fen // 2 if part else None, code)
        self.attempts += 1
        self._crash("after the attempt")
        self.till.payments.settle()

    def _cash(self, approver: Approver = NOBODY) -> None:
        self.till.counter.pay_cash(None, approver=approver)

    def _pass(self, milliseconds: int) -> None:
        payments, clock = self.till.payments, self.clock
        end = clock.monotonic_ms() + milliseconds
        payments.settle()
        while (due := payments.next_due()) is not None and due <= end:
            clock.advance(max(due - clock.monotonic_ms(), 0))
            payments.settle()
        clock.advance(max(end - clock.monotonic_ms(), 0))

    # --- the end ---------------------------------------------------------------------------

    def heal(self) -> None:
        """The line is good again: what can still be settled is, then the bills are compared."""
        self.network.healed = True
        self.crashes = 0.0
        self._restart()
        self._pass(2 * 3_600_000)
        counter = self.till.counter
        if counter.basket.lines and counter.open_attempt() is None:
            counter.checkout()
            self._cash()
        last = local(self.clock.wall_ms()).date()
        first = local(NOON).date()
        for days in range((last - first).days + 1):
            self._reconcile(local(NOON + days * 86_400_000).date().isoformat())
        self._pass(3_600_000)

    def _reconcile(self, day: str) -> None:
        books = self.till.books
        bills = {"wechat": self.network.bill(day)}
        found = reconciling.reconcile(books, day, bills, "301")
        self.marks.update(f"bill: {each.kind}" for _tender, each in found)
        with books.read() as db:
            waiting = queries.disagreements(db)
        for each in waiting:
            name = bill_answers.name_of(each)
            with books.read() as db:
                answers = bill_answers.answers_to(db, books.shop, each)
            if "sale" in answers:
                # Somebody remembers the customer, who went off with the goods.
                self.till.counter.sell_found(name, MANAGER)
                self.marks["bill: sold"] += 1
            else:
                bill_answers.settle_difference(books, name, answers[0], "301")

    def figures(self) -> dict[str, Any]:
        """What came of it all, harm first."""
        books, orders = self.till.books, self.network.orders
        later = self.clock.wall_ms() + 600_000
        with books.read() as db:
            attempts = db.execute(
                select(
                    payment_attempt.c.attempt,
                    payment_attempt.c.basket,
                    payment_attempt.c.out_trade_no,
                    payment_attempt.c.amount,
                    payment_now.c.state,
                ).join_from(
                    payment_attempt,
                    payment_now,
                    payment_now.c.attempt == payment_attempt.c.attempt,
                )
            ).all()
            paid = {
                row.sale: row.total
                for row in db.execute(
                    select(sale_tender.c.sale, func.sum(sale_tender.c.amount).label("total"))
                    .where(sale_tender.c.tender == "wechat")
                    .group_by(sale_tender.c.sale)
                )
            }
            sales = db.execute(select(sale.c.sale)).scalars().all()
            papers = (
                db.execute(
                    select(func.count())
                    .where(print_job.c.kind == "receipt")
                    .group_by(print_job.c.fact)
                )
                .scalars()
                .all()
            )
            listed = {each.id.partition(":")[2] for each in tasks(db, books.shop, later)}
        held: Counter[str] = Counter()
        for each in attempts:
            if kept := orders.get(each.out_trade_no):
                held[each.basket] += kept.held
        states = Counter(each.state for each in attempts)
        open_ones = [each for each in attempts if each.state in rules.OPEN]
        baskets = set(held) | set(paid)
        disk = b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())
        return {
            "attempts": len(attempts),
            "sales": len(sales),
            "network_calls": self.network.calls,
            "charged_and_kept": sum(held[each] > paid.get(each, 0) for each in baskets),
            "complete_unpaid": sum(held[each] < paid.get(each, 0) for each in baskets),
            "unlisted": sum(each.attempt not in listed for each in open_ones),
            "two_receipts": sum(count > 1 for count in papers),
            "codes_on_disk": sum(code.encode() in disk for code in self.codes[-2_000:]),
            "still_open": len(open_ones),
            "states": dict(sorted(states.items())),
            "deaths": sum(n for name, n in self.marks.items() if name.startswith("died")),
            "marks": dict(sorted(self.marks.items())),
            "until": iso(self.clock.wall_ms()),
        }


def run(folder: Path, *, attempts: int, seed: int, crashes: float = 0.01) -> dict[str, Any]:
    """A whole campaign; its figures."""
    campaign = Campaign(folder, seed, crashes)
    try:
        while campaign.attempts < attempts:
            campaign.customer()
        campaign.heal()
        return {"seed": seed, **campaign.figures()}
    finally:
        campaign.till.close()


def harm(figures: dict[str, Any]) -> int:
    """How much of what must never happen did."""
    return sum(figures[name] for name in HARM)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.payments")
    parser.add_argument("--attempts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--crashes", type=float, default=0.01, help="chance at each step")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = run(
            Path(folder) / "till",
            attempts=options.attempts,
            seed=options.seed,
            crashes=options.crashes,
        )
    print(json.dumps(figures, ensure_ascii=False))
    return 1 if harm(figures) else 0


if __name__ == "__main__":
    sys.exit(main())
