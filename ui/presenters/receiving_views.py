"""What 收货 shows: what waits to be received, the lines of a delivery, what was posted."""

from app.clock import local
from app.errors import Refusal
from app.quantity import shown
from app.stock.costs import cost_shown
from app.stock.dispatches import Dispatch
from app.stock.receiving_rules import Look
from ui.document_views import DocumentLineView, DocumentView, SayView
from ui.language import error_words, tr
from ui.presenters.receiving_sheet import ReceivingSheet, SheetLine
from ui.room_views import ColumnView, ListView, RowView
from ui.views import ChoiceView

NEW, IMPORT, LABELS = "new", "import", "labels"


def choosing_view(
    drafts: list[tuple[str, ReceivingSheet, int]], waiting: list[Dispatch]
) -> DocumentView:
    """Half-received documents first, then what is on its way here."""
    rows = [
        RowView(
            key=f"draft:{document}",
            cells=(
                local(changed_ms).strftime("%m-%d %H:%M"),
                sheet.number or sheet.supplier or tr("手工收货"),
                tr("收了一半"),
                str(sum(1 for each in sheet.lines if each.typed)),
            ),
            state="warn",
        )
        for document, sheet, changed_ms in drafts
    ]
    begun = {sheet.dispatch for _document, sheet, _changed in drafts}
    rows += [
        RowView(
            key=f"dispatch:{each.document}",
            cells=(
                local(each.order_ms).strftime("%m-%d %H:%M"),
                each.number,
                each.source or each.supplier,
                str(sum(1 for line in each.lines if line.rest)),
            ),
            under=tr("运单 {waybill}", waybill=each.waybill) if each.waybill else "",
        )
        for each in waiting
        if each.document not in begun
    ]
    columns = (
        ColumnView(title=tr("时间"), width=110),
        ColumnView(title=tr("来单"), look="strong"),
        ColumnView(title=tr("从哪来"), width=150),
        ColumnView(title=tr("种"), width=60, right=True),
    )
    return DocumentView(
        hint=tr("扫来单码、箱码，或输入单号"),
        choosing=True,
        rows=ListView(
            columns=columns,
            rows=tuple(rows),
            marked=rows[0].key if rows else "",
            state="" if rows else "empty",
            state_title=tr("没有等着收的来单"),
            state_detail=tr("按 N 手工收货，或导入别的店发来的文件"),
            foot=tr("{count} 张", count=len(rows)) if rows else "",
        ),
        note=tr("收了一半的单都在，接着收就行。没有网络也可以收。"),
        buttons=(
            ChoiceView(name=NEW, word=tr("手工收货"), key="N"),
            ChoiceView(name=IMPORT, word=tr("导入调拨"), key="I"),
        ),
        confirm_word=tr("打开这张"),
        confirm_enabled=bool(rows),
        confirm_reason=tr("先选一张来单"),
    )


def finding_view(sheet: ReceivingSheet, rows: tuple[RowView, ...]) -> DocumentView:
    """Looking for goods no scanner reads; the document stays as it is."""
    return DocumentView(
        under=under(sheet),
        hint=tr("货号、条码、拼音首字母"),
        choosing=True,
        typing=True,
        rows=ListView(
            columns=(
                ColumnView(title=tr("商品"), look="strong"),
                ColumnView(title=tr("货号"), width=90),
            ),
            rows=rows,
            marked=rows[0].key if rows else "",
            state="" if rows else "empty",
            state_title=tr("扫商品，或输入几个字母"),
            state_detail=tr("按 Esc 回到这张单"),
        ),
        confirm_word=tr("加进这张单"),
        confirm_enabled=bool(rows),
        confirm_reason=tr("先选一种商品"),
    )


def line_columns() -> tuple[ColumnView, ...]:
    """what · expected · came · difference · lot · certificate."""
    return (
        ColumnView(title=tr("品名"), look="strong"),
        ColumnView(title=tr("应收"), width=84, right=True),
        ColumnView(title=tr("实收"), width=84, right=True, look="figure"),
        ColumnView(title=tr("差"), width=74, right=True),
        ColumnView(title=tr("证"), width=30),
    )


def writing_view(sheet: ReceivingSheet, look: Look | None, wrong: str) -> DocumentView:
    """The document's lines, the marked one, and what is worth a look."""
    line = sheet.line()
    differing = sheet.differing()
    return DocumentView(
        under=under(sheet),
        hint=tr("扫箱码、商品、批次码"),
        rows=ListView(
            columns=line_columns(),
            rows=tuple(_row(n, each) for n, each in enumerate(sheet.lines)),
            marked=str(sheet.marked),
            foot=tr("没收到又没写原因的，过账后留在途"),
        ),
        line=_line(line) if line else None,
        says=_says(line, sheet) if line else (),
        head=_head(sheet),
        facts=_facts(line, look) if line else (),
        note=wrong,
        buttons=(
            ChoiceView(name="find", word=tr("找货"), key="S"),
            ChoiceView(name="drop", word=tr("删行"), key="X"),
            ChoiceView(
                name="photo", word=f"{tr('照片')} {len(sheet.photos) or ''}".rstrip(), key="H"
            ),
        ),
        total_label=tr("差 {count} 行", count=differing) if differing else "",
        confirm_word=tr("过账"),
        confirm_enabled=sheet.begun() and not wrong,
        confirm_reason=tr("还有不对的，见右边") if wrong else tr("先扫商品或输入数量"),
    )


def done_view(
    number: str, came: tuple[tuple[str, str], ...], rest: int, warned: tuple[str, ...]
) -> DocumentView:
    """What was posted."""
    rows = tuple(
        RowView(key=str(n), cells=(name, quantity)) for n, (name, quantity) in enumerate(came)
    )
    words = [tr("{count} 种还在途，会出现在待办里", count=rest)] if rest else []
    words += [warning_words(each) for each in warned]
    return DocumentView(
        under=tr("{number} 已过账", number=number),
        rows=ListView(
            columns=(
                ColumnView(title=tr("商品"), look="strong"),
                ColumnView(title=tr("实收"), width=130, right=True, look="figure"),
            ),
            rows=rows,
            foot=tr("{count} 行", count=len(rows)),
        ),
        note="　".join(words),
        buttons=(ChoiceView(name=LABELS, word=tr("打标签"), key="K"),),
        confirm_word=tr("完成"),
        confirm_enabled=True,
    )


def warning_words(name: str) -> str:
    """Something worth a look, in words."""
    words = {
        "cost_changed": tr("进价和上次不同"),
        "below_cost": tr("售价低于进价"),
        "margin_low": tr("毛利不到一成"),
        "date_missing": tr("没有到期日"),
        "too_warm": tr("送货温度偏高"),
    }
    return words[name]


def under(sheet: ReceivingSheet) -> str:
    """Which delivery, from where, and how many boxes of it are here."""
    if not sheet.number:
        return tr("手工收货")
    where = sheet.source or sheet.supplier
    here, sent = sheet.boxes()
    boxes = tr("{here}/{sent} 箱", here=here, sent=sent) if sent else ""
    said = " · ".join(part for part in (sheet.number, where, boxes) if part)
    return tr("来单 {words}", words=said)


def percent(permille: int) -> str:
    """Thousandths as percent with one decimal: "11.9 %", "−3.0 %"."""
    sign, size = ("\N{MINUS SIGN}" if permille < 0 else ""), abs(permille)
    return f"{sign}{size // 10}.{size % 10} %"


def _row(number: int, each: SheetLine) -> RowView:
    difference = each.difference()
    certificate = "" if not each.needs_certificate else "✓" if each.certificate else "×"
    papers = [part for part in (each.batch, each.expires, each.reason) if part]
    if each.needs_certificate and not each.certificate:
        papers.append(tr("缺合格证，不能收"))
    if each.box:
        papers.insert(0, tr("箱 {box}", box=each.box))
    return RowView(
        key=str(number),
        cells=(
            each.name,
            shown(each.expected, weighed=each.weighed) if each.expected >= 0 else "–",
            each.typed or "–",
            _signed(difference, weighed=each.weighed) if difference is not None else "",
            certificate,
        ),
        under=" · ".join(papers),
    )


def _signed(quantity: int, *, weighed: bool) -> str:
    if not quantity:
        return "0"
    sign = "+" if quantity > 0 else "\N{MINUS SIGN}"
    return sign + shown(abs(quantity), weighed=weighed)


def _line(line: SheetLine) -> DocumentLineView:
    wrong = ""
    try:
        line.quantity()
    except Refusal as refusal:
        wrong = error_words(refusal)
    return DocumentLineView(
        key=f"{line.product} {line.batch}",
        name=tr("{what}（{why}）", what=line.name, why=line.unit),
        quantity=line.typed,
        weighed=line.weighed,
        note=wrong,
        refused=bool(wrong),
    )


def _says(line: SheetLine, sheet: ReceivingSheet) -> tuple[SayView, ...]:
    if sheet.source:
        # Goods of another shop bring their papers; here it is only said what came of them.
        return (SayView(name="reason", word=tr("原因"), key="Y", value=line.reason),)
    missing = line.needs_certificate and not line.certificate
    return (
        SayView(name="batch", word=tr("批次"), key="P", value=line.batch),
        SayView(name="expires", word=tr("到期"), key="D", value=line.expires),
        SayView(name="made", word=tr("生产"), key="M", value=line.made),
        SayView(
            name="certificate", word=tr("合格证"), key="Z", value=line.certificate, missing=missing
        ),
        SayView(name="cost", word=tr("进价"), key="C", value=line.cost, missing=not line.cost),
        SayView(name="floor", word=tr("保价下限"), key="F", value=line.floor),
        SayView(name="report", word=tr("检验报告"), key="B", value=line.report),
        SayView(name="village", word=tr("产地村"), key="V", value=line.village),
        SayView(name="level", word=tr("认定"), key="R", value=line.level),
        SayView(name="reason", word=tr("差异原因"), key="Y", value=line.reason),
    )


def _head(sheet: ReceivingSheet) -> tuple[SayView, ...]:
    says = (
        SayView(name="supplier", word=tr("供应商"), key="G", value=sheet.supplier),
        SayView(
            name="temperature",
            word=tr("送货温度"),
            key="T",
            value=f"{sheet.temperature} ℃" if sheet.temperature else "",
        ),
        SayView(name="approval_no", word=tr("批准号"), key="A", value=sheet.approval_no),
    )
    return says[1:2] if sheet.source else says


def _facts(line: SheetLine, look: Look | None) -> tuple[tuple[str, str], ...]:
    if look is None:
        return ()
    found = []
    if look.cost_before:
        rise = "▲" if look.change > 0 else "▼" if look.change < 0 else ""
        change = f" {rise} {percent(abs(look.change))}" if look.change else ""
        was = cost_shown(look.cost_before)
        found.append((tr("上次进价 {cost}", cost=was), (line.cost + change).strip()))
    found.append((tr("毛利"), percent(look.margin)))
    found += [(warning_words(each), "▲") for each in look.warnings if each != "cost_changed"]
    return tuple(found)
