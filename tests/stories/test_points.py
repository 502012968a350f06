"""积分抵扣: a member's points take something off, share by share, and go back with the goods."""

import pytest

from tests.stories.counters import LEAD, MANAGER, ShopFloor

PHONE = "13800005678"
BY_LEAD = {"approver": LEAD[0], "approver_pin": LEAD[1]}
BY_MANAGER = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}
EGG_ROLLS, TEA, CAKES, BAG = "11014", "12001", "21008", "99001"
"""38.00, 68.00, 48.00 and 0.50."""


@pytest.fixture
def member(counter: ShopFloor) -> ShopFloor:
    """A counter with a member who has 900 points, a hundred for a yuan."""
    made = counter.ok("member_create", name="梁", phone=PHONE, consent=True)["member"]
    counter.ok("points_adjust", member=made["member"], points=900, reason="老卡转入", **BY_MANAGER)
    return counter


def points_of(till: ShopFloor) -> str:
    """What the member has; the basket is nobody's again afterwards."""
    found = till.ok("member", phone=PHONE)["member"]["points"]
    till.ok("member")
    return str(found)


def basket_of(till: ShopFloor, *codes: str) -> None:
    till.ok("member", phone=PHONE)
    for code in codes:
        till.ok("add", product=code, quantity="1")


def back(line: int, quantity: str = "1") -> dict[str, str | int]:
    return {"line": line, "quantity": quantity, "reason": "quality", "disposition": "shelf"}


@pytest.mark.without_network("会员", "认会员、积分抵现")
def test_points_are_shared_over_the_goods_and_leave_the_bag_alone(member: ShopFloor) -> None:
    basket_of(member, EGG_ROLLS, TEA, BAG)
    basket = member.ok("redeem", points=500)["basket"]
    # 5.00 over 38.00 and 68.00: 1.79 and 3.21.
    assert [line["net"] for line in basket["lines"]] == ["36.21", "64.79", "0.50"]
    assert (basket["due"], basket["points"]) == ("101.50", "500")
    why = member.ok("why", line=1)
    assert {"kind": "points", "name": "积分抵扣 500 分", "amount": "-1.79"} in [
        {key: each[key] for key in ("kind", "name", "amount")} for each in why["rules"]
    ]
    assert any("积分" in words for words in why["order"])
    paid = member.ok("pay", tender="cash", amount="101.50")
    assert paid["due"] == "101.50"
    rows = "\n".join(member.ok("receipt")["receipt"]["rows"])
    assert "积分抵扣 500 分" in rows
    # 101 whole yuan of goods earn a point each; the bag earns none.
    assert points_of(member) == str(900 - 500 + 101)
    assert member.ok("x_report")["gross"] == "101.50"
    member.verified()


def test_never_more_than_there_are_nor_than_the_goods_cost(member: ShopFloor) -> None:
    member.ok("add", product=EGG_ROLLS, quantity="1")
    assert member.refused("redeem", points=100) == "member_needed"
    member.ok("member", phone=PHONE)
    member.ok("cancel_basket", reason="改了主意")
    member.ok("member", phone=PHONE)
    assert member.refused("redeem", points=100) == "basket_empty"
    member.ok("add", product=EGG_ROLLS, quantity="1")
    for points, code in (
        (1000, "points_short"),
        (150, "bad_points"),
        ("many", "bad_points"),
        (-100, "bad_points"),
    ):
        assert member.refused("redeem", points=points) == code
    member.ok("cancel_basket", reason="顾客不要了")
    basket_of(member, BAG)
    assert member.refused("redeem", points=100) == "points_over"
    member.ok("shop", set={"points_worth": "0"}, **BY_MANAGER)
    assert member.refused("redeem", points=100) == "points_off"
    assert member.ok("redeem", points=0)["basket"]["points"] == "0"
    member.verified()


def test_what_the_goods_no_longer_need_stays_the_members(member: ShopFloor) -> None:
    basket_of(member, "13001", EGG_ROLLS)
    member.ok("redeem", points="900")
    cheap = member.ok("remove", line=2)["basket"]
    used = int(cheap["points"])
    assert used % 100 == 0
    assert used <= 900
    assert float(cheap["due"]) >= 0
    assert float(cheap["due"]) < 1 or used == 900
    nobody = member.ok("member")["basket"]
    assert nobody["points"] == "0"
    member.verified()


def test_points_come_back_with_the_goods_to_the_last_one(member: ShopFloor) -> None:
    basket_of(member)
    member.ok("add", product=CAKES, quantity="3")
    member.ok("redeem", points=700)
    number = member.ok("pay", tender="cash")["receipt"]["number"]
    # 144.00 less 7.00 earn 137.
    assert points_of(member) == str(900 - 700 + 137)
    amounts = [
        member.ok("refund", receipt=number, lines=[back(1)], **BY_LEAD)["amount"] for _ in range(3)
    ]
    assert amounts == ["45.67", "45.67", "45.66"]
    rows = "\n".join(member.ok("receipt")["receipt"]["rows"])
    assert "收回 46 退回 234" in rows
    assert points_of(member) == "900"
    member.verified()


def test_the_same_points_are_not_given_twice_by_a_basket_put_aside(member: ShopFloor) -> None:
    basket_of(member, EGG_ROLLS)
    member.ok("redeem", points=900)
    member.ok("hold", name="梁")
    basket_of(member, TEA)
    member.ok("redeem", points=900)
    member.ok("pay", tender="cash")
    assert points_of(member) == "59"
    member.ok("resume")
    assert member.refused("pay", tender="cash") == "points_short"
    member.ok("back")
    member.ok("redeem", points=0)
    assert member.ok("pay", tender="cash")["due"] == "38.00"
    member.verified()


def test_points_are_no_discount_of_the_cashier(member: ShopFloor) -> None:
    basket_of(member, EGG_ROLLS)
    member.ok("redeem", points=900)
    # 5 % is a cashier's own; nine yuan of points beside it change nothing about that.
    basket = member.ok("discount", line=1, percent="5", reason="临期")["basket"]
    assert basket["due"] == "27.10"
    member.verified()


def test_points_earned_by_goods_that_came_back_after_they_were_used_are_a_task(
    member: ShopFloor,
) -> None:
    basket_of(member, "22001")
    number = member.ok("pay", tender="cash")["receipt"]["number"]
    basket_of(member, TEA)
    member.ok("redeem", points=2500)
    member.ok("pay", tender="cash")
    member.ok("refund", receipt=number, lines=[back(1)], **BY_MANAGER)
    (task,) = [each for each in member.ok("tasks")["tasks"] if each["kind"] == "points_overdrawn"]
    assert "梁" not in task["words"]
    member.verified()
