"""Who works at one till: what they do all day, and what they try that they may not."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.errors import Refusal, Trouble
from app.money import yuan
from app.payments import rules
from app.pricing.drafts import Listing, PriceListDraft
from app.pricing.rules import Discount
from app.sales.counter import Counter, Stage
from app.sales.paying import captured
from app.sales.publishing import publish_prices
from app.sales.refund_rules import Back
from app.sales.stocktaking import Stocktaking
from app.stock.receiving import Delivery, Receiving
from app.stock.receiving_rules import Wanted
from app.stock.transfer_files import TransferFiles
from app.stock.transfers import Parcel, Transfers
from tests.simulation.driven_disk import Killed
from tests.simulation.overreaching import MANAGER, overreach
from tests.simulation.time_heap import DAY, MINUTE

if TYPE_CHECKING:
    from tests.simulation.till_node import TillNode

GOODS = ("11014", "12003", "12001", "22001", "33001", "24001")
COUNTED = "24003"
"""What the shop counts; the pencil does not follow it."""
FLOAT = 500_00
ACTS = {
    "buys": 44, "pays_by_phone": 22, "buys_the_counted": 6, "refund": 7, "hold": 3, "resume": 4,
    "cancel": 2, "cash_by_hand": 3, "receive": 3, "send": 2, "arrive": 3, "count": 3,
    "reprint": 4, "overreach": 6, "new_price": 2, "discount": 3,
}  # fmt: skip
_NAMES, _WEIGHTS = tuple(ACTS), tuple(ACTS.values())


class Person:
    """A cashier, and the managers who come when they are called."""

    def __init__(self, till: "TillNode") -> None:
        self.till = till
        self.world, self.heap = till.world, till.heap
        self.load, self.rng = till.heap.rng["load"], till.heap.rng["people"]
        self.codes = 0
        till.came_up = self.plan_payments
        self.plan_day()

    @property
    def counter(self) -> Counter:
        return self.till.counter

    # --- the day ---------------------------------------------------------------------------

    def plan_day(self) -> None:
        """Customers come when they come; in the evening somebody closes, most of the time."""
        from tests.simulation.world import MONDAY, SHOP_HOURS

        day = (self.heap.now - MONDAY) // DAY
        if day >= self.world.plan.days:
            return
        morning = MONDAY + day * DAY
        customers = round(self.world.plan.sales * 1.5)
        begin = max(self.heap.now, morning) + self.rng.randrange(20) * MINUTE
        for _ in range(customers if begin < morning + SHOP_HOURS else 0):
            self.heap.at(self.load.randrange(begin, morning + SHOP_HOURS), self.next_act)
        if self.rng.random() < 0.85:
            self.heap.at(morning + SHOP_HOURS + 20 * MINUTE, self.close_day)
        self.heap.at(morning + DAY, self.plan_day)

    def next_act(self) -> None:
        """Somebody stands at the counter."""
        till = self.till
        if not till.on or not self.world.selling:
            return
        name = self.load.choices(_NAMES, _WEIGHTS)[0]
        if self.heap.chance("disk", self.world.faults.till_killed):
            when = self.heap.rng["disk"].choice(("before", "before", "after"))
            till.disk.arm(self.heap.rng["disk"].randrange(24), when)
        till.do(lambda: self._act(name))
        till.disk.disarm()

    def _act(self, name: str) -> None:
        if self.counter.desk.person == "":
            self.counter.desk.sign_in("101", "246810")
        if self.counter.desk.shift is None:
            self.counter.desk.open_shift(FLOAT)
        if self.counter.basket.lines:
            self.go_on()
            if self.counter.basket.lines:
                return
        getattr(self, name)()

    def close_day(self) -> None:
        """Count, close, Z; a count that runs is left running."""
        till = self.till
        if till.on and self.world.selling:
            till.do(self._close_day)

    def _close_day(self) -> None:
        for _ in range(3):
            if self.counter.basket.lines:
                self.go_on()
        desk = self.counter.desk
        if desk.person == "":
            desk.sign_in("101", "246810")
        if self.counter.basket.lines:
            self.heap.sometimes("day not closed: a basket is open")
            return
        if desk.shift is not None:
            desk.close_shift(self.till.pencil.cash + self.rng.choice((0, 0, 5, -300_00)))
        if self.counter.held():
            self.heap.sometimes("day closed with a basket put aside")
        if self.till.worker.shown().waiting:
            self.heap.sometimes("day closed with unsent entries")
        self.refused("the day closed alone", desk.z_report)
        desk.z_report(MANAGER)

    # --- customers -------------------------------------------------------------------------

    def fill(self, goods: tuple[str, ...] = GOODS) -> None:
        self.till.pencil.begun.setdefault(self.counter.basket.id, self.heap.now)
        for _ in range(self.load.choices((1, 2, 3), (5, 3, 1))[0]):
            pieces = 1000 * self.load.choices((1, 2), (5, 1))[0]
            self.counter.scan(self.load.choice(goods), times=pieces)

    def _told(self, done: Any) -> None:
        """Somebody was told that it is complete."""
        if done is not None:
            self.world.sales += 1
            self.till.pencil.complete.append(done.id)
            self.till.pencil.numbers.append((done.sale.number, done.id))

    def buys(self) -> None:
        """Goods for cash; behind a customer others stand in a queue, with one thing each."""
        self._buy()
        for _ in range(self.load.randrange(2 * self.world.plan.queue + 1)):
            self.counter.scan(self.load.choice(GOODS))
            self._told(self.counter.pay_cash(None))

    def _buy(self) -> None:
        """An impatient hand presses twice."""
        self.fill()
        self._pay()
        if self.load.random() < 0.05:
            self.refused("pressed twice", lambda: self.counter.pay_cash(None))

    def _pay(self) -> None:
        """Exactly or with a note."""
        note = self.load.random() < 0.3
        amount = self.counter.due().due + 50_00 if note else None
        self._told(self.counter.pay_cash(amount))

    def buys_the_counted(self) -> None:
        """An article of the shelf that is counted."""
        self.fill((COUNTED,))
        self._told(self.counter.pay_cash(None))

    def discount(self) -> None:
        """5 % within the cashier's right."""
        self.fill()
        self.counter.reduce(1, discount=Discount(permille=50), reason="促销")
        self._pay()

    def pays_by_phone(self) -> None:
        """A wallet's code; the network answers, or does not."""
        self.fill()
        if self.heap.chance("pay", 0.7) or not self.world.faults.payments:
            self.till.network.healed = not self.world.faults.payments
        self._charge()

    def _charge(self) -> None:
        counter = self.counter
        counter.checkout()
        self.codes += 1
        code = f"13{self.codes:06d}{len(self.till.name):02d}{self.rng.randrange(10**8):08d}"
        due = counter.due().open
        basket = counter.basket.id
        counter.charge("wechat", due // 2 if due > 200 and self.load.random() < 0.1 else None, code)
        self.till.payments.settle()
        self._look_whether_done(basket)
        self.plan_payments()

    def _look_whether_done(self, basket: str) -> None:
        if self.counter.basket.id == basket:
            return
        row = self.till.rows("SELECT number FROM sale WHERE sale = ?", basket)
        if row and basket not in self.till.pencil.complete:
            self.world.sales += 1
            self.till.pencil.complete.append(basket)
            self.till.pencil.numbers.append((row[0][0], basket))

    def plan_payments(self) -> None:
        """Ask again when it is due."""
        due = self.till.payments.next_due()
        if due is None:
            return
        generation = self.till.starts

        def ask() -> None:
            if not self.till.on or generation != self.till.starts:
                return
            basket = self.counter.basket.id
            self.till.do(self.till.payments.settle)
            if self.till.on:
                self.till.do(lambda: self._look_whether_done(basket))
            if self.till.on:
                self.plan_payments()

        when = self.till.clock.booted + due
        # What is overdue although it was just looked at could not be written: a full disk.
        self.heap.at(when if when > self.heap.now else self.heap.now + MINUTE, ask)

    def go_on(self) -> None:
        """A basket lies open: an older payment, or one a killed till brought back."""
        try:
            self._go_on()
        except Refusal as refusal:
            if refusal.code != "basket_sold":
                raise
            self.heap.sometimes("basket sold by another self")
            if self.counter.stage is Stage.COLLECTING:
                self.counter.back()
            self.counter.cancel("已在别处结账")

    def _go_on(self) -> None:
        counter = self.counter
        if counter.basket.question is not None:
            counter.answer(counter.basket.question.question, "yes")
        basket = counter.basket.id
        attempt = counter.open_attempt()
        if attempt is None:
            if self.rng.random() < 0.2 and not counter.basket.handed:
                if counter.stage is Stage.COLLECTING:
                    counter.back()
                counter.cancel("顾客不要了")
                return
            counter.checkout()
            self._told(counter.pay_cash(None))
        elif attempt.state in rules.ASIDE:
            self.heap.sometimes("payment parked")
            if self.rng.random() < 0.5 and not captured(counter.basket):
                counter.hold()
            else:
                self._told(counter.pay_cash(None, approver=MANAGER))
        else:
            self.refused("a second charge", lambda: counter.charge("alipay", None, ""))
            self.till.payments.settle()
            self._look_whether_done(basket)
            self.plan_payments()

    # --- what goes on besides --------------------------------------------------------------

    def refund(self) -> None:
        """Goods of a receipt come back; greedy ones are refused."""
        numbers = self.till.pencil.numbers
        if self.world.faults.payments and self.load.random() < 0.5:
            wallets = self.till.rows("SELECT sale FROM sale_tender WHERE tender = 'wechat'")
            numbers = [each for each in numbers if (each[1],) in wallets]
        if not numbers:
            return
        number, sale = self.load.choice(numbers)
        seen = self.counter.refunds.look(number)
        line = self.load.choice(seen.lines)
        left = line.line.quantity - self.till.pencil.back[sale, line.line.line]
        greedy = [Back(line.line.line, left + 1000, "quality", "shelf")]
        if self.load.random() < 0.3:
            self.refused("a line came back twice",
                          lambda: self.counter.refunds.refund(number, greedy, MANAGER))  # fmt: skip
        if left <= 0:
            return
        where = self.load.choice(("shelf", "shelf", "scrap"))
        # Often one after the other, as people find them in their bags.
        for _ in range(min(left // 1000, self.load.choice((1, 2)))):
            back = [Back(line.line.line, 1000, "quality", where)]
            self.counter.refunds.refund(number, back, MANAGER)
        self.till.payments.settle()
        self.plan_payments()

    def hold(self) -> None:
        self.fill()
        self.counter.hold()

    def resume(self) -> None:
        held = self.counter.held()
        if held:
            self.counter.resume(held[0].id)
            self.go_on()

    def cancel(self) -> None:
        self.fill()
        self.counter.cancel("顾客不要了")

    def cash_by_hand(self) -> None:
        self.counter.desk.move_cash(self.load.choice((100_00, -50_00, 20_00)), "备用金", MANAGER)

    def reprint(self) -> None:
        if self.till.pencil.numbers:
            self.counter.receipts.reprint(self.load.choice(self.till.pencil.numbers)[0])

    def receive(self) -> None:
        room = Receiving(self.counter.desk, lambda one: self.counter.shown(one).price)
        line = Wanted(product=self.load.choice(GOODS), quantity=24_000, unit_cost=1_000)
        room.receive(Delivery(lines=(line,), supplier="农场"), MANAGER)

    def send(self) -> None:
        """Goods for another shop, and the sealed file that goes with them."""
        others = sorted({each.shop for each in self.world.tills} - {self.till.shop})
        if not others:
            return
        room = Transfers(self.counter.desk)
        posted = room.send(others[0], [Parcel(product=self.load.choice(GOODS), quantity=3_000)],
                           approver=MANAGER)  # fmt: skip
        path = self.world.folder / f"transfer-{posted.document}.json"
        TransferFiles(self.counter.desk).export(posted.document, path)
        self.world.parcels.append((others[0], path))

    def arrive(self) -> None:
        """What another shop sent is here: once, whoever presses again."""
        mine = [each for each in self.world.parcels if each[0] == self.till.shop]
        if not mine:
            return
        self.world.parcels.remove(mine[0])
        said = TransferFiles(self.counter.desk).take_in(mine[0][1], new_key=True, approver=MANAGER)
        room = Transfers(self.counter.desk)
        room.arrive(said.dispatch.document, approver=MANAGER)
        self.heap.sometimes("transfer arrived")
        self.refused("a transfer arrived twice",
                      lambda: room.arrive(said.dispatch.document, approver=MANAGER))  # fmt: skip

    def count(self) -> None:
        """The shelf is counted: by what the books say less one, so a difference is booked."""
        taking = Stocktaking(self.counter.desk)
        name = next((each.count for each in taking.open_counts()), "") or taking.open(["A1"])
        ((books,),) = self.till.rows("SELECT sum(quantity) FROM on_hand WHERE product = ?", COUNTED)
        found = str(books // 1000 - self.load.randrange(2))
        taking.enter(name, COUNTED, found, zone="A1", replace=True)
        if self.load.random() < 0.6:
            taking.close(name, MANAGER)
            self.heap.sometimes("count closed")

    def new_price(self) -> None:
        """A manager changes a price of this shop, from now on."""
        code = self.load.choice(GOODS)
        fen = self.world.prices[code] + self.load.choice((-100, 100, 250))
        draft = PriceListDraft(lines=[Listing(product=code, price=yuan(fen))])
        publish_prices(self.counter.desk, draft, MANAGER)
        self.heap.sometimes("price changed")

    def overreach(self) -> None:
        """A cashier presses what only others may."""
        overreach(self, self.load.choice(GOODS))

    def refused(self, what: str, act: Callable[[], Any]) -> None:
        """It must not be done, and nothing may be written of it but that it was tried."""
        try:
            act()
        except Refusal as refusal:
            if refusal.code == "clock_jumped":
                raise
            self.heap.marks[f"refused as it should: {what}"] += 1
        except (Trouble, Killed):
            raise
        else:
            self.world.expect(17, False, f"{self.till.name}: {what} was let through")
