"""Scale labels: formats as data, reading, making, and refusing formats that clash."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.scales import (
    DEMO_FORMATS,
    ScaleReading,
    check_formats,
    derived_quantity,
    make_label,
    parse_format,
    parse_formats,
    read_label,
)
from app.catalogue.wallets import WALLETS
from app.errors import Refusal
from app.money import line_amount

SHORT, LONG = DEMO_FORMATS


def refused(text: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        check_formats(parse_formats(text), WALLETS)
    return caught.value


def test_a_goose_by_its_label_weighs_what_amount_and_price_say() -> None:
    assert read_label("2111004218778", SHORT) == ScaleReading(plu="11004", amount=21877)
    assert derived_quantity(21877, 8800) == 2486


def test_labels_are_made_digit_by_digit_as_scales_print_them() -> None:
    assert make_label(SHORT, "16008", 2851) == "2116008028514"
    assert make_label(LONG, "11012", 13338, 1235) == "221101213338012356"


def test_a_price_of_nothing_gives_no_quantity() -> None:
    with pytest.raises(Refusal, match="no_price"):
        derived_quantity(2851, 0)
    assert derived_quantity(1, 100_000) == 1


@given(st.integers(1, 99_999), st.integers(1, 99_999))
def test_a_derived_quantity_is_within_half_a_gram_of_the_amount(amount: int, price: int) -> None:
    quantity = derived_quantity(amount, price)
    assert quantity == 1 or abs(line_amount(price, quantity) - amount) * 1000 <= price // 2 + 1000


@given(st.integers(0, 99_999), st.integers(1, 99_999), st.integers(1, 99_999))
def test_what_a_label_maker_writes_the_reader_reads(plu: int, amount: int, weight: int) -> None:
    digits = make_label(LONG, str(plu), amount, weight)
    assert read_label(digits, LONG) == ScaleReading(plu=f"{plu:05d}", amount=amount, weight=weight)


def test_formats_are_written_and_read_the_way_shops_write_them() -> None:
    for text in ("21 PPPPP AAAAA C", "22 PPPP AAAAAA C", "2 PPPPPP AAAAA C", "25 ? PPPPP WWWWW"):
        assert parse_format(text.lower().replace(" ", "")).name == text
    pieces = parse_format("27 PPPPPP NNNN C")
    assert read_label(make_label(pieces, "123", count=12), pieces) == ScaleReading(
        plu="000123", count=12
    )


def test_a_format_may_ignore_its_last_digit() -> None:
    lax = parse_format("21 PPPPP AAAAA ?")
    assert read_label("2111004218770", lax) == ScaleReading(plu="11004", amount=21877)
    assert make_label(lax, "11004", 21877) == "2111004218778"
    assert read_label("2111004218770", SHORT) == "check_digit"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("PPPPP AAAAA C", "letters"),
        ("21 PPPPP AAAAA X", "letters"),
        ("21 PPPPP C AAAAA", "letters"),
        ("21 PPP", "length"),
        ("21 PPPPPPPPPPPPPPPP AAAAAAAAAA C", "length"),
        ("21 PPPPP AAA P AA", "twice"),
        ("21 PPPPP ????? C", "missing"),
        ("21 AAAAA ????? C", "missing"),
        ("69 PPPPP AAAAA C", "prefix"),
        ("01 PPPPP AAAAA WWWWW C", "prefix"),
    ],
)
def test_a_format_that_makes_no_sense_is_refused(text: str, reason: str) -> None:
    error = refused(text)
    assert (error.code, error.details["reason"]) == ("scale_format_bad", reason)


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("26 PPPPP AAAAA WWWWW C", "alipay"),
        ("2 PPPPPP AAAAA WWWWW C", "alipay"),
        ("30 PPPPP AAAAA WWW C", "alipay"),
        ("13 PPPPP AAAAA WWWWW C", "wechat"),
        ("621 PPPPP AAAAA WWWWW C", "unionpay"),
    ],
)
def test_a_format_that_looks_like_a_payment_code_is_refused(text: str, channel: str) -> None:
    error = refused(text)
    assert (error.code, error.details["channel"]) == ("scale_format_overlaps_wallet", channel)


def test_two_formats_may_not_claim_the_same_digits() -> None:
    assert refused("21 PPPPP AAAAA C\n2 PPPPPP AAAAA C").code == "scale_format_overlaps"
    check_formats(DEMO_FORMATS, WALLETS)
    # The same prefix at another length is another label.
    check_formats(parse_formats("21 PPPPP AAAAA C\n\n21 PPPPP AAAAA WWWWW C"), WALLETS)


@pytest.mark.parametrize(
    ("plu", "amount", "weight", "field"),
    [
        ("110040", 100, 100, "plu"),
        ("KP1", 100, 100, "plu"),
        ("11004", 100_000, 100, "amount"),
        ("11004", None, 100, "amount"),
        ("11004", -1, 100, "amount"),
        ("11004", 100, 100_000, "weight"),
        ("11004", 100, None, "weight"),
    ],
)
def test_a_figure_that_does_not_fit_is_never_cut(
    plu: str, amount: int | None, weight: int | None, field: str
) -> None:
    with pytest.raises(Refusal) as caught:
        make_label(LONG, plu, amount, weight)
    assert caught.value.code == "scale_label_does_not_fit"
    assert caught.value.details["field"] == field
