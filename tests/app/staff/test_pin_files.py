"""PINs go round a shop's tills in a folder: pressed at each in turn, and only for who is known."""

import errno
import os
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app import siblings
from app.errors import Refusal
from app.facts.journals import JournalOpened
from app.opening import NewTill
from app.own_journals import open_next_journal
from app.staff import actions
from app.staff.carrying import MOST_BYTES, Card
from app.staff.people import set_staff
from app.staff.pin_files import Exchanged, exchange
from app.transaction import transaction
from tests.support.entries import Writer
from tests.support.tills import SHOP, MakeTill, TillInFolder

OLD, NEW = "246810", "739164"
CARDS = ["pins-KP01-1.card", "pins-KP01-2.card"]


def a_till(make_till: MakeTill, number: str, *, shop: str = SHOP) -> TillInFolder:
    till = make_till(f"{shop}-{number}")
    till.new = NewTill(shop, number, keystore="file")
    return till


def hear(till: TillInFolder, *others: TillInFolder) -> None:
    """What the others wrote came through the hub."""
    for other in others:
        rows = other.rows("SELECT journal, seq, content, sig FROM entry ORDER BY journal, seq")
        siblings.take(till.books, [siblings.Sent(*row) for row in rows])  # type: ignore[arg-type]


@pytest.fixture
def one(make_till: MakeTill) -> TillInFolder:
    """Till 1, where a manager and a cashier were given their PINs."""
    till = a_till(make_till, "1")
    with transaction(till.books) as tx:
        actions.set_person(tx, number="301", name="王五", role="manager", pin="864209")
        actions.set_person(tx, number="101", name="关淑怡", role="cashier", pin=OLD)
    till.clock.advance(1000)
    return till


@pytest.fixture
def two(make_till: MakeTill, one: TillInFolder) -> TillInFolder:
    """Till 2, which heard who works here; each knows the other's journal."""
    till = a_till(make_till, "2")
    till.clock.advance(5000)
    hear(till, one)
    hear(one, till)
    return till


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def press(till: TillInFolder, stick: Path) -> Exchanged:
    return exchange(till.books, stick, staff="301", by="301")


def refused(done: Exchanged) -> dict[str, str]:
    return {name: why.code for name, why in done.refused}


def lying(stick: Path) -> list[str]:
    return sorted(path.name for path in stick.iterdir())


def test_three_presses_bring_the_pins_of_till_1_to_till_2(
    one: TillInFolder, two: TillInFolder, stick: Path
) -> None:
    with pytest.raises(Refusal, match="wrong_pin"):
        actions.check_pin(two.books, "101", OLD)
    left = press(two, stick)
    assert (left.card, left.written, left.came, left.refused) == (True, (), (), ())
    gave = press(one, stick)
    assert (gave.written, gave.behind, gave.came) == (("2",), ("2",), ())
    got = press(two, stick)
    assert (got.came, got.taken, got.behind) == (("101", "301"), ("1",), ())
    assert actions.check_pin(two.books, "101", OLD) == "cashier"
    assert lying(stick) == ["pins-KP01-1-to-2.parcel", *CARDS[:1], "pins-KP01-2-to-1.parcel",
                            *CARDS[1:]]  # fmt: skip
    told = two.rows("SELECT person, detail FROM presence WHERE what = 'pin_set' ORDER BY person")
    assert told == [("101", "301"), ("301", "301")]
    said = str(two.rows("SELECT CAST(content AS TEXT) FROM entry"))
    assert "argon2" not in said and "关淑怡" not in said


def test_once_more_changes_nothing(one: TillInFolder, two: TillInFolder, stick: Path) -> None:
    for till in (two, one, two):
        press(till, stick)
    before = [till.rows("SELECT count(*) FROM entry") for till in (one, two)]
    names = lying(stick)
    for till, other in ((one, "2"), (two, "1"), (two, "1"), (one, "2")):
        done = press(till, stick)
        assert (done.came, done.taken, done.written) == ((), (other,), (other,))
        assert (done.behind, done.refused) == ((), ())
    assert [till.rows("SELECT count(*) FROM entry") for till in (one, two)] == before
    assert lying(stick) == names


def test_an_older_pin_does_not_come_back(one: TillInFolder, two: TillInFolder, stick: Path) -> None:
    press(two, stick)
    press(one, stick)
    parcel = stick / "pins-KP01-1-to-2.parcel"
    old = parcel.read_bytes()
    press(two, stick)
    two.clock.advance(60_000)
    with transaction(two.books, staff="301") as tx:
        set_staff(tx, "301", number="101", pin=NEW)
    parcel.write_bytes(old)
    done = press(two, stick)
    assert (done.came, done.taken, done.behind) == ((), ("1",), ("1",))
    assert actions.check_pin(two.books, "101", NEW) == "cashier"
    assert press(one, stick).came == ("101",)
    assert actions.check_pin(one.books, "101", NEW) == "cashier"


def test_whose_a_file_is_says_the_journal_and_not_the_name(
    one: TillInFolder, two: TillInFolder, stick: Path
) -> None:
    press(two, stick)
    os.replace(stick / "pins-KP01-2.card", stick / "PINS-KP09-7 (1).CARD")
    assert press(one, stick).written == ("2",)
    os.replace(stick / "pins-KP01-1-to-2.parcel", stick / "pins-KP01-3-to-1.parcel")
    assert press(two, stick).came == ("101", "301")


def test_a_till_that_is_not_known_yet_gets_and_gives_nothing(
    one: TillInFolder, two: TillInFolder, stick: Path, make_till: MakeTill
) -> None:
    three = a_till(make_till, "3")
    hear(three, one)
    press(one, stick)
    press(three, stick)
    done = press(one, stick)
    assert done.written == () and done.came == ()
    assert refused(done) == {
        "pins-KP01-3.card": "verifiers_unknown",
        "pins-KP01-3-to-1.parcel": "verifiers_unknown",
    }
    hear(one, three)
    assert press(one, stick).written == ("3",)


def test_another_shops_files_are_named_and_left(
    one: TillInFolder, two: TillInFolder, stick: Path, make_till: MakeTill
) -> None:
    press(a_till(make_till, "2", shop="KP02"), stick)
    press(two, stick)
    done = press(one, stick)
    assert done.written == ("2",)
    assert refused(done) == {"pins-KP02-2.card": "verifiers_foreign"}
    assert done.refused[0][1].details == {"shop": "KP02"}
    assert "pins-KP02-2.card" in lying(stick)


def test_a_parcel_for_somebody_else_is_let_pass(
    one: TillInFolder, two: TillInFolder, stick: Path, make_till: MakeTill
) -> None:
    three = a_till(make_till, "3")
    hear(three, one, two)
    hear(one, three)
    hear(two, three)
    press(three, stick)
    press(one, stick)
    parcel = stick / "pins-KP01-1-to-3.parcel"
    before = parcel.read_bytes()
    done = press(two, stick)
    assert (done.came, done.taken, done.refused) == ((), (), ())
    assert done.written == ("1", "3")
    assert parcel.read_bytes() == before
    assert press(three, stick).came == ("101", "301")


def test_damaged_and_oversized_files_are_named_and_harm_nothing(
    one: TillInFolder, two: TillInFolder, stick: Path
) -> None:
    press(two, stick)
    press(one, stick)
    good = (stick / "pins-KP01-1-to-2.parcel").read_bytes()
    for name, content in {
        "cut": good[: len(good) // 2],
        "empty": b"",
        "long": good + b" " * MOST_BYTES,
        "deep": b'{"x":' + b"[" * 100_000,
        "changed": msgspec.json.encode(msgspec.json.decode(good) | {"sig": "QUJD"}),
    }.items():
        (stick / f"pins-{name}.parcel").write_bytes(content)
        (stick / f"pins-{name}.card").write_bytes(content)
    done = press(two, stick)
    assert set(refused(done)) == {
        f"pins-{name}.{kind}"
        for name in ("cut", "empty", "long", "deep", "changed")
        for kind in ("card", "parcel")
    }
    assert set(refused(done).values()) == {"verifiers_bad"}
    assert done.came == ("101", "301") and done.written == ("1",)
    assert actions.check_pin(two.books, "101", OLD) == "cashier"


def test_a_journal_that_was_gone_on_from_counts_no_more(
    one: TillInFolder, two: TillInFolder, stick: Path
) -> None:
    press(two, stick)
    press(one, stick)
    former = (stick / "pins-KP01-2.card").read_bytes()
    open_next_journal(two.books, reason="rekeyed")
    hear(one, two)
    done = press(one, stick)
    assert done.written == () and refused(done) == {"pins-KP01-2.card": "verifiers_left"}
    # The parcel for the former key opens nothing; the new card takes the place of the old one.
    assert press(two, stick).came == ()
    (stick / "pins-KP01-2 (old).card").write_bytes(former)
    done = press(one, stick)
    assert done.written == ("2",) and refused(done) == {"pins-KP01-2 (old).card": "verifiers_left"}
    assert press(two, stick).came == ("101", "301")


def test_on_a_stick_that_takes_nothing_the_pins_come_all_the_same(
    one: TillInFolder, two: TillInFolder, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(two, stick)
    press(one, stick)
    names = lying(stick)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("app.staff.pin_files.os.fsync", full)
        done = press(two, stick)
    assert done.came == ("101", "301") and not done.card and done.written == ()
    assert set(refused(done).items()) == {
        ("pins-KP01-1.card", "handover_disk"), ("pins-KP01-2.card", "handover_disk"),
    }  # fmt: skip
    assert lying(stick) == names
    assert actions.check_pin(two.books, "101", OLD) == "cashier"


def test_what_a_file_is_called_can_always_be_told(one: TillInFolder, stick: Path) -> None:
    for name in (
        b"pins-\xff\xfe.card",
        b"pins-\xe2\x80\xae1.card",
        b"pins-" + b"y" * 200 + b".card",
    ):
        Path(os.fsdecode(os.fsencode(stick) + b"/" + name)).write_bytes(b"?")
    told = [name for name, _why in press(one, stick).refused]
    assert sorted(told) == ["pins-.card", "pins-1.card", "pins-" + "y" * 55]
    assert "".join(told).encode()


def test_no_folder_is_said(one: TillInFolder, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for place in (tmp_path / "nowhere", tmp_path / "file", Path("a\0b")):
        with pytest.raises(Refusal, match="handover_where"):
            press(one, place)


def test_what_a_sister_signs_stays_in_the_folder(one: TillInFolder, stick: Path) -> None:
    """Its till may be called anything; a box that is none gets nothing."""
    for name, box in (("a", X25519PrivateKey.generate().public_key().public_bytes_raw()),
                      ("b", b"short"), ("c", bytes(32))):  # fmt: skip
        sister = Writer(name, till=f"../../{name}")
        siblings.take(one.books, [siblings.Sent(each.journal, each.seq, each.content, each.sig)
                                  for each in sister.entries])  # fmt: skip
        body = msgspec.json.encode(Card(SHOP, sister.journal, box))
        signed = {"body": body, "sig": sister.key.sign(b"verifier card 1\n" + body)}
        (stick / f"pins-{name}.card").write_bytes(msgspec.json.encode(signed))
    done = press(one, stick)
    assert refused(done) == {"pins-b.card": "verifiers_bad", "pins-c.card": "verifiers_bad"}
    assert lying(stick) == ["pins-KP01-1-to-a.parcel", "pins-KP01-1.card", "pins-a.card",
                            "pins-b.card", "pins-c.card"]  # fmt: skip
    assert list(stick.parent.rglob("*.parcel")) == [stick / "pins-KP01-1-to-a.parcel"]


def test_a_journal_opened_later_in_a_journal_opens_nothing(
    one: TillInFolder, two: TillInFolder, stick: Path
) -> None:
    """A sister that says in its midst to be till 2 does not take its place."""
    sister = Writer("sly", till="9")
    sister.order = one.clock.wall_ms() + 60_000
    sister.write(JournalOpened(shop=SHOP, till="2", device="sly", public_key=sister.public_key,
                               reason="first"))  # fmt: skip
    siblings.take(one.books, [siblings.Sent(each.journal, each.seq, each.content, each.sig)
                              for each in sister.entries])  # fmt: skip
    press(two, stick)
    assert press(one, stick).written == ("2",)
