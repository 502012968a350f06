"""A newer program on its way down: a lane of its own, behind everything else.

Pieces are laid one behind the other into a file beside the data, so a till that was switched off
goes on where it stood. Only a whole file that hashes to its name, signed by a release key and meant
for this machine, is ever offered to a person; installing it is the stick's own path.
"""

import hashlib
import logging
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from app.errors import Refusal
from app.journal.outbox import Link
from app.transaction import Books
from app.update_file import SUFFIX, Here, Manifest, check_update, opened_update
from sync.hub_line import HubLine, LineTrouble
from sync.protocol import Refused
from sync.protocol_updates import (
    PIECE_BYTES,
    UPDATE_ASK_PATH,
    UPDATE_GET_PATH,
    AskUpdate,
    GetUpdate,
    UpdateOffer,
    UpdatePiece,
    update_answer_in,
)

LOG = logging.getLogger(__name__)
FOLDER = "updates"
PAUSE_S = 0.2
"""After each piece: whatever else wants the line comes first."""
IDLE_S = 15 * 60.0
SPARE_BYTES = 512 * 1024 * 1024
"""Left on the disk for the shop itself."""


class UpdateLane:
    """One till's updates. Without a thread of its own (`start`) it works within `look`."""

    def __init__(
        self,
        books: Books,
        link: Link,
        line: HubLine,
        *,
        folder: Path,
        known: Callable[[], Here],
        keys: tuple[str, ...],
    ) -> None:
        """`folder`: the till's data. `known`: what an update is held against."""
        self.books, self.link, self.line = books, link, line
        self.folder = folder / FOLDER
        self._known = known
        self._keys = keys
        self.reason = ""
        """Why nothing moves, "" when all is well."""
        self.ready = ""
        """The version that lies here whole and may be installed, "" for none."""
        self._wake = threading.Event()
        self._closing = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Work by itself until `close`."""
        self._thread = threading.Thread(target=self._loop, name="updates", daemon=True)
        self._thread.start()

    def ask(self) -> None:
        """Look now. Never waits itself."""
        self._wake.set()

    def close(self) -> None:
        """Begin nothing new; what has come stays."""
        self._closing = True
        self._wake.set()

    def _loop(self) -> None:
        while not self._closing:
            self._wake.clear()
            try:
                self.look()
            except Exception:
                LOG.exception("the update stumbled")
                self.reason = "bug"
            self._wake.wait(IDLE_S)

    def look(self) -> None:
        """Ask what there is, and bring it here whole."""
        here = self._known()
        ask = AskUpdate(program=here.version, machine=here.machine)
        try:
            answer = self.line.tell(self.link, UPDATE_ASK_PATH, ask, update_answer_in)
            if isinstance(answer, Refused):
                self.reason = answer.code
            elif isinstance(answer, UpdateOffer):
                self.reason = self._bring(answer)
            else:
                self.reason = "hostile"
        except LineTrouble as trouble:
            self.reason = trouble.reason
        except Refusal as refusal:
            LOG.warning("the update that came is not taken: %s", refusal.code)
            self.reason, self.ready = refusal.code, ""
        except OSError as error:
            LOG.warning("the update could not be kept: %s", error)
            self.reason = "disk"

    def _bring(self, offer: UpdateOffer) -> str:
        """Why it did not come, "" when it lies here, or when there is none. Raises LineTrouble,
        Refusal for a file that is no update for this machine, OSError."""
        self._tidy(offer.name)
        if not offer.name:
            self.ready = ""
            return ""
        whole = self.folder / f"{offer.name}{SUFFIX}"
        if not whole.exists():
            self.ready = ""
            part = self.folder / f"{offer.name}.part"
            if reason := self._fetch(offer, part):
                return reason
            self._believe(offer, part)
            os.replace(part, whole)
        found = self._checked(whole)
        if found.name == self._known().gave_way:
            # It was installed and could not open these books. By hand it may be tried once more.
            self.ready = ""
            return "update_gave_way"
        self.ready = found.version
        return ""

    def _tidy(self, wanted: str) -> None:
        """What is not given any more, or was installed, is no use here."""
        for file in (*self.folder.glob(f"*{SUFFIX}"), *self.folder.glob("*.part")):
            if not wanted or not file.name.startswith(wanted):
                file.unlink(missing_ok=True)

    def _fetch(self, offer: UpdateOffer, part: Path) -> str:
        self.folder.mkdir(exist_ok=True)
        have = part.stat().st_size // PIECE_BYTES if part.exists() else 0
        if shutil.disk_usage(self.folder).free < offer.size + SPARE_BYTES:
            return "disk"
        with open(part, "r+b" if have else "wb") as file:
            file.truncate(have * PIECE_BYTES)
            file.seek(0, os.SEEK_END)
            for number in range(have, -(-offer.size // PIECE_BYTES)):
                if self._closing:
                    return "closing"
                get = GetUpdate(name=offer.name, piece=number)
                answer = self.line.tell(self.link, UPDATE_GET_PATH, get, update_answer_in)
                if isinstance(answer, Refused):
                    return answer.code
                if not isinstance(answer, UpdatePiece) or answer.piece != number:
                    return "hostile"
                file.write(answer.content)
                if self._thread is not None:
                    self._wake.wait(PAUSE_S)
            file.flush()
            os.fsync(file.fileno())
        return ""

    def _believe(self, offer: UpdateOffer, part: Path) -> None:
        """Raises Refusal: update_damaged, and what reading and holding it against this till do;
        then nothing of it stays."""
        try:
            with part.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != offer.name:
                    raise Refusal("update_damaged", name=offer.program)
            self._checked(part)
        except Refusal:
            part.unlink(missing_ok=True)
            raise

    def _checked(self, path: Path) -> Manifest:
        with opened_update(path, self._keys) as (found, _archive):
            check_update(found, self._known())
        return found
