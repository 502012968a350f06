"""审计 joined to the journal: it reads, verifies and writes files out, and changes nothing."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from app.checking import Progress, check_file
from app.errors import Refusal, ShopError
from app.journal.problems import Report
from app.journal.read import Listed, kinds, newest_first, writers
from app.reports import audit
from app.reports.entry_words import kind_words
from app.staff.queries import name_of
from ui.audit_files import draw_sample, export_journals
from ui.audit_views import AuditView
from ui.language import error_words, tr
from ui.presenters import audit_views as views
from ui.presenters.approving import PageQuestion
from ui.presenters.asking import ask_value
from ui.presenters.desk_work import DeskWork
from ui.room_views import ListView
from ui.screens.audit import AuditScreen
from ui.sounds import Sounds
from ui.startup import Till
from ui.views import MessageView

PAGE = 100


class AuditPresenter(QObject):
    """Remembers what the list is narrowed to, which entry is marked, and what runs."""

    _came = Signal()

    def __init__(
        self, till: Till, screen: AuditScreen, work: DeskWork, slow: DeskWork, sounds: Sounds
    ) -> None:
        """`slow` carries what takes minutes; the counter's own worker goes on selling."""
        super().__init__(screen)
        self._till, self._screen, self._sounds = till, screen, sounds
        self._work, self._slow = work, slow
        self.on_left: Callable[[], None] = lambda: None
        self._question = PageQuestion(self._show, sounds)
        self._stopped = False
        self._progress: tuple[str, int, int] | None = None
        self._came.connect(self._told)
        self.reset()
        screen.chosen.connect(self._choose)
        screen.marked.connect(self._mark)
        screen.turned.connect(self._turn)
        screen.more.connect(self._more)
        screen.answered.connect(self._question.answered)
        screen.stepped_out.connect(self._step_out)
        screen.message_closed.connect(lambda: self._put(message=None))

    def reset(self) -> None:
        """Nothing is known: the room was left, or somebody else comes."""
        self._may_look = False
        self._staff: str | None = None
        self._kind, self._day = "", ""
        self._found: list[Listed] = []
        self._whole = True
        self._picking = ""
        self._as_bytes = False
        self._opened: audit.Opened | None = None
        self.view = AuditView(filters=self._filters())

    # --- In and out ------------------------------------------------------------------------

    def open(self) -> None:
        """See that the person may, then the newest entries."""
        self.reset()
        self._question.drop()
        self._show()
        desk = self._till.counter.desk

        def ready(_by: str) -> None:
            self._may_look = True
            self._read()

        self._work.do(lambda: desk.allowed("audit"), ready, self._refused)

    def _step_out(self) -> None:
        """Stops what runs; else back to all entries; else out."""
        if self.view.busy_word:
            self._stopped = True
        elif self._picking or self.view.under:
            self._read()
        else:
            self.reset()
            self.on_left()

    def close(self) -> None:
        """The window closes: whatever runs gives up."""
        self._stopped = True

    # --- The list --------------------------------------------------------------------------

    def _read(self, message: MessageView | None = None) -> None:
        """The newest entries of what is looked for."""
        self._picking, self._found = "", []
        self._put(under="", message=message, pick_word="")
        self._page(None)

    def _more(self) -> None:
        if self._found and not self._whole and not self._picking and not self.view.under:
            self._page(self._found[-1].place)

    def _page(self, before: tuple[int, str, int] | None) -> None:
        since, until = audit.span_of(self._day, self._day)
        books, staff, kind = self._till.books, self._staff, self._kind

        def read() -> list[Listed]:
            with books.read() as db:
                return newest_first(
                    db, staff=staff, kind=kind, since_ms=since, until_ms=until, before=before,
                    most=PAGE,
                )  # fmt: skip

        def ready(page: list[Listed]) -> None:
            fresh = before is None
            self._found = page if fresh else [*self._found, *page]
            self._whole = len(page) < PAGE
            marked = "" if fresh else self.view.found.marked
            self._list(views.entries_list(self._found, marked, whole=self._whole))

        self._work.do(read, ready, self._refused)

    def _list(self, found: ListView, **changes: object) -> None:
        """Put a list there, and open its marked entry."""
        self._put(found=found, filters=self._filters(), **changes)
        self._mark(found.marked)

    def _mark(self, key: str) -> None:
        self.view = msgspec.structs.replace(
            self.view, found=msgspec.structs.replace(self.view.found, marked=key)
        )
        place = None if self._picking else views.place_of(key)
        if place is None:
            self._opened = None
            self._put(entry=None)
            return
        books = self._till.books

        def read() -> audit.Opened | None:
            with books.read() as db:
                return audit.opened(db, *place)

        def ready(found: audit.Opened | None) -> None:
            if self.view.found.marked == key and not self._picking:
                self._opened = found
                self._show_entry()

        self._work.do(read, ready, self._refused)

    def _show_entry(self) -> None:
        found = self._opened
        shown = None if found is None else views.entry_view(found, as_bytes=self._as_bytes)
        self._put(entry=shown)

    def _turn(self) -> None:
        """Enter: the entry's other side, or the person or kind that is marked."""
        if self._picking:
            chosen = self.view.found.marked
            if self._picking == "staff":
                self._staff = None if chosen == "*" else chosen.removeprefix("=")
            else:
                self._kind = "" if chosen == "*" else chosen
            self._read()
        elif self._opened is not None:
            self._as_bytes = not self._as_bytes
            self._show_entry()

    # --- What is chosen --------------------------------------------------------------------

    def _choose(self, what: str) -> None:
        if self._may_look and self._question.view is None and not self.view.busy_word:
            getattr(self, f"_ask_{what}")()

    def _ask_staff(self) -> None:
        books = self._till.books

        def read() -> list[tuple[str, str]]:
            with books.read() as db:
                return [
                    (f"={one}", f"{one} {name_of(db, books.secrets, one)}" if one else "")
                    for one in writers(db)
                ]

        def ready(found: list[tuple[str, str]]) -> None:
            named = [(key, word.strip() or tr("收银机自己")) for key, word in found]
            self._pick("staff", [("*", tr("所有人")), *named], tr("看谁的？"))

        self._work.do(read, ready, self._refused)

    def _ask_kind(self) -> None:
        books = self._till.books

        def read() -> list[str]:
            with books.read() as db:
                return kinds(db)

        def ready(found: list[str]) -> None:
            named = [(kind, tr(kind_words(kind))) for kind in found]
            self._pick("kind", [("*", tr("所有类别")), *named], tr("看哪一类？"))

        self._work.do(read, ready, self._refused)

    def _pick(self, what: str, choices: list[tuple[str, str]], title: str) -> None:
        self._picking = what
        self._list(views.picks_list(choices, title, ""), pick_word=tr("选它"), message=None)

    def _ask_day(self) -> None:
        def given(day: str) -> None:
            self._day = day.strip()
            self._tried(self._read)

        self._question.ask(
            ask_value(tr("看哪一天？"), given, detail=tr("如 2026-12-07；空着是所有日子"),
                      kind="code", value=self._day)
        )  # fmt: skip

    def _ask_receipt(self) -> None:
        def number_given(number: str) -> None:
            ask = tr("{number} 上印的六个字母", number=number)
            self._question.ask(ask_value(ask, lambda six: self._check(number, six), kind="code"))

        self._question.ask(ask_value(tr("小票号"), number_given, kind="code"))

    def _check(self, number: str, letters: str) -> None:
        books = self._till.books

        def work() -> audit.ReceiptCheck:
            with books.read() as db:
                found = audit.check_receipt(db, books.shop, books.till, number, letters)
            if found is None:
                raise Refusal("unknown_receipt", number=number[:40])
            return found

        def ready(found: audit.ReceiptCheck) -> None:
            self._sounds.play("accepted" if found.matches else "refused")
            self._put(message=views.receipt_words(found))
            self._mark(views.key_of(found.journal, found.seq))

        self._work.do(work, ready, self._refused)

    def _ask_phones(self) -> None:
        since, until = audit.span_of(self._day, self._day)
        books = self._till.books

        def read() -> list[audit.PhonesSeen]:
            with books.read() as db:
                return audit.phones_seen(db, since_ms=since, until_ms=until)

        def ready(found: list[audit.PhonesSeen]) -> None:
            self._list(views.phones_list(found, ""), under=tr("谁看过手机号"), message=None)

        self._work.do(read, ready, self._refused)

    def _ask_sample(self) -> None:
        def given(seed: str) -> None:
            if seed.strip():
                self._sample(seed.strip()[:40])

        self._question.ask(
            ask_value(tr("抽样的种子"), given, detail=tr("同一个种子，谁来抽都是同样的小票"))
        )

    def _sample(self, seed: str) -> None:
        till, day = self._till, self._day

        def ready(made: tuple[list[audit.Sampled], Path]) -> None:
            rows, path = made
            said = MessageView(text=tr("抽样单已存好"), detail=str(path), tone="ok")
            self._list(views.sample_list(rows, ""), message=said,
                       under=tr("抽样 {seed}", seed=seed))  # fmt: skip

        self._slow.do(lambda: draw_sample(till, seed, day), ready, self._refused)

    # --- What takes long -------------------------------------------------------------------

    def _ask_verify(self) -> None:
        books = self._till.books
        keys = {books.journal.id: books.journal.public_key}

        def say(progress: Progress) -> bool:
            self._tell(progress.step, progress.done, progress.most)
            return not self._stopped

        def ready(report: Report) -> None:
            self._sounds.play("accepted" if report.ok else "refused")
            verdict = views.verdict(report)
            self._put(busy_word="", message=verdict)
            if not report.ok:
                self._list(views.problems_list(report, ""), under=tr("验证结果"))

        self._begin()
        self._slow.do(
            partial(check_file, books.database.path, say, public_keys=keys), ready, self._ended
        )

    def _ask_export(self) -> None:
        till, day = self._till, self._day
        written = 0

        def noted(more: int) -> None:
            nonlocal written
            written += more
            self._tell("export", written, 0)
            if self._stopped:
                raise Refusal("check_stopped")

        def ready(folder: Path) -> None:
            self._sounds.play("accepted")
            words = tr("已导出 {count} 条，里面有验证程序", count=f"{written:,}")
            self._put(busy_word="", message=MessageView(text=words, detail=str(folder), tone="ok"))

        self._begin()
        self._slow.do(lambda: export_journals(till, day, noted), ready, self._ended)

    def _begin(self) -> None:
        self._stopped = False
        self._put(busy_word=tr("正在开始…"), done=0, most=0, message=None)

    def _tell(self, step: str, done: int, most: int) -> None:
        """From the worker: what was not shown yet is overtaken, so the window is never flooded."""
        waiting, self._progress = self._progress, (step, done, most)
        if waiting is None:
            self._came.emit()

    def _told(self) -> None:
        told, self._progress = self._progress, None
        if told is None or not self.view.busy_word:
            return
        step, done, most = told
        if step == "export":
            words = tr("已写 {count} 条", count=f"{done:,}")
        else:
            words = f"{tr(views.STEP_WORDS[step])} {done:,} / {most:,}"
        self._put(busy_word=words, done=done, most=most)

    def _ended(self, error: ShopError) -> None:
        self._put(busy_word="")
        if error.code == "check_stopped":
            self._put(message=MessageView(text=error_words(error), tone="plain"))
        else:
            self._refused(error)

    # --- Showing ---------------------------------------------------------------------------

    def _filters(self) -> tuple[tuple[str, str], ...]:
        who = tr("所有人") if self._staff is None else self._staff or tr("收银机自己")
        return (
            ("staff", who),
            ("kind", tr(kind_words(self._kind)) if self._kind else tr("所有类别")),
            ("day", self._day or tr("所有日子")),
        )

    def _tried(self, act: Callable[[], None]) -> None:
        try:
            act()
        except ShopError as error:
            self._day = ""
            self._refused(error)

    def _refused(self, error: ShopError) -> None:
        self._sounds.play("refused")
        self._put(message=MessageView(text=error_words(error), code=error.code))

    def _put(self, **changes: object) -> None:
        self.view = msgspec.structs.replace(self.view, **changes)
        self._show()

    def _show(self) -> None:
        self.view = msgspec.structs.replace(self.view, question=self._question.view)
        self._screen.show_view(self.view)
