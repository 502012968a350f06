"""Where a till asks what is new."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from sync.hub.feeding import answer_pull
from sync.hub.signed_line import signer_in
from sync.hub.state import Hub
from sync.hub.till_paths import till_path
from sync.protocol_feeds import PACKED_TYPE, PULL_PATH, Pull, Pulled, packed_answer


def feed_route(hub: Hub) -> HTTPRouteHandler:
    """The route, for the hub's application."""

    @till_path(PULL_PATH, Pulled)
    def pull(data: JSONBody[Pull], request: Request[Any, Any, Any]) -> Response[bytes]:
        """What is new for a till. The answer's body is the JSON described here, gzipped."""
        answer = answer_pull(hub, signer_in(request.scope), data)
        return Response(packed_answer(answer), media_type=PACKED_TYPE)

    return pull
