"""What each page shows: the right it needs, its template, and where its values come from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from app.clock import local
from app.errors import Refusal
from app.facts.catalogue import KitsSet
from app.facts.pricing import Promotion
from app.pricing.actions import KINDS
from app.staff.rules import ROLES as SHOP_ROLES
from sync.hub import figures, recalling, updates
from sync.hub.catalogue import any_product, brand_goods, kit_parts, shop_names, shops
from sync.hub.festivals import calendar
from sync.hub.offers import Waiting, waiting
from sync.hub.office_apply import HQ
from sync.hub.office_tables import office_act, publication
from sync.hub.overview import feeds_seen, status_in
from sync.hub.people import people
from sync.hub.rights import ROLES
from sync.hub.state import Hub
from sync.hub.tables import MEANING_TABLES
from sync.hub.web import reports
from sync.hub.web.asking import Form
from sync.hub.web.rendering import pieces

Values = dict[str, Any]
MOST_ROWS = 200
LINE, LIST, PERSON = (MEANING_TABLES[name] for name in ("listed_price", "price_list", "person"))
PRODUCT, PROMOTION, RECALL = (MEANING_TABLES[name] for name in ("product", "promotion", "recall"))


@dataclass(frozen=True, slots=True)
class Page:
    """One page."""

    right: str
    template: str
    values: Callable[[Hub, Connection, Form, str], Values]


def _overview(hub: Hub, db: Connection, query: Form, _one: str) -> Values:
    feeds: dict[tuple[str, str], list[Any]] = {}
    for row in feeds_seen(db):
        feeds.setdefault((row.shop, row.device), []).append(row)
    today = local(hub.now_ms()).date().isoformat()
    return {
        "seen": status_in(db),
        "feeds": feeds,
        "names": shop_names(db),
        "now": hub.now_ms(),
        "demo": hub.demo,
        "still": query.one("still") == "1",
        "today": figures.totals(db, today, today),
        "waiting": waiting(db),
        "recalls": [each for each in recalling.recalls(db) if not each.ended],
    }


def _goods(_hub: Hub, db: Connection, query: Form, _one: str) -> Values:
    wanted = query.one("q", 40).strip()
    own = set(db.scalars(select(PRODUCT.c.code).where(PRODUCT.c.shop == HQ)))
    found = [
        each
        for each in brand_goods(db)
        if not wanted or wanted in each.code or wanted in each.name or wanted in each.initials
    ]
    return {
        "goods": found[:MOST_ROWS], "more": len(found) - MOST_ROWS, "own": own, "q": wanted,
        "shops": shops(db), "names": shop_names(db), "shop_names": shop_names(db),
    }  # fmt: skip


def _good(_hub: Hub, db: Connection, one: str) -> Values:
    return {
        "one": next((each for each in brand_goods(db) if each.code == one), None),
        "parts": kit_parts(db, one),
    }


def _goods_or_one(hub: Hub, db: Connection, query: Form, one: str) -> Values:
    return _goods(hub, db, query, one) | (
        _good(hub, db, one) if one else {"one": None, "parts": ()}
    )


def _publications(db: Connection, scope: str) -> Values:
    """What was published, the newest first, and which of it may be taken back."""
    rows = db.execute(
        select(publication)
        .where(publication.c.shop == HQ, publication.c.scope == scope)
        .order_by(publication.c.order_ms.desc())
        .limit(MOST_ROWS)
    ).all()
    newest: dict[str, str] = {}
    for row in rows:
        newest.setdefault(row.subject, row.fact)
    standing = {row.fact for row in rows if row.what == "set"} & set(newest.values())
    return {"published": rows, "standing": standing, "scope": scope, "heads": {}}


def _prices(hub: Hub, db: Connection, _query: Form, one: str) -> Values:
    heads = {row.document: row for row in db.execute(select(LIST).where(LIST.c.shop == HQ))}
    lines: list[Any] = []
    if one:
        lines = list(
            db.execute(
                select(LINE).where(LINE.c.shop == HQ, LINE.c.document == one)
                .order_by(LINE.c.product).limit(MOST_ROWS)
            )
        )  # fmt: skip
    names = {each.code: each.name for each in brand_goods(db)} if one else {}
    return {
        **_publications(db, "prices"), "heads": heads, "lines": lines, "one": one,
        "names": names, "shops": shops(db), "shop_names": shop_names(db), "now": hub.now_ms(),
    }  # fmt: skip


def _promotions(hub: Hub, db: Connection, _query: Form, _one: str) -> Values:
    rows = db.execute(select(PROMOTION).where(PROMOTION.c.shop == HQ).order_by(PROMOTION.c.code))
    rules = [
        (msgspec.json.decode(row.content, type=Promotion) if row.content else None, row)
        for row in rows
    ]
    return {
        **_publications(db, "promotions"), "rules": rules, "kinds": KINDS,
        "shops": shops(db), "shop_names": shop_names(db), "now": hub.now_ms(),
        "festivals": [each for each in calendar(db) if each.active],
    }  # fmt: skip


def _waiting(_hub: Hub, db: Connection, _query: Form, _one: str) -> Values:
    return {
        "proposals": [(each, _words_of(each)) for each in waiting(db)],
        "begin": _begins(db), "names": shop_names(db),
    }  # fmt: skip


def _begins(db: Connection) -> dict[str, int]:
    """When price lists and promotions begin, published or about to be: document or code -> ms."""
    found = {
        row.document: int(row.from_ms)
        for row in db.execute(select(LIST).where(LIST.c.shop == HQ))
    }  # fmt: skip
    for each in waiting(db):
        for fact in each.facts:
            begun = getattr(fact, "promotion", fact)
            if hasattr(begun, "from_ms"):
                found[each.subject] = begun.from_ms
    return found


def _words_of(one: Waiting) -> list[tuple[str, int, int]]:
    """What a proposal would publish, line by line: (what, price, floor); no price is 0."""
    found: list[tuple[str, int, int]] = []
    for fact in one.facts:
        for line in getattr(fact, "lines", ()):
            found.append((line.product, line.price, line.floor))
        for product in getattr(fact, "products", ()):
            found.append((f"{product.code} {product.name}", product.price, 0))
        for code in getattr(fact, "barcodes", ()):
            found.append((f"{code.code} → {code.product} ×{code.pack}", 0, 0))
        if isinstance(fact, KitsSet):
            found += [(f"{each.kit} ← {each.part} ×{pieces(each.quantity)}", 0, 0)
                      for each in fact.parts]  # fmt: skip
        rule = getattr(fact, "promotion", None)
        if rule is not None:
            found.append((f"{rule.code} {rule.name} {' '.join(rule.products)}",
                          max(rule.price, 0), 0))  # fmt: skip
    return found[:MOST_ROWS]


def _festivals(_hub: Hub, db: Connection, _query: Form, _one: str) -> Values:
    return {"festivals": calendar(db)}


def _recalls(hub: Hub, db: Connection, _query: Form, one: str) -> Values:
    return {
        "recalls": recalling.recalls(db), "room": recalling.room(db, one) if one else None,
        "now": hub.now_ms(), "names": shop_names(db),
    }  # fmt: skip


def _notice(hub: Hub, db: Connection, _query: Form, one: str) -> Values:
    if not one:
        raise Refusal("office_no_such_page")
    room = recalling.room(db, one)
    return {
        "room": room, "product": any_product(db, room.recall.product), "now": hub.now_ms(),
        "names": shop_names(db),
    }  # fmt: skip


def _staff(_hub: Hub, db: Connection, _query: Form, _one: str) -> Values:
    rows = db.execute(
        select(PERSON).where(PERSON.c.shop != HQ).order_by(PERSON.c.shop, PERSON.c.person)
    )
    set_here = db.execute(
        select(publication.c.subject).where(
            publication.c.shop == HQ, publication.c.scope == "staff"
        )
    )
    return {
        "staff": list(rows), "set_here": {row.subject for row in set_here}, "roles": SHOP_ROLES,
        "shops": shops(db), "names": shop_names(db),
    }  # fmt: skip


def _people(_hub: Hub, db: Connection, _query: Form, _one: str) -> Values:
    return {"people": people(db), "roles": ROLES}


def _sales(hub: Hub, db: Connection, query: Form, _one: str) -> Values:
    today = local(hub.now_ms()).date().isoformat()
    from_day = _day(query.one("from", 10), today)
    to_day = max(_day(query.one("to", 10), today), from_day)
    by = query.one("by", 20)
    group = by if by in figures.GROUPS else "shop"
    return {
        "from_day": from_day, "to_day": to_day, "group": group, "groups": tuple(figures.GROUPS),
        "totals": figures.totals(db, from_day, to_day),
        "sold": figures.sales_by(db, group, from_day, to_day),
        "exceptions": figures.exceptions(db, from_day, to_day),
        "names": shop_names(db), "now": hub.now_ms(),
    }  # fmt: skip


def _day(text: str, otherwise: str) -> str:
    """A day of the calendar as somebody typed it, else the other."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return otherwise


def _acts(_hub: Hub, db: Connection, _query: Form, _one: str) -> Values:
    rows = db.execute(
        select(office_act)
        .where(office_act.c.shop == HQ)
        .order_by(office_act.c.order_ms.desc())
        .limit(MOST_ROWS)
    )
    numbers = select(RECALL.c.recall, RECALL.c.number).where(RECALL.c.shop == HQ)
    return {
        "acts": list(rows), "begin": _begins(db),
        "numbers": {row.recall: row.number for row in db.execute(numbers)},
    }  # fmt: skip


def _updates(_hub: Hub, db: Connection, _query: Form, _one: str) -> Values:
    rows = [(row, msgspec.json.decode(row.shops)) for row in updates.updates(db)]
    return {
        "updates": rows, "programs": updates.programs(db), "shops": shops(db),
        "shop_names": shop_names(db),
    }  # fmt: skip


PAGES: Mapping[str, Page] = {
    "": Page("see", "overview.html", _overview),
    "goods": Page("see", "goods.html", _goods_or_one),
    "prices": Page("see", "prices.html", _prices),
    "promotions": Page("see", "promotions.html", _promotions),
    "waiting": Page("see", "waiting.html", _waiting),
    "festivals": Page("see", "festivals.html", _festivals),
    "recalls": Page("see", "recalls.html", _recalls),
    "notice": Page("see", "notice.html", _notice),
    "staff": Page("see", "staff.html", _staff),
    "people": Page("people", "people.html", _people),
    "sales": Page("see", "sales.html", _sales),
    "reports": Page("see", "reports.html", reports.values),
    "updates": Page("see", "updates.html", _updates),
    "acts": Page("audit", "acts.html", _acts),
}
