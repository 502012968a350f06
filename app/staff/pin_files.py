"""PINs between a shop's tills as files in a folder: one act, done at each till in turn.

Every time it takes the parcels that lie there for this till, leaves a parcel for each other till
whose card lies there, and leaves this till's own card. So a stick that goes round brings every PIN
to every till, and once more changes nothing. Names of files are for people: whose a file is says
the journal in it, whose key came in that till's own signed entries. Only the newest journal of a
till counts: a lost disk that was put back elsewhere gets nothing any more.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from sqlalchemy import select

from app.errors import Refusal, ShopError, Trouble
from app.journal.backup import sync_folder
from app.journal.tables import entry, journal_opened
from app.staff import carrying
from app.staff.carrying import MOST_BYTES, Carried
from app.text import clean
from app.transaction import Books

CARD, PARCEL = ".card", ".parcel"
PREFIX, PART = "pins-", ".part"
MOST_FILES = 1000
"""Of each kind; twenty tills leave 20 cards and 380 parcels."""


class Exchanged(msgspec.Struct, frozen=True, kw_only=True):
    """What one exchange did; `refused` says file by file why nothing came of it."""

    came: tuple[str, ...]
    """Whose PIN is another one here now, by number."""
    taken: tuple[str, ...]
    """The tills whose parcels were read, whether or not anything in them was new."""
    written: tuple[str, ...]
    """The tills a parcel lies there for."""
    behind: tuple[str, ...]
    """Those of them that, as far as can be known here, lack something."""
    card: bool
    """Whether this till's own card lies there."""
    refused: tuple[tuple[str, ShopError], ...]


class _Opened(msgspec.Struct, frozen=True):
    """A journal of the shop, as its own first entry says."""

    till: str
    key: str
    newest: bool


def exchange(books: Books, folder: Path, *, staff: str = "", by: str = "") -> Exchanged:
    """Take what is here for this till, leave what the others need, and this till's card.

    `by` answers for it, `staff` stands at the till. Raises Refusal("handover_where") when there is
    no such folder, Trouble("handover_unread").
    """
    try:
        if not folder.is_dir():
            raise Refusal("handover_where")
        lying = sorted(path for path in folder.iterdir() if path.is_file())
    except ValueError:
        raise Refusal("handover_where") from None
    except OSError as error:
        raise Trouble("handover_unread", detail=error.strerror or "") from error
    return _Round(books, folder, lying, staff, by).exchanged()


class _Round:
    """Remembers what was refused, and what the others turned out to have."""

    def __init__(self, books: Books, folder: Path, lying: list[Path], staff: str, by: str) -> None:
        self._books, self._folder, self._lying = books, folder, lying
        self._staff, self._by = staff, by
        self._journals = _journals(books)
        self._has: dict[str, dict[str, int]] = {}
        """Journal -> person -> since when the PIN it sent stands."""
        self._refused: list[tuple[str, ShopError]] = []

    def exchanged(self) -> Exchanged:
        came: dict[str, None] = {}
        taken: dict[str, None] = {}
        for path, content in self._files(PARCEL):
            try:
                self._take(content, came, taken)
            except Refusal as refusal:
                self._refuse(path.name, refusal)
        people = carrying.carried_from(self._books)
        written: dict[str, str] = {}
        for path, content in self._files(CARD):
            try:
                self._write_for(content, people, written)
            except ShopError as error:
                self._refuse(path.name, error)
        behind = [till for till, journal in written.items() if self._lacks(journal, people)]
        return Exchanged(
            came=tuple(sorted(came)), taken=_in_order(taken), written=_in_order(written),
            behind=_in_order(behind), card=self._leave_card(), refused=tuple(self._refused),
        )  # fmt: skip

    def _take(self, content: bytes, came: dict[str, None], taken: dict[str, None]) -> None:
        own = self._books.journal.id
        said = carrying.claimed_parcel(content)
        if said.shop == self._books.shop and (said.to != own or said.sender == own):
            # On its way to somebody else.
            return
        sender = self._believed(said.shop, said.sender)
        people = carrying.opened_parcel(self._books, content, sender.key)
        new = carrying.take_over(self._books, people, staff=self._staff, by=self._by)
        came.update(dict.fromkeys(new))
        taken[sender.till] = None
        has = self._has.setdefault(said.sender, {})
        for each in people:
            has[each.person] = max(each.since_ms, has.get(each.person, 0))

    def _write_for(self, content: bytes, people: list[Carried], written: dict[str, str]) -> None:
        said = carrying.claimed_card(content)
        here = self._journals.get(said.journal)
        if said.shop == self._books.shop and here is not None and here.till == self._books.till:
            # One's own, also of before the key was changed.
            return
        other = self._believed(said.shop, said.journal)
        if other.till in written:
            return
        parcel = carrying.sealed_for(self._books, content, other.key, people)
        self._write(_name(self._books, f"-to-{_plain(other.till)}{PARCEL}"), parcel)
        written[other.till] = said.journal

    def _believed(self, shop: str, journal: str) -> _Opened:
        """Whose journal that is. Raises Refusal: verifiers_foreign, _unknown, _left."""
        if shop != self._books.shop:
            raise Refusal("verifiers_foreign", shop=clean(shop, most=20))
        known = self._journals.get(journal)
        if known is None:
            raise Refusal("verifiers_unknown")
        if not known.newest:
            raise Refusal("verifiers_left", till=known.till)
        return known

    def _refuse(self, name: str, why: ShopError) -> None:
        # Somebody else's stick may call a file anything.
        self._refused.append((clean(name, most=60), why))

    def _lacks(self, journal: str, people: list[Carried]) -> bool:
        has = self._has.get(journal, {})
        return any(each.since_ms > has.get(each.person, 0) for each in people)

    def _leave_card(self) -> bool:
        name = _name(self._books, CARD)
        try:
            self._write(name, carrying.card(self._books))
        except Trouble as trouble:
            self._refuse(name, trouble)
            return False
        return True

    def _files(self, suffix: str) -> Iterator[tuple[Path, bytes]]:
        """What lies there by its name, as far as it can be read."""
        names = [path for path in self._lying if _is_one(path.name, suffix)]
        for path in names[MOST_FILES:]:
            self._refuse(path.name, Refusal("verifiers_many", most=MOST_FILES))
        for path in names[:MOST_FILES]:
            try:
                with open(path, "rb") as file:
                    content = file.read(MOST_BYTES + 1)
            except OSError as error:
                unread = Trouble("handover_unread", detail=error.strerror or "")
                self._refuse(path.name, unread)
            else:
                yield path, content

    def _write(self, name: str, content: bytes) -> None:
        """All of it, or what lay there before. Raises Trouble("handover_disk")."""
        path = self._folder / name
        part = path.with_name(name + PART)
        try:
            part.unlink(missing_ok=True)
            with open(part, "xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise Trouble("handover_disk", detail=error.strerror or "") from error
        with suppress(OSError):
            # A stick's file system may not know how; the file itself is down by now.
            sync_folder(self._folder)


def _journals(books: Books) -> dict[str, _Opened]:
    """Every journal of the shop that is known here, by its id."""
    opened = (
        select(
            *(journal_opened.c[name] for name in ("journal", "till", "public_key", "previous")),
        )
        .join(entry, entry.c.fact == journal_opened.c.fact)
        # Elsewhere than first such a fact opens nothing.
        .where(journal_opened.c.shop == books.shop, entry.c.seq == 1)
        .order_by(entry.c.order_ms, journal_opened.c.journal)
    )
    with books.read() as db:
        rows = db.execute(opened).all()
    # Two that were opened at one moment: what the other goes on from is the older one.
    left = {(row.till, row.previous) for row in rows}
    newest = {row.till: row.journal for row in rows if (row.till, row.journal) not in left}
    return {
        row.journal: _Opened(row.till, row.public_key, newest.get(row.till) == row.journal)
        for row in rows
    }


def _is_one(name: str, suffix: str) -> bool:
    return name.lower().startswith(PREFIX) and name.lower().endswith(suffix)


def _name(books: Books, rest: str) -> str:
    """As "pins-KP01-1-to-2.parcel"."""
    return f"{PREFIX}{_plain(books.shop)}-{_plain(books.till)}{rest}"


def _plain(text: str) -> str:
    """What another till calls itself, as it may stand in a file's name."""
    return "".join(char for char in text if char.isascii() and char.isalnum())[:8] or "x"


def _in_order(tills: dict[str, None] | dict[str, str] | list[str]) -> tuple[str, ...]:
    return tuple(sorted(tills, key=lambda till: (len(till), till)))
