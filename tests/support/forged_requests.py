"""Requests to a hub that are almost right, to every path it has."""

import gzip
from collections.abc import Callable
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.journal.entry import hash_of
from sync import protocol
from sync.hub.signed_line import MESSAGES
from sync.protocol import CLOCK_LEEWAY_MS, ENROL_PATH, PUSH_PATH
from sync.protocol_feeds import PULL_PATH, FeedPosition, JournalPosition, Pull
from sync.protocol_files import FILE_GET_PATH, FILE_PUT_PATH, FileGet, FilePut
from sync.protocol_standing import REKEY_PATH, STANDING_PATH, AskStanding, Rekey, Words
from sync.protocol_stock import STOCK_PATH, AskStock
from sync.protocol_trace import GENUINE_PATH, AskGenuine
from sync.protocol_updates import UPDATE_ASK_PATH, UPDATE_GET_PATH, AskUpdate, GetUpdate
from tests.support.entries import Writer
from tests.support.hubs import RunningHub
from tests.support.tills import SHOP
from tests.support.twisting import deep, flipped, twisted

Request = tuple[str, str, dict[str, str | bytes], bytes]
"""Method, path, headers (none: whoever answers need not sign), body."""
BOMB = gzip.compress(bytes(200_000_000), 9, mtime=0)
STRANGER = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
SIGNED = (protocol.TIME_HEADER, protocol.NONCE_HEADER, protocol.SIGNATURE_HEADER,
          protocol.JOURNAL_HEADER)  # fmt: skip


class Forger:
    """Knows an honest till's key and messages, and spoils one of them in one place."""

    def __init__(self, hub: RunningHub, writer: Writer) -> None:
        """The last entry of `writer` is one the hub does not have."""
        self.hub = hub
        self.writer = writer
        self.plain = {
            PUSH_PATH: self.push(protocol.pushed(writer.entries[-1])),
            ENROL_PATH: self.enrol(writer.entries[0].content),
            GENUINE_PATH: protocol.encoded(AskGenuine(gtin="6901234567892", lot="L1", serial="7")),
            PULL_PATH: protocol.encoded(self.pull()),
            FILE_PUT_PATH: protocol.encoded(
                FilePut(name="ab" * 32, subject="m:1", size=100, piece=0, content=bytes(100))
            ),
            FILE_GET_PATH: protocol.encoded(FileGet(name="ab" * 32, piece=0)),
            STANDING_PATH: protocol.encoded(self.ask_standing()),
            REKEY_PATH: protocol.encoded(Rekey(opened=protocol.pushed(writer.entries[0]))),
            STOCK_PATH: protocol.encoded(AskStock(product="13006")),
            UPDATE_ASK_PATH: protocol.encoded(AskUpdate(program="0.1.0", machine="linux-x86_64")),
            UPDATE_GET_PATH: protocol.encoded(GetUpdate(name="ab" * 32, piece=0)),
        }
        missing = set(MESSAGES) - set(self.plain)
        assert not missing, f"nobody spoils what is said to {missing}"

    def push(self, *entries: protocol.PushedEntry) -> bytes:
        return protocol.encoded(protocol.Push(journal=self.writer.journal, entries=list(entries)))

    def pull(self) -> Pull:
        zero = "0" * 64
        journals = (JournalPosition(self.writer.journal, 1), JournalPosition("other", 9))
        feeds = (FeedPosition(scope="prices", version=3, part=1, hash=zero),)
        return Pull(incarnation="i", writing=self.writer.journal, feeds=feeds, journals=journals)

    def ask_standing(self) -> AskStanding:
        """It shows words that are not the hub's."""
        ack = protocol.Ack(
            incarnation=self.hub.hub.incarnation, journal=self.writer.journal, seq=9_999,
            hash="ab" * 32, hub_ms=1,
        )  # fmt: skip
        words = Words("n", 200, "ab" * 64, protocol.encoded(ack).decode())
        return AskStanding(journals=(self.writer.journal,), words=(words,))

    def enrol(self, content: bytes) -> bytes:
        """A wish to belong with a code that is a guess."""
        sig = self.writer.key.sign(hash_of(content)).hex()
        opened = protocol.PushedEntry(1, content.decode(errors="replace"), sig)
        proof = protocol.till_proof("A-GUESS", self.writer.public_key)
        return protocol.encoded(protocol.Enrol(opened=opened, proof=proof, app="test"))

    def one_of(self, dice: Random) -> tuple[str, bytes]:
        return dice.choice(sorted(self.plain.items()))

    def sent(self, path: str, plain: bytes) -> Request:
        """Signed as a till signs; packed where a till packs."""
        packs = path == PUSH_PATH
        body = gzip.compress(plain, 1, mtime=0) if packs else plain
        return "POST", path, dict(self.hub.signed(self.writer, path, body, packed=packs)), body

    # --- one way to spoil it each ----------------------------------------------------------

    def body_after_signing(self, dice: Random) -> Request:
        path, plain = PUSH_PATH, self.plain[PUSH_PATH]
        method, path, headers, body = self.sent(path, plain)
        return method, path, headers, flipped(body, dice)

    def a_bit_before_signing(self, dice: Random) -> Request:
        path, plain = self.one_of(dice)
        return self.sent(path, flipped(plain, dice))

    def a_value_before_signing(self, dice: Random) -> Request:
        path, plain = self.one_of(dice)
        return self.sent(path, twisted(plain, dice))

    def a_first_entry_of_its_own(self, dice: Random) -> Request:
        """Signed by its own key, so all that is wrong is what it says."""
        return self.sent(ENROL_PATH, self.enrol(twisted(self.writer.entries[0].content, dice)))

    def an_entry_that_says_something_odd(self, dice: Random) -> Request:
        last = self.writer.entries[-1]
        content = twisted(last.content, dice)
        entry = protocol.PushedEntry(last.seq, content.decode(errors="replace"), last.sig.hex())
        return self.sent(PUSH_PATH, self.push(entry))

    def gzip_before_signing(self, dice: Random) -> Request:
        # Behind the ten bytes of its head, where not every bit means something.
        body = gzip.compress(self.plain[PUSH_PATH], mtime=0)
        body = body[:10] + flipped(body[10:], dice)
        return "POST", PUSH_PATH, dict(self.hub.signed(self.writer, PUSH_PATH, body)), body

    def a_bomb(self, dice: Random) -> Request:
        path = dice.choice(sorted(MESSAGES))
        body = BOMB
        return "POST", path, dict(self.hub.signed(self.writer, path, body)), body

    def a_bomb_in_a_bomb(self, dice: Random) -> Request:
        body = gzip.compress(BOMB, 1, mtime=0) + gzip.compress(self.plain[PUSH_PATH], mtime=0)
        return "POST", PUSH_PATH, dict(self.hub.signed(self.writer, PUSH_PATH, body)), body

    def cut_short(self, dice: Random) -> Request:
        path, plain = self.one_of(dice)
        return self.sent(path, plain[: dice.randrange(len(plain))])

    def bottomless(self, dice: Random) -> Request:
        if dice.random() < 0.5:
            path, _plain = self.one_of(dice)
            return self.sent(path, b"[" * dice.randrange(1, 200_000))
        return self.sent(ENROL_PATH, deep(self.plain[ENROL_PATH], dice))

    def swollen(self, dice: Random) -> Request:
        plain = self.plain[PUSH_PATH]
        return self.sent(PUSH_PATH, plain + b" " * (protocol.MOST_PLAIN_BYTES + dice.randrange(9)))

    def too_long(self, dice: Random) -> Request:
        path = dice.choice(sorted(MESSAGES))
        body = dice.randbytes(protocol.MOST_PACKED_BYTES + 1 + dice.randrange(9))
        return "POST", path, dict(self.hub.signed(self.writer, path, body)), body

    def of_another_time(self, dice: Random) -> Request:
        away = CLOCK_LEEWAY_MS + 1 + dice.randrange(10**9)
        then = self.hub.clock.wall_ms() + dice.choice((away, -away))
        return self._signed_by(self.writer.key, then, dice)

    def by_a_stranger(self, dice: Random) -> Request:
        return self._signed_by(STRANGER, self.hub.clock.wall_ms(), dice)

    def _signed_by(self, key: Ed25519PrivateKey, then: int, dice: Random) -> Request:
        method, path, headers, body = self.sent(PUSH_PATH, self.plain[PUSH_PATH])
        nonce = f"own-{dice.random()}"
        text = protocol.request_text("POST", path, self.writer.journal, then, nonce, body)
        own = {
            protocol.TIME_HEADER: str(then),
            protocol.NONCE_HEADER: nonce,
            protocol.SIGNATURE_HEADER: key.sign(text).hex(),
        }
        return method, path, {**headers, **own}, body

    def of_another_journal(self, dice: Random) -> Request:
        method, path, headers, body = self.sent(PUSH_PATH, self.plain[PUSH_PATH])
        return method, path, {**headers, protocol.JOURNAL_HEADER: f"j-{dice.randrange(99)}"}, body

    def a_header_changed(self, dice: Random) -> Request:
        method, path, headers, body = self.sent(PUSH_PATH, self.plain[PUSH_PATH])
        name = dice.choice(SIGNED[:3])
        value = str(headers[name])
        place = dice.randrange(len(value))
        other = dice.choice([sign for sign in "0123456789abcdef" if sign != value[place]])
        return method, path, {**headers, name: value[:place] + other + value[place + 1 :]}, body

    def a_header_that_is_rubbish(self, dice: Random) -> Request:
        method, path, headers, body = self.sent(PUSH_PATH, self.plain[PUSH_PATH])
        rubbish = dice.choice(("", "-1", "1e9", "9" * 400, "\xb2", "é\xff", "0x10", "a" * 20_000))
        return method, path, {**headers, dice.choice(SIGNED): rubbish.encode("latin-1")}, body

    def heard_before(self, dice: Random) -> Request:
        """A request the hub took once already, to the last bit."""
        first = self.sent(PUSH_PATH, self.push(protocol.pushed(self.writer.entries[0])))
        _method, path, headers, body = first
        self.hub.post(path, body, headers)
        return first

    def a_journal_rolled_back(self, dice: Random) -> Request:
        """What was sent long ago, claimed to be the next entry."""
        old = self.writer.entries[dice.randrange(len(self.writer.entries) - 1)]
        entry = protocol.PushedEntry(len(self.writer.entries), old.content.decode(), old.sig.hex())
        return self.sent(PUSH_PATH, self.push(entry))

    def entries_out_of_order(self, dice: Random) -> Request:
        entries = [protocol.pushed(each) for each in self.writer.entries] * 2
        dice.shuffle(entries)
        return self.sent(PUSH_PATH, self.push(entries[-1], *entries))

    def another_tills_first_entry(self, dice: Random) -> Request:
        """A journal of another till of the same shop, or of another shop, under our signature."""
        other = Writer(f"other-{dice.randrange(99)}", till=str(dice.randrange(2, 99)))
        push = protocol.Push(journal=other.journal, entries=[protocol.pushed(other.entries[0])])
        return self.sent(PUSH_PATH, protocol.encoded(push))

    def no_door_of_ours(self, dice: Random) -> Request:
        """Paths and methods nobody serves, and those that take no body."""
        path = dice.choice(
            ("/", "/v1", "/v2/push", "/v1/push/", "/v1/health/../push", "/v1/%00", "//",
             "/schema/x", "/v1/health?" + "a=1&" * 500, f"/v1/{SHOP}", "/v1/push;x=1",
             "/%2e%2e/%2e%2e/etc/passwd", "/01/06901234567892/10/a%00b", "/01/1/10/x/21/%00",
             "/01/%00/10/%ff")
        )  # fmt: skip
        method = dice.choice(("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"))
        return method, path, {}, dice.randbytes(dice.randrange(200))

    def another_method(self, dice: Random) -> Request:
        method = dice.choice(("GET", "PUT", "DELETE", "PATCH"))
        return method, dice.choice(sorted(MESSAGES)), {}, dice.randbytes(dice.randrange(200))


WAYS: tuple[Callable[[Forger, Random], Request], ...] = (
    Forger.body_after_signing,
    Forger.a_bit_before_signing,
    Forger.a_value_before_signing,
    Forger.a_first_entry_of_its_own,
    Forger.an_entry_that_says_something_odd,
    Forger.gzip_before_signing,
    Forger.a_bomb,
    Forger.a_bomb_in_a_bomb,
    Forger.cut_short,
    Forger.bottomless,
    Forger.swollen,
    Forger.too_long,
    Forger.of_another_time,
    Forger.by_a_stranger,
    Forger.of_another_journal,
    Forger.a_header_changed,
    Forger.a_header_that_is_rubbish,
    Forger.heard_before,
    Forger.a_journal_rolled_back,
    Forger.entries_out_of_order,
    Forger.another_tills_first_entry,
    Forger.no_door_of_ours,
    Forger.another_method,
)
