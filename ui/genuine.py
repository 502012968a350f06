"""验真: whether goods are real, were sold before or are recalled.

Head office knows every shop; without a line the till answers from its own books by the same
question, and says how old that is: it knows what its shop took in and sold, what its sisters sold
and what was recalled, up to the last word of head office.
"""

import msgspec

from app.catalogue.codes import GoodsCode, LotCode, TraceCode
from app.errors import Refusal
from app.sales.desk import Desk
from sync.protocol_trace import AskGenuine, Genuine
from ui.startup import Till


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, whose it is, and how old."""

    answer: Genuine
    by: str
    """hub, own."""
    as_of_ms: int
    reason: str = ""
    """Why head office did not answer itself; "" when it did, or there is none."""


def asked_of(desk: Desk, text: str) -> AskGenuine:
    """What a scanned code asks about. Raises Refusal("not_a_trace_code")."""
    match desk.read_code(text).reading:
        case GoodsCode(gs1=said) if said.lot:
            return AskGenuine(gtin=said.gtin, lot=said.lot, serial=said.serial)
        case LotCode(lot=lot):
            return AskGenuine(lot=lot)
        case TraceCode(code=code):
            return AskGenuine(lot=code)
    raise Refusal("not_a_trace_code")


def by_own_books(till: Till, asked: AskGenuine, reason: str = "") -> Verdict:
    """What this till knows of it."""
    # The very question head office asks of its tables; the till's have the same names.
    from sync.hub.tracing import genuine

    now = till.books.clock.wall_ms()
    seen = till.hub.seen
    as_of = now if seen is None else max(seen.heard_ms, seen.pull.contact_ms)
    with till.books.read() as db:
        answer = genuine(db, asked, now)
    return Verdict(answer=answer, by="own", as_of_ms=as_of, reason=reason)


def verdict(till: Till, asked: AskGenuine) -> Verdict:
    """Head office's answer, else the till's own. May wait for the network."""
    reason = ""
    if till.hub.seen is not None:
        said = till.hub.ask_genuine(asked)
        if isinstance(said, Genuine):
            return Verdict(answer=said, by="hub", as_of_ms=till.books.clock.wall_ms())
        reason = said
    return by_own_books(till, asked, reason)
