"""交班 and 日结: a blind count, then what it came to; Z for those who may close the day."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QTimer

from app.clock import local
from app.errors import Refusal, ShopError
from app.facts.shifts import DayClosed, ShiftClosed
from app.messages import sentence
from app.money import yuan_shown
from app.sales.counter import Counter
from app.shifts.report import Report
from app.staff.rules import has
from app.tender_names import TENDER_NAMES
from ui.language import tr
from ui.presenters.desk_work import SETTLE_MS, DeskWork
from ui.presenters.entrance import cash_rows
from ui.room_views import CloseShiftView
from ui.screens.close_shift import CloseShiftScreen
from ui.sounds import Sounds
from ui.views import MessageView


class ClosingPresenter:
    """Remembers the page; X is nowhere here, so nobody sees the drawer's sum before counting."""

    def __init__(
        self, counter: Counter, screen: CloseShiftScreen, work: DeskWork, sounds: Sounds
    ) -> None:
        self._counter = counter
        self._screen = screen
        self._work = work
        self._sounds = sounds
        self._view = CloseShiftView(person="")
        self._busy = False
        self.on_left: Callable[[], None] = lambda: None
        """Back to the till, the shift still open."""
        self.on_done: Callable[[], None] = lambda: None
        """The shift is closed: back to the door."""
        screen.closed.connect(self._close)
        screen.left.connect(self._leave)
        screen.day_closed.connect(self._close_day)
        screen.message_closed.connect(lambda: self._show(message=None))
        screen.nothing_counted.connect(lambda: self._refused(Refusal("cash_uncounted")))

    def open(self) -> None:
        """A blind count, or only the day when no shift is open."""
        desk = self._counter.desk
        shift = desk.shift
        self._busy = False
        self._screen.clear()
        since = local(shift.opened_ms).strftime("%H:%M") if shift else ""
        self._view = CloseShiftView(
            person=tr("{name} {number}　{since} 开班", name=desk.name, number=desk.person,
                      since=since) if shift else f"{desk.name} {desk.person}",
            title=tr("交班") if shift else tr("日结"),
            rows=cash_rows(),
            next_word=tr("交班并打印") if shift else tr("返回"),
            day_only=shift is None,
        )  # fmt: skip
        self._screen.show_view(self._view)

    def _close(self, counted: int, notes: dict[int, int]) -> None:
        if self._busy:
            return
        self._busy = True
        self._show(message=None, busy=True)
        desk = self._counter.desk

        def ready(closed: ShiftClosed) -> None:
            self._sounds.play("accepted")
            QTimer.singleShot(SETTLE_MS, self._screen, self._settled)
            self._result(closed)

        self._work.do(lambda: desk.close_shift(counted, notes), ready, self._refused)

    def _result(self, closed: ShiftClosed) -> None:
        difference = closed.counted - closed.expected
        words = tr("相符") if difference == 0 else tr("长款") if difference > 0 else tr("短款")
        figures = [
            (tr("应有（备用金＋现金收入－找零与取出）"), yuan_shown(closed.expected)),
            (tr("实点"), yuan_shown(closed.counted)),
        ]
        for each in closed.tenders:
            name = TENDER_NAMES.get(each.tender, each.tender)
            net = yuan_shown(each.taken - each.given)
            figures.append((tr("{tender} {count} 笔", tender=name, count=each.count), net))
        self._view = CloseShiftView(
            person=self._view.person,
            title=tr("已交班"),
            rows=self._view.rows,
            figures=tuple(figures),
            verdict=words,
            difference=yuan_shown(difference),
            state="ok" if difference == 0 else "warn",
            note=tr("交班单在打印。挂着的单留给下一班。"),
            next_word=tr("完成"),
            can_leave=False,
            can_close_day=has(self._counter.desk.role, "close_day"),
        )
        self._screen.show_view(self._view)

    def _close_day(self) -> None:
        if self._busy:
            return
        self._busy = True
        desk = self._counter.desk
        self._work.do(desk.z_report, self._day_result, self._refused)

    def _day_result(self, closed: tuple[DayClosed, Report]) -> None:
        report = closed[1]
        self._sounds.play("accepted")
        QTimer.singleShot(SETTLE_MS, self._screen, self._settled)
        figures = (
            (tr("营业日"), report.day),
            (tr("销售 {count} 笔", count=report.sales), yuan_shown(report.gross)),
            (tr("退货"), yuan_shown(-report.refunds)),
            (tr("净额"), yuan_shown(report.net)),
            (tr("抹零"), yuan_shown(report.rounding)),
        )
        self._view = msgspec.structs.replace(
            self._view,
            title=tr("已日结"),
            figures=figures,
            verdict=tr("日结单 Z 在打印"),
            difference="",
            state="ok",
            note=tr("下一次开班就是新的营业日。"),
            can_close_day=False,
            can_leave=False,
            message=None,
        )
        self._screen.show_view(self._view)

    def _settled(self) -> None:
        self._busy = False

    def _leave(self) -> None:
        if self._busy:
            return
        closed = self._counter.desk.shift is None
        (self.on_done if closed else self.on_left)()

    def _refused(self, error: ShopError) -> None:
        self._busy = False
        self._sounds.play("refused")
        self._show(message=MessageView(text=sentence(error), code=error.code))

    def _show(self, *, message: MessageView | None, busy: bool = False) -> None:
        self._view = msgspec.structs.replace(self._view, message=message, busy=busy)
        self._screen.show_view(self._view)
