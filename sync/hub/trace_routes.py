"""Where goods are asked about: by tills, and by whoever holds them."""

from typing import Any

from litestar import MediaType, Response, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody

from sync.hub.signed_line import status_of
from sync.hub.state import Hub
from sync.hub.tracing import genuine, lot_of_link
from sync.hub.web.asking import Asked, Desk, address_of, visitors_language
from sync.hub.web.rendering import page
from sync.protocol import READABLE, Refused, encoded
from sync.protocol_trace import GENUINE_PATH, AskGenuine, Genuine


def trace_routes(hub: Hub) -> list[Any]:
    """The routes, for the hub's application."""
    desk = Desk(hub)

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

    def seen(request: Asked, asked: AskGenuine) -> Response[Any]:
        """The same for a customer's phone, without a sign-in and without a trace of who asked."""
        if not desk.looks.allows(address_of(request)):
            return Response("429", status_code=429, media_type=MediaType.TEXT)
        with hub.database.begin() as db:
            one = genuine(db, asked, hub.now_ms())
        return page("trace.html", visitors_language(request), 200, one=one)

    @get("/01/{gtin:str}/10/{lot:str}", sync_to_thread=True, include_in_schema=False)
    def lot_of(request: Asked, gtin: FromPath[str], lot: FromPath[str]) -> Response[Any]:
        return seen(request, lot_of_link(gtin, lot))

    @get("/01/{gtin:str}/10/{lot:str}/21/{serial:str}", sync_to_thread=True,
         include_in_schema=False)  # fmt: skip
    def piece_of(
        request: Asked, gtin: FromPath[str], lot: FromPath[str], serial: FromPath[str]
    ) -> Response[Any]:
        return seen(request, lot_of_link(gtin, lot, serial))

    @get("/t/{lot:str}", sync_to_thread=True, include_in_schema=False)
    def own_code(request: Asked, lot: FromPath[str]) -> Response[Any]:
        # What labels say when the shop's trace address ends in /t/.
        return seen(request, lot_of_link("", lot))

    return [is_genuine, lot_of, piece_of, own_code]
