"""What a till makes of answers that are not the hub's: nothing, and it says why."""

from collections.abc import Iterator

import pytest

from app.errors import Refusal
from sync import protocol
from sync.hub_line import tidy_address
from sync.protocol_standing import acknowledged_in, words_in
from sync.worker import HubWorker
from tests.support.mouths import STRANGER, Mouth, Reply, ack, http, signed, worker_at
from tests.support.tills import TillInFolder, make_till, till
from ui.hub_words import WORDS

__all__ = ["make_till", "till"]

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
    """Two entries wait, behind the one the hub has."""
    return worker_at(till, mouth)


@pytest.mark.parametrize("name", BAD)
def test_an_answer_that_is_not_the_hubs_changes_nothing_and_is_told(
    worker: HubWorker, mouth: Mouth, name: str
) -> None:
    mouth.reply, reason = BAD[name]
    worker.look()
    assert mouth.heard == 1
    assert (worker.seen.reason, worker.seen.acked, worker.seen.waiting) == (reason, 1, 2)
    assert reason in WORDS


def test_the_hubs_own_word_is_kept_with_its_bytes(
    worker: HubWorker, mouth: Mouth, till: TillInFolder
) -> None:
    mouth.reply = lambda m, n: signed(ack(m, seq=2 if m.heard == 1 else 3), n)
    worker.look()
    assert mouth.heard == 2
    assert (worker.seen.reason, worker.seen.acked, worker.seen.waiting) == ("", 3, 0)
    ((evidence,),) = till.rows("SELECT evidence FROM acknowledged")
    words = words_in(bytes(evidence))  # type: ignore[call-overload]
    assert words is not None
    assert acknowledged_in(words, worker.link.hub_key) == ack(mouth, seq=3)


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
