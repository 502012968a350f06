"""Scripted states of 价格与促销, and of 怎么算的 at the till."""

import msgspec

from app.clock import parse_time
from app.errors import Refusal
from app.facts.catalogue import Product
from app.facts.pricing import Promotion, Step
from app.pricing.drafts import Listing, PriceListDraft
from app.pricing.queries import PriceList
from app.sales.trying import Touched, Trial, Tried
from ui.language import error_words, tr
from ui.presenters.asking import ask_choice
from ui.presenters.price_list_views import (
    Priced,
    head_fields,
    last_look,
    line_columns,
    line_fields,
    line_row,
    list_sentence,
)
from ui.presenters.price_words import promotion_sentence
from ui.presenters.prices import Standing, board_rows, sentence_of
from ui.presenters.promoting import picked_columns, trial_view
from ui.presenters.promotion_form import HOW, WHEN, form_fields, kind_words, picks_words
from ui.price_views import LastLookView, PriceFormView, PricesView
from ui.room_views import ListView, RowView, WhyView
from ui.screens.prices import priced_columns, rule_columns
from ui.screens.why import skipped_columns, why_columns
from ui.views import MessageView


def why() -> WhyView:
    made = (
        RowView(key="0", cells=("标价（2026-12-07 17:00 起的价目）", "256.00"),
                under="128.00/罐 × 2"),
        RowView(key="1", state="ok", cells=("第二件半价", "−64.00"), under="促销 D12-TEA"),
        RowView(key="2", state="ok", cells=("满300减40", "−21.40"), under="促销 M300"),
    )  # fmt: skip
    skipped = (
        RowView(key="VIP", cells=("会员 9.5 折",), under="促销商品不再享受会员价"),
        RowView(key="A", cells=("黄茶特价",), under="与“第二件半价”同类，取了更省的那个"),
        RowView(key="N", cells=("下班前八折",), under="这一行放进来时不在促销时间内"),
    )
    return WhyView(
        under="大沙黄茶 特级 × 2 罐",
        made=ListView(columns=why_columns(), rows=made),
        skipped=ListView(columns=skipped_columns(), rows=skipped),
        total="170.60",
    )


NAMES = {"11014": "马冈鹅蛋卷", "12006": "大沙茶三色套装", "21008": "侨心饼", "12001": "大沙红茶"}
NOW = parse_time("2026-12-07T14:02:00+08:00")


def rule(**fields: object) -> Promotion:
    known: dict[str, object] = {"from_ms": parse_time("2026-12-01T00:00:00+08:00")}
    return Promotion(**(known | fields))  # type: ignore[arg-type]


TWELFTH = {"from_ms": parse_time("2026-12-12T00:00:00+08:00"),
           "to_ms": parse_time("2026-12-13T00:00:00+08:00")}  # fmt: skip
HALF = rule(code="P1207-1", name="第二件半价", kind="nth", n=2, permille=500,
            products=("11014", "21008"), **TWELFTH)  # fmt: skip
STANDING = Standing(
    NOW,
    (
        rule(code="VIP", name="会员 9.5 折", kind="member", permille=50),
        rule(code="M300", name="满300减40", kind="spend_get",
             steps=(Step(spend=200_00, off=20_00), Step(spend=300_00, off=40_00))),
        HALF,
        rule(code="D12-TEA", name="双12 三色套装", kind="item_price", price=168_00, base=198_00,
             products=("12006",), **TWELFTH),
    ),
    (
        PriceList("a", "", "", parse_time("2026-12-07T17:00:00+08:00"), 0, 12),
        PriceList("b", "member", "赤坎", parse_time("2026-11-28T00:00:00+08:00"), 0, 10_000),
    ),
    NAMES,
)  # fmt: skip


def board(*, marked: str = "rule:P1207-1") -> PricesView:
    goods = ListView(
        columns=priced_columns(),
        rows=(RowView(key="11012", cells=("马冈烧鹅(现斩)", "98.00", "90.00"), under="11012"),
              RowView(key="12001", cells=("大沙红茶 100g", "62.00", "–"), under="12001")),
        foot="共 12 种",
    )  # fmt: skip
    rows = board_rows(STANDING)
    asked = ask_choice("提前结束“价目 12 种”？已经在单子里的不变，以后的不再享受",
                       (("yes", "结束它"),), lambda _yes: None)  # fmt: skip
    of_list = marked.startswith("list:")
    return PricesView(
        rules=ListView(columns=rule_columns(), rows=rows, marked=marked),
        sentence=sentence_of(STANDING, marked), goods=goods if of_list else ListView(),
        can_end=True, question=asked.view if of_list else None,
    )  # fmt: skip


def no_prices() -> PricesView:
    return PricesView(rules=ListView(state="empty", state_title="没有另外的价目和促销",
                                     state_detail="现在都按商品资料里的价卖"))  # fmt: skip


def promotion_goods() -> PriceFormView:
    rows = tuple(
        RowView(key=code, cells=(NAMES[code], "", price), under=code)
        for code, price in (("11014", "38.00/盒"), ("21008", "48.00/盒"))
    )
    return PriceFormView(
        title=kind_words("nth")[0], under=tr("1 / 2　做什么"), picks=picks_words("nth"),
        goods=ListView(columns=picked_columns(), rows=rows, marked="21008"),
        fields=form_fields("nth", HOW["nth"], {"n": "2", "fold": "半价"}, {}),
        sentence=promotion_sentence(HALF, NAMES, 2026), next_word=tr("下一步"),
    )  # fmt: skip


def promotion_when() -> PriceFormView:
    values = {"from": "12-12", "to": "13-40", "code": "P1207-1"}
    errors = {"to": error_words(Refusal("bad_time", text="13-40"))}
    return PriceFormView(
        title=kind_words("nth")[0], under=tr("2 / 2　什么时候、给谁"), next_word=tr("在旧小票上试"),
        fields=form_fields("nth", WHEN, values, errors),
        sentence=tr("填好以后，这里用一句话说它会做什么"),
        message=MessageView(text=tr("有一项要再看看"), tone="warn"),
    )  # fmt: skip


def trial() -> LastLookView:
    changed = tuple(
        Tried(f"KP01-1-261206-{number:04d}", 400_00 + number * 7_00, 360_00 + number * 6_50)
        for number in range(1, 24)
    )
    touched = (Touched("12006", NAMES["12006"], 9000, -270_00),)
    found = Trial(180, changed, 17_589_55, 16_422_10, touched, (), ("12006",))
    return trial_view("2026-12-06", found, promotion_sentence(HALF, NAMES, 2026))


def priced(code: str, now: int, price: str, floor: str = "", cost: int = 0) -> Priced:
    product = Product(code=code, name=NAMES[code], unit="盒", price=now, cost=cost)
    return Priced(product, now, price, floor)


LINES = (
    priced("12006", 198_00, "168", "150", 127_00 * 10_000),
    priced("11014", 38_00, "36.80", cost=19_00 * 10_000),
    priced("12001", 68_00, "60", "62", 33_10 * 10_000),
)


def price_list() -> PriceFormView:
    rows = tuple(line_row(line, sees_cost=True) for line in LINES)
    return PriceFormView(
        title=tr("新价目"), picks=tr("改哪些商品的价"),
        goods=ListView(columns=line_columns(sees_cost=True), rows=rows, marked="12001",
                       foot=tr("共 {count} 种", count=3)),
        line_title="12001 大沙红茶", line=line_fields(LINES[2]),
        fields=head_fields({"from": "12-12 17:00", "group": "会员"}, {}),
        next_word=tr("看一眼再发布"),
    )  # fmt: skip


def price_look(*, busy: bool = False) -> LastLookView:
    lines = (*LINES[:2], priced("12001", 68_00, "30", cost=33_10 * 10_000))
    draft = PriceListDraft(from_="2026-12-12", lines=[Listing(product="12006", price="168")] * 3)
    seen = last_look(lines, list_sentence(draft, NOW, 2026), sees_cost=True)
    if not busy:
        return seen
    words = tr("已写 {count} 种", count="4,500")
    return msgspec.structs.replace(seen, busy_word=words, done=4_500, most=10_000)


PRICES = {
    "prices": board,
    "prices_end": lambda: board(marked="list:a"),
    "prices_none": no_prices,
}
FORMS = {
    "promotion_goods": promotion_goods, "promotion_when": promotion_when,
    "price_list": price_list,
}  # fmt: skip
LOOKS = {
    "promotion_trial": trial, "price_look": price_look,
    "price_busy": lambda: price_look(busy=True),
}  # fmt: skip
