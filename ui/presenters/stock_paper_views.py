"""What the papers of 库存 show: documents, one of them, the ledgers, what should be ordered."""

from collections.abc import Mapping, Sequence

from app.clock import local
from app.facts.catalogue import Product
from app.quantity import shown
from app.stock.dispatches import Dispatch, Sent
from app.stock.overview import Listed, Step
from app.stock.reordering import Need
from ui.document_views import DocumentView
from ui.language import tr
from ui.presenters.stock_views import place_words, reason_words, signed
from ui.room_views import ColumnView, ListView, RowView
from ui.views import ChoiceView

LEDGER, ORDER, TRANSIT, TO_FILE, ANSWER = "ledger", "order", "transit", "to_file", "answer"
LABELS = "labels"
CAME_IN = ("receiving", "transfer_in")
"""Documents whose goods may be labelled."""
COMING = "coming:"
TRANSFERS = ("transfer_out", "transfer_in")


def kind_words() -> dict[str, str]:
    """Documents of the stock room."""
    return {
        "receiving": tr("入库"),
        "move": tr("移位"),
        "adjustment": tr("调整"),
        "transfer_out": tr("调出"),
        "transfer_in": tr("调入"),
        "count": tr("盘点"),
    }


def documents_view(found: Sequence[Listed]) -> DocumentView:
    """What was posted last."""
    words = kind_words()
    rows = tuple(
        RowView(
            key=f"{each.kind}:{each.document}",
            cells=(
                local(each.order_ms).strftime("%m-%d %H:%M"),
                words.get(each.kind, each.kind),
                each.number or each.document[-8:],
                each.party,
            ),
        )
        for each in found
    )
    return DocumentView(
        under=tr("库存单据"),
        rows=ListView(
            columns=(
                ColumnView(title=tr("时间"), width=110),
                ColumnView(title=tr("种类"), width=60),
                ColumnView(title=tr("单号"), look="strong"),
                ColumnView(title=tr("和谁"), width=150),
            ),
            rows=rows,
            marked=rows[0].key if rows else "",
            state="" if rows else "empty",
            state_title=tr("还没有单据"),
            state_detail=tr("收货、调整、移位、调拨都会在这里"),
        ),
        choosing=True,
        note=tr("台账写成 Excel，给检查的人；要货单按最近的销售来开。"),
        buttons=(
            ChoiceView(name=LEDGER, word=tr("台账"), key="T"),
            ChoiceView(name=ORDER, word=tr("要货"), key="Y"),
            ChoiceView(name=TRANSIT, word=tr("在途"), key="W"),
        ),
        confirm_word=tr("打开这张"),
        confirm_enabled=bool(rows),
        confirm_reason=tr("先选一张"),
    )


def steps_view(
    number: str,
    steps: Sequence[Step],
    known: Mapping[str, Product],
    batches: Mapping[str, str],
    *,
    transfer: bool = False,
    came_in: bool = False,
) -> DocumentView:
    """What one document moved; goods that came in may be labelled."""
    places, reasons = place_words(), reason_words()
    rows = []
    for n, each in enumerate(steps):
        one = known.get(each.product)
        weighed = bool(one and one.weighed)
        rows.append(
            RowView(
                key=str(n),
                cells=(
                    one.name if one else each.product,
                    places.get(each.place, each.place),
                    signed(each.quantity, weighed=weighed),
                ),
                under=" · ".join(
                    part
                    for part in (batches.get(each.lot, ""), reasons.get(each.reason, ""))
                    if part
                ),
            )
        )
    return DocumentView(
        under=number,
        rows=ListView(
            columns=(
                ColumnView(title=tr("商品"), look="strong"),
                ColumnView(title=tr("位置"), width=90),
                ColumnView(title=tr("数量"), width=110, right=True, look="figure"),
            ),
            rows=tuple(rows),
            foot=tr("{count} 行", count=len(rows)),
        ),
        note=tr("没有总部时，写成文件交给对方店；对方收完把回单交回来。") if transfer else "",
        buttons=(
            *((ChoiceView(name=LABELS, word=tr("打标签"), key="K"),) if came_in else ()),
            *((ChoiceView(name=TO_FILE, word=tr("写成文件"), key="F"),) if transfer else ()),
        ),
        confirm_word=tr("完成"),
        confirm_enabled=True,
    )


def transit_view(going: Sequence[Sent], coming: Sequence[Dispatch]) -> DocumentView:
    """What is on its way: from here by document, and to here."""
    lines: dict[str, list[Sent]] = {}
    for each in going:
        lines.setdefault(each.document, []).append(each)
    rows = [
        RowView(
            key=f"transfer_out:{document}",
            cells=(
                local(found[0].order_ms).strftime("%m-%d %H:%M"),
                tr("调出"),
                found[0].number,
                found[0].target,
                str(len(found)),
            ),
        )
        for document, found in lines.items()
    ]
    rows += [
        RowView(
            key=f"{COMING}{each.document}",
            cells=(
                local(each.order_ms).strftime("%m-%d %H:%M"),
                tr("来货"),
                each.number,
                each.source or each.supplier,
                str(sum(1 for line in each.lines if line.rest)),
            ),
        )
        for each in coming
    ]
    return DocumentView(
        under=tr("在途"),
        rows=ListView(
            columns=(
                ColumnView(title=tr("时间"), width=110),
                ColumnView(title=tr("种类"), width=60),
                ColumnView(title=tr("单号"), look="strong"),
                ColumnView(title=tr("和谁"), width=130),
                ColumnView(title=tr("种"), width=44, right=True),
            ),
            rows=tuple(rows),
            marked=rows[0].key if rows else "",
            state="" if rows else "empty",
            state_title=tr("没有在途的货"),
            state_detail=tr("发出去和发过来的，收到以前都在这里"),
        ),
        choosing=True,
        note=tr("对方收完会给一个回单文件：读进来就知道收到多少。"),
        buttons=(ChoiceView(name=ANSWER, word=tr("读回单"), key="H"),),
        confirm_word=tr("打开这张"),
        confirm_enabled=bool(rows),
        confirm_reason=tr("先选一张"),
    )


def answer_view(
    found: Sequence[Sent], known: Mapping[str, Product], batches: Mapping[str, str]
) -> DocumentView:
    """What the other shop says came; what differs first."""
    rows = []
    for n, each in enumerate(sorted(found, key=lambda each: each.arrived == each.quantity)):
        one = known.get(each.product)
        weighed = bool(one and one.weighed)
        off = each.arrived - each.quantity + each.rest
        rows.append(
            RowView(
                key=str(n),
                cells=(
                    one.name if one else each.product,
                    shown(each.quantity, weighed=weighed),
                    shown(each.arrived, weighed=weighed),
                    signed(off, weighed=weighed) if off else "",
                ),
                under=" · ".join(
                    part
                    for part in (
                        batches.get(each.lot, ""),
                        tr("还在途 {rest}", rest=shown(each.rest, weighed=weighed))
                        if each.rest
                        else "",
                    )
                    if part
                ),
                state="warn" if off else "",
            )
        )
    differing = sum(1 for row in rows if row.state)
    words = tr("都收到了") if not differing else tr("{count} 种收的和发的不一样", count=differing)
    return DocumentView(
        under=tr("{number} 的回单", number=found[0].number if found else ""),
        rows=ListView(
            columns=(
                ColumnView(title=tr("商品"), look="strong"),
                ColumnView(title=tr("发出"), width=96, right=True),
                ColumnView(title=tr("收到"), width=96, right=True),
                ColumnView(title=tr("差"), width=96, right=True, look="figure"),
            ),
            rows=tuple(rows),
            foot=words,
        ),
        note=tr("不一样的会出现在待办里，查明了再点掉。") if differing else "",
        confirm_word=tr("完成"),
        confirm_enabled=True,
    )


def ledgers_view() -> DocumentView:
    """The ledgers, each written by one key."""
    words = {
        "receiving": tr("进货查验"),
        "sales": tr("销售"),
        "losses": tr("报损"),
        "issues": tr("非销售出库"),
        "recalls": tr("召回"),
        "average_cost": tr("加权平均成本（本月）"),
    }
    rows = tuple(RowView(key=name, cells=(word,)) for name, word in words.items())
    return DocumentView(
        under=tr("台账"),
        rows=ListView(
            columns=(ColumnView(title=tr("哪一本"), look="strong"),),
            rows=rows,
            marked="receiving",
        ),
        choosing=True,
        note=tr("从头到今天的每一行，写成 Excel 文件。"),
        confirm_word=tr("写成 Excel"),
        confirm_enabled=True,
    )


def needs_view(found: Sequence[Need], known: Mapping[str, Product], days: int) -> DocumentView:
    """What the last days' sales ask for; what is missing first."""
    asked = [each for each in found if each.suggested]
    rows = tuple(
        RowView(
            key=each.product,
            cells=(
                known[each.product].name,
                *(
                    shown(quantity, weighed=bool(known[each.product].weighed))
                    for quantity in (each.sold, each.here, each.coming, each.suggested)
                ),
            ),
        )
        for each in found
    )
    return DocumentView(
        under=tr("要货：看最近 {days} 天的销售", days=days),
        rows=ListView(
            columns=(
                ColumnView(title=tr("商品"), look="strong"),
                ColumnView(title=tr("卖了"), width=84, right=True),
                ColumnView(title=tr("现有"), width=84, right=True),
                ColumnView(title=tr("在途"), width=84, right=True),
                ColumnView(title=tr("建议"), width=96, right=True, look="figure"),
            ),
            rows=rows,
            marked=rows[0].key if rows else "",
            state="" if rows else "empty",
            state_title=tr("这几天没有卖过"),
            state_detail=tr("有了销售才有建议"),
        ),
        note=tr("看几天、几天送到、够卖几天，在设置的库存里改。"),
        total_label=tr("要 {count} 种", count=len(asked)) if asked else "",
        confirm_word=tr("开要货单"),
        confirm_enabled=bool(asked),
        confirm_reason=tr("都够卖"),
    )
