"""The line to the hub: each request signed, each answer believed only under the hub's signature."""

import gzip
import ssl
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from app.clock import Clock
from app.errors import Refusal
from app.ids import Ids
from app.journal.outbox import Link
from app.journal.stored import StoredEntry
from sync import protocol
from sync.channels.answers import ChannelTrouble
from sync.channels.carrying import Answer as Raw
from sync.channels.carrying import Line, is_loopback
from sync.protocol import Answer, Hostile, Push, Refused
from sync.protocol_feeds import PULL_PATH, Pull, Pulled, pulled_in
from sync.protocol_standing import (
    REKEY_PATH,
    STANDING_PATH,
    AskStanding,
    Rekey,
    Rekeyed,
    Standing,
    kept_words,
    rekeyed_in,
    standing_in,
)

Said = TypeVar("Said")
Sign = Callable[[bytes], bytes]
MOST_HUB_ADDRESS = 200
SERVER_TROUBLE = 500
TOO_MANY = 429


class LineTrouble(Exception):
    """No answer that can be believed; `reason` as in `conversation.Failed`."""

    def __init__(self, reason: str, retry_after_ms: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_ms = retry_after_ms


class Believed(msgspec.Struct, frozen=True):
    """An answer, and the signed words it stands in."""

    answer: Answer
    evidence: bytes
    sent: int
    """The last seq this push carried: of what lies behind it the answer says nothing."""


class HubLine:
    """One till's line to one hub."""

    def __init__(
        self,
        address: str,
        *,
        journal: str,
        sign: Sign,
        clock: Clock,
        ids: Ids,
        cut: Callable[[], bool] = lambda: False,
        authority: str = "",
    ) -> None:
        """`journal` and `sign` are the till's; `cut` is a line somebody pulled, for practice."""
        self._line = Line(address, clock, cut=cut, authority=authority)
        self._signer = (journal, sign)
        self._clock = clock
        self._ids = ids
        self._ahead_ms = 0
        """How far the hub's clock stands before ours, once it has said that ours is off."""

    def push(self, link: Link, journal: str, entries: list[StoredEntry]) -> Believed:
        """Send entries, as many as one request may hold. Raises LineTrouble."""
        body, count = protocol.packed(
            Push(journal=journal, entries=[protocol.pushed(each) for each in entries])
        )
        packed = {"Content-Encoding": "gzip"}
        raw, nonce, answer = self._ask(
            link.hub_key, protocol.PUSH_PATH, body, packed, protocol.answer_in
        )
        signature = raw.headers[protocol.SIGNATURE_HEADER]
        evidence = kept_words(nonce, raw.status, signature, raw.body)
        return Believed(answer, evidence, entries[count - 1].seq)

    def pull(self, link: Link, pull: Pull) -> Pulled | Refused:
        """Ask what is new. Raises LineTrouble."""
        body = protocol.encoded(pull)
        return self._ask(link.hub_key, PULL_PATH, body, {}, pulled_in)[2]

    def standing(self, link: Link, ask: AskStanding) -> Standing | Refused:
        """Ask how far the hub has this till's journals. Raises LineTrouble."""
        return self.tell(link, STANDING_PATH, ask, standing_in)

    def rekey(self, link: Link, wish: Rekey) -> Rekeyed | Refused:
        """Tell a new key. Raises LineTrouble."""
        return self.tell(link, REKEY_PATH, wish, rekeyed_in)

    def sign_as(self, journal: str, sign: Sign) -> None:
        """Sign requests with another journal's key."""
        self._signer = (journal, sign)

    def tell(
        self, link: Link, path: str, message: msgspec.Struct, read: Callable[[bytes], Said]
    ) -> Said:
        """Say something of another family of messages. Raises LineTrouble."""
        body = gzip.compress(protocol.encoded(message), 6, mtime=0)
        packed = {"Content-Encoding": "gzip"}
        return self._ask(link.hub_key, path, body, packed, read)[2]

    def enrol(self, wish: protocol.Enrol, code: str, public_key: str) -> protocol.Enrolled:
        """Ask to belong. Raises LineTrouble, Refusal("hub_refused")."""
        raw, nonce = self._exchange(protocol.ENROL_PATH, protocol.encoded(wish), {})
        try:
            answer = protocol.answer_in(raw.body)
        except Hostile as error:
            raise _trouble(raw, error) from None
        if isinstance(answer, Refused):
            raise Refusal("hub_refused", reason=answer.code)
        if not isinstance(answer, protocol.Enrolled):
            raise LineTrouble("hostile")
        # Only who knows the code can have made this proof, so the key in it is the hub's own.
        known = protocol.hub_proof(code, public_key, answer.hub_key, answer.incarnation)
        if answer.proof != known:
            raise LineTrouble("hostile")
        _believe(raw, answer.hub_key, nonce, protocol.answer_in)
        return answer

    def _ask(
        self,
        hub_key: str,
        path: str,
        body: bytes,
        headers: dict[str, str],
        read: Callable[[bytes], Said],
    ) -> tuple[Raw, str, Said]:
        """Ask, and read what the hub signed; once more if only our clock was wrong.

        The answer as it came, the nonce of its request, and what it says.
        """
        raw, nonce = self._exchange(path, body, headers)
        answer = _believe(raw, hub_key, nonce, read)
        if isinstance(answer, Refused) and answer.code == "clock_off":
            # A till's clock may be wrong; the hub's word on it is signed.
            self._ahead_ms = answer.hub_ms - self._clock.wall_ms()
            raw, nonce = self._exchange(path, body, headers)
            answer = _believe(raw, hub_key, nonce, read)
        return raw, nonce, answer

    def _exchange(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[Raw, str]:
        time_ms = self._clock.wall_ms() + self._ahead_ms
        nonce = self._ids.random_bytes(16).hex()
        journal, sign = self._signer
        text = protocol.request_text("POST", path, journal, time_ms, nonce, body)
        sent = {
            "Content-Type": "application/json",
            protocol.JOURNAL_HEADER: journal,
            protocol.TIME_HEADER: str(time_ms),
            protocol.NONCE_HEADER: nonce,
            protocol.SIGNATURE_HEADER: sign(text).hex(),
            **headers,
        }
        try:
            return self._line.ask("POST", path, body=body, headers=sent), nonce
        except ChannelTrouble as trouble:
            raise LineTrouble(trouble.reason) from trouble


def _believe(raw: Raw, hub_key: str, nonce: str, read: Callable[[bytes], Said]) -> Said:
    signature = raw.headers.get(protocol.SIGNATURE_HEADER, "")
    try:
        protocol.demand_signature(hub_key, nonce, raw.status, signature, raw.body)
        return read(raw.body)
    except Hostile as error:
        raise _trouble(raw, error) from None


def _trouble(raw: Raw, error: Hostile) -> LineTrouble:
    """Whoever stands before the hub may say that it is busy without its signature."""
    if raw.status >= SERVER_TROUBLE or raw.status == TOO_MANY:
        wish = raw.headers.get("Retry-After", "").strip()
        seconds = int(wish) if wish.isascii() and wish.isdecimal() and len(wish) < 7 else 0
        return LineTrouble("busy", seconds * 1000)
    return LineTrouble("hostile", 0)


def tidy_address(text: str) -> str:
    """A hub's address as it is kept. Raises Refusal: hub_address_bad, hub_needs_tls."""
    address = text.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        bad = parts.scheme not in ("http", "https") or not parts.hostname or bool(parts.query)
        bad = bad or parts.username is not None or parts.port == 0
    except ValueError:
        bad = True
    if bad or len(address) > MOST_HUB_ADDRESS:
        raise Refusal("hub_address_bad", text=text[:40])
    if parts.scheme == "http" and not is_loopback(address):
        raise Refusal("hub_needs_tls")
    return address


def tidy_authority(text: str) -> str:
    """The certificates (PEM) a brand signs its hub's with. Raises Refusal("hub_authority_bad")."""
    if not text.strip():
        return ""
    try:
        ssl.create_default_context(cadata=text)
    except (ssl.SSLError, ValueError):
        raise Refusal("hub_authority_bad") from None
    return text.strip() + "\n"
