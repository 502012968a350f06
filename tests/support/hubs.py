"""A real hub behind a real port, and tills that speak to it: honest ones, and others."""

import gzip
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from app.clock import SettableClock
from app.ids import Ids, seeded
from app.journal.stored import StoredEntry
from sync import protocol
from sync.hub import office
from sync.hub.projecting import Projection
from sync.hub.serving import served_beside
from sync.hub.state import Hub
from tests.support.entries import Writer
from tests.support.hub_applications import APPLICATIONS
from tests.support.tills import MORNING

TIMEOUT_S = 20


def of_shops(sql: str) -> str:
    """The same question without head office's own journal, in which letting a till in stands."""
    journals = r'FROM ("journal_opened"|hub_(?:entry|batch|journal|cursor|shop)\b)'
    return re.sub(journals, r"FROM (SELECT * FROM \1 WHERE shop <> 'HQ') AS \1", sql)


class RunningHub:
    """A hub served by threads of this process; projections run when they are told to."""

    def __init__(self, folder: Path, url: str, *, demo: bool = False) -> None:
        self.folder = folder
        self.url = url
        self.clock = SettableClock(MORNING)
        ids = Ids(self.clock, seeded(f"hub {folder.name}"))
        self.hub = Hub(folder, clock=self.clock, ids=ids, url=url, demo=demo)
        self.projection = Projection(self.hub.database)
        self._open = ExitStack()
        self.address = self._open.enter_context(served_beside(self.hub))
        self.session = requests.Session()
        self.session.trust_env = False
        self._nonces = 0

    def close(self) -> None:
        self.session.close()
        self._open.close()
        self.hub.close()
        APPLICATIONS.give_back(self.hub)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the hub's tables say of its shops."""
        with self.hub.database.begin() as db:
            return [tuple(row) for row in db.exec_driver_sql(of_shops(sql))]

    def rows_changed(self, sql: str) -> None:
        """Reach into the hub's tables past every guard."""
        with self.hub.database.begin() as db:
            db.exec_driver_sql(sql)

    def post(
        self, path: str, body: bytes, headers: Mapping[str, str | bytes] | None = None
    ) -> requests.Response:
        """Send bytes as they are."""
        return self.session.post(self.address + path, data=body, headers=headers, timeout=TIMEOUT_S)

    def approve(self, writer: Writer) -> None:
        """Head office lets this journal's device in."""
        office.approve_device(
            self.hub,
            device=f"device-{writer.journal.removeprefix('journal-')}",
            fingerprint_shown=protocol.fingerprint(writer.public_key),
        )

    def join(self, writer: Writer, *, till: str = "1", approved: bool = True) -> "Told":
        """A till joins with a code of its own."""
        code = office.enrol_code(self.hub, shop=writer.shop, till=till)
        told = self.enrol(writer, code)
        if approved:
            self.approve(writer)
        return told

    def enrol(self, writer: Writer, code: str) -> "Told":
        """A till asks to belong with this code."""
        wish = protocol.Enrol(
            opened=protocol.pushed(writer.entries[0]),
            proof=protocol.till_proof(code, writer.public_key),
            app="test",
        )
        return self.ask(writer, protocol.ENROL_PATH, protocol.encoded(wish), packed=False)

    def push(self, writer: Writer, entries: Sequence[StoredEntry] | None = None) -> "Told":
        """Push entries of a till's own journal (all of them unless told)."""
        chosen = writer.entries if entries is None else entries
        push = protocol.Push(
            journal=writer.journal, entries=[protocol.pushed(each) for each in chosen]
        )
        return self.push_as(writer, push)

    def push_as(self, writer: Writer, push: protocol.Push) -> "Told":
        """Push whatever this is, under the till's signature."""
        body, _count = protocol.packed(push)
        return self.ask(writer, protocol.PUSH_PATH, body)

    def signed(
        self, writer: Writer, path: str, body: bytes, *, packed: bool = True
    ) -> dict[str, str]:
        """Headers of an honest request, each time with a nonce of its own."""
        self._nonces += 1
        nonce, now = f"nonce-{self._nonces}", self.clock.wall_ms()
        text = protocol.request_text("POST", path, writer.journal, now, nonce, body)
        headers = {
            "Content-Type": "application/json",
            protocol.JOURNAL_HEADER: writer.journal,
            protocol.TIME_HEADER: str(now),
            protocol.NONCE_HEADER: nonce,
            protocol.SIGNATURE_HEADER: writer.key.sign(text).hex(),
        }
        return headers | ({"Content-Encoding": "gzip"} if packed else {})

    def ask(
        self, writer: Writer, path: str, body: bytes, *, packed: bool = True, **changed: str
    ) -> "Told":
        """An honest request but for the headers that are `changed`; the answer must be signed."""
        headers = self.signed(writer, path, body, packed=packed)
        for name, value in changed.items():
            headers[name.replace("_", "-")] = value
        return self.told(headers, self.post(path, body, headers))

    def told(self, headers: Mapping[str, str], response: requests.Response) -> "Told":
        """What was answered, believed as a till would."""
        signature = response.headers.get(protocol.SIGNATURE_HEADER, "")
        nonce = headers.get(protocol.NONCE_HEADER, "")
        answer = protocol.believed(
            self.hub.public_key, nonce, response.status_code, signature, response.content
        )
        return Told(response.status_code, answer)

    def code_of(self, nonce: str | bytes, response: requests.Response) -> str:
        """The kind of any answer, or why it was refused; whatever it is, the hub has to sign it."""
        nonce = nonce if isinstance(nonce, str) else nonce.decode("latin-1")
        text = protocol.answer_text(nonce[:64], response.status_code, response.content)
        signature = response.headers.get(protocol.SIGNATURE_HEADER, "")
        assert protocol.is_signed(self.hub.public_key, signature, text), "no signature"
        packed = response.content.startswith(b"\x1f\x8b")
        body = gzip.decompress(response.content) if packed else response.content
        answer: dict[str, str] = json.loads(body)
        return answer["code"] if answer["answer"] == "refused" else answer["answer"]


@dataclass(frozen=True)
class Told:
    """An answer with its status."""

    status: int
    answer: protocol.Answer

    @property
    def code(self) -> str:
        """The word of a refusal, or what kind of answer it is."""
        if isinstance(self.answer, protocol.Refused):
            return self.answer.code
        return type(self.answer).__name__.lower()
