"""Scripted states of 价格与促销, and of 怎么算的 at the till."""

from ui.room_views import ListView, RowView, WhyView
from ui.screens.why import skipped_columns, why_columns


def why() -> WhyView:
    made = (
        RowView(key="0", cells=("标价（2026-12-07 17:00 起的价目）", "256.00"),
                under="128.00/罐 × 2"),
        RowView(key="1", state="ok", cells=("第二件半价", "−64.00"), under="促销 D12-TEA"),
        RowView(key="2", state="ok", cells=("满300减40", "−21.40"), under="促销 M300"),
    )  # fmt: skip
    skipped = (
        RowView(key="VIP", cells=("会员 9.5 折",), under="促销商品不再享受会员价"),
        RowView(key="A", cells=("黄茶特价",), under="与“第二件半价”同类，取了更省的那个"),
        RowView(key="N", cells=("下班前八折",), under="这一行放进来时不在促销时间内"),
    )
    return WhyView(
        under="大沙黄茶 特级 × 2 罐",
        made=ListView(columns=why_columns(), rows=made),
        skipped=ListView(columns=skipped_columns(), rows=skipped),
        total="170.60",
    )
