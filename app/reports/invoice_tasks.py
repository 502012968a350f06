"""待办 of invoices: what came back of issued ones, what the platform refused or does not answer."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from app.money import yuan
from app.reports.task import Task
from app.sales.invoice_queries import Document, documents, red_letters_due
from app.sales.invoice_rules import FAILED, RED, REQUESTED, SENT
from app.sales.tax_codes import TaxCode

LONG_MS = 10 * 60_000
"""A request may wait this long before it is anybody's business."""


def invoice_tasks(
    db: Connection, shop: str, now_ms: int, codes: Sequence[TaxCode]
) -> Iterator[Task]:
    """Every open end of the shop's invoices."""
    for invoice, due in red_letters_due(db, shop, codes):
        yield Task(
            f"redletter:{invoice.document}",
            "red_letter_due",
            f"单 {invoice.number} 开过发票，退了货，要开红字发票 {yuan(due.amount)}",
            invoice.since_ms,
            "班长",
            ("issue",),
        )
    for each in documents(db, shop, states=(REQUESTED, SENT, FAILED)):
        if each.state == FAILED:
            yield _failed(each)
        elif now_ms - each.since_ms > LONG_MS:
            yield _waiting(each)


def _name(each: Document) -> str:
    if each.kind == RED:
        return f"单 {each.number} 的红字发票 {yuan(each.amount)}"
    return f"单 {each.number} 的发票 {yuan(each.amount)}"


def _failed(each: Document) -> Task:
    return Task(
        f"invoice:{each.document}",
        "invoice_failed",
        f"{_name(each)} 没有开成，请核对抬头后重开",
        each.since_ms,
        "收银",
        ("again",) if each.kind == RED else ("again", "withdraw"),
    )


def _waiting(each: Document) -> Task:
    sent = each.state == SENT
    return Task(
        f"invoice:{each.document}",
        "invoice_unknown" if sent else "invoice_waiting",
        f"{_name(each)} 还不知道开出没有" if sent else f"{_name(each)} 还没有发出，接通后自动开",
        each.since_ms,
        "收银",
        ("ask",),
    )
