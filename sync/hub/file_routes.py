"""Where attachments come in and are fetched again."""

from typing import Any

from litestar import MediaType, Request, Response, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody

from sync.hub.files import find, keep
from sync.hub.signed_line import signer_in, status_of
from sync.hub.state import Hub
from sync.protocol import READABLE, Refused, encoded
from sync.protocol_files import (
    FILE_GET_PATH,
    FILE_PUT_PATH,
    FileAnswer,
    FileFound,
    FileGet,
    FileKept,
    FilePut,
)


def file_routes(hub: Hub) -> list[Any]:
    """The routes, for the hub's application."""

    @post(
        FILE_PUT_PATH,
        sync_to_thread=True,
        responses={200: ResponseSpec(FileKept, generate_examples=False)},
        status_code=200,
    )
    def put(data: JSONBody[FilePut], request: Request[Any, Any, Any]) -> Response[bytes]:
        """A piece of an attachment, sealed before it left the till."""
        return _said(keep(hub, signer_in(request.scope), data) if _reads(data) else _newer(hub))

    @post(
        FILE_GET_PATH,
        sync_to_thread=True,
        responses={200: ResponseSpec(FileFound, generate_examples=False)},
        status_code=200,
    )
    def fetch(data: JSONBody[FileGet], request: Request[Any, Any, Any]) -> Response[bytes]:
        """A piece of an attachment for a till of the shop that sent it."""
        return _said(find(hub, signer_in(request.scope), data) if _reads(data) else _newer(hub))

    return [put, fetch]


def _reads(message: FilePut | FileGet) -> bool:
    return message.v in READABLE


def _newer(hub: Hub) -> Refused:
    return Refused(code="not_this_version", hub_ms=hub.now_ms())


def _said(answer: FileAnswer) -> Response[bytes]:
    return Response(encoded(answer), status_code=status_of(answer), media_type=MediaType.JSON)
