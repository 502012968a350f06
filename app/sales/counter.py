"""The counter: what window and console both drive, from sign-in to the next customer.

Goods are `selling`'s part, money that needs no network `collecting`'s; here are the networks. The
counter writes down what shall be asked and what was heard; a carrier, handed in, does the asking.
"""

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from app import print_queue
from app.catalogue.codes import WalletCode
from app.errors import Refusal
from app.facts.sales import Tender
from app.members.revoking import demand_standing
from app.payments import actions as payments
from app.payments.queries import (
    Attempt,
    Refund,
    attempt_by_id,
    attempt_in_the_way,
    refund_by_id,
)
from app.payments.rules import ASIDE, CAPTURED, FAILED, REFUND_MOVES, RELEASE, moved
from app.payments.tabs import Tab
from app.sales import charging, paying, tabs
from app.sales.actions import Completed
from app.sales.basket import Basket
from app.sales.charging import Outcome
from app.sales.crediting import Crediting
from app.sales.scanning import ONE
from app.sales.selling import Scan, Stage, one_at_a_time
from app.staff.rules import NOBODY, Approver
from app.tender_names import CHANNELS
from app.transaction import transaction

__all__ = ["ONE", "Carrier", "Counter", "Scan", "Stage"]

QUIET_MS = 1_000
"""Without a key a code pays only when no line changed for so long: the customer saw the total."""


class Carrier(Protocol):
    """Asks the networks. It never holds anybody up: answers come back through `heard`."""

    def why_off(self, tender: str) -> str:
        """Why this tender cannot be used now, in words; "" when it can."""
        ...

    def carry(self, attempt: str, code: str) -> None:
        """This attempt is on the disk; ask for it. The code is kept in memory alone."""
        ...


class NoCarrier:
    """A till that no network is joined to."""

    def why_off(self, tender: str) -> str:
        return "还没有接通"

    def carry(self, attempt: str, code: str) -> None:
        raise AssertionError("nobody carries it")


class Counter(Crediting):
    """One till's counter."""

    def __init__(
        self,
        *values: Any,
        carrier: Carrier | None = None,
        customer_sees: Callable[[int], bool] = lambda due: True,
        **named: Any,
    ) -> None:
        self._seen: Basket | None = None
        self._changed_at = 0
        self._refused = False
        self.code: WalletCode | None = None
        """A wallet code that opened 收款 and waits for one Enter. In memory alone."""
        super().__init__(*values, **named)
        self.carrier: Carrier = carrier or NoCarrier()
        self.customer_sees = customer_sees
        """Whether the customer's screen, if there is one, shows this total."""

    def _tell(self) -> None:
        goods = msgspec.structs.replace(
            self.basket, revision=0, priced_ms=0, handed=(), cash_chosen=False
        )
        if goods != self._seen:
            self._seen, self._changed_at = goods, self.books.clock.monotonic_ms()
            self._refused, self.code = False, None
        super()._tell()

    # --- scanning --------------------------------------------------------------------------

    @one_at_a_time
    def scan(self, text: str, *, times: int = ONE) -> Scan:
        """Whatever a scanner sent. A wallet code over a basket pays with no key when nothing is
        open, else it opens 收款 and waits for one; in 收款 only such codes count.

        Raises Refusal as `Selling.scan` does, and not_a_payment_code, tender_offline, attempt_open.
        """
        scanned = self.desk.read_code(text)
        if self.stage is Stage.COLLECTING:
            if scanned.wallet is None:
                raise Refusal("not_a_payment_code")
            self._charge(scanned.wallet.channel, None, scanned.wallet)
            return Scan(scanned.wallet.kind)
        if isinstance(scanned.reading, WalletCode):
            return self._wallet_over_goods(scanned.reading)
        try:
            done = super().scan(text, times=times)
        except Refusal as refusal:
            if refusal.code == "unknown_code" and (name := self._promotion_of(text)):
                return Scan("promotion_code", promotion=name)
            # The customer laid something down that is not paid for: nothing pays by itself now.
            self._refused = bool(self.basket.lines)
            raise
        self._refused = False
        return done

    def _promotion_of(self, text: str) -> str:
        """The promotion whose code this is, now the basket's; "" when it is none of ours."""
        try:
            return self.use_code(text)
        except Refusal:
            return ""

    def _wallet_over_goods(self, wallet: WalletCode) -> Scan:
        self._selling()
        if not self.basket.lines:
            raise Refusal("basket_empty")
        if self.basket.exchange is not None and not self.due().open:
            raise Refusal("nothing_due")
        at_once = self._nothing_open()
        if at_once and (why := self.carrier.why_off(wallet.channel)):
            raise Refusal("tender_offline", reason=why)
        shown = self.due().due
        self.checkout()
        self.code = wallet
        # A price that changed just now was never on the customer's screen.
        if at_once and self.due().due == shown:
            self._charge(wallet.channel, None, wallet)
        return Scan(wallet.kind)

    def _nothing_open(self) -> bool:
        """The zero-key rule: the last scan was accepted, no question waits, no line changed just
        now, and the customer has seen this total."""
        quiet = self.books.clock.monotonic_ms() - self._changed_at >= QUIET_MS
        asked = self.basket.question is not None
        seen = self.customer_sees(self.due().due)
        return quiet and seen and not asked and not self._refused

    def refusal_read(self) -> None:
        """A person answered the refusal of an article: it keeps nothing open any more."""
        self._refused = False

    @one_at_a_time
    def back(self) -> None:
        """Out of 收款; a code that waited is forgotten. Raises Refusal as `Collecting.back`."""
        super().back()
        self.code = None

    # --- charging --------------------------------------------------------------------------

    @one_at_a_time
    def charge(
        self, tender: str, amount: int | None = None, code: str = "", approver: Approver = NOBODY
    ) -> str:
        """Ask a network for money, `None` = all that is open; the attempt's id.

        With a wallet's code, or the one that opened 收款; without any our screen shows one.
        Raises Refusal: not_a_payment_code, tender_offline, over_open, bad_amount, attempt_open,
        code_used, basket_empty, question_open.
        """
        assert tender in CHANNELS
        wallet = self.code if not code else self.desk.read_code(code).wallet
        if code and (wallet is None or wallet.channel != tender):
            raise Refusal("not_a_payment_code")
        if wallet is not None and wallet.channel != tender:
            wallet = None
        return self._charge(tender, amount, wallet, approver)

    def _charge(
        self,
        tender: str,
        amount: int | None,
        wallet: WalletCode | None,
        approver: Approver = NOBODY,
    ) -> str:
        self._ready(approver)
        if why := self.carrier.why_off(tender):
            raise Refusal("tender_offline", reason=why)
        basket = paying.before_charge(self.basket)
        fen = paying.to_charge(basket, amount, self.step)
        self._flush()
        code = wallet.code if wallet else ""
        attempt = charging.begin_charge(self.books, basket, self.desk.sitting(), tender, fen, code)
        self.basket, self.code = basket, None
        self._tell()
        self.carrier.carry(attempt, code)
        return attempt

    def heard(self, attempt: str, outcome: Outcome) -> Completed | None:
        """Move an attempt on, with what follows from it; the sale it completed, if it did.

        For the carrier, on any thread. Raises Refusal("attempt_moved") when a person moved it
        meanwhile, Trouble as a transaction does.
        """
        with self.turn:
            self._flush()
            with self.books.read() as db:
                found = attempt_by_id(db, self.books.shop, attempt)
            if found is None or found.state != outcome.before:
                raise Refusal("attempt_moved")
            settled = charging.settle(
                self.books,
                found,
                outcome,
                sitting=self.desk.sitting_of(found.person, found.day, found.shift),
                make_paper=self.receipts.first_paper,
                kicks=self.kicks,
                take_back=self.refunds.exchange_in,
            )
            if found.basket == self.basket.id:
                if settled.done:
                    self._completed(settled.done)
                elif settled.basket:
                    self.basket = settled.basket
                self._tell()
            return settled.done

    def heard_refund(self, refund: Refund, state: str, reason: str) -> None:
        """Money on its way back went on. For the carrier, on any thread."""
        with self.turn, transaction(self.books) as tx:
            payments.move_refund(tx, refund, state, reason=reason)

    # --- tabs ------------------------------------------------------------------------------

    @one_at_a_time
    def pay_room(
        self, amount: int | None, guest: str, approver: Approver = NOBODY
    ) -> Completed | None:
        """房账: the goods go on a room, to be paid later ("8203 陈生 2026-12-09").

        Raises Refusal: reference_needed, over_open, bad_amount, attempt_open.
        """
        known = tabs.read_guest(guest)
        self._ready(approver)
        basket = paying.before_charge(self.basket)
        fen = paying.to_charge(basket, amount, self.step)
        tab = tabs.tab_for(self.books, known, self.desk.sitting())
        return self._hand(paying.hand(basket, "room", fen, tab.room, tab=tab.tab))

    @one_at_a_time
    def settle_tab(self, tab: str, tender: str, amount: int | None, reference: str = "") -> Tender:
        """Money for a tab in cash or by reference. Raises Refusal: unknown_tab, over_open,
        bad_amount, received_too_large, reference_needed, attempt_open."""
        self._may_collect()
        found = self._free_tab(tab)
        if tender != "cash":
            reference = paying.checked_reference(reference)
        money = tabs.tender_for(found, tender, amount, reference)
        with transaction(self.books, staff=self.desk.person) as tx:
            tabs.settle_in(tx, tab, money, self.desk.sitting())
            if tender == "cash" and self.receipts.printing:
                print_queue.put(
                    tx,
                    printer=print_queue.RECEIPT_PRINTER,
                    kind="drawer",
                    fact=tx.entries[-1].envelope.fact,
                    title=found.room,
                    paper=print_queue.drawer_only(),
                    kick_drawer=True,
                )
        return money

    @one_at_a_time
    def charge_tab(self, tab: str, tender: str, amount: int | None, code: str = "") -> str:
        """Ask a network for a tab's money; the attempt's id. Raises Refusal as `charge` does,
        and unknown_tab."""
        self._may_collect()
        found = self._free_tab(tab)
        wallet = self.desk.read_code(code).wallet if code else None
        if code and (wallet is None or wallet.channel != tender):
            raise Refusal("not_a_payment_code")
        if why := self.carrier.why_off(tender):
            raise Refusal("tender_offline", reason=why)
        money = tabs.tender_for(found, tender, amount)
        with transaction(self.books, staff=self.desk.person) as tx:
            demand_standing(tx.connection)
            attempt = payments.begin_attempt(
                tx,
                basket=tab,
                lines=(),
                person=self.desk.person,
                tender=tender,
                amount=money.amount,
                due=found.open,
                day=self.desk.day,
                shift=self.desk.shift_id,
                code=wallet.code if wallet else "",
            )
        self.carrier.carry(attempt, wallet.code if wallet else "")
        return attempt

    def _free_tab(self, tab: str) -> Tab:
        found = tabs.find_tab(self.books, tab)
        with self.books.read() as db:
            if attempt_in_the_way(db, self.books.shop, tab) is not None:
                raise Refusal("attempt_open")
        return found

    # --- what stays unclear ----------------------------------------------------------------

    def _clear_the_way(self, approver: Approver) -> None:
        """Other money for a basket with a parked charge needs a manager's word."""
        attempt = self.open_attempt()
        if attempt is None:
            return
        if attempt.state not in ASIDE:
            raise Refusal("attempt_open")
        self.release(attempt, approver)

    def release(self, attempt: Attempt, approver: Approver = NOBODY) -> None:
        """Let a basket whose charge was parked be paid otherwise; should that money come after
        all, it goes straight back. Raises Refusal: approval_needed, approver_same, wrong_pin."""
        by = self.desk.allowed("settle_unknown", approver) or self.desk.person
        with transaction(self.books, staff=self.desk.person) as tx:
            state = moved(attempt.state, RELEASE)
            payments.move(tx, attempt, state, reason="person", person=by)

    @one_at_a_time
    def refund_captured(self, attempt: str) -> None:
        """Give back what a network took for this basket before it was complete.

        Raises Refusal: sign_in_needed, unknown_attempt, not_captured.
        """
        self._may_collect()
        with self.books.read() as db:
            found = attempt_by_id(db, self.books.shop, attempt)
        if found is None:
            raise Refusal("unknown_attempt")
        here = any(each.attempt == attempt for each in self.basket.handed)
        if found.state != CAPTURED or not here:
            raise Refusal("not_captured")
        self._flush()
        self.basket = charging.give_back_captured(self.books, self.basket, found, self.desk.person)
        self._tell()

    def gave_otherwise(self, refund: str, approver: Approver = NOBODY) -> None:
        """A channel would not give money back; a manager saw to it that the customer has it.

        Raises Refusal: unknown_attempt, approval_needed, approver_same.
        """
        by = self.desk.allowed("settle_unknown", approver) or self.desk.person
        with self.turn, transaction(self.books, staff=self.desk.person) as tx:
            found = refund_by_id(tx.connection, tx.shop, refund)
            if found is None or found.state != FAILED:
                raise Refusal("unknown_attempt")
            state = moved(found.state, RELEASE, REFUND_MOVES)
            payments.move_refund(tx, found, state, reason="person", person=by)

    # --- putting aside ---------------------------------------------------------------------

    @one_at_a_time
    def hold(self, name: str = "") -> None:
        """挂单; a basket whose charge was parked may be put aside too, so that the next customer
        is served: found paid, it completes from there.

        Raises Refusal: basket_empty, attempt_open, money_taken, collecting.
        """
        attempt = self.open_attempt()
        if attempt is not None and attempt.state not in ASIDE:
            raise Refusal("attempt_open")
        if paying.captured(self.basket):
            raise Refusal("money_taken")
        stage = self.stage
        if attempt is not None:
            self.stage = Stage.SELLING
        try:
            super().hold(name)
        except BaseException:
            self.stage = stage
            raise

    @one_at_a_time
    def resume(self, basket: str = "") -> None:
        """取单; one whose charge is not settled comes back in 收款."""
        super().resume(basket)
        if self.open_attempt() is not None:
            self.stage = Stage.COLLECTING
            self._tell()
