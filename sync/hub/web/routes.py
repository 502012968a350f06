"""The routes of head office's pages. Whatever is done goes through one door, which asks for the
session, the form's own word and the right before anything happens."""

import asyncio
import hmac
import logging
from typing import Any
from urllib.parse import parse_qs

from litestar import MediaType, Response, Router, get, post
from litestar.datastructures import Cookie, UploadFile
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from app.errors import Refusal, ShopError
from app.messages import sentence
from sync.hub import people, sessions
from sync.hub.importing import MOST_BYTES
from sync.hub.state import Hub
from sync.hub.web.acts import ACTS
from sync.hub.web.asking import (
    LANGUAGE_COOKIE,
    SESSION_COOKIE,
    SIGN_IN,
    Asked,
    Desk,
    Form,
    Goto,
    NotSignedIn,
    address_of,
    language_of,
    query_of,
    redirect,
    told,
)
from sync.hub.web.holding import holding_route
from sync.hub.web.pages import PAGES
from sync.hub.web.rendering import FOLDER, HEADERS, LANGUAGES, page
from sync.hub.web.reports import file_route
from sync.hub.web.update_route import update_route

LOG = logging.getLogger(__name__)
DOOR_COOKIE = "hq_door"
FONTS = FOLDER.parent / "fonts"
FILES = {
    "hub.css": (FOLDER / "hub.css", "text/css"),
    "NotoSansSC-Regular.ttf": (FONTS / "NotoSansSC-Regular.ttf", "font/ttf"),
    "NotoSansSC-Bold.ttf": (FONTS / "NotoSansSC-Bold.ttf", "font/ttf"),
    "till.svg": (FOLDER.parent / "till.svg", "image/svg+xml"),
}
MOST_FORM_BYTES = 1024 * 1024
FILES_KIND = "multipart/form-data"


def office_routes(hub: Hub) -> Router:
    """Everything below /hq."""
    desk = Desk(hub)
    handlers = [
        *_sign_in_routes(desk), *_page_routes(desk), update_route(desk), file_route(desk),
        holding_route(desk), _file_route(),
    ]  # fmt: skip
    return Router(
        "/hq",
        route_handlers=handlers,
        exception_handlers={Exception: _broken},
        include_in_schema=False,
        request_max_body_size=MOST_BYTES + MOST_FORM_BYTES,
    )


def _page_routes(desk: Desk) -> list[Any]:
    # A handler for each form of the address: one for several is wrapped twice by the framework.

    @get("/", sync_to_thread=True)
    def front(request: Asked) -> Response[Any]:
        return _look(desk, request, "", "")

    @get("/{name:str}", sync_to_thread=True)
    def look(request: Asked, name: FromPath[str]) -> Response[Any]:
        return _look(desk, request, name, "")

    @get("/{name:str}/{one:str}", sync_to_thread=True)
    def look_at(request: Asked, name: FromPath[str], one: FromPath[str]) -> Response[Any]:
        return _look(desk, request, name, one)

    @post("/do/{act:str}")
    async def do(request: Asked, act: FromPath[str]) -> Response[Any]:
        if _kind(request) == FILES_KIND:
            # Nobody's file is read before it is known whose it is.
            await asyncio.to_thread(desk.session, request)
        form = await form_of(request)
        return await asyncio.to_thread(_do, desk, request, act, form)

    return [front, look, look_at, do]


def _look(desk: Desk, request: Asked, name: str, one: str) -> Response[Any]:
    session = desk.session(request)
    try:
        if name not in PAGES:
            raise Refusal("office_no_such_page")
        shown = PAGES[name]
        desk.demand(session.actor, shown.right)
        query = query_of(request)
        with desk.hub.database.view() as db:
            values = shown.values(desk.hub, db, query, one)
    except ShopError as error:
        return told(request, error, session)
    return page(
        shown.template, language_of(request), session=session, here=name,
        done=query.one("done", 20), **values,
    )  # fmt: skip


def _do(desk: Desk, request: Asked, act: str, form: Form) -> Response[Any]:
    session = desk.session(request)
    try:
        desk.check_form(session, form)
        if act not in ACTS:
            raise Refusal("office_no_such_page")
        desk.demand(session.actor, ACTS[act].right)
        answer = ACTS[act].carry_out(desk.hub, session.actor, form)
    except ShopError as error:
        return told(request, error, session)
    if isinstance(answer, Goto):
        return redirect(answer.path)
    return page(
        answer.template, language_of(request), session=session, here=ACTS[act].page,
        **answer.values,
    )  # fmt: skip


def _sign_in_routes(desk: Desk) -> list[Any]:

    @get("/sign-in", sync_to_thread=True)
    def door(request: Asked) -> Response[str]:
        return _door(desk, request)

    @post("/sign-in")
    async def enter(request: Asked) -> Response[Any]:
        form = await form_of(request)
        return await asyncio.to_thread(_enter, desk, request, form)

    @post("/sign-out")
    async def leave(request: Asked) -> Response[Any]:
        form = await form_of(request)
        session = desk.session(request)
        desk.check_form(session, form)
        sessions.end(desk.hub, request.cookies.get(SESSION_COOKIE, ""))
        answer: Response[Any] = redirect(SIGN_IN)
        answer.delete_cookie(SESSION_COOKIE, path="/hq")
        return answer

    @get("/language/{wanted:str}", sync_to_thread=False)
    def speak(request: Asked, wanted: FromPath[str]) -> Response[Any]:
        answer: Response[Any] = redirect("/hq")
        if wanted in LANGUAGES:
            answer.set_cookie(_cookie(request, LANGUAGE_COOKIE, wanted))
        return answer

    return [door, enter, leave, speak]


def _door(desk: Desk, request: Asked, error: ShopError | None = None) -> Response[str]:
    language = language_of(request)
    word = desk.hub.ids.random_bytes(16).hex()
    with desk.hub.database.begin() as db:
        anybody = people.is_anybody(db)
    answer = page(
        "sign_in.html", language, 401 if error else 200, session=None, here="", word=word,
        anybody=anybody, why=sentence(error, language) if error else "",
    )  # fmt: skip
    answer.set_cookie(_cookie(request, DOOR_COOKIE, word))
    return answer


def _enter(desk: Desk, request: Asked, form: Form) -> Response[Any]:
    if not desk.sign_ins.allows(address_of(request)):
        return told(request, Refusal("office_too_often"))
    word = request.cookies.get(DOOR_COOKIE, "")
    if not word or not hmac.compare_digest(word.encode(), form.one("word").encode()):
        return told(request, Refusal("office_form_old"))
    try:
        actor = people.sign_in(
            desk.hub, person=form.one("person", 20).strip().lower(),
            password=form.one("password"), code=form.one("code", 10).strip(),
        )  # fmt: skip
    except Refusal as error:
        return _door(desk, request, error)
    answer: Response[Any] = redirect("/hq")
    answer.set_cookie(_cookie(request, SESSION_COOKIE, sessions.begin(desk.hub, actor)))
    answer.delete_cookie(DOOR_COOKIE, path="/hq")
    return answer


def _cookie(request: Asked, key: str, value: str) -> Cookie:
    return Cookie(
        key=key, value=value, path="/hq", httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip


def _file_route() -> Any:

    @get("/look/{name:str}", sync_to_thread=True)
    def look_of(name: FromPath[str]) -> Response[bytes]:
        if name not in FILES:
            raise Refusal("office_no_such_page")
        path, kind = FILES[name]
        headers = HEADERS | {"Cache-Control": "public, max-age=86400"}
        return Response(path.read_bytes(), media_type=kind, headers=headers)

    return look_of


def _kind(request: Asked) -> str:
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


async def form_of(request: Asked) -> Form:
    """The fields of a form, and its files. Raises Refusal: office_form_old for anything else,
    import_too_large."""
    if _kind(request) == FILES_KIND:
        return await _form_with_files(request)
    if _kind(request) != "application/x-www-form-urlencoded":
        raise Refusal("office_form_old")
    body = await request.body()
    if len(body) > MOST_FORM_BYTES:
        raise Refusal("office_form_old")
    try:
        fields = parse_qs(
            body.decode(), keep_blank_values=True, max_num_fields=5000, strict_parsing=False
        )
    except (ValueError, UnicodeDecodeError):
        raise Refusal("office_form_old") from None
    return Form(fields)


async def _form_with_files(request: Asked) -> Form:
    try:
        parts = await request.form()
    except HTTPException as error:
        # Too long, or no form at all; whoever sends such a thing hears the likelier of the two.
        raise Refusal("import_too_large", most=f"{MOST_BYTES >> 20} MB") from error
    fields: dict[str, list[str]] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for name, value in parts.multi_items():
        if isinstance(value, UploadFile):
            files[name] = (value.filename, await value.read())
        else:
            fields.setdefault(name, []).append(str(value))
    return Form(fields, files)


def _broken(request: Asked, error: Exception) -> Response[Any]:
    """A page for whatever went wrong: people get a sentence, the log the rest."""
    if isinstance(error, NotSignedIn):
        return redirect(SIGN_IN)
    if isinstance(error, ShopError):
        return told(request, error)
    if isinstance(error, HTTPException) and error.status_code < 500:
        return told(request, Refusal("office_no_such_page"))
    LOG.error("a page of head office broke", exc_info=error)
    return Response("500", status_code=500, media_type=MediaType.TEXT, headers=HEADERS)
