"""交班 and 日结: a blind count, then what it came to and what to look at; Z, X and late counts."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
from PySide6.QtCore import QTimer

from app.errors import Refusal, ShopError
from app.facts.shifts import DayClosed, DrawerCounted, ShiftClosed, ShiftCounted
from app.journal.outbox import unsent
from app.sales.counter import Counter
from app.sales.handover import Handover, handover
from app.shifts.queries import Uncounted, uncounted
from app.shifts.report import Report
from app.staff.rules import NOBODY, Approver
from ui.language import error_words, tr
from ui.presenters.approving import second_person
from ui.presenters.asking import Asking, ask_value
from ui.presenters.closing_views import (
    OTHER,
    REASONS,
    check_view,
    closed_view,
    count_view,
    day_view,
    day_waits_view,
    late_reason_view,
    late_view,
)
from ui.presenters.desk_work import SETTLE_MS, DeskWork
from ui.report_pdf import save_z
from ui.room_views import CloseShiftView
from ui.screens.close_shift import CloseShiftScreen
from ui.sounds import Sounds
from ui.views import MessageView

Result = TypeVar("Result")


class ClosingPresenter:
    """Remembers how far somebody is; nobody sees the drawer's sum before counting."""

    def __init__(
        self,
        counter: Counter,
        screen: CloseShiftScreen,
        work: DeskWork,
        sounds: Sounds,
        folder: Path,
    ) -> None:
        self._counter = counter
        self._screen = screen
        self._work = work
        self._sounds = sounds
        self._folder = folder
        self.view = CloseShiftView(person="")
        self._busy = False
        self._asking: Asking | None = None
        self._late: Uncounted | None = None
        """The turn that is counted afterwards, None for the open one."""
        self._waiting: list[Uncounted] = []
        self._verifier = NOBODY
        """Whoever counts a second time."""
        self._approver = NOBODY
        """Whoever lets the difference stand."""
        self._counted: tuple[int, dict[int, int]] = (0, {})
        self._made: tuple[DrawerCounted, Handover] | None = None
        self._reason = ""
        """Why it differs: one of the buttons' words, or what was typed."""
        self._z: tuple[DayClosed, Report] | None = None
        self.on_left: Callable[[], None] = lambda: None
        """Back to the till, the shift still open."""
        self.on_done: Callable[[], None] = lambda: None
        """The shift is closed: back to the door."""
        self.on_day_closed: Callable[[DayClosed], None] = lambda closed: None
        """A day was closed: what is done by itself afterwards."""
        self.update_ready: Callable[[], str] = lambda: ""
        """The version of a newer program that lies ready, "" for none."""
        self.on_update: Callable[[], None] = lambda: None
        """Install it; on the worker. Refuses in words."""
        screen.counted.connect(self._count)
        screen.confirmed.connect(self._confirm)
        screen.went_back.connect(self._back)
        screen.chosen.connect(self._choose)
        screen.answered.connect(self._answered)
        screen.message_closed.connect(lambda: self._show(self.view))
        screen.nothing_counted.connect(lambda: self._refused(Refusal("cash_uncounted")))

    def open(self) -> None:
        """A blind count, or only the day when no shift is open."""
        self._busy = False
        self._asking = self._late = self._made = self._z = None
        self._verifier = self._approver = NOBODY
        self._reason = ""
        self._screen.clear()
        books = self._counter.books

        def read() -> list[Uncounted]:
            with books.read() as db:
                return uncounted(db, books.shop, books.till)

        def ready(found: list[Uncounted]) -> None:
            self._waiting = found
            if self._made is None and self._late is None:
                self._show_count()

        self._show_count()
        self._work.do(read, ready, self._refused)

    def _show_count(self) -> None:
        desk = self._counter.desk
        if self._late is not None:
            self._show(late_view(desk, self._late))
        elif desk.shift is not None:
            verifier = self._verifier.number
            self._show(count_view(desk, desk.shift, bool(self._waiting), verifier))
        else:
            self._show(day_waits_view(desk, bool(self._waiting)))

    # --- Counting --------------------------------------------------------------------------

    def _count(self, counted: int, notes: dict[int, int]) -> None:
        if self._late is not None:
            self._count_late(counted, notes)
            return
        desk, shift, who = self._counter.desk, self._counter.desk.shift, self._verifier
        if shift is None:
            return
        kept = shift

        def work() -> tuple[DrawerCounted, Handover]:
            made = desk.count_drawer(counted, notes, approver=who)
            return made, handover(desk, kept)

        def ready(made: tuple[DrawerCounted, Handover]) -> None:
            self._counted, self._made = (counted, notes), made
            self._verifier = NOBODY
            if made[0].counted == made[0].expected:
                self._reason = ""
            self._show_check()

        self._do(work, ready)

    def _show_check(self) -> None:
        if self._late is not None:
            counted, _notes = self._counted
            self._show(late_reason_view(self._counter.desk, self._late, counted, self._reason))
            return
        assert self._made is not None
        view = check_view(self._counter.desk, *self._made, self._reason, self._approver.number)
        self._show(view)

    def _because(self, reason: str) -> None:
        """Why the drawer does not hold what it should."""
        self._reason = reason.strip()
        self._show_check()

    def _count_late(self, counted: int, notes: dict[int, int]) -> None:
        self._counted = (counted, notes)
        self._record_late()

    def _record_late(self) -> None:
        desk, late, reason = self._counter.desk, self._late, self._reason
        counted, notes = self._counted
        assert late is not None

        def ready(fact: ShiftCounted) -> None:
            self._reason = ""
            self._waiting = [each for each in self._waiting if each.shift != fact.shift]
            self._late = None
            self._show(closed_view(desk, fact, late=True, more=bool(self._waiting)))

        def refused(error: ShopError) -> None:
            if error.code == "reason_needed":
                # Still blind: how much it is stands there once the count is in the books.
                self._show_check()
            self._refused(error)

        self._do(
            lambda: desk.count_shift(counted, notes, shift=late.shift, reason=reason),
            ready,
            refused,
        )

    # --- Looking, and handing over ---------------------------------------------------------

    def _confirm(self) -> None:
        if self.view.step != "check":
            self._leave()
        elif self.view.needs_reason and not self._reason:
            # An approver's yes stays: nothing was tried.
            self._sounds.play("refused")
            wanted = Refusal("reason_needed")
            self._show(self.view, MessageView(text=error_words(wanted), code=wanted.code))
        elif self._late is not None:
            self._record_late()
        else:
            self._close()

    def _close(self) -> None:
        desk, reason = self._counter.desk, self._reason
        counted, notes = self._counted
        who = self._approver

        def work() -> tuple[ShiftClosed, Refusal | None]:
            return desk.close_shift(counted, notes, reason, approver=who), self._unsent()

        def ready(done: tuple[ShiftClosed, Refusal | None]) -> None:
            self._approver = NOBODY
            self._show(closed_view(desk, done[0], waits=done[1]))

        self._do(work, ready)

    def _unsent(self) -> Refusal | None:
        with self._counter.books.read() as db:
            return unsent(db)

    def _back(self) -> None:
        if self.view.step == "check" or self._verifier:
            # Counted again: what was counted before stands in the books.
            self._verifier = NOBODY
            self._screen.clear()
            self._show_count() if self.view.step == "check" else self._show_check()
        elif self._late is not None:
            self._late, self._reason = None, ""
            self._screen.clear()
            self._show_count()
        else:
            self._leave()

    def _leave(self) -> None:
        if self._busy:
            return
        closed = self._counter.desk.shift is None
        (self.on_done if closed else self.on_left)()

    # --- Buttons of the foot ---------------------------------------------------------------

    def _choose(self, name: str) -> None:
        if self._busy:
            return
        acts: dict[str, Callable[[], None]] = {
            "x": self._print_x,
            "late": self._begin_late,
            "verify": lambda: second_person(self._ask, self._verified_by),
            "approve": lambda: second_person(self._ask, self._approved_by),
            "z": lambda: self._close_day(NOBODY),
            "pdf": self._save_pdf,
            "update": self._update,
        }
        if name in acts:
            acts[name]()
        elif self.view.step == "check" and name == OTHER:
            self._ask(ask_value(tr("差额的原因？"), self._because, value=self._typed_reason()))
        elif self.view.step == "check":
            self._because(name)

    def _typed_reason(self) -> str:
        return "" if self._reason in REASONS else self._reason

    def _begin_late(self) -> None:
        if self._waiting:
            self._late, self._reason = self._waiting[0], ""
            self._screen.clear()
            self._show_count()

    def _verified_by(self, who: Approver) -> None:
        desk = self._counter.desk

        def ready(_role: str) -> None:
            self._verifier = who
            self._screen.clear()
            self._show_count()

        self._do(lambda: desk.approver_role(who), ready)

    def _approved_by(self, who: Approver) -> None:
        desk = self._counter.desk

        def ready(_role: str) -> None:
            self._approver = who
            self._show_check()

        self._do(lambda: desk.approver_role(who), ready)

    def _print_x(self) -> None:
        def ready(_report: Report) -> None:
            self._show(self.view, MessageView(text=tr("X 报表在打印"), tone="ok"))

        self._do(self._counter.desk.print_x, ready)

    def _close_day(self, approver: Approver) -> None:
        desk = self._counter.desk

        def work() -> tuple[tuple[DayClosed, Report], Refusal | None]:
            return desk.z_report(approver), self._unsent()

        def ready(done: tuple[tuple[DayClosed, Report], Refusal | None]) -> None:
            self._z, waits = done
            self.on_day_closed(self._z[0])
            self._show(day_view(desk, self._z[1], waits, self.update_ready()))

        def refused(error: ShopError) -> None:
            self._busy = False
            if error.code == "approval_needed":
                second_person(self._ask, self._close_day, error)
            else:
                self._refused(error)

        self._do(work, ready, refused)

    def _update(self) -> None:
        def ready(_nothing: None) -> None:
            self._show(self.view, MessageView(text=tr("装好了，下次打开就是新版本"), tone="ok"))

        self._do(self.on_update, ready)

    def _save_pdf(self) -> None:
        assert self._z is not None
        closed, books = self._z, self._counter.books

        def ready(file: Path) -> None:
            words = tr("日结单存成了 {file}", file=str(file))
            self._show(self.view, MessageView(text=words, tone="ok"))

        self._do(lambda: save_z(self._folder, books, *closed), ready)

    # --- Asking, showing -------------------------------------------------------------------

    def _ask(self, asking: Asking) -> None:
        self._asking = asking
        self._sounds.play("question")
        self._show(self.view)

    def _answered(self, choice: str, value: str) -> None:
        asking, self._asking = self._asking, None
        self._show(self.view)
        if asking is not None:
            asking.on_answer(choice, value)

    def _do(
        self,
        work: Callable[[], Result],
        ready: Callable[[Result], None],
        refused: Callable[[ShopError], None] | None = None,
    ) -> None:
        """One thing at a time; what came of it stays for a moment before the next key counts."""
        if self._busy:
            return
        self._busy = True
        self._show(self.view)

        def done(result: Result) -> None:
            self._sounds.play("accepted")
            QTimer.singleShot(SETTLE_MS, self._screen, self._settled)
            ready(result)

        self._work.do(work, done, refused or self._refused)

    def _settled(self) -> None:
        self._busy = False
        self._show(self.view, self.view.message)

    def _refused(self, error: ShopError) -> None:
        self._busy = False
        self._verifier = NOBODY if self.view.step == "check" else self._verifier
        self._approver = NOBODY
        self._sounds.play("refused")
        self._show(self.view, MessageView(text=error_words(error), code=error.code))

    def _show(self, view: CloseShiftView, message: MessageView | None = None) -> None:
        question = self._asking.view if self._asking is not None else None
        self.view = msgspec.structs.replace(
            view, message=message, question=question, busy=self._busy
        )
        self._screen.show_view(self.view)
