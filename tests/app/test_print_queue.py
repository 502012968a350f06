"""Papers waiting for a printer: durable, in order, and never printed twice by themselves."""

import pytest

from app import print_queue
from app.content import Paper, Text
from app.print_queue import RECEIPT_LIFE_MS, PrintQueue
from app.transaction import transaction
from tests.support.facts import sold
from tests.support.tills import TillInFolder

PAPER = Paper(kind="receipt", blocks=(Text("开平优品", align="center"),))


def put(till: TillInFolder, title: str = "KP01-1-1", printer: str = "receipt") -> str:
    till.clock.advance(10)
    with transaction(till.books) as tx:
        return print_queue.put(
            tx, printer=printer, kind="receipt", fact="f", title=title, paper=PAPER
        )


@pytest.fixture
def queue(till: TillInFolder) -> PrintQueue:
    return PrintQueue(till.books)


def test_a_paper_says_years_later_what_it_said_then(till: TillInFolder, queue: PrintQueue) -> None:
    job = queue.job(put(till))
    assert job is not None
    assert (job.paper, job.state, job.copies_printed) == (PAPER, "WAITING", 0)
    assert queue.job("nobody's") is None


def test_the_oldest_paper_of_a_printer_goes_first(till: TillInFolder, queue: PrintQueue) -> None:
    first, second = put(till, "1"), put(till, "2")
    put(till, "3", printer="labels")
    now = till.clock.wall_ms()
    for expected in (first, second, None):
        job = queue.next_job("receipt", now)
        assert (job.id if job else None) == expected
        if job:
            queue.mark(job.id, "PRINTED", "", now)


def test_a_sale_and_its_paper_come_together_or_not_at_all(
    till: TillInFolder, queue: PrintQueue
) -> None:
    def half() -> None:
        with transaction(till.books) as tx:
            tx.record(sold())
            print_queue.put(tx, printer="receipt", kind="receipt", fact="f", title="", paper=PAPER)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert queue.open_jobs() == []


def test_a_receipt_nobody_could_print_for_two_hours_is_no_longer_wanted(
    till: TillInFolder, queue: PrintQueue
) -> None:
    job = put(till)
    till.clock.advance(RECEIPT_LIFE_MS - 1)
    assert queue.next_job("receipt", till.clock.wall_ms()) is not None
    till.clock.advance(1)
    assert queue.next_job("receipt", till.clock.wall_ms()) is None
    expired = queue.job(job)
    assert expired is not None and expired.state == "EXPIRED"


def test_a_till_that_died_while_printing_asks_instead_of_printing_again(
    till: TillInFolder, queue: PrintQueue
) -> None:
    sending, waiting = put(till, "1"), put(till, "2")
    queue.mark(sending, "SENDING", "", till.clock.wall_ms())
    till.close()
    queue = PrintQueue(till.books)
    assert queue.after_restart(till.clock.wall_ms()) == 1
    states = {job.id: job.state for job in queue.open_jobs()}
    assert states == {sending: "UNSURE", waiting: "WAITING"}
    job = queue.next_job("receipt", till.clock.wall_ms())
    assert job is not None and job.id == waiting
    assert queue.after_restart(till.clock.wall_ms()) == 0


def test_copies_are_counted_when_they_came_out(till: TillInFolder, queue: PrintQueue) -> None:
    job = put(till)
    for state in ("SENDING", "UNSURE", "PRINTED", "PRINTED"):
        queue.mark(job, state, "", till.clock.wall_ms())
    printed = queue.job(job)
    assert printed is not None and printed.copies_printed == 2
    assert queue.open_jobs() == []
