"""Certificates and handshakes a till must not go along with: it is offline, says why, and not one
byte of a request leaves it."""

import socket
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.errors import Refusal
from app.journal import outbox
from app.journal.outbox import Link
from app.transaction import transaction
from sync.hub_line import tidy_authority
from sync.worker import HubWorker
from tests.support.certificates import Made, made, weak_key
from tests.support.chains import CASHIER, MANAGER, sell
from tests.support.facts import setting
from tests.support.fault_proxy import http_message
from tests.support.talkers import Talker
from tests.support.tills import TillInFolder, make_till, till
from ui.hub_words import WORDS

__all__ = ["make_till", "till"]

HOST = "localhost"
OLD_HELLO = bytes.fromhex("160302004a0200004603020000") + bytes(71 - 5)
"""A server's hello that says TLS 1.1 to whoever offered more."""
HTTP = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@dataclass(frozen=True)
class Brand:
    """The authority a till has pinned, and another one."""

    root: Made
    between: Made
    stranger: Made


@pytest.fixture(scope="module")
def brand() -> Brand:
    root = made("brand root")
    return Brand(root, made("brand between", root), made("stranger root"))


class TlsServer:
    """Takes connections with one context after the other; bare bytes stand for no TLS at all."""

    def __init__(self, *ways: ssl.SSLContext | bytes) -> None:
        self.heard = b""
        """What was said to it inside, or in the open."""
        self.connections = 0
        self._ways = ways
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"https://{HOST}:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                talk, _ = self._listening.accept()
            except OSError:
                return
            way = self._ways[min(self.connections, len(self._ways) - 1)]
            self.connections += 1
            talk.settimeout(5)
            with closing(talk), suppress(OSError):
                if isinstance(way, bytes):
                    hello = talk.recv(65_536)
                    assert hello[:1] == b"\x16", "a till spoke in the open"
                    talk.sendall(way)
                    continue
                with way.wrap_socket(talk, server_side=True) as inside:
                    self.heard += http_message(inside)
                    inside.sendall(HTTP)

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(10)


Folder = Path
Case = Callable[[Brand, Folder], tuple[ssl.SSLContext | bytes, ...]]


def shown(folder: Folder, one: Made, *chain: Made, **limits: ssl.TLSVersion) -> ssl.SSLContext:
    """A server's context that shows this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # The till has to be the one who minds.
    context.set_ciphers("ALL:@SECLEVEL=0")
    for name, version in limits.items():
        setattr(context, name, version)
    context.load_cert_chain(*one.write(folder, *chain))
    return context


def honest(brand: Brand, folder: Folder) -> ssl.SSLContext:
    return shown(folder, made(HOST, brand.between, host=HOST), brand.between)


def of_old_tls(brand: Brand, folder: Folder) -> ssl.SSLContext:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return shown(
            folder, made(HOST, brand.root, host=HOST),
            minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1,
        )  # fmt: skip


def without_certificate(_brand: Brand, _folder: Folder) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("aNULL:@SECLEVEL=0")
    return context


BAD: dict[str, Case] = {
    "an expired certificate": lambda b, f: (
        shown(f, made(HOST, b.root, host=HOST, days=(-30, -1))),
    ),
    "one not valid yet": lambda b, f: (shown(f, made(HOST, b.root, host=HOST, days=(1, 30))),),
    "one for another name": lambda b, f: (shown(f, made(HOST, b.root, host="hub.example")),),
    "one it signed itself": lambda _b, f: (shown(f, made(HOST, host=HOST)),),
    "one of an unknown authority": lambda b, f: (shown(f, made(HOST, b.stranger, host=HOST)),),
    "an authority of the same name": lambda _b, f: (
        shown(f, made(HOST, made("brand root"), host=HOST)),
    ),
    "a chain with a link missing": lambda b, f: (shown(f, made(HOST, b.between, host=HOST)),),
    "one signed by a shop's own certificate": lambda b, f: (_signed_by_a_server(b, f),),
    "one for clients": lambda b, f: (
        shown(f, made(HOST, b.root, host=HOST, use=ExtendedKeyUsageOID.CLIENT_AUTH)),
    ),
    "a weak key": lambda b, f: (shown(f, made(HOST, b.root, host=HOST, key=weak_key())),),
    "TLS 1.0 and 1.1 only": lambda b, f: (of_old_tls(b, f),),
    "a hello that goes back to TLS 1.1": lambda _b, _f: (OLD_HELLO,),
    "no certificate at all": lambda b, f: (without_certificate(b, f),),
    "plain HTTP": lambda _b, _f: (HTTP,),
    "a handshake cut short": lambda _b, _f: (b"",),
    "a handshake cut in a record": lambda _b, _f: (b"\x16\x03\x03\x40\x00\x02",),
}


def _signed_by_a_server(brand: Brand, folder: Folder) -> ssl.SSLContext:
    shop = made("shop", brand.root, host="shop.example", may_sign=False)
    return shown(folder, made(HOST, shop, host=HOST), shop)


Joined = Callable[..., HubWorker]


@pytest.fixture
def joined(till: TillInFolder, brand: Brand) -> Joined:
    """A till that joined a hub with the brand's certificates pinned, and has entries to send."""

    def join(address: str, *, pinned: bool = True) -> HubWorker:
        link = Link(
            journal=till.books.journal.id,
            address=address,
            hub_key="ab" * 32,
            incarnation="i",
            joined_ms=0,
            authority=brand.root.pem if pinned else "",
        )
        till.record(setting(), setting())
        with transaction(till.books) as tx:
            outbox.join(tx.connection, link)
        return HubWorker(till.books, link, cut=lambda: False)

    return join


@pytest.fixture
def serve() -> Iterator[Callable[..., TlsServer]]:
    made_ones: list[TlsServer] = []

    def begin(*ways: ssl.SSLContext | bytes) -> TlsServer:
        made_ones.append(TlsServer(*ways))
        return made_ones[-1]

    yield begin
    for each in made_ones:
        each.close()


@pytest.mark.parametrize("name", BAD)
def test_a_bad_certificate_or_handshake_is_offline_and_nothing_leaves_the_till(
    name: str, brand: Brand, joined: Joined, serve: Callable[..., TlsServer], tmp_path: Path
) -> None:
    server = serve(*BAD[name](brand, tmp_path))
    worker = joined(server.address)
    worker.look()
    assert server.connections == 1
    assert server.heard == b""
    assert worker.seen.reason in ("tls", "no_answer"), worker.seen
    assert worker.seen.reason == "tls" or "cut" in name
    assert WORDS[worker.seen.reason]
    assert (worker.seen.acked, worker.seen.waiting) == (0, 3)


def test_the_brands_own_certificate_is_spoken_to(
    brand: Brand, joined: Joined, serve: Callable[..., TlsServer], tmp_path: Path
) -> None:
    server = serve(honest(brand, tmp_path))
    worker = joined(server.address)
    worker.look()
    assert b"Pos-Signature" in server.heard
    assert worker.seen.reason == "hostile"


def test_a_till_that_pinned_nothing_does_not_know_the_brands_authority(
    brand: Brand, joined: Joined, serve: Callable[..., TlsServer], tmp_path: Path
) -> None:
    server = serve(honest(brand, tmp_path))
    worker = joined(server.address, pinned=False)
    worker.look()
    assert (server.heard, worker.seen.reason) == (b"", "tls")


def test_a_certificate_swapped_between_two_requests_ends_the_talk(
    brand: Brand, joined: Joined, serve: Callable[..., TlsServer], tmp_path: Path
) -> None:
    false = tmp_path / "false"
    false.mkdir()
    server = serve(honest(brand, tmp_path), shown(false, made(HOST, brand.stranger, host=HOST)))
    worker = joined(server.address)
    worker.look()
    once = server.heard
    worker.ask()
    worker.look()
    assert server.connections == 2
    assert (server.heard, worker.seen.reason) == (once, "tls")


@pytest.mark.parametrize("text", ["yes", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_what_is_no_certificate_is_refused_when_joining(text: str) -> None:
    with pytest.raises(Refusal, match="hub_authority_bad"):
        tidy_authority(text)


def test_a_hub_shows_its_own_certificate_and_a_till_joins_over_it(
    brand: Brand, tmp_path: Path
) -> None:
    certificate, key = made(HOST, brand.between, host=HOST).write(tmp_path, brand.between)
    data = ("--data", tmp_path / "hub")
    hub = Talker("hub", *data, "--demo", "--port", "0", "--cert", certificate, "--key", key)
    address = hub.heard().split()[1]
    assert address.startswith("https://")
    address = address.replace("127.0.0.1", HOST)
    office = Talker("hq", *data)
    till = Talker("console", "--data", tmp_path / "till", "--demo")
    try:
        till.ok("sign_in", **CASHIER)
        till.ok("open_shift", float="500.00")
        code = office.ok("enrol_code", shop="KP01", till="1")["code"]
        wish = {"hub": address, "code": code, **MANAGER}
        assert till.say("enrol", **wish)["error"]["code"] == "hub_not_reached"
        joined = till.ok("enrol", **wish, authority=brand.root.pem)
        office.ok("approve_device", device=joined["device"], fingerprint=joined["fingerprint"])
        sell(till, 1)
        assert till.ok("sync")["waiting"] == 0
    finally:
        for each in (till, office, hub):
            each.kill()


@pytest.mark.parametrize("given", ["neither file", "one alone"])
def test_a_hub_does_not_start_with_half_a_certificate(
    brand: Brand, tmp_path: Path, given: str
) -> None:
    certificate, _key = brand.root.write(tmp_path)
    words = ("--cert", certificate) if given == "one alone" else ("--cert", tmp_path, "--key", "no")
    hub = Talker("hub", "--data", tmp_path / "hub", "--demo", "--port", "0", *words)
    assert hub.heard() == ""
    hub.end()
    assert not (tmp_path / "hub").exists()
