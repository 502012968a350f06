"""单据 joined to the journal: find a receipt, look at it, reprint it."""

import io
from collections.abc import Callable

import msgspec

from app.clock import local, proposed_day
from app.content import Paper
from app.errors import ShopError
from app.facts.sales import TenderCorrected
from app.money import parse_yuan, yuan_shown
from app.sales.correcting import CORRECTABLE, correct_tender, correctable
from app.sales.counter import Counter
from app.sales.documents import RefundReceipt, find_documents
from app.sales.invoice_queries import standing_invoice
from app.sales.queries import DAY_MS, Found
from app.staff.rules import NOBODY, Approver
from ui.invoice_words import WORDS, state_name
from ui.language import error_words, tr
from ui.presenters.approving import second_person
from ui.presenters.asking import Asking, ask_choice
from ui.presenters.desk_work import DeskWork
from ui.presenters.sisters_news import old_news
from ui.room_views import ColumnView, ListView, ReceiptsView, RowView
from ui.screens.receipts import ReceiptsScreen
from ui.sounds import Sounds
from ui.tender_words import tender_word
from ui.views import ChoiceView, MessageView


def png_of(paper: Paper) -> bytes:
    """A paper as the printer would make it, as a PNG."""
    from printers.commands import render_png

    memory = io.BytesIO()
    render_png(paper, 48).save(memory, "PNG")
    return memory.getvalue()


class ReceiptsPresenter:
    """单据: find, look, reprint."""

    def __init__(
        self, counter: Counter, screen: ReceiptsScreen, work: DeskWork, sounds: Sounds
    ) -> None:
        self._counter = counter
        self._screen = screen
        self._work = work
        self._sounds = sounds
        self.on_refund: Callable[[str], None] = lambda number: None
        """Goods of this receipt come back."""
        self.on_invoice: Callable[[str], None] = lambda number: None
        self._view = ReceiptsView()
        self._asking: Asking | None = None
        self._wrong: tuple[str, ...] = ()
        """Tenders of the marked receipt that may be put right."""
        screen.corrected.connect(self._correct)
        screen.answered.connect(self._answered)
        screen.refunded.connect(lambda number: self.on_refund(number))
        screen.invoiced.connect(lambda number: self.on_invoice(number))
        screen.searched.connect(self.search)
        screen.marked.connect(self._look)
        screen.reprinted.connect(self._reprint)
        screen.day_chosen.connect(self._choose_day)
        screen.message_closed.connect(lambda: self._say(None))
        screen.again.connect(lambda: self.search(""))

    def open(self, number: str = "") -> None:
        """Show today's receipts, or the one whose code was scanned."""
        self._asking = None
        self._view = msgspec.structs.replace(
            self._view, message=None, question=None, days=day_choices(), day_chosen="all"
        )
        self.search(number)

    @property
    def shown(self) -> str:
        """The number of the receipt that is looked at, "" for none."""
        return self._view.found.marked

    def _choose_day(self, day: str) -> None:
        self._view = msgspec.structs.replace(self._view, day_chosen=day)
        self.search("")

    def _day(self) -> str:
        """The business day that was chosen, "" for all of them."""
        back = {"today": 0, "yesterday": 1}.get(self._view.day_chosen)
        if back is None:
            return ""
        now, cutoff = (
            self._counter.books.clock.wall_ms(),
            self._counter.desk.settings["cutoff_hour"],
        )
        return proposed_day(now - back * DAY_MS, int(cutoff))

    def search(self, typed: str) -> None:
        """By part of the number, or by amount when it reads like one."""
        counter, day = self._counter, self._day()
        amount = _amount(typed)

        def read() -> tuple[list[Found], str]:
            with counter.books.read() as db:
                found = find_documents(
                    db,
                    counter.books.shop,
                    number="" if amount is not None else typed.strip().upper(),
                    day=day,
                    amount=amount,
                )
            return found, "" if found else old_news(counter.books)

        self._work.do(read, lambda seen: self._found(*seen), self._refused)

    def _found(self, found: list[Found], news: str) -> None:
        """`news`: what is not found may not have come from another till yet."""
        rows = tuple(
            RowView(
                key=each.number,
                cells=(
                    local(each.order_ms).strftime("%m-%d %H:%M"),
                    each.number,
                    yuan_shown(each.due),
                ),
                under=tr("退货") if each.due < 0 else "",
            )
            for each in found
        )
        self._view = msgspec.structs.replace(
            self._view,
            found=ListView(
                columns=(
                    ColumnView(title=tr("时间"), width=120),
                    ColumnView(title=tr("单号")),
                    ColumnView(title=tr("金额"), width=120, right=True, look="figure"),
                ),
                rows=rows,
                marked=rows[0].key if rows else "",
                state="" if rows else "empty",
                state_title=tr("没有找到小票"),
                state_detail=news or tr("扫小票上的码，或输入单号后四位、金额"),
                foot=tr("{count} 笔", count=len(rows)),
            ),
            preview_png=b"",
            refund_enabled=bool(rows),
            refund_reason=tr("先选一张小票"),
            invoice_enabled=bool(rows),
            invoice_reason=tr("先选一张小票"),
        )
        self._screen.show_view(self._view)
        if rows:
            self._look(rows[0].key)

    def _look(self, number: str) -> None:
        receipts, books = self._counter.receipts, self._counter.books

        def draw() -> tuple[bytes, str, tuple[str, ...] | None]:
            found = receipts.document(number)
            note = tr("重印过 {count} 次", count=found.copies) if found.copies else ""
            where = found.refund.till if isinstance(found, RefundReceipt) else found.sale.till
            if where != books.till:
                # What happened to it since, there, is not known here.
                note = " · ".join(filter(None, (note, old_news(books, where))))
            if isinstance(found, RefundReceipt):
                return png_of(receipts.paper(found)), note, None
            with books.read() as db:
                invoice = standing_invoice(db, books.shop, found.id)
                wrong = correctable(db, books, found)
            if invoice is not None:
                name = state_name(invoice.kind, invoice.state, 0)
                note = " · ".join(filter(None, (note, tr("发票") + " " + tr(WORDS[name]))))
            return png_of(receipts.paper(found)), note, wrong

        def ready(drawn: tuple[bytes, str, tuple[str, ...] | None]) -> None:
            self._wrong = drawn[2] or ()
            sold = drawn[2] is not None
            refund = "" if sold else tr("这是退货单")
            wrong = tr("网络收的、退过的、日结后的，都不能改付款")
            found = msgspec.structs.replace(self._view.found, marked=number)
            self._view = msgspec.structs.replace(
                self._view,
                found=found,
                preview_png=drawn[0],
                preview_note=drawn[1],
                correct_enabled=bool(drawn[2]),
                correct_reason="" if drawn[2] else refund or wrong,
                refund_enabled=sold,
                refund_reason=refund,
                invoice_enabled=sold,
                invoice_reason=refund,
                reprint_enabled=receipts.printing,
                reprint_reason="" if receipts.printing else tr("这台机没有打印机"),
            )
            self._screen.show_view(self._view)

        self._work.do(draw, ready, self._refused)

    # --- Another tender was pressed --------------------------------------------------------

    def _correct(self, number: str) -> None:
        """Which tender it really was: Enter and a digit, then why."""
        if len(self._wrong) == 1:
            self._correct_from(number, self._wrong[0])
            return
        choices = tuple((name, tender_word(name)) for name in self._wrong)
        self._ask(
            ask_choice(
                tr("哪一种付款按错了？"),
                choices,
                lambda name: self._correct_from(number, name),
                keyed=True,
            )
        )

    def _correct_from(self, number: str, before: str) -> None:
        def chosen(after: str) -> None:
            def why(reason: str) -> None:
                self._correct_now(number, before, after, reason)

            self._ask(ask_choice(tr("为什么改？"), _reasons(), why, keyed=True))

        others = tuple((name, tender_word(name)) for name in CORRECTABLE if name != before)
        title = tr("记的是{tender}，实际是？", tender=tender_word(before))
        self._ask(ask_choice(title, others, chosen, keyed=True))

    def _correct_now(
        self, number: str, before: str, after: str, reason: str, approver: Approver = NOBODY
    ) -> None:
        def ready(fact: TenderCorrected) -> None:
            self._sounds.play("accepted")
            amount = yuan_shown(sum(fact.amounts))
            words = tr("已改为{tender}：{amount}", tender=tender_word(after), amount=amount)
            self._say(MessageView(text=words, tone="ok"))
            self._look(number)

        def refused(error: ShopError) -> None:
            if error.code != "approval_needed":
                self._refused(error)
                return

            def again(who: Approver) -> None:
                self._correct_now(number, before, after, reason, who)

            second_person(self._ask, again, error)

        desk = self._counter.desk
        self._work.do(
            lambda: correct_tender(desk, number, before, after, reason, approver=approver),
            ready,
            refused,
        )

    def _ask(self, asking: Asking) -> None:
        self._asking = asking
        self._sounds.play("question")
        self._view = msgspec.structs.replace(self._view, question=asking.view, message=None)
        self._screen.show_view(self._view)

    def _answered(self, choice: str, value: str) -> None:
        asking, self._asking = self._asking, None
        self._view = msgspec.structs.replace(self._view, question=None)
        self._screen.show_view(self._view)
        if asking is not None:
            asking.on_answer(choice, value)

    def _reprint(self, number: str) -> None:
        def ready(copy: int) -> None:
            self._sounds.play("accepted")
            again = tr("正在重印（重印 {copy}）", copy=copy)
            self._say(MessageView(text=again if copy else tr("小票在打印"), tone="ok"))
            self._look(number)

        self._work.do(lambda: self._counter.receipts.reprint(number), ready, self._refused)

    def _refused(self, error: ShopError) -> None:
        self._sounds.play("refused")
        self._say(MessageView(text=error_words(error), code=error.code))

    def _say(self, message: MessageView | None) -> None:
        self._view = msgspec.structs.replace(self._view, message=message)
        self._screen.show_view(self._view)


def day_choices() -> tuple[ChoiceView, ...]:
    """The days that can be looked through."""
    words = {"today": tr("今天"), "yesterday": tr("昨天"), "all": tr("全部")}
    return tuple(
        ChoiceView(name=name, word=word, key=f"Ctrl+{number}")
        for number, (name, word) in enumerate(words.items(), 1)
    )


def _reasons() -> tuple[tuple[str, str], ...]:
    """What is written into the books, and what the button says."""
    return (("按错付款方式", tr("按错付款方式")), ("顾客换了付款方式", tr("顾客换了付款方式")))


def _amount(typed: str) -> int | None:
    if "." not in typed:
        return None
    try:
        return parse_yuan(typed)
    except ShopError:
        return None
