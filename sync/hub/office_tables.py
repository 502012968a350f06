"""Head office's own tables: what the facts in the brand's journal mean, and what only lies here.

Tills have none of these. The first group is made from entries like every table of meaning; the
second holds secrets, sessions and drafts, which are in no fact.
"""

from sqlalchemy import Column, Index, LargeBinary, Table, Text

from sync.hub.tables import HUB, MEANT, WHOLE


def _text(name: str, *, key: bool = False) -> Column[object]:
    return Column(name, Text, primary_key=key, nullable=False)


def _whole(name: str) -> Column[object]:
    return Column(name, WHOLE, nullable=False)


# --- made from entries -----------------------------------------------------------------------

office_person = Table(
    "office_person",
    MEANT,
    _text("shop", key=True),
    _text("person", key=True),
    _text("owner", key=True),
    _text("version"),
    _text("role"),
    _whole("active"),
    sqlite_strict=True,
)

office_act = Table(
    "office_act",
    MEANT,
    _text("shop", key=True),
    _text("fact", key=True),
    _text("person"),
    _text("act"),
    _text("subject"),
    _text("detail"),
    _whole("order_ms"),
    Index("ix_office_act_order", "shop", "order_ms"),
    sqlite_strict=True,
)
"""Who did what, for the auditor: one row for each fact of head office."""

publication = Table(
    "office_publication",
    MEANT,
    _text("shop", key=True),
    _text("fact", key=True),
    _text("publication"),
    _text("scope"),
    _text("subject"),
    _text("what"),
    _text("versions"),
    _whole("products"),
    _whole("largest"),
    _text("person"),
    _text("approver"),
    _whole("order_ms"),
    Index("ix_office_publication_subject", "shop", "subject"),
    sqlite_strict=True,
)
"""`versions` is JSON: shop -> version."""

recall_closed = Table(
    "office_recall_closed",
    MEANT,
    _text("shop", key=True),
    _text("fact", key=True),
    _text("recall"),
    _whole("with_buyers"),
    _whole("came_back"),
    _whole("held"),
    _whole("scrapped"),
    _text("person"),
    _whole("order_ms"),
    Index("ix_office_recall_closed_recall", "shop", "recall"),
    sqlite_strict=True,
)

festival = Table(
    "office_festival",
    MEANT,
    _text("shop", key=True),
    _text("code", key=True),
    _text("owner", key=True),
    _text("version"),
    _text("name"),
    _text("town"),
    _text("from_day"),
    _text("to_day"),
    _whole("active"),
    sqlite_strict=True,
)

office_update = Table(
    "office_update",
    MEANT,
    _text("shop", key=True),
    _text("name", key=True),
    _text("owner", key=True),
    _text("version"),
    _text("program"),
    _text("machine"),
    _whole("size"),
    _text("shops"),
    sqlite_strict=True,
)
"""Update files by the hash of their bytes; `shops` is JSON: who gets it."""

MEANT_TABLES: dict[str, Table] = {
    each.name: each
    for each in (office_person, office_act, publication, recall_closed, festival, office_update)
}

# --- only here -------------------------------------------------------------------------------

office_secret = Table(
    "hub_office_secret",
    HUB,
    _text("shop", key=True),
    _text("person", key=True),
    _text("name"),
    _text("verifier"),
    Column("sealed_factor", LargeBinary, nullable=False),
    _whole("factor_step"),
    _whole("failures"),
    sqlite_strict=True,
)
"""Name, Argon2id verifier, and the second factor's secret sealed by the brand's key file: a copy of
the database alone answers for nobody. `factor_step` is the last code's, so none counts twice."""

office_session = Table(
    "hub_office_session",
    HUB,
    _text("shop", key=True),
    _text("token", key=True),
    _text("person"),
    _text("csrf"),
    _whole("begun_ms"),
    _whole("seen_ms"),
    Index("ix_hub_office_session_person", "shop", "person"),
    sqlite_strict=True,
)
"""`token` is the hash of what the browser holds."""

upload = Table(
    "hub_upload",
    HUB,
    _text("shop", key=True),
    _text("upload", key=True),
    _text("person"),
    _text("name"),
    _text("what"),
    Column("content", LargeBinary, nullable=False),
    _whole("made_ms"),
    sqlite_strict=True,
)
"""Files somebody looks at and has not published; what nobody went on with is dropped."""

proposal = Table(
    "hub_proposal",
    HUB,
    _text("shop", key=True),
    _text("proposal", key=True),
    _text("scope"),
    _text("subject"),
    _text("what"),
    _text("shops"),
    _text("content"),
    _text("digest"),
    _text("effect"),
    _text("person"),
    _whole("made_ms"),
    sqlite_strict=True,
)
"""What somebody is about to publish: `shops`, `content` (the facts) and `effect` are JSON."""
