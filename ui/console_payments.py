"""Console commands of money: every tender, attempts through networks, what stays unclear."""

from pathlib import Path
from typing import Any

from app.clock import iso
from app.errors import Refusal
from app.money import parse_yuan, yuan
from app.payments import rules
from app.payments.queries import (
    Attempt,
    attempt_by_id,
    attempts_of,
    attempts_of_day,
    open_attempts,
    open_refunds,
)
from app.payments.tabs import name_of_tab, open_tabs
from app.reports.payment_tasks import difference_words
from app.sales.actions import Completed
from app.sales.collecting import BY_REFERENCE
from app.sales.queries import numbers_of
from app.shifts.report import Report
from app.tender_names import CHANNELS
from sync.channels.chosen import keep_keys
from ui.bills import compare_bills
from ui.console import Answer, Commands, Seat
from ui.console_answers import basket_answer
from ui.payment_words import STATES, WORDS

PAYMENTS = Commands()
command = PAYMENTS.add
PATIENCE_S = 1.0
"""`pay` answers `waiting` when a network has not answered for so long."""


@command
def pay(seat: Seat, *, tender: str, amount: str | None = None, code: str = "") -> Answer:
    fen = None if amount is None else parse_yuan(amount)
    covered = seat.counter.basket.exchange is not None and not seat.counter.due().open
    if tender in CHANNELS and not covered:
        attempt = seat.counter.charge(tender, fen, code, approver=seat.approver)
        return charged(seat, attempt)
    if tender == "cash" or covered:
        done = seat.counter.pay_cash(fen, approver=seat.approver)
    elif tender in BY_REFERENCE:
        done = seat.counter.pay_by_reference(tender, fen, code, approver=seat.approver)
    elif tender == "account":
        done = seat.counter.pay_account(fen, code, approver=seat.approver)
    elif tender == "voucher":
        done = seat.counter.pay_voucher(fen, code, approver=seat.approver)
    elif tender == "room":
        done = seat.counter.pay_room(fen, code, approver=seat.approver)
    elif tender == "static_qr":
        done = seat.counter.pay_static(fen, code, approver=seat.approver)
    else:
        raise Refusal("bad_tender", tender=tender[:20])
    return paid(done) if done else _part_paid(seat, "open")


def charged(seat: Seat, attempt: str) -> Answer:
    """How a charge stands a second after it was asked for."""
    payments = seat.till.payments
    payments.settle(PATIENCE_S)
    with seat.books.read() as db:
        found = attempt_by_id(db, seat.books.shop, attempt)
    assert found is not None
    last = seat.counter.last
    if found.state == rules.CAPTURED and last is not None and last.id == found.basket:
        return {**paid(last), "attempt": attempt}
    state = STATES[found.state]
    if found.state == rules.CAPTURED:
        state = "open"
    answer = _part_paid(seat, state) | {"attempt": attempt, "words": WORDS[found.state]}
    if reason := payments.reason(attempt):
        answer["reason"] = reason
    if shown := payments.shown(attempt):
        answer["show"] = shown
    return answer


def _part_paid(seat: Seat, state: str) -> Answer:
    due = seat.counter.due()
    return {
        "due": yuan(due.due),
        "rounding": yuan(due.rounding),
        "open": yuan(due.open),
        "paid": yuan(due.paid),
        "tendered": yuan(due.tendered),
        "change": yuan(due.change),
        "state": state,
        "basket": basket_answer(seat.counter),
    }


def paid(done: Completed) -> Answer:
    """A sale that is complete; of an exchange what was paid, or went back, beyond the goods."""
    sale = done.sale
    worth = done.back.refund.amount if done.back else 0
    exchanged = done.back.exchanged if done.back else 0
    answer: Answer = {
        "due": yuan(sale.due - worth),
        "rounding": yuan(sale.rounding),
        "open": "0.00",
        "paid": yuan(sale.due - exchanged),
        "tendered": yuan(sum(tender.tendered for tender in sale.tenders) - exchanged),
        "change": yuan(sale.change),
        "state": "complete",
        "receipt": {"number": sale.number, "hash6": done.entry.hash6},
    }
    if done.back is not None:
        refund = done.back.refund
        answer["refund"] = {
            "number": refund.number,
            "amount": yuan(refund.amount),
            "tenders": [
                {"tender": way.tender, "amount": yuan(way.amount)} for way in refund.tenders
            ],
        }
    return answer


@command
def tabs(seat: Seat) -> Answer:
    return {"tabs": tabs_answer(seat)}


def tabs_answer(seat: Seat) -> list[Answer]:
    """Open tabs with their guests' names."""
    books = seat.books
    with books.read() as db:
        return [
            {
                "tab": tab.tab,
                "room": tab.room,
                "name": name_of_tab(db, books.secrets, tab.tab),
                "open": yuan(tab.open),
                "check_out": tab.check_out,
                "since": iso(tab.order_ms),
            }
            for tab in open_tabs(db, books.shop)
        ]


def open_ends(seat: Seat, report: Report) -> Answer:
    """What X and Z list beside the totals: open tabs, payments nobody knows the end of, and
    invoices that are not issued."""
    books = seat.books
    with books.read() as db:
        unknown = open_attempts(db, books.shop, books.till)
    listed = {"invoices_open": report.ends.invoices, "red_letters_due": report.ends.red_letters}
    return {
        "open_tabs": tabs_answer(seat),
        "unknown_payments": [_attempt(seat, each, "") for each in unknown],
        **{
            name: [{"receipt": number, "amount": yuan(fen)} for number, fen in found]
            for name, found in listed.items()
        },
    }


@command
def tab_settle(
    seat: Seat, *, tab: str, tender: str, amount: str | None = None, code: str = ""
) -> Answer:
    fen = None if amount is None else parse_yuan(amount)
    if tender in CHANNELS:
        attempt = seat.counter.charge_tab(tab, tender, fen, code)
        seat.till.payments.settle(PATIENCE_S)
        return {**_one(seat, attempt), "tabs": tabs_answer(seat)}
    if tender != "cash" and tender not in BY_REFERENCE:
        raise Refusal("bad_tender", tender=tender[:20])
    money = seat.counter.settle_tab(tab, tender, fen, code)
    return {
        "state": "complete",
        "amount": yuan(money.amount),
        "change": yuan(money.change),
        "tabs": tabs_answer(seat),
    }


@command
def payments(seat: Seat, *, number: str = "") -> Answer:
    books = seat.books
    with books.read() as db:
        if number:
            found = attempts_of(db, books.shop, seat.counter.receipts.find(number).id)
        else:
            today = attempts_of_day(db, books.shop, books.till, seat.desk.business_day())
            known = {each.attempt for each in today}
            before = open_attempts(db, books.shop, books.till)
            found = [each for each in before if each.attempt not in known] + today
        numbers = numbers_of(db, books.shop, [each.basket for each in found])
        refunds = open_refunds(db, books.shop, books.till)
    return {
        "payments": [_attempt(seat, each, numbers.get(each.basket, "")) for each in found],
        "refunds": [
            {
                "refund": each.refund_attempt,
                "attempt": each.attempt,
                "tender": each.tender,
                "amount": yuan(each.amount),
                "state": each.state,
                "out_refund_no": each.out_refund_no,
                "reason": seat.till.payments.reason(each.refund_attempt),
            }
            for each in refunds
        ],
    }


def _attempt(seat: Seat, each: Attempt, number: str) -> dict[str, Any]:
    now = seat.books.clock.wall_ms()
    return {
        "attempt": each.attempt,
        "receipt": number,
        "tender": each.tender,
        "amount": yuan(each.amount),
        "state": STATES[each.state],
        "out_trade_no": each.out_trade_no,
        "trade_no": each.trade_no,
        "age_s": max(now - each.order_ms, 0) // 1000,
        "next": _next(seat, each),
        "words": WORDS[each.state],
        "step": each.state,
        "time": iso(each.order_ms),
    }


def _next(seat: Seat, each: Attempt) -> str:
    """What happens next by itself, in words; "" when nothing does."""
    if seat.till.payments.asking(each.attempt):
        return "等支付网络回答"
    step = seat.till.payments.next_of(each.attempt)
    if step.what == rules.NOTHING:
        return "请对账单" if each.state in rules.OPEN else ""
    seconds = max(step.at - seat.books.clock.monotonic_ms(), 0) // 1000
    doing = {rules.QUERY: "查询", rules.REVERSE: "撤销", rules.PARK: "挂起", rules.SEND: "发出"}
    return f"{seconds} 秒后{doing.get(step.what, '作废')}"


@command
def query(seat: Seat, *, attempt: str) -> Answer:
    return _ask(seat, attempt, reverse=False)


@command
def reverse(seat: Seat, *, attempt: str) -> Answer:
    if any(each.attempt == attempt for each in seat.counter.basket.handed):
        # It was paid, and the basket is still here: the money goes back as a refund.
        seat.counter.refund_captured(attempt)
        seat.till.payments.settle(PATIENCE_S)
        return _one(seat, attempt)
    return _ask(seat, attempt, reverse=True)


def _ask(seat: Seat, attempt: str, *, reverse: bool) -> Answer:
    seat.desk.signed_in()
    seat.till.payments.ask_now(attempt, reverse=reverse)
    seat.till.payments.settle(PATIENCE_S)
    return _one(seat, attempt)


def _one(seat: Seat, attempt: str) -> Answer:
    with seat.books.read() as db:
        found = attempt_by_id(db, seat.books.shop, attempt)
        assert found is not None
        numbers = numbers_of(db, seat.books.shop, [found.basket])
    stands = _attempt(seat, found, numbers.get(found.basket, ""))
    return {"payments": [stands], **stands}


@command
def reconcile(seat: Seat, *, date: str = "") -> Answer:
    compared = compare_bills(seat.till, date or seat.desk.today, seat.approver)
    return {
        "date": compared.day,
        "bills": compared.rows,
        "offline": compared.offline,
        "differences": [
            {
                "kind": each.kind,
                "tender": tender,
                "words": difference_words(each.kind),
                "out_trade_no": each.out_trade_no,
                "out_refund_no": each.out_refund_no,
                "attempt": each.attempt,
                "ours": yuan(each.ours),
                "theirs": yuan(each.theirs),
            }
            for tender, each in compared.found
        ],
    }


@command
def channel_keys(seat: Seat, *, kind: str, file: str = "") -> Answer:
    seat.desk.allowed("settings", approver=seat.approver)
    try:
        raw = Path(file).read_bytes() if file else b""
    except (OSError, ValueError):
        # A name no system takes (a NUL in it) is a file that cannot be read, too.
        raise Refusal("channel_keys_bad", detail="file") from None
    keep_keys(seat.books, kind, raw, seat.desk.person)
    seat.till.channels.forget()
    return {}
