"""发票 joined to the counter: the list, one document, and what a person can do with it."""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from PySide6.QtCore import QTimer

from app.errors import ShopError
from app.sales.counter import Counter
from app.sales.invoice_overview import ALL, TO_DO, WAITING, Listed, overview
from app.sales.invoice_rules import FAILED, INVOICE, REQUESTED
from app.sales.invoicing import Seen
from app.staff.rules import NOBODY, Approver
from ui.invoice_views import InvoicesView
from ui.invoice_words import export_path, why_words
from ui.language import error_words, tr
from ui.presenters.approving import second_person
from ui.presenters.asking import Asking
from ui.presenters.desk_work import DeskWork
from ui.presenters.invoice_words import detail_of, may_correct, row_of
from ui.room_views import ListView
from ui.screens.invoices import InvoicesScreen, document_columns
from ui.sounds import Sounds
from ui.startup import Till
from ui.views import ChoiceView, MessageView

Done = TypeVar("Done")
LOOK_AGAIN_MS = 2_000
"""While the page is looked at: has anything been issued?"""


class InvoicesPresenter:
    """Holds what is marked; what counts is the counter's."""

    def __init__(self, till: Till, screen: InvoicesScreen, work: DeskWork, sounds: Sounds) -> None:
        self._till, self._screen, self._work, self._sounds = till, screen, work, sounds
        self._counter: Counter = till.counter
        self.on_correct: Callable[[Seen], None] = lambda seen: None
        """Another buyer for this one, on the page that asks."""
        self._wanted = ALL
        self._marked = ""
        self._found: list[Listed] = []
        self._seen: Seen | None = None
        self._why = ""
        self._asking: Asking | None = None
        self._message: MessageView | None = None
        self._again = QTimer(screen)
        self._again.setInterval(LOOK_AGAIN_MS)
        self._again.timeout.connect(self._look_again)
        screen.filter_chosen.connect(self._filter)
        screen.marked.connect(self._mark)
        screen.confirmed.connect(lambda _key: self._primary())
        screen.corrected.connect(lambda _key: self._correct())
        screen.withdrawn.connect(lambda _key: self._withdraw())
        screen.printed.connect(lambda _key: self._slip())
        screen.exported.connect(self._export)
        screen.answered.connect(self._answered)
        screen.again.connect(self._read)
        screen.message_closed.connect(lambda: self._say(None))
        screen.refused.connect(lambda words: self._say(MessageView(text=words, tone="warn")))

    def open(self, document: str = "", message: MessageView | None = None) -> None:
        """Show the newest ones, or the one that was just asked for."""
        self._wanted, self._marked, self._asking, self._message = ALL, document, None, message
        self._again.start()
        self._read()

    def open_to_do(self) -> None:
        """Show what waits for a person, from 待办."""
        self.open()
        self._filter(TO_DO)

    def _filter(self, wanted: str) -> None:
        self._wanted, self._marked = wanted, ""
        self._read()

    def _look_again(self) -> None:
        if not self._screen.isVisible():
            self._again.stop()
        elif self._asking is None:
            self._read()

    def _read(self) -> None:
        counter, wanted, marked = self._counter, self._wanted, self._marked
        books = counter.books

        def read() -> tuple[list[Listed], Seen | None, str]:
            with books.read() as db:
                found = overview(db, books.secrets, books.shop, counter.invoices.codes, wanted)
            keys = [each.document.document for each in found]
            shown = marked if marked in keys else (keys[0] if keys else "")
            seen = counter.invoices.look(shown) if shown else None
            return found, seen, why_words(seen, self._till.invoices) if seen else ""

        def ready(read_: tuple[list[Listed], Seen | None, str]) -> None:
            # A slow answer to an older choice must not replace a newer one.
            if (wanted, marked) != (self._wanted, self._marked):
                return
            self._found, self._seen, self._why = read_
            self._show()

        self._work.do(read, ready, self._refused)

    def _mark(self, key: str) -> None:
        self._marked = key
        self._read()

    # --- What a person does ----------------------------------------------------------------

    def _primary(self) -> None:
        seen = self._seen
        if seen is None:
            return
        name, invoices = seen.document.document, self._counter.invoices
        if seen.due.lines:
            self._do(lambda who: invoices.red_letter(name, approver=who), tr("红字发票已申请"))
        elif seen.document.state == FAILED:
            self._do(lambda _who: invoices.ask_again(name), tr("已重新申请"))

    def _slip(self) -> None:
        if self._seen is None:
            return
        name = self._seen.document.document

        def ready(_nothing: None) -> None:
            self._sounds.play("accepted")
            self._say(MessageView(text=tr("凭条在打印"), tone="ok"))

        self._work.do(lambda: self._counter.invoices.print_slip(name), ready, self._refused)

    def _withdraw(self) -> None:
        if self._seen is not None:
            name = self._seen.document.document
            self._do(lambda _who: self._counter.invoices.withdraw(name), tr("已撤回"))

    def _correct(self) -> None:
        if self._seen is not None:
            self.on_correct(self._seen)

    def _export(self) -> None:
        path = export_path(self._till, "xlsx")
        invoices = self._counter.invoices

        def work(who: Approver) -> int:
            return invoices.export(path, approver=who)

        def ready(count: int) -> None:
            self._sounds.play("accepted")
            words = tr("已导出 {count} 张", count=count)
            self._say(MessageView(text=words, detail=str(path), tone="ok"))

        self._try(work, ready)

    def _do(self, act: Callable[[Approver], Seen], words: str) -> None:
        def ready(seen: Seen) -> None:
            self._sounds.play("accepted")
            self._marked = seen.document.document
            self._message = MessageView(text=words, tone="ok")
            self._read()

        self._try(act, ready)

    def _try(
        self,
        act: Callable[[Approver], Done],
        ready: Callable[[Done], None],
        who: Approver = NOBODY,
    ) -> None:
        def refused(error: ShopError) -> None:
            if error.code == "approval_needed":
                second_person(self._ask, lambda yes: self._try(act, ready, yes), error)
            else:
                self._refused(error)

        self._work.do(lambda: act(who), ready, refused)

    def _ask(self, asking: Asking) -> None:
        self._asking, self._message = asking, None
        self._sounds.play("question")
        self._show()

    def _answered(self, choice: str, value: str) -> None:
        asking, self._asking = self._asking, None
        self._show()
        if asking is not None:
            asking.on_answer(choice, value)

    def _refused(self, error: ShopError) -> None:
        self._sounds.play("refused")
        self._say(MessageView(text=error_words(error), code=error.code))

    def _say(self, message: MessageView | None) -> None:
        self._message = message
        self._show()

    # --- Painting --------------------------------------------------------------------------

    def _show(self) -> None:
        seen = self._seen
        rows = tuple(row_of(each) for each in self._found)
        empty_title = {
            ALL: tr("还没有开过发票"), WAITING: tr("没有等着开的"), TO_DO: tr("没有要处理的"),
        }[self._wanted]  # fmt: skip
        view = InvoicesView(
            filters=(
                ChoiceView(name=ALL, word=tr("全部"), key="A"),
                ChoiceView(name=WAITING, word=tr("等着开"), key="W"),
                ChoiceView(name=TO_DO, word=tr("要处理"), key="S"),
            ),
            chosen=self._wanted,
            documents=ListView(
                columns=document_columns(),
                rows=rows,
                marked=seen.document.document if seen else "",
                state="" if rows else "empty",
                state_title=empty_title,
                state_detail=tr("收完钱扫顾客的抬头码，或在单据里选一张小票开票"),
                foot=tr("{count} 张", count=len(rows)) if rows else "",
            ),
            detail=detail_of(seen, tr(self._why) if self._why else "") if seen else None,
            primary_word=tr("没有要做的"),
            primary_reason=tr("开票平台的结果会自己出现"),
            print_enabled=seen is not None and self._counter.invoices.printing,
            print_reason=tr("没有打印机") if seen is not None else tr("先选一张"),
            question=self._asking.view if self._asking else None,
            message=self._message,
        )
        self._screen.show_view(_with_actions(view, seen))


def _with_actions(view: InvoicesView, seen: Seen | None) -> InvoicesView:
    """What can be done with the marked document."""
    nothing = tr("先选一张")
    if seen is None:
        return msgspec.structs.replace(
            view, primary_reason=nothing, correct_reason=nothing, withdraw_reason=nothing
        )
    known = seen.document
    open_ = known.state in (REQUESTED, FAILED)
    if seen.due.lines:
        view = msgspec.structs.replace(view, primary_word=tr("开红字发票"), primary_enabled=True)
    elif known.state == FAILED:
        view = msgspec.structs.replace(view, primary_word=tr("再开一次"), primary_enabled=True)
    return msgspec.structs.replace(
        view,
        correct_enabled=may_correct(seen),
        correct_reason=tr("发出后不能改"),
        withdraw_enabled=open_ and known.kind == INVOICE,
        withdraw_reason=tr("发出后不能撤"),
    )
