"""What a person answers to an entry of 待办: the window's button and the console's command."""

from app.errors import Refusal
from app.payments import rules
from app.payments.queries import attempt_by_id
from app.sales import bill_answers
from app.sales.held_elsewhere import see_twice
from app.sales.staffing import unlock
from app.sales.unsure import resolve_print
from app.staff.actions import review
from app.staff.rules import NOBODY, Approver
from ui.startup import Till
from ui.stock_settling import KINDS, settle_goods

PATIENCE_S = 1.0
"""How long a network that is asked again is waited for before the answer."""
ELSEWHERE = ("stock", "feed", "held", "tab", "count", "odd", "count_open", "count_late")
"""Tasks that end by themselves when the work is done in its own room."""


def settle(till: Till, task: str, answer: str, approver: Approver = NOBODY) -> None:
    """Settle a task ("kind:name") with one of its answers.

    Raises Refusal: unknown_task, bad_task_answer, task_elsewhere, approval_needed and what the
    action behind it refuses.
    """
    kind, _, name = task.partition(":")
    desk = till.counter.desk
    if kind in ("payment", "refund", "bill"):
        _payment(till, kind, name, answer, approver)
    elif kind in ("invoice", "redletter"):
        _invoice(till, kind, name, answer, approver)
    elif kind in KINDS:
        settle_goods(till, kind, name, answer, approver)
    elif kind == "print":
        person = desk.signed_in()
        resolve_print(till.books, name, answer, person=person, day=desk.day, shift=desk.shift_id)
    elif kind == "clock" and answer == "right":
        desk.confirm_clock()
    elif kind == "difference" and answer == "confirm":
        desk.confirm_difference(name, approver)
    elif kind == "self":
        by = desk.allowed("review", approver) or desk.person
        review(till.books, name, answer, by=by, day=desk.day, shift=desk.shift_id)
    elif kind == "twice" and answer == "seen":
        see_twice(desk, name, desk.allowed("review", approver) or desk.person)
    elif kind == "tag" and answer in ("reprint", "taken"):
        till.labels.change_tag(name, reprint=answer == "reprint", approver=approver)
    elif kind == "pin" and answer == "unlock":
        unlock(desk, name, approver)
    elif kind in ELSEWHERE:
        raise Refusal("task_elsewhere")
    else:
        raise Refusal("unknown_task")


def _payment(till: Till, kind: str, name: str, answer: str, approver: Approver) -> None:
    desk = till.counter.desk
    desk.signed_in()
    if kind == "bill" and answer == "sale":
        till.counter.sell_found(name, approver)
    elif kind == "bill":
        by = desk.allowed(bill_answers.RIGHT, approver) or desk.person
        bill_answers.settle_difference(till.books, name, answer, by)
    elif kind == "payment" and answer == "release":
        with till.books.read() as db:
            attempt = attempt_by_id(db, till.books.shop, name)
        if attempt is None or rules.RELEASE not in rules.MOVES[attempt.state]:
            raise Refusal("unknown_task")
        till.counter.release(attempt, approver)
    elif answer in ("query", "reverse", "again"):
        till.payments.ask_now(name, reverse=answer == "reverse")
    elif kind == "refund" and answer == "elsewhere":
        till.counter.gave_otherwise(name, approver)
    else:
        raise Refusal("bad_task_answer")
    till.payments.settle(PATIENCE_S)


def _invoice(till: Till, kind: str, name: str, answer: str, approver: Approver) -> None:
    desk = till.counter.invoices
    if kind == "redletter" and answer == "issue":
        desk.red_letter(name, approver=approver)
    elif kind == "invoice" and answer == "again":
        desk.ask_again(name)
    elif kind == "invoice" and answer == "withdraw":
        desk.withdraw(name)
    elif kind == "invoice" and answer == "ask":
        till.invoices.ask_now(name)
        till.invoices.step()
    else:
        raise Refusal("bad_task_answer")
