"""T11: the drawer of a peak day to the fen; differences, late counts, a desk nobody closes."""

from typing import Any, Protocol

import pytest

from sync.channels.practice.server import PracticeServer
from tests.stories.counters import AUDITOR, CASHIER, LEAD, MANAGER, ShopFloor
from tests.stories.networks import approved

BY_LEAD = {"approver": LEAD[0], "approver_pin": LEAD[1]}
BY_MANAGER = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}
TEA = "12001"
DAY = 24 * 3_600


class Counter(Protocol):
    """A till that is spoken to in commands: in this process, or one of its own."""

    def ok(self, do: str, **fields: Any) -> dict[str, Any]:
        """The answer of a command that succeeds."""
        ...


def sold(shop: Counter, tender: str, teas: int, off: str = "") -> str:
    """Sell so many teas at 68.00, with an amount off; the receipt's number."""
    shop.ok("add", product=TEA, quantity=str(teas))
    if off:
        shop.ok("discount", amount=off, reason="凑整", **BY_MANAGER)
    code = "" if tender == "cash" else code_of(tender, teas)
    shop.ok("pay", tender=tender, code=code)
    # A network may take longer than `pay` waits for it.
    while shop.ok("basket")["basket"]["lines"]:
        shop.ok("wait", seconds=1)
    number: str = shop.ok("receipt")["receipt"]["number"]
    return number


WALLETS = {"wechat": ("13", 18), "alipay": ("28", 18), "unionpay": ("62", 19), "ecny": ("01", 19)}


def code_of(tender: str, salt: int) -> str:
    """A wallet code that is paid at once, another one for every salt."""
    prefix, length = WALLETS[tender]
    return prefix + f"{salt:0{length - 6}d}" + "0055"


def given_back(shop: Counter, number: str, teas: int, **yes: str) -> str:
    line = {"line": 1, "quantity": str(teas), "reason": "quality", "disposition": "shelf"}
    amount: str = shop.ok("refund", receipt=number, lines=[line], **yes)["amount"]
    return amount


@pytest.fixture
def peak(counter: ShopFloor, network: PracticeServer) -> ShopFloor:
    """The whole day of till 1, float 500.00, up to the count."""
    counter.ok("shop", set={"channel_address": network.address}, **approved())
    whole = sold(counter, "cash", 1)
    sold(counter, "cash", 48, "55.60")
    part = sold(counter, "wechat", 2, "8.00")
    sold(counter, "wechat", 122, "11.70")
    sold(counter, "alipay", 76, "47.15")
    sold(counter, "unionpay", 10, "20.00")
    sold(counter, "ecny", 2, "16.00")
    assert given_back(counter, whole, 1, **BY_LEAD) == "68.00"
    assert given_back(counter, part, 2, **BY_LEAD) == "128.00"
    counter.ok("cash_out", amount="50.00", reason="买冰袋", kind="expense", **BY_LEAD)
    counter.ok("cash_out", amount="2000.00", reason="抽钞", kind="drop", **BY_LEAD)
    return counter


def test_the_figures_of_the_peak_day(peak: ShopFloor) -> None:
    assert "expected_cash" not in peak.ok("x_report")
    closed = peak.ok("close_shift", counted="1656.40")
    assert (closed["expected"], closed["difference"]) == ("1658.40", "-2.00")
    x = peak.ok("x_report")
    z = peak.ok("z_report", **BY_LEAD)
    assert {name for name in z if x[name] != z[name]} <= {"to_seq"}
    assert (z["gross"], z["refunds"], z["net"]) == ("17589.55", "196.00", "17393.55")
    assert (z["sales"], z["expected_cash"]) == (7, "1658.40")
    assert z["tenders"] == {
        "alipay": {"in": "5120.85", "out": "0.00", "count": 1},
        "cash": {"in": "3276.40", "out": "68.00", "count": 3},
        "ecny": {"in": "120.00", "out": "0.00", "count": 1},
        "unionpay": {"in": "660.00", "out": "0.00", "count": 1},
        "wechat": {"in": "8412.30", "out": "128.00", "count": 3},
    }
    assert z["cashiers"] == {"101": "17393.55"}
    peak.verified()


def test_a_difference_never_stops_a_close_and_waits_for_somebody_who_may(
    counter: ShopFloor,
) -> None:
    closed = counter.ok("close_shift", counted="350.00", reason="找不到")
    assert (closed["difference"], closed["confirmed"]) == ("-150.00", False)
    [task] = [each for each in counter.ok("tasks")["tasks"] if each["kind"] == "cash_difference"]
    assert "150.00" in task["words"]
    wanted = {"task": task["task"], "answer": "confirm"}
    assert counter.refused("settle_task", **wanted) == "approval_needed"
    assert counter.refused("settle_task", **wanted, **BY_LEAD) == "over_limit"
    counter.ok("settle_task", **wanted, **BY_MANAGER)
    assert counter.refused("settle_task", **wanted, **BY_MANAGER) == "unknown_task"
    assert counter.rows("SELECT person, difference FROM difference_confirmed") == [("301", -15000)]
    counter.verified()


@pytest.mark.parametrize(
    ("counted", "yes", "stands"),
    [
        ("500.00", {}, True),
        ("499.99", {}, False),
        ("400.00", BY_LEAD, True),
        ("399.99", BY_LEAD, False),
        ("600.01", BY_LEAD, False),
        ("2500.00", BY_MANAGER, True),
        ("2500.01", BY_MANAGER, False),
    ],
)
def test_whoever_stands_by_at_the_count_lets_it_stand_within_their_limit(
    counter: ShopFloor, counted: str, yes: dict[str, str], stands: bool
) -> None:
    assert counter.ok("close_shift", counted=counted, **yes)["confirmed"] is stands
    waiting = [each["kind"] for each in counter.ok("tasks")["tasks"]]
    assert ("cash_difference" in waiting) is not stands
    content = counter.rows(
        "SELECT CAST(content AS TEXT) FROM entry WHERE kind LIKE 'shift_closed%'"
    )
    named = bool(yes) and stands
    assert (f'"person":"{yes.get("approver")}"' in content[0][0]) is named


def test_cash_out_names_what_it_was_for(counter: ShopFloor) -> None:
    wish = {"amount": "5.00", "reason": "换零"}
    assert counter.refused("cash_in", **wish, kind="expense", **BY_LEAD) == "bad_cash_kind"
    assert counter.refused("cash_out", **wish, kind="lottery", **BY_LEAD) == "bad_cash_kind"
    counter.ok("cash_in", **wish, kind="float", **BY_LEAD)
    counter.ok("cash_out", **wish, kind="drop", **BY_LEAD)
    assert counter.ok("close_shift", counted="500.00")["difference"] == "0.00"


# --- a desk nobody closes -----------------------------------------------------------------------


def test_a_desk_nobody_closes_for_nine_days(counter: ShopFloor) -> None:
    days = []
    for day in range(9):
        if day:
            counter.ok("wait", seconds=DAY)
        days.append(f"2026-12-{7 + day:02}")
        counter.sell(TEA)
    sales = counter.rows("SELECT day, shift, gross FROM turnover ORDER BY seq")
    assert [row[0] for row in sales] == days
    assert len({row[1] for row in sales}) == 9
    zs = counter.rows("SELECT day, gross, grand_total FROM day_closed ORDER BY seq")
    assert zs == [(day, 6800, 6800 * n) for n, day in enumerate(days[:8], 1)]
    waiting = [each for each in counter.ok("tasks")["tasks"] if each["kind"] == "shift_uncounted"]
    assert [each["words"][:10] for each in waiting] == days[:8]
    # Eight teas of eight days lie in the drawer that the ninth day goes on with.
    assert counter.ok("close_shift", counted="1112.00")["difference"] == "0.00"
    late = counter.ok("count_shift", counted="567.00", reason="找零差错")
    assert (late["day"], late["expected"], late["difference"]) == (days[0], "568.00", "-1.00")
    assert counter.rows("SELECT day, shift FROM shift_counted") == [(days[0], sales[0][1])]
    left = [each["kind"] for each in counter.ok("tasks")["tasks"]]
    assert (left.count("shift_uncounted"), left.count("cash_difference")) == (7, 1)
    assert counter.rows("SELECT day, shift, gross FROM turnover ORDER BY seq") == sales
    counter.verified()


def test_before_the_cut_off_hour_the_night_still_belongs_to_its_evening(
    counter: ShopFloor,
) -> None:
    counter.ok("clock", now="2026-12-08T03:59:00+08:00")
    counter.sell(TEA)
    assert counter.rows("SELECT count(*) FROM shift_closed") == [(0,)]
    counter.ok("clock", now="2026-12-08T04:00:00+08:00")
    counter.sell(TEA)
    assert counter.rows("SELECT day, uncounted FROM shift_closed") == [("2026-12-07", 1)]
    assert counter.rows("SELECT day FROM turnover ORDER BY seq") == [
        ("2026-12-07",),
        ("2026-12-08",),
    ]


def test_whoever_sells_next_has_the_new_shift(counter: ShopFloor) -> None:
    counter.sell(TEA)
    counter.ok("sign_out")
    counter.ok("wait", seconds=DAY)
    assert counter.rows("SELECT count(*) FROM shift_closed") == [(0,)]
    counter.sign_in(AUDITOR)
    counter.ok("wait", seconds=60)
    assert counter.rows("SELECT count(*) FROM shift_closed") == [(0,)]
    counter.sign_in(LEAD)
    counter.sell(TEA)
    assert counter.rows("SELECT person, uncounted FROM shift_closed") == [(CASHIER[0], 1)]
    opened = counter.rows("SELECT day, person, float_fen FROM shift_opened ORDER BY order_ms")
    assert opened[-1] == ("2026-12-08", LEAD[0], 56800)


def test_nothing_is_counted_late_that_was_counted_in_time(counter: ShopFloor) -> None:
    counter.ok("close_shift", counted="500.00")
    assert counter.refused("count_shift", counted="500.00") == "nothing_uncounted"


def test_a_customers_money_on_the_counter_is_served_before_the_day_ends(
    counter: ShopFloor,
) -> None:
    counter.ok("add", product=TEA)
    counter.ok("pay", tender="cash", amount="20.00")
    counter.ok("wait", seconds=DAY)
    counter.ok("pay", tender="cash", amount="48.00")
    assert counter.rows("SELECT day FROM turnover") == [("2026-12-07",)]
    counter.sell(TEA)
    assert [row[0] for row in counter.rows("SELECT day FROM turnover ORDER BY seq")] == [
        "2026-12-07",
        "2026-12-08",
    ]
    counter.verified()
