"""A recall: refused at once, found and put away, and everybody who may have some is listed."""

import pytest

from tests.stories.counters import MANAGER, ShopFloor

EGGS = "13006"
BY_MANAGER = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}


def lot(quantity: str, batch: str, expires: str) -> dict[str, str]:
    return {
        "product": EGGS, "quantity": quantity, "cost": "9.50", "lot": batch,
        "made": "2026-11-08", "expires": expires, "certificate": f"HG-{batch}", "level": "town",
        "report": "R1",
    }  # fmt: skip


@pytest.fixture
def eggs(make_shop: object) -> ShopFloor:
    """Two lots of preserved eggs; eight boxes of the first sold without a word about the lot."""
    shop = make_shop(stock=False)  # type: ignore[operator]
    shop.sign_in(MANAGER)
    shop.ok("receive", supplier="金鸡", lines=[lot("20", "JJ20261108-03", "2027-08-01")])
    shop.ok("receive", supplier="金鸡", lines=[lot("10", "JJ20261120-01", "2027-08-20")])
    shop.ok("open_shift", float="500.00")
    for quantity in ("5", "3"):
        shop.ok("add", product=EGGS, quantity=quantity)
        shop.ok("pay", tender="cash")
    return shop


def recalled(shop: ShopFloor) -> str:
    answer = shop.ok(
        "recall", product=EGGS, lots=["JJ20261108-03"], level="1", number="ZH-0021", **{}
    )
    assert answer["number"] == "ZH-0021"
    return str(answer["recall"])


def lots(shop: ShopFloor) -> dict[str, str]:
    return {each["lot"]: each["lot_id"] for each in shop.ok("lots", product=EGGS)["lots"]}


@pytest.mark.without_network("货", "召回：拦住不卖", "总部新发的召回要等连上")
def test_the_plain_code_is_refused_until_the_recalled_boxes_are_put_away(eggs: ShopFloor) -> None:
    recall, ids = recalled(eggs), lots(eggs)
    assert eggs.refused("add", product=EGGS) == "lot_needed"
    assert eggs.refused("scan", code=f"L:{ids['JJ20261108-03']}") == "lot_recalled"
    good = eggs.ok("scan", code=f"L:{ids['JJ20261120-01']}")["basket"]
    assert good["lines"][0]["lot_known"] == "scanned"
    eggs.ok("pay", tender="cash")
    (seen,) = eggs.ok("recalls")["recalls"]
    assert (seen["on_shelf"], seen["held"], seen["exposure"]) == ("12", "0", "134.40")
    assert [each["quantity"] for each in seen["possible"]] == ["5", "3"]
    assert seen["certain"] == []
    (task,) = [each for each in eggs.ok("tasks")["tasks"] if each["kind"] == "recall"]
    assert "ZH-0021" in task["words"] and "12" in task["words"]
    eggs.ok("recall_found", recall=recall, lot="JJ20261108-03", quantity="12")
    (seen,) = eggs.ok("recalls")["recalls"]
    assert (seen["on_shelf"], seen["held"], seen["found"]) == ("0", "12", "12")
    # What is in quarantine is in nobody's hand: the plain code sells the good lot again.
    line = eggs.ok("add", product=EGGS)["basket"]["lines"][0]
    assert line["lot"] == "JJ20261120-01"
    eggs.ok("pay", tender="cash")
    eggs.ok("recall", end="ZH-0021")
    assert eggs.ok("recalls")["recalls"] == []
    eggs.verified()


def test_a_recall_stops_a_basket_that_was_filled_before_it(eggs: ShopFloor) -> None:
    eggs.ok("add", product=EGGS)
    recalled(eggs)
    assert eggs.refused("checkout") == "lot_needed"
    assert eggs.refused("pay", tender="cash") == "lot_needed"
    eggs.ok("cancel_basket", reason="召回")


def test_a_batch_the_books_do_not_know_is_refused_by_what_its_code_says(eggs: ShopFloor) -> None:
    recalled(eggs)
    eggs.ok("recall", product=EGGS, lots=["JJ-ELSEWHERE"], level="2")
    code = f"(01){gtin_of(eggs)}(10)JJ-ELSEWHERE"
    assert eggs.refused("scan", code=code) == "lot_recalled"


def gtin_of(shop: ShopFloor) -> str:
    ((code,),) = shop.rows("SELECT code FROM barcode WHERE product = '13006' LIMIT 1")
    return str(code).rjust(14, "0")


def test_a_cashier_recalls_nothing_alone(counter: ShopFloor) -> None:
    assert counter.refused("recall", product=EGGS, lots=["X"]) == "approval_needed"
    assert counter.refused("recall", product=EGGS, lots=[], **BY_MANAGER) == "nothing_recalled"
    assert counter.refused("recall", product=EGGS, lots=["X"], level="9", **BY_MANAGER) == (
        "bad_level"
    )
    assert counter.refused("recall_found", recall="none", lot="X", quantity="1") == "unknown_recall"


def test_goods_near_their_end_and_past_it_are_listed(eggs: ShopFloor) -> None:
    assert eggs.ok("near_expiry")["lots"] == []
    eggs.ok("clock", now="2027-07-25T10:00:00+08:00")
    eggs.ok("sign_in", staff="301", pin="864209")
    near = eggs.ok("near_expiry")["lots"]
    assert [(each["lot"], each["days"]) for each in near] == [
        ("JJ20261108-03", 7), ("JJ20261120-01", 26),
    ]  # fmt: skip
    eggs.ok("clock", now="2027-08-03T10:00:00+08:00")
    eggs.ok("sign_in", staff="301", pin="864209")
    (task,) = [each for each in eggs.ok("tasks")["tasks"] if each["kind"] == "expired_lot"]
    assert "JJ20261108-03" in task["words"]
