"""Head office takes in a table of goods: looked at whole, refused row by row, then published.

The reader is the tills' own (`app.catalogue.importing`). What was looked at is kept for an hour
under the hash of its bytes, so what is published is the very file.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from app.catalogue import queries
from app.catalogue.actions import Changes, what_changes
from app.catalogue.importing import preview
from app.catalogue.reading import Kind, Known, Preview
from app.clock import local
from app.errors import Refusal
from app.text import clean
from sync.hub.catalogue import brand_goods, shops
from sync.hub.drafting import changed, chosen_shops
from sync.hub.offers import Offer
from sync.hub.office_apply import HQ
from sync.hub.office_tables import upload
from sync.hub.prices import Effect
from sync.hub.state import Hub

KINDS: tuple[Kind, ...] = ("products", "barcodes", "kits", "brands", "taxonomy", "certificates")
MOST_BYTES = 8 * 1024 * 1024
KEPT_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Looked:
    """What publishing a file would do."""

    seen: Preview
    changes: Changes
    offer: Offer
    effect: Effect


def look(hub: Hub, db: Connection, content: bytes, kind: str, wanted: Sequence[str] = ()) -> Looked:
    """A file against the brand's catalogue and these shops, all when none is named.

    Raises Refusal: import_kind_bad, no_such_shop, no_shops, and what `importing.preview` does.
    """
    known_kind = next((each for each in KINDS if each == kind), None)
    if known_kind is None:
        raise Refusal("import_kind_bad", kind=clean(kind, most=20))
    targets = chosen_shops(db, wanted)
    if len(content) > MOST_BYTES:
        raise Refusal("import_too_large", most=f"{MOST_BYTES >> 20} MB")
    seen = preview(content, known_kind, _known(hub, db))
    changes = what_changes(db, HQ, seen)
    document = hub.ids.new()
    facts = tuple(changes.facts(HQ, document))
    named = {each.product for each in changes.barcodes} | {each.kit for each in changes.kit_parts}
    effect = changed(db, targets, changes.products) if changes.products else Effect(
        targets, articles=len(named)
    )  # fmt: skip
    return Looked(seen, changes, Offer("catalogue", "catalogue", document, targets, facts), effect)


def _known(hub: Hub, db: Connection) -> Known:
    """What anybody in the brand has: head office's rows before a shop's."""
    barcodes: dict[str, str] = {}
    categories: set[str] = set()
    towns: set[str] = set()
    for shop in (*shops(db), HQ):
        known = queries.known(db, shop)
        barcodes |= known.barcodes
        categories |= known.categories
        towns |= known.brand_towns
    return Known(
        products={each.code: each for each in brand_goods(db)},
        barcodes=barcodes,
        categories=frozenset(categories),
        brand_towns=frozenset(towns),
        certificates=tuple(queries.certificates(db, HQ).values()),
        today=local(hub.now_ms()).date().isoformat(),
    )


def keep(hub: Hub, db: Connection, *, person: str, name: str, what: str, content: bytes) -> str:
    """Keep a file until somebody says yes to it; its name here."""
    now = hub.now_ms()
    db.execute(delete(upload).where(upload.c.made_ms < now - KEPT_MS))
    wanted = hashlib.sha256(f"{person}\n{what}\n".encode() + content).hexdigest()
    db.execute(delete(upload).where(upload.c.shop == HQ, upload.c.upload == wanted))
    db.execute(
        upload.insert(),
        {"shop": HQ, "upload": wanted, "person": person, "name": clean(name, most=80),
         "what": what, "content": content, "made_ms": now},
    )  # fmt: skip
    return wanted


def kept(hub: Hub, db: Connection, wanted: str, person: str) -> tuple[str, bytes]:
    """(kind, bytes) of a file this person looked at. Raises Refusal("upload_gone")."""
    row = db.execute(
        select(upload.c.what, upload.c.content).where(
            upload.c.shop == HQ,
            upload.c.upload == wanted,
            upload.c.person == person,
            upload.c.made_ms >= hub.now_ms() - KEPT_MS,
        )
    ).first()
    if row is None:
        raise Refusal("upload_gone")
    return str(row.what), bytes(row.content)


def kit_table(kit: str, lines: str) -> bytes:
    """What goes into one kit, as it is typed (an article and a number a line), as a table."""
    rows = ["kit,part,quantity"]
    for line in lines.splitlines():
        if line.strip():
            part, _, quantity = clean(line, most=80).replace(",", " ").strip().partition(" ")
            rows.append(",".join((kit, part, quantity.strip() or "1")))
    return "\n".join(rows).encode()
