"""Console commands of 审计: entries, one entry, verifying, receipts, phones, samples, exports."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from app.checking import check_file
from app.clock import iso
from app.errors import Refusal
from app.journal.export import write_export
from app.journal.read import kinds, newest_first, writers
from app.money import yuan
from app.reports import audit
from app.reports.entry_words import kind_words, said
from app.table_file import write_file
from app.text import clean
from ui.console import Answer, Commands, Seat

AUDIT = Commands()
command = AUDIT.add
Most = Annotated[int, Meta(ge=1, le=1_000)]
Seq = Annotated[int, Meta(ge=0, le=2**53)]


def _allowed(seat: Seat) -> None:
    seat.desk.allowed("audit", seat.approver)


@command
def audit_entries(
    seat: Seat, *, staff: str | None = None, kind: str = "", from_: str = "", to: str = "",
    before: str = "", most: Most = 100,
) -> Answer:  # fmt: skip
    """A page of entries, the newest first; `next` of one answer is `before` of the next."""
    _allowed(seat)
    since, until = audit.span_of(from_, to)
    named = kind if "@" in kind or not kind else f"{kind}@1"
    place = _place(before)
    with seat.books.read() as db:
        found = newest_first(
            db, staff=staff, kind=named, since_ms=since, until_ms=until, before=place, most=most
        )
        known, people = kinds(db), writers(db)
    return {
        "entries": [
            {
                "journal": each.journal,
                "seq": each.seq,
                "kind": each.kind,
                "words": kind_words(each.kind),
                "time": iso(each.order_ms),
                "staff": each.staff,
            }
            for each in found
        ],
        "next": ",".join(map(str, found[-1].place)) if len(found) == most else "",
        "kinds": known,
        "people": people,
    }


def _place(text: str) -> tuple[int, str, int] | None:
    order, _, rest = text.partition(",")
    journal, _, seq = rest.partition(",")
    if not text:
        return None
    if not (order.isdigit() and seq.isdigit() and len(order) < 19 and len(seq) < 19):
        raise Refusal("bad_command", detail="before")
    return int(order), journal, int(seq)


@command
def audit_entry(seat: Seat, *, seq: Seq, journal: str = "") -> Answer:
    """What one entry says in words, its exact bytes, hash and signature."""
    _allowed(seat)
    with seat.books.read() as db:
        found = audit.opened(db, journal or seat.books.journal.id, seq)
    if found is None:
        raise Refusal("unknown_entry", seq=seq)
    stored = found.stored
    return {
        "journal": stored.journal,
        "seq": stored.seq,
        "words": kind_words(stored.kind),
        "says": [list(row) for row in said(stored.kind, found.body)],
        "bytes": stored.content.decode("utf-8", "replace"),
        "hash": stored.hash.hex(),
        "hash6": found.hash6,
        "sig": stored.sig.hex(),
        "signature": found.signature,
        "chained": found.chained,
    }


@command
def audit_verify(seat: Seat, *, heads: list[str] | None = None) -> Answer:
    """Hashes, signatures, tables and sums of everything here; what a step read."""
    _allowed(seat)
    steps: dict[str, int] = {}

    def say(progress: Any) -> bool:
        steps[progress.step] = progress.done
        return True

    journal = seat.books.journal
    report = check_file(
        seat.books.database.path,
        say,
        public_keys={journal.id: journal.public_key},
        expected_heads=heads or (),
    )
    return {"report": msgspec.to_builtins(report), "steps": steps}


@command
def audit_receipt(seat: Seat, *, number: str, letters: str) -> Answer:
    """A paper's number and letters held against the journal."""
    _allowed(seat)
    with seat.books.read() as db:
        found = audit.check_receipt(db, seat.books.shop, seat.books.till, number, letters)
    if found is None:
        raise Refusal("unknown_receipt", number=clean(number, most=40))
    return {
        "matches": found.matches,
        "letters": found.letters,
        "journal": found.journal,
        "seq": found.seq,
        "signature": found.signature,
        "amount": yuan(found.amount),
        "time": iso(found.order_ms),
        "staff": found.person,
    }


@command
def audit_phones(seat: Seat, *, from_: str = "", to: str = "", most: Most = 500) -> Answer:
    """Who saw members' phones, or took people's data out."""
    _allowed(seat)
    since, until = audit.span_of(from_, to)
    with seat.books.read() as db:
        found = audit.phones_seen(db, since_ms=since, until_ms=until, most=most)
    return {
        "seen": [
            msgspec.to_builtins(each) | {"time": iso(each.order_ms)} for each in found
        ]
    }  # fmt: skip


@command
def audit_sample(
    seat: Seat, *, seed: str, count: Most, from_: str = "", to: str = "", file: str = ""
) -> Answer:
    """Receipts drawn by a seed; with `file` also as a PDF to walk through with a pen."""
    _allowed(seat)
    since, until = audit.span_of(from_, to)
    named = clean(seed, most=40)
    with seat.books.read() as db:
        rows = audit.sample(db, named, count, since_ms=since, until_ms=until)
    if file:
        from printers.table_pdf import tables_pdf

        page = audit.sample_page(
            rows, shop=seat.books.shop, seed=named, span=audit.span_words(from_, to),
            now_ms=seat.books.clock.wall_ms(), series=seat.books.journal.series,
        )  # fmt: skip
        write_file(Path(file), tables_pdf([page]))
    return {
        "sample": [
            {
                "number": each.number,
                "journal": each.journal,
                "seq": each.seq,
                "amount": yuan(each.amount),
                "hash6": each.hash6,
                "staff": each.person,
                "time": iso(each.order_ms),
            }
            for each in rows
        ],
        "file": file,
    }


@command
def audit_export(seat: Seat, *, folder: str, from_: str = "", to: str = "") -> Answer:
    """The journals as open files that prove themselves without this program."""
    _allowed(seat)
    since, until = audit.span_of(from_, to)
    now = seat.books.clock.wall_ms()
    with seat.books.read() as db:
        keys = write_export(
            db, Path(folder), now, lambda _more: None, since_ms=since, until_ms=until
        )
    return {"folder": folder, "journals": msgspec.to_builtins(keys.journals)}
