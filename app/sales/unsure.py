"""A person looked at the printer and says what became of an unsure paper."""

import msgspec
from sqlalchemy import func, select, update

from app.content import COPY_WORD, Paper, copy_mark, has_copy_mark
from app.errors import Refusal
from app.facts.sales import PrintAnswered, ReceiptReprinted
from app.print_queue import RECEIPT_LIFE_MS, Job, PrintQueue, print_job
from app.sales.tables import refund, reprint, sale
from app.transaction import Books, Transaction, transaction

ANSWERS = ("printed", "again", "drop")


def resolve_print(
    books: Books, job: str, answer: str, *, person: str, day: str = "", shift: str = ""
) -> None:
    """printed: it came out · again: print once more, marked 重印 · drop: nobody wants it.

    Raises Refusal: unknown_job, job_settled, bad_answer.
    """
    found = PrintQueue(books).job(job)
    if found is None:
        raise Refusal("unknown_job")
    if found.state not in ("UNSURE", "FAILED", "EXPIRED"):
        raise Refusal("job_settled")
    if answer not in ANSWERS:
        raise Refusal("bad_answer")
    with transaction(books, staff=person) as tx:
        head = {"shop": tx.shop, "till": tx.till, "day": day, "shift": shift}
        tx.record(PrintAnswered(**head, job=job, answer=answer))
        values: dict[str, object] = {"state": "PRINTED", "detail": f"by {person}"}
        if answer == "again":
            values = _again(tx, found, person, head)
        elif answer == "drop":
            values = {"state": "DROPPED", "detail": f"by {person}"}
        tx.execute(
            update(print_job).where(print_job.c.id == job).values(changed_ms=tx.now_ms, **values)
        )


def _again(tx: Transaction, job: Job, person: str, head: dict[str, str]) -> dict[str, object]:
    """The job waits once more; what may be on paper already makes the next one a copy."""
    values: dict[str, object] = {
        "state": "WAITING",
        "detail": "",
        "expires_ms": tx.now_ms + RECEIPT_LIFE_MS,
    }
    if job.state != "UNSURE":
        # Not a byte of it ever left, so what comes is what was asked for at first.
        return values
    number = tx.read(
        select(sale.c.number)
        .where(sale.c.shop == tx.shop, sale.c.sale == job.fact)
        .union_all(
            select(refund.c.number).where(refund.c.shop == tx.shop, refund.c.refund == job.fact)
        )
    )
    if job.kind not in ("receipt", "refund") or not number:
        return values | {"copies_printed": max(job.copies_printed, 1)}
    counted = tx.read(
        select(func.count()).where(reprint.c.shop == tx.shop, reprint.c.sale == job.fact)
    )
    copy = int(counted[0][0]) + 1
    tx.record(
        ReceiptReprinted(**head, sale=job.fact, number=number[0][0], person=person, copy=copy)
    )
    paper = msgspec.json.encode(marked(job.paper, copy)).decode()
    return values | {"paper": paper, "title": f"{number[0][0]} {COPY_WORD} {copy}"}


def marked(paper: Paper, copy: int) -> Paper:
    """The paper with 重印 n above it, instead of an earlier number."""
    rest = tuple(block for block in paper.blocks if not has_copy_mark(block, paper.language))
    return msgspec.structs.replace(paper, blocks=(copy_mark(copy, paper.language), *rest))
