"""Thousands of messages that are almost right, both ways: none is taken, nothing breaks."""

import gzip
from collections.abc import Callable
from random import Random

import pytest

from app.journal.stored import StoredEntry
from sync import protocol
from sync.protocol import CLOCK_LEEWAY_MS, PUSH_PATH
from tests.support.entries import Writer
from tests.support.facts import setting
from tests.support.hubs import RunningHub

SLICE, SOAK = 120, 2_500
Headers = dict[str, str]
Spoiled = tuple[Headers, bytes]
"""What goes over the line."""


def flipped(content: bytes, dice: Random) -> bytes:
    """One bit turned over."""
    place = dice.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << dice.randrange(8)]) + content[place + 1 :]


class Forger:
    """Knows an honest till's key and message, and spoils one of them in one place."""

    def __init__(self, hub: RunningHub, writer: Writer, next_entry: StoredEntry) -> None:
        self.hub = hub
        self.writer = writer
        push = protocol.Push(journal=writer.journal, entries=[protocol.pushed(next_entry)])
        self.plain = protocol.encoded(push)

    def signed(self, body: bytes) -> Headers:
        return self.hub.signed(self.writer, PUSH_PATH, body)

    def packed(self, plain: bytes) -> Spoiled:
        body = gzip.compress(plain, mtime=0)
        return self.signed(body), body

    def body_after_signing(self, dice: Random) -> Spoiled:
        headers, body = self.packed(self.plain)
        return headers, flipped(body, dice)

    def message_before_signing(self, dice: Random) -> Spoiled:
        return self.packed(flipped(self.plain, dice))

    def gzip_before_signing(self, dice: Random) -> Spoiled:
        # Behind the ten bytes of its head, where not every bit means something.
        body = gzip.compress(self.plain, mtime=0)
        body = body[:10] + flipped(body[10:], dice)
        return self.signed(body), body

    def cut_short(self, dice: Random) -> Spoiled:
        return self.packed(self.plain[: dice.randrange(len(self.plain))])

    def swollen(self, dice: Random) -> Spoiled:
        return self.packed(self.plain + b" " * (protocol.MOST_PLAIN_BYTES + dice.randrange(999)))

    def of_another_time(self, dice: Random) -> Spoiled:
        away = CLOCK_LEEWAY_MS + 1 + dice.randrange(10**9)
        now = self.hub.clock.wall_ms()
        _, body = self.packed(self.plain)
        nonce, then = f"then-{dice.random()}", now + dice.choice((away, -away))
        text = protocol.request_text("POST", PUSH_PATH, self.writer.journal, then, nonce, body)
        return {
            **self.signed(body),
            protocol.TIME_HEADER: str(then),
            protocol.NONCE_HEADER: nonce,
            protocol.SIGNATURE_HEADER: self.writer.key.sign(text).hex(),
        }, body

    def of_another_journal(self, dice: Random) -> Spoiled:
        headers, body = self.packed(self.plain)
        return {**headers, protocol.JOURNAL_HEADER: f"journal-{dice.randrange(99)}"}, body

    def a_header_changed(self, dice: Random) -> Spoiled:
        headers, body = self.packed(self.plain)
        name = dice.choice((protocol.TIME_HEADER, protocol.NONCE_HEADER, protocol.SIGNATURE_HEADER))
        value = headers[name]
        place = dice.randrange(len(value))
        other = dice.choice([sign for sign in "0123456789abcdef" if sign != value[place]])
        return {**headers, name: value[:place] + other + value[place + 1 :]}, body

    def a_journal_rolled_back(self, dice: Random) -> Spoiled:
        """What was sent long ago, claimed to be the next entry."""
        old = self.writer.entries[dice.randrange(len(self.writer.entries) - 1)]
        entry = protocol.PushedEntry(len(self.writer.entries), old.content.decode(), old.sig.hex())
        push = protocol.Push(journal=self.writer.journal, entries=[entry])
        return self.packed(protocol.encoded(push))


WAYS: tuple[Callable[[Forger, Random], Spoiled], ...] = (
    Forger.body_after_signing,
    Forger.message_before_signing,
    Forger.gzip_before_signing,
    Forger.cut_short,
    Forger.swollen,
    Forger.of_another_time,
    Forger.of_another_journal,
    Forger.a_header_changed,
    Forger.a_journal_rolled_back,
)


def test_no_spoiled_message_is_taken_and_the_honest_one_still_is(
    hub: RunningHub, writer: Writer, soak: bool
) -> None:
    for _ in range(5):
        writer.write(setting())
    hub.push(writer)
    waiting = writer.write(setting(value="the next one"))
    forger = Forger(hub, writer, waiting)
    stood = hub.rows("SELECT count(*) FROM hub_entry")
    dice = Random("hostile")
    codes: set[str] = set()
    for number in range(SOAK if soak else SLICE):
        headers, body = WAYS[number % len(WAYS)](forger, dice)
        told = hub.told(headers, hub.post(PUSH_PATH, body, headers))
        assert isinstance(told.answer, protocol.Refused | protocol.Gap), (number, told)
        assert told.status < 500, (number, told)
        codes.add(told.code)
    assert codes >= {
        "signature_bad", "not_authentic", "bad_request", "too_large", "clock_off", "not_enrolled"
    }  # fmt: skip
    assert hub.rows("SELECT count(*) FROM hub_entry") == stood
    assert hub.rows("SELECT count(*) FROM hub_fork") == [(0,)]
    assert hub.push(writer, [waiting]).code == "ack"


def test_no_spoiled_answer_is_believed(hub: RunningHub, writer: Writer, soak: bool) -> None:
    dice = Random("answers")
    body = protocol.encoded(hub.push(writer).answer)
    for number in range(20_000 if soak else 1_000):
        nonce = f"{number:032x}"
        signature = hub.hub.sign_answer(nonce, 200, body)
        said = [nonce, "200", signature, body.decode()]
        place = dice.randrange(4)
        said[place] = flipped(said[place].encode(), dice).decode("latin-1")
        status = int(said[1]) if said[1].isascii() and said[1].isdecimal() else 0
        spoiled = said[3].encode("latin-1") if place == 3 else body
        with pytest.raises(protocol.Hostile):
            protocol.believed(hub.hub.public_key, said[0], status, said[2], spoiled)
        assert protocol.believed(hub.hub.public_key, nonce, 200, signature, body)
