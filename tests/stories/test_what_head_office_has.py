"""What head office has stands on the papers that end a day, and whoever ends it is warned."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.print_queue import PrintQueue
from printers.layout import lay_out
from printers.plain import plain_rows
from sync.hub import office
from tests.stories.counters import LEAD, MANAGER, ShopFloor
from tests.support.facts import setting
from tests.support.hubs import RunningHub
from tests.sync.hub.test_publishing import send
from ui.doctor_folder import look_at_folder

BY_LEAD = {"approver": LEAD[0], "approver_pin": LEAD[1]}
BY_MANAGER = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    """A hub for demo tills."""
    one = RunningHub(tmp_path / "hub", "", demo=True)
    yield one
    one.close()


def join(shop: ShopFloor, hub: RunningHub) -> None:
    """The till joins, is let in, and sends what it has."""
    hub.clock.advance(shop.clock.wall_ms() - hub.clock.wall_ms())
    code = office.enrol_code(hub.hub, shop="KP01", till="1")
    joined = shop.ok("enrol", hub=hub.address, code=code, **BY_MANAGER)
    office.approve_device(hub.hub, device=joined["device"], fingerprint_shown=joined["fingerprint"])
    assert shop.ok("sync")["waiting"] == 0


def last_paper(shop: ShopFloor, kind: str) -> str:
    """The newest paper of a kind, as rows of text."""
    ((newest,),) = shop.rows("SELECT max(id) FROM print_job WHERE kind = ?", kind)
    job = PrintQueue(shop.till.books).job(newest)
    assert job is not None
    return "\n".join(plain_rows(lay_out(job.paper, 32)))


def test_the_papers_that_end_a_day_say_in_numbers_what_head_office_has(
    counter: ShopFloor, hub: RunningHub
) -> None:
    join(counter, hub)
    (sent,) = counter.rows("SELECT max(seq) FROM entry")[0]
    counter.ok("fault", what="hub_cut", on=True)
    counter.clock.advance(60_000)
    counter.sell("11014")
    counter.ok("close_shift", counted="538.00")
    slip = last_paper(counter, "shift_report")
    (head,) = counter.rows("SELECT max(seq) FROM entry")[0]
    assert f"第 {sent} 条，共 {head} 条" in slip
    assert f"等传{head - sent}条" in slip.replace(" ", "")
    assert "最早" in slip and "最后回话" in slip
    counter.ok("z_report", **BY_LEAD)
    assert f"第 {sent} 条，共 " in last_paper(counter, "z_report")


def test_a_till_on_its_own_says_nothing_of_head_office(counter: ShopFloor) -> None:
    counter.sell("11014")
    counter.ok("close_shift", counted="538.00")
    counter.ok("z_report", **BY_LEAD)
    assert "总部" not in last_paper(counter, "shift_report") + last_paper(counter, "z_report")
    assert "warning" not in counter.ok("sign_out")


def test_whoever_signs_out_while_facts_wait_is_told_how_many(
    counter: ShopFloor, hub: RunningHub
) -> None:
    join(counter, hub)
    assert "warning" not in counter.ok("sign_out")
    counter.sign_in()
    counter.ok("fault", what="hub_cut", on=True)
    counter.sell("11014")
    waiting = counter.till.hub.shown().waiting
    said = counter.ok("sign_out")["warning"]
    assert said.startswith(f"还有 {waiting} 条没有传到总部，最早 12-07 ")


def test_leaving_head_office_while_facts_wait_has_to_be_meant(
    counter: ShopFloor, hub: RunningHub
) -> None:
    join(counter, hub)
    counter.ok("fault", what="hub_cut", on=True)
    counter.sell("11014")
    assert counter.refused("leave_hub", **BY_MANAGER) == "facts_unsent"
    assert counter.till.hub.address == hub.address
    assert counter.refused("leave_hub", anyway=True) == "approval_needed"
    counter.ok("leave_hub", anyway=True, **BY_MANAGER)
    assert counter.refused("sync") == "not_enrolled"
    assert counter.refused("leave_hub", **BY_MANAGER) == "not_enrolled"
    counter.sell("11014")
    counter.verified()


def test_the_doctor_warns_before_a_till_with_unsent_facts_is_removed(
    counter: ShopFloor, hub: RunningHub
) -> None:
    join(counter, hub)

    def told() -> tuple[str, str, str]:
        found = {each.name: each for each in look_at_folder(counter.folder, SystemClock())[0]}
        one = found["hub"]
        return one.state, one.says.zh, one.mend.zh

    counter.close()
    assert told()[:2] == ("ok", f"{hub.address}，都传到了")
    counter.sign_in()
    counter.sell("11014")
    counter.close()
    state, says, mend = told()
    assert state == "warn" and says.startswith("还有 ")
    assert "不要卸载" in mend


def test_what_is_known_of_a_member_goes_up_unreadable_and_goes_when_they_ask(
    counter: ShopFloor, hub: RunningHub
) -> None:
    join(counter, hub)
    made = counter.ok("member_create", name="梁阿姨", phone="13800005678", consent=True)
    assert counter.ok("sync")["attachments"] == 0
    (content,) = hub.rows("SELECT content FROM hub_file_piece")[0]
    assert "梁阿姨".encode() not in bytes(content)
    counter.ok("forget", member=made["member"]["member"], **BY_MANAGER)
    assert counter.ok("sync")["waiting"] == 0
    hub.projection.work()
    assert hub.rows("SELECT * FROM hub_file_piece") == []


def test_the_papers_name_the_versions_of_head_office_that_count(
    counter: ShopFloor, hub: RunningHub
) -> None:
    join(counter, hub)
    send(hub, setting(), scope="settings")
    counter.ok("sync")
    counter.ok("close_shift", counted="500.00")
    assert "设置第1版" in last_paper(counter, "shift_report").replace(" ", "")
