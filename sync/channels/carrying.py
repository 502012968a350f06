"""The HTTP rim of every channel: short, bounded, suspicious.

Nothing here is retried: whether a request may be repeated is the payment machine's business. A
failure says whether a byte may have left the till, because only then can somebody be charged.
"""

import socket
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import msgspec

from app.clock import Clock
from sync.channels.answers import ChannelTrouble

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
        authority: str = "",
    ) -> None:
        """With an `authority` (certificates as PEM) no other one's word counts."""
        self.address = address.rstrip("/")
        self.clock = clock
        self._practice = practice
        self._cut = cut
        self._authority = authority

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
        # Only now: a till that takes cash alone never loads the client.
        from sync.channels.requesting import exchange

        return exchange(method, url, body, sent, loopback=self.loopback, authority=self._authority)


def is_loopback(address: str) -> bool:
    """Whether an address is this very machine, over plain HTTP."""
    try:
        parts = urlsplit(address)
        return parts.scheme == "http" and parts.hostname in LOOPBACK and bool(parts.port)
    except ValueError:
        return False
