"""The spool: nothing printed twice by itself, nothing lost, no drawer opened late."""

from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from app.clock import SettableClock
from app.content import Banner, Barcode, Paper, Text
from printers.devices.status import PrinterStatus
from printers.devices.virtual_carrier import VirtualCarrier
from printers.profile import Drawer, Profile
from printers.spooler import PrinterSpool, kick_allowed, marked_copy, verdict
from tests.printers.fake_queue import TEA, FakeJob, FakeQueue

NOON = 1_796_000_000_000


class Shop:
    """A queue, a virtual printer and a clock that stands still."""

    def __init__(self, profile: Profile, *jobs: FakeJob) -> None:
        self.clock = SettableClock(NOON)
        self.queue = FakeQueue("receipts", *jobs)
        self.carrier = VirtualCarrier(profile)
        self.profile = profile
        self.spool = self.started()

    def started(self) -> PrinterSpool:
        """A spool as it is after the till was (re)started."""
        return PrinterSpool("receipts", self.profile, self.carrier, self.queue, self.clock)

    @property
    def printed(self) -> list[str]:
        return [" ".join(row for row in page.rows if row) for page in self.carrier.pages]


def sale(name: str = "a", **changes: object) -> FakeJob:
    return msgspec.structs.replace(FakeJob(name, created_ms=NOON), **changes)


def test_a_receipt_is_sending_before_its_first_byte_and_printed_after_its_last(
    wide: Profile,
) -> None:
    shop = Shop(wide, sale())
    seen: list[str] = []
    send = shop.carrier.send

    def watched(data: bytes) -> None:
        seen.append(shop.queue.jobs["a"].state)
        send(data)

    shop.carrier.send = watched
    assert shop.spool.step() == ("a", "PRINTED", "")
    assert seen == ["SENDING"]
    assert shop.queue.states("a") == ["SENDING", "PRINTED"]
    assert shop.printed == ["大沙红茶 128.00"]
    assert shop.spool.step() is None


def test_jobs_come_out_in_their_order(wide: Profile) -> None:
    jobs = [sale(name, paper=Paper("x", (Text(name),))) for name in "abc"]
    shop = Shop(wide, *jobs)
    while shop.spool.step():
        pass
    assert shop.printed == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("paper_out", "paper_out"), ("cover_open", "cover_open"), ("unplugged", "offline")],
)
def test_what_could_not_begin_waits_with_a_reason_and_comes_out_once_when_mended(
    wide: Profile, fault: str, reason: str
) -> None:
    shop = Shop(wide, sale())
    shop.carrier.fault(fault, True)
    assert shop.spool.step() == ("a", "WAITING", reason)
    assert shop.spool.reason == reason
    assert shop.spool.step() is None
    shop.carrier.fault(fault, False)
    assert shop.spool.step() is None
    shop.spool.poke()
    assert shop.spool.step() == ("a", "PRINTED", "")
    assert shop.spool.reason == ""
    assert shop.printed == ["大沙红茶 128.00"]
    assert shop.queue.states("a") == ["WAITING", "SENDING", "PRINTED"]


def test_it_tries_again_by_itself_but_not_in_a_frenzy(wide: Profile) -> None:
    shop = Shop(wide, sale())
    shop.carrier.fault("paper_out", True)
    tried_at: list[int] = []
    for _ in range(300):
        if shop.spool.step():
            tried_at.append(shop.clock.monotonic_ms())
        shop.clock.advance(100)
    gaps = [later - earlier for earlier, later in pairwise(tried_at)]
    assert gaps[:4] == [1000, 2000, 4000, 5000]
    assert set(gaps[4:]) == {5000}
    # The reason stands in the queue once, not once a try.
    assert shop.queue.states("a") == ["WAITING"]


def test_a_line_that_dies_in_the_middle_asks_a_person(wide: Profile) -> None:
    shop = Shop(wide, sale(), sale("b"))
    shop.carrier.fault("breaks", True)
    assert shop.spool.step() == ("a", "UNSURE", "broke_off")
    shop.carrier.fault("breaks", False)
    assert shop.spool.step() == ("b", "PRINTED", "")
    shop.clock.advance(3_600_000)
    assert shop.spool.step() is None
    assert shop.queue.jobs["a"].state == "UNSURE"


def test_a_printer_that_says_nothing_is_not_believed(wide: Profile) -> None:
    shop = Shop(wide, sale())
    shop.carrier.fault("silent_printer", True)
    assert shop.spool.step() == ("a", "UNSURE", "no_answer")
    assert shop.printed == ["大沙红茶 128.00"]


@pytest.mark.parametrize(("trust", "state"), [(False, "UNSURE"), (True, "PRINTED")])
def test_a_printer_without_status_is_asked_about_or_trusted(
    narrow: Profile, trust: bool, state: str
) -> None:
    shop = Shop(msgspec.structs.replace(narrow, trust=trust), sale())
    assert shop.spool.step() == ("a", state, "unconfirmed")


def test_paper_that_ran_out_under_the_receipt_asks_a_person() -> None:
    with_status = Profile("x", columns=48, dots=576, status="dle_eot")
    out = PrinterStatus(False, "out", "closed")
    assert verdict(with_status, out) == ("UNSURE", "paper_out")
    assert verdict(with_status, PrinterStatus(True, "unknown", "closed")) == (
        "UNSURE", "no_answer",
    )  # fmt: skip
    assert verdict(with_status, PrinterStatus(True, "near_end", "closed")) == (
        "PRINTED", "paper_near_end",
    )  # fmt: skip


def test_after_a_restart_what_was_being_sent_asks_a_person(wide: Profile) -> None:
    shop = Shop(wide, sale(state="SENDING", kick_drawer=True))
    assert shop.spool.step() == ("a", "UNSURE", "restart")
    assert shop.printed == []
    assert shop.carrier.drawer_pulses == 0


def test_the_drawer_opens_once_with_its_receipt(wide: Profile) -> None:
    shop = Shop(wide, sale(kick_drawer=True))
    shop.spool.step()
    assert shop.carrier.drawer_pulses == 1
    shop.queue.put(sale(kick_drawer=True, copies_printed=1))
    shop.spool.step()
    assert shop.carrier.drawer_pulses == 1


def test_the_drawer_stays_shut_after_a_restart_even_for_a_fresh_job(wide: Profile) -> None:
    shop = Shop(wide, sale(kick_drawer=True))
    shop.clock.advance(1)
    shop.spool = shop.started()
    assert shop.spool.step() == ("a", "PRINTED", "")
    assert shop.carrier.drawer_pulses == 0


def test_the_drawer_stays_shut_when_the_customer_has_gone(wide: Profile) -> None:
    shop = Shop(wide, sale(kick_drawer=True))
    shop.carrier.fault("unplugged", True)
    shop.spool.step()
    shop.clock.advance(10_001)
    shop.carrier.fault("unplugged", False)
    assert shop.spool.step() == ("a", "PRINTED", "")
    assert shop.carrier.drawer_pulses == 0


def test_the_drawer_does_not_open_again_when_the_same_job_is_asked_for_again(
    wide: Profile,
) -> None:
    shop = Shop(wide, sale(kick_drawer=True))
    shop.carrier.fault("silent_printer", True)
    shop.spool.step()
    shop.queue.put(sale(kick_drawer=True))
    shop.spool.step()
    assert shop.carrier.drawer_pulses == 1


def test_change_does_not_wait_for_paper_where_the_printer_can_open_the_drawer_anyway(
    wide: Profile,
) -> None:
    shop = Shop(
        msgspec.structs.replace(wide, drawer=Drawer(real_time=True)), sale(kick_drawer=True)
    )
    shop.carrier.fault("paper_out", True)
    assert shop.spool.step() == ("a", "WAITING", "paper_out")
    assert shop.carrier.drawer_pulses == 1
    shop.carrier.fault("paper_out", False)
    shop.spool.poke()
    shop.spool.step()
    assert shop.carrier.drawer_pulses == 1


def test_a_job_that_only_opens_the_drawer_needs_no_paper_and_dies_of_age(wide: Profile) -> None:
    drawer = Paper("drawer", (), cut=False)
    shop = Shop(wide, sale(paper=drawer, kick_drawer=True))
    assert shop.spool.step() == ("a", "PRINTED", "")
    assert (shop.carrier.drawer_pulses, shop.printed) == (1, [])
    shop.queue.put(sale("b", paper=drawer, kick_drawer=True, created_ms=NOON - 60_000))
    assert shop.spool.step() == ("b", "EXPIRED", "kick_too_late")
    assert shop.carrier.drawer_pulses == 1


def test_what_nobody_wants_any_more_expires(wide: Profile) -> None:
    shop = Shop(wide, sale(expires_ms=NOON), sale("b"))
    assert shop.spool.step() == ("a", "EXPIRED", "")
    assert shop.spool.step() == ("b", "PRINTED", "")


@pytest.mark.parametrize(
    ("state", "created", "started", "copies", "allowed"),
    [
        (False, NOON, NOON, 0, True),
        (True, NOON, NOON, 0, False),
        (False, NOON - 10_000, NOON - 10_000, 0, True),
        (False, NOON - 10_001, NOON - 20_000, 0, False),
        (False, NOON + 1, NOON, 0, False),
        (False, NOON - 1, NOON, 0, False),
        (False, NOON, NOON, 1, False),
    ],
)
def test_when_a_kick_is_allowed(
    state: bool, created: int, started: int, copies: int, allowed: bool
) -> None:
    job = sale(kick_drawer=True, created_ms=created, copies_printed=copies)
    assert kick_allowed(job, state, started, NOON) is allowed
    assert not kick_allowed(sale(created_ms=created), state, started, NOON)


def test_a_copy_says_that_it_is_one(wide: Profile) -> None:
    shop = Shop(wide, sale(copies_printed=2))
    shop.spool.step()
    assert "重印 2" in shop.printed[0]
    marked = marked_copy(TEA, 1)
    assert marked_copy(marked, 2) == marked
    assert marked.blocks[0] == Banner("重印 1")
    assert marked_copy(TEA, 0) == TEA
    assert marked_copy(Paper("drawer", ()), 1) == Paper("drawer", ())


def test_a_paper_that_cannot_be_drawn_fails_and_blocks_nobody(
    wide: Profile, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = Paper("label", (Barcode("6901234567890", kind="ean13"),))
    shop = Shop(wide, sale(paper=wrong), sale("b"), sale("c"))
    assert shop.spool.step() == ("a", "FAILED", "bad_check_digit")
    assert shop.spool.step() == ("b", "PRINTED", "")

    def broken(paper: Paper, profile: Profile) -> bytes:
        raise ZeroDivisionError

    shop.spool = PrinterSpool("receipts", wide, shop.carrier, shop.queue, shop.clock, render=broken)
    assert shop.spool.step() == ("c", "FAILED", "bug")
    assert "ZeroDivisionError" in caplog.text


def test_a_virtual_printer_keeps_its_papers_as_pictures(wide: Profile, tmp_path: Path) -> None:
    carrier = VirtualCarrier(wide, tmp_path / "out")
    shop = Shop(wide, sale(), sale("b"))
    shop.carrier = carrier
    spool = shop.started()
    spool.step()
    spool.step()
    assert [path.name for path in sorted((tmp_path / "out").iterdir())] == ["0001.png", "0002.png"]
    assert carrier.last_rows == ["大沙红茶 128.00"]
    again = VirtualCarrier(wide, tmp_path / "out")
    again.open()
    again.send(b"x\n\x1dV\x00")
    assert (tmp_path / "out" / "0003.png").is_file()
