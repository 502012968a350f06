"""抬头码 and tax numbers: what is right is read, what is broken is refused in shop words."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refusal
from app.messages import sentence
from app.sales.buyers import buyer_from_code, checked_buyer, crc16
from tests.support.buyer_codes import NUMBER, code, sealed


def test_the_check_is_the_one_of_the_rule() -> None:
    # What this CRC gives for the nine figures every catalogue of CRCs tries them with.
    assert crc16(b"123456789") == 0xFEE8


def test_a_companys_code_says_everything() -> None:
    buyer = buyer_from_code(
        code("华为技术有限公司", NUMBER, "深圳市龙岗区坂田|0755-28780808", "工行坂田支行|4000")
    )
    assert (buyer.name, buyer.tax_number, buyer.kind) == ("华为技术有限公司", NUMBER, "company")
    assert buyer.address == "深圳市龙岗区坂田 0755-28780808"
    assert buyer.bank == "工行坂田支行 4000"
    assert buyer.shown == "华为技术有限公司"


def test_a_private_person_has_a_name_and_nothing_else() -> None:
    buyer = buyer_from_code(code("梁小开", "", "", ""))
    assert (buyer.name, buyer.kind, buyer.shown) == ("梁小开", "person", "梁**")


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
@pytest.mark.parametrize("packed", ["utf-8", "gbk"])
def test_makers_count_their_check_over_different_bytes(encoding: str, packed: str) -> None:
    made = code("开平茶业有限公司", NUMBER, "", "", encoding=encoding, packed=packed)
    assert buyer_from_code(made).name == "开平茶业有限公司"


def test_some_makers_leave_the_last_mark_out_of_their_check() -> None:
    said = f"开平茶业有限公司</>{NUMBER}</></>"
    made = sealed(f"{said}</>{crc16(said.encode('gbk')):04x}")
    assert buyer_from_code(made).tax_number == NUMBER


@pytest.mark.parametrize(
    "broken",
    [
        "$01$",
        "$01!!!$",
        "$01" + "A" * 3000 + "$",
        code("开平茶业有限公司", NUMBER, "", "")[:-1],
        code("开平茶业有限公司", NUMBER, "", "").replace("$01", "$02"),
        code("开平茶业有限公司", NUMBER, "", "", crc="0000"),
        code("开平茶业有限公司", NUMBER, ""),
        code("开平茶业有限公司", NUMBER, "", "", ""),
        sealed("开平茶业有限公司"),
        "$01" + base64.b64encode(b"\xff\xfe\x00</></></></>0000").decode() + "$",
    ],
)
def test_a_broken_code_is_refused(broken: str) -> None:
    with pytest.raises(Refusal) as refused:
        buyer_from_code(broken)
    assert refused.value.code == "buyer_code_bad"
    assert "抬头码" in sentence(refused.value)


def test_one_wrong_letter_anywhere_is_seen() -> None:
    said = f"开平茶业有限公司</>{NUMBER}</>开平市</>农行</>"
    crc = f"{crc16(said.encode('gbk')):04X}"
    for place in range(len(said) - 3):
        if said[place] in "</>":
            continue
        wrong = said[:place] + ("8" if said[place] != "8" else "9") + said[place + 1 :]
        with pytest.raises(Refusal):
            buyer_from_code(sealed(wrong + crc))


@pytest.mark.parametrize(
    "number",
    [
        "9144030071526726XG",
        "914403001922038216",
        " 9144 0300 1922 0382 16 ",
        "9144030071526726xg",
        "440783199001010019",
        "440300192203821",
        "44078319900101001901",
    ],
)
def test_right_tax_numbers_are_taken(number: str) -> None:
    assert checked_buyer("某", number).tax_number == number.replace(" ", "").upper()


@pytest.mark.parametrize(
    "number",
    [
        "914403001922038217",
        "914403001922038126",
        "9144030071526726XI",
        "440783199001010018",
        "91440300192203821",
        "9144030019220382161",
        "税号一二三四五六七八九十一二三",
        "-",
    ],
)
def test_wrong_tax_numbers_are_refused(number: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked_buyer("某", number)
    assert refused.value.code == "tax_number_bad"


@pytest.mark.parametrize("name", ["", "   ", "名" * 101, "\x00\x01"])
def test_a_buyer_has_a_name(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked_buyer(name, NUMBER)
    assert refused.value.code == "buyer_name_bad"


USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@given(st.text(USCC, min_size=17, max_size=17))
def test_of_all_check_characters_one_alone_is_right(start: str) -> None:
    """GB 32100: place i weighs 3^i, all of them and the check make a multiple of 31."""
    total = sum(USCC.index(char) * pow(3, place, 31) for place, char in enumerate(start))
    right = [char for char in USCC if taken(start + char)]
    # What reads as an identity number as well may end as one.
    assert USCC[-total % 31] in right and len(right) <= 2
    if not start.isdigit():
        assert len(right) == 1


@given(st.text("0123456789", min_size=17, max_size=17))
def test_a_traders_identity_number_has_its_own_check(start: str) -> None:
    """GB 11643: place i weighs 2^(17-i), the rest by 11 names the last figure."""
    rest = sum(int(char) * pow(2, 17 - place, 11) for place, char in enumerate(start)) % 11
    assert taken(start + "10X98765432"[rest])
    wrong = [char for char in "0123456789X" if not taken(start + char)]
    assert len(wrong) >= 9


def taken(number: str) -> bool:
    try:
        return checked_buyer("某", number).tax_number == number
    except Refusal:
        return False


def test_names_keep_what_the_rule_allows_and_one_space() -> None:
    assert checked_buyer("名" * 100).name == "名" * 100
    assert checked_buyer("开平  茶业\n公司").name == "开平 茶业 公司"
    assert checked_buyer("L").name == "L"
    long = checked_buyer("某", "", "址" * 130, "行" * 130)
    assert (len(long.address), len(long.bank)) == (100, 100)


def test_a_code_is_one_run_of_letters_of_the_size_the_rule_allows() -> None:
    whole = code("开平茶业有限公司", NUMBER, "", "")
    for broken in (whole[:9] + "\n" + whole[9:], whole[:9] + " " + whole[9:]):
        with pytest.raises(Refusal):
            buyer_from_code(broken)
    assert buyer_from_code(f" {whole}\r\n").tax_number == NUMBER
    # Some address that fills the code to its last character, then one that is too long.
    sizes = {len(code("名", "", "a" * n, "")): n for n in range(1400, 1500)}
    assert buyer_from_code(code("名", "", "a" * sizes[2000], "")).address == "a" * 100
    with pytest.raises(Refusal):
        buyer_from_code(code("名", "", "a" * (sizes[2000] + 3), ""))
