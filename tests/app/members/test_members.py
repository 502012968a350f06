"""Members: found by their phone, shown masked, forgotten on request, and nothing breaks."""

import msgspec
import pytest

from app.errors import Refusal
from app.members import actions, queries
from app.members.actions import Place
from app.members.queries import Member
from app.verification import rebuild, verify_books
from tests.support.facts import sold
from tests.support.tills import TillInFolder

PLACE = Place(day="2026-12-07", shift="s-1", person="101")
PHONE = "13800005678"
YES = ("member",)


def enrolled(till: TillInFolder, name: str = "梁阿姨", phone: str = PHONE) -> Member:
    return actions.enrol(till.books, PLACE, name=name, phone=phone, consents=YES)


def found(till: TillInFolder, phone: str, name: str = "") -> list[str]:
    with till.books.read() as db:
        return queries.by_phone(db, till.books.secrets, till.books.shop, phone, name)


def test_a_new_member_is_masked_from_the_first_moment(till: TillInFolder) -> None:
    made = enrolled(till)
    assert (made.name, made.phone, made.points) == ("梁**", "138****5678", 0)
    assert made.number == "KP011000001"
    assert enrolled(till, phone="13900000001").number == "KP011000002"


@pytest.mark.parametrize(
    ("name", "phone", "consents", "code"),
    [
        ("梁", PHONE, (), "consent_needed"),
        ("梁", PHONE, ("marketing",), "consent_needed"),
        ("梁", PHONE, ("member", "everything"), "consent_needed"),
        ("\x00 ", PHONE, YES, "member_name_bad"),
        ("梁", "12345", YES, "phone_bad"),
        ("梁", "138-0000-567x", YES, "phone_bad"),
        ("梁", "", YES, "phone_bad"),
    ],
)
def test_nobody_is_made_a_member_without_a_yes_a_name_and_a_phone(
    till: TillInFolder, name: str, phone: str, consents: tuple[str, ...], code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        actions.enrol(till.books, PLACE, name=name, phone=phone, consents=consents)
    assert till.rows("SELECT count(*) FROM member") == [(0,)]


def test_one_phone_is_one_member(till: TillInFolder) -> None:
    made = enrolled(till)
    with pytest.raises(Refusal, match="member_known") as refused:
        enrolled(till, name="别人", phone=" 138 0000 5678 ")
    assert refused.value.details["number"] == made.number


def test_a_member_is_found_by_phone_tail_and_name(till: TillInFolder) -> None:
    one, other = enrolled(till), enrolled(till, "王叔", "13911115678")
    assert found(till, PHONE) == [one.member]
    assert set(found(till, "5678")) == {one.member, other.member}
    assert found(till, "5678", "王") == [other.member]
    assert found(till, "5678", "李") == []
    assert found(till, "0000") == []
    with till.books.read() as db:
        assert queries.by_number(db, "KP01", one.number.lower()) == one.member
        assert queries.by_number(db, "KP01", "KP01X") is None


def test_no_fact_and_no_table_holds_a_name_or_a_phone(till: TillInFolder) -> None:
    enrolled(till)
    till.books.database.close()
    till.close()
    for path in till.path.glob("till.db*"):
        held = path.read_bytes()
        assert PHONE.encode() not in held
        assert "梁阿姨".encode() not in held


def test_whoever_sees_a_phone_is_remembered(till: TillInFolder) -> None:
    made = enrolled(till)
    known = actions.reveal(till.books, PLACE, made.member)
    assert (known.name, known.phone) == ("梁阿姨", PHONE)
    assert till.rows("SELECT member, what, person FROM member_shown") == [
        (made.member, "phone", "101")
    ]


def test_a_forgotten_member_breaks_nothing(till: TillInFolder) -> None:
    made = enrolled(till)
    sale = sold(("KP-A001", 1850, 1000))
    till.record(msgspec.structs.replace(sale, member=made.member, points_earned=18))
    actions.forget(till.books, PLACE, made.member)
    assert found(till, PHONE) == []
    with till.books.read() as db:
        assert queries.profile(db, till.books.secrets, "KP01", made.member) is None
        assert queries.by_number(db, "KP01", made.number) is None
        assert queries.balance(db, "KP01", made.member) == 18
    with pytest.raises(Refusal, match="unknown_member"):
        actions.reveal(till.books, PLACE, made.member)
    with pytest.raises(Refusal, match="unknown_member"):
        actions.forget(till.books, PLACE, made.member)
    assert enrolled(till).member != made.member
    assert verify_books(till.books).ok
    assert rebuild(till.books).differed == ()


def test_a_changed_phone_is_found_and_the_old_one_no_longer(till: TillInFolder) -> None:
    made, other = enrolled(till), enrolled(till, "王叔", "13911115678")

    def moves_to(who: str, phone: str) -> None:
        both = ("member", "marketing")
        actions.change(till.books, PLACE, who, name="梁阿姨", phone=phone, consents=both)

    moves_to(made.member, "13722220000")
    assert found(till, PHONE) == []
    assert found(till, "13722220000") == [made.member]
    with pytest.raises(Refusal, match="member_known"):
        moves_to(other.member, "13722220000")
    with till.books.read() as db:
        seen = queries.masked(db, till.books.secrets, "KP01", made.member)
    assert seen is not None
    assert seen.consents == ("member", "marketing")


def test_points_by_hand_have_a_reason_and_never_fall_below_nought(till: TillInFolder) -> None:
    made = enrolled(till)
    assert actions.adjust_points(till.books, PLACE, made.member, 500, "补登小票") == 500
    for points, reason, code in ((-501, "冲正", "bad_points"), (0, "无", "bad_points"),
                                 (5, " ", "reason_needed")):  # fmt: skip
        with pytest.raises(Refusal, match=code):
            actions.adjust_points(till.books, PLACE, made.member, points, reason)
    with pytest.raises(Refusal, match="unknown_member"):
        actions.adjust_points(till.books, PLACE, "nobody", 5, "补登")


def test_a_name_that_never_came_to_this_till_is_nobodys_to_see(till: TillInFolder) -> None:
    who = enrolled(till).member
    till.write("DELETE FROM attachment")
    with pytest.raises(Refusal, match="unknown_member"):
        actions.reveal(till.books, PLACE, who)
    with till.books.read() as db:
        known = queries.masked(db, till.books.secrets, till.books.shop, who)
    assert known is not None and (known.name, known.phone) == ("", "")
