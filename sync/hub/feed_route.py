"""Where a till asks what is new."""

from collections.abc import Mapping
from typing import Any

from litestar import MediaType, Request, Response, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody

from sync.hub.feeding import answer_pull
from sync.hub.signed_line import signer_in, status_of
from sync.hub.state import Hub
from sync.protocol import READABLE, Refused, encoded
from sync.protocol_feeds import PACKED_TYPE, PULL_PATH, Pull, Pulled, packed_answer


def feed_route(hub: Hub, refusals: Mapping[int, ResponseSpec]) -> Any:
    """The route, for the hub's application."""

    @post(
        PULL_PATH,
        sync_to_thread=True,
        responses={200: ResponseSpec(Pulled, generate_examples=False), **refusals},
        status_code=200,
    )
    def pull(data: JSONBody[Pull], request: Request[Any, Any, Any]) -> Response[bytes]:
        """What is new for a till. The answer's body is the JSON described here, gzipped."""
        if data.v not in READABLE:
            old = Refused(code="not_this_version", hub_ms=hub.now_ms())
            return Response(encoded(old), status_code=status_of(old), media_type=MediaType.JSON)
        answer = answer_pull(hub, signer_in(request.scope), data)
        return Response(packed_answer(answer), media_type=PACKED_TYPE)

    return pull
