"""Console commands of blind count sheets (盘点表): print them, look at one, type it back."""

from pathlib import Path
from typing import Literal

from app.errors import Refusal
from app.quantity import shown
from app.sales.count_sheets import CountSheets, Sheet
from app.sales.stocktaking import Stocktaking
from ui.console import Answer, Commands, Seat
from ui.console_counting import running
from ui.count_papers import write_a4

COUNT_SHEETS = Commands()
command = COUNT_SHEETS.add


@command
def count_sheet(
    seat: Seat,
    *,
    count: str = "",
    zone: str = "",
    paper: Literal["roll", "a4"] = "roll",
    file: str = "",
    sheet: str = "",
) -> Answer:
    """A sheet for a zone, or one for each; with `sheet` what was typed back of one so far."""
    taking = Stocktaking(seat.desk)
    sheets = CountSheets(taking)
    if sheet:
        seat.desk.signed_in()
        return _sheet(sheets, sheets.sheet(sheet), typed=True)
    if paper == "a4" and not file:
        raise Refusal("bad_command", detail="file")
    count = count or running(taking)
    zones = [zone] if zone else list(taking.status(count).count.zones)
    made = [sheets.make(count, each, roll=paper == "roll") for each in zones]
    if paper == "a4":
        write_a4(Path(file), seat.books, sheets, made)
    return {"count": count, "sheets": [_sheet(sheets, each) for each in made], "file": file}


def _sheet(sheets: CountSheets, one: Sheet, *, typed: bool = False) -> Answer:
    lines = []
    for each in sheets.typed(one):
        goods = each.product
        weighed = goods is not None and bool(goods.weighed)
        said = "" if each.quantity is None else shown(each.quantity, weighed=weighed)
        lines.append(
            {
                "line": each.line,
                "product": each.code,
                "name": goods.name if goods else "",
                "unit": goods.unit if goods else "",
                **({"quantity": said} if typed else {}),
            }
        )
    return {"sheet": one.code, "count": one.count, "zone": one.zone, "lines": lines}
