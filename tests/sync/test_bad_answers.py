"""What a till makes of answers that are not the hub's: nothing, and it says why."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.errors import Refusal
from app.journal import outbox
from app.journal.outbox import Link
from app.transaction import transaction
from sync import protocol
from sync.hub_line import tidy_address
from sync.worker import HubWorker
from tests.support.facts import setting
from tests.support.tills import TillInFolder, make_till, till
from ui.hub_words import WORDS

__all__ = ["make_till", "till"]

HUB = Ed25519PrivateKey.from_private_bytes(b"h" * 32)
STRANGER = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
Reply = Callable[["Mouth", str], bytes]


class Mouth:
    """Says whatever it is told to, to whoever asks over HTTP."""

    def __init__(self) -> None:
        self.reply: Reply = lambda _mouth, _nonce: b""
        self.journal = ""
        self.heard = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                talk, _ = self._listening.accept()
            except OSError:
                return
            with closing(talk), suppress(OSError):
                head = b""
                while b"\r\n\r\n" not in head:
                    head += talk.recv(65_536)
                top, _, body = head.partition(b"\r\n\r\n")
                said = {
                    name.lower(): value.strip()
                    for name, _, value in (
                        line.partition(":") for line in top.decode().split("\r\n")
                    )
                }
                while len(body) < int(said["content-length"]):
                    body += talk.recv(65_536)
                self.heard += 1
                talk.sendall(self.reply(self, said[protocol.NONCE_HEADER.lower()]))

    def close(self) -> None:
        self._listening.close()


def http(body: bytes, *headers: str, status: int = 200) -> bytes:
    head = [f"HTTP/1.1 {status} so", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def signed(
    answer: protocol.Answer | bytes,
    nonce: str,
    *,
    key: Ed25519PrivateKey = HUB,
    status: int = 200,
    sent: int = 0,
) -> bytes:
    """An answer under a signature for this nonce and status, sent with the status `sent`."""
    body = answer if isinstance(answer, bytes) else protocol.encoded(answer)
    signature = key.sign(protocol.answer_text(nonce, status, body)).hex()
    kind = "Content-Type: application/json"
    return http(body, kind, f"{protocol.SIGNATURE_HEADER}: {signature}", status=sent or status)


def ack(mouth: Mouth, seq: int = 2, journal: str = "") -> protocol.Ack:
    return protocol.Ack(
        incarnation="i", journal=journal or mouth.journal, seq=seq, hash="ab" * 32, hub_ms=1
    )


BAD: dict[str, tuple[Reply, str]] = {
    "a hotel's log-in page": (
        lambda _m, _n: http(b"<html>welcome", "Content-Type: text/html"), "portal",
    ),
    "a page that does not say so": (lambda _m, _n: http(b" <!DOCTYPE html>"), "portal"),
    "a redirect": (lambda _m, _n: http(b"", "Location: http://x/", status=302), "portal"),
    "no signature": (lambda m, _n: http(protocol.encoded(ack(m))), "hostile"),
    "a stranger's signature": (lambda m, n: signed(ack(m), n, key=STRANGER), "hostile"),
    "an answer to another request": (lambda m, n: signed(ack(m), n + "0"), "hostile"),
    "another status": (lambda m, n: signed(ack(m), n, status=200, sent=201), "hostile"),
    "a signature that is none": (
        lambda m, _n: http(protocol.encoded(ack(m)), f"{protocol.SIGNATURE_HEADER}: x"), "hostile",
    ),
    "signed garbage": (lambda _m, n: signed(b'{"answer":', n), "hostile"),
    "signed nothing": (lambda _m, n: signed(b"", n), "hostile"),
    "a signed answer of an unknown kind": (lambda _m, n: signed(b'{"answer":"yes"}', n), "hostile"),
    "a signed list": (lambda _m, n: signed(b"[" * 50_000, n), "hostile"),
    "another journal": (lambda m, n: signed(ack(m, journal="another"), n), "hostile"),
    "less than it had": (lambda m, n: signed(ack(m, seq=1), n), "hostile"),
    "a seq that is none": (
        lambda m, n: signed(protocol.encoded(ack(m)).replace(b'"seq":2', b'"seq":-2'), n),
        "hostile",
    ),
    "a version of its own": (
        lambda m, n: signed(protocol.encoded(ack(m)).replace(b'"v":1', b'"v":9'), n), "hostile",
    ),
    "an answer cut short": (
        lambda _m, _n: b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{", "no_answer",
    ),
    "nothing": (lambda _m, _n: b"", "no_answer"),
    "no HTTP": (lambda _m, _n: b"\x00\x01\x02 hello\r\n\r\n", "no_answer"),
    "five megabytes": (lambda _m, _n: http(b" " * 5_000_000), "no_answer"),
    "an error of whoever stands before": (lambda _m, _n: http(b"", status=502), "busy"),
    "too many": (lambda _m, _n: http(b"", "Retry-After: soon", status=429), "busy"),
}  # fmt: skip


@pytest.fixture
def mouth() -> Iterator[Mouth]:
    one = Mouth()
    yield one
    one.close()


@pytest.fixture
def worker(till: TillInFolder, mouth: Mouth) -> HubWorker:
    """A till that joined a hub whose key is `HUB`, with two entries behind the one it sent."""
    journal = mouth.journal = till.books.journal.id
    link = Link(
        journal=journal,
        address=mouth.address,
        hub_key=HUB.public_key().public_bytes_raw().hex(),
        incarnation="i",
        joined_ms=0,
    )
    till.record(setting(), setting())
    with transaction(till.books) as tx:
        outbox.join(tx.connection, link)
        outbox.remember(tx.connection, journal, 1, hub_ms=0, heard_ms=0, evidence=b"")
    return HubWorker(till.books, link, cut=lambda: False)


@pytest.mark.parametrize("name", BAD)
def test_an_answer_that_is_not_the_hubs_changes_nothing_and_is_told(
    worker: HubWorker, mouth: Mouth, name: str
) -> None:
    mouth.reply, reason = BAD[name]
    worker.push_now(0)
    assert mouth.heard == 1
    assert (worker.seen.reason, worker.seen.acked, worker.seen.waiting) == (reason, 1, 2)
    assert reason in WORDS


def test_the_hubs_own_word_is_kept_with_its_bytes(
    worker: HubWorker, mouth: Mouth, till: TillInFolder
) -> None:
    mouth.reply = lambda m, n: signed(ack(m, seq=2 if m.heard == 1 else 3), n)
    worker.push_now(0)
    assert mouth.heard == 2
    assert (worker.seen.reason, worker.seen.acked, worker.seen.waiting) == ("", 3, 0)
    ((evidence,),) = till.rows("SELECT evidence FROM acknowledged")
    assert evidence == protocol.encoded(ack(mouth, seq=3))


def test_nobody_is_asked_before_the_rest_is_over(
    worker: HubWorker, mouth: Mouth, till: TillInFolder
) -> None:
    mouth.reply = lambda _m, _n: http(b"", "Retry-After: 120", status=503)
    worker.look()
    till.clock.advance(119_000)
    worker.look()
    assert mouth.heard == 1
    till.clock.advance(1_000)
    worker.look()
    assert mouth.heard == 2


def test_a_line_that_is_dead_is_told(worker: HubWorker, mouth: Mouth) -> None:
    mouth.close()
    worker.push_now(0)
    assert worker.seen.reason in ("no_connection", "no_answer")
    assert worker.seen.waiting == 2


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "hub_address_bad"),
        ("hub.example", "hub_address_bad"),
        ("ftp://hub.example", "hub_address_bad"),
        ("https://", "hub_address_bad"),
        ("https://user@hub.example", "hub_address_bad"),
        ("https://hub.example:99999", "hub_address_bad"),
        ("https://hub.example/?x=1", "hub_address_bad"),
        ("https://" + "a" * 300, "hub_address_bad"),
        ("http://hub.example", "hub_needs_tls"),
        ("http://192.168.1.5:8780", "hub_needs_tls"),
    ],
)
def test_an_address_a_till_must_not_speak_to_is_refused(address: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        tidy_address(address)
    assert refusal.value.code == code
