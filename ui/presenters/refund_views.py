"""What the refund room shows: receipts found, the lines of one, what went back."""

from app.clock import local
from app.errors import Refusal
from app.money import yuan_shown
from app.quantity import shown
from app.sales.queries import Found
from app.sales.refund_completing import Done
from app.sales.refunding import Refundable
from ui.language import error_words, tr
from ui.presenters.refund_choice import Choice
from ui.refund_views import RefundLineView, RefundView
from ui.room_views import ColumnView, ListView, RowView
from ui.tender_words import tender_word
from ui.views import ChoiceView


def reasons() -> tuple[ChoiceView, ...]:
    """Why goods come back, each with its letter."""
    return (
        ChoiceView(name="no_longer_wanted", word=tr("不想要"), key="B"),
        ChoiceView(name="quality", word=tr("质量问题"), key="Z"),
        ChoiceView(name="wrong_goods", word=tr("拿错了"), key="C"),
        ChoiceView(name="expired", word=tr("过期"), key="G"),
        ChoiceView(name="recalled", word=tr("召回"), key="H"),
        ChoiceView(name="other", word=tr("其他原因"), key="Q"),
    )


def dispositions() -> tuple[ChoiceView, ...]:
    """Where goods go, each with its letter."""
    return (
        ChoiceView(name="shelf", word=tr("验后回架"), key="S"),
        ChoiceView(name="scrap", word=tr("报损"), key="F"),
        ChoiceView(name="maker", word=tr("退厂家"), key="T"),
    )


def rulechoice_words(rule: str) -> str:
    """Why the return rule says no, short enough for a row."""
    words = {
        "gone": tr("已经退完"),
        "fresh": tr("生鲜：只收质量问题"),
        "too_late": tr("过了退货期：只收质量问题"),
        "other": tr("其他原因：要店长批准"),
    }
    return words.get(rule, "")


def finding_view(found: tuple[Found, ...]) -> RefundView:
    """Receipts to choose from."""
    rows = tuple(
        RowView(
            key=each.number,
            cells=(
                local(each.order_ms).strftime("%m-%d %H:%M"),
                each.number,
                yuan_shown(each.due),
            ),
        )
        for each in found
    )
    columns = (
        ColumnView(title=tr("时间"), width=110),
        ColumnView(title=tr("单号")),
        ColumnView(title=tr("金额"), width=110, right=True, look="figure"),
    )
    return RefundView(
        picking=True,
        rows=ListView(
            columns=columns,
            rows=rows,
            marked=rows[0].key if rows else "",
            state="" if rows else "empty",
            state_title=tr("没有找到小票"),
            state_detail=tr("扫小票上的码，或输入单号后四位、金额"),
            foot=tr("{count} 笔", count=len(rows)),
        ),
        note=tr("扫小票上的码，或选一张小票。也可以输微信、支付宝账单上的单号，或日期和金额。"),
        loose_shown=True,
        confirm_word=tr("打开这张"),
        confirm_enabled=bool(rows),
        confirm_reason=tr("先选一张小票"),
    )


def choosing_view(choice: Choice) -> RefundView:
    """The open receipt, what was chosen, and what goes back for it."""
    try:
        total, ways, wrong = choice.total(), _ways(choice), ""
    except Refusal as refusal:
        total, ways, wrong = 0, (), error_words(refusal)
    left = choice.seen.left - total
    return RefundView(
        under=under(choice),
        rows=ListView(
            columns=line_columns(),
            rows=tuple(_row(choice, each) for each in choice.seen.lines),
            marked=str(choice.marked),
            foot=tr("退的是实付（已含优惠与抹零分摊）"),
        ),
        line=_line(choice),
        reasons=reasons(),
        dispositions=dispositions(),
        ways=ways,
        note=tr("退后仍可退 {amount}", amount=yuan_shown(left)) if total else "",
        total_label=tr("应退 ¥"),
        total=yuan_shown(total),
        whole_shown=True,
        confirm_word=tr("退款"),
        confirm_enabled=total > 0,
        confirm_reason=wrong or tr("先输入退多少"),
    )


def done_view(done: Done, waiting: frozenset[str]) -> RefundView:
    """What went back, and which money is still on its way (`waiting`: attempts of payments)."""
    ways = []
    on_the_way = False
    original = done.refund.original_number
    for way in done.refund.tenders:
        name = tender_word(way.tender)
        if way.attempt and way.attempt in waiting:
            on_the_way = True
            words = tr("{tender} 在退，还没到账", tender=name)
        elif way.tender == "cash":
            words = tr("{tender}：从钱箱取给顾客", tender=name)
        else:
            words = tr("{tender} 已退", tender=name)
        ways.append((words, yuan_shown(-way.amount)))
    return RefundView(
        under=tr("退货单 {number}", number=done.refund.number),
        rows=ListView(
            columns=done_columns(),
            rows=tuple(
                RowView(
                    key=str(each.line),
                    cells=(
                        each.name,
                        shown(each.quantity, weighed=bool(each.weighed)),
                        yuan_shown(-each.amount),
                    ),
                    under=choice_words(each.reason, each.disposition),
                )
                for each in done.refund.lines
            ),
            foot=tr("原单 {number}", number=original) if original else tr("没有小票"),
        ),
        ways=tuple(ways),
        note=tr("可以先接下一位；没退成会出现在待办里。") if on_the_way else "",
        total_label=tr("已退 ¥"),
        total=yuan_shown(-done.refund.amount),
        confirm_word=tr("完成"),
        confirm_enabled=True,
    )


def under(choice: Choice) -> str:
    """原单, and how it was paid."""
    seen = choice.seen.receipt
    paid = " · ".join(
        f"{tender_word(each.tender)} {yuan_shown(each.amount)}" for each in seen.tenders
    )
    return tr("原单 {number}", number=seen.sale.number) + f" · {paid}"


def line_columns() -> tuple[ColumnView, ...]:
    """what · may come back · comes back · was paid."""
    return (
        ColumnView(title=tr("商品"), look="strong"),
        ColumnView(title=tr("可退"), width=70, right=True),
        ColumnView(title=tr("退"), width=70, right=True, look="figure"),
        ColumnView(title=tr("实付"), width=90, right=True),
    )


def done_columns() -> tuple[ColumnView, ...]:
    """what · came back · went out."""
    return (
        ColumnView(title=tr("商品"), look="strong"),
        ColumnView(title=tr("退"), width=80, right=True),
        ColumnView(title=tr("金额"), width=120, right=True, look="figure"),
    )


def choice_words(reason: str, disposition: str) -> str:
    """Why goods come back and where they go, for a row."""
    words = {each.name: each.word for each in (*reasons(), *dispositions())}
    return f"{words[reason]} · {words[disposition]}"


def _row(choice: Choice, each: Refundable) -> RowView:
    number, weighed = each.line.line, bool(each.line.weighed)
    said, rule = choice.of(number), choice.rule(each)
    words = choice_words(said.reason, said.disposition) if said.typed else ""
    return RowView(
        key=str(number),
        cells=(
            each.line.name,
            shown(each.left.quantity, weighed=weighed),
            said.typed or "–",
            yuan_shown(each.line.paid),
        ),
        under=rulechoice_words(rule) or words,
    )


def _line(choice: Choice) -> RefundLineView:
    each = choice.line()
    said, rule = choice.of(each.line.line), choice.rule(each)
    wrong = ""
    try:
        choice.amount(each)
    except Refusal as refusal:
        wrong = error_words(refusal)
    return RefundLineView(
        key=str(each.line.line),
        name=each.line.name,
        quantity=said.typed,
        weighed=bool(each.line.weighed),
        note=wrong or rulechoice_words(rule),
        refused=bool(wrong),
        reason=said.reason,
        disposition=said.disposition,
    )


def _ways(choice: Choice) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            tr("原路退 {tender}", tender=tender_word(way.tender)),
            yuan_shown(amount),
        )
        for way, amount in choice.ways()
    )
