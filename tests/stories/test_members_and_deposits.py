"""Members and the money they leave, at the counter: through the console, as the shop does it."""

import json

import pytest

from tests.stories.counters import LEAD, MANAGER, ShopFloor

PHONE = "13800005678"
BY_LEAD = {"approver": LEAD[0], "approver_pin": LEAD[1]}
BY_MANAGER = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}


def enrolled(counter: ShopFloor, name: str = "梁阿姨", phone: str = PHONE) -> str:
    made = counter.ok("member_create", name=name, phone=phone, consent=True)["member"]
    return str(made["member"])


def test_a_cashier_never_sees_a_whole_phone(counter: ShopFloor) -> None:
    made = counter.ok("member_create", name="梁阿姨", phone=PHONE, consent=True)
    assert PHONE not in json.dumps(made)
    assert made["member"]["phone"] == "138****5678"
    who = made["member"]["member"]
    assert counter.refused("member_reveal", member=who) == "approval_needed"
    assert counter.ok("member_reveal", member=who, **BY_LEAD)["phone"] == PHONE
    assert counter.kinds()[-1] == "member_shown"
    assert counter.refused("member_create", name="梁", phone=PHONE, consent=True) == "member_known"
    assert counter.refused("member_create", name="王", phone="1", consent=True) == "phone_bad"
    assert counter.refused("member_create", name="王", phone="13900000000") == "consent_needed"
    counter.verified()


def test_forgetting_needs_a_manager_and_money_given_back(counter: ShopFloor) -> None:
    who = enrolled(counter)
    counter.ok("money_leave", kind="prepaid", amount="200", member=who)
    assert counter.refused("forget", member=who) == "approval_needed"
    assert counter.refused("forget", member=who, **BY_MANAGER) == "member_has_money"
    account = counter.ok("money_accounts", member=who)["accounts"][0]["account"]
    counter.ok("money_return", account=account)
    counter.ok("forget", member=who, **BY_MANAGER)
    assert counter.refused("member_reveal", member=who, **BY_MANAGER) == "unknown_member"
    counter.verified()


def test_a_deposit_is_in_the_drawer_but_in_no_turnover(counter: ShopFloor) -> None:
    left = counter.ok("money_leave", kind="deposit", amount="300.00", note="订单 7")["account"]
    report = counter.ok("x_report")
    assert (report["gross"], report["tenders"]) == ("0.00", {})
    closed = counter.ok("close_shift", counted="800.00")
    assert closed["difference"] == "0.00"
    counter.ok("open_shift", float="800")
    slip = left["account"][-8:]
    assert counter.ok("money_return", account=slip)["account"]["balance"] == "0.00"
    assert counter.refused("money_return", account=slip) == "unknown_account"
    counter.verified()


def test_prepaid_money_goes_back_freely_for_a_week_then_by_a_manager(counter: ShopFloor) -> None:
    early = counter.ok("money_leave", kind="prepaid", amount="50")["account"]["account"]
    late = counter.ok("money_leave", kind="prepaid", amount="50", bonus="5")["account"]["account"]
    counter.ok("money_return", account=early)
    counter.clock.advance(7 * 24 * 3_600_000 + 60_000)
    assert counter.refused("money_return", account=late, reason="搬家") == "approval_needed"
    after = counter.ok("money_return", account=late, reason="搬家", **BY_MANAGER)["account"]
    assert (after["principal"], after["balance"]) == ("0.00", "5.00")
    counter.verified()


def test_stored_value_is_shut_until_the_shop_opens_it(counter: ShopFloor) -> None:
    who = enrolled(counter)
    assert counter.refused("money_leave", kind="stored", amount="100", member=who) == "stored_off"
    counter.sign_in(MANAGER)
    counter.ok("shop", set={"stored_value": "on"})
    counter.ok("money_leave", kind="stored", amount="100", member=who)
    more = {"kind": "stored", "amount": "4900.01", "member": who}
    assert counter.refused("money_leave", **more) == "stored_too_high"
    assert counter.refused("money_leave", kind="stored", amount="1") == "member_needed"
    assert counter.refused("money_leave", kind="deposit", amount="1", tender="room") == "bad_tender"
    counter.verified()


def test_kept_pledges_and_points_by_hand_need_a_manager(counter: ShopFloor) -> None:
    who = enrolled(counter)
    pledge = counter.ok("money_leave", kind="pledge", amount="200", note="制茶机 3")["account"]
    keep = {"account": pledge["account"], "amount": "80", "reason": "少了一个筛"}
    assert counter.refused("money_keep", **keep) == "approval_needed"
    assert counter.ok("money_keep", **keep, **BY_MANAGER)["account"]["balance"] == "120.00"
    points = {"member": who, "points": 300, "reason": "补登小票"}
    assert counter.refused("points_adjust", **points) == "approval_needed"
    assert counter.ok("points_adjust", **points, **BY_MANAGER)["points"] == "300"
    counter.verified()


@pytest.mark.without_network("会员", "积分、小票上看得到")
def test_a_members_sale_earns_points_that_the_receipt_shows(counter: ShopFloor) -> None:
    who = enrolled(counter)
    number = counter.ok("member", phone="5678", name="梁")["member"]["number"]
    counter.sell("12003", "99001")
    receipt = counter.ok("receipt")["receipt"]
    # 128.50 was paid, 128.00 of it for goods: a bag earns nothing.
    assert any("会员积分" in row and "+128" in row for row in receipt["rows"])
    assert counter.ok("scan", code=f"M:{number}")["kind"] == "member"
    counter.sell("11014")
    assert counter.ok("member", code=number)["member"]["points"] == "166"
    assert counter.rows("SELECT DISTINCT member FROM sale") == [(who,)]
    counter.verified()


def test_the_next_basket_is_nobodys(counter: ShopFloor) -> None:
    enrolled(counter)
    counter.ok("member", phone=PHONE)
    counter.sell("11014")
    counter.sell("11014")
    assert [bool(row[0]) for row in counter.rows("SELECT member FROM sale ORDER BY number")] == [
        True,
        False,
    ]
    counter.ok("member", phone=PHONE)
    counter.ok("scan", code="11014")
    counter.ok("remove", line=1)
    counter.sell("11014")
    assert counter.rows("SELECT count(*) FROM sale WHERE member != ''") == [(1,)]


def test_two_members_with_one_tail_are_told_apart_by_name(counter: ShopFloor) -> None:
    enrolled(counter)
    enrolled(counter, "王叔", "13911115678")
    assert counter.refused("member", phone="5678") == "choose_member"
    assert counter.ok("member", phone="5678", name="王")["member"]["name"] == "王**"
    assert counter.refused("member", phone="0000") == "unknown_member"
    assert counter.refused("member", phone="56") == "unknown_member"
    assert counter.refused("member", code="KP01X") == "unknown_member"


def test_goods_earn_points_bags_do_not_and_what_comes_back_takes_its_points(
    counter: ShopFloor,
) -> None:
    who = enrolled(counter)

    def points() -> int:
        return int(counter.ok("member", phone=PHONE)["member"]["points"])

    for code in ("12003", "12003", "11014", "99001", "99001"):
        counter.ok("scan", code=code)
    counter.ok("member", phone=PHONE)
    number = counter.ok("pay", tender="cash", amount="300")["receipt"]["number"]
    # 2 × 128.00 and 38.00; the yuan for two bags earns nothing.
    assert (who, points()) == (who, 294)
    half = {"line": 1, "quantity": "1", "reason": "quality"}
    counter.ok("refund", receipt=number, lines=[half], **BY_LEAD)
    assert points() == 294 - 294 * 12800 // 29500
    counter.ok("refund", receipt=number, lines=[half], **BY_LEAD)
    rest = [{"line": line, "reason": "quality"} for line in (2, 3)]
    counter.ok("refund", receipt=number, lines=rest, **BY_LEAD)
    # All parts together take all of them, however they were cut.
    assert points() == 0
    counter.verified()
