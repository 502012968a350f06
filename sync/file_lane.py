"""Attachments on their way to the hub: a lane of their own, behind everything else.

Which of them the hub has is kept; how far one has come is the hub's to say, so a till that is
killed in the middle goes on with the piece the hub wants next. A key never travels.
"""

import logging
import threading
from collections.abc import Sequence

from app import attachments
from app.attachments import Sealed
from app.database import Priority
from app.errors import ShopError
from app.facts.base import Fact
from app.journal.outbox import Link
from app.transaction import Books, transaction
from sync.conversation import FIRST_REST_MS, LONGEST_REST_MS
from sync.hub_line import HubLine, LineTrouble
from sync.protocol import Refused
from sync.protocol_files import (
    FILE_GET_PATH,
    FILE_PUT_PATH,
    PIECE_BYTES,
    FileFound,
    FileGet,
    FileKept,
    FilePut,
    file_answer_in,
    pieces_of,
)

LOG = logging.getLogger(__name__)
PAUSE_S = 0.1
"""After each piece: whatever else wants the line comes first."""
IDLE_S = 60.0
FINAL = ("wrong_hash", "file_differs", "bad_request", "too_large")
"""Said of the attachment itself: asking again changes nothing, and the next one goes on."""


class FileLane:
    """One till's attachments. Without a thread of its own (`start`) it works within `look`."""

    def __init__(self, books: Books, link: Link, line: HubLine) -> None:
        self.books, self.link, self.line = books, link, line
        self.reason = ""
        """Why nothing moves, "" when all is well."""
        self._failures = 0
        self._recorded_since = threading.Event()
        self._asked = threading.Event()
        self._closing = False
        self._thread: threading.Thread | None = None
        books.listeners.append(self._recorded)

    def start(self) -> None:
        """Work by itself until `close`."""
        self._thread = threading.Thread(target=self._loop, name="attachments", daemon=True)
        self._thread.start()

    def ask(self) -> None:
        """Go on now, without keeping a rest. Never waits itself."""
        self._asked.set()
        self._recorded_since.set()

    def close(self) -> None:
        """Begin nothing new. How far a file has come the hub says after the next start."""
        self._closing = True
        self.ask()
        if self._recorded in self.books.listeners:
            self.books.listeners.remove(self._recorded)

    def _recorded(self, _facts: Sequence[Fact]) -> None:
        self._recorded_since.set()

    def _loop(self) -> None:
        while not self._closing:
            self._recorded_since.clear()
            self._asked.clear()
            try:
                self.look()
            except Exception:
                # Loud, and the next round begins from what is on the disk.
                LOG.exception("the attachments stumbled")
                self.reason, self._failures = "bug", self._failures + 1
            if self.reason:
                # What is recorded meanwhile does not cut a rest short.
                self._asked.wait(self._rest_ms() / 1000)
            else:
                self._recorded_since.wait(IDLE_S)

    def _rest_ms(self) -> int:
        limit = min(FIRST_REST_MS << min(self._failures, 20), LONGEST_REST_MS)
        return int.from_bytes(self.books.ids.random_bytes(8), "big") % (limit + 1)

    def look(self) -> None:
        """Send what is not sent, one after the other, until all is or the hub does not answer."""
        while not self._closing:
            with self.books.read() as db:
                sealed = attachments.next_unsent(db)
            if sealed is None:
                self.reason, self._failures = "", 0
                return
            self.reason = self._carry(sealed)
            if self.reason:
                self._failures += 1
                return
            self._failures = 0

    def _carry(self, sealed: Sealed) -> str:
        """Send one attachment to its end; why it did not get there, "" when it did."""
        piece, most = 0, pieces_of(len(sealed.content))
        for _turn in range(most + 1):
            put = FilePut(
                name=sealed.name, subject=sealed.subject, size=len(sealed.content), piece=piece,
                content=sealed.content[piece * PIECE_BYTES : (piece + 1) * PIECE_BYTES],
            )  # fmt: skip
            try:
                answer = self.line.tell(self.link, FILE_PUT_PATH, put, file_answer_in)
            except LineTrouble as trouble:
                return trouble.reason
            match answer:
                case FileKept(state="coming") if answer.name == sealed.name and answer.next < most:
                    piece = answer.next
                case FileKept(state="whole" | "erased") if answer.name == sealed.name:
                    return self._done(sealed.name, answer.state)
                case Refused() if answer.code in FINAL:
                    LOG.error("attachment %s is not taken: %s", sealed.name, answer.code)
                    return self._done(sealed.name, answer.code)
                case Refused():
                    return answer.code
                case _:
                    return "hostile"
            if self._closing:
                return ""
            self._asked.wait(PAUSE_S if self._thread is not None else 0)
        return "stuck"

    def _done(self, name: str, state: str) -> str:
        try:
            with transaction(self.books, priority=Priority.BACKGROUND) as tx:
                attachments.mark_sent(tx, name, state)
        except ShopError as error:
            # Asked again later: the hub has it, and says so again.
            LOG.warning("it could not be kept that an attachment arrived: %s", error)
            return "disk"
        return ""

    def fetch(self, name: str) -> str:
        """Bring one back that a till of this shop sent; why not, "" when it lies here now.

        Raises Refusal("attachment_wrong").
        """
        content, subject, most, piece = b"", "", 1, 0
        while piece < most:
            try:
                get = FileGet(name=name, piece=piece)
                answer = self.line.tell(self.link, FILE_GET_PATH, get, file_answer_in)
            except LineTrouble as trouble:
                return trouble.reason
            if isinstance(answer, Refused):
                return answer.code
            if not isinstance(answer, FileFound) or (answer.name, answer.piece) != (name, piece):
                return "hostile"
            content, subject = content + answer.content, answer.subject
            most, piece = pieces_of(answer.size), piece + 1
        with transaction(self.books, priority=Priority.BACKGROUND) as tx:
            attachments.put_back(tx, Sealed(name, subject, content))
        return ""
