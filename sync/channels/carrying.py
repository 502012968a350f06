"""The HTTP rim of every channel: short, bounded, suspicious.

Nothing here is retried: whether a request may be repeated is the payment machine's business. A
failure says whether a byte may have left the till, because only then can somebody be charged.
"""

import socket
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import msgspec
import requests
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ConnectTimeout, RequestException, SSLError
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError

from app.clock import Clock
from sync.channels.answers import ChannelTrouble

CONNECT_S, READ_S = 3, 10
WHOLE_ANSWER_MS = 15_000
MOST_ANSWER_BYTES = 4 * 1024 * 1024
PROBE_S = 1.5
LOOPBACK = ("127.0.0.1", "::1", "localhost")
CLOCK_HEADER = "X-Practice-Time"
"""A till whose clock is set by hand tells the practice network what time it is there."""


class Answer(msgspec.Struct, frozen=True):
    """What came back, unread and not yet believed."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Line:
    """The way to one address. `cut` is a line somebody pulled, for practice."""

    def __init__(
        self,
        address: str,
        clock: Clock,
        *,
        practice: bool = False,
        cut: Callable[[], bool] = lambda: False,
    ) -> None:
        self.address = address.rstrip("/")
        self.clock = clock
        self._practice = practice
        self._cut = cut

    @property
    def loopback(self) -> bool:
        """Whether the address is this very machine."""
        return is_loopback(self.address)

    def why_off(self) -> str:
        """Try the door without asking anything; "" when it opens, else a reason."""
        parts = urlsplit(self.address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if self._cut():
            return "no_connection"
        try:
            socket.create_connection((parts.hostname or "", port), PROBE_S).close()
        except OSError:
            return "no_connection"
        return ""

    def ask(
        self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str]
    ) -> Answer:
        """One request, one answer. Raises ChannelTrouble."""
        if self._cut():
            raise ChannelTrouble("no_connection", reached=False)
        url = path if path.startswith("http") else self.address + path
        sent = {"User-Agent": "kaiping-youpin-till", **headers}
        if self._practice:
            sent[CLOCK_HEADER] = str(self.clock.wall_ms())
        with requests.Session() as session:
            # A proxy named in the environment has no business between a till and itself.
            session.trust_env = not self.loopback
            try:
                return self._exchange(session, method, url, body, sent)
            except SSLError as error:
                # A certificate that was refused ended the talk before anything was asked.
                refused = "CERTIFICATE_VERIFY_FAILED" in str(error)
                raise ChannelTrouble("tls", reached=not refused) from error
            except ConnectTimeout as error:
                raise ChannelTrouble("no_connection", reached=False) from error
            except NoConnection as error:
                reached = not _never_left(error)
                reason = "no_answer" if reached else "no_connection"
                raise ChannelTrouble(reason, reached=reached) from error
            except (RequestException, OSError) as error:
                raise ChannelTrouble("no_answer", reached=True) from error

    def _exchange(
        self,
        session: requests.Session,
        method: str,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
    ) -> Answer:
        began = self.clock.monotonic_ms()
        with session.request(
            method,
            url,
            data=body or None,
            headers=dict(headers),
            timeout=(CONNECT_S, READ_S),
            allow_redirects=False,
            stream=True,
        ) as response:
            whole = b""
            for part in response.iter_content(65_536):
                whole += part
                late = self.clock.monotonic_ms() - began > WHOLE_ANSWER_MS
                if late or len(whole) > MOST_ANSWER_BYTES:
                    raise ChannelTrouble("no_answer", reached=True)
            _refuse_portals(response.status_code, response.headers, whole)
            return Answer(response.status_code, response.headers, whole)


def _never_left(error: NoConnection) -> bool:
    """Whether the connection was never made: then nobody can have been charged."""
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError):
        return isinstance(cause.reason, NewConnectionError | NameResolutionError)
    return False


def _refuse_portals(status: int, headers: Mapping[str, str], body: bytes) -> None:
    """A hotel's log-in page answers 200 to anything."""
    kind = headers.get("Content-Type", "").lower()
    looks = body.lstrip()[:15].lower()
    if 300 <= status < 400 or "html" in kind or looks.startswith((b"<!doctype", b"<html")):
        raise ChannelTrouble("portal", reached=True)


def is_loopback(address: str) -> bool:
    """Whether an address is this very machine, over plain HTTP."""
    try:
        parts = urlsplit(address)
        return parts.scheme == "http" and parts.hostname in LOOPBACK and bool(parts.port)
    except ValueError:
        return False
