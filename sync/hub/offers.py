"""Head office publishes: prices, promotions, goods, people of shops. One way for web and lines.

Whatever moves a price by more than 30 %, or more than 50 articles, waits for a second person; a yes
is for exactly the facts that were looked at. Taking something back is a new version.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, select

from app.errors import Refusal
from app.facts.base import Fact, wire_name
from app.facts.office import PublicationDeclined, PublicationProposed, Published, ShopVersion
from app.facts.pricing import PriceListWithdrawn, PromotionWithdrawn
from app.facts.registry import decode_fact
from app.text import clean
from sync.hub.brand import lock, record
from sync.hub.office_apply import HQ
from sync.hub.office_tables import proposal, publication
from sync.hub.prices import Effect, sent_to
from sync.hub.publishing import publish
from sync.hub.rights import Actor, demand
from sync.hub.state import Hub

SET, WITHDRAWN = "set", "withdrawn"


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody is about to publish: facts made out to head office, and the shops."""

    act: str
    """The right it needs."""
    scope: str
    subject: str
    """The document or code it is about."""
    shops: tuple[str, ...]
    facts: tuple[Fact, ...]
    what: str = SET


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: versions by shop, or the proposal that waits."""

    versions: dict[str, int]
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that nobody has answered."""

    proposal: str
    scope: str
    subject: str
    person: str
    made_ms: int
    shops: tuple[str, ...]
    facts: tuple[Fact, ...]


class _Carried(msgspec.Struct):
    kind: str
    body: msgspec.Raw


def submit(hub: Hub, by: Actor, offer: Offer, effect: Effect) -> Outcome:
    """Publish, or put it where a second person finds it.

    Raises Refusal: office_right_needed, no_shops, and what `publish` does.
    """
    demand(by, offer.act)
    if not offer.shops:
        raise Refusal("no_shops")
    with hub.database.begin() as db:
        lock(hub, db)
        if not effect.needs_second:
            return _publish(hub, db, offer, effect, by.person)
        return Outcome({}, _propose(hub, db, offer, effect, by.person))


def second(hub: Hub, by: Actor, wanted: str) -> Outcome:
    """A second person's yes: what was proposed goes out now.

    Raises Refusal: office_right_needed, no_such_proposal, office_same_person.
    """
    demand(by, "second")
    with hub.database.begin() as db:
        lock(hub, db)
        row = _row(db, wanted)
        if row.person == by.person:
            raise Refusal("office_same_person")
        assert _digest(row.content) == row.digest
        facts = tuple(_facts(row.content))
        offer = Offer("second", row.scope, row.subject, _shops(row.shops), facts, row.what)
        known = msgspec.json.decode(row.effect)
        db.execute(proposal.delete().where(_this(wanted)))
        return _send(
            hub, db, offer, person=row.person, approver=by.person, publication=wanted,
            products=known["products"], largest=known["largest"],
        )  # fmt: skip


def decline(hub: Hub, by: Actor, wanted: str, reason: str = "") -> None:
    """No, or taken back by whoever proposed it.

    Raises Refusal: office_right_needed, no_such_proposal.
    """
    with hub.database.begin() as db:
        lock(hub, db)
        row = _row(db, wanted)
        if row.person != by.person:
            demand(by, "second")
        fact = PublicationDeclined(
            shop=HQ, proposal=wanted, person=by.person, reason=clean(reason, most=60)
        )
        record(hub, db, fact, staff=by.person)
        db.execute(proposal.delete().where(_this(wanted)))


def withdraw(hub: Hub, by: Actor, *, scope: str, subject: str) -> Outcome:
    """撤回: a new version takes a price list or promotion back wherever it was sent.

    Raises Refusal: office_right_needed, not_published.
    """
    demand(by, "publish")
    made = {"prices": PriceListWithdrawn(shop=HQ, document=subject),
            "promotions": PromotionWithdrawn(shop=HQ, code=subject)}  # fmt: skip
    with hub.database.begin() as db:
        lock(hub, db)
        shops = sent_to(db, subject)
        if scope not in made or not shops or not standing(db, scope, subject):
            raise Refusal("not_published")
        offer = Offer("publish", scope, subject, tuple(sorted(shops)), (made[scope],), WITHDRAWN)
        return _publish(hub, db, offer, Effect(offer.shops), by.person)


def standing(db: Connection, scope: str, subject: str) -> bool:
    """Whether the last publication of it did not take it back."""
    last = db.scalar(
        select(publication.c.what)
        .where(
            publication.c.shop == HQ,
            publication.c.scope == scope,
            publication.c.subject == subject,
        )
        .order_by(publication.c.order_ms.desc())
        .limit(1)
    )
    return last == SET


def waiting(db: Connection) -> list[Waiting]:
    """Proposals that nobody has answered, the oldest first."""
    rows = db.execute(select(proposal).where(proposal.c.shop == HQ).order_by(proposal.c.made_ms))
    return [
        Waiting(row.proposal, row.scope, row.subject, row.person, row.made_ms,
                _shops(row.shops), tuple(_facts(row.content)))
        for row in rows
    ]  # fmt: skip


def _publish(hub: Hub, db: Connection, offer: Offer, effect: Effect, person: str) -> Outcome:
    return _send(
        hub, db, offer, person=person, approver="", publication=hub.ids.new(),
        products=effect.products, largest=effect.largest,
    )  # fmt: skip


def _send(
    hub: Hub,
    db: Connection,
    offer: Offer,
    *,
    person: str,
    approver: str,
    publication: str,
    products: int,
    largest: int,
) -> Outcome:
    dropped = _no_longer_sent_to(db, offer)
    for fact in offer.facts:
        record(hub, db, fact, staff=approver or person)
    order = hub.now_ms()
    versions = publish(
        hub, db, scope=offer.scope, shops=offer.shops, facts=offer.facts, order=order
    )
    if dropped:
        # A promotion sent to fewer shops than before ends in the others.
        ended = (PromotionWithdrawn(shop=HQ, code=offer.subject),)
        versions |= publish(hub, db, scope=offer.scope, shops=dropped, facts=ended, order=order)
    fact = Published(
        shop=HQ, publication=publication, scope=offer.scope, subject=offer.subject,
        what=offer.what, products=products, largest=largest, person=person, approver=approver,
        versions=tuple(ShopVersion(shop=shop, version=n) for shop, n in sorted(versions.items())),
    )  # fmt: skip
    record(hub, db, fact, staff=approver or person)
    return Outcome(versions)


def _no_longer_sent_to(db: Connection, offer: Offer) -> list[str]:
    if offer.scope != "promotions" or offer.what != SET:
        return []
    if not standing(db, offer.scope, offer.subject):
        return []
    return sorted(sent_to(db, offer.subject) - set(offer.shops))


def _propose(hub: Hub, db: Connection, offer: Offer, effect: Effect, person: str) -> str:
    content = _content(offer.facts)
    wanted = hub.ids.new()
    db.execute(
        proposal.insert(),
        {"shop": HQ, "proposal": wanted, "scope": offer.scope, "subject": offer.subject,
         "what": offer.what, "shops": msgspec.json.encode(offer.shops).decode(),
         "content": content, "digest": _digest(content), "person": person,
         "effect": msgspec.json.encode(
             {"products": effect.products, "largest": effect.largest}).decode(),
         "made_ms": hub.now_ms()},
    )  # fmt: skip
    fact = PublicationProposed(
        shop=HQ, proposal=wanted, scope=offer.scope, subject=offer.subject, shops=offer.shops,
        products=effect.products, largest=effect.largest, digest=_digest(content), person=person,
    )  # fmt: skip
    record(hub, db, fact, staff=person)
    return wanted


def _content(facts: Sequence[Fact]) -> str:
    carried = [_Carried(wire_name(type(fact)), msgspec.Raw(msgspec.json.encode(fact)))
               for fact in facts]  # fmt: skip
    return msgspec.json.encode(carried).decode()


def _facts(content: str) -> list[Fact]:
    carried = msgspec.json.decode(content, type=list[_Carried])
    return [decode_fact(each.kind, bytes(each.body)) for each in carried]


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _shops(text: str) -> tuple[str, ...]:
    return msgspec.json.decode(text, type=tuple[str, ...])


def _row(db: Connection, wanted: str) -> Row[Any]:
    row = db.execute(select(proposal).where(_this(wanted)).with_for_update()).first()
    if row is None:
        raise Refusal("no_such_proposal")
    return row


def _this(wanted: str) -> ColumnElement[bool]:
    return (proposal.c.shop == HQ) & (proposal.c.proposal == wanted)
