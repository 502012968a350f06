"""Whoever asks for a page: their session, their language, their form, and what they get."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from litestar import Request, Response
from litestar.response import Redirect

from app.errors import Refusal, ShopError
from app.facts.office import OfficeRefused
from app.messages import sentence
from sync.hub.brand import record
from sync.hub.limits import Limiter
from sync.hub.office_apply import HQ
from sync.hub.rights import Actor, may
from sync.hub.sessions import Session, is_from_its_own_form, session_of
from sync.hub.state import Hub
from sync.hub.web.rendering import LANGUAGES, page

SESSION_COOKIE = "hq"
LANGUAGE_COOKIE = "hq_language"
SIGN_IN = "/hq/sign-in"
Asked = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """What a form carried; a field that is missing is ""."""

    fields: Mapping[str, list[str]]
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    """(name, bytes) of what was chosen on the person's disk."""
    language: str = "zh"
    """What it is answered in."""

    def one(self, name: str, most: int = 400) -> str:
        return (self.fields.get(name) or [""])[0][:most]

    def several(self, name: str) -> list[str]:
        return [each for each in self.fields.get(name, []) if each][:2000]

    def without(self, names: Collection[str]) -> "Form":
        """The same, with nothing in these fields."""
        return replace(self, fields={k: v for k, v in self.fields.items() if k not in names})


@dataclass(frozen=True, slots=True)
class Goto:
    """Done: the browser goes there."""

    path: str


@dataclass(frozen=True, slots=True)
class Show:
    """A page that answers at once."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)


class NotSignedIn(Exception):
    """Nobody we know asks."""


class Desk:
    """What the pages work with."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.sign_ins = Limiter(hub.clock, 20)
        self.looks = Limiter(hub.clock, 60)

    def session(self, request: Asked) -> Session:
        """Whose session it is. Raises NotSignedIn."""
        found = session_of(self.hub, request.cookies.get(SESSION_COOKIE, ""))
        if found is None:
            raise NotSignedIn
        return found

    def demand(self, actor: Actor, act: str) -> None:
        """As `rights.demand`, and who was refused stands in the journal.

        Raises Refusal("office_right_needed").
        """
        if may(actor, act):
            return
        with self.hub.database.begin() as db:
            record(self.hub, db, OfficeRefused(shop=HQ, person=actor.person, act=act),
                   staff=actor.person)  # fmt: skip
        raise Refusal("office_right_needed", act=act)

    def check_form(self, session: Session, form: Form) -> None:
        """Whether it is this session's own form. Raises Refusal("office_form_old")."""
        if not is_from_its_own_form(session, form.one("csrf")):
            raise Refusal("office_form_old")


def language_of(request: Asked) -> str:
    """What the browser asked for last; Chinese for everybody else."""
    wanted = request.cookies.get(LANGUAGE_COOKIE, "")
    return wanted if wanted in LANGUAGES else "zh"


def visitors_language(request: Asked) -> str:
    """What a customer's phone asks for first; Chinese when it asks for nothing."""
    wanted = request.headers.get("accept-language", "").strip().lower()
    return "zh" if not wanted or wanted.startswith(("zh", "*")) else "en"


def query_of(request: Asked) -> Form:
    """What stands behind the ? of an address."""
    values = request.query_params
    return Form(
        {key: [str(each) for each in values.getall(key)] for key in values},
        language=language_of(request),
    )


def address_of(request: Asked) -> str:
    """Where a request came from, "" when nobody can tell."""
    return request.client.host if request.client else ""


def told(request: Asked, error: ShopError, session: Session | None = None) -> Response[str]:
    """A page that says why not."""
    language = language_of(request)
    status = {"office_right_needed": 403, "office_form_old": 403, "office_too_often": 429,
              "office_no_such_page": 404}.get(error.code, 400)  # fmt: skip
    return page(
        "told.html", language, status, session=session, here="", code=error.code,
        sentence=sentence(error, language),
    )  # fmt: skip


def redirect(path: str) -> Redirect:
    """Go and look there: a form that was sent is not sent again by a reload."""
    return Redirect(path, status_code=303, headers={"Cache-Control": "no-store"})
