"""What a running hub is: its folder, its database, its key, its clock."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select, update

from app.clock import Clock
from app.errors import Refusal, Trouble
from app.ids import Ids
from sync.hub.database import HubDatabase, make_meaning, marks, marks_at
from sync.hub.tables import hub_mark
from sync.protocol import answer_text
from sync.sealing import Sealing, sealing_seed

KEY_FILE = "hub.key"
KEY_BYTES = 32
FOLDER_MARK = "folder"


class Hub:
    """A hub, open. Raises Refusal: hub_database_bad, demo_and_real, hub_not_here; Trouble:
    hub_database_away, hub_key_lost, folder_read_only."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock,
        ids: Ids,
        url: str = "",
        demo: bool = False,
        new: bool = True,
    ) -> None:
        """Without `new` a hub must be there already."""
        if not new and not (folder / KEY_FILE).exists():
            raise Refusal("hub_not_here")
        self.clock = clock
        self.ids = ids
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Trouble("folder_read_only", detail=error.strerror or "") from error
        self.database = HubDatabase(folder, url)
        try:
            with self.database.begin() as db:
                known = marks(db)
                self._key = key_in(folder / KEY_FILE, ids, known=known.get("public_key"))
                if "public_key" not in known:
                    known = self._begin(db, demo)
                if url and known.get(FOLDER_MARK) != str(folder.resolve()):
                    self.database.mark(db, FOLDER_MARK, str(folder.resolve()))
            make_meaning(self.database)
        except BaseException:
            self.database.close()
            raise
        self.sealing = Sealing(sealing_seed(self._key.private_bytes_raw()))
        """Opens what tills sealed for this hub."""
        self.incarnation = known["incarnation"]
        self.demo = known["kind"] == "demo"
        if demo and not self.demo:
            self.database.close()
            raise Refusal("demo_and_real")

    @property
    def public_key(self) -> str:
        """64 hex digits; tills pin it when they join."""
        return self._key.public_key().public_bytes_raw().hex()

    def _begin(self, db: Connection, demo: bool) -> dict[str, str]:
        known = {
            "incarnation": self.ids.new(),
            "public_key": self.public_key,
            "kind": "demo" if demo else "real",
            "program": "",
        }
        db.execute(hub_mark.insert(), [{"name": n, "value": v} for n, v in known.items()])
        return known

    def renew(self, incarnation: str = "") -> None:
        """Begin a new incarnation: the database was put back from a copy, so tills have to look
        what it lost. With an `incarnation` only if that one still stands."""
        with self.database.begin() as db:
            this = hub_mark.c.name == "incarnation"
            standing = db.scalar(select(hub_mark.c.value).where(this).with_for_update())
            if incarnation in ("", standing):
                standing = self.ids.new()
                db.execute(update(hub_mark).where(this), {"value": standing})
        self.incarnation = str(standing)

    def look_again(self) -> None:
        """See whether another process of this hub has begun a new incarnation."""
        with self.database.begin() as db:
            self.incarnation = marks(db)["incarnation"]

    def sign(self, text: bytes) -> bytes:
        """The hub's signature on a text that says what it is."""
        return self._key.sign(text)

    def sign_answer(self, nonce: str, status: int, body: bytes) -> str:
        """The signature (hex) of an answer to the request with this nonce."""
        return self.sign(answer_text(nonce, status, body)).hex()

    def now_ms(self) -> int:
        return self.clock.wall_ms()

    def close(self) -> None:
        """Let the database go."""
        self.database.close()


def folder_of(url: str) -> Path:
    """Where the hub that uses a database keeps its key, as it said when it was opened last.

    Raises Refusal: hub_database_bad, hub_not_here; Trouble("hub_database_away").
    """
    said = marks_at(url).get(FOLDER_MARK, "")
    if not said or not (Path(said) / KEY_FILE).exists():
        raise Refusal("hub_not_here")
    return Path(said)


def key_in(path: Path, ids: Ids, *, known: str | None) -> Ed25519PrivateKey:
    """The key in a file. It is made only where nobody knows one yet (`known`, 64 hex digits): tills
    have pinned the hub's, and the brand's has signed a journal. Raises Trouble("hub_key_lost")."""
    if known is None and not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(ids.random_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    try:
        key = Ed25519PrivateKey.from_private_bytes(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Trouble("hub_key_lost", path=str(path)) from error
    if known not in (None, key.public_key().public_bytes_raw().hex()):
        raise Trouble("hub_key_lost", path=str(path))
    return key
