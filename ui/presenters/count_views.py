"""What the room of counts shows: the article in hand, what is counted again, the review."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from app.facts.catalogue import Product
from app.money import yuan_shown
from app.quantity import shown
from app.sales.count_settling import Booked
from app.sales.count_sheets import Typed
from app.sales.stocktaking import Entered, Status
from app.stock.count_review import Difference
from app.stock.counting_rules import DOUBLED, MOVED
from ui.count_views import CountMode, CountView, ZoneView
from ui.language import tr
from ui.room_views import ColumnView, ListView, RowView
from ui.views import ChoiceView

Goods = Mapping[str, Product]
MOST_ZONES = 8
"""So many shelves stand side by side, also where their names are long."""


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
    """The shelves of the count, the one somebody stands at marked; of many those nearby."""
    if status is None:
        return ()
    counted = {each.zone for each in status.entries}
    every = list(status.count.zones)
    at = every.index(here) if here in every else 0
    first = max(0, min(at - MOST_ZONES // 2, len(every) - MOST_ZONES))
    return tuple(
        ZoneView(
            zone=zone,
            state="here" if zone == here else "counted" if zone in counted else "missed",
        )
        for zone in every[first : first + MOST_ZONES]
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
    hidden = status.missed if len(status.count.zones) > MOST_ZONES else ()
    marks = (
        (tr("没点 {count} 架", count=len(status.missed)), hidden),
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
            cells=(_name(goods, product), tr("、").join(where.get(product, ())), why_words(why)),
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
        columns=_review_columns(),
        rows=rows,
        marked=rows[0].key if rows else "",
        state="" if rows else "empty",
        state_title=tr("还没有点到东西"),
        state_detail=tr("扫货架码，再扫架上的商品"),
        foot=_uncounted_words(uncounted),
    )


def _review_columns() -> tuple[ColumnView, ...]:
    return (
        ColumnView(title=tr("品名"), look="strong"),
        ColumnView(title=tr("点时账面"), width=120, right=True),
        ColumnView(title=tr("实盘"), width=120, right=True),
        ColumnView(title=tr("差"), width=120, right=True),
        ColumnView(title=tr("金额"), width=130, right=True, look="figure"),
        ColumnView(title=tr("复点"), width=70),
    )


def _uncounted_words(count: int) -> str:
    return tr("未点到 {count} 种：保持账面（清零要另批）", count=count) if count else ""


def sheet_list(code: str, lines: Sequence[Typed], marked: str) -> ListView:
    """A paper sheet as it is typed back: its lines as they stand on the paper."""
    rows = tuple(
        RowView(
            key=str(each.line),
            cells=(
                str(each.line),
                each.code,
                f"{each.product.name} {each.product.spec}".strip() if each.product else each.code,
                "" if each.quantity is None else quantity_words(each.product, each.quantity),
            ),
        )
        for each in lines
    )
    typed = sum(1 for each in lines if each.quantity is not None)
    return ListView(
        columns=(
            ColumnView(title=tr("行"), width=56, right=True),
            ColumnView(title=tr("货号"), width=110),
            ColumnView(title=tr("品名"), look="strong"),
            ColumnView(title=tr("实点"), width=150, right=True, look="figure"),
        ),
        rows=rows,
        marked=marked,
        foot=tr("表 {code}：录了 {typed} 行，还空 {left} 行", code=code, typed=typed,
                left=len(lines) - typed),
    )  # fmt: skip


def looks_list(status: Status, goods: Goods, marked: str) -> ListView:
    """What somebody has to look at before the close, each with what settles it."""
    rows = [
        RowView(
            key=f"missed:{zone}",
            cells=(tr("没点"), tr("{zone} 架", zone=zone), ""),
            state="warn",
            action_word=tr("去点"),
        )
        for zone in status.missed
    ]
    rows += [
        RowView(
            key=f"twice:{zone}/{product}",
            cells=(tr("重复"), _name(goods, product), zone),
            under=tr("两个人点过同一架"),
            state="warn",
            action_word=tr("复点"),
        )
        for zone, product in status.doubled
    ]
    rows += [
        RowView(
            key=f"unknown:{each.fact}",
            cells=(tr("不认识"), each.product, each.zone),
            under=tr("点到 {quantity}", quantity=quantity_words(None, each.quantity)),
            state="warn",
            action_word=tr("认货"),
        )
        for each in status.unknown
    ]
    rows += [
        RowView(
            key=f"beside:{n}",
            cells=(where_words(each.where), _name(goods, each.product), each.which),
            under=quantity_words(goods.get(each.product), each.quantity),
        )
        for n, each in enumerate(status.beside)
    ]
    keys = [each.key for each in rows]
    return ListView(
        columns=(
            ColumnView(title=tr("什么"), width=100),
            ColumnView(title=tr("哪里"), look="strong"),
            ColumnView(title=tr("货架"), width=150),
        ),
        rows=tuple(rows),
        marked=marked if marked in keys else next(iter(keys), ""),
        state="" if rows else "empty",
        state_title=tr("没有要看的"),
        state_detail=tr("每一架都点了，没有重复，没有不认识的码"),
    )


def where_words(where: str) -> str:
    """Where goods lie that no shelf shows."""
    words = {"basket": tr("挂单里"), "tab": tr("房账上"), "box": tr("箱里")}
    return words.get(where, where)


def zero_list(
    absent: Sequence[Difference], goods: Goods, chosen: AbstractSet[str], marked: str
) -> ListView:
    """What nobody counted and the books still hold; what somebody chose stands with a tick."""
    rows = tuple(
        RowView(
            key=each.found.product,
            cells=(
                "✓" if each.found.product in chosen else "",
                _name(goods, each.found.product),
                _number(goods, each.found.product, each.book),
                yuan_shown(each.book_value),
            ),
        )
        for each in absent
    )
    keys = [each.key for each in rows]
    return ListView(
        columns=(
            ColumnView(title=tr("选"), width=40),
            ColumnView(title=tr("没点到的"), look="strong"),
            ColumnView(title=tr("账面"), width=140, right=True),
            ColumnView(title=tr("金额"), width=150, right=True, look="figure"),
        ),
        rows=rows,
        marked=marked if marked in keys else next(iter(keys), ""),
        state="" if rows else "empty",
        state_title=tr("都点到了"),
        state_detail=tr("账上有的每一种都有人点过"),
        foot=tr("没有选的保持账面") if rows else "",
    )


def closed_list(
    done: Sequence[Booked], late: Sequence[Difference], goods: Goods, uncounted: int
) -> ListView:
    """A closed count as it was booked; what came too late for it stands first."""
    rows = [
        RowView(
            key=each.found.product,
            cells=(
                _name(goods, each.found.product),
                _number(goods, each.found.product, each.book),
                _number(goods, each.found.product, each.counted),
                _signed(goods, each.found.product, each.counted - each.book),
                yuan_shown(each.value),
                tr("晚到"),
            ),
            state="warn",
        )
        for each in late
    ]
    rows += [
        RowView(
            key=each.product,
            cells=(
                _name(goods, each.product),
                _number(goods, each.product, each.book),
                _number(goods, each.product, each.counted),
                _signed(goods, each.product, each.counted - each.book),
                yuan_shown(each.value),
                "",
            ),
        )
        for each in sorted(done, key=lambda each: -abs(each.value))
    ]
    return ListView(
        columns=_review_columns(),
        rows=tuple(rows),
        marked=rows[0].key if rows else "",
        foot=_uncounted_words(uncounted),
    )


def buttons_of(mode: CountMode) -> tuple[ChoiceView, ...]:
    """The letters of the page and what each asks for."""
    again = ChoiceView(name="again", word=tr("复点"), key="R")
    review = ChoiceView(name="review", word=tr("复核"), key="V")
    looks = ChoiceView(name="looks", word=tr("要看的"), key="U")
    zero = ChoiceView(name="zero", word=tr("没点到"), key="Z")
    sheet = ChoiceView(name="sheet", word=tr("盘点表"), key="P")
    if mode == "start":
        return (
            ChoiceView(name="zone", word=tr("换架"), key="K"),
            sheet,
            ChoiceView(name="last", word=tr("上一次"), key="V"),
        )
    if mode == "count":
        return (
            ChoiceView(name="zone", word=tr("换架"), key="K"),
            ChoiceView(name="batch", word=tr("批号"), key="L"),
            ChoiceView(name="undo", word=tr("撤一笔"), key=tr("退格")),
            sheet,
            ChoiceView(name="file", word=tr("采集器"), key="I"),
            again,
            review,
        )
    if mode == "sheet":
        return (ChoiceView(name="undo", word=tr("撤一笔"), key=tr("退格")), sheet, again, review)
    if mode == "zero":
        pick = ChoiceView(name="pick", word=tr("选"), key="X")
        return (pick, ChoiceView(name="all", word=tr("全选"), key="A"), review)
    if mode == "closed":
        return (looks, zero)
    return (again, review, looks, zero)


def hint_of(mode: CountMode) -> str:
    """What the field takes now."""
    if mode == "again":
        return tr("重新点到的数量，Enter")
    if mode == "sheet":
        return tr("这一行的数量，Enter；行号* 换行；空着 Enter 跳过")
    return tr("扫架码换区 · 扫商品、批次码、秤签 · 输数量")


def _name(goods: Goods, code: str) -> str:
    one = goods.get(code)
    return f"{one.name} {one.spec}".strip() if one else code


def _number(goods: Goods, code: str, milli: int) -> str:
    return quantity_words(goods.get(code), milli)


def _signed(goods: Goods, code: str, milli: int) -> str:
    return ("+" if milli > 0 else "") + quantity_words(goods.get(code), milli)
