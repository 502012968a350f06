"""Figures for whoever watches machines, in the text form Prometheus reads. No shop's business.

They are for this machine alone, or for whoever brings the token that lies beside the hub's key.
"""

import hmac
from collections import Counter
from typing import Any

from litestar import MediaType, Request, Response, get
from sqlalchemy import func, select

from sync.hub.overview import health
from sync.hub.state import Hub
from sync.hub.tables import hub_device

PATH = "/metrics"
TOKEN_FILE = "metrics.token"
LOOPBACK = ("127.0.0.1", "::1")
BOUNDS_MS = (5, 20, 100, 500, 2000, 10_000)
LANES = {"/v1/": "tills", "/hq": "pages", "/01/": "trace", "/t/": "trace"}
"""How an address begins -> the part of the hub that answers: few words, whatever somebody asks."""


class Requests:
    """How many requests there were and how long they took; wraps an application."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.app: Any = None
        """What is wrapped; it asks for these figures itself, so it is made afterwards."""
        self.counts: Counter[tuple[str, int]] = Counter()
        self.within: Counter[int] = Counter()
        self.total_ms = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = self.hub.clock.monotonic_ms(), 500

        async def sent(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, sent)
        finally:
            taken = self.hub.clock.monotonic_ms() - begun
            self.counts[_lane(scope["path"]), status] += 1
            self.total_ms += taken
            self.within.update(bound for bound in BOUNDS_MS if taken <= bound)

    def lines(self) -> list[str]:
        """What there was since the start."""
        made = ["# TYPE hub_requests_total counter"]
        for (lane, status), times in sorted(self.counts.items()):
            made.append(f'hub_requests_total{{lane="{lane}",status="{status}"}} {times}')
        every = sum(self.counts.values())
        made.append("# TYPE hub_request_milliseconds histogram")
        for bound in BOUNDS_MS:
            made.append(f'hub_request_milliseconds_bucket{{le="{bound}"}} {self.within[bound]}')
        return [
            *made,
            f'hub_request_milliseconds_bucket{{le="+Inf"}} {every}',
            f"hub_request_milliseconds_sum {self.total_ms}",
            f"hub_request_milliseconds_count {every}",
        ]


def metrics_route(hub: Hub, requests: Requests) -> Any:
    """The route, for the hub's application."""

    @get(PATH, sync_to_thread=True, include_in_schema=False)
    def figures(request: Request[Any, Any, Any]) -> Response[str]:
        if not _may(hub, request):
            return Response("", status_code=404, media_type=MediaType.TEXT)
        text = "\n".join([*_standing(hub), *requests.lines()]) + "\n"
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    return figures


def _may(hub: Hub, request: Request[Any, Any, Any]) -> bool:
    token = hub.folder / TOKEN_FILE
    brought = request.headers.get("authorization", "")
    if token.exists():
        wanted = f"Bearer {token.read_text(encoding='ascii').strip()}"
        return hmac.compare_digest(brought.encode(), wanted.encode())
    # A relay on this machine speaks for others: whoever stands behind one needs the token.
    relayed = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    return not relayed and request.client is not None and request.client.host in LOOPBACK


def _standing(hub: Hub) -> list[str]:
    """How the hub stands now, from its database."""
    known = health(hub)
    with hub.database.begin() as db:
        states = db.execute(
            select(hub_device.c.state, func.count()).group_by(hub_device.c.state)
        ).all()
        silent = db.scalar(select(func.min(hub_device.c.seen_ms)))
    return [
        "# TYPE hub_projection_lag_batches gauge",
        f"hub_projection_lag_batches {known.lag}",
        "# TYPE hub_unread_entries gauge",
        f"hub_unread_entries {known.unread}",
        "# TYPE hub_forked_entries gauge",
        f"hub_forked_entries {known.forks}",
        "# TYPE hub_tills gauge",
        *(f'hub_tills{{state="{state}"}} {count}' for state, count in sorted(map(tuple, states))),
        "# TYPE hub_longest_silence_milliseconds gauge",
        f"hub_longest_silence_milliseconds {hub.now_ms() - silent if silent else 0}",
    ]


def _lane(path: str) -> str:
    return next((lane for begins, lane in LANES.items() if path.startswith(begins)), "other")
