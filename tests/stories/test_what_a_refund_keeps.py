"""What the fact of a refund says for ever: its sale, whose yes it has, its points, tax, lines."""

import msgspec
import pytest

from app.errors import Refusal
from app.facts.sales import Approval, RefundCompleted
from app.sales.queries import stored
from app.sales.refund_rules import Back
from app.transaction import transaction
from tests.stories.counters import LEAD, MANAGER, ShopFloor
from tests.support.rare_facts import came_back

DAY = 24 * 3_600
BY_MANAGER = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}
BY_LEAD = {"approver": LEAD[0], "approver_pin": LEAD[1]}
CAKES, TEA, EGG_ROLLS, GREENS, DEAR = "21008", "12001", "11014", "16009", "12006"
"""48.00, 68.00, 38.00, 11.60 a kilo and 198.00."""
PHONE = "13800005678"


def back(line: int, quantity: str = "1", reason: str = "quality") -> dict[str, str | int]:
    return {"line": line, "quantity": quantity, "reason": reason, "disposition": "shelf"}


def loose(product: str, quantity: str, price: str) -> dict[str, str]:
    return {"product": product, "quantity": quantity, "price": price, "reason": "quality"}


def kept(till: ShopFloor) -> list[RefundCompleted]:
    """Every refund's fact, oldest first."""
    ids = till.rows("SELECT refund FROM refund ORDER BY sequence")
    with till.till.books.read() as db:
        facts = [stored(db, each).fact for (each,) in ids]
    return [each for each in facts if isinstance(each, RefundCompleted)]


def test_it_names_its_sale_and_keeps_whose_shop_it_was(counter: ShopFloor) -> None:
    seller = counter.ok("shop")["settings"]["seller_name"]
    number = counter.sell(EGG_ROLLS)["receipt"]["number"]
    counter.ok("shop", set={"seller_name": "另一家"}, **BY_MANAGER)
    counter.ok("refund", receipt=number, lines=[back(1)])
    counter.ok("refund", lines=[loose(EGG_ROLLS, "1", "38.00")], **BY_MANAGER)
    with_receipt, without = kept(counter)
    assert (with_receipt.original_number, with_receipt.original_day) == (number, "2026-12-07")
    # Within one's own limit nobody else's word is needed.
    assert (with_receipt.approvals, with_receipt.self_approved) == ((), 0)
    assert (with_receipt.seller, without.seller) == (seller, "另一家")
    assert (without.original_number, without.original_day, without.sale) == ("", "", "")
    assert [each.tender for each in without.tenders] == ["cash"]
    assert (without.points, without.points_returned) == (0, 0)
    assert [line.original_line for line in without.lines] == [0]


def test_goods_without_a_receipt_are_counted_from_one_and_may_be_worth_nothing(
    counter: ShopFloor,
) -> None:
    given = [loose(EGG_ROLLS, "1", "0.00"), loose(TEA, "1", "0.00")]
    counter.ok("refund", lines=given, **BY_MANAGER)
    (fact,) = kept(counter)
    assert [line.line for line in fact.lines] == [1, 2]
    assert (fact.amount, fact.tenders) == (0, ())


def test_the_days_cap_is_reached_to_the_fen(counter: ShopFloor) -> None:
    counter.ok("cash_in", amount="600", reason="备用", **BY_LEAD)
    half = [loose(DEAR, "2", "125.00")]
    counter.ok("refund", lines=half, **BY_MANAGER)
    counter.ok("refund", lines=half, **BY_MANAGER)
    one_fen = [loose(EGG_ROLLS, "1", "0.01")]
    assert counter.refused("refund", lines=one_fen, **BY_MANAGER) == "day_cap"


def test_its_points_go_back_part_by_part_and_add_up(counter: ShopFloor) -> None:
    made = counter.ok("member_create", name="梁", phone=PHONE, consent=True)["member"]
    counter.ok("points_adjust", member=made["member"], points=500, reason="老卡转入", **BY_MANAGER)
    counter.ok("member", phone=PHONE)
    counter.ok("add", product=CAKES, quantity="3")
    counter.ok("redeem", points=500)
    number = counter.ok("pay", tender="cash")["receipt"]["number"]
    for _ in range(3):
        counter.ok("refund", receipt=number, lines=[back(1)])
    facts = kept(counter)
    assert {fact.member for fact in facts} == {made["member"]}
    # 139.00 earned as many points as whole yuan.
    assert [fact.points for fact in facts] == [46, 46, 47]
    assert [fact.points_returned for fact in facts] == [166, 167, 167]
    assert counter.ok("member", phone=PHONE)["member"]["points"] == "500"


def test_its_tax_adds_up_whatever_the_parts_are(counter: ShopFloor) -> None:
    counter.ok("add", product=CAKES, quantity="3")
    number = counter.ok("pay", tender="cash")["receipt"]["number"]
    (tax,) = counter.rows("SELECT tax FROM sale_line")[0]
    parts = []
    for _ in range(3):
        counter.ok("refund", receipt=number, lines=[back(1)])
        parts.append(kept(counter)[-1].lines[0].tax)
    assert (tax, parts) == (1657, [552, 552, 553])
    assert [fact.tax for fact in kept(counter)] == parts


def test_whoever_said_yes_stands_in_it(counter: ShopFloor) -> None:
    number = counter.sell(TEA, EGG_ROLLS)["receipt"]["number"]
    counter.ok("refund", receipt=number, lines=[back(1)], **BY_LEAD)
    assert kept(counter)[-1].approvals == (Approval(person="201", action="refund"),)
    assert kept(counter)[-1].self_approved == 0


def test_whoever_keeps_a_shop_alone_is_marked_and_it_waits_for_review(counter: ShopFloor) -> None:
    counter.ok("shop", set={"single_keeper": "on"}, **BY_MANAGER)
    number = counter.sell(TEA, CAKES)["receipt"]["number"]
    counter.sign_in(MANAGER)
    counter.ok("refund", receipt=number, lines=[back(1)])
    (fact,) = kept(counter)
    assert fact.self_approved == 1
    assert fact.approvals == (Approval(person="301", action="refund", self_approved=1),)
    assert any(each["task"].startswith("self:") for each in counter.ok("tasks")["tasks"])


def test_what_may_still_come_back_is_told_line_by_line(counter: ShopFloor) -> None:
    counter.ok("add", product=CAKES, quantity="1")
    counter.ok("add", product=GREENS, quantity="0.820")
    counter.ok("add", product=TEA, quantity="1")
    number = counter.ok("pay", tender="cash")["receipt"]["number"]
    counter.ok("refund", receipt=number, lines=[back(1)])

    def told() -> list[str | None]:
        lines = counter.ok("refundable", receipt=number)["lines"]
        return [each["why_not"] for each in lines]

    assert told() == ["gone", "fresh", None]
    counter.ok("wait", seconds=7 * DAY)
    assert told() == ["gone", "fresh", None]
    counter.ok("wait", seconds=60)
    assert told() == ["gone", "fresh", "too_late"]


def test_no_number_is_no_receipt_and_no_shift_is_no_exchange(counter: ShopFloor) -> None:
    number = counter.sell(TEA)["receipt"]["number"]
    refunds = counter.till.counter.refunds
    with pytest.raises(Refusal, match="unknown_receipt"):
        refunds.look("")
    counter.ok("close_shift", counted="568.00")
    with pytest.raises(Refusal, match="shift_needed"):
        refunds.for_exchange(number, [Back(1, 1000, "quality", "shelf")])


@pytest.mark.parametrize("wrong", ["reason", "disposition"])
def test_a_word_that_is_none_of_ours_is_told_back_cut_short(counter: ShopFloor, wrong: str) -> None:
    number = counter.sell(TEA)["receipt"]["number"]
    told = Back(1, 1000, "quality", "shelf")
    with pytest.raises(Refusal, match=f"bad_{wrong}") as refused:
        counter.till.counter.refunds.refund(
            number, [msgspec.structs.replace(told, **{wrong: "x" * 30})]
        )
    assert refused.value.details["text"] == "x" * 20


def test_old_goods_pay_only_for_what_is_left_of_their_money(counter: ShopFloor) -> None:
    counter.ok("add", product=CAKES, quantity="2")
    number = counter.ok("pay", tender="cash")["receipt"]["number"]
    counter.ok("exchange", receipt=number, lines=[back(1)])
    counter.ok("add", product=TEA, quantity="1")
    sale = counter.rows("SELECT sale FROM sale WHERE number = ?", number)[0][0]
    elsewhere = came_back({"shop": "KP01", "till": "2", "day": "2026-12-07", "shift": "s2"})
    # Another till gave 60.00 for one of the two: one is left, but not its 48.00.
    line = msgspec.structs.replace(elsewhere.lines[0], original_line=1, amount=6000)
    with transaction(counter.till.books, staff="101") as tx:
        tx.record(msgspec.structs.replace(elsewhere, sale=sale, lines=(line,), amount=6000))
    assert counter.refused("pay", tender="cash", amount="50") == "over_refund"
