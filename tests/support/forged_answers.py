"""Answers to a till that are almost right: not the hub's, not whole, or the hub's and senseless."""

import gzip
from collections.abc import Callable
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.facts.pricing import ListedPrice, PriceListSet
from app.feeds import Sent
from app.journal.feeds import decoded
from sync import protocol
from sync.protocol_feeds import Pulled, SentEntry, SentPart, packed_answer
from tests.support.entries import Writer
from tests.support.facts import sold
from tests.support.feeds import Feed
from tests.support.feeds import signed as feed_signed
from tests.support.mouths import HUB, STRANGER, Mouth, ack, http, signed
from tests.support.tills import SHOP
from tests.support.twisting import deep, flipped, odd_value, twisted, written

HASH = "ab" * 32
JSON = "Content-Type: application/json"
BOMB = gzip.compress(bytes(100_000_000), 9, mtime=0)
Lie = Callable[["Liar", str], bytes]
"""The nonce of the request -> what goes over the line."""


def _prices(price: int) -> PriceListSet:
    line = ListedPrice(product="KP-A001", price=price)
    return PriceListSet(shop=SHOP, document="d", from_ms=0, lines=(line,))


def _by(key: Ed25519PrivateKey, sent: Sent) -> Sent:
    return feed_signed(decoded(sent.content), key)


class Liar:
    """Answers each request in its own way; the till has sent 1 entry of 3."""

    def __init__(self, mouth: Mouth, dice: Random) -> None:
        self.mouth = mouth
        self.dice = dice
        self.way: Lie = Liar.unsigned
        self.before = b""
        """An honest answer to the request before."""

    def reply(self, _mouth: Mouth, nonce: str) -> bytes:
        said = self.way(self, nonce)
        self.before = signed(ack(self.mouth, seq=3), nonce)
        return said

    def honest(self) -> protocol.Answer:
        """What a hub might say that has taken the next entries, or wants older ones."""
        journal = self.mouth.journal
        return self.dice.choice(
            (
                ack(self.mouth, seq=self.dice.choice((2, 3))),
                protocol.Gap(incarnation="i", journal=journal, expected_seq=1, hub_ms=1),
                protocol.Fork(incarnation="i", journal=journal, seq=3, hash=HASH, hub_ms=1),
                ack(self.mouth, seq=10**6),
            )
        )

    # --- not the hub's ----------------------------------------------------------------------

    def unsigned(self, _nonce: str) -> bytes:
        return http(protocol.encoded(self.honest()), JSON)

    def by_a_stranger(self, nonce: str) -> bytes:
        return signed(self.honest(), nonce, key=STRANGER)

    def by_a_key_of_the_moment(self, nonce: str) -> bytes:
        return signed(self.honest(), nonce, key=Ed25519PrivateKey.generate())

    def to_another_request(self, nonce: str) -> bytes:
        return signed(self.honest(), flipped(nonce.encode(), self.dice).decode("latin-1"))

    def with_another_status(self, nonce: str) -> bytes:
        return signed(self.honest(), nonce, sent=self.dice.choice((201, 203, 206, 400, 403)))

    def heard_before(self, nonce: str) -> bytes:
        return self.before or self.unsigned(nonce)

    def a_body_changed(self, nonce: str) -> bytes:
        return self._changed(nonce, body=True)

    def a_signature_changed(self, nonce: str) -> bytes:
        return self._changed(nonce, body=False)

    def _changed(self, nonce: str, *, body: bool) -> bytes:
        plain = protocol.encoded(self.honest())
        signature = HUB.sign(protocol.answer_text(nonce, 200, plain)).hex()
        if body:
            plain = flipped(plain, self.dice)
        else:
            other = self.dice.choice("0123456789abcdefABCDEF zg")
            place = self.dice.randrange(len(signature))
            if other == signature[place]:
                other = "g"
            signature = signature[:place] + other + signature[place + 1 :]
        return http(plain, JSON, f"{protocol.SIGNATURE_HEADER}: {signature}")

    # --- the hub's, and senseless -----------------------------------------------------------

    def of_odd_values(self, nonce: str) -> bytes:
        return signed(
            twisted(protocol.encoded(self.honest()), self.dice, but=("hub_ms", "standing")), nonce
        )

    def of_a_flipped_bit(self, nonce: str) -> bytes:
        """Turned over before it was signed: in its kind or its journal, so no sense is left."""
        plain = protocol.encoded(self.honest())
        name = self.mouth.journal.encode()
        at = plain.index(name)
        return signed(plain[:at] + flipped(name, self.dice) + plain[at + len(name) :], nonce)

    def bottomless(self, nonce: str) -> bytes:
        return signed(deep(protocol.encoded(self.honest()), self.dice), nonce)

    def no_object(self, nonce: str) -> bytes:
        return signed(written(odd_value(self.dice)), nonce)

    def less_than_it_had(self, nonce: str) -> bytes:
        journal, dice = self.mouth.journal, self.dice
        fork = protocol.Fork(incarnation="i", journal=journal, seq=1, hash=HASH, hub_ms=1)
        gap = protocol.Gap(incarnation="i", journal=journal, expected_seq=2, hub_ms=1)
        far = protocol.Gap(incarnation="i", journal=journal, expected_seq=999, hub_ms=1)
        return signed(dice.choice((ack(self.mouth, seq=1), fork, gap, far)), nonce)

    def of_another_journal(self, nonce: str) -> bytes:
        return signed(ack(self.mouth, seq=2, journal=f"j{self.dice.random()}"[:9]), nonce)

    def enrolled_without_asking(self, nonce: str) -> bytes:
        stranger = STRANGER.public_key().public_bytes_raw().hex()
        return signed(
            protocol.Enrolled(
                incarnation="i", hub_key=stranger, proof=HASH, fingerprint="1", hub_ms=1
            ),
            nonce,
        )

    def a_version_of_the_future(self, nonce: str) -> bytes:
        plain = protocol.encoded(self.honest()).replace(b'"v":1', b'"v":99')
        return signed(plain, nonce)

    def a_hostile_feed(self, nonce: str) -> bytes:
        """Prices nobody at head office has signed, or not for this shop, or not next in their row;
        the answer around them is the hub's."""
        feed, elsewhere = Feed("prices"), Feed("prices", shop="KP99")
        unknown, later = Feed("weather"), Feed("prices")
        later.version = self.dice.randrange(1, 99)
        cheap = _prices(self.dice.choice((1, 99_000, 0, -5)))
        sent = self.dice.choice(
            (
                _by(STRANGER, feed.next(cheap)),
                _by(HUB, elsewhere.next(cheap)),
                _by(HUB, unknown.next(cheap)),
                _by(HUB, later.next(cheap)),
                _by(HUB, feed.part(cheap, version=1, part=2, parts=2)),
            )
        )
        if self.dice.random() < 0.3:
            sent = Sent(flipped(_by(HUB, Feed("prices").next(cheap)).content, self.dice), sent.sig)
        part = SentPart(sent.content.decode("latin-1"), sent.sig.hex())
        return self._pulled(nonce, [part], [])

    def hostile_entries(self, nonce: str) -> bytes:
        """Entries of a sister till that it never wrote."""
        dice = self.dice
        other = Writer(f"sister-{dice.randrange(9)}", till=str(dice.randrange(2, 9)))
        other.write(sold(sequence=1))
        last = other.entries[-1]
        false = [
            SentEntry(other.journal, 1, flipped(other.entries[0].content, dice).decode("latin-1"),
                      other.entries[0].sig.hex()),
            SentEntry(other.journal, 2, last.content.decode(), last.sig.hex()),
            SentEntry(self.mouth.journal, 4, last.content.decode(), last.sig.hex()),
            SentEntry(other.journal, 1, other.entries[0].content.decode(), "ab" * 64),
        ]  # fmt: skip
        return self._pulled(nonce, [], [dice.choice(false)])

    def _pulled(self, nonce: str, parts: list[SentPart], entries: list[SentEntry]) -> bytes:
        answer = Pulled(incarnation="i", parts=parts, entries=entries, more=True, hub_ms=1)
        return signed(packed_answer(answer), nonce)

    # --- no answer at all -------------------------------------------------------------------

    def a_bomb(self, nonce: str) -> bytes:
        """A hundred megabytes of nothing in a hundred kilobytes."""
        signature = HUB.sign(protocol.answer_text(nonce, 200, BOMB)).hex()
        named = f"{protocol.SIGNATURE_HEADER}: {signature}"
        return http(BOMB, JSON, "Content-Encoding: gzip", named)

    def too_long(self, nonce: str) -> bytes:
        return signed(protocol.encoded(self.honest()) + b" " * 5_000_000, nonce)

    def cut_short(self, nonce: str) -> bytes:
        whole = signed(self.honest(), nonce)
        return whole[: self.dice.randrange(len(whole))]

    def rubbish(self, _nonce: str) -> bytes:
        return self.dice.randbytes(self.dice.randrange(2_000))

    def rubbish_for_a_head(self, nonce: str) -> bytes:
        body = protocol.encoded(self.honest())
        line = self.dice.choice(
            (f"X: {'y' * 70_000}", "Content-Length: -1", "Transfer-Encoding: chunked", ": ",
             "\0: \0", "Content-Length: 1" + "0" * 30, "Content-Encoding: br, gzip, x",
             "A: b\r\n" * 300 + "C: d")
        )  # fmt: skip
        return http(body, line)

    def a_log_in_page(self, _nonce: str) -> bytes:
        page = b"<html>" + self.dice.randbytes(self.dice.randrange(200))
        return http(page, "Content-Type: text/html; charset=gbk")

    def somewhere_else(self, nonce: str) -> bytes:
        """Sent on to another address, which must not be asked."""
        return signed(self.honest(), nonce, sent=self.dice.choice((301, 302, 307, 308)))


LIES: tuple[Lie, ...] = (
    Liar.unsigned,
    Liar.by_a_stranger,
    Liar.by_a_key_of_the_moment,
    Liar.to_another_request,
    Liar.with_another_status,
    Liar.heard_before,
    Liar.a_body_changed,
    Liar.a_signature_changed,
    Liar.of_odd_values,
    Liar.of_a_flipped_bit,
    Liar.bottomless,
    Liar.no_object,
    Liar.less_than_it_had,
    Liar.of_another_journal,
    Liar.enrolled_without_asking,
    Liar.a_version_of_the_future,
    Liar.a_hostile_feed,
    Liar.hostile_entries,
    Liar.a_bomb,
    Liar.too_long,
    Liar.cut_short,
    Liar.rubbish,
    Liar.rubbish_for_a_head,
    Liar.a_log_in_page,
    Liar.somewhere_else,
)
