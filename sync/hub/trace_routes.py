"""Where goods are asked about: by tills, and by whoever holds them."""

from typing import Any

from litestar import MediaType, Response, get
from litestar.params import FromPath, JSONBody

from sync.hub.state import Hub
from sync.hub.till_paths import said, till_path
from sync.hub.tracing import genuine, lot_of_link
from sync.hub.web.asking import Asked, Desk, address_of, visitors_language
from sync.hub.web.rendering import page
from sync.protocol_trace import GENUINE_PATH, AskGenuine, Genuine


def trace_routes(hub: Hub) -> list[Any]:
    """The routes, for the hub's application."""
    desk = Desk(hub)

    @till_path(GENUINE_PATH, Genuine)
    def is_genuine(data: JSONBody[AskGenuine]) -> Response[bytes]:
        """验真: whether goods are real, were sold before or are recalled, as a till asks it."""
        with hub.database.begin() as db:
            return said(genuine(db, data, hub.now_ms()))

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
