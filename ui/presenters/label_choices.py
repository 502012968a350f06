"""What may be chosen on the page of labels, and the list a label scale reads."""

from app.catalogue.plu import FAMILIES
from app.clock import local
from app.table_file import write_file
from ui.language import tr
from ui.presenters import label_views as views
from ui.presenters.label_sheet import LabelSheet
from ui.room_views import RowView
from ui.startup import Till
from ui.views import MessageView

MOST_NAMED = 6


def titles() -> dict[str, str]:
    """What is asked for things that are typed."""
    return {
        "zone": tr("货架号"),
        "price": tr("特价，元"),
        "serial": tr("标签卷上的第一个号"),
        "valid_from": tr("从哪天起，如 2026-12-12"),
        "valid_to": tr("到哪天为止，如 2026-12-12"),
    }


def choices_of(till: Till, sheet: LabelSheet, name: str) -> tuple[str, tuple[RowView, ...]]:
    """The question, and what may be chosen: a kind, a template, a place, the digits of bars."""
    if name == "digits":
        lengths = sorted({str(one.length) for one in till.counter.desk.formats})
        rows = [RowView(key=each, cells=(tr("{count} 位", count=each), "")) for each in lengths]
        rows.append(RowView(key="qr", cells=(tr("只要二维码"), "")))
        return tr("几位的条码？"), tuple(rows)
    if name == views.TEMPLATE:
        templates = till.label_templates
        names = sorted(
            templates.names(), key=lambda each: (not each.startswith(f"{sheet.kind}_"), each)
        )
        own = {path.stem for path in templates.own.glob("*.txt")}
        return tr("哪个模板？"), tuple(
            RowView(key=each, cells=(each, tr("本店的") if each in own else "")) for each in names
        )
    kinds = name == views.KIND
    words = views.kind_words() if kinds else views.where_words()
    title = tr("哪种标签？") if kinds else tr("打到哪里？")
    return title, tuple(RowView(key=key, cells=(word, "")) for key, word in words.items())


def plu_choices(till: Till) -> tuple[tuple[str, str], ...]:
    """Families of label scales with the lengths of bars this shop knows."""
    lengths = sorted({one.length for one in till.counter.desk.formats})
    return tuple(
        (f"{family}:{length}", tr("{maker} {count} 位", maker=tr(kind.name), count=length))
        for family, kind in FAMILIES.items()
        for length in lengths
    )


def plu_written(till: Till, choice: str) -> MessageView:
    """Write a scale's list; what is said of it. Raises Refusal as `Labels.plu` does."""
    family, _, digits = choice.partition(":")
    found = till.labels.plu(family, digits)
    now = local(till.books.clock.wall_ms()).strftime("%Y%m%d-%H%M%S")
    path = till.opened.folder / "exports" / f"plu-{family}-{digits}-{now}.csv"
    write_file(path, found.content)
    words = tr("{count} 种称重商品写成 {path}", count=found.goods, path=str(path))
    if found.left_out:
        codes = tr("、").join(found.left_out[:MOST_NAMED])
        words += "　" + tr("秤放不下：{codes}", codes=codes)
    return MessageView(text=words, tone="warn" if found.left_out else "ok")
