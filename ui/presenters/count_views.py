"""What the room of counts shows: the article in hand, what is counted again, the review."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from app.facts.catalogue import Product
from app.money import yuan_shown
from app.quantity import shown
from app.sales.count_import import Taken
from app.sales.stocktaking import Entered, Status
from app.stock.count_review import Difference
from app.stock.counting_rules import DOUBLED, MOVED
from ui.count_views import CountView, ZoneView
from ui.language import tr
from ui.room_views import ColumnView, ListView, RowView

Goods = Mapping[str, Product]


def quantity_words(one: Product | None, milli: int) -> str:
    """ "22 罐", "34.950 kg"; of goods nobody knows the number alone."""
    number = shown(milli, weighed=one is not None and bool(one.weighed))
    number = number.replace("-", "\N{MINUS SIGN}")
    return f"{number} {one.unit}" if one else number


def entered_words(done: Entered) -> str:
    """One entry as the line of recent ones says it: "大沙黄茶 22 罐"."""
    first = done.goods[0]
    name = first.product.name if first.product else first.code
    return f"{name} {quantity_words(first.product, first.quantity)}"


def zones_of(status: Status | None, here: str) -> tuple[ZoneView, ...]:
    """The shelves of the count, the one somebody stands at marked."""
    if status is None:
        return ()
    counted = {each.zone for each in status.entries}
    return tuple(
        ZoneView(
            zone=zone,
            state="here" if zone == here else "counted" if zone in counted else "missed",
        )
        for zone in status.count.zones
    )


def zones_with(status: Status, code: str) -> tuple[str, ...]:
    """The shelves on which an article was counted."""
    return tuple(zone for each in status.found if each.product == code for zone in each.zones)


def under_words(zone: str, name: str) -> str:
    """Where somebody stands, and that the shop sells on."""
    if not zone:
        return tr("照常营业")
    return tr("{zone} 架 · {name} · 照常营业", zone=zone, name=name)


def in_hand(view: CountView, last: Entered | None, zone: str) -> CountView:
    """The same page with the article that was scanned last, or what to do first."""
    if last is None:
        return replace(
            view,
            name=tr("扫架上的商品") if zone else tr("扫货架码开始盘点"),
            detail="" if zone else tr("没有架码就按 K 输货架号"),
        )
    first = last.goods[0]
    one = first.product
    if one is None:
        detail = tr("不认识这个码，先记下来，事后再查")
    else:
        lot = tr("已认批") if first.lot else tr("没扫到批，按 L 说批号")
        detail = " · ".join(part for part in (one.spec, lot) if part)
    return replace(
        view,
        name=one.name if one else first.code,
        detail=detail,
        entry=tr("本笔 {quantity}", quantity=quantity_words(one, first.quantity)),
        total=quantity_words(one, last.in_zone).split(" ")[0],
        total_label=tr("本架已点（{unit}）", unit=one.unit if one else tr("件")),
    )


def marks_of(status: Status | None) -> str:
    """What somebody has to look at: "重复 2 · 不认识 1"."""
    if status is None:
        return ""
    marks = (
        (tr("重复 {count}", count=len(status.doubled)), status.doubled),
        (tr("不认识 {count}", count=len(status.unknown)), status.unknown),
        (tr("旁边还有 {count}", count=len(status.beside)), status.beside),
    )
    return " · ".join(words for words, found in marks if found)


def why_words(why: str) -> str:
    """Why an article is counted again."""
    if why == MOVED:
        return tr("点的时候有卖出")
    return tr("两个人点过同一架") if why == DOUBLED else tr("差异大，换人复点")


def again_list(status: Status, goods: Goods, marked: str) -> ListView:
    """What has to be counted again, without a word of what the books say."""
    where = {each.product: each.zones for each in status.found}
    rows = tuple(
        RowView(
            key=product,
            cells=(_name(goods, product), "、".join(where.get(product, ())), why_words(why)),
            state="warn",
        )
        for product, why in status.again
    )
    return ListView(
        columns=(
            ColumnView(title=tr("品名"), look="strong"),
            ColumnView(title=tr("货架"), width=140),
            ColumnView(title=tr("为什么"), width=280),
        ),
        rows=rows,
        marked=marked,
        state="" if rows else "empty",
        state_title=tr("没有要复点的"),
        state_detail=tr("按 V 复核，或接着点"),
    )


def review_list(differences: Sequence[Difference], goods: Goods, uncounted: int) -> ListView:
    """What was counted beside the books of that moment, what is off first."""
    ranked = sorted(differences, key=lambda each: (not each.again, -abs(each.value)))
    rows = tuple(
        RowView(
            key=each.found.product,
            cells=(
                _name(goods, each.found.product),
                _number(goods, each.found.product, each.book),
                _number(goods, each.found.product, each.counted),
                _signed(goods, each.found.product, each.counted - each.book),
                yuan_shown(each.value),
                tr("要") if each.again else "",
            ),
            state="warn" if each.again else "",
        )
        for each in ranked
    )
    return ListView(
        columns=(
            ColumnView(title=tr("品名"), look="strong"),
            ColumnView(title=tr("点时账面"), width=120, right=True),
            ColumnView(title=tr("实盘"), width=120, right=True),
            ColumnView(title=tr("差"), width=120, right=True),
            ColumnView(title=tr("金额"), width=130, right=True, look="figure"),
            ColumnView(title=tr("复点"), width=70),
        ),
        rows=rows,
        marked=rows[0].key if rows else "",
        state="" if rows else "empty",
        state_title=tr("还没有点到东西"),
        state_detail=tr("扫货架码，再扫架上的商品"),
        foot=tr("未点到 {count} 种：保持账面（清零要另批）", count=uncounted) if uncounted else "",
    )


def file_list(taken: Taken, words: Sequence[str]) -> ListView:
    """The rows of a collector's file that were not taken, each with its reason."""
    rows = tuple(
        RowView(key=str(each.row), cells=(str(each.row), each.text, why), state="warn")
        for each, why in zip(taken.malformed, words, strict=True)
    )
    return ListView(
        columns=(
            ColumnView(title=tr("行"), width=70, right=True),
            ColumnView(title=tr("内容"), look="strong"),
            ColumnView(title=tr("为什么没收"), width=460),
        ),
        rows=rows,
        marked=rows[0].key if rows else "",
        state="" if rows else "empty",
        state_title=tr("每一行都收了"),
        state_detail=tr("按 Esc 接着点"),
        foot=tr(
            "收了 {taken} 行 · 以前收过 {before} 行 · 没收 {bad} 行 · 不认识 {unknown} 种",
            taken=taken.taken,
            before=taken.before,
            bad=len(taken.malformed),
            unknown=len(taken.unknown),
        ),
    )


def _name(goods: Goods, code: str) -> str:
    one = goods.get(code)
    return f"{one.name} {one.spec}".strip() if one else code


def _number(goods: Goods, code: str, milli: int) -> str:
    return quantity_words(goods.get(code), milli)


def _signed(goods: Goods, code: str, milli: int) -> str:
    return ("+" if milli > 0 else "") + quantity_words(goods.get(code), milli)
