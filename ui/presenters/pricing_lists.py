"""A price list from its first goods to its publication, picked here or brought by a file."""

from collections.abc import Callable, Sequence
from datetime import date

import msgspec

from app.clock import local
from app.errors import Refusal, ShopError
from app.facts.catalogue import Product
from app.money import yuan
from app.pricing.board import MEMBERS
from app.pricing.drafts import Listing, PriceListDraft
from app.pricing.windows import parse_from, parse_to
from app.sales.counter import Counter
from app.sales.publishing import publish_prices
from app.staff.rules import NOBODY, Approver, may
from ui.language import error_words, tr
from ui.presenters.approving import PageQuestion, second_person
from ui.presenters.desk_work import DeskWork
from ui.presenters.picking import GoodsPicker
from ui.presenters.price_list_views import (
    Priced,
    head_fields,
    is_good,
    last_look,
    line_columns,
    line_fields,
    line_row,
    list_sentence,
)
from ui.presenters.promotion_form import typed_moment
from ui.price_views import LastLookView, PriceFormView
from ui.room_views import ListView, RowView
from ui.screens.price_form import PriceFormScreen
from ui.screens.prices import LastLookScreen
from ui.sounds import Sounds
from ui.views import MessageView
from ui.worker_signal import Counted


class PriceListPresenter:
    """Holds the lines until they are published or given up."""

    def __init__(
        self,
        counter: Counter,
        screens: tuple[PriceFormScreen, LastLookScreen],
        work: DeskWork,
        sounds: Sounds,
    ) -> None:
        self._counter, self._work, self._sounds = counter, work, sounds
        self._form, self._look = screens
        self.on_page: Callable[[str], None] = lambda page: None
        self.on_left: Callable[[], None] = lambda: None
        self.on_published: Callable[[str], None] = lambda words: None
        self._question = PageQuestion(self._show_look, sounds)
        self._picker = GoodsPicker(counter, self._form, work, self._pick, self._refused)
        self._counted = Counted(self._look, self._progressed)
        self._clear()
        form, look = self._form, self._look
        form.searched.connect(self._picker.search)
        form.picked.connect(self._picker.pick)
        form.entered.connect(self._picker.scan)
        form.marked.connect(self._mark)
        form.removed.connect(self._remove)
        form.edited.connect(self._edit)
        form.line_edited.connect(self._edit_line)
        form.cleared.connect(self._begin_again)
        form.confirmed.connect(self._confirm)
        form.went_back.connect(lambda: self.on_left())
        form.message_closed.connect(self._show)
        look.confirmed.connect(lambda: self._publish(NOBODY))
        look.went_back.connect(self._back_to_form)
        look.answered.connect(self._question.answered)
        look.message_closed.connect(self._back_to_form)

    def _clear(self) -> None:
        self._lines: dict[str, Priced] = {}
        self._rows: dict[str, RowView] = {}
        self._values: dict[str, str] = {}
        self._errors: dict[str, str] = {}
        self._marked = ""
        self._draft: PriceListDraft | None = None
        self._looking = LastLookView(title="")

    def _begin_again(self) -> None:
        self._clear()
        self._show()

    # --- The form --------------------------------------------------------------------------

    def open(self, lines: Sequence[Priced] = ()) -> None:
        """The list as it was left, or a fresh one with the lines a file brought."""
        if not lines:
            self._show()
            self.on_page("price_list")
            return
        sees_cost = self._sees_cost

        def ready(rows: dict[str, RowView]) -> None:
            self._clear()
            self._marked = lines[0].product.code
            self._lines, self._rows = {line.product.code: line for line in lines}, rows
            self._show()
            self.on_page("price_list")

        # Ten thousand rows take longer to word than a window may be away.
        self._work.do(
            lambda: {line.product.code: line_row(line, sees_cost=sees_cost) for line in lines},
            ready,
            self._refused,
        )

    def scan(self, text: str) -> None:
        """A scan while the form is in front is goods for it."""
        self._picker.scan(text)

    def _put(self, line: Priced) -> None:
        self._lines[line.product.code] = line
        self._rows[line.product.code] = line_row(line, sees_cost=self._sees_cost)

    def _pick(self, product: Product) -> None:
        prices, books = self._counter.desk.prices, self._counter.books

        def look() -> Priced:
            with books.read() as db:
                now = prices.listed(db, product)
                row = prices.list_of(db, product, prices.moment(db))
            floor = yuan(row.floor) if row is not None and row.floor else ""
            return Priced(product, now.price, floor=floor)

        def ready(line: Priced) -> None:
            if product.code not in self._lines:
                self._put(line)
            self._marked = product.code
            self._sounds.play("accepted")
            self._show()
            self._form.focus_line()

        self._work.do(look, ready, self._refused)

    def _mark(self, code: str) -> None:
        self._marked = code
        self._show()

    def _remove(self) -> None:
        codes = list(self._lines)
        if self._marked in codes:
            at = codes.index(self._marked)
            del self._lines[self._marked], self._rows[self._marked]
            left = list(self._lines)
            self._marked = left[min(at, len(left) - 1)] if left else ""
            self._show()

    def _edit(self, values: dict[str, str]) -> None:
        self._values |= values
        for name in values:
            self._errors.pop(name, None)
        self._show()

    def _edit_line(self, values: dict[str, str]) -> None:
        if (line := self._lines.get(self._marked)) is not None:
            self._put(msgspec.structs.replace(line, **values))
            self._show()

    @property
    def _today(self) -> date:
        return local(self._counter.books.clock.wall_ms()).date()

    def _confirm(self) -> None:
        """Everything is read; what is wrong is said where it stands, and nothing goes on."""
        self._errors, moments = {}, {}
        for name in ("from", "to"):
            try:
                moments[name] = typed_moment(self._values.get(name, ""), self._today)
            except Refusal as refusal:
                self._errors[name] = error_words(refusal)
        if not self._errors and moments["to"] and parse_to(moments["to"]) <= self._begins(moments):
            self._errors["to"] = tr("结束要晚于开始")
        group = self._values.get("group", "")
        if group not in ("", tr("所有人"), tr("会员"), MEMBERS):
            self._errors["group"] = tr("写“会员”，或空着")
        if (bad := self._first_bad_line()) or self._errors or not self._lines:
            self._marked = bad or self._marked
            self._sounds.play("refused")
            words = tr("有一项要再看看") if self._errors else tr("先选商品")
            words = tr("{code} 还没有价，或低于它的最低价", code=bad) if bad else words
            self._show(MessageView(text=words, tone="warn"))
            return
        lines = [
            Listing(product=code, price=line.price, floor=line.floor or "0")
            for code, line in self._lines.items()
        ]
        self._draft = PriceListDraft(
            from_=moments["from"],
            to=moments["to"],
            group=MEMBERS if group in (tr("会员"), MEMBERS) else "",
            zone=self._values.get("zone", ""),
            lines=lines,
        )
        self._looking = last_look(
            tuple(self._lines.values()), self._sentence(self._draft), sees_cost=self._sees_cost
        )
        self._show_look()
        self.on_page("price_look")

    def _begins(self, moments: dict[str, str]) -> int:
        now = self._counter.books.clock.wall_ms()
        return parse_from(moments["from"]) if moments["from"] else now

    def _first_bad_line(self) -> str:
        return next((code for code, line in self._lines.items() if not is_good(line)), "")

    def _back_to_form(self) -> None:
        if self._looking.busy_word:
            self._counted.stop()
            return
        self._question.drop()
        self._show()
        self.on_page("price_list")

    # --- Last look and publication ---------------------------------------------------------

    def _sentence(self, draft: PriceListDraft) -> str:
        return list_sentence(draft, self._counter.books.clock.wall_ms(), self._today.year)

    def _publish(self, approver: Approver) -> None:
        draft, desk = self._draft, self._counter.desk
        if draft is None or self._looking.busy_word:
            return
        sentence, most = self._sentence(draft), len(draft.lines)
        self._looking = msgspec.structs.replace(
            self._looking, busy_word=tr("已写 {count} 种", count=0), done=0, most=most
        )
        self._show_look()
        told = self._counted.begin()

        def ready(_done: object) -> None:
            self._sounds.play("accepted")
            self._clear()
            self.on_published(tr("已发布：{what}", what=sentence))

        def refused(error: ShopError) -> None:
            self._looking = msgspec.structs.replace(self._looking, busy_word="")
            if error.code == "approval_needed":
                second_person(self._question.ask, self._publish, error)
                return
            self._back_to_form()
            if error.code != "import_stopped":
                self._refused(error)

        self._work.do(lambda: publish_prices(desk, draft, approver, told), ready, refused)

    def _progressed(self, count: int) -> None:
        if self._looking.busy_word:
            words = tr("已写 {count} 种", count=f"{count:,}")
            self._looking = msgspec.structs.replace(self._looking, busy_word=words, done=count)
            self._show_look()

    # --- Showing ---------------------------------------------------------------------------

    def _refused(self, error: ShopError) -> None:
        self._sounds.play("refused")
        self._show(MessageView(text=error_words(error), code=error.code))

    def _show_look(self) -> None:
        self._look.show_view(msgspec.structs.replace(self._looking, question=self._question.view))

    @property
    def _sees_cost(self) -> bool:
        return may(self._counter.desk.role, "catalogue")

    def _goods(self) -> ListView:
        if not self._lines:
            return ListView(state="empty", state_title=tr("还没有选商品"),
                            state_detail=tr("扫码，或打拼音首字母"))  # fmt: skip
        return ListView(
            columns=line_columns(sees_cost=self._sees_cost), rows=tuple(self._rows.values()),
            marked=self._marked, foot=tr("共 {count} 种", count=f"{len(self._lines):,}"),
        )  # fmt: skip

    def _show(self, message: MessageView | None = None) -> None:
        marked = self._lines.get(self._marked)
        self._form.show_view(
            PriceFormView(
                title=tr("新价目"),
                picks=tr("改哪些商品的价"),
                goods=self._goods(),
                line_title=f"{marked.product.code} {marked.product.name}" if marked else "",
                line=line_fields(marked) if marked else (),
                fields=head_fields(self._values, self._errors),
                next_word=tr("看一眼再发布"),
                message=message,
            )
        )
