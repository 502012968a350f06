"""The bytes of an entry: exact, in one order, in one form of text, and never encoded again."""

import hashlib
import json
from base64 import b32encode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.facts.registry import UnknownKind, decode_fact
from app.facts.shop import SettingChanged
from app.journal import entry
from app.journal.entry import (
    BadEntry,
    decode_envelope,
    encode,
    hash6,
    hash_of,
    text_problem,
)
from app.journal.rebuild import read
from app.journal.stored import StoredEntry
from app.rows import Envelope
from tests.support.entries import Writer
from tests.support.facts import any_fact, setting, sold
from tests.support.tills import TillInFolder

ENVELOPE = Envelope(
    v=1,
    journal="j",
    seq=2,
    prev="0" * 64,
    fact="f",
    kind="setting_changed@1",
    order=5,
    wall=4,
    staff="101",
    app="0.1.0",
)


def test_keys_stand_in_one_order_the_envelopes_first() -> None:
    assert encode(ENVELOPE, setting("phone", "0750")) == (
        b'{"v":1,"journal":"j","seq":2,"prev":"' + b"0" * 64 + b'","fact":"f",'
        b'"kind":"setting_changed@1","order":5,"wall":4,"staff":"101","app":"0.1.0",'
        b'"shop":"KP01","key":"phone","value":"0750"}'
    )


def test_chinese_text_is_written_as_it_is() -> None:
    assert "赤坎店".encode() in encode(ENVELOPE, setting(value="赤坎店"))


@given(any_fact())
def test_every_entry_is_json_of_whole_numbers_and_text_that_reads_back(fact: object) -> None:
    stored = Writer("a").write(fact)  # type: ignore[arg-type]
    said = read(stored)
    assert said is not None and said[1] == fact

    def never(number: str) -> None:
        raise AssertionError(number)

    values = json.loads(stored.content, parse_float=never, parse_constant=never)
    assert list(values)[: len(Envelope.__struct_fields__)] == list(Envelope.__struct_fields__)
    assert all(kind in (int, str) for kind in leaves(values))


def leaves(value: object) -> set[type]:
    if isinstance(value, dict):
        return set().union(*map(leaves, value.values()))
    if isinstance(value, list):
        return set().union(*map(leaves, value))
    return {type(value)}


@pytest.mark.parametrize(
    "value",
    ["\n", "\x00", "\t", "\x1b[2J", "\x7f", "\x85", "\x9f", "e\u0301", "\u1100\u1161", "a\\\nb"],
)
def test_control_characters_and_text_in_another_form_are_refused(value: str) -> None:
    with pytest.raises(BadEntry):
        encode(ENVELOPE, setting(value=value))


@pytest.mark.parametrize(
    "value", ["C:\\new\\table", "\\", "\\\\n", 'say "n"', "a/b", "\u2028", "\\u0000", "×·￥𠮷"]
)
def test_signs_that_only_look_dangerous_may_stand(value: str) -> None:
    content = encode(ENVELOPE, setting(value=value))
    assert decode_fact(ENVELOPE.kind, content) == setting(value=value)


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_only_control_characters_and_other_forms_are_refused(value: str) -> None:
    import unicodedata

    fine = unicodedata.is_normalized("NFC", value) and not any(
        unicodedata.category(char) == "Cc" for char in value
    )
    assert (text_problem(msgspec.json.encode(setting(value=value))) == "") == fine


def test_an_entry_holds_64_kib_and_not_a_byte_more() -> None:
    room = entry.MAX_ENTRY_BYTES - len(encode(ENVELOPE, setting(value="")))
    assert len(encode(ENVELOPE, setting(value="a" * room))) == 64 * 1024
    with pytest.raises(BadEntry, match="limit"):
        encode(ENVELOPE, setting(value="a" * (room + 1)))


def test_hash6_is_the_last_thirty_bits_in_base32() -> None:
    known = hashlib.sha256("开平".encode()).digest()
    bits = f"{int.from_bytes(known, 'big'):0256b}"[-30:]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    spelt = "".join(letters[int(bits[n : n + 5], 2)] for n in range(0, 30, 5))
    assert hash6(known) == spelt
    assert hash6(bytes(32)) == "AAAAAA"
    assert hash6(b"\xff" * 32) == "777777"
    # Five bytes and six letters: the alphabet is the standard's own.
    assert hash6(bytes(28) + b"\x00\x00\x00\x1f") == b32encode(b"\x00\x00\x00\x00\x1f").decode()[
        2:
    ].rjust(6, "A")


def test_hash6_of_a_known_entry() -> None:
    content = encode(ENVELOPE, setting("phone", "0750"))
    assert hash_of(content) == hashlib.sha256(content).digest()
    assert hash_of(content).hex()[:16] == hashlib.sha256(content).hexdigest()[:16]


def test_fields_a_newer_program_wrote_survive_in_the_bytes(till: TillInFolder) -> None:
    content = encode(ENVELOPE, setting())[:-1] + b',"colour":"red","more":[1]}'
    assert decode_fact(ENVELOPE.kind, content) == setting()
    assert decode_envelope(content) == ENVELOPE


def test_a_kind_nobody_knows_still_has_an_envelope() -> None:
    content = encode(ENVELOPE, setting()).replace(b"setting_changed@1", b"setting_changed@9")
    assert decode_envelope(content).kind == "setting_changed@9"
    with pytest.raises(UnknownKind):
        decode_fact("setting_changed@9", content)
    assert read(StoredEntry("j", 2, content, hash_of(content), b"")) is None


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"v":"1"}', b"null"])
def test_bytes_that_are_no_entry_are_named_so(content: bytes) -> None:
    with pytest.raises(BadEntry):
        decode_envelope(content)


def test_an_entry_must_say_what_kind_of_fact_it_holds() -> None:
    with pytest.raises(AssertionError):
        encode(ENVELOPE, sold())


def test_a_check_that_trips_over_backslashes_refuses_honest_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The planted fault: any backslash but before a quote, as the check once read."""
    import re

    monkeypatch.setattr(entry, "_ESCAPES", re.compile(rb"\\(?![\"\\/])"))
    with pytest.raises(BadEntry):
        encode(ENVELOPE, SettingChanged(shop="KP01", key="k", value="C:\\new"))
