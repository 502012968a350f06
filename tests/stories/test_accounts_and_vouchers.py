"""Money left before and vouchers as ways to pay: never more than there is, and nothing twice."""

import pytest

from sync.channels.practice.server import PracticeServer
from tests.stories.counters import LEAD, MANAGER, ShopFloor
from tests.stories.networks import approved, wallet

PHONE = "13800005678"
BY_LEAD = {"approver": LEAD[0], "approver_pin": LEAD[1]}
BY_MANAGER = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}
EGG_ROLLS, TEA = "11014", "12001"
"""38.00 and 68.00."""


def back(line: int) -> dict[str, str | int]:
    return {"line": line, "quantity": "1", "reason": "quality", "disposition": "shelf"}


def enrolled(counter: ShopFloor, phone: str = PHONE) -> str:
    made = counter.ok("member_create", name="梁", phone=phone, consent=True)["member"]
    return str(made["member"])


def left(counter: ShopFloor, who: str, amount: str, kind: str = "prepaid", **more: str) -> str:
    answer = counter.ok("money_leave", kind=kind, amount=amount, member=who, **more)
    return str(answer["account"]["account"])


def balance(counter: ShopFloor, account: str) -> str:
    found = {each["account"]: each for each in counter.ok("money_accounts")["accounts"]}
    return str(found[account]["balance"]) if account in found else "0.00"


@pytest.mark.without_network("收钱", "会员预存款付款")
def test_prepaid_money_pays_and_comes_back_to_where_it_lay(counter: ShopFloor) -> None:
    account = left(counter, enrolled(counter), "50", bonus="5")
    counter.ok("member", phone=PHONE)
    counter.ok("add", product=TEA, quantity="1")
    # All that is left of it, then the rest in cash.
    part = counter.ok("pay", tender="account")
    assert (part["paid"], part["open"]) == ("55.00", "13.00")
    paid = counter.ok("pay", tender="cash", amount="20")
    assert paid["change"] == "7.00"
    assert balance(counter, account) == "0.00"
    rows = "\n".join(counter.ok("receipt")["receipt"]["rows"])
    assert f"预付抵 {account[-8:]}" in rows
    report = counter.ok("x_report")
    assert report["tenders"]["prepaid"] == {"in": "55.00", "out": "0.00", "count": 1}
    done = counter.ok("refund", receipt=paid["receipt"]["number"], lines=[back(1)], **BY_LEAD)
    assert [(way["tender"], way["amount"]) for way in done["tenders"]] == [
        ("prepaid", "55.00"),
        ("cash", "13.00"),
    ]
    assert balance(counter, account) == "55.00"
    # Float 500, 50 left, 13 in and out again.
    assert counter.ok("close_shift", counted="550.00")["difference"] == "0.00"
    counter.verified()


def test_whose_money_it_is_and_how_much_is_asked_first(counter: ShopFloor) -> None:
    who, other = enrolled(counter), enrolled(counter, "13900001234")
    first = left(counter, who, "30")
    counter.ok("add", product=EGG_ROLLS, quantity="1")
    assert counter.refused("pay", tender="account") == "unknown_account"
    assert counter.refused("pay", tender="account", code=first) == "account_of_other"
    counter.ok("back") if counter.ok("basket")["basket"]["collecting"] else None
    counter.ok("member", phone="13900001234")
    assert counter.refused("pay", tender="account", code=first[-8:]) == "account_of_other"
    counter.ok("member", phone=PHONE)
    assert counter.refused("pay", tender="account", amount="30.01") == "account_short"
    assert counter.refused("pay", tender="account", amount="38.01") == "over_open"
    second = left(counter, who, "20", "deposit")
    pledge = left(counter, other, "100", "pledge")
    assert counter.refused("pay", tender="account") == "account_choose"
    assert counter.refused("pay", tender="account", code=pledge) == "ledger_kind_bad"
    counter.ok("pay", tender="account", code=first[-8:])
    assert counter.refused("pay", tender="account", code=first) in ("bad_amount", "account_short")
    assert counter.ok("pay", tender="account", code=second)["state"] == "complete"
    assert (balance(counter, first), balance(counter, second)) == ("0.00", "12.00")
    counter.verified()


def test_money_given_back_meanwhile_pays_nothing(counter: ShopFloor) -> None:
    account = left(counter, enrolled(counter), "30")
    counter.ok("member", phone=PHONE)
    counter.ok("add", product=EGG_ROLLS, quantity="1")
    counter.ok("pay", tender="account")
    counter.ok("money_return", account=account)
    assert counter.refused("pay", tender="cash") == "account_short"
    assert counter.rows("SELECT count(*) FROM sale") == [(0,)]
    counter.ok("back")
    assert counter.ok("pay", tender="cash")["state"] == "complete"
    counter.verified()


def test_a_networks_money_completes_the_sale_and_the_account_is_somebodys_task(
    counter: ShopFloor, network: PracticeServer
) -> None:
    counter.ok("shop", set={"channel_address": network.address}, **approved())
    account = left(counter, enrolled(counter), "30")
    counter.ok("member", phone=PHONE)
    counter.ok("add", product=EGG_ROLLS, quantity="1")
    counter.ok("pay", tender="account")
    counter.ok("money_return", account=account)
    counter.ok("pay", tender="wechat", code=wallet("55"))
    counter.ok("wait", seconds=10)
    assert counter.ok("receipt")["receipt"]["due"] == "38.00"
    (task,) = [each for each in counter.ok("tasks")["tasks"] if each["kind"] == "account_overdrawn"]
    assert account[-8:] in task["words"]
    assert "30.00" in task["words"]
    counter.verified()


def test_a_voucher_pays_once_and_again_only_after_all_of_it_came_back(counter: ShopFloor) -> None:
    counter.ok("add", product=EGG_ROLLS, quantity="1")
    assert counter.refused("pay", tender="voucher", amount="20") == "reference_needed"
    assert counter.refused("pay", tender="voucher", amount="50", code="tq-0017") == "over_open"
    part = counter.ok("pay", tender="voucher", amount="20", code="tq-0017")
    assert (part["open"], part["change"]) == ("18.00", "0.00")
    assert counter.refused("pay", tender="voucher", amount="5", code="TQ-0017") == "voucher_used"
    number = counter.ok("pay", tender="cash")["receipt"]["number"]
    counter.ok("add", product=TEA, quantity="1")
    assert counter.refused("pay", tender="voucher", amount="20", code="TQ-0017") == "voucher_used"
    counter.ok("back")
    counter.ok("hold", name="陈生")
    done = counter.ok("refund", receipt=number, lines=[back(1)])
    assert [(way["tender"], way["amount"]) for way in done["tenders"]] == [
        ("voucher", "20.00"),
        ("cash", "18.00"),
    ]
    counter.ok("resume")
    assert counter.ok("pay", tender="voucher", amount="20", code="TQ-0017")["open"] == "48.00"
    counter.ok("pay", tender="cash")
    counter.verified()


def test_two_tills_took_the_same_voucher_and_somebody_looks(
    counter: ShopFloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.ok("add", product=EGG_ROLLS, quantity="1")
    counter.ok("pay", tender="voucher", amount="20", code="TQ-1")
    counter.ok("pay", tender="cash")
    # What another till did is not known here, as if the line to it were cut.
    with monkeypatch.context() as cut:
        for place in ("app.sales.owned.check_voucher", "app.sales.crediting.check_voucher"):
            cut.setattr(place, lambda *_: None)
        counter.ok("add", product=EGG_ROLLS, quantity="1")
        counter.ok("pay", tender="voucher", amount="20", code="TQ-1")
        counter.ok("pay", tender="cash")
    (task,) = [each for each in counter.ok("tasks")["tasks"] if each["kind"] == "voucher_twice"]
    assert "TQ-1" in task["words"]
    assert "40.00" in task["words"]
    counter.verified()
