"""Messages that are almost right, both ways: none is taken, nothing breaks. `tests.sync.malformed`
is the long form."""

from random import Random

import msgspec
import pytest

from app.journal.entry import decode_envelope
from sync import protocol
from sync.protocol_trace import GENUINE_PATH
from tests.support.entries import Writer
from tests.support.facts import setting
from tests.support.forged_answers import LIES
from tests.support.forged_requests import WAYS
from tests.support.hubs import RunningHub
from tests.support.mouths import Mouth, worker_at
from tests.support.tills import TillInFolder, make_till, till
from tests.support.twisting import DEEP, flipped
from tests.sync.malformed import honest_answer_is_taken, to_hub, to_till

__all__ = ["make_till", "till"]

ROUNDS, SOAK = 3, 100


def test_no_spoiled_message_is_taken_and_the_honest_one_still_is(
    hub: RunningHub, writer: Writer, soak: bool
) -> None:
    for _ in range(5):
        writer.write(setting())
    hub.push(writer)
    waiting = writer.write(setting(value="the next one"))
    found = to_hub(hub, writer, (SOAK if soak else ROUNDS) * len(WAYS), "hostile")
    assert (found.accepted, found.crashes, found.five_hundreds) == (0, 0, 0), found.worst
    assert set(found.said) >= {
        "signature_bad", "not_authentic", "bad_request", "too_large", "clock_off", "not_enrolled",
        "replayed", "wrong_shop",
    }  # fmt: skip
    assert hub.rows("SELECT count(*) FROM hub_fork") == [(0,)]
    assert hub.push(writer, [waiting]).code == "ack"


def test_no_answer_but_the_hubs_own_moves_a_till(till: TillInFolder, soak: bool) -> None:
    mouth = Mouth()
    try:
        worker = worker_at(till, mouth)
        rounds = SOAK if soak else ROUNDS
        found = to_till(till, worker, mouth, rounds * len(LIES), "answers")
        assert (found.accepted, found.crashes) == (0, 0), found.worst
        assert set(found.said) == {"hostile", "no_answer", "portal"}
        assert honest_answer_is_taken(worker, mouth)
    finally:
        mouth.close()


@pytest.mark.parametrize("field", ["shop", "till", "device", "public_key"])
def test_a_first_entry_with_nul_in_it_lets_nobody_in(hub: RunningHub, field: str) -> None:
    stranger = Writer("stranger")
    first = stranger.entries.pop()
    said = msgspec.json.decode(first.content) | {field: "a\0b"}
    stranger.sign(msgspec.json.encode(said), decode_envelope(first.content))
    told = hub.enrol(stranger, "A-GUESS")
    assert (told.status, told.code) == (403, "not_authentic")


@pytest.mark.parametrize("field", ["product", "lot", "serial"])
def test_nul_in_a_question_is_no_question(hub: RunningHub, writer: Writer, field: str) -> None:
    body = msgspec.json.encode({"v": 1, field: "a\0b"})
    headers = hub.signed(writer, GENUINE_PATH, body, packed=False)
    response = hub.post(GENUINE_PATH, body, headers)
    assert hub.code_of(headers[protocol.NONCE_HEADER], response) == "bad_request"


@pytest.mark.parametrize(
    "path",
    [
        *("/01/06901234567892/10/a%00b", "/01/06901234567892/10/a/21/%00", "/01/%00/10/%ff"),
        *("/t/%00", "/t/a%00b", "/login?next=%00"),
    ],
)
def test_nul_in_the_path_of_a_page_is_no_bug(hub: RunningHub, path: str) -> None:
    assert hub.session.get(hub.address + path, timeout=20).status_code < 500


@pytest.mark.parametrize("inside", ["[" * DEEP + "]" * DEEP, '{"a":' * 9_000 + "0" + "}" * 9_000])
def test_a_bottomless_entry_its_till_has_signed_is_kept_and_blocks_nobody(
    hub: RunningHub, writer: Writer, inside: str
) -> None:
    plain = writer.write(setting())
    writer.entries.pop()
    content = plain.content[:-1] + f',"newer":{inside}}}'.encode()
    writer.sign(content, decode_envelope(plain.content))
    writer.write(setting(value="after it"))
    assert hub.push(writer).code == "ack"
    hub.projection.work()
    assert hub.rows("SELECT seq, reason FROM hub_unread") == [(2, "unreadable")]
    assert hub.rows("SELECT count(*) FROM setting")[0][0] == 1


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
