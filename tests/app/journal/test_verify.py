"""`verify` finds whatever was done to a till's file, and says where."""

import functools
import random
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection

from app.errors import Refusal, Trouble
from app.facts.registry import FACTS
from app.journal import verify as checks
from app.journal.entry import hash6
from app.journal.problems import Report
from app.meaning import MEANING
from app.verification import TABLES, verify, verify_books, verify_folder
from tests.support.facts import a_shop_day, sold
from tests.support.tills import TillInFolder

Tamper = Callable[[Connection], object]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TillInFolder]:
    """A till after a short day; every test takes back what it did to it."""
    till = TillInFolder(tmp_path_factory.mktemp("till") / "till")
    till.record(*a_shop_day())
    yield till
    till.close()


def after(till: TillInFolder, *tampering: str | Tamper, heads: tuple[str, ...] = ()) -> Report:
    """What verify says once somebody with the disk in hand has done this; then it is undone."""
    writer = till.books.database.writer
    writer.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        for each in tampering:
            if callable(each):
                each(writer)
            else:
                writer.exec_driver_sql(each)
        return verify(
            writer,
            public_keys={till.books.journal.id: till.books.journal.public_key},
            expected_heads=heads,
        )
    finally:
        writer.exec_driver_sql("ROLLBACK")


def found(report: Report) -> set[tuple[str, int]]:
    assert report.ok == (not report.problems)
    return {(problem.code, problem.seq) for problem in report.problems}


def codes(report: Report) -> set[str]:
    return {problem.code for problem in report.problems}


def test_a_till_left_alone_has_nothing_to_tell(day: TillInFolder) -> None:
    report = after(day)
    assert found(report) == set()
    assert report.entries == len(a_shop_day()) + 1
    (journal,) = report.journals
    assert (journal.shop, journal.till, journal.reason) == ("KP01", "1", "first")
    assert journal.head6 == hash6(bytes.fromhex(journal.head))


# --- entries ----------------------------------------------------------------------------------


def test_a_changed_letter_is_found_at_its_entry(day: TillInFolder) -> None:
    report = after(
        day,
        "UPDATE entry SET content = CAST(replace(CAST(content AS TEXT), '1850', '1150') AS BLOB)"
        " WHERE seq = 10",
    )
    assert ("content_changed", 10) in found(report)
    assert "chain_broken" not in codes(report)
    assert {problem.seq for problem in report.problems if problem.seq} == {10}


def test_a_changed_hash_is_found_at_its_entry(day: TillInFolder) -> None:
    report = after(day, "UPDATE entry SET hash = zeroblob(32) WHERE seq = 10")
    assert found(report) == {("hash_changed", 10)}


def test_a_changed_signature_is_found_at_its_entry(day: TillInFolder) -> None:
    report = after(day, "UPDATE entry SET sig = zeroblob(64) WHERE seq = 10")
    assert found(report) == {("signature_bad", 10)}


def test_content_with_a_hash_to_match_is_still_not_signed(day: TillInFolder) -> None:
    def forge(db: Connection) -> None:
        content = db.exec_driver_sql("SELECT content FROM entry WHERE seq = 10").scalar_one()
        content = content.replace(b"1850", b"1150")
        db.exec_driver_sql(
            "UPDATE entry SET content = ?, hash = ? WHERE seq = 10",
            (content, checks.hash_of(content)),
        )

    report = after(day, forge)
    assert {("signature_bad", 10), ("chain_broken", 11)} <= found(report)


def test_swapped_entries_are_found_at_both_places(day: TillInFolder) -> None:
    report = after(
        day,
        "UPDATE entry SET seq = -1 WHERE seq = 5",
        "UPDATE entry SET seq = 5 WHERE seq = 9",
        "UPDATE entry SET seq = 9 WHERE seq = -1",
    )
    assert {("entry_misplaced", 5), ("entry_misplaced", 9)} <= found(report)


def test_a_removed_entry_leaves_a_gap_that_is_named(day: TillInFolder) -> None:
    report = after(day, "DELETE FROM entry WHERE seq IN (9, 10)")
    gap = next(problem for problem in report.problems if problem.code == "entry_missing")
    assert (gap.seq, gap.detail) == (9, "9-10")
    assert "chain_broken" not in codes(report)


def test_the_first_entry_cannot_be_removed_either(day: TillInFolder) -> None:
    report = after(day, "DELETE FROM entry WHERE seq = 1")
    assert ("entry_missing", 1) in found(report)


def test_an_entry_put_in_front_is_found(day: TillInFolder) -> None:
    report = after(
        day,
        "INSERT INTO entry SELECT journal, 0, 'x', kind, 1, hash, sig, content FROM entry"
        " WHERE seq = 4",
    )
    assert ("entry_misplaced", 0) in found(report)


def test_an_entry_put_at_the_end_is_found(day: TillInFolder) -> None:
    report = after(
        day,
        "INSERT INTO entry SELECT journal, 18, 'x', kind, order_ms + 60000, hash, sig, content"
        " FROM entry WHERE seq = 10",
    )
    assert {("entry_misplaced", 18), ("columns_changed", 18)} <= found(report)


def test_columns_that_do_not_repeat_their_entry_are_found(day: TillInFolder) -> None:
    for change in ("kind = 'sale_voided@1'", "order_ms = 1", "fact = 'another'"):
        report = after(day, f"UPDATE entry SET {change} WHERE seq = 10")
        assert ("columns_changed", 10) in found(report), change


def test_a_whole_journal_that_vanished_is_missed(day: TillInFolder) -> None:
    journal = day.books.journal.id
    report = after(day, "DELETE FROM entry")
    assert ("entry_missing", 1) in found(report)
    assert {problem.journal for problem in report.problems if problem.seq} == {journal}


def test_a_journal_written_anew_with_another_key_is_found(day: TillInFolder) -> None:
    """Whoever signs everything again has no key that the sealed one or a hub would know."""
    from tests.support.entries import Writer

    forger = Writer("forger")
    forger.journal = day.books.journal.id
    forger.entries.clear()
    opened = Writer("other")
    fact = checks.decode_fact("journal_opened@1", opened.entries[0].content)
    forged = forger.write(fact)

    def put(db: Connection) -> None:
        db.exec_driver_sql("DELETE FROM entry")
        db.exec_driver_sql(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                forged.journal,
                forged.seq,
                forged.fact,
                forged.kind,
                forged.order_ms,
                forged.hash,
                forged.sig,
                forged.content,
            ),
        )

    assert {("key_changed", 1), ("signature_bad", 1)} <= found(after(day, put))


def test_a_tail_that_was_cut_off_is_found_by_what_a_paper_shows(day: TillInFolder) -> None:
    journal, seq, printed = day.rows(
        "SELECT journal, seq, hash FROM entry ORDER BY seq DESC LIMIT 1"
    )[0]
    assert isinstance(printed, bytes) and isinstance(seq, int)
    cut = f"DELETE FROM entry WHERE seq >= {seq - 1}"
    for head in (printed.hex(), hash6(printed), hash6(printed).lower()):
        assert found(after(day, heads=(head,))) == set()
        report = after(day, cut, heads=(head,))
        missing = [each for each in report.problems if each.code == "head_missing"]
        assert [(each.journal, each.seq) for each in missing] == [(journal, seq - 1)]


def test_bytes_that_are_no_entry_are_named(day: TillInFolder) -> None:
    report = after(day, "UPDATE entry SET content = x'00ff' WHERE seq = 10")
    assert {("entry_unreadable", 10), ("content_changed", 10)} <= found(report)


# --- tables -----------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_row_somebody_edited_is_found(day: TillInFolder, table: object) -> None:
    name = table.name  # type: ignore[attr-defined]
    rows = day.rows(f"SELECT count(*) FROM {name}")[0][0]
    columns = {column.name: column for column in table.columns}  # type: ignore[attr-defined]
    value = next(
        column.name
        for column in reversed(columns.values())
        if not column.primary_key and column.name not in ("owner", "version")
    )
    if rows:
        key = ", ".join(name for name, column in columns.items() if column.primary_key)
        first = f"WHERE ({key}) = (SELECT {key} FROM {name} LIMIT 1)"
        bent = f"UPDATE {name} SET {value} = {value} || 1 {first}"
        if columns[value].type.python_type is int:
            bent = bent.replace("|| 1", "+ 1")
        assert "row_changed" in codes(after(day, bent))
        assert "row_missing" in codes(after(day, f"DELETE FROM {name}"))
    else:
        values = ", ".join("1" if c.type.python_type is int else "'KP01'" for c in columns.values())
        assert "row_extra" in codes(after(day, f"INSERT INTO {name} VALUES ({values})"))


def test_an_edited_sale_is_traced_to_its_entry(day: TillInFolder) -> None:
    report = after(day, "UPDATE sale SET due = due - 100 WHERE sequence = 2")
    (problem,) = report.problems
    assert (problem.code, problem.seq) == ("row_changed", 11)
    assert "due: 9350 → 9250" in problem.detail


def test_sums_must_be_the_sum_of_their_rows(day: TillInFolder) -> None:
    report = after(day, "UPDATE on_hand SET quantity = quantity + 1 WHERE lot = 'doc-1-1'")
    assert codes(report) == {"row_changed", "sum_wrong"}
    report = after(day, "DELETE FROM drawer_cash WHERE tender = 'wechat'")
    assert codes(report) == {"row_missing", "sum_wrong"}


def test_a_paper_for_a_sale_that_is_gone_is_told(day: TillInFolder) -> None:
    values = {"id": "j", "printer": "p", "kind": "receipt", "fact": "gone", "title": "KP01-1-1"}
    columns = day.rows("SELECT name, type FROM pragma_table_info('print_job')")
    row = [values.get(str(name), 0 if kind == "INTEGER" else "") for name, kind in columns]

    def put(db: Connection) -> None:
        marks = ",".join("?" * len(row))
        db.exec_driver_sql(f"INSERT INTO print_job VALUES ({marks})", tuple(row))

    assert codes(after(day, put)) == {"paper_without_fact"}


def test_receipt_numbers_have_no_gaps_and_no_twins(till: TillInFolder) -> None:
    till.record(*[sold(sequence=n) for n in (1, 2, 4, 4, 3)])
    problems = [(each.code, each.seq) for each in verify_books(till.books).problems]
    assert problems == [("number_missing", 4), ("number_twice", 5), ("number_out_of_order", 6)]


def test_each_series_counts_for_itself(till: TillInFolder) -> None:
    till.record(sold(sequence=1), sold(sequence=1, series="B"), sold(sequence=2))
    assert verify_books(till.books).ok


# --- folders ----------------------------------------------------------------------------------


def test_a_folder_is_checked_without_any_key(till: TillInFolder) -> None:
    till.record(*a_shop_day())
    path = till.path
    till.close()
    (path / "master.key").unlink()
    assert verify_folder(path).ok


def test_a_folder_a_till_holds_is_left_alone(till: TillInFolder) -> None:
    till.record(*a_shop_day())
    with pytest.raises(Refusal, match="till_already_open"):
        verify_folder(till.path)
    assert verify_books(till.books).ok


def test_an_empty_folder_is_not_a_till(till: TillInFolder) -> None:
    till.path.mkdir()
    with pytest.raises(Refusal, match="folder_not_set_up"):
        verify_folder(till.path)


def test_tables_of_another_version_are_not_judged(till: TillInFolder) -> None:
    till.record(*a_shop_day())
    for version, answer in (("9999", Trouble), ("0000", Refusal)):
        till.write("UPDATE alembic_version SET version_num = ?", version)
        with pytest.raises(answer, match="schema_"):
            verify_books(till.books)


# --- ten thousand of them ---------------------------------------------------------------------


def tampering(dice: random.Random, last: int) -> tuple[str, str, set[int], tuple[object, ...]]:
    """(what, SQL, entries it must be traced to, values): edits, deletions, swaps, insertions."""
    seq, other = dice.sample(range(1, last + 1), 2)
    what = dice.choice(("content", "hash", "sig", "delete", "insert", "swap", "row"))
    byte = bytes([dice.randrange(256)])
    at = dice.randrange(1, 64)
    match what:
        case "content" | "hash" | "sig":
            sql = (
                f"UPDATE entry SET {what} = CAST(substr({what}, 1, ?) || ? || "
                f"substr({what}, ?) AS BLOB) WHERE seq = ? "
            )
            start = dice.randrange(0, 200) if what == "content" else at % 31
            return what, sql, {seq}, (start, byte, start + 2, seq)
        case "delete":
            return what, "DELETE FROM entry WHERE seq = ?", {seq}, (seq,)
        case "insert":
            sql = (
                "INSERT INTO entry SELECT journal, ?, 'new', kind, order_ms + ?, hash, sig, content"
                " FROM entry WHERE seq = ?"
            )
            return what, sql, {last + 1}, (last + 1, dice.randrange(10**6), seq)
        case "swap":
            sql = (
                "UPDATE entry SET content = (SELECT b.content FROM entry b WHERE b.seq = ?),"
                " hash = (SELECT b.hash FROM entry b WHERE b.seq = ?),"
                " sig = (SELECT b.sig FROM entry b WHERE b.seq = ?) WHERE seq = ?"
            )
            return what, sql, {seq}, (other, other, other, seq)
        case _:
            table = dice.choice(("sale", "sale_line", "movement", "taking", "turnover"))
            column = {"movement": "quantity", "taking": "taken", "turnover": "gross"}.get(
                table, "tax"
            )
            sql = (
                f"UPDATE {table} SET {column} = {column} + ? WHERE rowid = "
                f"(SELECT rowid FROM {table} LIMIT 1 OFFSET ?)"
            )
            return what, sql, set(), (dice.randrange(1, 999), dice.randrange(3))


def test_no_tampering_goes_unnoticed_or_unplaced(day: TillInFolder, soak: bool) -> None:
    dice = random.Random("tampering")
    last = len(a_shop_day()) + 1
    head = day.rows("SELECT hex(hash) FROM entry WHERE seq = ?", last)[0][0]
    bitten: dict[str, int] = {}
    for _ in range(10_000 if soak else 120):
        what, sql, places, values = tampering(dice, last)
        same: list[bool] = []
        touch = functools.partial(touch_entries, sql=sql, values=values, same=same)
        report = after(day, touch, heads=(str(head),))
        # The byte put in may be the byte that stood there.
        if what == "row" or not same[0]:
            bitten[what] = bitten.get(what, 0) + 1
            assert not report.ok, (what, values)
            assert places <= {problem.seq for problem in report.problems}, (what, values)
    assert set(bitten) == {"content", "hash", "sig", "delete", "insert", "swap", "row"}


def touch_entries(
    db: Connection, *, sql: str, values: tuple[object, ...], same: list[bool]
) -> None:
    before = db.exec_driver_sql("SELECT * FROM entry").all()
    db.exec_driver_sql(sql, values)
    same.append(before == db.exec_driver_sql("SELECT * FROM entry").all())


# --- the planted faults -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "tamper", "code"),
    [
        (
            "_authentic",
            "UPDATE entry SET sig = zeroblob(64) WHERE seq = 10",
            "signature_bad",
        ),
        ("_in_sequence", "DELETE FROM entry WHERE seq = 8", "entry_missing"),
        ("_fits", "UPDATE entry SET kind = 'x@1' WHERE seq = 8", "columns_changed"),
    ],
)
def test_a_check_that_is_taken_out_finds_nothing_any_more(
    day: TillInFolder, monkeypatch: pytest.MonkeyPatch, check: str, tamper: str, code: str
) -> None:
    assert code in codes(after(day, tamper))
    monkeypatch.setattr(checks.JournalCheck, check, lambda *_: None)
    assert code not in codes(after(day, tamper))


def test_every_fact_there_is_can_be_checked() -> None:
    assert set(MEANING) == set(FACTS)
