"""How a path for tills is written: what it answers with is described, and an answer is JSON.

Whose request it is, that it is one of ours and of a version spoken here has been seen to before
(`signed_line`).
"""

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import MediaType, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec

from sync.hub.signed_line import status_of
from sync.protocol import Refused, encoded

Answering = Callable[..., Response[bytes]]
REFUSALS = {
    status: ResponseSpec(Refused, description=why, generate_examples=False)
    for status, why in (
        (400, "not a message of this protocol"),
        (403, "who asks may not, or cannot be believed"),
        (413, "longer than a message may be"),
        (429, "too often: the answer says how long to wait"),
        (500, "a bug of the hub's"),
        (503, "come again later"),
    )
}


def till_path(path: str, answer: Any) -> Callable[[Answering], HTTPRouteHandler]:
    """Puts a function at a path; `answer` is the Struct it says, or several."""
    described = ResponseSpec(answer, generate_examples=False)
    responses = {200: described, **REFUSALS}
    return post(path, sync_to_thread=True, responses=responses, status_code=200)


def said(answer: msgspec.Struct) -> Response[bytes]:
    """An answer, with the status that goes with it."""
    return Response(encoded(answer), status_code=status_of(answer), media_type=MediaType.JSON)
