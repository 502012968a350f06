"""A promotion from kind to publication: two short pages, a trial on past receipts, one Enter."""

from collections.abc import Callable
from datetime import date

import msgspec

from app.clock import local
from app.errors import Refusal, ShopError
from app.facts.catalogue import Product
from app.money import yuan_shown
from app.pricing.drafts import PromotionDraft, promotion_of
from app.sales.counter import Counter
from app.sales.publishing import day_to_try, publish_promotion, try_draft
from app.sales.trying import Trial
from app.staff.rules import NOBODY, Approver
from ui.background import Background
from ui.language import error_words, tr
from ui.presenters.approving import PageQuestion, second_person
from ui.presenters.desk_work import DeskWork
from ui.presenters.picking import GoodsPicker
from ui.presenters.price_words import promotion_sentence
from ui.presenters.promotion_form import (
    HOW,
    KINDS,
    WHEN,
    Read,
    form_fields,
    kind_words,
    picks_words,
    read_form,
)
from ui.price_views import LastLookView, PriceFormView
from ui.room_views import ColumnView, ListView, RoomView, RowView
from ui.screens.menus import RoomsScreen
from ui.screens.price_form import PriceFormScreen
from ui.screens.prices import LastLookScreen
from ui.sounds import Sounds
from ui.views import MessageView

MOST_RECEIPTS = 10
"""Receipts that are named in a trial, those it gives most on."""
_FIELD_OF_CODE = {"base_price_too_high": "base", "no_such_product": "goods"}


class PromotionPresenter:
    """Holds what was typed until it is published or given up."""

    def __init__(
        self,
        counter: Counter,
        screens: tuple[RoomsScreen, PriceFormScreen, LastLookScreen],
        work: DeskWork,
        sounds: Sounds,
    ) -> None:
        self._counter, self._work, self._sounds = counter, work, sounds
        self._kinds, self._form, self._look = screens
        self.on_page: Callable[[str], None] = lambda page: None
        """Show this page."""
        self.on_left: Callable[[], None] = lambda: None
        self.on_published: Callable[[str], None] = lambda words: None
        self._trying = Background()
        self._tryer = DeskWork(self._trying, self._refused_trial)
        self._question = PageQuestion(self._show_look, sounds)
        self._picker = GoodsPicker(counter, self._form, work, self._pick, self._not_picked)
        self._clear("item_price")
        self._connect()

    def _connect(self) -> None:
        form, look = self._form, self._look
        self._kinds.chosen.connect(self.choose)
        self._kinds.left.connect(lambda: self.on_left())
        form.searched.connect(self._picker.search)
        form.picked.connect(self._picker.pick)
        form.entered.connect(self._picker.scan)
        form.marked.connect(self._mark)
        form.removed.connect(self._remove)
        form.edited.connect(self._edit)
        form.cleared.connect(self._begin_again)
        form.confirmed.connect(self._confirm)
        form.went_back.connect(self._step_back)
        form.message_closed.connect(self._show)
        look.confirmed.connect(lambda: self._publish(self._approver))
        look.went_back.connect(self._back_to_form)
        look.answered.connect(self._question.answered)
        look.message_closed.connect(self._back_to_form)

    def close(self) -> None:
        """Let the worker go."""
        self._trying.close()

    def _clear(self, kind: str) -> None:
        self._kind = kind
        self._values: dict[str, str] = {}
        self._errors: dict[str, str] = {}
        self._goods: dict[str, tuple[Product, int]] = {}
        self._marked = ""
        self._second = False
        self._draft: PromotionDraft | None = None
        self._approver = NOBODY
        self._looking = LastLookView(title="")
        self._token = 0

    # --- Kind and form ---------------------------------------------------------------------

    def open(self) -> None:
        """Which kind?"""
        self._kinds.show_view(
            tuple(
                RoomView(name=kind, word=kind_words(kind)[0], note=kind_words(kind)[1])
                for kind in KINDS
            )
        )
        self.on_page("promotion_kind")

    def choose(self, kind: str) -> None:
        """The form of this kind as it was left, else a fresh one."""
        if kind != self._kind or not self._begun:
            self._begin(kind)
        self._show()
        self.on_page("promotion_form")

    @property
    def _begun(self) -> bool:
        return bool(self._goods or any(self._values.get(name) for name in HOW[self._kind]))

    def _begin(self, kind: str) -> None:
        """An empty form, with a code nobody used yet."""
        self._clear(kind)
        day = self._today.strftime("%m%d")
        with self._counter.books.read() as db:
            known = {each.promotion.code for each in self._counter.desk.prices.published(db)}
        number = next(n for n in range(1, len(known) + 2) if f"P{day}-{n}" not in known)
        self._values["code"] = f"P{day}-{number}"

    def _begin_again(self) -> None:
        self._begin(self._kind)
        self._show()

    @property
    def _today(self) -> date:
        return local(self._counter.books.clock.wall_ms()).date()

    def scan(self, text: str) -> None:
        """A scan while the form is in front is goods for it."""
        if not self._second:
            self._picker.scan(text)

    def _pick(self, product: Product) -> None:
        _, pieces = self._goods.get(product.code, (product, 0))
        more = pieces + 1 if self._kind == "kit" else 1
        self._goods[product.code] = (product, more)
        self._marked = product.code
        self._errors.pop("goods", None)
        self._sounds.play("accepted")
        self._show()

    def _not_picked(self, refusal: Refusal) -> None:
        self._sounds.play("refused")
        self._show(MessageView(text=error_words(refusal), code=refusal.code))

    def _mark(self, code: str) -> None:
        self._marked = code

    def _remove(self) -> None:
        codes = list(self._goods)
        if self._marked in codes:
            at = codes.index(self._marked)
            del self._goods[self._marked]
            left = list(self._goods)
            self._marked = left[min(at, len(left) - 1)] if left else ""
            self._show()

    def _edit(self, values: dict[str, str]) -> None:
        self._values |= values
        for name in values:
            self._errors.pop(name, None)
        self._show()

    def _read(self) -> Read:
        goods = [(code, pieces) for code, (_, pieces) in self._goods.items()]
        now = self._counter.books.clock.wall_ms()
        return read_form(self._kind, self._values, goods, today=self._today, now=now)

    def _confirm(self) -> None:
        found = self._read()
        first = {name: words for name, words in found.errors.items() if name not in WHEN}
        if first or (self._second and found.errors):
            self._wrong(found.errors if self._second and not first else first)
        elif not self._second:
            self._second = True
            self._show()
        else:
            assert found.draft is not None
            self._draft = found.draft
            self._try(self._approver)

    def _wrong(self, errors: dict[str, str], message: MessageView | None = None) -> None:
        self._errors = errors
        self._second = all(name in WHEN for name in errors)
        self._sounds.play("refused")
        words = errors.get("goods") or tr("有一项要再看看")
        self._show(message or MessageView(text=words, tone="warn"))

    def _step_back(self) -> None:
        if self._second:
            self._second = False
            self._show()
        else:
            self.open()

    def _back_to_form(self) -> None:
        self._token += 1
        self._question.drop()
        self._show()
        self.on_page("promotion_form")

    # --- Trial and publication -------------------------------------------------------------

    def _try(self, approver: Approver) -> None:
        """What it would have done; whoever may not publish may not see what things cost."""
        draft, counter = self._draft, self._counter
        assert draft is not None
        self._token += 1
        token = self._token
        self._looking = LastLookView(
            title=tr("发布前再看一眼"), sentence=self._sentence(), busy_word=tr("正在旧小票上试")
        )
        self._show_look()
        self.on_page("last_look")

        def work() -> tuple[str, Trial]:
            with counter.books.read() as db:
                day = day_to_try(db, counter.books.shop, self._today.isoformat())
            return day, try_draft(counter.desk, draft, day, approver)

        def ready(found: tuple[str, Trial]) -> None:
            if token == self._token:
                self._approver = approver
                self._sounds.play("question")
                self._looking = trial_view(*found, self._sentence())
                self._show_look()

        self._tryer.do(work, ready, lambda error: self._refused_trial(error, token))

    def _refused_trial(self, error: ShopError, token: int | None = None) -> None:
        if token is not None and token != self._token:
            return
        if error.code == "approval_needed":
            self._looking = msgspec.structs.replace(self._looking, busy_word="")
            second_person(self._question.ask, self._try, error)
            return
        self._back_to_form()
        field = _FIELD_OF_CODE.get(error.code, HOW[self._kind][0])
        said = MessageView(text=error_words(error), code=error.code)
        self._wrong({field: error_words(error)}, said)

    def _publish(self, approver: Approver) -> None:
        draft, desk = self._draft, self._counter.desk
        if draft is None:
            return
        sentence = self._sentence()
        self._looking = msgspec.structs.replace(self._looking, busy_word=tr("正在发布"))
        self._show_look()

        def ready(_done: object) -> None:
            self._sounds.play("accepted")
            self._clear(self._kind)
            self.on_published(tr("已发布：{what}", what=sentence))

        def refused(error: ShopError) -> None:
            self._looking = msgspec.structs.replace(self._looking, busy_word="")
            if error.code == "approval_needed":
                second_person(self._question.ask, self._publish, error)
            else:
                self._refused_trial(error)

        self._work.do(lambda: publish_promotion(desk, draft, approver), ready, refused)

    def _sentence(self) -> str:
        draft = self._draft or self._read().draft
        if draft is None:
            return tr("填好以后，这里用一句话说它会做什么")
        now = self._counter.books.clock.wall_ms()
        names = {code: product.name for code, (product, _) in self._goods.items()}
        return promotion_sentence(promotion_of(draft, now), names, self._today.year)

    # --- Showing ---------------------------------------------------------------------------

    def _show_look(self) -> None:
        self._look.show_view(msgspec.structs.replace(self._looking, question=self._question.view))

    def _show(self, message: MessageView | None = None) -> None:
        self._draft = None
        names = WHEN if self._second else HOW[self._kind]
        page = tr("2 / 2　什么时候、给谁") if self._second else tr("1 / 2　做什么")
        self._form.show_view(
            PriceFormView(
                title=kind_words(self._kind)[0],
                under=page,
                picks="" if self._second else picks_words(self._kind),
                goods=self._goods_list(),
                fields=form_fields(self._kind, names, self._values, self._errors),
                sentence=self._sentence(),
                next_word=tr("在旧小票上试") if self._second else tr("下一步"),
                message=message,
            )
        )

    def _goods_list(self) -> ListView:
        if not self._goods:
            return ListView(state="empty", state_title=tr("还没有选商品"),
                            state_detail=tr("扫码，或打拼音首字母"))  # fmt: skip
        rows = tuple(
            RowView(key=code, cells=(one.name, f"× {pieces}" if self._kind == "kit" else "",
                                     f"{yuan_shown(one.price)}/{one.unit}"), under=code)
            for code, (one, pieces) in self._goods.items()
        )  # fmt: skip
        return ListView(columns=picked_columns(), rows=rows, marked=self._marked)


def picked_columns() -> tuple[ColumnView, ...]:
    """goods (code under it) · pieces · price now."""
    return (
        ColumnView(title=tr("商品"), look="strong"),
        ColumnView(width=52, title=""),
        ColumnView(title=tr("现价"), width=120, right=True),
    )


def tried_columns() -> tuple[ColumnView, ...]:
    """receipt · before · after · given away."""
    return (
        ColumnView(title=tr("小票"), look="strong"),
        ColumnView(title=tr("原来"), width=140, right=True),
        ColumnView(title=tr("会变成"), width=140, right=True),
        ColumnView(title=tr("让出"), width=140, right=True, look="figure"),
    )


def trial_view(day: str, trial: Trial, sentence: str) -> LastLookView:
    """A trial in figures, with the receipts it gives most on."""
    given = trial.before - trial.after
    most = sorted(trial.changed, key=lambda each: (each.after - each.before, each.number))
    rows = tuple(
        RowView(key=each.number, cells=(each.number, yuan_shown(each.before),
                                        yuan_shown(each.after),
                                        yuan_shown(each.after - each.before)))
        for each in most[:MOST_RECEIPTS]
    )  # fmt: skip
    nothing = ListView(state="empty", state_title=tr("那天没有一张小票会变"),
                       state_detail=tr("可以照样发布"))  # fmt: skip
    return LastLookView(
        title=tr("发布前再看一眼"),
        sentence=sentence,
        figures=(
            (tr("{day} 的小票", day=day), f"{trial.receipts:,}"),
            (tr("会变的"), f"{len(trial.changed):,}"),
            (tr("一共让出"), yuan_shown(given)),
        ),
        note=tr("照那天真卖的小票，用现在的促销重算一遍；什么都还没有发布"),
        warning=_warning(trial),
        rows=ListView(columns=tried_columns(), rows=rows) if rows else nothing,
        confirm_word=tr("发布"),
    )


def _warning(trial: Trial) -> str:
    names = {each.product: each.name for each in trial.products}
    said = []
    for codes, words in ((trial.below_floor, tr("低于最低价")), (trial.below_cost, tr("低于进价"))):
        if codes:
            goods = tr("、").join(f"{code} {names.get(code, '')}".strip() for code in codes[:5])
            more = tr(" 等 {count} 种", count=len(codes)) if len(codes) > 5 else ""
            said.append(f"{words}：{goods}{more}")
    return tr("；").join(said)
