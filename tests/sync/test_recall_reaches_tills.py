"""A recall from head office's page to the tills and back: real programs, a real PostgreSQL."""

import base64
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import cast

import pytest

from app.clock import SystemClock
from app.ids import Ids
from sync.hub import people
from sync.hub.rights import AT_THE_MACHINE
from sync.hub.state import Hub
from tests.support.chains import Chain, sell
from tests.support.hubs import RunningHub
from tests.support.office import PASSWORD, Browser
from tests.sync.hub.test_console import visible

EGGS, BATCH = "13006", "JJ20261108-03"


@pytest.fixture
def ann(chain: Chain) -> Iterator[Browser]:
    """An approver at the pages of the very hub the tills speak to."""
    clock = SystemClock()
    hub = Hub(chain.folder / "hub", clock=clock, ids=Ids(clock), url=chain.database, new=False)
    link = people.set_person(
        hub, AT_THE_MACHINE, person="ann", name="", role="approver", password=PASSWORD
    )
    found = re.search(r"secret=([A-Z2-7]+)", link)
    assert found
    code = people.factor(base64.b32decode(found.group(1))).generate(clock.wall_ms() // 1000)
    one = Browser(cast(RunningHub, SimpleNamespace(address=chain.address)))
    assert one.sign_in("ann", code.decode()).status_code == 303, one.page
    yield one
    hub.close()


def acknowledged(page: str) -> dict[str, bool]:
    """Till -> whether the room says that it sells none any more."""
    table = page.split("每台收银机")[1].split("</table>")[0]
    rows = re.findall(r"<tr><td>[^<]*</td><td>([^<]*)</td>\s*<td>(.*?)</td>", table, re.DOTALL)
    return {till: "●" in said for till, said in rows}


def test_head_office_sees_which_till_has_stopped_selling_and_what_each_still_has(
    chain: Chain, ann: Browser
) -> None:
    one, two = chain.open_till("1"), chain.open_till("2")
    for till in (one, two):
        assert till.ok("sync")["reason"] == ""
    assert ann.do("recall", product=EGGS, batches=BATCH, level="1").status_code == 303, ann.page
    found = re.search(r'href="(/hq/recalls/[^"]+)"', ann.get("/hq/recalls").text)
    assert found
    room = found.group(1)
    assert acknowledged(ann.get(room).text) == {"1": False, "2": False}

    # Till 1 pulls it and, with its next question, says that it counts there.
    assert one.ok("sync")["feeds"]["recalls"]["version"] == 1
    one.ok("sync")
    page = ann.get(room).text
    assert acknowledged(page) == {"1": True, "2": False}
    assert "2 台里 1 台已停售" in visible(page)

    # Till 2 sells on without the line: what it has is told once it asks again.
    chain.line.cut()
    sell(two, 2)
    assert two.ok("sync")["reason"] in ("no_connection", "no_answer")
    assert acknowledged(ann.get(room).text) == {"1": True, "2": False}
    chain.line.heal()
    two.ok("sync")
    two.ok("sync")
    assert acknowledged(ann.get(room).text) == {"1": True, "2": True}
    devices = {each["till"]: each for each in chain.office.ok("status")["devices"]}
    for each in devices.values():
        assert each["backlog"] == 0 and abs(each["ahead_ms"]) < 60_000
    for till in (one, two):
        till.end()
