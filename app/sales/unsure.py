"""A person looked at the printer and says what became of an unsure paper."""

from sqlalchemy import update

from app.errors import Refusal
from app.facts.sales import PrintAnswered
from app.print_queue import RECEIPT_LIFE_MS, PrintQueue, print_job
from app.transaction import Books, transaction

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
        tx.record(
            PrintAnswered(
                shop=tx.shop, till=tx.till, day=day, shift=shift, job=job, answer=answer
            )
        )
        values: dict[str, object] = {"state": "PRINTED", "detail": f"by {person}"}
        if answer == "again":
            # Some of it may be on paper already, so what comes now is a copy and says so.
            values = {
                "state": "WAITING",
                "copies_printed": max(found.copies_printed, 1),
                "expires_ms": tx.now_ms + RECEIPT_LIFE_MS,
            }
        elif answer == "drop":
            values = {"state": "DROPPED", "detail": f"by {person}"}
        tx.execute(
            update(print_job)
            .where(print_job.c.id == job)
            .values(changed_ms=tx.now_ms, **values)
        )
