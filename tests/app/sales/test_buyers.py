"""抬头码 and tax numbers: what is right is read, what is broken is refused in shop words."""

import base64

import pytest

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
