"""Taking in a newer program for tills at the pages: a file laid on the disk, never whole in memory.

What it is gets decided by `updates.take_in`, as for the line of `./pos hq`.
"""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

from litestar import Response, post
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException

from app.errors import Refusal, ShopError
from sync.hub import updates
from sync.hub.sessions import Session
from sync.hub.web.asking import Asked, Desk, Form, redirect, told
from sync.protocol_updates import MOST_UPDATE_BYTES

RIGHT = "update"
_BESIDE_THE_FILE = 64 * 1024
"""For the form's own fields and the lines between its parts."""
TOO_LARGE = 413


def update_route(desk: Desk) -> Any:
    """The form of the page of updates that carries a file."""

    @post("/do/take_update", request_max_body_size=MOST_UPDATE_BYTES + _BESIDE_THE_FILE)
    async def take_update(request: Asked) -> Response[Any]:
        # Nobody's file is read before it is known whose it is and that they may.
        session = await asyncio.to_thread(desk.session, request)
        try:
            await asyncio.to_thread(desk.demand, session.actor, RIGHT)
            try:
                parts = await request.form()
            except HTTPException as error:
                if error.status_code != TOO_LARGE:
                    raise Refusal("office_form_old") from error
                most = MOST_UPDATE_BYTES // 1_000_000
                raise Refusal("update_too_large", most=most) from error
            await asyncio.to_thread(_take, desk, session, dict(parts.multi_items()))
        except ShopError as error:
            return told(request, error, session)
        return redirect("/hq/updates?done=kept")

    return take_update


def _take(desk: Desk, session: Session, parts: dict[str, Any]) -> None:
    fields = {name: [value] for name, value in parts.items() if isinstance(value, str)}
    desk.check_form(session, Form(fields))
    sent = parts.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise Refusal("import_no_file", name="")
    with tempfile.TemporaryDirectory(prefix="update-") as folder:
        path = Path(folder) / "update.kpupdate"
        with path.open("wb") as file:
            sent.file.seek(0)
            shutil.copyfileobj(sent.file, file)
        updates.take_in(desk.hub, session.actor, path)
