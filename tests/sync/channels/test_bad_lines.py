"""Whatever a bad line or a false network answers: never paid, never a crash, always a reason."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.clock import SettableClock
from sync.channels.answers import REASONS, Back, ChannelTrouble, Order
from sync.channels.carrying import Line, is_loopback
from sync.channels.practice.asked import Asked, Reply
from sync.channels.practice.server import PracticeServer
from tests.sync.channels.conftest import WAYS, Reach

ORDER = Order(out_trade_no="A1", amount=168_000, subject="店")
BACK = Back(out_trade_no="A1", out_refund_no="R1", amount=1, total=168_000)
CODE = "130000000000000055"


@contextmanager
def raw_server(reply: bytes) -> Iterator[str]:
    """Says the same few bytes to whoever comes, and hangs up."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                talk, _ = listening.accept()
            except OSError:
                return
            with closing(talk), suppress(OSError):
                talk.recv(65_536)
                talk.sendall(reply)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.close()


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


BAD = {
    "a hotel's log-in page": (http(b"<html>hello", "Content-Type: text/html"), "portal"),
    "a page that does not say so": (http(b" <!DOCTYPE html>"), "portal"),
    "a redirect": (http(b"", "Location: http://x/", status="302 Found"), "portal"),
    "an error of theirs": (http(b"{}", status="502 Bad Gateway"), "server_error"),
    "nothing": (b"", "no_answer"),
    "half an answer": (http(b"{}")[:-1], "no_answer"),
    "no HTTP": (b"\x00\x01\x02\r\n\r\n", "no_answer"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("what", BAD)
def test_a_bad_answer_is_unclear_and_says_why(way: str, what: str, reach: Reach) -> None:
    reply, reason = BAD[what]
    with raw_server(reply) as address:
        channel = reach(way, address)
        for heard in (
            channel.pay(ORDER, CODE),
            channel.query(ORDER),
            channel.reverse(ORDER),
            channel.refund(BACK),
            channel.query_refund(BACK),
        ):
            assert (heard.outcome, heard.reason) == ("UNCLEAR", reason)
        with pytest.raises(ChannelTrouble, match=reason):
            channel.bill("2026-12-07")
        assert REASONS[reason]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"paid"', b'{"state":1}', b"\xff"])
def test_a_broken_or_unsigned_answer_is_never_paid(way: str, body: bytes, reach: Reach) -> None:
    with raw_server(http(body, "Content-Type: application/json")) as address:
        channel = reach(way, address)
        for heard in (channel.pay(ORDER, CODE), channel.query(ORDER), channel.refund(BACK)):
            assert heard.outcome == "UNCLEAR"
            assert heard.reason in ("bad_signature", "broken_answer")


@pytest.mark.parametrize("way", WAYS)
def test_a_line_that_is_dead_says_so_before_anything_was_asked(way: str, reach: Reach) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = f"http://127.0.0.1:{gone.getsockname()[1]}"
    channel = reach(way, address)
    assert channel.why_off() == "no_connection"
    heard = channel.pay(ORDER, CODE)
    assert (heard.outcome, heard.reason) == ("UNREACHED", "no_connection")


def test_a_line_somebody_pulled_carries_nothing(
    clock: SettableClock, practice: PracticeServer
) -> None:
    line = Line(practice.address, clock, cut=lambda: True)
    assert line.why_off() == "no_connection"
    with pytest.raises(ChannelTrouble) as trouble:
        line.ask("GET", "/bill", headers={})
    assert not trouble.value.reached


def changed(server: PracticeServer, change: Callable[[Reply], Reply]) -> None:
    """Put somebody between the network and the till."""
    honest = server.answer
    server.answer = lambda asked: change(honest(asked))  # type: ignore[method-assign]


@pytest.mark.parametrize("way", WAYS)
def test_a_word_changed_on_the_way_is_not_believed(
    way: str, practice: PracticeServer, reach: Reach
) -> None:
    def paid(reply: Reply) -> Reply:
        body = reply.body
        for said, lie in (
            (b'"USERPAYING"', b'"SUCCESS"'),
            (b'"10003"', b'"10000"'),
            (b'"waiting"', b'"paid"'),
        ):
            body = body.replace(said, lie)
        return Reply(200 if reply.status == 400 else reply.status, body, reply.headers)

    changed(practice, paid)
    heard = reach(way, practice.address).pay(ORDER, "130000000000000001")
    assert (heard.outcome, heard.reason) == ("UNCLEAR", "bad_signature")


@pytest.mark.parametrize("way", WAYS)
def test_the_answer_about_another_order_is_not_taken_for_this_one(
    way: str, practice: PracticeServer, reach: Reach
) -> None:
    channel = reach(way, practice.address)
    channel.pay(ORDER, CODE)
    network = practice.network
    network.orders["A2"] = network.orders["A1"]
    other = Order(out_trade_no="A2", amount=168_000, subject="店")
    heard = channel.query(other)
    assert (heard.outcome, heard.reason) == ("UNCLEAR", "other_order")


@pytest.mark.parametrize("way", WAYS)
def test_another_amount_than_was_asked_is_never_paid(
    way: str, practice: PracticeServer, reach: Reach
) -> None:
    channel = reach(way, practice.address)
    channel.pay(ORDER, CODE)
    practice.network.orders["A1"].amount = 1
    heard = channel.query(ORDER)
    assert (heard.outcome, heard.reason) == ("UNCLEAR", "other_amount")


@pytest.mark.parametrize("way", WAYS)
def test_a_stranger_without_our_keys_is_not_served(
    way: str, practice: PracticeServer, reach: Reach
) -> None:
    honest = practice.answer

    def twisted(asked: Asked) -> Reply:
        return honest(
            Asked(asked.method, asked.target, asked.headers, asked.body + b" ", asked.now)
        )

    practice.answer = twisted  # type: ignore[method-assign]
    heard = reach(way, practice.address).pay(ORDER, CODE)
    assert heard.outcome in ("REFUSED", "UNCLEAR")
    assert practice.network.orders == {}


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://127.0.0.1:8790", True),
        ("http://localhost:1", True),
        ("https://127.0.0.1:8790", False),
        ("http://127.0.0.1", False),
        ("http://127.0.0.1.example.com:80", False),
        ("http://127.0.0.1@example.com:80", False),
        ("http://[::1", False),
        ("", False),
    ],
)
def test_only_this_machine_is_this_machine(address: str, here: bool) -> None:
    assert is_loopback(address) is here


@contextmanager
def stranger_with_tls(folder: Path) -> Iterator[str]:
    """Answers over TLS under a certificate nobody vouches for."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "stranger.pem"
    pem.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                talk, _ = listening.accept()
            except OSError:
                return
            with closing(talk), suppress(OSError):
                context.wrap_socket(talk, server_side=True).recv(10)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"https://localhost:{listening.getsockname()[1]}"
    finally:
        listening.close()


@pytest.mark.parametrize("way", WAYS)
def test_a_certificate_nobody_vouches_for_ends_the_talk_before_it_began(
    way: str, reach: Reach, tmp_path: Path
) -> None:
    with stranger_with_tls(tmp_path) as address:
        channel = reach(way, address)
        heard = channel.pay(ORDER, CODE)
        assert (heard.outcome, heard.reason) == ("UNREACHED", "tls")
        assert channel.query(ORDER).reason == "tls"


def test_an_answer_that_never_ends_is_given_up(clock: SettableClock) -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 9_000_000
    with raw_server(endless) as address:
        line = Line(address, clock)
        with pytest.raises(ChannelTrouble, match="no_answer") as trouble:
            line.ask("GET", "/", headers={})
    assert trouble.value.reached
