"""Head office's reports are held against the entries of every shop, a long range week by week."""

import html
import io
import re
from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

import msgspec
import openpyxl
import pypdfium2 as pdfium
import pytest
from sqlalchemy.exc import OperationalError

from app.facts.shifts import DayOpened
from app.facts.shop import SettingChanged
from app.reports import entries
from app.reports.asking import Asked
from app.reports.entries import Entries
from app.reports.report import KINDS
from app.reports.sheet import Check
from sync.hub import reporting
from sync.hub.tables import hub_entry
from tests.support.entries import Writer
from tests.support.facts import sold
from tests.support.hubs import RunningHub
from tests.support.office import Browser, Office
from tests.support.tills import MORNING
from tests.sync.hub.test_reports_page import lines

DAYS = ("2026-11-07", "2026-11-08", "2026-11-24")
"""The last of a week, the first of the next, and one of another."""
LINES = {"from": "2026-11-01", "to": "2026-11-30"}
QUERY = "from=2026-11-01&to=2026-11-30"
DAY_MS = 86_400_000
MORNINGS_DAY = 29
"""The day of the month on which writers begin."""


class Brand:
    """Two shops that sold on three days of a month; everything has arrived."""

    def __init__(self, hub: RunningHub) -> None:
        self.hub = hub
        self.writers = {name: Writer(name.lower(), shop=name) for name in ("KP01", "KP02")}
        self.sales: dict[tuple[str, str], str] = {}
        """The first sale of each shop and day."""
        for sequence, (shop, writer) in enumerate(self.writers.items(), 1):
            hub.join(writer)
            self._month_of(writer, shop, sequence)
            assert hub.push(writer).code == "ack"
        hub.projection.work()

    def _month_of(self, writer: Writer, shop: str, sequence: int) -> None:
        morning = writer.order
        writer.write(SettingChanged(shop=shop, key="shop_name", value=f"{shop} 店"))
        for day in DAYS:
            writer.order = morning - (MORNINGS_DAY - int(day[-2:])) * DAY_MS
            writer.write(DayOpened(shop=shop, till="1", day=day, proposed=day))
            for number in (1, 2):
                sale = sold(sequence=sequence * 100 + DAYS.index(day) * 10 + number)
                entry = writer.write(msgspec.structs.replace(sale, shop=shop, day=day))
                self.sales.setdefault((shop, day), entry.fact)

    def check(self, name: str, first: str, last: str, *shops: str) -> Check:
        with self.hub.hub.database.view() as db:
            wanted = reporting.question(self.hub.hub, db, name, first=first, last=last, only=shops)
            return reporting.report(self.hub.hub, db, name, wanted).check

    def twist(self, fact: str) -> None:
        """Somebody writes another program's name into an entry: it reads as well as before."""
        ((journal, seq),) = self.hub.rows(
            f"SELECT journal, seq FROM hub_place WHERE fact = '{fact}'"
        )
        this = (hub_entry.c.journal == journal) & (hub_entry.c.seq == seq)
        with self.hub.hub.database.begin() as db:
            content = bytes(db.execute(hub_entry.select().where(this)).one().content)
            twisted = content.replace(b'"app":"test"', b'"app":"tess"')
            assert twisted != content
            db.execute(hub_entry.update().where(this), {"content": twisted})

    def more_paid(self, fact: str) -> None:
        """The rows of a sale say a yuan more, each like the others."""
        self.hub.rows_changed(f"UPDATE sale_line SET paid = paid + 100 WHERE sale = '{fact}'")
        self.hub.rows_changed(f"UPDATE turnover SET gross = gross + 100 WHERE fact = '{fact}'")


@pytest.fixture
def brand(hub: RunningHub) -> Brand:
    return Brand(hub)


@pytest.fixture
def ann(brand: Brand) -> Browser:
    office = Office(brand.hub)
    office.hire("ann", "approver")
    return office.browser("ann")


def test_every_report_of_all_shops_equals_their_entries(brand: Brand) -> None:
    for name in KINDS:
        check = brand.check(name, DAYS[0], DAYS[0])
        # What costs were on average is held for its whole month, behind the answer.
        against = "movements" if name == "average_cost" else "journal"
        assert (check.ok, check.against) == (True, against), name


def test_an_entry_that_was_changed_or_is_gone_is_red_and_named(brand: Brand) -> None:
    fact = brand.sales["KP02", DAYS[0]]
    brand.twist(fact)
    for name in ("day", "product", "tenders"):
        check = brand.check(name, DAYS[0], DAYS[0])
        assert not check.ok and check.damaged == {fact}, name
        assert check.ours == (4 * 3700, 0) and check.theirs == (3 * 3700, 0)
    # Another shop's entries are not read for it.
    assert brand.check("day", DAYS[0], DAYS[0], "KP01").ok
    gone = brand.sales["KP01", DAYS[0]]
    brand.hub.rows_changed(
        "DELETE FROM hub_entry WHERE (journal, seq) ="
        f" (SELECT journal, seq FROM hub_place WHERE fact = '{gone}')"
    )
    assert brand.check("day", DAYS[0], DAYS[0], "KP01").damaged == {gone}


def test_rows_that_say_more_than_their_entries_are_red_with_both_figures(brand: Brand) -> None:
    brand.more_paid(brand.sales["KP01", DAYS[1]])
    check = brand.check("day", DAYS[1], DAYS[1])
    assert (check.ok, check.against, check.damaged) == (False, "journal", frozenset())
    assert (check.ours, check.theirs) == ((4 * 3700 + 100, 0), (4 * 3700, 0))
    assert brand.check("day", DAYS[1], DAYS[1], "KP02").ok


def test_what_is_worked_in_meanwhile_is_in_none_of_the_figures(brand: Brand) -> None:
    if not brand.hub.hub.database.is_postgresql:
        # SQLite has one writer: nobody can begin while another has not ended.
        return
    read = Entries.of_days
    writer = brand.writers["KP01"]
    writer.write(msgspec.structs.replace(sold(sequence=900), day=DAYS[2]))

    def late(these: Entries) -> Any:
        brand.hub.push(writer)
        brand.hub.projection.work()
        return read(these)

    with patch.object(Entries, "of_days", late):
        check = brand.check("day", DAYS[2], DAYS[2])
    assert check.ok and check.ours == (4 * 3700, 0)
    assert brand.check("day", DAYS[2], DAYS[2]).ours == (5 * 3700, 0)


def test_lines_hold_a_month_week_by_week_where_they_are_asked_to(brand: Brand) -> None:
    ask = {"do": "report", "name": "product", **LINES}
    plain, whole = lines(brand.hub, ask, ask | {"entries": True})
    assert plain["check"] == {"ok": True, "against": "turnover"}
    assert whole["check"] == {"ok": True, "against": "journal"}
    brand.more_paid(brand.sales["KP02", DAYS[1]])
    brand.twist(brand.sales["KP01", DAYS[2]])
    plain, whole, rows = lines(
        brand.hub, ask, ask | {"entries": True}, ask | {"entries": True, "shops": ["KP01"]}
    )
    assert plain["check"]["ok"]
    assert whole["check"]["said"] == (
        "2026-11-08 – 2026-11-14：流水账坏了 1 条：这里 149.00 / 0.00，完好的有 148.00 / 0.00"
    )
    (named,) = rows["check"]["damaged"]
    assert (named["shop"], named["till"], named["seq"]) == ("KP01", "1", 10)
    assert rows["check"]["said"].startswith("2026-11-22 – 2026-11-28：流水账坏了 1 条：")


# --- on the page ---------------------------------------------------------------------------------


def test_a_month_is_held_week_by_week_behind_its_page(ann: Browser, brand: Brand) -> None:
    held: Sequence[Asked] = []
    with patch.object(reporting, "_scope", wraps=reporting._scope) as scope:
        said = ann.framed(f"/hq/reports/day?{QUERY}")
        held = [call.args[2] for call in scope.call_args_list]
    assert [each.days for each in held] == [30, 7, 7, 7, 7, 2]
    assert said == [
        *(f"与营业额一致；流水账已核对 {days}/30 天" for days in (0, 7, 14, 21, 28)),
        "与流水账一致",
    ]
    narrowed = ann.framed(f"/hq/reports/channel?{QUERY}&product=KP-A001&compare=week&shop=KP02")
    assert len(narrowed) == 6 and narrowed[-1] == "与流水账一致"
    day = ann.get(f"/hq/reports/day?from={DAYS[0]}&to={DAYS[0]}").text
    assert "与流水账一致" in day and "<iframe" not in day
    ann.get("/hq/language/en")
    assert ann.framed(f"/hq/reports/day?{QUERY}")[2].endswith("journal checked for 14 of 30 days")


def test_average_costs_are_held_for_their_month_behind_the_page(ann: Browser, brand: Brand) -> None:
    address = f"/hq/reports/average_cost?from={DAYS[0]}&to={DAYS[0]}"
    assert ann.framed(address) == ["与库存变动一致；流水账已核对 0/1 天", "与流水账一致"]
    assert len(ann.framed(f"/hq/reports/average_cost?{QUERY}")) == 2
    brand.twist(brand.sales["KP01", DAYS[2]])
    assert "流水账坏了 1 条" in ann.framed(address)[-1]


def test_of_many_shops_fewer_days_are_held_at_once(
    ann: Browser, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "SHOP_DAYS", 3)
    said = ann.framed(f"/hq/reports/day?from={DAYS[0]}&to={DAYS[1]}")
    assert said[1:] == ["与营业额一致；流水账已核对 1/2 天", "与流水账一致"]
    assert len(ann.framed(f"/hq/reports/day?{QUERY}")) == 31
    alone = ann.framed(f"/hq/reports/day?{QUERY}&shop=KP01")
    assert len(alone) == 11
    writer = brand.writers["KP02"]
    writer.order = MORNING - (MORNINGS_DAY - 6) * DAY_MS + 60_000
    writer.write(DayOpened(shop="KP02", till="1", day="2026-11-06", proposed="2026-11-06"))
    brand.hub.push(writer)
    brand.hub.projection.work()
    brand.twist(brand.sales["KP02", DAYS[1]])
    # The two days before it read it as well.
    last = ann.framed(f"/hq/reports/day?{QUERY}")[-1]
    assert last.startswith("2026-11-08：流水账坏了 1 条：这里 148.00 / 0.00，完好的有 111.00")


def test_it_stops_red_at_the_week_that_is_wrong(ann: Browser, brand: Brand) -> None:
    brand.more_paid(brand.sales["KP02", DAYS[1]])
    assert ann.framed(f"/hq/reports/day?{QUERY}")[2:] == [
        "2026-11-08 – 2026-11-14：与流水账对不上：这里 149.00 / 0.00，那里 148.00 / 0.00"
        "；流水账已核对 14/30 天"
    ]
    # The week before reads the days around its own: damage there is told of the week it is in.
    brand.twist(brand.sales["KP01", DAYS[1]])
    (last,) = ann.framed(f"/hq/reports/day?{QUERY}")[1:]
    assert last.startswith("2026-11-08 – 2026-11-14：流水账坏了 1 条：这里 149.00")
    assert "流水账已核对 14/30 天" in last
    brand.twist(brand.sales["KP01", DAYS[0]])
    last = ann.framed(f"/hq/reports/day?{QUERY}")[-1]
    assert last.startswith("2026-11-01 – 2026-11-07：流水账坏了 2 条：这里 148.00")
    assert re.search(r"坏的：KP01 店 1 号机第 4 条，2026-11-07 \d\d:\d\d", last)
    page = ann.get(f"/hq/reports/day?from={DAYS[0]}&to={DAYS[0]}").text
    assert "坏的：KP01 店 1 号机第 4 条" in page and "note bad" in page


def test_only_a_page_of_our_own_shows_it_in_a_frame(ann: Browser, brand: Brand) -> None:
    address = f"/hq/held/day?{QUERY}&against=turnover&weeks=1"
    policy = "Content-Security-Policy"
    held, page = ann.get(address), ann.get(f"/hq/reports/day?{QUERY}")
    assert "frame-ancestors 'self'" in held.headers[policy]
    assert "frame-ancestors 'none'" in page.headers[policy]
    assert "script" not in held.headers[policy] + held.text
    stranger = Browser(brand.hub).get(address)
    assert "登录已结束" in stranger.text and "核对 7/30" not in stranger.text


@pytest.mark.parametrize("wrong", ["against=turnover&weeks=6", "against=journal", "against=x"])
def test_what_cannot_be_held_is_said(ann: Browser, wrong: str) -> None:
    assert "不能按" in ann.get(f"/hq/held/day?{QUERY}&{wrong}").text
    assert "没有叫" in ann.get(f"/hq/held/none?{QUERY}&{wrong}").text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "与营业额一致；没有与流水账逐条核对"),
        ("en", "; not held against the journal's entries"),
    ],
)
def test_a_paper_of_a_long_range_says_that_no_entry_was_looked_at(
    ann: Browser, language: str, said: str
) -> None:
    ann.get(f"/hq/language/{language}")
    pdf, excel = checks_on_paper(ann, QUERY)
    assert said in pdf and excel.endswith(said) and "0/30" not in pdf + excel
    pdf, excel = checks_on_paper(ann, f"from={DAYS[0]}&to={DAYS[0]}")
    assert excel in pdf and excel in ("与流水账一致", "Agrees with journal")


def checks_on_paper(ann: Browser, query: str) -> tuple[str, str]:
    """All a report's PDF says, and the last line of its Excel."""
    with pdfium.PdfDocument(ann.get(f"/hq/sheets/day/pdf?{query}").content) as document:
        pdf = " ".join(document[0].get_textpage().get_text_bounded().split())
    book = openpyxl.load_workbook(io.BytesIO(ann.get(f"/hq/sheets/day/xlsx?{query}").content))
    said = [row[0] for row in book.worksheets[0].iter_rows(values_only=True) if row[0]]
    return pdf, str(said[-1])


@pytest.mark.parametrize(("language", "said"), [("zh", "没有核对完"), ("en", "not complete")])
def test_a_database_that_is_away_meanwhile_is_said_calmly(
    ann: Browser, language: str, said: str
) -> None:
    ann.get(f"/hq/language/{language}")
    (address,) = re.findall(r'<iframe [^>]*src="([^"]+)"', ann.get(f"/hq/reports/day?{QUERY}").text)
    away = OperationalError("SELECT", None, OSError("connection refused"))
    with patch.object(reporting, "held_on", side_effect=away):
        answer = ann.get(html.unescape(address))
    assert answer.status_code == 503 and said in answer.text
    assert "hub.css" in answer.text and "refused" not in answer.text
    assert "refresh" not in answer.text
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
