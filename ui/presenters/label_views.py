"""What 标签 shows: shelves whose tags lie, goods found, labels about to be printed."""

from collections.abc import Sequence

from app.errors import Refusal
from app.money import yuan
from app.quantity import shown
from app.sales.labels import TagDue
from ui.document_views import DocumentLineView, SayView
from ui.label_views import LabelsView
from ui.language import error_words, tr
from ui.presenters import label_sheet as sheets
from ui.presenters.label_sheet import LabelLine, LabelSheet
from ui.room_views import ColumnView, ListView, RowView
from ui.views import ChoiceView

ALL, PLU, FIND, DROP, EDIT = "all", "plu", "find", "drop", "edit"
KIND, TEMPLATE, WHERE = "kind", "template", "to"


def kind_words() -> dict[str, str]:
    """The labels there are."""
    return {
        sheets.TAG: tr("价签"),
        sheets.PROMO: tr("促销价签"),
        sheets.PRODUCT: tr("商品标签"),
        sheets.WEIGH: tr("称重标签"),
        sheets.TRACE: tr("溯源标签"),
        sheets.SHIELD: tr("盾型标识"),
        sheets.SHELF: tr("货架标签"),
    }


def where_words() -> dict[str, str]:
    """What labels are printed on."""
    return {sheets.PRINTER: tr("标签机"), sheets.PAPER: tr("A4 纸")}


def due_view(due: Sequence[TagDue]) -> LabelsView:
    """The tags to change; goods are looked for by letters."""
    rows = tuple(
        RowView(
            key=str(n),
            cells=(each.zone or "–", each.name, yuan(each.printed), yuan(each.price)),
            state="warn" if each.printed < each.price else "",
        )
        for n, each in enumerate(due)
    )
    choices = (ChoiceView(name=PLU, word=tr("秤的 PLU 表"), key="Ctrl+S"),)
    every = (ChoiceView(name=ALL, word=tr("全部重印"), key="Ctrl+O"),) if rows else ()
    return LabelsView(
        under=tr("价签和现价不符的"),
        hint=tr("扫商品，或输入货号、拼音首字母"),
        rows=ListView(
            columns=(
                ColumnView(title=tr("货架"), width=72),
                ColumnView(title=tr("商品"), look="strong"),
                ColumnView(title=tr("价签上"), width=96, right=True),
                ColumnView(title=tr("现价"), width=96, right=True, look="figure"),
            ),
            rows=rows,
            marked=rows[0].key if rows else "",
            state="" if rows else "empty",
            state_title=tr("架上的价签都对"),
            state_detail=tr("要打别的标签：扫商品，或输入几个字母"),
            foot=tr("{count} 张要换", count=len(rows)) if rows else "",
        ),
        choosing=True,
        typing=True,
        note=tr("价签写得比收银低的，收银按价签收，换了才按现价。") if rows else "",
        buttons=(*every, *choices),
        confirm_word=tr("重印这一张"),
        confirm_enabled=bool(rows),
        confirm_reason=tr("没有要换的价签"),
    )


def picking_view(title: str, rows: tuple[RowView, ...], *, goods: bool) -> LabelsView:
    """One of several: goods by their letters, a kind, a template, a lot."""
    return LabelsView(
        under=title,
        hint=tr("货号、条码、拼音首字母") if goods else "",
        rows=ListView(
            columns=(ColumnView(title="", look="strong"), ColumnView(title="", width=150)),
            rows=rows,
            marked=rows[0].key if rows else "",
            state="" if rows else "empty",
            state_title=tr("扫商品，或输入几个字母") if goods else tr("没有可选的"),
            state_detail=tr("按 Esc 回到前面"),
        ),
        choosing=True,
        typing=goods,
        confirm_word=tr("就是这个"),
        confirm_enabled=bool(rows),
        confirm_reason=tr("先选一个"),
    )


def writing_view(
    sheet: LabelSheet, picture: bytes, wrong: str, progress: tuple[str, int, int]
) -> LabelsView:
    """The labels about to be printed, the marked one as it will be."""
    line = sheet.line()
    running = bool(progress[0])
    reason = wrong or tr("先扫商品")
    return LabelsView(
        under=kind_words()[sheet.kind],
        hint="" if sheet.kind == sheets.SHELF else tr("扫商品，或按 S 找货"),
        rows=ListView(
            columns=(
                ColumnView(title=tr("商品"), look="strong"),
                ColumnView(title=tr("张数"), width=90, right=True, look="figure"),
            ),
            rows=tuple(_row(n, each, sheet) for n, each in enumerate(sheet.lines)),
            marked=str(sheet.marked),
            state="" if sheet.lines else "empty",
            state_title=tr("扫商品") if sheet.kind != sheets.SHELF else tr("按 S 写货架号"),
            state_detail=tr("没有条码的按 S 找"),
        ),
        line=_line(line) if line is not None and not running else None,
        says=_says(sheet, line) if line is not None and not running else (),
        head=() if running else _head(sheet),
        note="" if running else wrong,
        buttons=(
            ()
            if running
            else (
                ChoiceView(name=FIND, word=tr("找货"), key="S"),
                ChoiceView(name=DROP, word=tr("删行"), key="X"),
                ChoiceView(name=EDIT, word=tr("改模板"), key="E"),
            )
        ),
        total_label=tr("共") if sheet.lines else "",
        total=tr("{count} 张标签", count=sheet.labels()) if sheet.lines else "",
        confirm_word=tr("停下") if running else tr("打印标签"),
        confirm_enabled=running or (bool(sheet.lines) and not wrong),
        confirm_reason=reason,
        picture=picture,
        with_picture=True,
        progress=progress,
    )


def _row(number: int, each: LabelLine, sheet: LabelSheet) -> RowView:
    under = []
    if sheet.kind in sheets.WITH_LOT and each.batch:
        under.append(tr("批 {batch}", batch=each.batch))
    if sheet.kind in sheets.WITH_ZONE and each.zone:
        under.append(tr("货架 {zone}", zone=each.zone))
    if sheet.kind == sheets.WEIGH and each.grams:
        under.append(f"{shown(each.grams, weighed=True)} kg")
    if sheet.kind == sheets.SHIELD and each.serial:
        under.append(tr("从 No.{serial} 起", serial=each.serial))
    name = each.name or tr("货架 {zone}", zone=each.zone)
    return RowView(key=str(number), cells=(name, each.typed or "–"), under=" · ".join(under))


def _line(line: LabelLine) -> DocumentLineView:
    wrong = ""
    try:
        line.copies()
    except Refusal as refusal:
        wrong = error_words(refusal)
    return DocumentLineView(
        key=f"{line.product} {line.lot} {line.zone}",
        name=line.name or tr("货架 {zone}", zone=line.zone),
        quantity=line.typed,
        note=wrong,
        refused=bool(wrong),
    )


def _says(sheet: LabelSheet, line: LabelLine) -> tuple[SayView, ...]:
    weight = f"{shown(line.grams, weighed=True)} kg" if line.grams else ""
    lot = SayView(
        name="lot",
        word=tr("批次"),
        key="P",
        value=line.batch,
        missing=sheet.kind in (sheets.TRACE, sheets.SHIELD) and not line.lot,
    )
    zone = SayView(name="zone", word=tr("货架"), key="Z", value=line.zone)
    by_kind = {
        sheets.TAG: (zone,),
        sheets.PROMO: (
            SayView(name="price", word=tr("特价"), key="H", value=line.price),
            zone,
        ),
        sheets.PRODUCT: (lot,),
        sheets.WEIGH: (
            SayView(name="grams", word=tr("称重"), key="W", value=weight, missing=not weight),
            lot,
        ),
        sheets.TRACE: (lot,),
        sheets.SHIELD: (
            lot,
            SayView(name="serial", word=tr("起始号"), key="Q", value=line.serial),
        ),
        sheets.SHELF: (),
    }
    return by_kind[sheet.kind]


def _head(sheet: LabelSheet) -> tuple[SayView, ...]:
    head = [
        SayView(name=KIND, word=tr("种类"), key="T", value=kind_words()[sheet.kind]),
        SayView(name=TEMPLATE, word=tr("模板"), key="M", value=sheet.template_name),
        SayView(name=WHERE, word=tr("打到"), key="G", value=where_words()[sheet.to]),
    ]
    if sheet.kind == sheets.WEIGH:
        head.append(SayView(name="digits", word=tr("条码"), key="B", value=sheet.digits))
    if sheet.kind == sheets.PROMO:
        head += [
            SayView(name="valid_from", word=tr("从"), key="F", value=sheet.valid_from),
            SayView(name="valid_to", word=tr("到"), key="Y", value=sheet.valid_to),
        ]
    return tuple(head)
