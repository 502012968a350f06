"""Entries that come from somewhere: kept once, kept unread if need be, and never two in a place."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select

from app.journal import problems
from app.journal.entry import decode_envelope
from app.journal.problems import Report
from app.journal.rebuild import EntryClash, apply_entries
from app.journal.rebuild import rebuild as rebuild_tables
from app.journal.stored import StoredEntry, in_journal_order
from app.journal.tables import entry
from app.journal.verify import check_entries
from app.meaning import MEANING
from app.verification import TABLES
from tests.support.entries import Writer, empty_till
from tests.support.facts import setting, sold


@pytest.fixture
def shop() -> Iterator[Connection]:
    with empty_till() as connection:
        yield connection


def codes(report: Report) -> list[tuple[str, str, int]]:
    return [(each.code, each.journal, each.seq) for each in report.problems]


def unknown_kind(writer: Writer) -> StoredEntry:
    """An entry a newer program wrote: authentic, and unreadable here."""
    last = writer.write(setting())
    writer.entries.pop()
    content = last.content.replace(b"setting_changed@1", b"weather_noted@3")
    return writer.sign(content, decode_envelope(content))


def test_what_cannot_be_read_is_kept_as_it_came(shop: Connection) -> None:
    writer = Writer("a")
    odd = unknown_kind(writer)
    writer.write(setting())
    told = apply_entries(shop, MEANING, writer.entries)
    assert (told.new, told.unreadable) == (3, 1)
    assert shop.scalar(select(entry.c.content).where(entry.c.seq == 2)) == odd.content
    assert rebuild_tables(shop, MEANING, TABLES).unreadable == 1
    report = check_entries(in_journal_order(shop))
    assert (report.ok, report.journals[0].unknown_kinds) == (True, 1)


def test_two_entries_for_one_place_are_a_fork_and_not_settled_in_silence(
    shop: Connection,
) -> None:
    one, other = Writer("a"), Writer("a")
    one.write(setting(value="一"))
    other.write(setting(value="二"))
    apply_entries(shop, MEANING, one.entries)
    with pytest.raises(EntryClash) as clash:
        apply_entries(shop, MEANING, other.entries)
    assert (clash.value.journal, clash.value.seq) == (one.journal, 2)


def test_one_fact_in_two_journals_is_a_fork_too(shop: Connection) -> None:
    one, other = Writer("a"), Writer("b")
    one.write(sold(), fact="sale-1")
    other.write(sold(), fact="sale-1")
    apply_entries(shop, MEANING, one.entries)
    with pytest.raises(EntryClash):
        apply_entries(shop, MEANING, other.entries)


# --- what somebody with the key could still get wrong ------------------------------------------


def test_a_signed_entry_that_does_not_follow_the_last_one_is_found() -> None:
    writer = Writer("a")
    writer.write(setting(), prev="00" * 32)
    assert codes(check_entries(writer.entries)) == [("chain_broken", writer.journal, 2)]


def test_a_signed_entry_from_the_past_is_found() -> None:
    writer = Writer("a")
    writer.write(setting())
    writer.write(setting(), order=writer.order - 1)
    assert codes(check_entries(writer.entries)) == [("order_not_rising", writer.journal, 3)]


def test_a_journal_that_does_not_say_who_it_is_is_found() -> None:
    writer = Writer("a")
    writer.entries.clear()
    writer.write(setting())
    found = {code for code, _journal, _seq in codes(check_entries(writer.entries))}
    assert found == {"journal_not_opened", "signature_unchecked"}
    known = check_entries(writer.entries, public_keys={writer.journal: writer.public_key})
    assert [code for code, *_ in codes(known)] == ["journal_not_opened"]


def test_a_fact_that_lacks_a_field_is_found() -> None:
    writer = Writer("a")
    last = writer.write(setting())
    writer.entries.pop()
    writer.sign(last.content.replace(b'"key":', b'"kex":'), decode_envelope(last.content))
    assert codes(check_entries(writer.entries)) == [("fact_unreadable", writer.journal, 2)]


def test_an_entry_too_long_to_send_is_found() -> None:
    writer = Writer("a")
    last = writer.write(setting())
    writer.entries.pop()
    content = last.content[:-1] + b',"more":"' + b"x" * 65_536 + b'"}'
    writer.sign(content, decode_envelope(content))
    assert codes(check_entries(writer.entries)) == [("entry_too_long", writer.journal, 2)]


def test_a_journal_that_went_on_after_the_next_one_began_is_found() -> None:
    """A disk image that was started twice: both sold."""
    old = Writer("a")
    old.write(setting())
    new = Writer("b", previous=old, reason="moved")
    assert check_entries([*old.entries, *new.entries]).ok
    old.write(setting(value="still selling"))
    report = check_entries([*old.entries, *new.entries])
    assert codes(report) == [("previous_went_on", old.journal, 3)]


def test_a_restored_tills_own_tail_that_came_back_is_no_fault_but_a_cut_one_is() -> None:
    old = Writer("a")
    new = Writer("b", previous=old)
    old.write(setting(value="written after the copy was made"))
    assert check_entries([*old.entries, *new.entries]).ok
    later = Writer("c", previous=old)
    report = check_entries([old.entries[0], *later.entries])
    assert codes(report) == [("previous_cut", old.journal, 2)]


def test_hashes_alone_are_checked_when_time_is_short() -> None:
    writer = Writer("a")
    for number in range(1, 5):
        writer.write(sold(sequence=number))
    first, *rest = writer.entries
    assert check_entries([first, *rest], signatures=False).ok
    spoilt = StoredEntry(rest[0].journal, 2, rest[0].content + b" ", rest[0].hash, rest[0].sig)
    report = check_entries([first, spoilt, *rest[1:]], signatures=False)
    assert codes(report) == [("content_changed", writer.journal, 2)]


def test_a_very_long_list_of_problems_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(problems, "MOST_PROBLEMS", 2)
    writer = Writer("a")
    for _ in range(5):
        writer.write(setting(), prev="00" * 32)
    report = check_entries(writer.entries)
    assert not report.ok
    assert [each.code for each in report.problems] == ["chain_broken"] * 2 + ["more_problems"]
    assert report.problems[-1].detail == "3"
