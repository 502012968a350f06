"""What facts of head office mean, and with it what any fact means to the hub."""

from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import Table

from app.facts import office
from app.facts.base import Fact
from app.facts.pricing import PriceListSet, PriceListWithdrawn, PromotionSet, PromotionWithdrawn
from app.facts.staff import StaffSet
from app.facts.stock import LotsRecalled
from app.meaning import MEANING
from app.rows import Apply, Change, Envelope, Register, Row, version_of
from sync.hub import office_tables as tables
from sync.hub.tables import MEANING_TABLES

HQ = "HQ"
"""The brand's place in tables that start with a shop; no shop can have it."""
TABLES: Mapping[str, Table] = MEANING_TABLES | tables.MEANT_TABLES


def _act(act: str, subject: str = "", detail: str = "") -> Apply:
    """Whose act it was, with fields of the fact that say what it was about and what of it; several
    are parted by blanks."""

    def apply(entry: Envelope, fact: Fact) -> Iterator[Change]:
        yield Row(
            tables.office_act,
            {
                "shop": fact.shop,
                "fact": entry.fact,
                "person": getattr(fact, "person", "") if act in _OWN else entry.staff,
                "act": act,
                "subject": _said(fact, subject),
                "detail": _said(fact, detail),
                "order_ms": entry.order,
            },
        )

    return apply


_OWN = ("signed_in", "sign_in_failed", "signed_out")
"""Nobody has signed in yet, or any more: the fact says who it was about."""


def _said(fact: Fact, fields: str) -> str:
    words: list[Any] = []
    for name in fields.split():
        value = attrgetter(name)(fact)
        words += value if isinstance(value, tuple) else [value]
    return " ".join(map(str, words))


def _of_head_office(apply: Apply) -> Apply:
    """The same for facts that shops have too: only head office's own are its acts."""

    def only(entry: Envelope, fact: Fact) -> Iterator[Change]:
        if fact.shop == HQ:
            yield from apply(entry, fact)

    return only


def person_set(entry: Envelope, fact: office.OfficePersonSet) -> Iterator[Change]:
    """The newest role of a number wins."""
    yield Register(
        tables.office_person,
        {
            "shop": fact.shop,
            "person": fact.person,
            "owner": fact.shop,
            "version": version_of(entry),
            "role": fact.role,
            "active": fact.active,
        },
    )


def published(entry: Envelope, fact: office.Published) -> Iterator[Change]:
    """What went out, to whom, and whose yes it had."""
    versions = {each.shop: each.version for each in fact.versions}
    yield Row(
        tables.publication,
        {
            "shop": fact.shop,
            "fact": entry.fact,
            "publication": fact.publication,
            "scope": fact.scope,
            "subject": fact.subject,
            "what": fact.what,
            "versions": msgspec.json.encode(versions).decode(),
            "products": fact.products,
            "largest": fact.largest,
            "person": fact.person,
            "approver": fact.approver,
            "order_ms": entry.order,
        },
    )


def recall_closed(entry: Envelope, fact: office.RecallClosed) -> Iterator[Change]:
    """Where every piece was found to be."""
    yield Row(
        tables.recall_closed,
        {
            "shop": fact.shop,
            "fact": entry.fact,
            "recall": fact.recall,
            "with_buyers": fact.with_buyers,
            "came_back": fact.came_back,
            "held": fact.held,
            "scrapped": fact.scrapped,
            "person": fact.person,
            "order_ms": entry.order,
        },
    )


def festival_set(entry: Envelope, fact: office.FestivalSet) -> Iterator[Change]:
    """The newest version of the entry stands."""
    yield Register(
        tables.festival,
        {
            "shop": fact.shop,
            "code": fact.code,
            "owner": fact.shop,
            "version": version_of(entry),
            "name": fact.name,
            "town": fact.town,
            "from_day": fact.from_day,
            "to_day": fact.to_day,
            "active": fact.active,
        },
    )


def update_offered(entry: Envelope, fact: office.UpdateOffered) -> Iterator[Change]:
    """Who gets the file from now on."""
    yield Register(
        tables.office_update,
        {
            "shop": fact.shop,
            "name": fact.update,
            "owner": fact.shop,
            "version": version_of(entry),
            "program": fact.program,
            "machine": fact.machine,
            "size": fact.size,
            "shops": msgspec.json.encode(fact.shops).decode(),
        },
    )


APPLY: dict[type[Fact], tuple[Apply, ...]] = {
    office.OfficePersonSet: (person_set, _act("person_set", "person", "role")),
    office.OfficeSecretSet: (_act("secret_set", "person", "what"),),
    office.OfficeSignedIn: (_act("signed_in"),),
    office.OfficeSignInFailed: (_act("sign_in_failed", "", "reason"),),
    office.OfficeSignedOut: (_act("signed_out", "", "reason"),),
    office.OfficeUnlocked: (_act("unlocked", "person"),),
    office.OfficeRefused: (_act("refused", "", "act"),),
    office.EnrolCodeGiven: (_act("enrol_code", "target till"),),
    office.DeviceApproved: (_act("device_approved", "target till", "fingerprint"),),
    office.DeviceRevoked: (_act("device_revoked", "target till", "reason"),),
    office.DeviceReleased: (_act("device_released", "target till", "entries"),),
    office.PublicationProposed: (_act("proposed", "subject", "shops"),),
    office.PublicationDeclined: (_act("declined", "proposal", "reason"),),
    office.Published: (published, _act("published", "subject", "scope")),
    office.RecallClosed: (recall_closed, _act("recall_closed", "recall")),
    office.FestivalSet: (festival_set, _act("festival_set", "code", "name")),
    office.UpdateOffered: (update_offered, _act("update_offered", "program machine", "shops")),
    PriceListSet: (_of_head_office(_act("price_list_set", "document", "group")),),
    PriceListWithdrawn: (_of_head_office(_act("price_list_withdrawn", "document")),),
    PromotionSet: (_of_head_office(_act("promotion_set", "promotion.code", "promotion.name")),),
    PromotionWithdrawn: (_of_head_office(_act("promotion_withdrawn", "code")),),
    LotsRecalled: (_of_head_office(_act("recalled", "number", "batches")),),
    StaffSet: (_of_head_office(_act("staff_set", "person", "role")),),
}

HUB_MEANING: Mapping[type[Fact], tuple[Apply, ...]] = {
    fact: (*applies, *APPLY.get(fact, ())) for fact, applies in MEANING.items()
}
"""A till's meaning of every fact, and what it means to head office besides."""
