"""How a charge stands, in the console's word and in a person's."""

from app.payments import rules

STATES = {
    rules.CREATED: "open",
    rules.SENT: "waiting",
    rules.USERPAYING: "waiting",
    rules.UNKNOWN: "unknown",
    rules.REVERSING: "unknown",
    rules.PARKED: "parked",
    rules.PARKED_REVERSING: "parked",
    rules.RELEASED: "parked",
    rules.CAPTURED: "complete",
    rules.LATE_CAPTURED: "complete",
    rules.DECLINED: "declined",
    rules.REVERSED: "declined",
    rules.ABANDONED: "declined",
}
WORDS = {
    rules.CREATED: "准备付款",
    rules.SENT: "已发出，等回答",
    rules.USERPAYING: "顾客正在输入密码",
    rules.UNKNOWN: "还不知道结果，正在查询",
    rules.REVERSING: "正在撤销",
    rules.PARKED: "没有结果，已挂起",
    rules.PARKED_REVERSING: "撤销没有结果，已挂起",
    rules.RELEASED: "已改用其他方式收款，仍在查询",
    rules.CAPTURED: "已收款",
    rules.LATE_CAPTURED: "撤销后才到账，正在原路退回",
    rules.DECLINED: "付款失败",
    rules.REVERSED: "已撤销",
    rules.ABANDONED: "没有发出，已作废",
}
