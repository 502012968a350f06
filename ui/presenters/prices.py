"""价格与促销, the board: what stands, what is coming, and ending one of them early."""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection

from app.catalogue.queries import products
from app.clock import local
from app.errors import ShopError
from app.facts.pricing import Promotion
from app.money import yuan_shown
from app.pricing.queries import PriceList, price_lists, prices_in
from app.reports.tasks import SKEW_WARNS_MS
from app.sales.counter import Counter
from app.sales.publishing import end_promotion, withdraw_price_list
from app.staff.rules import NOBODY, Approver
from ui.language import error_words, tr
from ui.presenters.approving import PageQuestion, second_person
from ui.presenters.asking import ask_choice
from ui.presenters.desk_work import DeskWork
from ui.presenters.price_words import (
    end_words,
    group_words,
    moment_words,
    named,
    period_words,
    promotion_sentence,
)
from ui.price_views import PricesView
from ui.room_views import ListView, RowView
from ui.screens.prices import PricesScreen, priced_columns, rule_columns
from ui.sounds import Sounds
from ui.views import MessageView

MOST_GOODS = 200
"""Goods of a price list that are shown; the foot says how many there are."""
LIST, RULE = "list:", "rule:"


class Standing(msgspec.Struct, frozen=True):
    """Everything the board shows, read at once."""

    now: int
    rules: tuple[Promotion, ...]
    lists: tuple[PriceList, ...]
    names: dict[str, str]


class PricesPresenter:
    """Remembers which row is marked; what stands is read anew whenever the board is shown."""

    def __init__(
        self, counter: Counter, screen: PricesScreen, work: DeskWork, sounds: Sounds
    ) -> None:
        self._counter, self._screen, self._work, self._sounds = counter, screen, work, sounds
        self._standing = Standing(0, (), (), {})
        self._goods: dict[str, ListView] = {}
        self._marked = ""
        self._message: MessageView | None = None
        self._question = PageQuestion(self._show, sounds)
        screen.marked.connect(self._mark)
        screen.ended.connect(self._ask_end)
        screen.answered.connect(self._question.answered)
        screen.message_closed.connect(lambda: self._say(None))
        screen.refused.connect(lambda why: self._say(MessageView(text=why, tone="warn")))

    def open(self, message: MessageView | None = None) -> None:
        """Show what stands now, with a word about what was just done."""
        self._message, self._goods = message, {}
        self._question.drop()
        self._show()

        def ready(standing: Standing) -> None:
            self._standing = standing
            self._mark(self._marked if self._marked in self._keys() else (self._keys() or [""])[0])

        self._work.do(lambda: read_standing(self._counter), ready, self._refused)

    def published(self, words: str) -> None:
        """The board again after something was published; a clock that is off is said at once."""
        skew = abs(self._counter.books.journal.guard.skew_ms())
        if skew > SKEW_WARNS_MS:
            detail = tr("时钟走偏了 {seconds} 秒，限时价格会跟着偏", seconds=skew // 1000)
            self.open(MessageView(text=words, detail=detail, tone="warn"))
        else:
            self.open(MessageView(text=words, tone="ok"))

    def _keys(self) -> list[str]:
        return [row.key for row in board_rows(self._standing)]

    def _mark(self, key: str) -> None:
        self._marked = key
        if key.startswith(LIST) and key not in self._goods:
            document = key.removeprefix(LIST)

            def ready(goods: ListView) -> None:
                self._goods[key] = goods
                self._show()

            self._work.do(lambda: self._read_goods(document), ready, self._refused)
        self._show()

    def _read_goods(self, document: str) -> ListView:
        books = self._counter.books
        with books.read() as db:
            rows = prices_in(db, books.shop, document, MOST_GOODS)
            names = _names(db, books.shop, [row[0] for row in rows])
        count = next((each.count for each in self._standing.lists if each.document == document), 0)
        return ListView(
            columns=priced_columns(),
            rows=tuple(
                RowView(key=code, cells=(names.get(code, code), yuan_shown(price),
                                         yuan_shown(floor) if floor else "–"), under=code)
                for code, price, floor in rows
            ),
            foot=tr("共 {count} 种", count=f"{count:,}"),
        )  # fmt: skip

    # --- Ending one early ------------------------------------------------------------------

    def _ask_end(self) -> None:
        row = next((r for r in board_rows(self._standing) if r.key == self._marked), None)
        if row is None:
            return
        title = tr("提前结束“{name}”？已经在单子里的不变，以后的不再享受", name=row.cells[0])
        self._question.ask(
            ask_choice(title, (("yes", tr("结束它")),), lambda _yes: self._end(NOBODY))
        )

    def _end(self, approver: Approver) -> None:
        desk, key = self._counter.desk, self._marked

        def work() -> None:
            if key.startswith(LIST):
                withdraw_price_list(desk, key.removeprefix(LIST), approver)
            else:
                end_promotion(desk, key.removeprefix(RULE), approver)

        def ready(_nothing: None) -> None:
            self._sounds.play("accepted")
            self.open(MessageView(text=tr("已经结束"), tone="ok"))

        def refused(error: ShopError) -> None:
            if error.code == "approval_needed":
                second_person(self._question.ask, self._end, error)
            else:
                self._refused(error)

        self._work.do(work, ready, refused)

    # --- Showing ---------------------------------------------------------------------------

    def _refused(self, error: ShopError) -> None:
        self._sounds.play("refused")
        self._say(MessageView(text=error_words(error), code=error.code))

    def _say(self, message: MessageView | None) -> None:
        self._message = message
        self._show()

    def _show(self) -> None:
        rows = board_rows(self._standing)
        rules = ListView(columns=rule_columns(), rows=rows, marked=self._marked)
        if not rows:
            rules = ListView(
                state="empty", state_title=tr("没有另外的价目和促销"),
                state_detail=tr("现在都按商品资料里的价卖"),
            )  # fmt: skip
        self._screen.show_view(
            PricesView(
                rules=rules,
                sentence=sentence_of(self._standing, self._marked),
                goods=self._goods.get(self._marked, ListView()),
                can_end=bool(rows),
                question=self._question.view,
                message=self._message,
            )
        )


def read_standing(counter: Counter) -> Standing:
    """Promotions and price lists that stand now or will."""
    books, prices = counter.books, counter.desk.prices
    with books.read() as db:
        now = prices.moment(db)
        rules = tuple(
            each.promotion
            for each in prices.published(db)
            if not each.promotion.to_ms or each.promotion.to_ms > now
        )
        lists = tuple(price_lists(db, books.shop, now))
        return Standing(now, rules, lists, _names(db, books.shop, _codes(rules)))


def _codes(rules: Iterable[Promotion]) -> list[str]:
    parts = [part.product for rule in rules for part in rule.parts]
    return parts + [code for rule in rules for code in (*rule.products[:3], *rule.gifts[:3])]


def _names(db: Connection, shop: str, codes: Sequence[str]) -> dict[str, str]:
    return {code: one.name for code, one in products(db, shop, list(dict.fromkeys(codes))).items()}


def board_rows(standing: Standing) -> tuple[RowView, ...]:
    """What is valid now first, then what comes, the nearest first."""
    found = [(rule.from_ms, _rule_row(rule, standing)) for rule in standing.rules]
    found += [(each.from_ms, _list_row(each, standing)) for each in standing.lists]
    now = [row for begins, row in found if begins <= standing.now]
    later = [row for begins, row in sorted(found, key=lambda one: one[0]) if begins > standing.now]
    return (*now, *later)


def _rule_row(rule: Promotion, standing: Standing) -> RowView:
    members = rule.kind == "member" or rule.member_cap
    who = tr("会员") if members else tr("凭码") if rule.needs_code else tr("所有人")
    goods = named(rule.products, standing.names) if rule.products else ""
    under = f"{rule.code}　{goods}".strip()
    return _row(RULE + rule.code, rule.name, under, who, rule.from_ms, rule.to_ms, standing.now)


def _list_row(each: PriceList, standing: Standing) -> RowView:
    name = tr("价目 {count} 种", count=f"{each.count:,}")
    zone = tr("{zone} 价区", zone=each.zone) if each.zone else ""
    who = group_words(each.group, "")
    return _row(LIST + each.document, name, zone, who, each.from_ms, each.to_ms, standing.now)


def _row(key: str, name: str, under: str, who: str, from_ms: int, to_ms: int, now: int) -> RowView:
    year, running = local(now).year, from_ms <= now
    told = tr("正在用") if running else tr("还没开始")
    until = end_words(to_ms, year) if to_ms else tr("一直")
    return RowView(
        key=key, state="ok" if running else "warn", under=f"{told}　{under}".strip(),
        cells=(name, who, moment_words(from_ms, year), until),
    )  # fmt: skip


def sentence_of(standing: Standing, key: str) -> str:
    """What the marked one does, in one sentence."""
    year = local(standing.now).year
    for rule in standing.rules:
        if key == RULE + rule.code:
            return promotion_sentence(rule, standing.names, year)
    for each in standing.lists:
        if key == LIST + each.document:
            return tr("{who}：{period}，{count} 种商品按这张价目卖",
                      who=group_words(each.group, each.zone), count=f"{each.count:,}",
                      period=period_words(each.from_ms, each.to_ms, year))  # fmt: skip
    return ""
