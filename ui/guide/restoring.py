"""恢复: a till made anew from the copies of one that is gone, page by page, without a command line.

The stick with the copies and the sheet with the recovery code are the shop. What lies there is
looked at and shown before anything is made; then one commit makes the till, its next journal and
the first person's new PIN, so a power cut leaves a till somebody can enter, or an empty folder.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

import msgspec

from app.clock import Clock
from app.copied_till import copied_till
from app.errors import Refusal
from app.facts.staff import PinUnlocked
from app.ids import Ids
from app.journal.copied import holds_copies
from app.opening import restore_folder
from app.shop.first_steps import keep_steps
from app.staff.actions import reset_pin
from app.staff.recovery import BY_CODE, fresh_code
from app.transaction import Transaction
from app.verification import verify_books
from ui.guide.answers import forget_answers
from ui.guide.founding import Founded, wrong_in
from ui.guide.pages import first_page
from ui.guide.restoring_pages import ACCEPT, AGAIN, PAGES, Lying, steps
from ui.language import tr
from ui.presenters.device_setup import COPY_FOLDER, mounted
from ui.room_views import GuideView

MOST_OFFERED = 4
"""Folders that are cards; another one is named by its path."""


class Page(Protocol):
    """What this flow needs of the guide's window."""

    def put(self, view: GuideView) -> None:
        """Show a page."""

    def do(self, work: Callable[[], object], done: Callable[[], object], word: str) -> None:
        """Work off the window; a refusal stands on the page that is shown."""


class Restoring:
    """Remembers what was chosen and found; nothing is written before the last answer."""

    def __init__(self, page: Page, data: Path, clock: Clock, ids: Ids) -> None:
        self._page, self._data = page, data
        self._clock, self._ids = clock, ids
        self.asks_keystore = False
        """The system keeps no keys: somebody has to say where ours go."""
        self.step = ""
        self.lying = Lying()
        self._pin = ""
        self.founded: Founded | None = None
        self.on_left: Callable[[], None] = lambda: None
        self.on_done: Callable[[], None] = lambda: None

    def open(self) -> None:
        """Look what is plugged in."""
        self._page.do(self._look_around, lambda: self.show("where"), tr("正在找备份…"))

    def show(self, step: str, errors: dict[str, str] | None = None) -> None:
        """One page, with what was wrong on it."""
        self.step = step
        words = steps(keystore=self.asks_keystore)
        frame = GuideView(
            step=min(list(words).index(step), len(words) - 1) if step in words else 0,
            steps=tuple(words.values()), title="", can_skip=False,
        )  # fmt: skip
        if step in ("keystore", "passphrase"):
            view = first_page(step, self.lying.answers, errors or {}, keystore=True)
            place = list(words).index("keystore")
            self._page.put(msgspec.structs.replace(view, step=place, steps=frame.steps))
            return
        view = PAGES[step](frame, self.lying)
        fields = tuple(
            msgspec.structs.replace(field, error=(errors or {}).get(field.name, ""))
            for field in view.fields
        )
        self._page.put(msgspec.structs.replace(view, fields=fields))

    # --- Answers ---------------------------------------------------------------------------

    def choose(self, name: str) -> None:
        """A card was pressed."""
        if self.step == "where" and name == AGAIN:
            self.open()
        elif self.step == "where":
            self._take(Path(name))
        elif name == ACCEPT:
            self.lying.accepts = True
            self._ask_keystore()
        elif name == "passphrase":
            self.show("passphrase")
        elif self.step == "keystore":
            self.lying.keystore = "file"
            self.show("person")

    def answered(self, values: dict[str, str]) -> None:
        """The button at the bottom right."""
        page = {"person": "restored"}.get(self.step, self.step)
        if wrong := wrong_in(page, values):
            self.lying.number = values.get("number", self.lying.number)
            self.show(self.step, wrong)
        elif self.step == "where":
            self._take(Path(values["place"]) if values.get("place") else None)
        elif self.step == "code":
            self.lying.code = values["code"]
            self._look()
        elif self.step == "found" and self.lying.sound:
            self._ask_keystore()
        elif self.step == "passphrase":
            self.lying.keystore, self.lying.passphrase = "passphrase", values["passphrase"]
            self.show("person")
        elif self.step == "person":
            self.lying.number, self._pin = values["number"], values["pin"]
            self._page.do(self._restore, lambda: self.show("done"), tr("正在恢复，逐笔验证…"))
        elif self.step == "done":
            self.on_done()

    def back(self) -> None:
        """The page before."""
        before = {"code": "where", "found": "where", "keystore": "found", "passphrase": "keystore"}
        if self.step == "person":
            self.show("keystore" if self.asks_keystore else "found")
        elif self.step in before:
            self.show(before[self.step])
        else:
            self.on_left()

    # --- Work ------------------------------------------------------------------------------

    def _look_around(self) -> None:
        self.lying.places = copies_on(mounted())[:MOST_OFFERED]

    def _take(self, place: Path | None) -> None:
        if place is None and len(self.lying.places) == 1:
            (place,) = self.lying.places
        if place is None:
            self.show("where", {"place": tr("插上有备份的盘，或写出文件夹")})
            return
        self.lying.place, self.lying.code, self.lying.accepts = place, "", False
        self._look()

    def _look(self) -> None:
        self._page.do(self._read, self._seen, tr("正在看备份，逐笔验证…"))

    def _read(self) -> None:
        lying = self.lying
        lying.found = None
        if len(several := copies_below(lying.place)) > 1:
            lying.places = several[:MOST_OFFERED]
            return
        try:
            found = copied_till(lying.place, lying.code)
        except Refusal as refusal:
            if refusal.code != "copies_sealed" or lying.code:
                raise
            return
        if self._clock.wall_ms() < found.last_ms:
            shown = self._clock.wall_ms()
            raise Refusal("clock_jumped", shown_ms=shown, expected_ms=found.last_ms)
        lying.found, lying.series = found, found.next_series
        lying.number = lying.number or next(iter(found.managers), "")

    def _seen(self) -> None:
        if self.lying.found is not None:
            self.show("found")
        elif len(copies_below(self.lying.place)) > 1:
            self.show("where")
        else:
            self.show("code")

    def _ask_keystore(self) -> None:
        self.show("keystore" if self.asks_keystore else "person")

    def _restore(self) -> None:
        lying, number, pin = self.lying, self.lying.number, self._pin
        # Copies that nobody sealed have no code: the guide makes one as soon as the till stands.
        left = ("printer",) if lying.code else ("printer", "recovery")

        def finish(tx: Transaction) -> None:
            reset_pin(tx, number, pin)
            tx.record(PinUnlocked(shop=tx.shop, till=tx.till, person=number, by=BY_CODE))
            keep_steps(tx, left)

        opened = restore_folder(
            self._data, lying.place, clock=self._clock, ids=self._ids, keystore=lying.keystore,
            passphrase=lying.passphrase, code=lying.code, next_code=fresh_code(self._ids),
            accept_damage=lying.accepts, finishing=finish,
        )  # fmt: skip
        try:
            lying.report = verify_books(opened.books)
        finally:
            opened.close()
        forget_answers(self._data)
        self.founded = Founded(number, pin, lying.passphrase)


def copies_on(disks: Iterable[Path]) -> list[Path]:
    """Folders with copies on these disks, in the order of the disks."""
    found: list[Path] = []
    for disk in disks:
        for place in (disk, disk / COPY_FOLDER):
            found += [place] if _holds(place) else copies_below(place)
    return found


def copies_below(place: Path) -> list[Path]:
    """The folders in a place that hold copies; none when the place itself does."""
    if _holds(place):
        return []
    try:
        return sorted(each for each in place.iterdir() if _holds(each))
    except OSError:
        return []


def _holds(place: Path) -> bool:
    try:
        return place.is_dir() and holds_copies(place)
    except OSError:
        # A disk that was pulled out, or a folder of somebody else's: nothing of ours.
        return False
