"""What 库存 shows: goods and what is where, the lots of one, documents, one being written."""

from collections.abc import Sequence

from app.clock import local
from app.errors import Refusal
from app.facts.catalogue import Product
from app.quantity import shown
from app.reports.lots import LotShown
from app.stock.overview import Overview
from app.stock.reasons import REASONS
from app.stock.rules import PLACES
from ui.document_views import DocumentLineView, DocumentView, SayView
from ui.language import error_words, tr
from ui.presenters.stock_sheet import ADJUST, MOVE, TRANSFER, StockLine, StockSheet
from ui.room_views import ColumnView, ListView, RowView
from ui.views import ChoiceView

DOCUMENTS = "documents"


def place_words() -> dict[str, str]:
    """The places of a shop."""
    return {
        "shelf": tr("货架"),
        "store": tr("仓库"),
        "quarantine": tr("隔离"),
        "reserved": tr("预留"),
    }


def reason_words() -> dict[str, str]:
    """Why goods leave or are found without a sale, as the screen says it."""
    return {
        "damaged": tr("报损"), "expired": tr("过期报损"), "spoiled": tr("变质"),
        "lost": tr("短少"), "recalled": tr("召回销毁"), "found": tr("报溢"),
        "correction": tr("更正"), "own_use": tr("自用"), "tasting": tr("试吃"),
        "sample": tr("样品"), "display": tr("展示"), "donation": tr("捐赠"),
        "sponsorship": tr("赞助"), "sympathy": tr("慰问"), "supplier_return": tr("退供应商"),
    }  # fmt: skip


def actions(prefix: str = "") -> tuple[ChoiceView, ...]:
    """What can be written here; `prefix` where letters look for goods."""
    return (
        ChoiceView(name=ADJUST, word=tr("调整"), key=f"{prefix}M"),
        ChoiceView(name=MOVE, word=tr("移位"), key=f"{prefix}W"),
        ChoiceView(name=TRANSFER, word=tr("调拨"), key=f"{prefix}B"),
    )


def goods_view(goods: Sequence[tuple[Product, Overview]], marked: str = "") -> DocumentView:
    """Goods and what of them is where."""
    rows = tuple(
        RowView(
            key=one.code,
            cells=(
                f"{one.name} {one.spec}".strip(),
                *(
                    _figure(quantity, one)
                    for quantity in (
                        found.places["shelf"],
                        found.places["store"],
                        found.places["quarantine"] + found.places["reserved"],
                        found.coming,
                    )
                ),
            ),
            state="stop" if found.total < 0 else "",
        )
        for one, found in goods
    )
    return DocumentView(
        hint=tr("扫商品，或输入货号、拼音首字母"),
        rows=ListView(
            columns=(
                ColumnView(title=tr("商品"), look="strong"),
                ColumnView(title=tr("货架"), width=84, right=True, look="figure"),
                ColumnView(title=tr("仓库"), width=84, right=True),
                ColumnView(title=tr("不能卖"), width=84, right=True),
                ColumnView(title=tr("在途"), width=84, right=True),
            ),
            rows=rows,
            marked=marked or (rows[0].key if rows else ""),
            state="" if rows else "empty",
            state_title=tr("没有找到"),
            state_detail=tr("扫商品，或换几个字母"),
            foot=tr("{count} 种。收银机只卖货架上的；隔离和预留的不能卖", count=len(rows)),
        ),
        choosing=True,
        typing=True,
        note=tr("选一种商品看批次，或先选要做的事再扫商品。"),
        buttons=(
            *actions("Ctrl+"),
            ChoiceView(name=DOCUMENTS, word=tr("库存单据"), key="Ctrl+D"),
        ),
        confirm_word=tr("看批次"),
        confirm_enabled=bool(rows),
        confirm_reason=tr("先选一种商品"),
    )


def lots_view(
    one: Product,
    found: Overview,
    lots: Sequence[tuple[LotShown, dict[str, int]]],
    news: str = "",
) -> DocumentView:
    """The lots of one product, what ends first first. `news`: how old other tills' sales are."""
    states = {"expired": "stop", "recalled": "stop", "gone": "warn"}
    rows = tuple(
        RowView(
            key=each.lot,
            cells=(
                each.batch or tr("没有批次"),
                each.expires or "–",
                *(_figure(where.get(place, 0), one) for place in PLACES),
            ),
            under=" · ".join(
                part for part in (each.supplier, each.certificate, each.report) if part
            ),
            state="stop" if states.get(each.state) == "stop" else "",
        )
        for each, where in lots
    )
    words = place_words()
    facts = [(words[place], _figure(found.places[place], one)) for place in PLACES]
    facts += [(tr("在途"), _figure(found.coming, one)), (tr("发出未回"), _figure(found.going, one))]
    if found.late:
        facts.append((tr("迟到的已扣除"), _figure(found.late, one)))
    if found.counted_ms:
        when = local(found.counted_ms).strftime("%m-%d %H:%M")
        facts.append((tr("上次盘点 {when}", when=when), _figure(found.counted, one)))
    return DocumentView(
        under=tr("{what}（{why}）", what=f"{one.name} {one.spec}", why=one.unit),
        hint=tr("扫商品，或输入货号、拼音首字母"),
        rows=ListView(
            columns=(
                ColumnView(title=tr("批次"), look="strong"),
                ColumnView(title=tr("到期"), width=100),
                *(ColumnView(title=words[place], width=72, right=True) for place in PLACES),
            ),
            rows=rows,
            marked=rows[0].key if rows else "",
            state="" if rows else "empty",
            state_title=tr("没有批次"),
            state_detail=tr("收货时会建批次"),
            foot=" · ".join(
                part for part in (tr("{count} 批", count=len(rows)) if rows else "", news) if part
            ),
        ),
        facts=tuple(facts),
        buttons=actions(),
        confirm_word=tr("调整这一批"),
        confirm_enabled=bool(rows),
        confirm_reason=tr("没有批次"),
    )


def picking_view(title: str, rows: tuple[RowView, ...], *, goods: bool) -> DocumentView:
    """One of several to choose: goods by their letters, a reason, a lot, a place."""
    return DocumentView(
        under=title,
        hint=tr("货号、条码、拼音首字母") if goods else "",
        rows=ListView(
            columns=(
                ColumnView(title="", look="strong"),
                ColumnView(title="", width=130),
            ),
            rows=rows,
            marked=rows[0].key if rows else "",
            state="" if rows else "empty",
            state_title=tr("扫商品，或输入几个字母"),
            state_detail=tr("按 Esc 回到这张单"),
        ),
        choosing=True,
        typing=goods,
        confirm_word=tr("就是这个"),
        confirm_enabled=bool(rows),
        confirm_reason=tr("先选一个"),
    )


def reason_rows() -> tuple[RowView, ...]:
    """Every reason, and what has to be said with it."""
    words = reason_words()
    return tuple(
        RowView(
            key=each.code,
            cells=(
                words[each.code],
                tr("要写给谁") if each.beneficiary else "",
            ),
            under=tr("要有批准号") if each.approval_no else "",
        )
        for each in REASONS
        if each.sign
    )


def writing_view(sheet: StockSheet, wrong: str, value: str) -> DocumentView:
    """The document being written."""
    titles = {ADJUST: tr("调整"), MOVE: tr("移位"), TRANSFER: tr("调拨到别的店")}
    words = {ADJUST: tr("过账"), MOVE: tr("移过去"), TRANSFER: tr("发出")}
    line = sheet.line()
    return DocumentView(
        under=titles[sheet.kind],
        hint=tr("扫商品，或按 S 找货"),
        rows=ListView(
            columns=(
                ColumnView(title=tr("商品"), look="strong"),
                ColumnView(title=tr("数量"), width=110, right=True, look="figure"),
            ),
            rows=tuple(_row(n, each, sheet.kind) for n, each in enumerate(sheet.lines)),
            marked=str(sheet.marked),
            state="" if sheet.lines else "empty",
            state_title=tr("扫商品"),
            state_detail=tr("没有条码的按 S 找"),
        ),
        line=_line(line) if line else None,
        says=_says(line, sheet.kind) if line else (),
        head=_head(sheet),
        note=wrong,
        buttons=(
            ChoiceView(name="find", word=tr("找货"), key="S"),
            ChoiceView(name="drop", word=tr("删行"), key="X"),
        ),
        total_label=tr("按进价 ¥") if value else "",
        total=value,
        confirm_word=words[sheet.kind],
        confirm_enabled=sheet.begun() and not wrong,
        confirm_reason=tr("还有不对的，见右边") if wrong else tr("先扫商品或输入数量"),
    )


def _row(number: int, each: StockLine, kind: str) -> RowView:
    places = place_words()
    under = [each.batch] if each.batch else [tr("最早的批次")]
    if kind == ADJUST:
        under.insert(0, reason_words()[each.reason])
    if kind == MOVE:
        under.insert(0, f"{places[each.source]} → {places[each.target]}")
    elif each.source != "shelf":
        under.append(places[each.source])
    if each.box:
        under.append(tr("箱 {box}", box=each.box))
    return RowView(key=str(number), cells=(each.name, each.typed or "–"), under=" · ".join(under))


def _line(line: StockLine) -> DocumentLineView:
    wrong = ""
    try:
        line.quantity()
    except Refusal as refusal:
        wrong = error_words(refusal)
    return DocumentLineView(
        key=f"{line.product} {line.lot}",
        name=tr("{what}（{why}）", what=line.name, why=line.unit),
        quantity=line.typed,
        weighed=line.weighed,
        note=wrong,
        refused=bool(wrong),
    )


def _says(line: StockLine, kind: str) -> tuple[SayView, ...]:
    places = place_words()
    source = SayView(name="source", word=tr("从"), key="W", value=places[line.source])
    lot = SayView(name="lot", word=tr("批次"), key="P", value=line.batch)
    if kind == ADJUST:
        reason = reason_words()[line.reason]
        return (SayView(name="reason", word=tr("原因"), key="Y", value=reason), lot, source)
    if kind == MOVE:
        target = SayView(name="target", word=tr("到"), key="V", value=places[line.target])
        return (source, target, lot)
    return (lot, source, SayView(name="box", word=tr("箱号"), key="B", value=line.box))


def _head(sheet: StockSheet) -> tuple[SayView, ...]:
    if sheet.kind == ADJUST:
        return (
            SayView(name="beneficiary", word=tr("给谁"), key="G", value=sheet.beneficiary),
            SayView(name="approval_no", word=tr("批准号"), key="A", value=sheet.approval_no),
        )
    if sheet.kind == TRANSFER:
        return (
            SayView(name="to", word=tr("调往"), key="G", value=sheet.to, missing=not sheet.to),
            SayView(name="waybill", word=tr("运单"), key="A", value=sheet.waybill),
        )
    return ()


def _figure(quantity: int, one: Product) -> str:
    return signed(quantity, weighed=bool(one.weighed)).removeprefix("+")


def signed(quantity: int, *, weighed: bool) -> str:
    sign = "\N{MINUS SIGN}" if quantity < 0 else "+" if quantity else ""
    return sign + shown(abs(quantity), weighed=weighed)


def figure(quantity: int, *, weighed: bool) -> str:
    """A quantity as a hand would type it."""
    return shown(quantity, weighed=weighed)


def titles() -> dict[str, str]:
    """What is asked for things that are typed."""
    return {
        "beneficiary": tr("给哪个单位？"),
        "approval_no": tr("批准号"),
        "to": tr("调往哪个店？店号"),
        "waybill": tr("运单号"),
        "box": tr("箱号"),
    }
