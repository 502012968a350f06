"""Recalls by head office, and the room in which one is seen through until it is lifted.

Quantities are thousandths of the product's unit; they come from the tables of meaning of every
shop, so they are right as far as its journals have arrived.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from app.errors import Refusal
from app.facts.office import RecallClosed
from app.facts.stock import LotsRecalled
from app.stock.recalls import LEVELS
from app.stock.rules import QUARANTINE
from app.text import clean
from sync.hub.brand import lock, record
from sync.hub.catalogue import any_product, shops
from sync.hub.offers import Offer, Outcome, submit
from sync.hub.office_apply import HQ
from sync.hub.office_tables import publication, recall_closed
from sync.hub.overview import feeds_seen
from sync.hub.prices import Effect
from sync.hub.recall_papers import Named, Returned, named, returned
from sync.hub.rights import Actor, demand
from sync.hub.state import Hub
from sync.hub.tables import MEANING_TABLES, hub_device

RECALL, FOUND, LOT, MOVED = (
    MEANING_TABLES[name] for name in ("recall", "recall_found", "lot", "movement")
)
ON_HAND, SALE, SALE_LINE, REFUND_LINE = (
    MEANING_TABLES[name] for name in ("on_hand", "sale", "sale_line", "refund_line")
)
HOURS = {"1": 24, "2": 48, "3": 72}
"""一级 二级 三级: within so many hours the goods have to be off every shelf."""
HOUR_MS = 3_600_000
LOST = ("damaged", "expired", "spoiled", "lost", "recalled")
"""Reasons that take goods off the books for good; finding recalled ones moves them, net nought."""
MOST_LOTS = 20


@dataclass(frozen=True, slots=True)
class Recall:
    """A recall head office announced."""

    recall: str
    number: str
    product: str
    name: str
    batches: tuple[str, ...]
    level: str
    ended: bool
    announced_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A till, and when it said that the recall counts there (0 = it has not)."""

    shop: str
    till: str
    device: str
    seen_ms: int
    last_seen_ms: int


@dataclass(frozen=True, slots=True)
class InShop:
    """Where a shop's part of the goods is."""

    shop: str
    received: int
    sold: int
    came_back: int
    held: int
    """Still there and never sold, on the shelf or put away."""
    in_quarantine: int
    found: int
    """What people there counted and put away."""
    scrapped: int


@dataclass(frozen=True, slots=True)
class Buyer:
    """A receipt with recalled goods; who it was is known in the shop alone."""

    shop: str
    number: str
    day: str
    quantity: int
    member: bool
    certain: bool


@dataclass(frozen=True, slots=True)
class Room:
    """Everything somebody must know to see a recall through."""

    recall: Recall
    tills: tuple[Acknowledged, ...]
    shops: tuple[InShop, ...]
    buyers: tuple[Buyer, ...]
    returned: tuple[Returned, ...]
    batches: tuple[Named, ...]
    """What a notice names: as far as a shop has taken it in."""
    closed: Any

    def total(self, field: str) -> int:
        """One column of `shops`, added up."""
        return sum(getattr(each, field) for each in self.shops)

    @property
    def with_buyers(self) -> int:
        return self.total("sold") - self.total("came_back")

    @property
    def acknowledged(self) -> int:
        """How many tills said that they sell none of it any more."""
        return sum(1 for each in self.tills if each.seen_ms)

    @property
    def missing(self) -> int:
        """What was received and is nowhere: a count's difference, or a journal still on its way."""
        known = self.with_buyers + sum(map(self.total, ("came_back", "held", "scrapped")))
        return self.total("received") - known


def announce(
    hub: Hub, by: Actor, *, product: str, batches: Collection[str], level: str
) -> tuple[str, str, Outcome]:
    """召回: from its next word with the hub on no till sells these; (id, number, versions).

    Raises Refusal: office_right_needed, nothing_recalled, bad_level, no_such_product, no_shops.
    """
    demand(by, "recall")
    wanted = tuple(dict.fromkeys(clean(each, most=40) for each in batches if each.strip()))
    if not 0 < len(wanted) <= MOST_LOTS:
        raise Refusal("nothing_recalled")
    if level not in LEVELS:
        raise Refusal("bad_level", text=clean(level, most=8))
    with hub.database.begin() as db:
        if any_product(db, product) is None:
            raise Refusal("no_such_product", product=clean(product, most=40))
        targets = tuple(shops(db))
    recall = hub.ids.new()
    number = f"ZH-{recall[-6:].upper()}"
    fact = LotsRecalled(
        shop=HQ, till="", recall=recall, number=number, product=product, batches=wanted,
        level=level, person=by.person,
    )  # fmt: skip
    offer = Offer("recall", "recalls", recall, targets, (fact,))
    return recall, number, submit(hub, by, offer, Effect(targets))


def lift(hub: Hub, by: Actor, recall: str) -> Outcome:
    """解除召回. Raises Refusal: office_right_needed, no_such_recall, recall_not_closed."""
    demand(by, "recall_close")
    with hub.database.begin() as db:
        one = _one(db, recall)
        if one.ended:
            raise Refusal("no_such_recall")
        if _closed(db, recall) is None:
            raise Refusal("recall_not_closed")
        targets = tuple(shops(db))
    fact = LotsRecalled(
        shop=HQ, till="", recall=recall, number=one.number, product=one.product,
        batches=one.batches, level=one.level, person=by.person, ended=1,
    )  # fmt: skip
    offer = Offer("recall_close", "recalls", recall, targets, (fact,))
    return submit(hub, by, offer, Effect(targets))


def close(hub: Hub, by: Actor, recall: str) -> RecallClosed:
    """结案: freeze where every piece is. Raises Refusal: office_right_needed, no_such_recall."""
    demand(by, "recall_close")
    with hub.database.begin() as db:
        lock(hub, db)
        found = room(db, recall)
        fact = RecallClosed(
            shop=HQ, recall=recall, with_buyers=found.with_buyers,
            came_back=found.total("came_back"), held=found.total("held"),
            scrapped=found.total("scrapped"), person=by.person,
        )  # fmt: skip
        record(hub, db, fact, staff=by.person)
    return fact


def recalls(db: Connection) -> list[Recall]:
    """Every recall head office announced, the newest first."""
    rows = db.execute(select(RECALL).where(RECALL.c.shop == HQ).order_by(RECALL.c.order_ms.desc()))
    return [_recall(db, row) for row in rows]


def _recall(db: Connection, row: Any) -> Recall:
    product = any_product(db, row.product)
    announced = _announced_ms(db, row.recall) or row.order_ms
    return Recall(
        row.recall, row.number, row.product, product.name if product else row.product,
        tuple(msgspec.json.decode(row.batches)), row.level, bool(row.ended), announced,
        announced + HOURS.get(row.level, 72) * HOUR_MS,
    )  # fmt: skip


def _announced_ms(db: Connection, recall: str) -> int:
    """When it was first published: the row itself is as new as its end."""
    first = select(func.min(publication.c.order_ms)).where(
        publication.c.shop == HQ, publication.c.subject == recall
    )
    return int(db.scalar(first) or 0)


def _one(db: Connection, recall: str) -> Recall:
    row = db.execute(select(RECALL).where(RECALL.c.shop == HQ, RECALL.c.recall == recall)).first()
    if row is None:
        raise Refusal("no_such_recall")
    return _recall(db, row)


def room(db: Connection, recall: str) -> Room:
    """The recall's room. Raises Refusal("no_such_recall")."""
    one = _one(db, recall)
    lots = _lots(db, one)
    return Room(
        one,
        tuple(_tills(db, recall)),
        tuple(_in_shop(db, shop, some) for shop, some in sorted(lots.items())),
        tuple(buyer for shop, some in sorted(lots.items())
              for buyer in _buyers(db, shop, one.product, some)),
        tuple(each for shop, some in sorted(lots.items())
              for each in returned(db, shop, one.product, some)),
        tuple(named(db, lots)),
        _closed(db, recall),
    )  # fmt: skip


def _closed(db: Connection, recall: str) -> Any:
    return db.execute(
        select(recall_closed)
        .where(recall_closed.c.shop == HQ, recall_closed.c.recall == recall)
        .order_by(recall_closed.c.order_ms.desc())
        .limit(1)
    ).first()


def _lots(db: Connection, one: Recall) -> dict[str, list[str]]:
    """Shop -> the lots there that fall under it."""
    rows = db.execute(
        select(LOT.c.shop, LOT.c.lot).where(
            LOT.c.product == one.product,
            LOT.c.lot.in_(one.batches) | LOT.c.batch.in_(one.batches),
        )
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.shop, []).append(row.lot)
    return found


def _tills(db: Connection, recall: str) -> list[Acknowledged]:
    """Every till that was let in, and since when it has this recall's version."""
    versions: dict[str, int] = {}
    first = (
        select(publication.c.versions)
        .where(publication.c.shop == HQ, publication.c.subject == recall)
        .order_by(publication.c.order_ms)
        .limit(1)
    )
    if told := db.scalar(first):
        versions = msgspec.json.decode(told)
    seen = {(row.shop, row.device): row for row in feeds_seen(db) if row.scope == "recalls"}
    rows = db.execute(
        select(hub_device)
        .where(hub_device.c.state == "approved")
        .order_by(hub_device.c.shop, hub_device.c.till)
    )
    found = []
    for row in rows:
        said = seen.get((row.shop, row.device))
        has = said is not None and 0 < versions.get(row.shop, 0) <= said.applied
        found.append(
            Acknowledged(row.shop, row.till, row.device, said.seen_ms if said and has else 0,
                         row.seen_ms)
        )  # fmt: skip
    return found


def _in_shop(db: Connection, shop: str, lots: Sequence[str]) -> InShop:
    here = (MOVED.c.shop == shop) & MOVED.c.lot.in_(lots)
    rows = db.execute(
        select(MOVED.c.reason, func.sum(MOVED.c.quantity)).where(here).group_by(MOVED.c.reason)
    )
    moved: dict[str, int] = {reason: int(quantity) for reason, quantity in rows}
    places = db.execute(
        select(ON_HAND.c.place, func.sum(ON_HAND.c.quantity))
        .where(ON_HAND.c.shop == shop, ON_HAND.c.lot.in_(lots))
        .group_by(ON_HAND.c.place)
    )
    stands: dict[str, int] = {place: int(quantity) for place, quantity in places}
    put_away = select(func.coalesce(func.sum(FOUND.c.quantity), 0)).where(
        FOUND.c.shop == shop, FOUND.c.lot.in_(lots)
    )
    back = _came_back(db, shop, lots)
    return InShop(
        shop=shop,
        received=moved.get("received", 0) + moved.get("arrived", 0) + moved.get("sent", 0),
        sold=-moved.get("sold", 0),
        came_back=back,
        # What came back is told apart from what never left.
        held=sum(stands.values()) - back - moved.get("scrapped", 0),
        in_quarantine=stands.get(QUARANTINE, 0),
        found=int(db.scalar(put_away) or 0),
        scrapped=-sum(moved.get(reason, 0) for reason in LOST),
    )


def _came_back(db: Connection, shop: str, lots: Sequence[str]) -> int:
    """What customers brought back of these lots, wherever it was put afterwards."""
    refunds = select(REFUND_LINE.c.refund).where(REFUND_LINE.c.shop == shop)
    back = db.scalar(
        select(func.coalesce(func.sum(MOVED.c.quantity), 0)).where(
            MOVED.c.shop == shop,
            MOVED.c.lot.in_(lots),
            MOVED.c.fact.in_(refunds),
            MOVED.c.quantity > 0,
        )
    )
    return int(back or 0)


def _buyers(db: Connection, shop: str, product: str, lots: Sequence[str]) -> list[Buyer]:
    sold = (
        select(MOVED.c.fact, func.sum(MOVED.c.quantity).label("quantity"))
        .where(MOVED.c.shop == shop, MOVED.c.reason == "sold", MOVED.c.lot.in_(lots))
        .group_by(MOVED.c.fact)
        .subquery()
    )
    rows = db.execute(
        select(SALE.c.sale, SALE.c.number, SALE.c.day, SALE.c.member, sold.c.quantity)
        .join_from(SALE, sold, SALE.c.sale == sold.c.fact)
        .where(SALE.c.shop == shop)
        .order_by(SALE.c.order_ms)
    ).all()
    certain = set(
        db.scalars(
            select(SALE_LINE.c.sale).where(
                SALE_LINE.c.shop == shop,
                SALE_LINE.c.product == product,
                SALE_LINE.c.lot.in_(lots),
                SALE_LINE.c.lot_known == "scanned",
            )
        )
    )
    return [
        Buyer(shop, row.number, row.day, -int(row.quantity), bool(row.member), row.sale in certain)
        for row in rows
    ]
