"""Where goods are asked about: by tills, and by whoever holds them."""

from typing import Any

from litestar import MediaType, Response, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody

from sync.hub.signed_line import status_of
from sync.hub.state import Hub
from sync.hub.tracing import genuine
from sync.protocol import READABLE, Refused, encoded
from sync.protocol_trace import GENUINE_PATH, AskGenuine, Genuine


def trace_routes(hub: Hub) -> list[Any]:
    """The routes, for the hub's application."""

    @post(
        GENUINE_PATH,
        sync_to_thread=True,
        responses={200: ResponseSpec(Genuine, generate_examples=False)},
        status_code=200,
    )
    def is_genuine(data: JSONBody[AskGenuine]) -> Response[bytes]:
        """验真: whether goods are real, were sold before or are recalled, as a till asks it."""
        answer: Genuine | Refused
        if data.v in READABLE:
            with hub.database.begin() as db:
                answer = genuine(db, data, hub.now_ms())
        else:
            answer = Refused(code="not_this_version", hub_ms=hub.now_ms())
        return Response(encoded(answer), status_code=status_of(answer), media_type=MediaType.JSON)

    return [is_genuine]
