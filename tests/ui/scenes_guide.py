"""Every page of the first run as a person sees it, built by the guide's own words."""

from collections.abc import Callable
from pathlib import Path

import msgspec
from scenes_rooms import paper_png

from app.clock import parse_time
from app.copied_till import CopiedTill
from app.facts.journals import JournalOpened
from app.journal.problems import Problem, Report
from app.journal.stored import StoredEntry
from ui.guide.answers import Answers
from ui.guide.later_pages import goods_page, recovery_page, scan_page
from ui.guide.pages import first_page, frame
from ui.guide.restoring_pages import PAGES as RESTORING
from ui.guide.restoring_pages import Lying, steps
from ui.language import tr
from ui.room_views import (
    CardView,
    ExplainView,
    FieldView,
    GuideView,
    ImportView,
    ListView,
    RowView,
)
from ui.screens.goods_import import finding_columns

ANSWERS = Answers(shop_name="展示馆旗舰店", seller_name="开平潭江优联有限公司", number="301")
WRONG_PIN = {"pin": "PIN 至少 6 位数字，不能是顺子，也不能只用一两个数字"}
WRONG_CODE = {"credit_code": "设置不对：统一社会信用代码是 18 位字母和数字"}
CODE = "7KQ4-M2XD-9TWB-H6RC-WWMM"


def first(page: str, errors: dict[str, str] | None = None) -> GuideView:
    return first_page(page, ANSWERS, errors or {}, keystore=True)


def later(step: str) -> GuideView:
    return msgspec.structs.replace(frame(step), can_skip=True)


def printer_kinds() -> GuideView:
    """As many cards as this page ever has."""
    words = ((tr("先用屏幕上的打印机"), tr("小票在屏幕上看；以后随时可换"), "monitor"),
             (tr("网口打印机"), tr("接在路由器上，有一个 IP 地址"), "printer"),
             (tr("USB 打印机"), tr("直接插在这台机上"), "printer"),
             (tr("没有打印机"), tr("小票以二维码显示在屏幕上，顾客扫走"),
              "receipt-text"))  # fmt: skip
    cards = tuple(
        CardView(name=word, word=word, description=under, icon=icon) for word, under, icon in words
    )
    return msgspec.structs.replace(later("printer"), title=tr("小票用什么打？"), cards=cards,
                                   next_enabled=False, next_reason=tr("先选一种"))  # fmt: skip


def printer_seen() -> GuideView:
    """What a person may see on paper, beside the paper as it should be."""
    words = (tr("都对：一行到头，字清楚"), tr("右边少了，或一行折成两行"), tr("只印了半边纸"),
             tr("有怪字或方块"), tr("纸是好的，钱箱没弹开"), tr("什么也没出来"))  # fmt: skip
    return msgspec.structs.replace(
        later("printer"), title=tr("您看到的是什么？"), next_word=tr("再打一张"), cards_first=True,
        cards=tuple(CardView(name=word, word=word) for word in words), preview_png=paper_png(),
    )  # fmt: skip


def scanned() -> GuideView:
    explained = ExplainView(
        code="6901234567892", kind="商品条码",
        facts=(("商品", "大沙红茶 100g"), ("货号", "1001"), ("售价", "68.00/罐")),
        next_step="收银时扫它，就加进这一单",
    )  # fmt: skip
    return msgspec.structs.replace(scan_page(later("scan")), explain=explained)


def recover() -> GuideView:
    fields = tuple(
        FieldView(name=name, word=tr(word), kind="code")
        for name, word in (("number", "工号"), ("code", "恢复码"), ("pin", "新的 PIN"))
    )
    return GuideView(step=0, steps=(), title=tr("用恢复码开锁"), fields=fields, can_skip=False,
                     next_word=tr("换新 PIN"))  # fmt: skip


def _lying(*, broken: bool = False) -> Lying:
    """What lies on a stick: two tills' copies, one of them looked at."""
    opened = JournalOpened(shop="KP07", till="1", device="", public_key="",
                           reason="first", series="")  # fmt: skip
    blank = StoredEntry("", 1, b"", b"", b"")
    found = CopiedTill(
        [blank] * 4731, [Problem("entry_missing", journal="", seq=10)] if broken else [],
        [(blank, opened)], ["301"], parse_time("2026-12-07T21:40:00+08:00"), "KP07-1-261207-0179",
    )  # fmt: skip
    places = [Path("/media/usb/开平优品备份/KP07-1"), Path("/media/usb/开平优品备份/KP07-2")]
    return Lying(places=places, found=found, series="B", number="301",
                 report=Report(True, (), 4733, ()))  # fmt: skip


def restoring(page: str, *, broken: bool = False) -> GuideView:
    words = steps(keystore=False)
    frame = GuideView(step=list(words).index(page), steps=tuple(words.values()), title="",
                      can_skip=False)  # fmt: skip
    return RESTORING[page](frame, _lying(broken=broken))


PAGES: dict[str, Callable[[], GuideView]] = {
    "guide_which": lambda: msgspec.structs.replace(first("which"), can_go_back=False),
    "guide_profile": lambda: first("profile"),
    "guide_shop": lambda: first("shop"),
    "guide_seller": lambda: first("seller", WRONG_CODE),
    "guide_keystore": lambda: first("keystore"),
    "guide_passphrase": lambda: first("passphrase"),
    "guide_person": lambda: first("person", WRONG_PIN),
    "guide_printer": printer_kinds,
    "guide_printer_seen": printer_seen,
    "guide_code": lambda: recovery_page(later("recovery"), CODE, prints=True),
    "guide_code_by_hand": lambda: recovery_page(later("recovery"), CODE, prints=False),
    "guide_goods": lambda: goods_page(later("goods"), 0),
    "guide_scan": lambda: scan_page(later("scan")),
    "guide_scanned": scanned,
    "guide_recover": recover,
    "restore_where": lambda: restoring("where"),
    "restore_code": lambda: restoring("code"),
    "restore_found": lambda: restoring("found"),
    "restore_broken": lambda: restoring("found", broken=True),
    "restore_person": lambda: restoring("person"),
    "restore_done": lambda: restoring("done"),
}


def import_seen() -> ImportView:
    rows = (
        RowView(key="1", cells=("4", "品名", "没有填写"), state="stop", under="1003,,散,盒,abc,"),
        RowView(key="2", cells=("4", "售价", "“abc”不是价格，请写成 12.50 这样"), state="stop",
                under="1003,,散,盒,abc,"),
        RowView(key="3", cells=("5", "称重", "单位是 kg，按称重商品处理"), state="warn",
                under="1004,冬瓜,,kg,6.60,"),
    )  # fmt: skip
    figures = ((tr("能收"), "1,203"), (tr("不能收"), "1"), (tr("空行"), "2"), (tr("提醒"), "1"))
    return ImportView(
        path="~/商品.xlsx", figures=figures, can_take=True,
        note=tr("不能收的行都列在下面。改好再看一遍，或先收能收的。"),
        findings=ListView(columns=finding_columns(), rows=rows, marked="1"),
        next_word=tr("导入 {count} 种", count="1,203"),
    )  # fmt: skip


def import_busy() -> ImportView:
    return msgspec.structs.replace(
        import_seen(), busy_word=tr("已写 {count} 种", count="750"), done=750, most=1203
    )


def import_empty() -> ImportView:
    empty = ListView(
        state="empty",
        state_title=tr("还没有选文件"),
        state_detail=tr("第一行是列名：货号、品名、单位、售价，还可以有条码、规格"),
    )
    return ImportView(findings=empty)


IMPORT: dict[str, Callable[[], ImportView]] = {
    "import_empty": import_empty,
    "import_seen": import_seen,
    "import_busy": import_busy,
}
