"""The till's reports over every shop of the brand, or over some, from the tables of meaning.

As known now: what a till has not sent yet is not in them.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from app.catalogue.queries import taxonomy
from app.clock import local
from app.errors import Refusal
from app.reports import words
from app.reports.asking import Asked, asked
from app.reports.drilling import Paper, papers
from app.reports.excel import report_excel
from app.reports.paper import paper_of
from app.reports.report import KINDS, fitting, read
from app.reports.scope import Names, Scope, named
from app.reports.sheet import Line, Sheet
from app.reports.wording import Say, Wording
from printers.report_pdf import report_pdf
from sync.hub.catalogue import brand_goods, shop_names, shops
from sync.hub.office_apply import HQ
from sync.hub.state import Hub
from sync.hub.tables import MEANING_TABLES

SHOPS = "{n} 家门店"
PDF, XLSX = "pdf", "xlsx"
TYPES = {
    PDF: "application/pdf",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def question(
    hub: Hub, db: Connection, name: str, *, first: str = "", last: str = "",
    only: Sequence[str] = (), **more: str,
) -> Asked:  # fmt: skip
    """What is asked, of today when no day is named, and of all shops when none is.

    Raises Refusal: report_unknown, report_filter, bad_date, report_range.
    """
    if name not in KINDS:
        raise Refusal("report_unknown", text=name[:20])
    every = shops(db)
    for shop in only:
        if shop not in every:
            raise Refusal("report_filter", text=shop[:20])
    last = last or first or _today(hub)
    wanted = asked(tuple(only) or tuple(every), first or last, last, **more)
    return fitting(name, wanted)


def report(hub: Hub, db: Connection, name: str, wanted: Asked) -> Sheet:
    """The answer to a `question`."""
    return read(name, _scope(hub, db, wanted))


def behind(hub: Hub, db: Connection, wanted: Asked, sheet: Sheet, line: Line) -> list[Paper]:
    """The papers a row of an answer is made of."""
    return papers(_scope(hub, db, wanted), sheet.name, line.said)


def as_file(hub: Hub, sheet: Sheet, kind: str, wording: Wording, *, head: str, pages: str) -> bytes:
    """A report as PDF or Excel; `head` says whose it is, `pages` which page of how many."""
    banner = wording.said("演示") if hub.demo else ""
    if kind == PDF:
        paper = paper_of(
            sheet, wording, shop=head, banner=banner, made_ms=hub.now_ms(), pages=pages
        )
        return report_pdf(paper)
    under = f"{head} · {wording.range(sheet)} {banner}".strip()
    return report_excel(wording.told(sheet), under, wording.check(sheet))


def _scope(hub: Hub, db: Connection, wanted: Asked) -> Scope:
    return Scope(db, wanted, tables=MEANING_TABLES, names=_names(db), today=_today(hub))


def _today(hub: Hub) -> str:
    return local(hub.now_ms()).date().isoformat()


def _names(db: Connection) -> Names:
    """What the brand calls things; a class has head office's name, else its shops'."""
    goods = {one.code: named(one) for one in brand_goods(db)}
    classes: dict[str, str] = dict(words.CLASSES)
    for shop in (*shops(db), HQ):
        classes |= {code: node.name for code, node in taxonomy(db, shop).items()}
    return Names(goods, classes, shop_names(db))


def whose(db: Connection, wanted: Asked, say: Say) -> str:
    """Whose figures these are: a shop's by its name, or so many shops'."""
    if len(wanted.shops) == 1:
        return shop_names(db).get(wanted.shops[0], wanted.shops[0])
    return say(SHOPS, n=len(wanted.shops))
