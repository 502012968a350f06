"""A hub that says whatever it is told to, to whoever asks over HTTP."""

import socket
import threading
from collections.abc import Callable
from contextlib import closing, suppress

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.journal import outbox
from app.journal.outbox import Link
from app.transaction import transaction
from sync import protocol
from sync.worker import HubWorker
from tests.support.facts import setting
from tests.support.tills import TillInFolder

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


def worker_at(till: TillInFolder, mouth: Mouth) -> HubWorker:
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
