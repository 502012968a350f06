"""Who stands at the counter, in which shift, under which settings."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from app import __version__
from app.catalogue.codes import Scanned, parse_scan
from app.catalogue.scales import ScaleFormat, check_formats, parse_formats
from app.catalogue.wallets import WALLETS
from app.clock import local, proposed_day
from app.errors import Refusal, Trouble
from app.facts.base import Fact
from app.facts.catalogue import TaxonomySet
from app.facts.journals import ClockConfirmed
from app.facts.shifts import DayClosed, DrawerCounted, ShiftClosed, ShiftCounted, ShiftOpened
from app.facts.shop import SettingChanged
from app.facts.staff import SignedIn
from app.pricing.board import PriceBoard
from app.pricing.lines import NO_TAG, ShelfTag
from app.pricing.rules import rounding_step
from app.receipt_template import check
from app.sales.completing import Sitting
from app.sales.open_ends import open_ends
from app.sales.queries import held_baskets, taxonomy_version
from app.sales.rights import Rights
from app.sales.tax_codes import parse_tax_codes
from app.settings import checked
from app.shifts import actions as shifts
from app.shifts import days
from app.shifts.queries import Shift, differences, open_day, open_shift
from app.shifts.report import OpenEnds, Report, report
from app.shop.actions import change_settings
from app.shop.queries import settings as read_settings
from app.staff import actions as staff
from app.staff.queries import name_of
from app.staff.rules import NOBODY, Approver, has, may, needed_role
from app.stock.tags import TagBoard
from app.transaction import Books, transaction

Done = TypeVar("Done")
DRAWER = "1"
RIGHTS_VERSION = f"app-{__version__}"
"""Rights and limits are shipped with the program until head office sends its own."""


class Desk(Rights):
    """Remembers the person, the shift and the settings between two actions."""

    def __init__(self, books: Books) -> None:
        super().__init__(books)
        self.name = ""
        self.formats: tuple[ScaleFormat, ...] = ()
        self._tags = TagBoard(books)
        self.prices = PriceBoard(books, lambda: self.settings["price_zone"], self._tag)
        """What everything costs now."""
        self.taxonomy = ""
        self.money_on_counter: Callable[[], bool] = lambda: False
        """Whether a customer has handed over money that no sale accounts for yet."""
        self.make_room: Callable[[], bool] = lambda: False
        """Frees the disk's reserve, once; counting and Z must still work on a full disk."""
        self._proved: tuple[str, str] = ("", "")
        """Who showed the right PIN while the clock was not believed."""
        books.listeners.append(self._heard)
        self.reload()

    def _heard(self, facts: Sequence[Fact]) -> None:
        """Head office, or the till beside this one, changed how the shop sells; or what a disk
        that was lost held comes back."""
        if self.shift is None and any(
            isinstance(fact, ShiftOpened | ShiftClosed) for fact in facts
        ):
            with self.books.read() as db:
                self.shift = open_shift(db, self.books.shop, self.books.till)
        if any(isinstance(fact, SettingChanged | TaxonomySet) for fact in facts):
            with self.books.read() as db:
                self.settings = read_settings(db, self.books.shop)
                self.taxonomy = taxonomy_version(db, self.books.shop)
            self.formats = parse_formats(self.settings["scale_formats"])

    def reload(self) -> None:
        """Read shift, settings and versions again, after facts may have changed them."""
        with self.books.read() as db:
            self.shift = open_shift(db, self.books.shop, self.books.till)
            self.settings = read_settings(db, self.books.shop)
            self.taxonomy = taxonomy_version(db, self.books.shop)
        self.formats = parse_formats(self.settings["scale_formats"])
        self.prices.forget()
        self._tags.forget()

    def _tag(self, db: Connection, product: str) -> ShelfTag:
        """The price a customer can hold us to, where the shop keeps that rule."""
        if self.settings["tag_price"] != "on":
            return NO_TAG
        seen = self._tags.lowest(db, product, self.today)
        return NO_TAG if seen is None else ShelfTag(seen.price, seen.fact)

    @property
    def today(self) -> str:
        """The calendar's date here, ISO."""
        return local(self.books.clock.wall_ms()).date().isoformat()

    def read_code(self, text: str) -> Scanned:
        """What a scan means in this shop."""
        return parse_scan(text, formats=self.formats, trace_prefix=self.settings["trace_host"])

    def sign_in(self, number: str, pin: str) -> None:
        """Somebody takes the counter; the shift, if one is open, goes on.

        Raises Refusal: wrong_pin, pin_locked, clock_jumped (then `confirm_clock` signs them in).
        """
        role = staff.check_pin(self.books, number, pin)
        self._proved = (number, role)
        self._take_place(number, role, [])

    def _take_place(self, number: str, role: str, before: list[Fact]) -> None:
        """Record who stands here now, after facts that must come first."""
        came = SignedIn(
            shop=self.books.shop,
            till=self.books.till,
            day=self.day,
            shift=self.shift_id,
            person=number,
        )
        with transaction(self.books, staff=number) as tx:
            for fact in (*before, came):
                tx.record(fact)
        self.person, self.role, self._proved = number, role, ("", "")
        with self.books.read() as db:
            self.name = name_of(db, self.books.secrets, number)

    def sign_out(self) -> None:
        """The counter is free; the shift stays open."""
        staff.sign_out(self.books, self.signed_in(), day=self.day, shift=self.shift_id)
        self.person = self.role = self.name = ""

    def open_shift(self, float_fen: int) -> Shift:
        """Begin a turn. Raises Refusal: sign_in_needed, approval_needed, shift_already_open."""
        self.allowed("sell")
        self.shift = shifts.open_shift(
            self.books, self.person, float_fen, cutoff_hour=int(self.settings["cutoff_hour"])
        )
        return self.shift

    def count_drawer(
        self,
        counted: int,
        notes: Mapping[int, int] | None = None,
        approver: Approver = NOBODY,
    ) -> DrawerCounted:
        """A blind count on the way to closing; with `approver` it is a second person's (复点).

        Raises Refusal: shift_needed, approval_needed, approver_same, bad_amount.
        """
        self.allowed("count_drawer")
        shift, person = self.in_shift(), self.person
        if approver:
            if not has(self.approver_role(approver), "confirm_difference"):
                raise Refusal("approval_needed", role=needed_role("confirm_difference"))
            person = approver.number
        return self._with_room(
            lambda: shifts.count_drawer(
                self.books, shift, person, counted, notes, verifies=bool(approver)
            )
        )

    def close_shift(
        self,
        counted: int,
        notes: Mapping[int, int] | None = None,
        reason: str = "",
        approver: Approver = NOBODY,
    ) -> ShiftClosed:
        """End the turn after a blind count. A difference above one's limit closes all the same and
        waits in 待办, unless somebody whose limit it is in stands by.

        Raises Refusal: shift_needed, approval_needed, collecting (a customer's money lies here).
        """
        self.allowed("count_drawer")
        shift = self.in_shift()
        if self.money_on_counter():
            raise Refusal("collecting")
        judge = self.judge(approver)
        with self.books.read() as db:
            held = len(held_baskets(db))
        closed = self._with_room(
            lambda: shifts.close_shift(
                self.books,
                shift,
                self.person,
                counted,
                notes,
                judge=judge,
                reason=reason,
                held=held,
            )
        )
        self.shift = None
        return closed

    def _with_room(self, action: Callable[[], Done]) -> Done:
        """Do what must work on a full disk as well, on its reserve if need be."""
        try:
            return action()
        except Trouble as trouble:
            if trouble.code != "disk_full" or not self.make_room():
                raise
        return action()

    def in_shift(self) -> Shift:
        """The open turn. Raises Refusal("shift_needed")."""
        self.signed_in()
        if self.shift is None:
            raise Refusal("shift_needed")
        self._part_at_cutoff(self.shift)
        return self.shift

    def _part_at_cutoff(self, shift: Shift) -> None:
        """A turn nobody closed ends at the cut-off hour; whoever goes on begins the next one.

        A customer whose money lies here is served to the end first.
        """
        day = proposed_day(self.books.clock.wall_ms(), int(self.settings["cutoff_hour"]))
        if day > shift.day and not self.money_on_counter() and may(self.role, "sell"):
            person = self.person
            self.shift = self._with_room(
                lambda: days.part_shift(self.books, shift, person, day, self._ends)
            )

    def count_shift(
        self,
        counted: int,
        notes: Mapping[int, int] | None = None,
        *,
        shift: str = "",
        reason: str = "",
        approver: Approver = NOBODY,
    ) -> ShiftCounted:
        """Count a turn that ended uncounted.

        Raises Refusal: bad_amount, nothing_uncounted, reason_needed.
        """
        self.allowed("count_drawer")
        judge = self.judge(approver)
        # Asked again and again it tells what ought to lie there: each time is seen.
        with self.remembering("count_drawer", ("reason_needed",)):
            return shifts.count_late(
                self.books, self.person, counted, notes, shift=shift, judge=judge, reason=reason
            )

    def confirm_difference(self, shift: str, approver: Approver = NOBODY) -> None:
        """Let a difference stand. Raises Refusal: unknown_task, approval_needed, over_limit."""
        with self.books.read() as db:
            found = [each for each in differences(db, self.books.shop) if each.shift == shift]
        if not found:
            raise Refusal("unknown_task")
        size = abs(found[0].difference)
        by = self.approved("confirm_difference", approver, amount=size)
        person = by.person if by else self.person
        shifts.confirm_difference(self.books, person, found[0], approvals=(by,) if by else ())

    def move_cash(
        self, amount: int, reason: str, approver: Approver = NOBODY, kind: str = "other"
    ) -> None:
        """Cash in or out of the drawer by hand."""
        shift = self.in_shift()
        yes = self.approved("cash", approver, amount=abs(amount), reason=reason)
        shifts.move_cash(
            self.books,
            shift,
            self.person,
            amount,
            reason,
            kind=kind,
            approvals=(yes,) if yes else (),
        )

    def open_drawer(self, reason: str, approver: Approver = NOBODY) -> None:
        """Open the drawer without a sale."""
        shift = self.in_shift()
        yes = self.approved("open_drawer", approver, reason=reason)
        shifts.open_drawer(self.books, shift, self.person, reason, (yes,) if yes else ())

    def x_report(self) -> Report:
        """Totals since the last Z, as they stand."""
        self.signed_in()
        with self.books.read() as db:
            to_seq, _, _ = self.books.journal.head(db)
            books = self.books
            ends = self._ends(db)
            return report(db, books.shop, books.till, books.journal.id, to_seq, ends)

    def sees_expected(self) -> bool:
        """Whoever still has to count the drawer is not told what ought to lie in it."""
        return self.shift is None or may(self.role, "see_expected")

    def print_x(self) -> Report:
        """X on paper, without the drawer's sum for those who still have to count it."""
        found = self.x_report()
        days.print_x(self.books, found, with_expected=self.sees_expected())
        return found

    def _ends(self, db: Connection) -> OpenEnds:
        return open_ends(db, self.books.shop, self.books.till)

    def z_report(self, approver: Approver = NOBODY) -> tuple[DayClosed, Report]:
        """Close the till's business day. Raises Refusal: shift_still_open, day_not_open."""
        self.allowed("close_day", approver)
        return self._with_room(lambda: days.close_day(self.books, self.person, self._ends))

    def confirm_clock(self) -> None:
        """The person looked at the clock and says it is right as it stands.

        Whoever could not sign in because of the clock is signed in by this.
        """
        waiting, role = self._proved
        person = waiting or self.signed_in()
        with self.books.read() as db:
            last = self.books.journal.last_wall(db)
        fact = ClockConfirmed(
            shop=self.books.shop,
            till=self.books.till,
            day=self.day,
            shift=self.shift_id,
            expected_ms=self.books.journal.guard.expected_ms(last),
            shown_ms=self.books.clock.wall_ms(),
        )
        if waiting:
            self._take_place(waiting, role, [fact])
            return
        with transaction(self.books, staff=person) as tx:
            tx.record(fact)

    def change_settings(self, values: Mapping[str, str], approver: Approver = NOBODY) -> None:
        """Change several of the shop's settings at once, or none of them.

        Raises Refusal: approval_needed, setting_unknown, setting_bad, scale_format_bad,
        scale_format_overlaps, scale_format_overlaps_wallet, receipt_template_bad, tax_codes_bad,
        demo_only (the practice network, in a shop that takes real money).
        """
        self.allowed("settings", approver)
        if values.get("channel_address") and not self.books.journal.series.startswith(("D", "T")):
            raise Refusal("demo_only")
        checked_settings(values)
        with transaction(self.books, staff=self.person) as tx:
            change_settings(tx, values)
        self.reload()

    def business_day(self) -> str:
        """The till's open business day, "" before the first shift."""
        with self.books.read() as db:
            return open_day(db, self.books.shop, self.books.till)

    def sitting(self) -> Sitting:
        """What a sale's header freezes. Raises Refusal: sign_in_needed, shift_needed."""
        shift = self.in_shift()
        return self._sitting(shift.drawer, shift.day, shift.shift, self.person)

    def sitting_of(self, person: str, day: str, shift: str) -> Sitting:
        """The same for a sale that money completes while nobody stands here: by whoever took it
        to the counter, in the turn that is open now, else in the one it began in."""
        here = self.shift
        if here is None:
            return self._sitting(DRAWER, day, shift, person)
        return self._sitting(here.drawer, here.day, here.shift, person)

    def _sitting(self, drawer: str, day: str, shift: str, person: str) -> Sitting:
        price_list, promotions = self.prices.versions()
        return Sitting(
            shop=self.books.shop,
            till=self.books.till,
            drawer=drawer,
            series=self.books.journal.series,
            day=day,
            shift=shift,
            person=person,
            role=self.role,
            channel=self.settings["channel"],
            seller=self.settings["seller_name"],
            rounding_step=rounding_step(self.settings["rounding"]),
            today=self.today,
            price_list=price_list,
            promotions=promotions,
            rights=RIGHTS_VERSION,
            taxonomy=self.taxonomy,
            points_per=int(self.settings["points_per"]),
        )


def checked_settings(values: Mapping[str, str]) -> None:
    """Refuse settings that would stop the counter later: labels that clash, a receipt that lacks
    what the law wants on it. Raises Refusal as `Desk.change_settings` does."""
    if "scale_formats" in values:
        text = checked("scale_formats", values["scale_formats"])
        check_formats(parse_formats(text), WALLETS)
    parse_tax_codes("\n".join(values.get("tax_codes", "").splitlines()))
    template = "\n".join(values.get("receipt_template", "").splitlines())
    if template.strip() and (problems := check(template)):
        raise Refusal("receipt_template_bad", line=problems[0].line, problem=problems[0].sentence)
