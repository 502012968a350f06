"""Scripted states of 标签."""

from collections.abc import Callable
from io import BytesIO

import msgspec

from app.sales.labels import TagDue
from printers.labels.drawing import draw, sample
from printers.labels.template import parse, shipped
from tests.printers.labels.label_samples import WORDS
from ui.label_views import LabelsView
from ui.presenters import label_views
from ui.presenters.asking import ask_choice
from ui.presenters.label_sheet import LabelLine, LabelSheet
from ui.room_views import RowView
from ui.views import MessageView

TAGS = LabelSheet(
    lines=(
        LabelLine(product="12006", name="大沙茶三色套装", zone="A3"),
        LabelLine(product="16008", name="潭碧冬瓜", zone="B1", typed="2"),
        LabelLine(product="11014", name="马冈鹅蛋卷 300g"),
    ),
)
SHIELD = LabelSheet(
    kind="shield", to="pdf",
    lines=(LabelLine(product="12001", name="大沙红茶 100g", typed="24", lot="1", batch="HC1103",
                     serial="120001"),),
)  # fmt: skip
NOT_EARNED = "大沙红茶 批 HC1103 还没有达到这个标识的认定，不能贴标"


def picture(template: str) -> bytes:
    memory = BytesIO()
    draw(parse(shipped(template)), WORDS).save(memory, "PNG")
    return memory.getvalue()


def due() -> LabelsView:
    return label_views.due_view(
        [
            TagDue("12006", "大沙茶三色套装", "A3", 168_00, 198_00),
            TagDue("16008", "潭碧冬瓜", "B1", 6_60, 5_80),
        ]
    )


def none_due() -> LabelsView:
    return label_views.due_view([])


def tags() -> LabelsView:
    return label_views.writing_view(TAGS, picture("tag_60x40"), "", ("", 0, 0))


def weighing() -> LabelsView:
    line = LabelLine(product="16008", name="潭碧冬瓜", grams=4_320)
    sheet = LabelSheet(kind="weigh", lines=(line,))
    return label_views.writing_view(sheet, picture("weigh_50x30"), "", ("", 0, 0))


def not_earned() -> LabelsView:
    return label_views.writing_view(SHIELD, b"", NOT_EARNED, ("", 0, 0))


def running() -> LabelsView:
    progress = ("120 / 300 张，按 Esc 停下", 120, 300)
    return label_views.writing_view(SHIELD, picture("shield_40x30"), "", progress)


def bad_template() -> LabelsView:
    said = "标签模板第 12 行：这一样东西超出标签边缘。"
    return label_views.writing_view(TAGS, b"", said, ("", 0, 0))


def promotion() -> LabelsView:
    sheet = LabelSheet(
        kind="promo", valid_from="2026-12-12", valid_to="2026-12-12",
        lines=(LabelLine(product="12006", name="大沙茶三色套装", zone="A3", price="168.00"),),
    )  # fmt: skip
    memory = BytesIO()
    sample(parse(shipped("promo_60x40"))).save(memory, "PNG")
    return label_views.writing_view(sheet, memory.getvalue(), "", ("", 0, 0))


def kinds() -> LabelsView:
    words = label_views.kind_words()
    rows = tuple(RowView(key=key, cells=(word, "")) for key, word in words.items())
    return label_views.picking_view("哪种标签？", rows, goods=False)


def scales() -> LabelsView:
    choices = (("a", "大华 13 位"), ("b", "大华 18 位"), ("c", "顶尖 13 位"), ("d", "顶尖 18 位"))
    asking = ask_choice("哪种秤，几位的条码？", choices, lambda _choice: None, keyed=True)
    return msgspec.structs.replace(due(), question=asking.view)


def printed() -> LabelsView:
    return msgspec.structs.replace(none_due(), message=MessageView(text="2 张在打印", tone="ok"))


LABELS: dict[str, Callable[[], LabelsView]] = {
    "labels_due": due,
    "labels_none": none_due,
    "labels": tags,
    "labels_weigh": weighing,
    "labels_promo": promotion,
    "labels_not_earned": not_earned,
    "labels_running": running,
    "labels_template": bad_template,
    "labels_kinds": kinds,
    "labels_scales": scales,
    "labels_printed": printed,
}
