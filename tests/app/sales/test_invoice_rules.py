"""What an invoice says, to the fen, and what of it is taken back: the pure rule."""

from collections.abc import Sequence

import msgspec
import pytest

from app.errors import Refusal
from app.facts.sales import SaleCompleted, SaleLine, Tender
from app.money import line_amount
from app.pricing.rules import taxes
from app.sales import invoice_rules as rules
from app.sales.invoice_rules import Content, content_of, to_take_back
from app.sales.refund_queries import Refunded
from app.sales.tax_codes import code_for, parse_tax_codes, tax_codes
from tests.support.facts import sold

CODES = tax_codes("")
NOTHING_BACK = Refunded({}, {})


def receipt(
    *goods: tuple[str, int, int, str, int],
    kind: str = "goods",
    tenders: Sequence[tuple[str, int]] = (),
) -> SaleCompleted:
    """A sale of (name, price in fen, thousandths, tax class, rate), taxed as a till does."""
    paid = [line_amount(price, quantity) for _, price, quantity, _, _ in goods]
    shares = taxes([(each[3], each[4], amount) for each, amount in zip(goods, paid, strict=True)])
    lines = tuple(
        SaleLine(
            line=number,
            product=each[0],
            name=each[0],
            spec="",
            unit="份",
            weighed=0,
            quantity=each[2],
            list_price=each[1],
            unit_price=each[1],
            amount=amount,
            paid=amount,
            tax_class=each[3],
            tax_rate=each[4],
            tax=tax,
            kind=kind,
        )
        for number, (each, amount, tax) in enumerate(zip(goods, paid, shares, strict=True), 1)
    )
    due = sum(paid)
    return msgspec.structs.replace(
        sold(),
        lines=lines,
        due=due,
        tax=sum(shares),
        tenders=tuple(
            Tender(tender=tender, amount=amount, tendered=amount)
            for tender, amount in tenders or (("cash", due),)
        ),
    )


def by_rate(content: Content) -> dict[int, tuple[int, int]]:
    """Amount and tax by rate."""
    found: dict[int, tuple[int, int]] = {}
    for line in content.lines:
        amount, tax = found.get(line.rate, (0, 0))
        found[line.rate] = (amount + line.amount, tax + line.tax)
    return found


def test_a_room_its_meals_and_the_goods_on_it() -> None:
    stay = receipt(
        ("碉乡民宿", 328_00, 2000, "lodging", 6),
        ("侨心煲仔饭", 28_00, 2000, "catering", 6),
        ("山泉水", 3_00, 2000, "goods", 13),
        ("侨心饼", 48_00, 1000, "goods", 13),
    )
    lodging, meals, *goods = content_of(stay, NOTHING_BACK, CODES).lines
    assert (lodging.amount, lodging.tax, lodging.tax_code) == (656_00, 37_13, "3070402" + "0" * 12)
    assert (meals.amount, meals.tax, meals.tax_code) == (56_00, 3_17, "3070401" + "0" * 12)
    assert sum(each.amount for each in goods) == 54_00
    assert sum(each.tax for each in goods) == 6_21


def test_a_schools_order_at_four_rates() -> None:
    order = receipt(
        ("大沙麦菜", 9_80, 58_500, "exempt", 0),
        ("稳糖米", 62_00, 40_000, "farm", 9),
        ("鸡蛋", 12_20, 80_000, "exempt", 0),
        ("酱油", 16_50, 24_000, "goods", 13),
    )
    content = content_of(order, NOTHING_BACK, CODES)
    assert [line.rate for line in content.lines] == [-2, 9, -2, 13]
    assert by_rate(content) == {
        -2: (573_30 + 976_00, 0),
        9: (2_480_00, 204_77),
        13: (396_00, 45_56),
    }
    assert 2_480_00 - 204_77 == 2_275_23
    assert content.amount == 4_425_30


def test_a_deposit_is_a_line_without_tax() -> None:
    bottle = receipt(("押桶", 50_00, 1000, "deposit", 0), kind="deposit")
    (line,) = content_of(bottle, NOTHING_BACK, CODES).lines
    assert (line.rate, line.tax, line.tax_code[0]) == (-1, 0, "6")


def test_what_was_paid_with_stored_value_is_left_out_and_shared() -> None:
    sale = receipt(
        ("茶", 68_00, 1000, "goods", 13),
        ("饼", 32_00, 1000, "goods", 13),
        tenders=(("stored", 30_00), ("voucher", 10_00), ("cash", 60_00)),
    )
    content = content_of(sale, NOTHING_BACK, CODES)
    assert [line.amount for line in content.lines] == [40_80, 19_20]
    assert (content.amount, content.tax) == (60_00, 6_90)
    assert [(each.why, each.amount) for each in content.left_out] == [
        ("stored", 30_00),
        ("voucher", 10_00),
    ]


def test_all_of_it_left_out_leaves_nothing_to_invoice() -> None:
    sale = receipt(("茶", 68_00, 1000, "goods", 13), tenders=(("stored", 68_00),))
    assert content_of(sale, NOTHING_BACK, CODES).lines == ()


def test_what_came_back_is_not_invoiced() -> None:
    sale = receipt(("茶", 68_00, 1000, "goods", 13), ("饼", 48_00, 3000, "goods", 13))
    tax = sale.lines[1].tax
    gone = Refunded({1: [(1000, 68_00, sale.lines[0].tax)], 2: [(1000, 48_00, 5_52)]}, {})
    (line,) = content_of(sale, gone, CODES).lines
    assert (line.quantity, line.amount, line.tax) == (2000, 96_00, tax - 5_52)


def test_two_refunds_of_an_issued_invoice_are_one_red_letter_and_never_come_twice() -> None:
    sale = receipt(("茶", 68_00, 1000, "goods", 13), ("麦菜", 9_51, 1000, "exempt", 0),
                   ("饼", 48_00, 3000, "goods", 13))  # fmt: skip
    issued = content_of(sale, NOTHING_BACK, CODES).lines
    gone = Refunded({1: [(1000, 68_00, sale.lines[0].tax)], 2: [(1000, 9_51, 0)]}, {})
    now = content_of(sale, gone, CODES).lines
    red = to_take_back(issued, (), now)
    assert (red.amount, red.tax) == (77_51, sale.lines[0].tax)
    assert [(line.line, line.quantity) for line in red.lines] == [(1, 1000), (2, 1000)]
    assert to_take_back(issued, red.lines, now) == rules.NOTHING


def test_red_letters_follow_money_that_was_left_out() -> None:
    sale = receipt(
        ("茶", 60_00, 1000, "goods", 13),
        ("饼", 40_00, 1000, "goods", 13),
        tenders=(("cash", 50_00), ("stored", 50_00)),
    )
    issued = content_of(sale, NOTHING_BACK, CODES)
    # The cake comes back, and its money goes into the stored value first.
    gone = Refunded({2: [(1000, 40_00, sale.lines[1].tax)]}, {("stored", "acc"): 40_00})
    now = content_of(sale, gone, CODES)
    assert (issued.amount, now.amount) == (50_00, 50_00)
    assert to_take_back(issued.lines, (), now.lines) == rules.NOTHING
    gone = Refunded({2: [(1000, 40_00, sale.lines[1].tax)]}, {("cash", ""): 40_00})
    now = content_of(sale, gone, CODES)
    red = to_take_back(issued.lines, (), now.lines)
    assert (now.amount, red.amount) == (10_00, 40_00)
    assert all(line.amount > 0 and 0 <= line.tax <= line.amount for line in red.lines)


def test_only_moves_of_the_table_are_made() -> None:
    assert rules.moved(rules.REQUESTED, rules.SEND) == rules.SENT
    for state, move, code in (
        (rules.SENT, rules.CORRECT, "invoice_on_its_way"),
        (rules.ISSUED, rules.WITHDRAW, "invoice_issued"),
        (rules.WITHDRAWN, rules.AGAIN, "invoice_over"),
    ):
        with pytest.raises(Refusal) as refused:
            rules.moved(state, move)
        assert refused.value.code == code


# --- tax codes -----------------------------------------------------------------------------------


def line_of(**changes: object) -> SaleLine:
    return msgspec.structs.replace(receipt(("茶", 1, 1000, "goods", 13)).lines[0], **changes)


def test_the_closest_row_counts_and_of_its_rows_the_newest_that_had_begun() -> None:
    own = (
        "goods 2027-01-01 1030201000000000000 新编码\n"
        "\n"
        "12001 2026-01-01 1030208000000000000 精制茶\n"
    )
    codes = tax_codes(own)
    assert code_for(codes, line_of(), "2026-12-31").name == "食品"
    assert code_for(codes, line_of(), "2027-01-01").name == "新编码"
    assert code_for(codes, line_of(category="1.2"), "2026-12-31").name == "茶叶"
    assert code_for(codes, line_of(category="1.2.3"), "2026-12-31").name == "茶叶"
    assert code_for(codes, line_of(category="1.2", product="12001"), "2026-12-31").name == "精制茶"


def test_the_shops_own_row_stands_above_the_shipped_one_of_the_same_day() -> None:
    codes = tax_codes("goods 2016-05-01 1030201010000000000 糕点")
    assert code_for(codes, line_of(), "2026-12-31").name == "糕点"


def test_goods_without_a_row_are_refused_by_name() -> None:
    with pytest.raises(Refusal) as refused:
        code_for((), line_of(name="大沙红茶"), "2026-12-31")
    assert (refused.value.code, refused.value.details["name"]) == ("tax_code_missing", "大沙红茶")


@pytest.mark.parametrize(
    "row",
    [
        "goods 2026-01-01 103020101 糕点",
        "goods 2026-13-01 1030201010000000000 糕点",
        "goods 1030201010000000000 糕点",
        "goods 2026-01-01 1030201010000000000",
        "goods 2026-01-01 1030201010000000000 糕点 多的",
    ],
)
def test_a_row_that_makes_no_sense_is_named(row: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_tax_codes(f"farm 2026-01-01 1010100000000000000 农产品\n{row}")
    assert refused.value.code == "tax_codes_bad"
    assert refused.value.details["line"] == 2


def test_every_line_has_nineteen_figures() -> None:
    assert all(len(each.code) == 19 and each.code.isdigit() for each in CODES)
