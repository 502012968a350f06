"""Scripted states of 交班: counted, looked at, counted late, and done."""

import msgspec
from scenes_till import NOTES

from ui.presenters.asking import ask_value
from ui.room_views import CloseShiftView
from ui.views import ChoiceView, MessageView

COUNT = CloseShiftView(
    person="张三 101　08:02 开班", title="交班 ① 点钞", rows=NOTES, next_word="点好了",
    how="把钱箱里的钱点一遍，连备用金一起。应有多少，点完才显示。", back_word="返回",
    actions=(ChoiceView(name="late", word="补点", key="C"),
             ChoiceView(name="x", word="打印 X", key="X")),
)  # fmt: skip
CHECK = CloseShiftView(
    person="张三 101　08:02 开班", title="交班 ② 核对 ③ 交", step="check",
    figures=(("备用金", "500.00"), ("现金销售", "3,276.40"), ("现金退货", "−68.00"),
             ("支出与抽钞", "−2,050.00"), ("＝ 应有", "1,658.40")),
    counts=(("点钞 · 工号 101", "1,656.40"), ("复点 · 工号 201", "1,656.40")),
    tenders=(("微信 41 笔　退 128.00", "8,412.30"), ("支付宝 23 笔", "5,120.85"),
             ("现金 58 笔　退 68.00", "3,276.40"), ("银联 4 笔", "660.00"),
             ("数字人民币 1 笔", "120.00")),
    looks="\u00a0· ".join(f"{word}\u00a0{count}" for word, count in (
        ("结果不明", 0), ("挂单移交", 1), ("删行", 4), ("取消整单", 1), ("改价与折扣", 2),
        ("无销售开钱箱", 1), ("退货与换货", 2), ("重印", 3), ("改付款", 1))),
    verdict="短款", waits="差额待确认", difference="−2.00", state="warn",
    reasons=(ChoiceView(name="a", word="找零差错", key="1"),
             ChoiceView(name="b", word="漏记支出", key="2"),
             ChoiceView(name="c", word="还不清楚", key="3"),
             ChoiceView(name="other", word="其他…", key="4")),
    reason="other", next_word="交班并打印", back_word="重点",
    note="原因：早市借给隔壁换零钱\n可以请人授权，不授权也能交班，留在待办里等确认。",
    actions=(ChoiceView(name="verify", word="另一人复点", key="V"),
             ChoiceView(name="approve", word="请人授权", key="A")),
)  # fmt: skip
ASK = msgspec.structs.replace(
    CHECK,
    question=ask_value("工号 201 的 PIN", lambda _pin: None, kind="secret", yes="授权").view,
)
LATE = CloseShiftView(
    person="李四 201", title="补点 · 2026-12-06 工号 101 的班", step="check",
    counts=(("点钞 · 工号 201", "500.00"),), verdict="超过本人限额", state="warn",
    reasons=CHECK.reasons, needs_reason=True, note="请选原因。差多少，补点后显示。",
    next_word="补点", back_word="重点",
    message=MessageView(text="请写明原因", code="reason_needed"),
)  # fmt: skip
DAY = CloseShiftView(
    person="李四 201", title="已日结", step="done", verdict="日结单 Z 在打印",
    figures=(("营业日", "2026-12-12"), ("销售 180 笔", "17,589.55"), ("退货", "−196.00"),
             ("净额", "17,393.55"), ("抹零", "−0.37"), ("累计净额", "204,118.20")),
    note="下一次开班就是新的营业日。 更新已备好，现在装不耽误做生意。", next_word="完成",
    actions=(ChoiceView(name="pdf", word="存 PDF", key="P"),
             ChoiceView(name="update", word="装上 0.2.0", key="U")),
)  # fmt: skip
RESULT = CloseShiftView(
    person="张三 101", title="已交班", step="done", verdict="短款", waits="差额待确认",
    difference="−2.00", state="warn",
    figures=(("应有", "1,658.40"), ("实点", "1,656.40"), ("原因", "早市借给隔壁换零钱")),
    note="交班单在打印。 挂单 1 张，移交下一班。 差额已列入待办，等有权的人确认。",
    next_word="完成", actions=(ChoiceView(name="z", word="日结 Z", key="Z"),),
)  # fmt: skip
CLOSING = {
    "close_shift": lambda: COUNT,
    "close_shift_check": lambda: CHECK,
    "close_shift_ask": lambda: ASK,
    "close_shift_late": lambda: LATE,
    "close_shift_day": lambda: DAY,
    "close_shift_result": lambda: RESULT,
}
