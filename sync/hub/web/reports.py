"""The page of reports: which one, of which days and shops; its chart, its rows, and the papers
behind one of them. Words of reports are the till's own, in its language files."""

from functools import partial
from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from markupsafe import Markup
from sqlalchemy import Connection

from app.clock import iso
from app.errors import Refusal
from app.languages import english_texts, filled
from app.reports import words
from app.reports.asking import GOODS, HEAD, Asked
from app.reports.report import KINDS
from app.reports.sheet import Check, Sheet
from app.reports.wording import Wording
from sync.hub import reporting
from sync.hub.catalogue import shop_names, shops
from sync.hub.state import Hub
from sync.hub.web.asking import Asked as Request
from sync.hub.web.asking import Desk, Form, query_of
from sync.hub.web.charts import chart_svg
from sync.hub.web.rendering import HEADERS, word

Values = dict[str, Any]
FIRST = "day"
MOST_ROWS = 200
FILTERS = (*HEAD, *GOODS)


def wording(language: str) -> Wording:
    """Reports in a browser's language; English is what an English till says."""

    def say(text: str, **within: object) -> str:
        said = english_texts().get(text, text) if language == "en" else text
        return filled(said, within) if within else said

    return Wording(say)


def question_of(hub: Hub, db: Connection, name: str, query: Form) -> Asked:
    """What an address asks. Raises as `reporting.question`."""
    more = {each: query.one(each, 80) for each in FILTERS if query.one(each, 80)}
    return reporting.question(
        hub, db, name, first=query.one("from", 10), last=query.one("to", 10),
        only=query.several("shop"), compare=query.one("compare", 8), **more,
    )  # fmt: skip


def values(hub: Hub, db: Connection, query: Form, one: str) -> Values:
    """Everything the page shows. Raises Refusal: report_unknown, report_filter, bad_date,
    report_range."""
    name, say = one or FIRST, wording(query.language)
    wanted = question_of(hub, db, name, query)
    sheet = reporting.report(hub, db, name, wanted)
    told = say.told(sheet)
    line = sheet.line(query.one("row", 120)) if query.one("row") else None
    papers = reporting.behind(hub, db, wanted, sheet, line) if line else []
    only = [(each, getattr(wanted, each)) for each in FILTERS if getattr(wanted, each)]
    days = [("from", wanted.first), ("to", wanted.last), ("compare", wanted.compare)]
    again = [*days, *only, *(("shop", shop) for shop in wanted.shops)]
    return {
        "report": name, "sheet": told, "wanted": wanted, "kpis": say.kpis(sheet),
        "reports": [(each, say.said(words.REPORTS[each])) for each in KINDS],
        "rows": [(each.key, say.cells(told, each), each.warn) for each in told.lines[:MOST_ROWS]],
        "more": max(len(told.lines) - MOST_ROWS, 0) + told.left_out,
        "range": say.range(sheet),
        **checked(db, wanted, sheet.check, query.language),
        "chart": _chart(told, say), "compared": KINDS[name].compared,
        "narrowed": only, "query": again,
        "shops": shops(db),
        "row": say.said(str(line.values.get("label", line.key))) if line else "",
        "narrower": [each for each in line.said.items() if each[0] in FILTERS] if line else [],
        "papers": [(each, iso(each.order_ms)[:16].replace("T", " "), _what(each.what, say))
                   for each in papers],
    }  # fmt: skip


def checked(db: Connection, wanted: Asked, check: Check, language: str) -> Values:
    """How a report's check came out, and which entries it names."""
    sheet = Sheet(name="", title="", columns=(), check=check)
    found = reporting.damaged(db, wanted, check)
    done, days = check.weekly
    return {
        "check": wording(language).check(sheet), "sound": check.ok, "going_on": done < days,
        "against": check.against, "damaged": found, "uncounted": len(check.damaged) - len(found),
        "shop_names": shop_names(db),
    }  # fmt: skip


def _what(text: str, say: Wording) -> str:
    """What a paper says of itself; a channel by its name as well."""
    channel = words.CHANNELS.get(text, "")
    return say.said(f"{text} {channel}" if channel else text)


def _chart(told: Sheet, say: Wording) -> Markup | None:
    if told.chart is None or not told.chart.labels:
        return None
    aloud = " ".join((told.title, *told.chart.labels[:12]))
    return chart_svg(told.chart, aloud, han=say.han_figures())


def file_route(desk: Desk) -> Any:
    """A report as a file: /hq/sheets/{name}/{kind}."""

    @get("/sheets/{name:str}/{kind:str}", sync_to_thread=True)
    def report_file(request: Request, name: FromPath[str], kind: FromPath[str]) -> Response[bytes]:
        session = desk.session(request)
        desk.demand(session.actor, "see")
        if kind not in reporting.TYPES:
            raise Refusal("office_no_such_page")
        query = query_of(request)
        with desk.hub.database.view() as db:
            wanted = question_of(desk.hub, db, name, query)
            sheet = reporting.report(desk.hub, db, name, wanted)
            head = reporting.whose(db, wanted, partial(word, query.language))
        say = wording(query.language)
        content = reporting.as_file(
            desk.hub, sheet, kind, say, head=head, pages=say.said("第 {number} 页，共 {count} 页")
        )
        called = f"{name}-{wanted.first}-{wanted.last}.{kind}"
        headers = HEADERS | {"Content-Disposition": f'attachment; filename="{called}"'}
        return Response(content, media_type=reporting.TYPES[kind], headers=headers)

    return report_file
