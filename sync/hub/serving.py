"""`./pos hub`: the server in one process, its projection beside it."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from app.clock import Clock
from app.errors import Refusal
from app.ids import Ids
from sync.hub.application import application
from sync.hub.projecting import Projection
from sync.hub.signed_line import Buckets
from sync.hub.state import Hub

BACKLOG = 512
MOST_AT_ONCE = 64
"""Requests being served together; more are told to come later (503), and tills wait by themselves
with jitter, so a whole chain that comes back at once needs no more memory than this."""
KEEP_ALIVE_S = 15
ENDING_S = 10.0


def serve(
    folder: Path,
    *,
    clock: Clock,
    ids: Ids,
    port: int,
    host: str,
    url: str,
    demo: bool,
    certificate: Path | None = None,
    key: Path | None = None,
    restored: bool = False,
    say: Callable[[str], None],
) -> None:
    """Serve until the process is told to end, over TLS with a certificate (PEM, its chain behind
    it). `restored`: its database was put back from a copy.

    Raises Refusal: port_taken, hub_certificate_bad, and what Hub does.
    """
    check_certificate(certificate, key)
    hub = Hub(folder, clock=clock, ids=ids, url=url, demo=demo, new=not restored)
    try:
        if restored:
            hub.renew()
        with listening_at(host, port) as listening:
            projection = Projection(hub.database)
            projection.start()
            shown = listening.getsockname()
            scheme = "https" if certificate else "http"
            say(f"hub {scheme}://{shown[0]}:{shown[1]} {'demo' if hub.demo else 'real'}")
            config = uvicorn.Config(
                application(hub, projection.wake, Buckets()),
                log_level="warning",
                access_log=False,
                server_header=False,
                limit_concurrency=MOST_AT_ONCE,
                timeout_keep_alive=KEEP_ALIVE_S,
                lifespan="off",
                ssl_certfile=certificate,
                ssl_keyfile=key,
            )
            try:
                uvicorn.Server(config).run(sockets=[listening])
            finally:
                projection.close()
    finally:
        hub.close()


@contextmanager
def served_beside(hub: Hub) -> Iterator[str]:
    """Serve a hub by a thread of this process, on a port of this machine; its address.

    Nothing is projected but when somebody says so.
    """
    with listening_at("127.0.0.1", 0) as listening:
        server = uvicorn.Server(
            uvicorn.Config(application(hub), log_level="critical", access_log=False, lifespan="off")
        )
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listening]}, name="hub", daemon=True
        )
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(ENDING_S)


def check_certificate(certificate: Path | None, key: Path | None) -> None:
    """Say now what would be said at the first till. Raises Refusal("hub_certificate_bad")."""
    if certificate is None and key is None:
        return
    if certificate is None or key is None:
        raise Refusal("hub_certificate_bad", detail="--cert and --key")
    try:
        # TLS 1.2 and newer, the older ones are off by themselves.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ValueError) as error:
        raise Refusal("hub_certificate_bad", detail=str(error)[:80]) from error


def listening_at(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any that is free. Raises Refusal("port_taken")."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise Refusal("port_taken", port=port) from error
    return listening
