"""The till's reports over every shop of the brand, or over some, from the tables of meaning, held
against the entries they were made from.

As known now: what a till has not sent yet is in neither.
"""

from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import Connection, and_, select

from app.catalogue.queries import taxonomy
from app.clock import local
from app.errors import Refusal
from app.reports import weekly, words
from app.reports.asking import Asked, Tables, asked
from app.reports.drilling import Paper, papers
from app.reports.entries import ENTRY, days_at_once
from app.reports.excel import report_excel
from app.reports.month_sums import MOVED
from app.reports.paper import paper_of
from app.reports.report import KINDS, fitting, read
from app.reports.scope import Names, Scope, named
from app.reports.sheet import Check, Line, Sheet
from app.reports.wording import AGAINST, Say, Wording
from printers.report_pdf import report_pdf
from sync.hub.catalogue import brand_goods, shop_names, shops
from sync.hub.office_apply import HQ
from sync.hub.state import Hub
from sync.hub.tables import MEANING_TABLES, hub_entry, hub_journal, hub_moved, hub_place

TABLES: Tables = {**MEANING_TABLES, MOVED: hub_moved}
SHOPS = "{n} 家门店"
PDF, XLSX = "pdf", "xlsx"
MOST_DAMAGED, MOST_READ = 3, 1_000
"""So many damaged entries are named; the others are counted."""
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
    """The answer to a `question`; for more than a week no entry was looked at yet."""
    at_once = wanted.days <= days_at_once(wanted) and not KINDS[name].of_month
    sheet = read(name, _scope(hub, db, wanted, entries=at_once))
    if not weekly.weeks(sheet, wanted):
        return sheet
    return msgspec.structs.replace(sheet, check=weekly.joined(sheet, wanted.days, ()))


def held_whole(hub: Hub, sheet: Sheet, wanted: Asked) -> Sheet:
    """The same with every week of a long range held against its entries, however long it takes."""
    return weekly.held_by(sheet, wanted, _holding(hub, sheet))


def held_on(hub: Hub, name: str, wanted: Asked, against: str, count: int) -> Check:
    """The check of a long report once `count` weeks of it are held, all but the last of them known
    to be sound. `against` is what the report itself was held against.

    Raises Refusal("report_filter").
    """
    sound = Check(ok=True, against=against)
    sheet = Sheet(name=name, title="", columns=(), check=sound, last=wanted.last)
    most = len(weekly.weeks(sheet, wanted))
    if against not in AGAINST or not most or count > most:
        raise Refusal("report_filter", text=against[:20])
    return weekly.held_on(sheet, wanted, count, _holding(hub, sheet))


def _holding(hub: Hub, sheet: Sheet) -> Callable[[Asked], Check]:
    """Holds a week, in a view of its own."""

    def hold(week: Asked) -> Check:
        with hub.database.view() as db:
            return weekly.week_held(_scope(hub, db, fitting(sheet.name, week)), sheet)

    return hold


class Damaged(msgspec.Struct, frozen=True):
    """Where an entry stands that is not what was signed."""

    shop: str
    till: str
    journal: str
    seq: int
    order_ms: int


def damaged(db: Connection, wanted: Asked, check: Check) -> list[Damaged]:
    """The damaged entries a check found, the oldest first, `MOST_DAMAGED` of them at most."""
    if not check.damaged:
        return []
    place = hub_place.c
    whose = and_(hub_journal.c.shop == place.shop, hub_journal.c.journal == place.journal)
    rows = db.execute(
        select(place.shop, hub_journal.c.till, place.journal, place.seq, place.order_ms)
        .select_from(hub_place.outerjoin(hub_journal, whose))
        .where(place.shop.in_(wanted.shops), place.fact.in_(sorted(check.damaged)[:MOST_READ]))
        .order_by(place.order_ms, place.journal, place.seq)
        .limit(MOST_DAMAGED)
    )
    return [Damaged(row.shop, row.till or "", row.journal, row.seq, row.order_ms) for row in rows]


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
    return report_excel(wording.told(sheet), under, wording.on_paper(sheet))


def _scope(hub: Hub, db: Connection, wanted: Asked, *, entries: bool = True) -> Scope:
    tables = _with_entries(wanted) if entries else TABLES
    return Scope(db, wanted, tables=tables, names=_names(db), today=_today(hub))


def _with_entries(wanted: Asked) -> Tables:
    """The tables of meaning, and the entries of the shops that are asked about.

    An entry that is gone leaves its place behind: it is read as nothing and not passed over.
    """
    same = and_(*(hub_entry.c[name] == hub_place.c[name] for name in ("shop", "journal", "seq")))
    place, stored = hub_place.c, hub_entry.c
    entries = (
        select(place.fact, place.kind, place.order_ms, stored.content, stored.hash)
        .select_from(hub_place.outerjoin(hub_entry, same))
        .where(place.shop.in_(wanted.shops))
        .subquery(ENTRY)
    )
    return {**TABLES, ENTRY: entries}


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
