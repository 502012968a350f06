"""People looked after at the counter: hired, let go, given a new PIN, unlocked from the list."""

import pytest

from tests.stories.counters import AUDITOR, CASHIER, LEAD, MANAGER, ShopFloor

BY_MANAGER = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}
BY_LEAD = {"approver": LEAD[0], "approver_pin": LEAD[1]}
NEW = ("105", "739164")


def locked(shop: ShopFloor, number: str) -> None:
    for _ in range(10):
        shop.say("sign_in", staff=number, pin="000111")
    assert shop.refused("sign_in", staff=number, pin="000111") == "pin_locked"


@pytest.mark.without_network("人", "新来的人当天上岗")
def test_a_manager_hires_somebody_who_then_sells(shop: ShopFloor) -> None:
    shop.sign_in(MANAGER)
    answer = shop.ok("staff", staff=NEW[0], name="何九", role="cashier", pin=NEW[1])
    assert int(answer["version"]) > 0
    shop.sign_in(NEW)
    shop.ok("open_shift", **{"float": "500.00"})
    shop.sell("11014")
    assert {"staff": "105", "name": "何九", "role": "cashier", "active": True, "locked": False} in (
        shop.ok("staff_list")["people"]
    )
    shop.verified()


def test_who_is_let_go_does_not_come_in_any_more(shop: ShopFloor) -> None:
    shop.sign_in(LEAD)
    assert shop.refused("staff", staff="101", active=False) == "approval_needed"
    shop.ok("staff", staff="101", active=False, **BY_MANAGER)
    assert shop.refused("sign_in", staff=CASHIER[0], pin=CASHIER[1]) == "wrong_pin"
    [gone] = [each for each in shop.ok("staff_list")["people"] if each["staff"] == "101"]
    assert (gone["active"], gone["name"]) == (False, "张三")
    shop.verified()


def test_whoever_answers_for_it_is_the_one_whose_role_counts(shop: ShopFloor) -> None:
    shop.sign_in(LEAD)
    wish = {"staff": "302", "pin": "739164"}
    assert shop.refused("staff", **wish, **BY_MANAGER) == "staff_rank"
    assert shop.refused("staff", staff="301", active=False, **BY_MANAGER) == "staff_self"
    shop.sign_in(MANAGER)
    assert shop.refused("staff", staff="301", pin="739164") == "staff_self"
    shop.ok("change_pin", pin=MANAGER[1], new_pin="739164")
    shop.sign_in((MANAGER[0], "739164"))


def test_a_locked_number_stands_in_the_list_until_a_manager_unlocks_it(counter: ShopFloor) -> None:
    locked(counter, LEAD[0])
    [task] = [each for each in counter.ok("tasks")["tasks"] if each["kind"] == "pin_locked"]
    assert (task["task"], task["answers"]) == ("pin:201", ["unlock"])
    wish = {"task": "pin:201", "answer": "unlock"}
    assert counter.refused("settle_task", **wish) == "approval_needed"
    assert counter.refused("settle_task", task="pin:201", answer="yes") == "unknown_task"
    counter.ok("settle_task", **wish, **BY_MANAGER)
    assert "pin_locked" not in {each["kind"] for each in counter.ok("tasks")["tasks"]}
    counter.sign_in(LEAD)
    unlocked = counter.rows("SELECT person, detail FROM presence WHERE what = 'pin_unlocked'")
    assert unlocked == [("201", "301")]
    counter.verified()


def test_nobody_gives_themselves_their_tries_back(shop: ShopFloor) -> None:
    shop.sign_in(MANAGER)
    locked(shop, MANAGER[0])
    assert shop.refused("unlock", staff=MANAGER[0]) == "approver_same"
    shop.ok("unlock", staff=MANAGER[0], approver="302", approver_pin="975318")
    shop.sign_in(MANAGER)


@pytest.mark.parametrize("who", [CASHIER, AUDITOR])
def test_who_may_not_look_after_people_does_not(shop: ShopFloor, who: tuple[str, str]) -> None:
    shop.sign_in(who)
    for wish in ({"pin": "739164"}, {"role": "manager"}, {"active": False}):
        assert shop.refused("staff", staff="201", **wish) == "approval_needed"
