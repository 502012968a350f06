"""What a scan means, while selling and while collecting money."""

import pytest

from app.catalogue import codes
from app.catalogue.codes import (
    GoodsCode,
    LotCode,
    MemberCode,
    Plu,
    ReceiptCode,
    ScaleLabel,
    Scanned,
    ShelfCode,
    TraceCode,
    Unknown,
    WalletCode,
)
from app.catalogue.gs1 import GS, check_digit, restricted_gtin
from app.catalogue.scales import DEMO_FORMATS, parse_format

TRACE = "https://trace.example/t/"


def scan(text: object) -> Scanned:
    return codes.parse_scan(text, formats=DEMO_FORMATS, trace_prefix=TRACE)


def goods(text: str) -> GoodsCode:
    reading = scan(text).reading
    assert isinstance(reading, GoodsCode), reading
    return reading


def reason(text: object) -> str:
    reading = scan(text).reading
    assert isinstance(reading, Unknown), reading
    return reading.reason


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("6900000120033", "06900000120033"),
        ("96385074", "00000096385074"),
        ("012345678905", "00012345678905"),
        ("04252614", "00042100005264"),
        ("16900000110147", "16900000110147"),
        ("]E06900000120033", "06900000120033"),
        ("6 900000 120033", "06900000120033"),
        ("６９０００００１２００３３", "06900000120033"),
        ("\t6900000120033\r\n", "06900000120033"),
    ],
)
def test_every_kind_of_article_number_is_read(text: str, gtin: str) -> None:
    assert goods(text).gs1.gtin == gtin


def test_a_number_is_looked_up_under_every_way_of_writing_it() -> None:
    assert goods("012345678905").spellings[:2] == ("012345678905", "0012345678905")
    assert "012345678905" in goods("0012345678905").spellings
    assert goods("04252614").spellings[0] == "04252614"
    assert "042100005264" in goods("04252614").spellings
    # A case code is another number than the piece inside it.
    assert goods("16900000110147").spellings == ("16900000110147",)


def test_a_wrong_check_digit_is_said_and_the_text_kept_for_a_barcode_that_reads_so() -> None:
    assert scan("6900000120034").reading == Unknown(text="6900000120034", reason="check_digit")
    assert reason("96385075") == "check_digit"
    assert reason("0000000000000") == "check_digit"


@pytest.mark.parametrize(
    "text",
    [
        f"]C1010690000012003317261231310300123410HC-1103{GS}21S7",
        f"{GS}010690000012003317261231310300123410HC-1103{GS}21S7",
        f"010690000012003317261231310300123410HC-1103{GS}21S7",
        "(01)06900000120033(17)261231(3103)001234(10)HC-1103(21)S7",
        "（01）06900000120033（17）261231（3103）001234（10）HC-1103（21）S7",
        "https://anybody.example/x/01/06900000120033/10/HC-1103/21/S7?17=261231&3103=001234",
    ],
)
def test_a_gs1_message_tells_lot_expiry_weight_and_serial(text: str) -> None:
    found = goods(text)
    assert found.spellings[0] == "6900000120033"
    assert (found.gs1.lot, found.gs1.expires, found.gs1.serial, found.gs1.weight) == (
        "HC-1103",
        "2026-12-31",
        "S7",
        1234,
    )


def test_weights_with_other_decimals_become_grams_half_up() -> None:
    assert goods("(01)06900000120033(3100)000012").gs1.weight == 12_000
    assert goods("(01)06900000120033(3105)123456").gs1.weight == 1_235
    assert goods("(01)06900000120033(3105)000050").gs1.weight == 1


def test_day_nought_is_the_end_of_the_month_and_impossible_days_are_refused() -> None:
    assert goods("(01)06900000120033(17)280200").gs1.expires == "2028-02-29"
    assert goods("(01)06900000120033(11)261130(15)270101").gs1.made == "2026-11-30"
    assert reason("(01)06900000120033(17)261301") == "gs1_bad"


def test_a_gs1_message_without_a_right_product_is_no_product() -> None:
    assert reason("(01)06900000120034(10)A") == "check_digit"
    assert reason("(10)A") == "no_product"
    assert reason(f"]C1nonsense{GS}") == "gs1_bad"
    assert reason("https://anybody.example/00/106141412345678908") == "no_product"


def test_a_weighed_products_qr_carries_its_plu_in_a_number_of_our_own() -> None:
    number = restricted_gtin("16008")
    found = goods(f"010{number}31030043203922002851")
    assert (found.gs1.plu, found.gs1.weight, found.gs1.amount) == ("16008", 4320, 2851)
    # The same digits alone are a bar code of somebody's scale, not a PLU.
    assert goods(number).gs1.plu == ""
    with_noughts = restricted_gtin("00123")
    assert goods(f"(01)0{with_noughts}").gs1.plu == "00123"


def test_scale_labels_are_read_by_the_shops_formats() -> None:
    assert scan("2111004218778").reading == ScaleLabel(
        text="2111004218778",
        plu="11004",
        amount=21877,
        weight=None,
        count=None,
        format="21 PPPPP AAAAA C",
    )
    long = scan("221101213338012356")
    assert isinstance(long.reading, ScaleLabel)
    assert (long.reading.plu, long.reading.amount, long.reading.weight) == ("11012", 13338, 1235)
    assert long.wallet is None
    assert reason("2111004218779") == "check_digit"


def test_a_label_of_nought_is_never_goods_for_nothing() -> None:
    body = "211100400000"
    assert reason(f"{body}{check_digit(body)}") == "label_empty"
    body = "22110120000001235"
    assert reason(f"{body}{check_digit(body)}") == "label_empty"


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("134567890123456789", "wechat"),
        ("154567890123456789", "wechat"),
        ("2812345678901234", "alipay"),
        ("301234567890123456789012", "alipay"),
        ("6212345678901234567", "unionpay"),
        ("0112345678901234567", "ecny"),
    ],
)
def test_payment_codes_are_known_by_prefix_and_length(text: str, channel: str) -> None:
    found = scan(text)
    assert found.wallet == WalletCode(code=text, channel=channel)
    assert found.reading == found.wallet
    assert found.reading.kind == "payment_code"


@pytest.mark.parametrize("text", ["13456789012345678", "164567890123456789", "311234567890123456"])
def test_digits_near_a_wallets_are_not_guessed_to_be_one(text: str) -> None:
    assert scan(text).wallet is None
    assert reason(text) == "not_a_code"


def test_digits_that_are_both_a_label_and_a_payment_code_show_both_readings() -> None:
    old = parse_format("26 PPPPP AAAAA WWWWW C")
    body = "26110121333801235"
    found = codes.parse_scan(f"{body}{check_digit(body)}", formats=(old,))
    assert isinstance(found.reading, ScaleLabel)
    assert found.wallet is not None
    assert found.wallet.channel == "alipay"
    # Nineteen digits from 01 are digital yuan, and now and then also a GS1 message.
    both = scan("0106900000120033101")
    assert isinstance(both.reading, GoodsCode)
    assert both.reading.gs1.lot == "1"
    assert both.wallet is not None
    assert both.wallet.channel == "ecny"


def test_a_payment_code_never_shows_itself_in_a_log() -> None:
    found = scan("134567890123456789")
    assert "134567890123456789" not in repr(found)
    assert "134567890123456789" not in str(found.reading)


def test_receipts_are_found_by_qr_and_by_their_typed_number() -> None:
    number = "KP01-1D-261207-0031"
    assert scan(codes.receipt_qr(number, "ABC234")).reading == ReceiptCode(
        number=number, letters="ABC234"
    )
    assert scan("kp01-1-261207-0031").reading == ReceiptCode(number="KP01-1-261207-0031")
    assert reason(f"R:{number}:ABC1") == "own_code_bad"
    assert codes.receipt_qr(number, "ABC234").isascii()


def test_our_own_codes_for_members_shelves_lots_and_traces() -> None:
    assert scan("M:0199-ab").reading == MemberCode(member="0199-ab")
    assert scan(codes.shelf_qr("A-01")).reading == ShelfCode(shelf="A-01")
    assert scan(codes.lot_qr("JJ20261108-03")).reading == LotCode(lot="JJ20261108-03")
    assert reason("M:张三") == "own_code_bad"
    for text in (f"{TRACE}AB12cd", "HTTPS://TRACE.EXAMPLE/T/AB12cd", f"{TRACE}AB12cd?from=qr"):
        assert scan(text).reading == TraceCode(code="AB12cd")
    assert reason(f"{TRACE}%00") == "trace_bad"


def test_a_web_page_is_a_message_and_never_goods() -> None:
    assert reason("https://pay.example/qr/1234") == "unknown_url"
    assert reason("https://trace.example.evil.example/t/AB12") == "unknown_url"
    assert reason("http://[") == "unknown_url"


def test_few_digits_are_a_product_code() -> None:
    assert scan("12003").reading == Plu(digits="12003")
    assert scan("0").reading == Plu(digits="0")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("\r\n", "empty"),
        ("1" * 401, "too_long"),
        ("6900000\x00120033", "control_characters"),
        ("690000\u202e0120033", "control_characters"),
        ("6900000\u200b120033", "control_characters"),
        ("\ud800", "control_characters"),
        (None, "not_a_code"),
        (6900000120033, "not_a_code"),
        ("٦٩٠٠٠٠٠١٢٠٠٣٣", "not_a_code"),
        ("²²²²²", "not_a_code"),
        ("KP01-0001", "not_a_code"),
    ],
)
def test_what_is_no_code_says_why(text: object, why: str) -> None:
    assert reason(text) == why


def test_dirty_text_is_not_even_looked_up() -> None:
    for text in ("1" * 401, "a\x00b"):
        found = scan(text).reading
        assert isinstance(found, Unknown)
        assert found.text == ""
