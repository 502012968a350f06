"""The check of a long report going on behind its page: a frame in it that holds a week against its
entries, shows how far that is, and loads itself again for the next. Nothing is kept in between."""

import logging
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.params import FromPath
from sqlalchemy.exc import SQLAlchemyError

from app.errors import ShopError
from app.messages import sentence
from sync.hub import reporting
from sync.hub.web.asking import Asked as Request
from sync.hub.web.asking import Desk, NotSignedIn, language_of, query_of
from sync.hub.web.rendering import IN_FRAME, page
from sync.hub.web.reports import checked, question_of

LOG = logging.getLogger(__name__)
NOTHING: dict[str, Any] = {
    "signed_out": False, "away": False, "on": "", "check": "", "sound": False, "damaged": (),
    "uncounted": 0, "shop_names": {},
}  # fmt: skip


def holding_route(desk: Desk) -> Any:
    """/hq/held/{name}: the question of the report's page, `against` what that was held, and how
    many `weeks` are held once this is answered."""

    @get("/held/{name:str}", sync_to_thread=True)
    def held(request: Request, name: FromPath[str]) -> Response[str]:
        language, status = language_of(request), 200
        try:
            desk.demand(desk.session(request).actor, "see")
            values = _held(desk, request, name)
        except NotSignedIn:
            values = {"signed_out": True}
        except ShopError as error:
            values = {"check": sentence(error, language)}
        except SQLAlchemyError as error:
            LOG.warning("a week of %s was not held: %s", name, type(error).__name__)
            values, status = {"away": True}, 503
        return page("held.html", language, status, IN_FRAME, **(NOTHING | values))

    return held


def _held(desk: Desk, request: Request, name: str) -> dict[str, Any]:
    """What the frame shows, and where it goes `on`."""
    query = query_of(request)
    weeks = query.one("weeks", 4)
    count = int(weeks) if weeks.isdecimal() else 0
    with desk.hub.database.begin() as db:
        wanted = question_of(desk.hub, db, name, query)
    check = reporting.held_on(desk.hub, name, wanted, query.one("against", 20), count)
    with desk.hub.database.begin() as db:
        values = checked(db, wanted, check, query.language)
    if not check.ok or not values["going_on"]:
        return values
    again = [(key, each) for key, many in query.fields.items() if key != "weeks" for each in many]
    return values | {"on": f"/hq/held/{name}?{urlencode([*again, ('weeks', count + 1)])}"}
