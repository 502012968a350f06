"""A hub's key and what it signs, without a hub."""

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.facts.base import Fact, wire_name
from app.feeds import Sent
from app.journal.entry import FIRST_PREV, hash_of
from app.journal.feeds import FeedFact, FeedPart, encoded, text_to_sign
from tests.support.tills import MORNING, SHOP

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
HUB_KEY = KEY.public_key().public_bytes_raw().hex()


def carried(fact: Fact, order: int, kind: str = "") -> FeedFact:
    """A fact as a version carries it."""
    return FeedFact(
        fact=f"fact-{order}",
        kind=kind or wire_name(type(fact)),
        order=order,
        body=msgspec.Raw(msgspec.json.encode(fact)),
    )


class Feed:
    """Versions of one scope, honest unless told otherwise."""

    def __init__(self, scope: str, *, shop: str = SHOP, incarnation: str = "i") -> None:
        self.head = FeedPart(
            incarnation=incarnation, shop=shop, scope=scope, version=1, issued_ms=MORNING,
            expires_ms=MORNING + 1000, facts=(),
        )  # fmt: skip
        self.prev = FIRST_PREV
        self.version = 0
        self.order = MORNING

    def next(self, *facts: Fact | FeedFact, **changed: object) -> Sent:
        """The next version, in one part."""
        self.version += 1
        return self.part(*facts, **changed)

    def part(self, *facts: Fact | FeedFact, **changed: object) -> Sent:
        """A part of the version at hand."""
        some = []
        for fact in facts:
            self.order += 1
            some.append(fact if isinstance(fact, FeedFact) else carried(fact, self.order))
        said = {"version": self.version, "prev": self.prev, "facts": tuple(some)} | changed
        sent = signed(msgspec.structs.replace(self.head, **said))
        self.prev = hash_of(sent.content).hex()
        return sent

    def snapshot(self, *facts: Fact, **changed: object) -> Sent:
        """What stands at this version."""
        stands = self.prev
        sent = self.part(*facts, what="snapshot", prev=FIRST_PREV, stands=stands, **changed)
        self.prev = stands
        return sent


def signed(part: FeedPart, key: Ed25519PrivateKey = KEY) -> Sent:
    """A part under a key."""
    content = encoded(part)
    return Sent(content, key.sign(text_to_sign(content)))
