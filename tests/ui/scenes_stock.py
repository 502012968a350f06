"""Scripted states of 收货 and 库存."""

import msgspec

from app.facts.catalogue import Product
from app.reports.lots import LotShown
from app.stock.dispatches import Dispatch, Sent
from app.stock.overview import Listed, Overview
from app.stock.receiving_rules import Look
from app.stock.reordering import Need
from ui.document_views import DocumentView
from ui.language import tr
from ui.presenters import receiving_views, stock_paper_views, stock_views
from ui.presenters.asking import ask_value
from ui.presenters.file_question import ask_file
from ui.presenters.receiving_says import ask_for
from ui.presenters.receiving_sheet import ReceivingSheet, SheetLine
from ui.presenters.stock_sheet import ADJUST, StockLine, StockSheet
from ui.views import MessageView

SHEET = ReceivingSheet(
    document="d", dispatch="d", number="DB-0417", supplier="配送中心", temperature="3.5", marked=1,
    lines=(
        SheetLine(product="16009", name="大沙麦菜", unit="kg", weighed=True, typed="19.600",
                  expected=20_000, batch="MC1123", certificate="HGZ-1", needs_certificate=True,
                  cost="5.8000", box="BOX-1", reason="短少"),
        SheetLine(product="13006", name="金鸡皮蛋 6枚", unit="盒", weighed=False, typed="48",
                  expected=48_000, batch="JJ1201", expires="2027-08-01", cost="9.4000",
                  floor="8.0000", box="BOX-2"),
        SheetLine(product="11004", name="绿色马冈鹅", unit="kg", weighed=True, expected=30_000,
                  batch="MG1207", expires="2026-12-14", needs_certificate=True, cost="60.0000",
                  box="BOX-3"),
    ),
)  # fmt: skip
LOOK = Look("13006", 8_400_000, 119, 440, ("cost_changed",))


def receiving() -> DocumentView:
    return receiving_views.writing_view(SHEET, LOOK, "")


def receiving_refused() -> DocumentView:
    said = "绿色马冈鹅 缺少承诺达标合格证，不能收"
    view = receiving_views.writing_view(SHEET.mark(2).say(typed="30.000"), None, said)
    return msgspec.structs.replace(view, message=MessageView(text=said, code="no_certificate"))


def receiving_reason() -> DocumentView:
    asking = ask_for("reason", lambda _value: None)
    return msgspec.structs.replace(receiving(), question=asking.view)


def receiving_asking() -> DocumentView:
    asking = ask_for("certificate", lambda _value: None)
    return msgspec.structs.replace(receiving(), question=asking.view)


def receiving_pin() -> DocumentView:
    asking = ask_value("工号 301 的 PIN", lambda _pin: None, kind="secret", yes="授权")
    return msgspec.structs.replace(receiving(), question=asking.view)


def receiving_done() -> DocumentView:
    came = (("大沙麦菜", "19.600 kg"), ("金鸡皮蛋 6枚", "48 盒"))
    return receiving_views.done_view("RK-1-261207-01", came, 1, ("cost_changed",))


def receiving_list() -> DocumentView:
    return receiving_views.choosing_view([("d", SHEET, 1_796_623_320_000)], [])


def receiving_none() -> DocumentView:
    return receiving_views.choosing_view([], [])


def product(code: str, name: str, spec: str = "", *, weighed: int = 0) -> Product:
    unit = "kg" if weighed else "盒"
    return Product(code=code, name=name, spec=spec, unit=unit, weighed=weighed, price=1680)


def places(code: str, shelf: int, store: int = 0, held: int = 0, coming: int = 0) -> Overview:
    return Overview(
        product=code, places={"shelf": shelf, "store": store, "quarantine": held, "reserved": 0},
        coming=coming, going=0, late=0, counted_ms=1_796_623_320_000, counted=40_000,
    )  # fmt: skip


EGGS = product("13006", "金鸡皮蛋", "6枚")
GOOSE = product("11004", "绿色马冈鹅", weighed=1)


def stock() -> DocumentView:
    tea = product("12003", "大沙黄茶 特级", "100g")
    return stock_views.goods_view(
        [
            (tea, places("12003", -1_000)),
            (GOOSE, places("11004", 35_400, 12_000)),
            (EGGS, places("13006", 38_000, 24_000, 2_000, 48_000)),
        ]
    )


def lots() -> DocumentView:
    shown = LotShown(
        lot="1", batch="JJ1201", quantity=38_000, unit_cost=9_500_000, made="2026-12-01",
        expires="2027-08-01", certificate="", village="石迳村", report="JC-77", level="town",
        floor=0, supplier="金鸡合作社", received_ms=0, state="sellable",
    )  # fmt: skip
    old = msgspec.structs.replace(
        shown, lot="2", batch="JJ1105", expires="2026-12-06", state="expired"
    )
    return stock_views.lots_view(
        EGGS, places("13006", 38_000, 24_000, 2_000, 48_000),
        [(old, {"quarantine": 2_000}), (shown, {"shelf": 38_000, "store": 24_000})],
        tr("{till} 号机的账到 {age}", till="2", age=tr("{count} 分钟前", count=12)),
    )  # fmt: skip


def adjusting() -> DocumentView:
    line = StockLine(product="13006", name="金鸡皮蛋 6枚", unit="盒", weighed=False, typed="2",
                     lot="2", batch="JJ1105", reason="expired")  # fmt: skip
    return stock_views.writing_view(StockSheet(kind=ADJUST, lines=(line,)), "", "−19.00")


def reasons() -> DocumentView:
    return stock_views.picking_view("为什么？", stock_views.reason_rows(), goods=False)


def documents() -> DocumentView:
    rows = (
        ("transfer_out", "DB-1-261207-01", "KP02"),
        ("adjustment", "TZ-1-261207-02", "赤坎镇政府"),
        ("receiving", "RK-1-261207-01", "金鸡合作社"),
    )
    return stock_paper_views.documents_view(
        [Listed(number, number, kind, party, "301", 1_796_623_320_000)
         for kind, number, party in rows]
    )  # fmt: skip


def gone(product: str, quantity: int, arrived: int, lost: int) -> Sent:
    return Sent(
        "d-1",
        "DB-1-261207-01",
        "KP02",
        product,
        "lot-1",
        quantity,
        arrived,
        lost,
        1_796_626_000_000,
    )


def transit() -> DocumentView:
    going = [gone("13006", 5_000, 0, 0), gone("12003", 2_000, 0, 0)]
    coming = Dispatch(
        document="d-2", number="DB-0417", source="KP03", supplier="", waybill="",
        order_ms=1_796_630_000_000, lines=(),
    )  # fmt: skip
    return stock_paper_views.transit_view(going, [coming])


def answered() -> DocumentView:
    known = {
        "13006": product("13006", "金鸡皮蛋", "6枚"),
        "12003": product("12003", "大沙黄茶", "特级"),
    }
    came = [gone("12003", 2_000, 2_000, 0), gone("13006", 5_000, 4_000, 1_000)]
    return stock_paper_views.answer_view(came, known, {"lot-1": "JJ1201"})


def file_asked() -> DocumentView:
    asking = ask_file("对方店的回单在哪里？", lambda _kinds: "", lambda _path: None)
    return msgspec.structs.replace(transit(), question=asking.view)


def needs() -> DocumentView:
    found = (Need("13006", 56_000, 12_000, 0, 24_000), Need("11004", 35_400, 60_000, 0, 0))
    return stock_paper_views.needs_view(found, {"13006": EGGS, "11004": GOOSE}, 14)


RECEIVING = {
    "receiving": receiving,
    "receiving_refused": receiving_refused,
    "receiving_reason": receiving_reason,
    "receiving_asking": receiving_asking,
    "receiving_pin": receiving_pin,
    "receiving_done": receiving_done,
    "receiving_list": receiving_list,
    "receiving_none": receiving_none,
}
STOCK = {"stock": stock, "stock_lots": lots, "stock_adjust": adjusting, "stock_reasons": reasons}
PAPERS = {
    "stock_papers": documents,
    "stock_transit": transit,
    "stock_answer": answered,
    "stock_file_asked": file_asked,
    "stock_ledgers": stock_paper_views.ledgers_view,
    "stock_order": needs,
}
