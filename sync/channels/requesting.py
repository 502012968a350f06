"""One request over HTTP and its answer, bounded in time and size.

Apart from `carrying`, because the client behind it takes a tenth of a second and twelve megabytes
that a till without electronic money never needs.
"""

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ConnectTimeout, RequestException, SSLError
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, MaxRetryError, NameResolutionError, NewConnectionError

from sync.channels.answers import ChannelTrouble
from sync.channels.carrying import Answer

CONNECT_S, READ_S = 3, 10
WHOLE_TALK_S = 15
"""From the first byte to the last. `READ_S` alone is no bound: it begins anew with every byte."""
MOST_ANSWER_BYTES = 4 * 1024 * 1024


class Patience:
    """Ends a talk that takes too long, wherever it hangs: in the handshake, the head, the body.

    It holds a second handle of each socket, because whoever reads does not look up.
    """

    here = threading.local()

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._handles: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._give_up)
        self._timer.daemon = True

    def __enter__(self) -> "Patience":
        Patience.here.now = self
        self._timer.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _where: TracebackType | None,
    ) -> None:
        Patience.here.now = None
        self._timer.cancel()
        with self._lock:
            for each in self._handles:
                each.close()
            self._handles = []

    def watch(self, talk: socket.socket) -> None:
        """End this one too when time is up."""
        with self._lock:
            self._handles.append(talk.dup())
            if self.over:
                _end(talk)

    def _give_up(self) -> None:
        with self._lock:
            self.over = True
            for each in self._handles:
                _end(each)


def _end(talk: socket.socket) -> None:
    with suppress(OSError):
        talk.shutdown(socket.SHUT_RDWR)


def _watched(talk: socket.socket) -> socket.socket:
    patience: Patience | None = getattr(Patience.here, "now", None)
    if patience is not None:
        patience.watch(talk)
    return talk


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _watched(super()._new_conn())


class _Secret(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _watched(super()._new_conn())


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecretPool(HTTPSConnectionPool):
    ConnectionCls = _Secret


POOLS = {"http": _PlainPool, "https": _SecretPool}


class _Way(HTTPAdapter):
    """Connections whose time is bounded; with an `authority` (PEM) nobody else's word counts."""

    def __init__(self, authority: str) -> None:
        self._trusted = ssl.create_default_context(cadata=authority) if authority else None
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        found = super().proxy_manager_for(*args, **kwargs)
        found.pool_classes_by_scheme = POOLS
        return found

    def build_connection_pool_key_attributes(
        self, request: Any, verify: Any, cert: Any = None
    ) -> Any:
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        if self._trusted is not None:
            pool = {"cert_reqs": "CERT_REQUIRED", "ssl_context": self._trusted}
        return host, pool

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        # Beside a pinned authority the client would add the public ones.
        if self._trusted is None:
            super().cert_verify(conn, url, verify, cert)


def exchange(
    method: str,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    loopback: bool,
    authority: str = "",
) -> Answer:
    """Ask once. Raises ChannelTrouble, which says whether a byte may have left the till."""
    with requests.Session() as session, Patience(WHOLE_TALK_S) as patience:
        # A proxy named in the environment has no business between a till and itself.
        session.trust_env = not loopback
        way = _Way(authority)
        session.mount("http://", way)
        session.mount("https://", way)
        try:
            answer = _exchange(session, method, url, body, headers)
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
        except (RequestException, HTTPError, OSError) as error:
            raise ChannelTrouble("no_answer", reached=True) from error
        if patience.over:
            # An answer without a length looks whole where we cut it.
            raise ChannelTrouble("no_answer", reached=True)
        return answer


def _exchange(
    session: requests.Session, method: str, url: str, body: bytes, headers: Mapping[str, str]
) -> Answer:
    with session.request(
        method,
        url,
        data=body or None,
        headers={**headers, "Accept-Encoding": "identity"},
        timeout=(CONNECT_S, READ_S),
        allow_redirects=False,
        stream=True,
    ) as response:
        whole = b""
        # As it came: whatever says that it is packed is none of ours, and may be a bomb.
        for part in response.raw.stream(65_536, decode_content=False):
            whole += part
            if len(whole) > MOST_ANSWER_BYTES:
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
