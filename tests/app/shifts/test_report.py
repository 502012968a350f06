"""X and Z: everything a manager asks about is on them, and no day is too odd to be closed."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from app.facts import members, sales, shifts, tabs
from app.facts.base import Fact
from app.facts.shifts import ActTotal, TenderTotal
from app.money import MAX_FEN
from app.shifts.actions import close_shift, open_shift
from app.shifts.days import close_day
from app.shifts.report import (
    MOST_LISTED,
    NOTHING_OPEN,
    OpenEnds,
    OpenPayment,
    OpenTab,
    Report,
    report,
)
from app.shifts.report_papers import x_paper
from printers.commands import render_png
from printers.layout import TextRow, lay_out
from printers.pdf import paper_pdf
from tests.stories.counters import AUDITOR, CASHIER, LEAD, MANAGER, ShopFloor
from tests.support.facts import DAY, SHOP, TILL, sold
from tests.support.rare_facts import came_back
from tests.support.tills import TillInFolder

BY_LEAD = {"approver": LEAD[0], "approver_pin": LEAD[1]}
BY_MANAGER = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}
HOSTILE = "'; DROP TABLE sale;--\u202e=cmd|' /C calc'!A0 焗\U0001f986\u0301 " + "长" * 60


@pytest.fixture
def day(counter: ShopFloor) -> ShopFloor:
    """A day with a bit of everything, its drawer counted."""
    number = counter.sell("12001")["receipt"]["number"]
    counter.ok("add", product="12001")
    counter.ok("override_price", line=1, price="60.00", reason="包装磕碰", **BY_MANAGER)
    counter.ok("add", product="11014")
    counter.ok("discount", line=2, percent="5", reason="熟客")
    counter.ok("discount", percent="5", reason="熟客", **BY_MANAGER)
    second = counter.ok("pay", tender="cash")["receipt"]["number"]
    counter.ok("add", product="12003")
    counter.ok("add", product="11014")
    counter.ok("remove", line=2)
    counter.ok("cancel_basket", reason="顾客不要了")
    counter.ok("add", product="12003")
    counter.ok("hold", name="陈生")
    counter.ok("reprint", number=number)
    counter.ok("open_drawer", reason="换零", **BY_LEAD)
    counter.ok("cash_out", amount="50.00", reason="买冰袋", kind="expense", **BY_LEAD)
    counter.ok("cash_in", amount="10.00", reason="还零", **BY_LEAD)
    line = {"line": 1, "quantity": "1", "reason": "quality", "disposition": "scrap"}
    counter.ok("refund", receipt=number, lines=[line], **BY_LEAD)
    wrong = {"receipt": second, "from": "cash", "to": "card", "reason": "按错了"}
    counter.ok("correct_tender", **wrong, **BY_LEAD)
    counter.ok("add", product="11014")
    counter.ok("pay", tender="room", code="8203 陈生 2026-12-09")
    return counter


def test_everything_a_manager_asks_about_is_told(day: ShopFloor) -> None:
    x = day.ok("x_report")
    told = {(each["what"], each["staff"], each["count"], each["amount"]) for each in x["people"]}
    assert told == {
        ("basket_cancelled", "101", 1, "128.00"),
        ("basket_discount", "101", 1, "-4.80"),
        ("cash_moved", "101", 2, "-40.00"),
        ("drawer_opened", "101", 1, "0.00"),
        ("line_discount", "101", 1, "-1.90"),
        ("line_removed", "101", 1, "38.00"),
        ("override", "101", 1, "-8.00"),
        ("refund", "101", 1, "68.00"),
        ("reprinted", "101", 1, "0.00"),
        ("tender_corrected", "101", 1, "91.30"),
    }
    details = {each["what"]: each["detail"] for each in x["listed"]}
    assert details["line_removed"] == "马冈鹅蛋卷"
    assert details["drawer_opened"] == "换零"
    assert x["held"] == ["128.00"]
    assert [tab["room"] for tab in x["open_tabs"]] == ["8203"]
    assert sum(float(each["paid"]) for each in x["taxes"]) == float(x["net"])
    assert sum(float(each["tax"]) for each in x["taxes"]) == pytest.approx(float(x["tax"]))
    expected = day.rows("SELECT sum(taken - given) FROM drawer_cash WHERE tender = 'cash'")
    day.ok("close_shift", counted=f"{expected[0][0] / 100:.2f}")
    z = day.ok("z_report", **BY_LEAD)
    moved = {name for name in z if x.get(name) != z[name]}
    assert moved <= {"to_seq", "expected_cash"}
    day.verified()


def test_an_x_on_paper_keeps_the_drawers_sum_from_whoever_still_counts(day: ShopFloor) -> None:
    seat = day.seat
    for who, told in ((CASHIER, False), (MANAGER, False), (AUDITOR, True)):
        day.sign_in(who)
        seat.desk.print_x()
        day.till.devices.step()
        printed = [rows for rows in day.ok("peripherals")["printers"].values() if rows]
        assert any("X 报表" in row for rows in printed for row in rows)
        assert any("钱箱应有" in row for rows in printed for row in rows) is told
        assert ("expected_cash" in day.ok("x_report")) is told


# --- no day is too odd ---------------------------------------------------------------------------


def an_odd_day(shift: str) -> Iterator[Fact]:
    """Goods nobody knows, names of a joker, the dearest line there may be, refunds of nothing."""
    head: dict[str, Any] = {"shop": SHOP, "till": TILL, "day": DAY, "shift": shift}
    line = sales.BasketLine(line=1, product="?", name=HOSTILE, quantity=1000, amount=MAX_FEN)
    for n in range(100):
        yield sold(*[(f"NO-{n}", 100 + m, 1000) for m in range(100)], sequence=n + 1, shift=shift)
    yield sold(("NO-1", MAX_FEN, 1000), sequence=101, shift=shift, tender=HOSTILE[:20])
    for _ in range(MOST_LISTED + 5):
        yield sales.LineRemoved(**head, basket="b", person="101", removed=line)
    yield shifts.DrawerOpened(**head, reason=HOSTILE)
    yield shifts.CashMoved(**head, amount=-MAX_FEN, reason=HOSTILE, purpose=HOSTILE[:20])
    yield msgspec.structs.replace(came_back(head), sale="nobody-sold-this", number=HOSTILE)
    yield members.MoneyLeft(
        **head,
        account="a",
        purpose=HOSTILE[:20],
        amount=1,
        tenders=(members.LedgerTender(tender=HOSTILE[:20], amount=1),),
        person="101",
    )
    yield tabs.TabSettled(
        **head,
        tab="no-such-tab",
        person="101",
        drawer="1",
        amount=5,
        tenders=(sales.Tender(tender="cash", amount=5, tendered=5),),
    )


@pytest.fixture
def odd(till: TillInFolder) -> Report:
    """The report of that day; its shift and day are closed as any other."""
    books = till.books
    shift = open_shift(books, "101", 500_00, cutoff_hour=4)
    till.record(*an_odd_day(shift.shift))
    closed = close_shift(books, shift, "101", 0)
    assert closed.counted == 0
    fact, found = close_day(books, "101")
    assert (fact.sales, fact.gross) == (101, sum(100 + m for m in range(100)) * 100 + MAX_FEN)
    assert fact.grand_total == fact.gross - fact.refunds
    return found


def test_a_day_of_ten_thousand_odd_lines_is_closed(odd: Report) -> None:
    assert odd.acts["line_removed"] == MOST_LISTED + 5
    assert len(odd.of("line_removed")) == MOST_LISTED
    [removed] = [each for each in odd.done if each.what == "line_removed"]
    assert removed.amount == MAX_FEN * (MOST_LISTED + 5)
    assert sum(each.paid for each in odd.taxes) == odd.net
    assert [(each.tender, each.taken) for each in odd.left] == [(HOSTILE[:20], 1)]


@pytest.mark.parametrize("columns", [32, 48])
def test_its_paper_comes_out_whatever_is_on_it(odd: Report, columns: int) -> None:
    paper = x_paper(SHOP, TILL, odd, 0, with_expected=True)
    rows = [row for row in lay_out(paper, columns) if isinstance(row, TextRow)]
    words = "".join(span.text for row in rows for span in row.spans)
    assert "另有 5 次，已计入合计" in words
    assert render_png(paper, columns).width == columns * 12
    assert render_png(paper, columns, mode="raster").width == columns * 12
    assert paper_pdf(paper, columns).startswith(b"%PDF")


def test_the_books_verify_after_such_a_day(odd: Report, till: TillInFolder) -> None:
    assert till.rows("SELECT count(*) FROM day_closed") == [(1,)]
    with till.books.read() as db:
        again = report(db, SHOP, TILL, till.books.journal.id, 10**6, NOTHING_OPEN)
    # What the Z took is behind the next one.
    assert (again.sales, again.gross, again.done) == (0, 0, ())
    assert again.grand_total == odd.grand_total + odd.net


def test_of_many_open_invoices_the_first_are_named_and_the_rest_are_one_sum(odd: Report) -> None:
    many = tuple((f"KP01-1D-261207-{n:04d}", n * 100) for n in range(1, 24))
    ends = OpenEnds(invoices=many, red_letters=many[:20])
    found = msgspec.structs.replace(odd, ends=ends)
    rows = lay_out(x_paper(SHOP, TILL, found, 0, with_expected=False), 48)
    words = ["".join(span.text for span in row.spans) for row in rows if isinstance(row, TextRow)]
    waiting = [each for each in words if each.startswith("发票待开")]
    assert len(waiting) == 21
    assert "0020" in waiting[19]
    # 21.00, 22.00 and 23.00.
    assert "另 3 张" in waiting[20]
    assert waiting[20].endswith("66.00")
    due = [each for each in words if each.startswith("红字待开")]
    assert len(due) == 20
    assert "0020" in due[19]


def test_who_did_what_is_told_apart_and_open_ends_are_named(odd: Report) -> None:
    ends = OpenEnds(
        tabs=(OpenTab("8203", 38_00, "2026-12-09"), OpenTab("8204", 5_00, "")),
        payments=(OpenPayment("wechat", 68_00, "PARKED", "T1"),),
        refunds=(OpenPayment("alipay", 9_00, "ASKED", "T1R1"),),
        held=(12_00, 8_00),
    )
    two = tuple(
        ActTotal(what="line_removed", person=who, count=n, amount=n * 100)
        for who, n in (("101", 1), ("102", 2))
    )
    left = (TenderTotal(tender="cash", taken=5, given=3, count=2),)
    found = msgspec.structs.replace(odd, done=two, listed=(), ends=ends, left=left)
    rows = lay_out(x_paper(SHOP, TILL, found, 0, with_expected=False), 48)
    words = ["".join(span.text for span in row.spans) for row in rows if isinstance(row, TextRow)]
    for told in (
        "删行 3 次3.00", "　工号 101 1 次1.00", "　工号 102 2 次2.00", "结果不明 微信68.00",
        "退款在途 支付宝9.00", "房账 8203（2026-12-09 退房）38.00", "房账 82045.00",
        "挂单 2 张20.00", "收 现金0.05", "退 现金−0.03",
    ):  # fmt: skip
        assert any(told in each.replace("\u3000", "　") for each in words), (told, words)
