"""A price tag that lies promises: the till charges it, says so, and has it changed."""

from typing import Any

import pytest

from tests.stories.counters import CASHIER, MANAGER, ShopFloor

TEA, MELON, GOOSE = "12006", "16008", "11012"


@pytest.fixture
def shop(counter: ShopFloor) -> ShopFloor:
    """Tea at 198.00 with its tag on shelf A3; the manager is about to raise it."""
    counter.ok("print_label", kind="tag", product=TEA, zone="A3")
    counter.sign_in(MANAGER)
    return counter


def ask(shop: ShopFloor, product: str, price: str) -> None:
    shop.ok("price_list", lines=[{"product": product, "price": price}])


def scanned(shop: ShopFloor, code: str = TEA) -> dict[str, Any]:
    basket: dict[str, Any] = shop.ok("scan", code=code)["basket"]
    return basket


def due(shop: ShopFloor, code: str = TEA) -> str:
    """What one more of it would cost a new customer."""
    basket = scanned(shop, code)
    shop.ok("cancel_basket", reason="只是看看")
    return str(basket["due"])


def lying(shop: ShopFloor) -> list[dict[str, Any]]:
    tasks = shop.ok("tasks")["tasks"]
    return [task for task in tasks if task["kind"] == "tag_to_change"]


def test_a_price_that_rose_is_charged_by_the_tag_that_still_hangs(shop: ShopFloor) -> None:
    assert due(shop) == "198.00"
    ask(shop, TEA, "218.00")
    basket = scanned(shop)
    [line] = basket["lines"]
    assert (line["unit_price"], line["net"], basket["due"]) == ("218.00", "198.00", "198.00")
    [told] = line["reductions"]
    assert told == {"kind": "tag_price", "name": "按架上价签 198.00 收", "amount": "-20.00"}
    rules = shop.ok("why", line=1)["rules"]
    assert [rule["amount"] for rule in rules] == ["218.00", "-20.00"]
    assert any("价签" in words for words in shop.ok("why", line=1)["order"])
    shop.ok("pay", tender="cash")
    said = "\n".join(shop.ok("receipt")["receipt"]["rows"])
    assert "218.00" in said and "按架上价签 198.00 收" in said and "−20.00" in said
    shop.verified()


def test_one_task_a_tag_which_reprinting_settles(shop: ShopFloor) -> None:
    ask(shop, TEA, "218.00")
    assert lying(shop) == []
    for _ in range(2):
        shop.sell(TEA)
    [task] = lying(shop)
    assert "A3" in task["words"] and "198.00" in task["words"] and "2 单" in task["words"]
    shop.ok("print_label", kind="tag", product=TEA, zone="A3")
    assert lying(shop) == [] == shop.ok("tags_due")["tags"]
    assert due(shop) == "218.00"
    shop.verified()


@pytest.mark.parametrize("answer", ["reprint", "taken"])
def test_one_button_settles_it_and_the_till_asks_its_own_price_again(
    shop: ShopFloor, answer: str
) -> None:
    ask(shop, TEA, "218.00")
    shop.sell(TEA)
    [task] = lying(shop)
    assert shop.refused("settle_task", task=task["task"], answer="nothing") != ""
    shop.ok("settle_task", task=task["task"], answer=answer)
    assert lying(shop) == []
    assert due(shop) == "218.00"
    assert shop.refused("settle_task", task=task["task"], answer=answer) == "unknown_task"
    tags = shop.rows("SELECT price FROM shelf_tag WHERE zone = 'A3'")
    assert tags == [(218_00 if answer == "reprint" else -1,)]
    shop.verified()


def test_without_the_rule_the_till_asks_its_own_price(shop: ShopFloor) -> None:
    shop.ok("shop", set={"tag_price": "off"})
    ask(shop, TEA, "218.00")
    assert due(shop) == "218.00"
    shop.ok("shop", set={"tag_price": "on"})
    assert due(shop) == "198.00"


def test_a_tag_above_the_tills_price_or_printed_after_the_rise_changes_nothing(
    shop: ShopFloor,
) -> None:
    ask(shop, TEA, "168.00")
    assert due(shop) == "168.00"
    ask(shop, TEA, "218.00")
    shop.ok("print_label", kind="tag", product=TEA, zone="A3")
    assert due(shop) == "218.00"


def test_the_shelf_that_promises_least_counts_while_any_lies(shop: ShopFloor) -> None:
    shop.ok("print_label", kind="tag", product=TEA, zone="B1", price="188.00")
    ask(shop, TEA, "218.00")
    assert due(shop) == "188.00"
    shop.ok("print_label", kind="tag", product=TEA, zone="B1")
    assert due(shop) == "198.00"


def test_a_promotions_tag_counts_on_its_printed_days_alone(shop: ShopFloor) -> None:
    shop.ok(
        "print_label", kind="promo", product=TEA, zone="A3", price="168.00", was="198.00",
        valid_from="2026-12-08", valid_to="2026-12-09",
    )  # fmt: skip
    seen = []
    for day in ("07", "08", "09", "10"):
        shop.ok("clock", now=f"2026-12-{day}T15:00:00+08:00")
        shop.sign_in(CASHIER)
        seen.append(due(shop))
    assert seen == ["198.00", "168.00", "168.00", "198.00"]
    wrong = {"kind": "promo", "product": TEA, "was": "228.00"}
    assert shop.refused("print_label", **wrong) == "base_price_too_high"
    assert any("198.00" in row for row in shop.ok("print_label", kind="promo", product=TEA)["rows"])
    wrong = {"kind": "promo", "product": TEA, "valid_from": "soon"}
    assert shop.refused("print_label", **wrong) == "bad_time"
    wrong |= {"valid_from": "2026-12-09", "valid_to": "2026-12-08"}
    assert shop.refused("print_label", **wrong) == "bad_time"


def test_what_was_read_stays_promised_for_the_basket_and_not_for_more_of_it(
    shop: ShopFloor,
) -> None:
    ask(shop, TEA, "218.00")
    scanned(shop)
    shop.ok("print_label", kind="tag", product=TEA, zone="A3")
    assert shop.refused("set_quantity", line=1, quantity="2") == "price_changed"
    basket = scanned(shop)
    assert [line["net"] for line in basket["lines"]] == ["198.00", "218.00"]
    shop.ok("hold", name="阿珍")
    assert shop.ok("resume")["basket"]["due"] == "416.00"
    # A list price below the tag is everybody's at once.
    ask(shop, TEA, "150.00")
    assert shop.ok("basket")["basket"]["due"] == "416.00"
    shop.ok("set_quantity", line=2, quantity="1")
    assert shop.ok("basket")["basket"]["due"] == "300.00"


def test_loose_goods_go_by_the_tag_and_a_weighed_label_by_its_own_rule(shop: ShopFloor) -> None:
    shop.ok("print_label", kind="tag", product=MELON)
    label = shop.ok("print_label", kind="weigh", product=MELON, quantity="4.320")["bars"]
    ask(shop, MELON, "8.80")
    shop.ok("scale", gross="4.370", tare="0.050")
    assert shop.ok("weigh", product=MELON)["basket"]["due"] == "28.51"
    shop.ok("cancel_basket", reason="再来")
    basket = scanned(shop, label)
    assert (basket["due"], basket["lines"][0]["reductions"]) == ("28.51", [])
    ask(shop, MELON, "7.00")
    shop.ok("cancel_basket", reason="再来")
    assert due(shop, label) == "28.51"


def test_what_the_tag_decided_comes_back_as_it_was_paid(shop: ShopFloor) -> None:
    ask(shop, TEA, "218.00")
    number = shop.sell(TEA, TEA)["receipt"]["number"]
    back = [{"line": 1, "quantity": "1", "reason": "不想要", "disposition": "shelf"}]
    assert shop.ok("refund", receipt=number, lines=back)["amount"] == "198.00"
    shop.verified()
