"""A guest takes goods on the room and pays when leaving, in any tender."""

from sync.channels.practice.server import PracticeServer
from tests.stories.counters import LEAD, MANAGER, ShopFloor
from tests.stories.networks import FEN, PRICE, charged, wallet

GUEST = "8203 陈生 2026-12-09"


def tenders(till: ShopFloor) -> dict[str, tuple[str, str]]:
    found = till.ok("x_report")["tenders"]
    return {name: (each["in"], each["out"]) for name, each in found.items()}


def test_a_tab_is_opened_by_room_and_name_and_grows(till: ShopFloor) -> None:
    assert till.refused("pay", tender="room") == "reference_needed"
    assert till.ok("pay", tender="room", code=GUEST)["state"] == "complete"
    till.ok("scan", code="11014")
    till.ok("pay", tender="room", code="8203 陈生")
    till.ok("scan", code="11014")
    till.ok("pay", tender="room", code="8205")
    first, second = till.ok("tabs")["tabs"]
    assert (first["room"], first["name"], first["open"]) == ("8203", "陈生", "1718.00")
    assert (second["room"], second["name"], second["open"]) == ("8205", "", "38.00")
    assert first["check_out"] == "2026-12-09"
    assert tenders(till)["room"] == ("1756.00", "0.00")
    assert till.ok("x_report")["open_tabs"] == [first, second]
    # The name is nowhere in the clear; papers and facts carry the room.
    facts = "".join(map(str, till.rows("SELECT CAST(content AS TEXT) FROM entry")))
    assert "陈生" not in facts and "8203" in facts
    till.verified()


def test_a_tab_is_settled_in_any_tender_and_leaves_z_right(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.ok("pay", tender="room", code=GUEST)
    (tab,) = till.ok("tabs")["tabs"]
    name = tab["tab"]
    assert till.refused("tab_settle", tab="nobody", tender="cash") == "unknown_tab"
    assert till.refused("tab_settle", tab=name, tender="card", code="") == "reference_needed"
    assert till.refused("tab_settle", tab=name, tender="wechat", amount="1680.01") == "over_open"
    said = till.ok("tab_settle", tab=name, tender="wechat", amount="1000", code=wallet("55"))
    assert (said["state"], said["tabs"][0]["open"]) == ("complete", "680.00")
    said = till.ok("tab_settle", tab=name, tender="card", amount="180", code="000777")
    assert said["tabs"][0]["open"] == "500.00"
    said = till.ok("tab_settle", tab=name, tender="cash", amount="600")
    assert (said["amount"], said["change"], said["tabs"]) == ("500.00", "100.00", [])
    assert tenders(till) == {
        "room": (PRICE, PRICE),
        "wechat": ("1000.00", "0.00"),
        "card": ("180.00", "0.00"),
        "cash": ("500.00", "0.00"),
    }
    assert charged(network) == 100_000
    assert till.refused("tab_settle", tab=name, tender="cash") == "unknown_tab"
    till.sign_in(LEAD)
    closed = till.ok("close_shift", counted="1000.00")
    assert closed["difference"] == "0.00"
    report = till.ok("z_report")
    assert (report["gross"], report["open_tabs"]) == (PRICE, [])
    till.verified()


def test_a_wallet_that_pays_late_for_a_tab_settles_it_once(
    till: ShopFloor, network: PracticeServer
) -> None:
    till.ok("pay", tender="room", code=GUEST)
    (tab,) = till.ok("tabs")["tabs"]
    said = till.ok("tab_settle", tab=tab["tab"], tender="wechat", code=wallet("02"))
    assert said["state"] == "waiting"
    assert till.refused("tab_settle", tab=tab["tab"], tender="cash") == "attempt_open"
    till.ok("wait", seconds=5)
    assert till.ok("tabs")["tabs"] == []
    assert charged(network) == FEN
    till.verified()


def test_a_tab_past_its_check_out_is_on_the_list(till: ShopFloor) -> None:
    till.ok("pay", tender="room", code=GUEST)
    assert till.ok("tasks")["tasks"] == []
    till.ok("clock", now="2026-12-10T08:00:00+08:00")
    (task,) = [each for each in till.ok("tasks")["tasks"] if each["kind"] == "open_tab"]
    assert "8203" in task["words"]
    assert till.refused("settle_task", task=task["task"]) == "task_elsewhere"
    till.sign_in(MANAGER)
    report = till.ok("x_report")
    assert [tab["room"] for tab in report["open_tabs"]] == ["8203"]


def test_goods_brought_back_come_off_the_tab(till: ShopFloor) -> None:
    till.ok("scan", code="11014")
    number = till.ok("pay", tender="room", code=GUEST)["receipt"]["number"]
    line = {"line": 2, "quantity": "1", "reason": "quality", "disposition": "scrap"}
    till.ok("refund", receipt=number, lines=[line])
    (tab,) = till.ok("tabs")["tabs"]
    assert tab["open"] == PRICE
    assert tenders(till)["room"] == ("1718.00", "38.00")
    till.verified()
