"""Who the hub listens to: tills that joined with a code, were let in, and sign what they send."""

import gzip

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from app.errors import Refusal
from app.facts.journals import JournalOpened
from sync import protocol
from sync.hub import office
from sync.hub.enrolling import CODE_MS, CODE_TRIES
from sync.protocol import CLOCK_LEEWAY_MS, PUSH_PATH
from tests.support.entries import Writer
from tests.support.facts import setting
from tests.support.hubs import RunningHub
from tests.support.tills import SHOP


def body_of(writer: Writer) -> bytes:
    entries = [protocol.pushed(each) for each in writer.entries]
    body, _count = protocol.packed(protocol.Push(journal=writer.journal, entries=entries))
    return body


def nothing_stored(hub: RunningHub) -> bool:
    return hub.rows("SELECT count(*) FROM hub_entry") == [(0,)]


def test_a_till_that_never_joined_is_not_heard(hub: RunningHub) -> None:
    assert hub.push(Writer("a")).code == "not_enrolled"
    assert nothing_stored(hub)


def test_a_till_waits_until_somebody_compared_its_digits(hub: RunningHub) -> None:
    writer = Writer("a")
    told = hub.join(writer, approved=False)
    assert isinstance(told.answer, protocol.Enrolled)
    assert told.answer.fingerprint == protocol.fingerprint(writer.public_key)
    assert hub.push(writer).code == "waiting_approval"
    assert nothing_stored(hub)
    hub.approve(writer)
    assert hub.push(writer).code == "ack"


def test_both_ends_prove_that_they_know_the_code(hub: RunningHub) -> None:
    writer = Writer("a")
    code = office.enrol_code(hub.hub, shop=SHOP, till="1")
    told = hub.enrol(writer, code.lower().replace("-", " "))
    assert isinstance(told.answer, protocol.Enrolled)
    mine = protocol.hub_proof(code, writer.public_key, hub.hub.public_key, hub.hub.incarnation)
    assert told.answer.proof == mine
    other = protocol.hub_proof(code, writer.public_key, "00" * 32, hub.hub.incarnation)
    assert told.answer.proof != other


def test_a_code_serves_once(hub: RunningHub) -> None:
    code = office.enrol_code(hub.hub, shop=SHOP, till="1")
    assert hub.enrol(Writer("a"), code).code == "enrolled"
    assert hub.enrol(Writer("b"), code).code == "code_wrong"


def test_a_code_is_for_one_till(hub: RunningHub) -> None:
    code = office.enrol_code(hub.hub, shop=SHOP, till="2")
    assert hub.enrol(Writer("a"), code).code == "code_wrong"


def test_a_code_grows_old(hub: RunningHub) -> None:
    code = office.enrol_code(hub.hub, shop=SHOP, till="1")
    hub.clock.advance(CODE_MS + 1)
    assert hub.enrol(Writer("a"), code).code == "code_wrong"


def test_guessing_at_a_code_uses_it_up(hub: RunningHub) -> None:
    code = office.enrol_code(hub.hub, shop=SHOP, till="1")
    for _ in range(CODE_TRIES):
        assert hub.enrol(Writer("a"), "2222-2222-2222").code == "code_wrong"
    assert hub.enrol(Writer("a"), code).code == "code_wrong"


def test_a_first_entry_with_a_strangers_signature_joins_nothing(hub: RunningHub) -> None:
    writer, stranger = Writer("a"), Writer("b")
    code = office.enrol_code(hub.hub, shop=SHOP, till="1")
    wish = protocol.Enrol(
        opened=protocol.PushedEntry(
            1, writer.entries[0].content.decode(), stranger.entries[0].sig.hex()
        ),
        proof=protocol.till_proof(code, writer.public_key),
        app="test",
    )
    told = hub.ask(writer, protocol.ENROL_PATH, protocol.encoded(wish), packed=False)
    assert told.code == "not_authentic"


def test_head_office_cannot_let_in_what_it_compared_wrongly(hub: RunningHub) -> None:
    writer = Writer("a")
    hub.join(writer, approved=False)
    for device, digits, code in (
        ("device-a", "000000", "fingerprint_wrong"),
        ("device-b", protocol.fingerprint(writer.public_key), "unknown_device"),
    ):
        with pytest.raises(Refusal) as refusal:
            office.approve_device(hub.hub, device=device, fingerprint_shown=digits)
        assert refusal.value.code == code
    assert hub.push(writer).code == "waiting_approval"


def test_a_till_that_joins_again_waits_again(hub: RunningHub, writer: Writer) -> None:
    hub.push(writer)
    hub.join(writer, approved=False)
    writer.write(setting())
    assert hub.push(writer).code == "waiting_approval"


def test_a_request_changed_on_the_way_is_not_heard(hub: RunningHub, writer: Writer) -> None:
    body = body_of(writer)
    headers = hub.signed(writer, PUSH_PATH, body)
    writer.write(setting())
    for changed_headers, changed_body in (
        (headers, body_of(writer)),
        ({**headers, protocol.TIME_HEADER: str(hub.clock.wall_ms() + 1)}, body),
        ({**headers, protocol.NONCE_HEADER: "another"}, body),
        ({**headers, protocol.SIGNATURE_HEADER: "0" * 128}, body),
        ({**headers, protocol.SIGNATURE_HEADER: "no hex"}, body),
        ({**headers, protocol.TIME_HEADER: "soon"}, body),
        ({**headers, protocol.TIME_HEADER: "-1"}, body),
    ):
        response = hub.post(PUSH_PATH, changed_body, changed_headers)
        told = hub.told(changed_headers, response)
        assert (told.status, told.code) == (403, "signature_bad")
    assert nothing_stored(hub)


def test_a_request_played_again_is_not_heard(hub: RunningHub, writer: Writer) -> None:
    body = body_of(writer)
    headers = hub.signed(writer, PUSH_PATH, body)
    assert hub.told(headers, hub.post(PUSH_PATH, body, headers)).code == "ack"
    assert hub.told(headers, hub.post(PUSH_PATH, body, headers)).code == "replayed"
    hub.clock.advance(CLOCK_LEEWAY_MS + 1)
    assert hub.told(headers, hub.post(PUSH_PATH, body, headers)).code == "clock_off"


def test_a_till_whose_clock_is_off_is_told_the_time(hub: RunningHub, writer: Writer) -> None:
    body = body_of(writer)
    headers = hub.signed(writer, PUSH_PATH, body)
    hub.clock.advance(CLOCK_LEEWAY_MS + 1)
    told = hub.told(headers, hub.post(PUSH_PATH, body, headers))
    assert told.answer == protocol.Refused(code="clock_off", hub_ms=hub.clock.wall_ms())


def test_nonces_are_forgotten_once_no_request_could_use_them(
    hub: RunningHub, writer: Writer
) -> None:
    hub.push(writer)
    hub.clock.advance(2 * CLOCK_LEEWAY_MS + 1)
    hub.push(writer)
    assert len(hub.rows("SELECT nonce FROM hub_nonce")) == 1


def test_an_answer_to_one_request_is_none_to_another(hub: RunningHub, writer: Writer) -> None:
    body = body_of(writer)
    headers = hub.signed(writer, PUSH_PATH, body)
    response = hub.post(PUSH_PATH, body, headers)
    with pytest.raises(protocol.Hostile):
        hub.told({**headers, protocol.NONCE_HEADER: "another"}, response)


def a_push(journal: bytes = b"journal-a", seq: bytes = b"1", content: bytes = b"x") -> bytes:
    """A push with one entry, its parts as they stand."""
    sig = b"0" * 128
    return b'{"v":1,"journal":"%b","entries":[{"seq":%b,"content":"%b","sig":"%b"}]}' % (
        journal,
        seq,
        content,
        sig,
    )


GARBAGE = (
    b"",
    b"{}",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"v":1}',
    b'{"v":1,"journal":"journal-a","entries":[]}',
    a_push(journal=b""),
    a_push(journal=b"a\\u0000b"),
    a_push(journal=b"a b"),
    a_push(seq=b"0"),
    a_push(seq=b"1.5"),
    a_push(seq=b'"1"'),
    a_push(seq=b"99999999999999999999"),
    a_push(content=b"\\ud800"),
    a_push(content=b"\xff"),
    a_push().replace(b'"sig":"0', b'"sig":"Z'),
    b"[" * 100_000,
    b'{"unknown":' + b"[" * 100_000,
)


@pytest.mark.parametrize("packed", [True, False])
def test_garbage_under_a_good_signature_is_refused_and_breaks_nothing(
    hub: RunningHub, writer: Writer, packed: bool
) -> None:
    for garbage in GARBAGE:
        body = gzip.compress(garbage, mtime=0) if packed else garbage
        told = hub.ask(writer, PUSH_PATH, body, packed=packed)
        assert (told.status, told.code) == (400, "bad_request"), garbage[:80]
    assert nothing_stored(hub)
    assert hub.push(writer).code == "ack"


def test_a_version_nobody_here_reads_is_told_so(hub: RunningHub, writer: Writer) -> None:
    entries = [protocol.pushed(each) for each in writer.entries]
    push = protocol.Push(v=7, journal=writer.journal, entries=entries)
    assert hub.push_as(writer, push).code == "not_this_version"


def test_what_is_no_gzip_or_cut_off_is_refused(hub: RunningHub, writer: Writer) -> None:
    body = body_of(writer)
    for broken in (b"plain", body[:-4], body + b"more", body[:20]):
        told = hub.ask(writer, PUSH_PATH, broken)
        assert (told.status, told.code) == (413, "too_large")
    assert nothing_stored(hub)


def test_a_body_longer_than_allowed_is_refused_by_its_length(
    hub: RunningHub, writer: Writer
) -> None:
    body = b"a" * (protocol.MOST_PACKED_BYTES + 1)
    told = hub.ask(writer, PUSH_PATH, body)
    assert (told.status, told.code) == (413, "too_large")


def test_other_doors_are_shut(hub: RunningHub, writer: Writer) -> None:
    for method, path in (
        ("GET", "/v1/push"),
        ("DELETE", "/v1/push"),
        ("POST", "/v1/health"),
        ("GET", "/"),
        ("GET", "/v1/nothing"),
        ("GET", "/v1/%00"),
        ("GET", "/../../hub.key"),
    ):
        response = hub.session.request(method, hub.address + path, timeout=20)
        assert 400 <= response.status_code < 500, (method, path)


def test_demo_tills_and_real_ones_do_not_share_a_hub(hub: RunningHub) -> None:
    writer = Writer("a")
    demo = Writer("a")
    for series, code in (("D", "demo_and_real"), ("T", "demo_and_real"), ("", "enrolled")):
        del demo.entries[:]
        demo.write(
            JournalOpened(
                shop=SHOP,
                till="1",
                device="device-a",
                public_key=writer.public_key,
                reason="first",
                series=series,
            )
        )
        assert hub.enrol(demo, office.enrol_code(hub.hub, shop=SHOP, till="1")).code == code


def test_a_code_lets_nobody_take_another_tills_place(hub: RunningHub, writer: Writer) -> None:
    hub.push(writer)
    for changed in ({"device": "device-a"}, {"device": "device-x"}):
        thief = Writer("thief", till="2")
        if changed["device"] == "device-x":
            # Its first entry claims to be of the very journal that another till signs with.
            thief.journal = writer.journal
        thief.entries.clear()
        thief.write(
            JournalOpened(
                shop=SHOP, till="2", public_key=thief.public_key, reason="first", **changed
            )
        )
        code = office.enrol_code(hub.hub, shop=SHOP, till="2")
        assert hub.enrol(thief, code).code == "wrong_shop"
    writer.write(setting())
    assert hub.push(writer).code == "ack"


@pytest.mark.parametrize("where", ["signed_line.signer_of", "application.take"])
@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (OperationalError("SELECT", None, Exception("gone")), 503, "busy"),
        (IntegrityError("INSERT", None, Exception("twice")), 503, "busy"),
        (ValueError("ours"), 500, "bug"),
    ],
)
def test_a_database_that_is_away_and_our_own_bugs_are_told_under_our_signature(
    hub: RunningHub,
    writer: Writer,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    error: Exception,
    status: int,
    code: str,
) -> None:
    def broken(*_parts: object, **_named: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(f"sync.hub.{where}", broken)
        told = hub.push(writer)
    assert (told.status, told.code) == (status, code)
    assert hub.push(writer).code == "ack"
