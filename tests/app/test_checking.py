"""A long journal is checked in parts by several processes, with the answer one alone would give."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.checking import STEPS, Progress, check_file
from app.errors import Refusal
from app.journal import spans
from app.journal.entry import hash_of
from app.journal.problems import Report
from app.verification import verify_books
from tests.support.facts import a_shop_day, sold
from tests.support.tills import TillInFolder

Tamper = Callable[[Connection], object]
SPAN = 7
"""A day of twenty entries in three parts."""


@pytest.fixture
def till(tmp_path: Path) -> Iterator[TillInFolder]:
    made = TillInFolder(tmp_path / "till")
    made.record(*a_shop_day(), sold(sequence=3), sold(sequence=4), sold(sequence=5))
    yield made
    made.close()


def yes(_progress: Progress) -> bool:
    return True


def checked(till: TillInFolder, *heads: str, few: int = 10**6, span: int = SPAN) -> Report:
    journal = till.books.journal
    return check_file(
        till.books.database.path, yes, public_keys={journal.id: journal.public_key},
        expected_heads=heads, span=span, few=few,
    )  # fmt: skip


def alone(till: TillInFolder, *heads: str) -> Report:
    return verify_books(till.books, expected_heads=heads)


def forged(db: Connection) -> None:
    content = db.exec_driver_sql("SELECT content FROM entry WHERE seq = 10").scalar_one()
    content = content.replace(b"1850", b"1150")
    db.exec_driver_sql(
        "UPDATE entry SET content = ?, hash = ? WHERE seq = 10", (content, hash_of(content))
    )


@pytest.mark.parametrize(
    "tampering",
    [
        "SELECT 1",
        "UPDATE entry SET content = CAST(replace(CAST(content AS TEXT), '1850', '1150') AS BLOB)"
        " WHERE seq = 10",
        "UPDATE entry SET hash = zeroblob(32) WHERE seq = 8",
        "UPDATE entry SET sig = zeroblob(64) WHERE seq = 7",
        forged,
        "DELETE FROM entry WHERE seq IN (7, 8)",
        "DELETE FROM entry WHERE seq = 1",
        "UPDATE entry SET kind = 'sale_voided@1' WHERE seq = 9",
        "INSERT INTO entry SELECT journal, 0, 'x', kind, 1, hash, sig, content FROM entry"
        " WHERE seq = 4",
        "UPDATE sale SET due = due + 1",
        "UPDATE on_hand SET quantity = quantity + 1",
    ],
)
def test_parts_find_what_one_alone_finds(till: TillInFolder, tampering: str | Tamper) -> None:
    writer = till.books.database.writer
    tampering(writer) if callable(tampering) else writer.exec_driver_sql(tampering)
    assert checked(till) == alone(till)


def test_a_tail_that_was_cut_is_missed_by_a_letter_from_outside(till: TillInFolder) -> None:
    letters = till.record(sold(sequence=6))[0].hash6
    assert checked(till, letters) == alone(till, letters)
    till.books.database.writer.exec_driver_sql("DELETE FROM entry WHERE seq > 19")
    assert checked(till, letters) == alone(till, letters)
    assert "head_missing" in {each.code for each in checked(till, letters).problems}


def test_processes_of_their_own_say_how_far_they_are(till: TillInFolder) -> None:
    told: list[Progress] = []
    report = check_file(
        till.books.database.path, lambda progress: not told.append(progress), span=SPAN, few=0
    )
    assert report == alone(till)
    assert tuple(dict.fromkeys(each.step for each in told)) == STEPS
    assert {each.most for each in told} == {report.entries}
    assert max(each.done for each in told) == report.entries


def test_whoever_no_longer_wants_the_answer_stops_it(till: TillInFolder) -> None:
    with pytest.raises(Refusal, match="check_stopped"):
        check_file(till.books.database.path, lambda progress: progress.step == "hashes")


def test_a_chain_that_nobody_joined_between_parts_would_be_noticed(
    till: TillInFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: a part begins without looking at the entry before it."""
    monkeypatch.setattr(spans, "stored_at", lambda *_: None)

    def cut_out(db: Connection) -> None:
        """An entry is taken out where one part ends, and everything behind it moved up."""
        db.exec_driver_sql("DELETE FROM entry WHERE seq = 7")
        db.exec_driver_sql("UPDATE entry SET seq = seq - 1 WHERE seq > 7")

    cut_out(till.books.database.writer)
    assert checked(till) != alone(till)
