"""Console commands of the way to the hub: join one, send what waits, see how far it is."""

from pathlib import Path

from app.attachments import unsent_count
from app.clock import iso
from app.errors import Refusal
from app.quantity import shown
from ui.console import Answer, Commands, Seat
from ui.genuine import asked_of, verdict
from ui.hub_words import why_not

HUB = Commands()
command = HUB.add
TOLD = (
    *("state", "product", "name", "spec", "mark", "town", "village", "maker", "batch", "made"),
    *("expires", "certificate", "report", "recall", "sold_day", "sold_shop"),
)
"""What of an answer about goods is told."""
PATIENCE_S = 60.0
"""`sync` waits so long for a backlog to drain; the rest goes on by itself."""


@command
def enrol(seat: Seat, *, hub: str, code: str, authority: str = "") -> Answer:
    seat.desk.allowed("settings", approver=seat.approver)
    return {
        "device": seat.books.journal.device,
        "fingerprint": seat.till.hub.enrol(hub, code, authority),
    }


@command
def leave_hub(seat: Seat, *, anyway: bool = False) -> Answer:
    seat.desk.allowed("settings", approver=seat.approver)
    seat.till.hub.leave(anyway=anyway)
    return {}


@command
def export_facts(seat: Seat, *, file: str) -> Answer:
    seat.desk.signed_in()
    done = seat.till.hub.export_facts(Path(file))
    return {
        "file": str(done.file),
        "entries": done.entries,
        "journals": [
            {"journal": each.journal, "from": each.first, "to": each.last} for each in done.spans
        ],
    }


@command
def import_feed(seat: Seat, *, file: str) -> Answer:
    seat.desk.signed_in()
    taken = seat.till.hub.import_feed(Path(file))
    return {
        "acknowledged": taken.acknowledged,
        "waiting": taken.waiting,
        "feeds": taken.feeds,
        "sisters": taken.sisters,
    }


@command
def rekey(seat: Seat) -> Answer:
    """A new key for the journal: the old one may have been seen."""
    by = seat.desk.allowed("settings", approver=seat.approver) or seat.desk.person
    told = seat.till.hub.change_key(by)
    return {"journal": seat.books.journal.id, "told": told}


@command
def sync(seat: Seat) -> Answer:
    state = seat.till.hub.push_now(PATIENCE_S)
    with seat.books.read() as db:
        files = unsent_count(db)
    reason = state.reason or state.pull.reason
    return {
        "waiting": state.waiting,
        "acknowledged": state.acked,
        "oldest": iso(state.oldest_ms) if state.oldest_ms else "",
        "heard": iso(state.heard_ms) if state.heard_ms else "",
        "reason": reason,
        "why_not": why_not(reason),
        "feeds": {
            each.scope: {
                "version": each.version,
                "age_s": (seat.books.clock.wall_ms() - state.pull.contact_ms) // 1000,
                "held": each.held,
                "reason": each.reason,
            }
            for each in state.pull.feeds
        },
        "put_aside": state.pull.aside,
        "attachments": files,
    }


@command
def elsewhere(seat: Seat, *, product: str) -> Answer:
    said = seat.till.hub.ask_elsewhere(product)
    if isinstance(said, str):
        raise Refusal("hub_not_reached", reason=why_not(said))
    return {
        "shops": [
            {"shop": each.shop, "name": each.name, "quantity": shown(each.quantity, weighed=True),
             "known": iso(each.known_ms)}
            for each in said
        ]
    }  # fmt: skip


@command
def genuine(seat: Seat, *, trace: str) -> Answer:
    seat.desk.signed_in()
    said = verdict(seat.till, asked_of(seat.desk, trace))
    answer = said.answer
    told = {name: getattr(answer, name) for name in TOLD}
    return told | {
        "by": said.by,
        "as_of": iso(said.as_of_ms) if said.as_of_ms else "",
        "age_s": (seat.books.clock.wall_ms() - said.as_of_ms) // 1000 if said.as_of_ms else None,
        "why_not": why_not(said.reason),
    }
