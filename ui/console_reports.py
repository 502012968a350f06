"""The console's `report`: every report's rows as text, and the papers behind one of them."""

from collections.abc import Iterable
from pathlib import Path

from app.clock import iso, proposed_day
from app.errors import Refusal
from app.money import yuan
from app.quantity import shown
from app.reports import words
from app.reports.asking import Asked, asked
from app.reports.drilling import Paper, papers
from app.reports.report import answer, fitting, kind_of
from app.reports.scope import Scope
from app.reports.sheet import Column, Line, Sheet, cell_text
from app.reports.weekly import hold_all
from app.staff.rules import may
from ui.console import Answer, Commands, Seat
from ui.presenters.report_files import about, save_report

REPORTS = Commands()
command = REPORTS.add


@command
def report(
    seat: Seat,
    *,
    name: str,
    from_: str = "",
    to: str = "",
    compare: str = "",
    till: str = "",
    cashier: str = "",
    channel: str = "",
    product: str = "",
    category: str = "",
    brand: str = "",
    town: str = "",
    three_origin: str = "",
    tier: str = "",
    row: str = "",
    file: str = "",
    entries: bool = False,
) -> Answer:
    """Rows of a report between two business days (today alone without any); `row` asks for the
    papers behind the row with that key, `file` (pdf, xlsx, csv) is where it is written, `entries`
    holds a range longer than a week against its entries too, before it answers."""
    path = Path(file)
    if file and path.suffix not in (".pdf", ".xlsx", ".csv"):
        raise Refusal("bad_command", detail="file")
    desk, shop = seat.desk, seat.books.shop
    desk.signed_in()
    code = next(code for code in words.REPORTS if kind_of(name) is kind_of(code))
    if code in words.BOOK:
        desk.allowed("see_book", seat.approver)
    filters = {
        "till": till, "person": cashier, "channel": channel, "product": product,
        "category": category, "brand": brand, "brand_town": town, "three_origin": three_origin,
        "tier": tier,
    }  # fmt: skip
    for each, value in filters.items():
        if value and each not in kind_of(code).filters:
            raise Refusal("report_filter", text=each)
    today = proposed_day(seat.books.clock.wall_ms(), int(desk.settings["cutoff_hour"]))
    last = to or from_ or today
    wanted = asked((shop,), from_ or last, last, compare=compare, **filters)
    margins = may(desk.role, "see_book")
    found = answer(seat.books, code, wanted, today=today, margins=margins)
    if row:
        return {"report": code, "row": row, "papers": _papers(seat, code, found, wanted, row)}
    if entries:
        found = hold_all(seat.books, found, wanted, today=today)
    if file:
        save_report(path, found, **about(seat.till))
    return sheet_answer(code, found)


def sheet_answer(code: str, found: Sheet) -> Answer:
    """A report's rows, sums and check as an answer."""
    said: Answer = {
        "report": code,
        "title": found.title,
        "from": found.first,
        "to": found.last,
        "compared": list(found.compared) if found.compared[0] else [],
        "rows": [_row(found, line) for line in found.lines],
        "totals": {
            name: _figure(name, value) for name, value in found.totals.items() if value is not None
        },
        "check": {"ok": found.check.ok, "against": found.check.against},
        "left_out": found.left_out,
    }
    if code == "average_cost":
        said["month"] = found.last[:7]
    return said


def _row(found: Sheet, line: Line) -> dict[str, str]:
    cells = dict(zip((column.name for column in found.columns), found.cells(line), strict=True))
    return {"key": line.key, "name": cells.pop("label"), **cells}


_COUNTS = ("sales", "rows", "times", "people")
_RATES = ("margin_rate", "share")


def _figure(name: str, value: int | str | None) -> str:
    if name in _COUNTS:
        return str(value)
    if name in _RATES or name.startswith("index_"):
        return cell_text(Column(name, "", "rate"), value)
    if name == "quantity":
        return cell_text(Column(name, "", "quantity"), value)
    return cell_text(Column(name, "", "money"), value)


def _papers(seat: Seat, code: str, found: Sheet, wanted: Asked, row: str) -> list[dict[str, str]]:
    line = found.line(row)
    with seat.books.read() as db:
        return papers_answer(papers(Scope(db, fitting(code, wanted)), code, line.said))


def papers_answer(behind: Iterable[Paper]) -> list[dict[str, str]]:
    """Papers behind a row as an answer."""
    return [
        {
            "kind": each.kind,
            "number": each.number,
            "time": iso(each.order_ms),
            "staff": each.person,
            "what": each.what,
            "amount": "" if each.amount is None else yuan(each.amount),
            "quantity": "" if each.quantity is None else shown(each.quantity, weighed=False),
        }
        for each in behind
    ]
