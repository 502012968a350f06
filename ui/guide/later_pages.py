"""The guide's pages of a till that stands, as views: recovery code, goods, scanner."""

import msgspec

from app.staff.recovery import GROUP_MARK
from ui.language import tr
from ui.room_views import CardView, ExplainView, FieldView, GuideView
from ui.views import MessageView


def recovery_page(
    frame: GuideView,
    code: str,
    *,
    prints: bool,
    error: str = "",
    message: MessageView | None = None,
) -> GuideView:
    """The code in large letters, and its last group to be typed from the paper."""
    card = CardView(
        name="print", word=tr("打印出来"), icon="printer", description=tr("折好封起来，放在店外"),
        enabled=prints, reason=tr("没有打印机：抄在纸上"),
    )  # fmt: skip
    field = FieldView(name="last", word=tr("最后一组"), kind="code", error=error,
                      hint=tr("照着纸，把最后四个字母数字输一遍"))  # fmt: skip
    return msgspec.structs.replace(
        frame, title=tr("把恢复码收好"),
        detail=tr("忘了 PIN 或工号被锁定时，只有它能开这台机。屏幕上只出现这一次。"),
        figure="  ".join(code.split(GROUP_MARK)), cards=(card,), fields=(field,),
        message=message, next_word=tr("我写下来了"),
    )  # fmt: skip


def goods_page(frame: GuideView, found: int) -> GuideView:
    """Import, brands and classes only, or nothing yet; `found` articles are there."""
    cards = (
        CardView(name="import", word=tr("从 Excel 或 CSV 导入"), icon="file-spreadsheet",
                 description=tr("先看一遍：收哪些、哪一行有问题，一行不丢")),
        CardView(name="sample", word=tr("用开平优品的品牌和分类"), icon="tags",
                 description=tr("只有 1 个县级、6 个镇级品牌和产品分类，没有商品")),
        CardView(name="empty", word=tr("先空着"), icon="boxes",
                 description=tr("以后在 功能 › 商品 里导入")),
    )  # fmt: skip
    return msgspec.structs.replace(
        frame, title=tr("卖些什么？"), detail=tr("现在有 {count} 种商品", count=found),
        cards=cards, next_enabled=bool(found), next_reason=tr("先选一个"),
    )  # fmt: skip


def scan_page(frame: GuideView) -> GuideView:
    """Scan anything; the last page, so its button opens the till."""
    return msgspec.structs.replace(
        frame, title=tr("扫一扫"),
        detail=tr("拿任意一件东西扫一下，看收银机认不认得。没有扫码枪就直接继续。"),
        explain=ExplainView(), next_word=tr("开始卖"), can_skip=False,
    )  # fmt: skip
