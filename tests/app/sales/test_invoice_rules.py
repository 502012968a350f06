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


def said(content: Content) -> list[tuple[int, int, int, int]]:
    """(line, pieces, amount, tax) of every line."""
    assert all(line.quantity % 1000 == 0 for line in content.lines)
    return [(line.line, line.quantity // 1000, line.amount, line.tax) for line in content.lines]


def cakes_and_tea() -> SaleCompleted:
    """Half of 100.00 paid with stored value: an invoice for 30.00 of tea and 20.00 of cake."""
    return receipt(
        ("茶", 60_00, 1000, "goods", 13),
        ("饼", 40_00, 1000, "goods", 13),
        tenders=(("cash", 50_00), ("stored", 50_00)),
    )


@pytest.mark.parametrize(
    ("to_stored", "to_cash", "red"),
    [
        # All of the cake's money goes into the stored value: the invoice stays as it is.
        (40_00, 0, []),
        # All of it in cash: what is left out now lies on the tea alone.
        (0, 40_00, [(1, 0, 20_00, 2_30), (2, 1, 20_00, 2_30)]),
        # A part of it: the tea carries more of the invoice than before, the cake gives it up.
        (30_00, 10_00, [(2, 1, 10_00, 1_15)]),
    ],
)
def test_red_letters_follow_money_that_was_left_out(
    to_stored: int, to_cash: int, red: list[tuple[int, int, int, int]]
) -> None:
    sale = cakes_and_tea()
    issued = content_of(sale, NOTHING_BACK, CODES)
    assert said(issued) == [(1, 1, 30_00, 3_45), (2, 1, 20_00, 2_30)]
    ways = {("stored", "acc"): to_stored, ("cash", ""): to_cash}
    gone = Refunded({2: [(1000, 40_00, sale.lines[1].tax)]}, ways)
    now = content_of(sale, gone, CODES)
    assert said(to_take_back(issued.lines, (), now.lines)) == red


def test_pieces_of_one_line_come_back_in_several_red_letters() -> None:
    sale = receipt(("茶", 68_00, 1000, "goods", 13), ("饼", 48_00, 3000, "goods", 13))
    assert [line.tax for line in sale.lines] == [7_82, 16_57]
    issued = content_of(sale, NOTHING_BACK, CODES).lines
    first = Refunded({2: [(1000, 48_00, 5_52)]}, {})
    red = to_take_back(issued, (), content_of(sale, first, CODES).lines)
    assert said(red) == [(2, 1, 48_00, 5_52)]
    second = Refunded({2: [(1000, 48_00, 5_52), (2000, 96_00, 11_05)]}, {})
    now = content_of(sale, second, CODES).lines
    assert said(to_take_back(issued, red.lines, now)) == [(2, 2, 96_00, 11_05)]
    everything = Refunded({**second.lines, 1: [(1000, 68_00, 7_82)]}, {})
    now = content_of(sale, everything, CODES).lines
    assert now == ()
    assert said(to_take_back(issued, red.lines, now)) == [
        (1, 1, 68_00, 7_82),
        (2, 2, 96_00, 11_05),
    ]


def test_more_back_than_was_sold_takes_back_no_more_than_was_issued() -> None:
    sale = receipt(("茶", 68_00, 1000, "goods", 13), ("饼", 48_00, 1000, "goods", 13))
    issued = content_of(sale, NOTHING_BACK, CODES).lines
    twice = Refunded({1: [(1000, 68_00, 7_82), (1000, 68_00, 7_82)]}, {})
    now = content_of(sale, twice, CODES)
    assert [line.line for line in now.lines] == [2]
    assert said(to_take_back(issued, (), now.lines)) == [(1, 1, 68_00, sale.lines[0].tax)]
    # Pieces without money, and money without pieces, are no line either.
    assert content_of(sale, Refunded({1: [(1000, 60_00, 0)]}, {}), CODES).amount == 48_00
    assert content_of(sale, Refunded({1: [(0, 68_00, 0)]}, {}), CODES).amount == 48_00


def test_tax_that_went_back_too_much_leaves_none() -> None:
    sale = receipt(("茶", 68_00, 2000, "goods", 13))
    gone = Refunded({1: [(1000, 68_00, sale.lines[0].tax + 1)]}, {})
    assert said(content_of(sale, gone, CODES)) == [(1, 1, 68_00, 0)]


def test_a_fen_of_a_line_is_still_a_line() -> None:
    sale = receipt(("茶", 1, 1000, "goods", 13), ("饼", 48_00, 1000, "goods", 13))
    assert said(content_of(sale, NOTHING_BACK, CODES))[0] == (1, 1, 1, 0)
    issued = content_of(sale, NOTHING_BACK, CODES).lines
    now = content_of(sale, Refunded({1: [(1000, 1, 0)]}, {}), CODES).lines
    assert said(to_take_back(issued, (), now)) == [(1, 1, 1, 0)]


def test_tax_stays_as_the_sale_froze_it_whatever_codes_its_goods_have() -> None:
    sale = receipt(*[(f"货{n}", 9_99 + n, 1000, "goods", 13) for n in range(7)])
    own = tax_codes("货3 2026-01-01 1010116010000000000 茶叶")
    content = content_of(sale, NOTHING_BACK, own)
    assert len({line.tax_code for line in content.lines}) == 2
    assert [line.tax for line in content.lines] == [line.tax for line in sale.lines]


def test_two_classes_are_left_out_of_each_by_itself() -> None:
    sale = receipt(
        ("住", 106_00, 1000, "lodging", 6),
        ("饼", 113_00, 1000, "goods", 13),
        tenders=(("cash", 109_50), ("stored", 109_50)),
    )
    content = content_of(sale, NOTHING_BACK, CODES)
    assert said(content) == [(1, 1, 53_00, 3_00), (2, 1, 56_50, 6_50)]


def test_stored_value_given_back_in_full_is_not_left_out_any_more() -> None:
    sale = cakes_and_tea()
    gone = Refunded({2: [(1000, 40_00, 4_60)]}, {("stored", "acc"): 50_00})
    content = content_of(sale, gone, CODES)
    assert (content.left_out, content.amount) == ((), 60_00)


def test_an_invoice_for_less_than_what_may_be_invoiced_now_has_nothing_to_take_back() -> None:
    sale = cakes_and_tea()
    issued = content_of(sale, NOTHING_BACK, CODES)
    gone = Refunded({2: [(1000, 40_00, 4_60)]}, {("stored", "acc"): 50_00})
    now = content_of(sale, gone, CODES)
    assert (issued.amount, now.amount) == (50_00, 60_00)
    assert to_take_back(issued.lines, (), now.lines) == rules.NOTHING


def test_more_left_out_than_there_is_leaves_nothing() -> None:
    sale = cakes_and_tea()
    gone = Refunded({1: [(1000, 60_00, 6_90)]}, {("cash", ""): 60_00})
    content = content_of(sale, gone, CODES)
    assert (content.lines, content.left_out[0].amount) == ((), 50_00)


def test_states_are_written_the_way_other_tills_read_them() -> None:
    assert rules.OPEN == ("REQUESTED", "SENT", "FAILED")
    assert (rules.ISSUED, rules.WITHDRAWN) == ("ISSUED", "WITHDRAWN")
    assert (rules.INVOICE, rules.RED) == ("invoice", "red")
    assert {state: set(moves.values()) for state, moves in rules.MOVES.items()} == {
        "REQUESTED": {"REQUESTED", "WITHDRAWN", "SENT"},
        "SENT": {"ISSUED", "FAILED"},
        "FAILED": {"REQUESTED", "WITHDRAWN"},
        "ISSUED": set(),
        "WITHDRAWN": set(),
    }
    for state, move, after in (
        (rules.SENT, rules.ISSUE, rules.ISSUED),
        (rules.SENT, rules.REFUSE, rules.FAILED),
        (rules.FAILED, rules.CORRECT, rules.REQUESTED),
        (rules.FAILED, rules.WITHDRAW, rules.WITHDRAWN),
    ):
        assert rules.moved(state, move) == after


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


def test_a_deposit_is_a_deposit_whatever_it_is_for() -> None:
    line = line_of(category="1.2", product="12001", kind="deposit", tax_class="deposit")
    assert code_for(CODES, line, "2026-12-31").name == "押金"


def test_a_row_of_a_whole_branch_of_the_taxonomy_counts_for_all_below() -> None:
    own = tax_codes("1 2026-01-01 1010100000000000000 农业")
    assert code_for(own, line_of(category="1.6"), "2026-12-31").name == "农业"
    assert code_for(own, line_of(category="1.2"), "2026-12-31").name == "茶叶"


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
