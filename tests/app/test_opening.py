"""Opening a folder: a till's or not, never half of one; and what a damaged one says."""

import signal
from pathlib import Path

import pytest

from app import opening
from app.database import Database
from app.errors import Refusal, Trouble
from app.verification import verify_folder
from tests.support.facts import a_shop_day, sold
from tests.support.opening import again, begin
from tests.support.processes import begin_selling, selling
from tests.support.tills import MakeTill, TillInFolder

# --- the first time ---------------------------------------------------------------------------


def test_a_new_folder_begins_its_journal_with_its_own_key(till: TillInFolder) -> None:
    journal = till.books.journal
    assert till.rows("SELECT journal, public_key, reason, series FROM journal_opened") == [
        (journal.id, journal.public_key, "first", "")
    ]
    assert journal.seed.hex() not in str(till.rows("SELECT content FROM entry"))


def test_an_opened_till_knows_itself_again(till: TillInFolder) -> None:
    first = till.books.journal
    till.close()
    journal = till.books.journal
    assert (journal.id, journal.public_key, journal.shop, journal.till) == (
        first.id,
        first.public_key,
        "KP01",
        "1",
    )
    till.record(sold())


def test_a_demo_is_a_demo_for_ever(make_till: MakeTill) -> None:
    demo = make_till("demo", series="D")
    assert demo.folder.demo and not demo.folder.training
    demo.close()
    assert demo.folder.demo


def test_a_folder_is_set_up_once(till: TillInFolder) -> None:
    assert till.books.shop == "KP01"
    till.close()
    with pytest.raises(Refusal, match="folder_already_set_up"):
        begin(till.path)
    assert till.books.shop == "KP01"


def test_a_folder_that_is_no_till_is_not_made_one_by_looking(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="folder_not_set_up"):
        again(tmp_path / "till")
    assert list(tmp_path.iterdir()) == []


def test_without_a_keystore_nothing_half_made_is_left(tmp_path: Path) -> None:
    """The suite's keystore is the one that always fails, as on a machine without any."""
    with pytest.raises(Trouble, match="keystore_missing"):
        begin(tmp_path / "till", keystore="keyring")
    assert list(tmp_path.iterdir()) == []
    begin(tmp_path / "till").close()


def test_what_lay_in_the_folder_before_is_not_taken_away(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "master.key").write_bytes(b"k" * 32)
    with pytest.raises(Trouble, match="keystore_missing"):
        begin(tmp_path, keystore="keyring")
    assert {path.name for path in tmp_path.iterdir()} == {"notes.txt", "master.key"}


def test_a_first_opening_that_was_killed_can_begin_again(tmp_path: Path) -> None:
    database = Database(tmp_path / "till.db")
    opening.schema.create(database.writer)
    database.close()
    with pytest.raises(Refusal, match="folder_half_made"):
        again(tmp_path)
    begin(tmp_path).close()
    again(tmp_path).close()


def test_an_emptied_file_is_not_filled_by_looking_at_it(tmp_path: Path) -> None:
    (tmp_path / "till.db").touch()
    with pytest.raises(Refusal, match="folder_half_made"):
        again(tmp_path)
    database = Database(tmp_path / "till.db")
    with database.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one() == 0
    database.close()


# --- keys -------------------------------------------------------------------------------------


def test_a_lost_key_file_is_told_and_nothing_is_changed(till: TillInFolder) -> None:
    till.record(*a_shop_day())
    till.close()
    key = (till.path / "master.key").read_bytes()
    (till.path / "master.key").unlink()
    with pytest.raises(Trouble, match="keystore_key_lost"):
        again(till.path)
    (till.path / "master.key").write_bytes(key[:-1])
    with pytest.raises(Trouble, match="keystore_key_lost"):
        again(till.path)
    (till.path / "master.key").write_bytes(key[::-1])
    with pytest.raises(Trouble, match="keystore_wrong_key"):
        again(till.path)
    (till.path / "master.key").write_bytes(key)
    assert till.books.shop == "KP01"


def test_a_key_file_is_for_its_owner_alone(till: TillInFolder) -> None:
    assert till.books.shop == "KP01"
    assert (till.path / "master.key").stat().st_mode & 0o777 == 0o600


def test_a_till_with_a_passphrase_opens_with_it_alone(tmp_path: Path) -> None:
    folder = tmp_path / "till"
    for passphrase, refusal in (("", "passphrase_needed"), ("short", "passphrase_too_short")):
        with pytest.raises(Refusal, match=refusal):
            begin(folder, "passphrase", passphrase)
        assert not folder.exists()
    begin(folder, "passphrase", "开平碉楼与村落世遗").close()
    for passphrase, refusal in (("", "passphrase_needed"), ("开平碉楼与村楼!", "passphrase_wrong")):
        with pytest.raises(Refusal, match=refusal):
            again(folder, passphrase)
    again(folder, "开平碉楼与村落世遗").close()
    assert not (folder / "master.key").exists()


# --- one process ------------------------------------------------------------------------------


def test_a_second_start_on_the_same_folder_is_refused(till: TillInFolder) -> None:
    till.record(sold())
    assert selling(till.path, "hold") == [["refused", "till_already_open"]]
    till.record(sold(sequence=2))


def test_a_killed_till_leaves_its_folder_open_to_the_next(till: TillInFolder) -> None:
    assert till.books.shop == "KP01"
    till.close()
    process = begin_selling(till.path, "hold")
    assert process.stdout is not None
    assert [process.stdout.readline().strip() for _ in range(2)] == ["open", "holding"]
    with pytest.raises(Refusal, match="till_already_open"):
        again(till.path)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert till.books.shop == "KP01"


def test_sales_told_to_the_cashier_are_there_after_a_kill(make_till: MakeTill, soak: bool) -> None:
    for kill in range(40 if soak else 3):
        till = make_till(f"till-{kill}")
        assert till.books.shop == "KP01"
        till.close()
        process = begin_selling(till.path, "sell-on")
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(20 + 7 * kill)]
        process.send_signal(signal.SIGKILL)
        told += process.stdout.readlines()
        process.wait()
        process.stdout.close()
        saved = {line.split()[1] for line in told if line.startswith("saved") and line[-1] == "\n"}
        till.clock.advance(7_200_000)
        held = {str(row[0]) for row in till.rows("SELECT sale FROM sale")}
        assert saved <= held
        assert len(held - saved) <= 1
        till.close()
        assert verify_folder(till.path).ok
