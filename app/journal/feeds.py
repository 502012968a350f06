"""What head office sends down: versions of a feed, exact bytes under the hub's key.

A feed belongs to one shop and one scope. Its versions are contiguous, each names the hash of the
one before, and carries facts of the same vocabulary a till writes. A version too long for one
message comes in parts that are chained alike; what it means counts only once its last part is
there. A snapshot stands for every version up to its own.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, select

from app.facts import catalogue, pricing, shop, staff, stock
from app.facts.base import Fact
from app.facts.registry import UnknownKind, decode_fact
from app.journal.entry import FIRST_PREV
from app.journal.stored import Meaning
from app.journal.tables import received_feed
from app.rows import HUB, Envelope, Register

FORMAT = 1
CLIENT = 1
"""What of feeds this program understands; a version that asks for more is kept and waits."""
LIFE_MS = 30 * 86_400_000
"""What nobody heard of for so long is shown as old."""
SCOPES: Mapping[str, tuple[type[Fact], ...]] = {
    "recalls": (stock.LotsRecalled,),
    "catalogue": (
        catalogue.BrandsSet,
        catalogue.TaxonomySet,
        catalogue.CertificatesSet,
        catalogue.ProductsSet,
        catalogue.BarcodesSet,
        catalogue.KitsSet,
    ),
    "prices": (pricing.PriceListSet, pricing.PriceListWithdrawn),
    "promotions": (pricing.PromotionSet, pricing.PromotionWithdrawn),
    "staff": (staff.StaffSet,),
    "settings": (shop.SettingChanged,),
    "stock_hint": (),
}
"""Every feed there is, the most urgent first, and the facts it may carry."""
APPLIED, WAITING, HELD = "applied", "waiting", "held"
"""What became of a part that is kept."""
FEED_NAMES = {
    "recalls": "召回",
    "catalogue": "商品",
    "prices": "价格",
    "promotions": "促销",
    "staff": "人员",
    "settings": "设置",
    "stock_hint": "库存提示",
}
"""How people call them."""

_Word = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_Whole = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
_Hash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]


class FeedFact(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of a version. `order` rises strictly within a feed: the register's highest wins."""

    fact: _Word
    kind: _Word
    order: _Whole
    body: msgspec.Raw


class FeedPart(msgspec.Struct, frozen=True, kw_only=True):
    """A version or a snapshot, or a part of a long one, as it is signed."""

    v: int = FORMAT
    what: Literal["version", "snapshot"] = "version"
    incarnation: _Word
    shop: _Word
    scope: _Word
    version: Annotated[int, msgspec.Meta(ge=1, le=2**53)]
    """A snapshot stands at this version."""
    part: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    parts: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    prev: _Hash = FIRST_PREV
    """The hash of what came before it; 64 noughts for version 1 and a snapshot's first part."""
    stands: Annotated[str, msgspec.Meta(max_length=64)] = ""
    """A snapshot's: the hash of the version it stands at, which the next one names as `prev`."""
    issued_ms: _Whole
    expires_ms: _Whole
    """After this moment a till says that the feed is old; it goes on using it."""
    min_client: _Whole = CLIENT
    facts: tuple[FeedFact, ...]

    @property
    def whole(self) -> bool:
        """Whether this is the last part."""
        return self.part == self.parts


class BadFeed(Exception):
    """These bytes are no version of a feed."""


_encoder = msgspec.json.Encoder()
_parts = msgspec.json.Decoder(FeedPart)


def encoded(part: FeedPart) -> bytes:
    """The bytes that are signed; made once."""
    return _encoder.encode(part)


def decoded(content: bytes) -> FeedPart:
    """The part in these bytes. Raises BadFeed."""
    try:
        part = _parts.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadFeed(str(error)[:80]) from None
    if part.v != FORMAT or part.part > part.parts:
        raise BadFeed(f"form {part.v}, part {part.part} of {part.parts}")
    return part


def text_to_sign(content: bytes) -> bytes:
    """What the hub signs of a part: it says what it is, so it passes for nothing else."""
    return f"hub feed 1\n{hashlib.sha256(content).hexdigest()}".encode()


def authentic(hub_key: str, content: bytes, sig: bytes) -> bool:
    """Whether the hub with this key (hex) signed these bytes as a feed. Never raises."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(hub_key))
        key.verify(sig, text_to_sign(content))
    except (ValueError, InvalidSignature):
        return False
    return True


def fact_in(one: FeedFact) -> Fact:
    """The fact itself. Raises UnknownKind, msgspec.DecodeError."""
    return decode_fact(one.kind, bytes(one.body))


def registers(meaning: Meaning, one: FeedFact) -> Iterator[Register]:
    """What a fact of head office means: its registers, under the owner hub, and nothing else.

    Raises as `fact_in` does.
    """
    fact = fact_in(one)
    entry = Envelope(
        v=FORMAT, journal=HUB, seq=0, prev="", fact=one.fact, kind=one.kind, order=one.order,
        wall=one.order, staff="", app="",
    )  # fmt: skip
    for apply in meaning[type(fact)]:
        for change in apply(entry, fact):
            if isinstance(change, Register):
                yield Register(change.table, change.values | {"owner": HUB})


def key_of(register: Register) -> tuple[Any, ...]:
    """What a register sets: table and key."""
    keys = (register.values[column.name] for column in register.table.primary_key)
    return (register.table.name, *keys)


def still_standing(meaning: Meaning, facts: Sequence[FeedFact]) -> list[FeedFact]:
    """The facts of a feed that newer ones have not wholly replaced: what a snapshot is made of."""
    seen: set[tuple[Any, ...]] = set()
    kept = []
    for one in reversed(facts):
        keys = {key_of(register) for register in registers(meaning, one)}
        if not keys <= seen:
            kept.append(one)
            seen |= keys
    return kept[::-1]


def facts_of(parts: Iterable[FeedPart]) -> list[FeedFact]:
    """The facts of several parts, in their order."""
    return [one for part in parts for one in part.facts]


def applied(connection: Connection, meaning: Meaning) -> Iterator[Register]:
    """What every version that counts means, feed by feed in the order it came.

    What somebody touched until it cannot be read means nothing; `verify` names it.
    """
    contents = connection.scalars(
        select(received_feed.c.content)
        .where(received_feed.c.state == "applied")
        .order_by(received_feed.c.scope, received_feed.c.arrived)
    )
    for content in contents:
        try:
            said = [each for one in decoded(content).facts for each in registers(meaning, one)]
        except (BadFeed, UnknownKind, msgspec.DecodeError, UnicodeDecodeError):
            continue
        yield from said
