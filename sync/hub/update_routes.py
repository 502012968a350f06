"""Where tills ask for a newer program and fetch it."""

from collections.abc import Callable
from typing import Any

from litestar import MediaType, Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody

from sync.hub.enrolling import Signer
from sync.hub.signed_line import signer_in, status_of
from sync.hub.state import Hub
from sync.hub.updates import offered, piece
from sync.protocol import READABLE, Refused, encoded
from sync.protocol_updates import (
    UPDATE_ASK_PATH,
    UPDATE_GET_PATH,
    AskUpdate,
    GetUpdate,
    UpdateAnswer,
    UpdateOffer,
    UpdatePiece,
)


def update_routes(hub: Hub, refusals: dict[int, ResponseSpec]) -> list[HTTPRouteHandler]:
    """The routes, for the hub's application."""

    def said(
        v: int, request: Request[Any, Any, Any], answer: Callable[[Signer], UpdateAnswer]
    ) -> Response[bytes]:
        old = Refused(code="not_this_version", hub_ms=hub.now_ms())
        told = answer(signer_in(request.scope)) if v in READABLE else old
        return Response(encoded(told), status_code=status_of(told), media_type=MediaType.JSON)

    @post(
        UPDATE_ASK_PATH,
        sync_to_thread=True,
        responses={200: ResponseSpec(UpdateOffer, generate_examples=False), **refusals},
        status_code=200,
    )
    def ask(data: JSONBody[AskUpdate], request: Request[Any, Any, Any]) -> Response[bytes]:
        """Whether head office gives this till's shop a newer program."""
        return said(data.v, request, lambda signer: offered(hub, signer, data))

    @post(
        UPDATE_GET_PATH,
        sync_to_thread=True,
        responses={200: ResponseSpec(UpdatePiece, generate_examples=False), **refusals},
        status_code=200,
    )
    def get(data: JSONBody[GetUpdate], request: Request[Any, Any, Any]) -> Response[bytes]:
        """A piece of it."""
        return said(data.v, request, lambda signer: piece(hub, signer, data))

    return [ask, get]
