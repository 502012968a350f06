"""One request over HTTP and its answer, bounded in time and size.

Apart from `carrying`, because the client behind it takes a tenth of a second and twelve megabytes
that a till without electronic money never needs.
"""

from collections.abc import Mapping

import requests
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ConnectTimeout, RequestException, SSLError
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError

from app.clock import Clock
from sync.channels.answers import ChannelTrouble
from sync.channels.carrying import Answer

CONNECT_S, READ_S = 3, 10
WHOLE_ANSWER_MS = 15_000
MOST_ANSWER_BYTES = 4 * 1024 * 1024


def exchange(
    method: str, url: str, body: bytes, headers: Mapping[str, str], *, clock: Clock, loopback: bool
) -> Answer:
    """Ask once. Raises ChannelTrouble, which says whether a byte may have left the till."""
    with requests.Session() as session:
        # A proxy named in the environment has no business between a till and itself.
        session.trust_env = not loopback
        try:
            return _exchange(session, method, url, body, headers, clock)
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
    session: requests.Session,
    method: str,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    clock: Clock,
) -> Answer:
    began = clock.monotonic_ms()
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
            late = clock.monotonic_ms() - began > WHOLE_ANSWER_MS
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
