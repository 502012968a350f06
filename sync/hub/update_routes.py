"""Where tills ask for a newer program and fetch it."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from sync.hub.signed_line import signer_in
from sync.hub.state import Hub
from sync.hub.till_paths import said, till_path
from sync.hub.updates import offered, piece
from sync.protocol_updates import (
    UPDATE_ASK_PATH,
    UPDATE_GET_PATH,
    AskUpdate,
    GetUpdate,
    UpdateOffer,
    UpdatePiece,
)


def update_routes(hub: Hub) -> list[HTTPRouteHandler]:
    """The routes, for the hub's application."""

    @till_path(UPDATE_ASK_PATH, UpdateOffer)
    def ask(data: JSONBody[AskUpdate], request: Request[Any, Any, Any]) -> Response[bytes]:
        """Whether head office gives this till's shop a newer program."""
        return said(offered(hub, signer_in(request.scope), data))

    @till_path(UPDATE_GET_PATH, UpdatePiece)
    def get(data: JSONBody[GetUpdate], request: Request[Any, Any, Any]) -> Response[bytes]:
        """A piece of it."""
        return said(piece(hub, signer_in(request.scope), data))

    return [ask, get]
