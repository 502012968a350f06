"""What the refund room shows of goods without a receipt: the goods, what each is worth, the sum."""

from app.errors import Refusal
from app.facts.catalogue import Product
from app.money import yuan_shown
from ui.language import error_words, tr
from ui.presenters.loose_goods import LooseGoods, LooseLine
from ui.presenters.refund_views import choice_words, dispositions, reasons
from ui.refund_views import RefundLineView, RefundView
from ui.room_views import ColumnView, ListView, RowView
from ui.tender_words import tender_word


def picking_view(found: tuple[Product, ...], typed: str) -> RefundView:
    """Goods a few letters may mean, to choose one that comes back."""
    rows = tuple(
        RowView(key=one.code, cells=(one.code, one.name, yuan_shown(one.price))) for one in found
    )
    columns = (
        ColumnView(title=tr("货号"), width=110),
        ColumnView(title=tr("商品"), look="strong"),
        ColumnView(title=tr("标价"), width=110, right=True, look="figure"),
    )
    return RefundView(
        under=tr("无小票退货"),
        picking=True,
        search_hint=tr("货号 · 条码 · 品名"),
        rows=ListView(
            columns=columns,
            rows=rows,
            marked=rows[0].key if rows else "",
            state="" if rows else "empty",
            state_title=tr("没有这件商品") if typed else tr("扫要退的商品"),
            state_detail=tr("扫商品条码，或输入货号、品名"),
        ),
        note=tr("没有小票的退货要店长授权，退现金，每天有上限。"),
        confirm_word=tr("退这件"),
        confirm_enabled=bool(rows),
        confirm_reason=tr("先扫要退的商品"),
    )


def loose_view(loose: LooseGoods) -> RefundView:
    """The goods on the counter, and what goes back for them in cash."""
    try:
        total, wrong = loose.total(), ""
    except Refusal as refusal:
        total, wrong = 0, error_words(refusal)
    return RefundView(
        under=tr("无小票退货"),
        search_hint=tr("货号 · 条码 · 品名"),
        rows=ListView(
            columns=_columns(),
            rows=tuple(_row(loose, number, line) for number, line in loose.lines.items()),
            marked=str(loose.marked),
            foot=tr("再扫一件，或输入货号"),
        ),
        line=_line(loose),
        reasons=reasons(),
        dispositions=dispositions(),
        ways=((cash_words(), yuan_shown(total)),) if total else (),
        note=tr("没有小票的退货要店长授权，退现金，每天有上限。"),
        total_label=tr("应退 ¥"),
        total=yuan_shown(total),
        price_shown=True,
        confirm_word=tr("退款"),
        confirm_enabled=total > 0,
        confirm_reason=wrong or tr("先输入退多少"),
    )


def cash_words() -> str:
    """How money goes back that nobody knows the way of."""
    return tr("{tender}：从钱箱取给顾客", tender=tender_word("cash"))


def _columns() -> tuple[ColumnView, ...]:
    return (
        ColumnView(title=tr("商品"), look="strong"),
        ColumnView(title=tr("单价"), width=90, right=True),
        ColumnView(title=tr("退"), width=70, right=True, look="figure"),
        ColumnView(title=tr("金额"), width=100, right=True),
    )


def _row(loose: LooseGoods, number: int, line: LooseLine) -> RowView:
    try:
        amount = yuan_shown(loose.amount(line))
    except Refusal:
        amount = "–"
    return RowView(
        key=str(number),
        cells=(line.product.name, yuan_shown(line.price), line.typed or "–", amount),
        under=choice_words(line.reason, line.disposition),
    )


def _line(loose: LooseGoods) -> RefundLineView:
    line = loose.line()
    try:
        loose.amount(line)
        wrong = ""
    except Refusal as refusal:
        wrong = error_words(refusal)
    return RefundLineView(
        key=str(loose.marked),
        name=line.product.name,
        quantity=line.typed,
        weighed=bool(line.product.weighed),
        note=wrong,
        refused=bool(wrong),
        reason=line.reason,
        disposition=line.disposition,
    )
