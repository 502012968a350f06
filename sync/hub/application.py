"""The hub's web application: what may be asked, and what is said when something breaks."""

from collections.abc import Callable
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.params import JSONBody

from app import __version__
from sync.hub.elsewhere import stock_route
from sync.hub.enrolling import enrol
from sync.hub.feed_route import feed_route
from sync.hub.file_routes import file_routes
from sync.hub.ingest import take
from sync.hub.metrics import Requests, metrics_route
from sync.hub.overview import Health, health
from sync.hub.signed_line import (
    Buckets,
    DecodedRequest,
    SignedLine,
    refusal_for,
    signer_in,
)
from sync.hub.standings import standing_routes
from sync.hub.state import Hub
from sync.hub.till_paths import said, till_path
from sync.hub.trace_routes import trace_routes
from sync.hub.update_routes import update_routes
from sync.hub.web.routes import office_routes
from sync.protocol import (
    ENROL_PATH,
    HEALTH_PATH,
    MOST_PLAIN_BYTES,
    PUSH_PATH,
    Ack,
    Enrol,
    Enrolled,
    Fork,
    Gap,
    Push,
    Refused,
)


def application(
    hub: Hub, arrived: Callable[[], None] = lambda: None, buckets: Buckets | None = None
) -> Requests:
    """The application of one hub; `arrived` is called whenever entries were stored, `buckets` say
    how often a till may ask."""
    requests = Requests(hub)
    requests.app = SignedLine(_routes(hub, arrived, requests), hub, buckets)
    return requests


def _routes(hub: Hub, arrived: Callable[[], None], requests: Requests) -> Litestar:

    @till_path(PUSH_PATH, Ack | Gap | Fork)
    def push(data: JSONBody[Push], request: Request[Any, Any, Any]) -> Response[bytes]:
        """Entries of one journal. The body is gzipped, the request is signed by the till."""
        signer = signer_in(request.scope)
        answer = take(hub.database, signer, data, incarnation=hub.incarnation, now_ms=hub.now_ms())
        if isinstance(answer, Ack):
            arrived()
        return said(answer)

    @till_path(ENROL_PATH, Enrolled)
    def join(data: JSONBody[Enrol]) -> Response[bytes]:
        """A till asks to belong, with a one-time code that it does not show."""
        return said(enrol(hub.database, data, hub.now_ms(), hub.sealing.public))

    @get(HEALTH_PATH, sync_to_thread=True)
    def healthy() -> Health:
        """Whether the database answers, and how far projections lag behind. No business figures."""
        return health(hub)

    def broken(_request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        return said(_refusal(hub, error))

    return Litestar(
        [
            *(push, join, healthy, feed_route(hub), office_routes(hub)),
            stock_route(hub),
            metrics_route(hub, requests),
            *trace_routes(hub),
            *file_routes(hub),
            *standing_routes(hub),
            *update_routes(hub),
        ],
        request_class=DecodedRequest,
        exception_handlers={Exception: broken},
        request_max_body_size=MOST_PLAIN_BYTES,
        # The description alone: pages that show it would fetch their scripts from elsewhere.
        openapi_config=OpenAPIConfig(
            title="开平优品 hub", version=__version__, render_plugins=[JsonRenderPlugin()]
        ),
        logging_config=None,
    )


def _refusal(hub: Hub, error: Exception) -> Refused:
    """What a till is told about a request that broke; the reason goes to the log alone."""
    now = hub.now_ms()
    if isinstance(error, HTTPException):
        if error.status_code == 413:
            return Refused(code="too_large", hub_ms=now)
        if error.status_code in (404, 405):
            return Refused(code="gone", hub_ms=now)
        if error.status_code < 500:
            return Refused(code="bad_request", detail=str(error.detail)[:200], hub_ms=now)
    return refusal_for(error, now)
