"""待办 of payments: what nobody knows yet, money going back, what a bill says otherwise."""

from collections.abc import Iterator

from sqlalchemy import Connection

from app.clock import local
from app.money import yuan
from app.payments import reconciling, rules
from app.payments.queries import (
    Attempt,
    Disagreement,
    Refund,
    attempt_by_id,
    disagreements,
    open_attempts,
    open_refunds,
)
from app.payments.tabs import Tab, open_tabs
from app.reports.task import Task
from app.sales.bill_answers import answers_to, name_of
from app.tender_names import TENDER_NAMES

UNKNOWN_FOR_MS = 60_000
"""A charge may take this long before it is anybody's business."""
_BILL_WORDS = {
    reconciling.UNKNOWN_HERE: "账单上有，本机没有这笔",
    reconciling.NOT_TAKEN: "账单上已收，本机当作没有收到",
    reconciling.AMOUNT: "金额和账单不一样",
    reconciling.MISSING: "本机已收，账单上没有",
    reconciling.REFUND_MISSING: "本机已退，账单上没有",
    reconciling.REFUND_UNKNOWN: "账单上有退款，本机没有",
    reconciling.REFUND_AMOUNT: "退款金额和账单不一样",
    reconciling.STILL_OPEN: "账单上已收，本机还没有结果",
    reconciling.NO_SALE: "账单上已收，本机没有对应的小票",
    reconciling.STATIC_UNMATCHED: "静态码收款在账单上对不上",
}


def difference_words(kind: str) -> str:
    """What a difference with a bill is, in words."""
    return _BILL_WORDS[kind]


def payment_tasks(db: Connection, shop: str, now_ms: int) -> Iterator[Task]:
    """Every open end of the shop's payments."""
    for attempt in open_attempts(db, shop):
        if attempt.state in rules.ASIDE or now_ms - attempt.order_ms > UNKNOWN_FOR_MS:
            yield _attempt(attempt)
    for refund in open_refunds(db, shop):
        yield _refund(refund, attempt_by_id(db, shop, refund.attempt))
    today = local(now_ms).date().isoformat()
    for tab in open_tabs(db, shop):
        if tab.check_out and tab.check_out < today:
            yield _tab(tab)
    for each in disagreements(db):
        yield _difference(each, answers_to(db, shop, each))


def _attempt(attempt: Attempt) -> Task:
    name = TENDER_NAMES.get(attempt.tender, attempt.tender)
    parked = attempt.state in rules.ASIDE
    answers = ("query", "reverse", "release") if parked else ("query", "reverse")
    if attempt.state == rules.RELEASED:
        answers = ("query", "reverse")
    return Task(
        f"payment:{attempt.attempt}",
        "parked_payment" if parked else "unknown_payment",
        f"{name} {yuan(attempt.amount)} 还不知道收到没有（商户单号 {attempt.out_trade_no}）",
        attempt.order_ms,
        "店长" if parked else "收银",
        answers,
    )


def _refund(refund: Refund, attempt: Attempt | None) -> Task:
    name = TENDER_NAMES.get(refund.tender, refund.tender)
    late = attempt is not None and attempt.state == rules.LATE_CAPTURED
    failed = refund.state == rules.FAILED
    why = "撤销后才到账，原路退回" if late else "退款"
    stands = "没有退成，请看商户余额" if failed else "还在路上"
    kind = "refund_failed" if failed else "late_payment" if late else "refund_on_way"
    return Task(
        f"refund:{refund.refund_attempt}",
        kind,
        f"{name} {why} {yuan(refund.amount)} {stands}（退款单号 {refund.out_refund_no}）",
        refund.order_ms,
        "店长",
        ("again", "elsewhere") if failed else ("again",),
    )


def _tab(tab: Tab) -> Task:
    words = f"{tab.room} 房账还有 {yuan(tab.open)} 没有结，客人 {tab.check_out} 已退房"
    return Task(f"tab:{tab.tab}", "open_tab", words, tab.order_ms, "店长")


def _difference(each: Disagreement, answers: tuple[str, ...]) -> Task:
    name = TENDER_NAMES.get(each.tender, each.tender)
    figures = f"本机 {yuan(each.ours)}，账单 {yuan(each.theirs)}"
    return Task(
        f"bill:{name_of(each)}",
        "bill_difference",
        f"{each.day} {name} {difference_words(each.kind)}：{each.out_trade_no}，{figures}",
        each.found_ms,
        "店长",
        answers,
    )
