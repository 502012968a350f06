"""The till's side of its hub. Nothing of it is loaded before a hub was joined."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import Refusal
from app.journal.outbox import Link, link_of, public_key_of
from app.transaction import Books
from ui.hub_words import why_not

if TYPE_CHECKING:
    from sync.file_lane import FileLane
    from sync.handing_over import HandedOver, Taken
    from sync.hub_line import HubLine
    from sync.protocol_stock import ShopStock
    from sync.protocol_trace import AskGenuine, Genuine
    from sync.update_lane import UpdateLane
    from sync.worker import HubWorker, SyncState


class HubSide:
    """Joins a hub, and keeps a worker going once there is one."""

    def __init__(self, books: Books, folder: Path | None = None) -> None:
        """`folder`: the till's data, in which a newer program is kept until somebody installs it;
        without one none is fetched."""
        self.books = books
        self.folder = folder
        self.cut = False
        """Practised in demo folders: somebody pulled the line."""
        self._worker: HubWorker | None = None
        self._files: FileLane | None = None
        self._updates: UpdateLane | None = None
        self._by_itself = False

    def start(self, *, by_itself: bool) -> None:
        """Go on where the journal stands, if a hub was joined.

        Without `by_itself` nothing is sent until somebody says so: where time stands still. One
        that goes already goes on as it does.
        """
        if self._worker is not None:
            return
        self._by_itself = by_itself
        with self.books.read() as db:
            link = link_of(db)
        if link is None:
            return
        from sync.file_lane import FileLane
        from sync.worker import HubWorker

        self._worker = HubWorker(self.books, link, cut=lambda: self.cut)
        self._files = FileLane(self.books, link, self._worker.line)
        self._updates = self._update_lane(link, self._worker.line)
        if by_itself:
            self._worker.start()
            self._files.start()
            if self._updates is not None:
                self._updates.start()

    def _update_lane(self, link: Link, line: HubLine) -> UpdateLane | None:
        """Only where a program is installed and not run from its source."""
        from ui import updating

        if self.folder is None or updating.program_folder() is None:
            return None
        from app import schema
        from app.update_file import release_keys
        from sync.update_lane import UpdateLane

        return UpdateLane(
            self.books, link, line, folder=self.folder, keys=release_keys(),
            known=lambda: updating.here(self.books.clock, schema.HEAD),
        )  # fmt: skip

    @property
    def update_ready(self) -> str:
        """The version that came from head office and may be installed, "" for none."""
        ready = self._updates.ready if self._updates is not None else ""
        if ready:
            from ui.updating import next_version

            return ready if next_version() != ready else ""
        return ""

    def enrol(self, address: str, code: str, authority: str = "") -> str:
        """Join a hub; the six digits to compare there. Refuses as `joining.enrol` does."""
        from sync.joining import enrol

        try:
            digits = enrol(self.books, address, code, cut=lambda: self.cut, authority=authority)
        except Refusal as refusal:
            if "reason" not in refusal.details:
                raise
            reason = str(refusal.details["reason"])
            raise Refusal(refusal.code, reason=why_not(reason)) from refusal
        self.close()
        self.start(by_itself=self._by_itself)
        return digits

    def authority_in(self, path: Path) -> str:
        """The certificates a file holds. Raises Refusal("hub_authority_bad")."""
        from sync.joining import authority_in

        return authority_in(path)

    def leave(self, *, anyway: bool = False) -> None:
        """Belong to no hub any more. Raises Refusal: not_enrolled, facts_unsent (not `anyway`)."""
        from sync.joining import leave

        leave(self.books, anyway=anyway)
        self.close()

    def export_facts(self, path: Path) -> HandedOver:
        """Write what waits into a file for head office. Refuses as `handing_over` does."""
        from sync.handing_over import export_facts

        return export_facts(self.books, path)

    def answers_on(self, place: Path) -> list[Path]:
        """Files from head office for this till in a folder."""
        from sync.handing_over import answers_on

        return answers_on(self.books, place)

    def import_feed(self, path: Path) -> Taken:
        """Take in a file from head office. Refuses as `handing_over` does."""
        from sync.handing_over import import_feed

        taken = import_feed(self.books, path)
        self.ask()
        return taken

    def ask_genuine(self, asked: AskGenuine) -> Genuine | str:
        """Head office's answer about goods, or why there is none. Waits for the network."""
        from sync.hub_line import LineTrouble
        from sync.protocol_trace import GENUINE_PATH, Genuine, genuine_in

        if self._worker is None:
            return "not_enrolled"
        try:
            said = self._worker.line.tell(self._worker.link, GENUINE_PATH, asked, genuine_in)
        except LineTrouble as trouble:
            return trouble.reason
        return said if isinstance(said, Genuine) else said.code

    def ask_elsewhere(self, product: str) -> list[ShopStock] | str:
        """The other shops that have an article, or why nobody says. Waits for the network."""
        from sync.hub_line import LineTrouble
        from sync.protocol_stock import STOCK_PATH, AskStock, StockElsewhere, stock_in

        if self._worker is None:
            return "not_enrolled"
        ask = AskStock(product=product)
        try:
            said = self._worker.line.tell(self._worker.link, STOCK_PATH, ask, stock_in)
        except LineTrouble as trouble:
            return trouble.reason
        return said.shops if isinstance(said, StockElsewhere) else said.code

    @property
    def seen(self) -> SyncState | None:
        """What people see of it, None for a till on its own. Reads no disk."""
        return self._worker.seen if self._worker else None

    def digits(self) -> str:
        """What a person compares with head office. Raises Refusal("not_enrolled")."""
        from sync.protocol import fingerprint

        with self.books.read() as db:
            link = link_of(db)
            if link is None:
                raise Refusal("not_enrolled")
            return fingerprint(public_key_of(db, link.journal))

    @property
    def address(self) -> str:
        """The hub that was joined, "" for none."""
        return self._worker.link.address if self._worker else ""

    def change_key(self, staff: str) -> bool:
        """Go on in a journal with a new key; whether the hub knows it already.

        Raises Refusal: not_enrolled, clock_jumped.
        """
        if self._worker is None:
            raise Refusal("not_enrolled")
        return self._worker.change_key(staff)

    def ask(self) -> None:
        """Send what waits, now; never waits itself."""
        if self._worker is not None:
            self._worker.ask()
        if self._files is not None:
            self._files.ask()
        if self._updates is not None:
            self._updates.ask()

    def shown(self) -> SyncState:
        """The same, read from the disk. Raises Refusal("not_enrolled")."""
        if self._worker is None:
            raise Refusal("not_enrolled")
        return self._worker.shown()

    def push_now(self, patience_s: float) -> SyncState:
        """Send what waits now. Raises Refusal("not_enrolled")."""
        if self._worker is not None:
            self._worker.push_now(patience_s)
        if self._files is not None:
            # Attachments follow by themselves, or here where nothing goes by itself.
            self._files.ask() if self._by_itself else self._files.look()
        if self._updates is not None:
            self._updates.ask() if self._by_itself else self._updates.look()
        return self.shown()

    def close(self) -> None:
        """Begin nothing new."""
        worker, self._worker = self._worker, None
        files, self._files = self._files, None
        updates, self._updates = self._updates, None
        if updates is not None:
            updates.close()
        if files is not None:
            files.close()
        if worker is not None:
            worker.close()
