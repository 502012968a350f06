"""T8 d: a batch is recalled by head office, blocked where a till can be reached and where not yet,
bought back by what is printed on the boxes alone, and followed to the last one."""

from typing import Any

from tests.support.chains import CASHIER, MANAGER, Chain, projected
from tests.support.talkers import Talker
from tests.sync.test_worked_days import all_of_it, signed_in

EGGS, BATCH = "13006", "JJ20261108-03"
BOX = f"(01)06900000130063(10){BATCH}(21)"
"""What is printed on each box, before its own number."""
BOSS = {"staff": MANAGER["approver"], "pin": MANAGER["approver_pin"]}
MEMBERS = 11
MARKED = 5
"""Boxes sold by the code printed on them: for these the books know which they were."""
PLAIN = (2, 2, 2, 2, 2, 2, 2, 2) + (1,) * 16
"""The other tickets' boxes: with the marked ones 29 tickets and 37 boxes."""


def opened(chain: Chain, till: str) -> Talker:
    return chain.open_till(till, "--stock", "none", "--clock", "2026-11-20T09:00:00+08:00")


def sold(till: Talker, *, boxes: int = 1, code: str = "", phone: str = "") -> None:
    """A ticket: boxes by their article number, or one by its own code."""
    if code:
        till.ok("scan", code=code)
    else:
        till.ok("add", product=EGGS, quantity=str(boxes))
    if phone:
        till.ok("member", phone=phone)
    assert till.ok("pay", tender="cash")["state"] == "complete"


def the_batch_comes_and_sells(till: Talker) -> None:
    """88 boxes in, 5 scrapped, 37 sold in 29 tickets, 11 of them to members."""
    signed_in(till, BOSS)
    line = {"product": EGGS, "quantity": "88", "cost": "8.40", "lot": BATCH, "made": "2026-11-08",
            "expires": "2027-08-01", "certificate": "HG-1", "level": "town"}  # fmt: skip
    till.ok("receive", supplier="金鸡", lines=[line])
    broken = {"product": EGGS, "lot": BATCH, "quantity": "-5", "reason": "damaged"}
    till.ok("adjust", lines=[broken], **MANAGER)
    signed_in(till, CASHIER)
    phones = [f"138000{n:05d}" for n in range(MEMBERS)]
    for n, phone in enumerate(phones):
        till.ok("member_create", name=f"会员{n}", phone=phone, consent=True)
    for n in range(MARKED):
        sold(till, code=f"{BOX}B{n}")
    for n, boxes in enumerate(PLAIN):
        sold(till, boxes=boxes, phone=phones[n] if n < MEMBERS else "")


def recalled(till: Talker) -> dict[str, Any]:
    (one,) = till.ok("recalls")["recalls"]
    found: dict[str, Any] = one
    return found


def test_t8_d_a_recall_is_followed_to_the_last_box(chain: Chain) -> None:
    one, two = opened(chain, "1"), opened(chain, "2")
    the_batch_comes_and_sells(one)
    for till in (one, two):
        all_of_it(till)

    # Announced while till 2 cannot be reached: till 1 blocks at its next word with the hub.
    recall = chain.office.ok("recall", product=EGGS, lots=[BATCH], level="1")["recall"]
    all_of_it(one)
    assert one.say("scan", code=f"{BOX}B9")["error"]["code"] == "lot_recalled"
    assert one.say("add", product=EGGS)["error"]["code"] == "lot_needed"
    assert two.ok("scan", code=f"{BOX}B9")["ok"]
    two.ok("cancel_basket", reason="只看")
    all_of_it(one)
    tills = {each["till"]: each["acknowledged_ms"] for each in room_of(chain, recall)["tills"]}
    assert tills["1"] > 0 == tills["2"]
    all_of_it(two)
    assert two.say("scan", code=f"{BOX}B9")["error"]["code"] == "lot_recalled"

    # Put away, and everybody who bought some is listed; members by their masked phone.
    signed_in(one, BOSS)
    one.ok("recall_found", recall=recall, lot=BATCH, quantity="46")
    seen = recalled(one)
    tickets = [*seen["certain"], *seen["possible"]]
    assert (seen["held"], seen["exposure"], len(tickets)) == ("46", "621.60", 29)
    assert len(seen["certain"]) == MARKED
    contacts = [each["member"] for each in tickets if each["member"]]
    assert len(contacts) == MEMBERS
    assert all("****" in each for each in contacts)

    # Five boxes come back without a receipt: the code on the box finds its ticket.
    back = [bought_back(one, f"{BOX}B{n}") for n in range(MARKED)]
    assert back == ["16.80"] * MARKED
    all_of_it(one)
    room = room_of(chain, recall)
    figures = ("received", "with_buyers", "came_back", "held", "scrapped", "missing")
    assert [room[name] // 1000 for name in figures] == [88, 32, 5, 46, 5, 0]
    closed = chain.office.ok("recall_close", recall=recall)
    assert [closed[name] // 1000 for name in figures[1:5]] == [32, 5, 46, 5]
    chain.office.ok("recall_lift", recall=recall)
    all_of_it(one)
    assert one.ok("recalls")["recalls"] == []


def room_of(chain: Chain, recall: str) -> dict[str, Any]:
    """The recall's room, once the hub has worked in what the tills sent."""
    projected(chain)
    return chain.office.ok("recall_room", recall=recall)


def bought_back(till: Talker, box: str) -> str:
    """What is paid back for a box by the code printed on it."""
    (ticket,) = till.ok("find_receipt", trace=box)["receipts"]
    line = {"line": 1, "reason": "recalled", "disposition": "scrap"}
    refund = till.ok("refund", receipt=ticket["number"], lines=[line], **MANAGER)
    amount: str = refund["amount"]
    return amount
