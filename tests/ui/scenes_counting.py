"""Scripted states of the room in which goods are counted."""

from msgspec.structs import replace

from app.facts.catalogue import Product
from app.sales.count_sheets import Typed
from ui.count_views import CountView, ZoneView
from ui.presenters.asking import ask_choice, ask_value
from ui.presenters.count_views import buttons_of, hint_of, sheet_list
from ui.room_views import ColumnView, ListView, RowView
from ui.views import MessageView

ZONES = (
    ZoneView(zone="A1", state="counted"),
    ZoneView(zone="A2", state="counted"),
    ZoneView(zone="A3", state="here"),
    ZoneView(zone="B1", state="missed"),
)
HINT = "扫架码换区 · 扫商品、批次码、秤签 · 输数量"


def goods(code: str, name: str, unit: str, *, weighed: int = 0) -> Product:
    return Product(code=code, name=name, unit=unit, weighed=weighed, price=0)


HEAD = {"under": "A3 架 · 李四 · 照常营业", "zones": ZONES, "marks": "重复 2 · 不认识 1"}
COUNT = CountView(
    mode="count",
    **HEAD,
    name="大沙黄茶",
    detail="特级 100g · 已认批",
    entry="本笔 22 罐",
    total="22",
    total_label="本架已点（罐）",
    hint=HINT,
    recent=(
        "14:02 大沙黄茶 22 罐",
        "14:01 绿色马冈光鹅 34.950 kg",
        "13:58 金鸡皮蛋 41 盒",
        "13:57 马冈鹅蛋卷 12 盒",
    ),
)
START = CountView(
    mode="start",
    under="照常营业",
    name="扫货架码开始盘点",
    detail="没有架码就按 K 输货架号",
    note="Backspace 撤上一笔；扫到的再扫一次加一",
    hint=HINT,
)
UNKNOWN = CountView(
    mode="count",
    **HEAD,
    name="6901234567892",
    detail="不认识这个码，先记下来，事后再查",
    entry="本笔 1",
    total="1",
    total_label="本架已点（件）",
    waiting="× 5",
    hint=HINT,
    message=MessageView(text="复点要换一个人来点", code="recount_same"),
)
AGAIN = CountView(
    mode="again",
    **HEAD,
    hint="重新点到的数量，Enter",
    rows=ListView(
        columns=(
            ColumnView(title="品名", look="strong"),
            ColumnView(title="货架", width=140),
            ColumnView(title="为什么", width=280),
        ),
        rows=(
            RowView(
                key="12003", state="warn", cells=("大沙黄茶 特级 100g", "A3", "差异大，换人复点")
            ),
            RowView(key="13006", state="warn", cells=("金鸡皮蛋", "A3、B1", "点的时候有卖出")),
        ),
        marked="12003",
    ),
)
REVIEW = CountView(
    mode="review",
    **HEAD,
    rows=ListView(
        columns=(
            ColumnView(title="品名", look="strong"),
            ColumnView(title="点时账面", width=120, right=True),
            ColumnView(title="实盘", width=120, right=True),
            ColumnView(title="差", width=120, right=True),
            ColumnView(title="金额", width=130, right=True, look="figure"),
            ColumnView(title="复点", width=70),
        ),
        rows=(
            RowView(
                key="12003",
                state="warn",
                cells=("大沙黄茶 特级 100g", "23 罐", "22 罐", "−1 罐", "−76.00", "要"),
            ),
            RowView(key="13006", cells=("金鸡皮蛋", "40 盒", "41 盒", "+1 盒", "9.50", "")),
            RowView(
                key="11004",
                cells=("绿色马冈光鹅", "35.100 kg", "34.950 kg", "−0.150 kg", "−9.00", ""),
            ),
        ),
        marked="12003",
        foot="未点到 14 种：保持账面（清零要另批）",
    ),
    net_label="净差",
    net="−75.50",
    confirm_word="批准",
    confirm_enabled=True,
)
ASKING = CountView(
    mode="review",
    **HEAD,
    rows=REVIEW.rows,
    net_label="净差",
    net="−75.50",
    confirm_word="批准",
    question=ask_value(
        "请另一人授权：工号", lambda _typed: None, detail="要店长授权", yes="授权"
    ).view,
)
SHEET = CountView(
    mode="sheet",
    **HEAD,
    hint=hint_of("sheet"),
    rows=sheet_list(
        "10001",
        [
            Typed(1, "11014", goods("11014", "马冈鹅蛋卷", "盒"), 99_000),
            Typed(2, "12001", goods("12001", "大沙红茶", "罐"), 0),
            Typed(3, "16009", goods("16009", "大沙麦菜", "kg", weighed=1), None),
            Typed(4, "12003", goods("12003", "大沙黄茶 特级", "罐"), None),
        ],
        "3",
    ),
)
SHEET_ASKED = replace(
    COUNT,
    question=ask_choice(
        "盘点表",
        (
            ("type", "录入一张"),
            ("here_roll", "本架小票纸"),
            ("here_a4", "本架 A4"),
            ("all_roll", "各架小票纸"),
            ("all_a4", "各架 A4"),
        ),
        lambda _choice: None,
        keyed=True,
    ).view,
)
LOOKS = CountView(
    mode="looks",
    **HEAD,
    rows=ListView(
        columns=(
            ColumnView(title="什么", width=100),
            ColumnView(title="哪里", look="strong"),
            ColumnView(title="货架", width=150),
        ),
        rows=(
            RowView(key="1", cells=("没点", "B1 架", ""), state="warn", action_word="去点"),
            RowView(
                key="2",
                cells=("重复", "金鸡皮蛋 盒装", "A3"),
                under="两个人点过同一架",
                state="warn",
                action_word="复点",
            ),
            RowView(
                key="3",
                cells=("不认识", "6901234567892", "A3"),
                under="点到 5",
                state="warn",
                action_word="认货",
            ),
            RowView(key="4", cells=("挂单里", "马冈鹅蛋卷 300g", ""), under="2 盒"),
        ),
        marked="1",
    ),
)
ZERO = CountView(
    mode="zero",
    **HEAD,
    rows=ListView(
        columns=(
            ColumnView(title="选", width=40),
            ColumnView(title="没点到的", look="strong"),
            ColumnView(title="账面", width=140, right=True),
            ColumnView(title="金额", width=150, right=True, look="figure"),
        ),
        rows=(
            RowView(key="1", cells=("✓", "大沙红茶 100g", "12 罐", "456.00")),
            RowView(key="2", cells=("", "马冈鹅肝酱 120g", "6 瓶", "210.00")),
            RowView(key="3", cells=("✓", "生态马冈光鹅", "3.250 kg", "195.00")),
        ),
        marked="2",
        foot="没有选的保持账面",
    ),
    net_label="净差",
    net="−651.00",
    confirm_word="清零 2 种",
    confirm_enabled=True,
)
SCENES = {
    "count": COUNT,
    "count_start": START,
    "count_unknown": UNKNOWN,
    "count_again": AGAIN,
    "count_review": REVIEW,
    "count_asking": ASKING,
    "count_sheet": SHEET,
    "count_sheet_asked": SHEET_ASKED,
    "count_looks": LOOKS,
    "count_zero": ZERO,
}


def with_buttons(view: CountView) -> CountView:
    """With the letters of its page, in the language of the picture."""
    return replace(view, buttons=buttons_of(view.mode))
