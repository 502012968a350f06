"""Where attachments come in and are fetched again."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from sync.hub.files import find, keep
from sync.hub.signed_line import signer_in
from sync.hub.state import Hub
from sync.hub.till_paths import said, till_path
from sync.protocol_files import (
    FILE_GET_PATH,
    FILE_PUT_PATH,
    FileFound,
    FileGet,
    FileKept,
    FilePut,
)


def file_routes(hub: Hub) -> list[HTTPRouteHandler]:
    """The routes, for the hub's application."""

    @till_path(FILE_PUT_PATH, FileKept)
    def put(data: JSONBody[FilePut], request: Request[Any, Any, Any]) -> Response[bytes]:
        """A piece of an attachment, sealed before it left the till."""
        return said(keep(hub, signer_in(request.scope), data))

    @till_path(FILE_GET_PATH, FileFound)
    def fetch(data: JSONBody[FileGet], request: Request[Any, Any, Any]) -> Response[bytes]:
        """A piece of an attachment for a till of the shop that sent it."""
        return said(find(hub, signer_in(request.scope), data))

    return [put, fetch]
