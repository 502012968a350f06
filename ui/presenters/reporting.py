"""报表: which report, for which days, of what alone; its rows, and the papers behind each."""

from collections.abc import Callable
from typing import Any

import msgspec

from app.clock import proposed_day
from app.errors import ShopError
from app.reports import words
from app.reports.asking import COMPARISONS, GOODS, HEAD, Asked
from app.reports.drilling import Paper, papers
from app.reports.report import KINDS, answer, fitting, sum_up
from app.reports.scope import Scope
from app.reports.sheet import Check, Sheet
from app.sales.devices import keep_device, read_devices
from app.staff.rules import may
from ui.language import error_words, tr
from ui.presenters import reporting_views as views
from ui.presenters.asking import Asking, ask_value
from ui.presenters.desk_work import DeskWork
from ui.presenters.report_files import about, report_path, save_prices, save_report
from ui.presenters.report_period import KINDS as PERIODS
from ui.presenters.report_period import RANGE, Period, typed_range
from ui.presenters.report_weeks import hold_weeks
from ui.presenters.report_words import WORDS
from ui.report_views import ReportsView
from ui.room_views import ListView
from ui.screens.reports import ReportsScreen
from ui.sounds import Sounds
from ui.startup import Till
from ui.views import MessageView

KEPT_MARK = "device.reports"
"""How this till's reports were looked at last: JSON."""
FOLD_AT_ONCE = 15
"""Days summed up between two words about how far it is."""


class Looking(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is kept between two visits."""

    name: str = "product"
    period: Period = Period()
    compare: str = ""
    filters: dict[str, str] = {}


class ReportsPresenter:
    """Holds the question; each answer is thrown away once a newer question was asked."""

    def __init__(self, till: Till, screen: ReportsScreen, work: DeskWork, sounds: Sounds) -> None:
        self._till, self._screen, self._work, self._sounds = till, screen, work, sounds
        self._books = till.books
        self.on_left: Callable[[], None] = lambda: None
        self.on_receipt: Callable[[str], None] = lambda number: None
        self._looking = Looking()
        self._sheet: Sheet | None = None
        self._papers: list[Paper] | None = None
        self._row = ""
        self._walking = True
        self._loading = ""
        self._asked = 0
        self._asking: Asking | None = None
        self._message: MessageView | None = None
        screen.report_chosen.connect(self._choose)
        screen.row_chosen.connect(self._down)
        screen.side_changed.connect(self._side)
        screen.pressed.connect(self._pressed)
        screen.went_back.connect(self._back)
        screen.answered.connect(self._answered)
        screen.again.connect(self._read)
        screen.message_closed.connect(lambda: self._say(None))
        screen.refused.connect(lambda said: self._say(MessageView(text=said, tone="warn")))

    def open(self) -> None:
        """The report that was looked at last, for today."""
        kept = read_devices(self._books).get(KEPT_MARK, "")
        try:
            found = msgspec.json.decode(kept, type=Looking) if kept else Looking()
        except (msgspec.DecodeError, msgspec.ValidationError):
            found = Looking()
        known = found.name in self._names() and found.compare in COMPARISONS
        kind = found.period.kind if found.period.kind in PERIODS[:-1] else PERIODS[0]
        self._looking = msgspec.structs.replace(found, period=Period(kind)) if known else Looking()
        self._walking, self._asking, self._message = True, None, None
        self._read()

    def _names(self) -> list[str]:
        """Reports the person may see."""
        book = may(self._till.counter.desk.role, "see_book")
        return [name for name in KINDS if book or name not in words.BOOK]

    # --- Asking ----------------------------------------------------------------------------

    def _question(self) -> Asked:
        looking, today = self._looking, self._today
        first, last = looking.period.range(today)
        filters = {name: value for name, value in looking.filters.items() if name in _FILTERS}
        return Asked(
            shops=(self._books.shop,), first=first, last=last, compare=looking.compare, **filters
        )

    @property
    def _today(self) -> str:
        """The business day the clock proposes: after midnight it is still the evening before."""
        cutoff = int(self._till.counter.desk.settings["cutoff_hour"])
        return proposed_day(self._books.clock.wall_ms(), cutoff)

    def _read(self, message: MessageView | None = None) -> None:
        """Ask the books; what was shown stays until the answer is there."""
        self._asked += 1
        mine, question, name = self._asked, self._question(), self._looking.name
        self._message, self._papers = message, None
        books, today = self._books, self._today
        margins = may(self._till.counter.desk.role, "see_book")
        self._loading = tr("正在算…")
        self._show()

        def days() -> int:
            return sum_up(books, name, question, today=today, most=FOLD_AT_ONCE)

        def folded(left: int) -> None:
            if mine != self._asked:
                return
            if left:
                self._loading = tr("第一次看这么长，还要汇总 {count} 天", count=left)
                self._show()
                self._work.do(days, folded, self._refused)
            else:
                self._work.do(read, ready, self._refused)

        def read() -> Sheet:
            return answer(books, name, question, today=today, margins=margins)

        def ready(found: Sheet) -> None:
            if mine != self._asked:
                return
            same = self._sheet is not None and self._sheet.name == found.name
            self._sheet, self._loading = found, ""
            self._row = self._row if same else ""
            self._show()
            hold_weeks(
                self._work, books, found, question, today=today,
                wanted=lambda: mine == self._asked and self._screen.isVisible(),
                told=self._check_told, refused=self._refused,
            )  # fmt: skip

        self._work.do(days, folded, self._refused)

    def _check_told(self, check: Check) -> None:
        """How far the check of the report that stands there is; nothing else moves for it."""
        if self._sheet is not None:
            self._sheet = msgspec.structs.replace(self._sheet, check=check)
            self._screen.show_check(check.ok, WORDS.check(self._sheet))

    def _ask(self, **changes: Any) -> None:
        """Another question; it is kept for the next visit."""
        self._looking = msgspec.structs.replace(self._looking, **changes)
        kept = msgspec.json.encode(self._looking).decode()
        self._work.do(lambda: keep_device(self._books, KEPT_MARK, kept), lambda _done: None)
        self._read()

    # --- What a person does ----------------------------------------------------------------

    def _choose(self, name: str) -> None:
        self._walking = True
        if name != self._looking.name:
            self._ask(name=name)

    def _side(self, walking: bool) -> None:
        self._walking = walking and self._papers is None
        self._row = self._screen.marked_row()
        self._show()

    def _pressed(self, name: str) -> None:
        period = self._looking.period
        if name in ("earlier", "later"):
            moved = period.moved(-1 if name == "earlier" else 1, self._today)
            self._ask(period=moved)
        elif name == RANGE:
            self._ask_range()
        elif name in PERIODS:
            self._ask(period=Period(name, period.day if name != period.kind else ""))
        elif name == "compare":
            at = COMPARISONS.index(self._looking.compare)
            self._ask(compare=COMPARISONS[(at + 1) % len(COMPARISONS)])
        elif name == "only":
            self._only()
        elif name == "all":
            self._ask(filters={})
        elif name == "prices":
            self._save_prices()
        else:
            self._save("pdf" if name == "pdf" else "xlsx")

    def _ask_range(self) -> None:

        def taken(text: str) -> None:
            period = typed_range(text, self._today)
            if period is None:
                words_ = tr("日期这样写：1201.1207，或 20261201 20261207")
                self._say(MessageView(text=words_, tone="warn"))
            else:
                self._ask(period=period)

        self._asking = ask_value(
            tr("从哪天到哪天？"),
            taken,
            detail=tr("如 1201.1207，或 20261201 20261207"),
            kind="text",
        )
        self._message = None
        self._show()

    def _only(self) -> None:
        """Every report from now on shows only what the marked row is about."""
        said = self._said()
        narrower = {name: value for name, value in said.items() if name in _FILTERS and value}
        if narrower:
            self._ask(filters=self._looking.filters | narrower)

    def _said(self) -> dict[str, str]:
        sheet, key = self._sheet, self._screen.marked_row()
        if sheet is None or self._papers is not None:
            return {}
        return next((line.said for line in sheet.lines if line.key == key), {})

    def _down(self, key: str) -> None:
        """From a row to its papers, from a paper to the receipt itself."""
        if self._papers is not None:
            if number := views.number_in(key):
                self.on_receipt(number)
            return
        sheet = self._sheet
        line = next((each for each in sheet.lines if each.key == key), None) if sheet else None
        if sheet is None or line is None:
            return
        self._row, self._walking = key, False
        question, books = fitting(sheet.name, self._question()), self._books

        def read() -> list[Paper]:
            with books.read() as db:
                return papers(Scope(db, question), sheet.name, line.said)

        def ready(found: list[Paper]) -> None:
            self._papers = found
            self._sounds.play("accepted")
            self._show()

        self._work.do(read, ready, self._refused)

    def _back(self) -> None:
        if self._papers is not None:
            self._papers = None
            self._show()
        else:
            self._asked += 1
            self.on_left()

    def _answered(self, choice: str, value: str) -> None:
        asking, self._asking = self._asking, None
        self._show()
        if asking is not None:
            asking.on_answer(choice, value)

    # --- Files -----------------------------------------------------------------------------

    def _save(self, ending: str) -> None:
        sheet, folder = self._sheet, self._till.opened.folder
        if sheet is None:
            return
        path, told = report_path(folder, sheet, ending), about(self._till)
        self._work.do(lambda: save_report(path, sheet, **told), self._saved, self._refused)

    def _save_prices(self) -> None:
        counter, folder, told = self._till.counter, self._till.opened.folder, about(self._till)
        self._work.do(lambda: save_prices(folder, counter, **told), self._saved, self._refused)

    def _saved(self, path: object) -> None:
        self._sounds.play("accepted")
        self._say(MessageView(text=tr("已存好"), detail=str(path), tone="ok"))

    # --- Showing ---------------------------------------------------------------------------

    def _refused(self, error: ShopError) -> None:
        self._loading = ""
        self._sounds.play("refused")
        self._say(MessageView(text=error_words(error), code=error.code))

    def _say(self, message: MessageView | None) -> None:
        self._message = message
        self._show()

    def _show(self) -> None:
        looking, sheet = self._looking, self._sheet
        view = ReportsView(
            reports=views.report_list(self._names(), looking.name),
            walking=self._walking,
            title=tr(words.REPORTS[looking.name]),
            periods=views.period_choices(),
            period=looking.period.kind,
            compare_word=views.compare_word(looking.compare),
            compare_enabled=KINDS[looking.name].compared,
            only_word=_only_words(looking),
            prices_enabled=looking.name == "price_index",
            primary_word=tr("看单据"),
            primary_reason=tr("没有可看的"),
            question=self._asking.view if self._asking else None,
            message=self._message,
        )
        if self._loading or sheet is None:
            state = ListView(state="loading", state_title=self._loading)
            view = msgspec.structs.replace(view, rows=state, range_words="")
        elif self._papers is not None:
            view = self._papers_view(view, sheet, self._papers)
        else:
            view = self._sheet_view(view, sheet)
        self._screen.show_view(view)

    def _sheet_view(self, view: ReportsView, sheet: Sheet) -> ReportsView:
        told = WORDS.told(sheet)
        chart = told.chart
        return msgspec.structs.replace(
            view,
            range_words=WORDS.range(sheet),
            kpis=WORDS.kpis(sheet),
            chart=chart,
            chart_words=" ".join((told.title, *chart.labels[:12])) if chart else "",
            rows=views.rows_of(sheet, self._row),
            spare=views.spare_columns(sheet),
            check_ok=sheet.check.ok,
            check_words=WORDS.check(sheet),
            only_enabled=bool(sheet.lines) and any(name in _FILTERS for name in self._first(sheet)),
            export_enabled=True,
            primary_enabled=bool(sheet.lines),
        )

    @staticmethod
    def _first(sheet: Sheet) -> dict[str, str]:
        return sheet.lines[0].said if sheet.lines else {}

    def _papers_view(self, view: ReportsView, sheet: Sheet, found: list[Paper]) -> ReportsView:
        told = WORDS.told(sheet)
        line = next((each for each in told.lines if each.key == self._row), None)
        name = str(line.values.get("label", "")) if line is not None else ""
        return msgspec.structs.replace(
            view,
            title=f"{view.title} › {name}",
            range_words=WORDS.range(sheet),
            rows=views.papers_list(found),
            walking=False,
            down=True,
            check_ok=sheet.check.ok,
            check_words=WORDS.check(sheet),
            primary_word=tr("打开小票"),
            primary_enabled=bool(found),
        )


_FILTERS = (*HEAD, *GOODS)


def _only_words(looking: Looking) -> str:
    if not looking.filters:
        return ""
    return tr("只看 {what}（X 看全部）", what=views.filter_words(looking.filters))
