"""Whole or nothing; and when the disk will not say which, the till finds out before it speaks."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from app.database import Database, DriverError, Priority
from app.errors import Refusal, Trouble
from app.facts.base import Fact
from app.journal.tables import entry, mark
from app.row_writer import driver_of
from app.staff.tables import person
from app.transaction import transaction
from app.verification import verify_books, verify_folder
from tests.support.facts import sold
from tests.support.processes import failing_sync, selling
from tests.support.tills import TillInFolder


def entries_of(till: TillInFolder, fact_id: str) -> int:
    return int(str(till.rows("SELECT count(*) FROM entry WHERE fact = ?", fact_id)[0][0]))


# --- whole or nothing -------------------------------------------------------------------------


def test_entry_tables_and_papers_come_together(till: TillInFolder) -> None:
    till.record(sold(), fact_id="sale-1")
    assert till.rows("SELECT sale, due FROM sale") == [("sale-1", 3700)]
    assert till.rows("SELECT quantity FROM on_hand") == [(-2000,)]
    assert verify_books(till.books).ok


def test_a_bug_in_the_middle_leaves_nothing_behind(till: TillInFolder) -> None:
    def half_way() -> None:
        with transaction(till.books) as tx:
            tx.record(sold(), "sale-1")
            tx.execute(mark.insert(), {"name": "half", "value": "done"})
            assert tx.read(select(entry.c.seq)) != []
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_way()
    assert till.rows("SELECT count(*) FROM entry") == [(1,)]
    assert till.rows("SELECT count(*) FROM mark WHERE name = 'half'") == [(0,)]
    till.record(sold(), fact_id="sale-1")
    assert verify_books(till.books).ok


def test_a_transaction_reads_what_it_has_recorded(till: TillInFolder) -> None:
    with transaction(till.books) as tx:
        tx.record(sold(), "sale-1")
        assert [row.seq for row in tx.read(select(entry.c.seq).order_by(entry.c.seq))] == [1, 2]


def test_a_fact_is_recorded_once_and_its_meaning_with_it(till: TillInFolder) -> None:
    till.record(sold(), fact_id="sale-1")
    with pytest.raises(DBAPIError, match="UNIQUE"):
        till.record(sold(), fact_id="sale-1")
    assert entries_of(till, "sale-1") == 1
    assert till.rows("SELECT quantity FROM on_hand") == [(-2000,)]
    assert verify_books(till.books).ok


def test_tables_with_meaning_are_written_by_facts_alone(till: TillInFolder) -> None:
    with pytest.raises(AssertionError, match="not a local table"), transaction(till.books) as tx:
        tx.execute(person.delete())


def test_listeners_hear_of_facts_that_are_on_the_disk(till: TillInFolder) -> None:
    heard: list[Fact] = []

    def listen(facts: Sequence[Fact]) -> None:
        heard.extend(facts)
        assert till.rows("SELECT count(*) FROM sale") == [(len(heard),)]

    till.books.listeners.append(listen)
    till.record(sold())
    with pytest.raises(DBAPIError, match="UNIQUE"), transaction(till.books) as tx:
        tx.record(sold(sequence=2), str(till.rows("SELECT sale FROM sale")[0][0]))
    assert len(heard) == 1


# --- a commit that failed is unknown ----------------------------------------------------------


Execute = Callable[[str], Any]


class LyingDriver:
    """The driver's connection, but for a commit."""

    def __init__(self, driver: Any, commit: Callable[[Execute], Any] | None) -> None:
        self._driver = driver
        self._commit = commit

    def execute(self, statement: str) -> Any:
        if statement == "COMMIT" and self._commit is not None:
            return self._commit(self._driver.execute)
        return self._driver.execute(statement)


@contextmanager
def commits(till: TillInFolder, answer: Callable[[Execute], Any]) -> Iterator[list[int]]:
    """The till's next commit goes wrong as `answer` says; the list counts."""
    assert till.books.till
    failed: list[int] = []

    def instead(execute: Execute) -> Any:
        failed.append(1)
        return answer(execute)

    def driver(connection: Connection) -> LyingDriver:
        return LyingDriver(driver_of(connection), None if failed else instead)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.transaction.driver_of", driver)
        yield failed


def disk_error() -> DriverError:
    error = DriverError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_FSYNC"
    return error


def saved_all_the_same(execute: Execute) -> None:
    execute("COMMIT")
    raise disk_error()


def not_saved_at_all(execute: Execute) -> None:
    execute("ROLLBACK")
    raise disk_error()


def test_a_sale_that_was_saved_all_the_same_is_reported_once(till: TillInFolder) -> None:
    heard: list[Fact] = []
    till.books.listeners.append(heard.extend)
    with commits(till, saved_all_the_same) as failed:
        till.record(sold(), fact_id="sale-1")
    assert failed == [1]
    assert (entries_of(till, "sale-1"), len(heard)) == (1, 1)
    assert verify_books(till.books).ok


def test_a_sale_that_was_not_saved_is_tried_again_under_the_same_id(till: TillInFolder) -> None:
    with commits(till, not_saved_at_all):
        with pytest.raises(Trouble, match="not_saved"):
            till.record(sold(), fact_id="sale-1")
        assert entries_of(till, "sale-1") == 0
        till.record(sold(), fact_id="sale-1")
    assert entries_of(till, "sale-1") == 1
    assert verify_books(till.books).ok


def gone(*_: object) -> None:
    raise Trouble("disk_error")


@pytest.mark.parametrize("commit", [saved_all_the_same, not_saved_at_all])
def test_when_nobody_can_find_out_the_till_stops_selling(
    till: TillInFolder, monkeypatch: pytest.MonkeyPatch, commit: Callable[[Execute], Any]
) -> None:
    till.record(sold(), fact_id="sale-1")
    with commits(till, commit), monkeypatch.context() as patch:
        patch.setattr(till.books.database, "open", gone)
        for _ in range(2):
            with pytest.raises(Trouble, match="stop_selling"):
                till.record(sold(sequence=2), fact_id="sale-2")
    # The disk came back. What arrived must not be rung again by who still believes it did not.
    if commit is saved_all_the_same:
        with pytest.raises(Trouble, match="stop_selling"):
            till.record(sold(sequence=2), fact_id="sale-2")
        till.close()
    else:
        till.record(sold(sequence=2), fact_id="sale-2")
    assert entries_of(till, "sale-2") == 1
    till.record(sold(sequence=3))
    assert verify_books(till.books).ok


def test_believing_a_failed_commit_would_ring_a_sale_twice(till: TillInFolder) -> None:
    """The planted fault: "it failed, so make a new one" instead of asking the disk."""
    with commits(till, saved_all_the_same), pytest.MonkeyPatch.context() as patch:

        def believe(_database: object, _tx: object, error: BaseException) -> None:
            raise Trouble("not_saved") from error

        patch.setattr("app.transaction._find_out", believe)
        with pytest.raises(Trouble):
            till.record(sold())
        till.record(sold())
    assert till.rows("SELECT count(*) FROM sale") == [(2,)]


def test_a_draft_that_may_not_have_been_saved_is_simply_trouble(till: TillInFolder) -> None:
    with (
        commits(till, not_saved_at_all),
        pytest.raises(Trouble, match="disk_error"),
        transaction(till.books, priority=Priority.DRAFT) as tx,
    ):
        tx.execute(mark.insert(), {"name": "draft", "value": "1"})


# --- with a disk that really fails ------------------------------------------------------------


@pytest.fixture
def closed_till(till: TillInFolder) -> TillInFolder:
    assert till.books.till
    till.close()
    return till


def last_words(told: list[list[str]]) -> dict[str, str]:
    """The last thing a cashier was told of each sale."""
    return {words[1]: words[0] for words in told if len(words) == 2}


def held_to_its_word(till: TillInFolder, told: list[list[str]]) -> None:
    """What the till said is what the disk holds, each sale once or not at all."""
    assert verify_folder(till.path).ok
    database = Database(till.path / "till.db")
    try:
        for sale, word in last_words(told).items():
            with database.read() as db:
                held = db.execute(select(entry.c.seq).where(entry.c.fact == sale)).all()
            assert len(held) == {"saved": 1, "not_saved": 0}.get(word, len(held)), (sale, word)
    finally:
        database.close()


def test_a_sync_that_fails_once_costs_no_sale_and_doubles_none(
    closed_till: TillInFolder, tmp_path: Path, soak: bool
) -> None:
    words: set[str] = set()
    for when in range(1, 15) if soak else (3, 5):
        copy = tmp_path / f"till-{when}"
        shutil.copytree(closed_till.path, copy)
        told = selling(copy, "sell", *failing_sync(tmp_path / "trace", str(when)))
        assert last_words(told) == {f"sale-{n}": "saved" for n in (1, 2, 3)}
        words |= {line[0] for line in told}
        held_to_its_word(TillInFolder(copy), told)
    assert "not_saved" in words


def test_a_disk_that_fails_for_ever_never_says_saved(
    closed_till: TillInFolder, tmp_path: Path
) -> None:
    told = selling(closed_till.path, "sell", *failing_sync(tmp_path / "trace", "3+"))
    assert "saved" not in {words[0] for words in told}
    held_to_its_word(closed_till, told)


@pytest.mark.parametrize("script", ["sell-with-a-reader", "sell-with-a-reader-weakly"])
def test_a_sale_called_not_saved_stays_away_after_the_plug_was_pulled(
    closed_till: TillInFolder, tmp_path: Path, script: str
) -> None:
    """A screen's open view kept the failed pages in the WAL: without emptying it they came back."""
    told = selling(closed_till.path, script, *failing_sync(tmp_path / "trace", "3"))
    assert last_words(told) == {"sale-1": "not_saved"}
    if script.endswith("weakly"):
        with pytest.raises(AssertionError):
            held_to_its_word(closed_till, told)
    else:
        held_to_its_word(closed_till, told)


# --- the clock --------------------------------------------------------------------------------


def test_nothing_is_recorded_while_the_clock_is_doubtful(till: TillInFolder) -> None:
    till.record(sold())
    till.clock.jump_wall(3_600_000)
    with pytest.raises(Refusal, match="clock_jumped"):
        till.record(sold(sequence=2))
    assert till.rows("SELECT count(*) FROM sale") == [(1,)]
