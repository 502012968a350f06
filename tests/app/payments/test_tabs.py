"""What stands on a room: goods taken, goods brought back, money that came."""

import msgspec
import pytest

from app.errors import Refusal
from app.facts.sales import RefundCompleted, RefundTender, Tender
from app.facts.tabs import TabOpened, TabSettled
from app.payments.tabs import name_of_tab, open_tabs, tab_by_id
from app.sales.tabs import Guest, read_guest
from tests.support.facts import sold
from tests.support.tills import SHOP, TILL, TillInFolder

HEAD = {"shop": SHOP, "till": TILL, "day": "2026-11-29", "shift": "s-1"}


def open_fen(till: TillInFolder, tab: str) -> int:
    with till.books.read() as db:
        found = tab_by_id(db, SHOP, tab)
    assert found is not None
    return found.open


def test_goods_stand_on_a_tab_until_they_come_back_or_are_paid(till: TillInFolder) -> None:
    (entry,) = till.record(TabOpened(**HEAD, person="101", room="8203", check_out="2026-12-01"))
    tab = entry.envelope.fact
    assert open_fen(till, tab) == 0
    with till.books.read() as db:
        assert open_tabs(db, SHOP) == []
        assert name_of_tab(db, till.books.secrets, tab) == ""
    sale = sold(tender="room")
    on_room = Tender(tender="room", amount=sale.due, tendered=sale.due, reference="8203", tab=tab)
    till.record(msgspec.structs.replace(sale, tenders=(on_room,)))
    assert open_fen(till, tab) == sale.due
    back = RefundTender(tender="room", amount=700, reference="8203", tab=tab)
    cash = RefundTender(tender="cash", amount=1)
    till.record(
        RefundCompleted(
            **HEAD,
            number="R",
            sequence=2,
            series="",
            drawer="1",
            person="101",
            channel="C13",
            seller="店",
            lines=(),
            amount=701,
            tenders=(back, cash),
            tax=0,
        )
    )
    assert open_fen(till, tab) == sale.due - 700
    money = Tender(tender="cash", amount=sale.due - 700, tendered=sale.due)
    settled = TabSettled(
        **HEAD, tab=tab, person="101", drawer="1", amount=sale.due - 700, tenders=(money,)
    )
    till.record(settled)
    assert open_fen(till, tab) == 0
    with till.books.read() as db:
        assert tab_by_id(db, SHOP, "nobody's") is None


@pytest.mark.parametrize(
    ("text", "guest"),
    [
        ("8203", Guest("8203")),
        ("8203 陈生", Guest("8203", "陈生")),
        ("8203 陈 先生 2026-12-09", Guest("8203", "陈 先生", "2026-12-09")),
        ("8203 2026-12-09", Guest("8203", "", "2026-12-09")),
        ("2026-12-09", Guest("2026-12-09")),
    ],
)
def test_a_guest_is_room_name_and_day_of_leaving(text: str, guest: Guest) -> None:
    expected = guest if len(guest.room) <= 12 else Guest(guest.room[:12])
    assert read_guest(text) == expected


def test_nobody_is_no_guest() -> None:
    with pytest.raises(Refusal, match="reference_needed"):
        read_guest("  ")
