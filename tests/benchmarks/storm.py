"""A whole chain comes back at once: a thousand tills, each with what it sold meanwhile, one hub.

The tills are simulated, their talk is not: the state machine of the real ones, requests signed and
packed like theirs, every answer believed only under the hub's signature, rests really rested.
"""

import asyncio
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic, time

import psycopg

from app.facts.base import Fact
from app.journal.outbox import Way
from sync import protocol
from sync.conversation import Event, Failed, Heard, Keep, Looked, Send, State, step
from sync.protocol import Hostile
from tests.benchmarks.measuring import Figure
from tests.support.entries import Writer
from tests.support.facts import sold
from tests.support.postgres import a_database, a_server
from tests.support.talkers import Talker
from tests.support.tills import SHOP

TILLS, SALES = 1_000, 10
BAR_S, BAR_MB = 300, 300
LINES = tuple((f"KP-A{n:03d}", 1280, 1000) for n in range(3))
READ_S = 10


@dataclass
class Chain:
    """What all tills count together."""

    port: int
    hub_key: str
    asked: int = 0
    said: Counter[str] = field(default_factory=Counter)


class OneTill:
    """One till that was alone for a while."""

    def __init__(self, number: int) -> None:
        self.till = str(number)
        self.writer = Writer(f"storm-{number}", till=self.till)
        for sequence in range(1, SALES + 1):
            fact: Fact = sold(*LINES, sequence=sequence)
            self.writer.write(fact)
        self.acked = 0
        self._dice = Random(number)
        self._state = State()

    @property
    def head(self) -> int:
        return len(self.writer.entries)

    async def drain(self, chain: Chain) -> None:
        """Talk until the hub has it all."""
        while self.acked < self.head:
            now = int(monotonic() * 1000)
            await asyncio.sleep(max(self._state.until - now, 0) / 1000)
            way = Way(self.writer.journal, self.head, self.acked)
            now = int(monotonic() * 1000)
            self._state, effects = step(self._state, Looked(now, (way,)), self._jitter)
            for effect in effects:
                if isinstance(effect, Send):
                    event = await self._push(chain, effect)
                    self._state, kept = step(self._state, event, self._jitter)
                    for each in kept:
                        if isinstance(each, Keep):
                            self.acked = each.seq

    def _jitter(self, most: int) -> int:
        return self._dice.randint(0, most)

    async def _push(self, chain: Chain, send: Send) -> Event:
        entries = [protocol.pushed(each) for each in self.writer.entries[send.behind :]]
        body, count = protocol.packed(protocol.Push(journal=send.journal, entries=entries))
        nonce, now = self._dice.randbytes(16).hex(), int(time() * 1000)
        path = protocol.PUSH_PATH
        text = protocol.request_text("POST", path, self.writer.journal, now, nonce, body)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Encoding: gzip\r\n"
            f"Content-Length: {len(body)}\r\n{protocol.JOURNAL_HEADER}: {self.writer.journal}\r\n"
            f"{protocol.TIME_HEADER}: {now}\r\n{protocol.NONCE_HEADER}: {nonce}\r\n"
            f"{protocol.SIGNATURE_HEADER}: {self.writer.key.sign(text).hex()}\r\n\r\n"
        )
        chain.asked += 1
        try:
            async with asyncio.timeout(READ_S):
                status, headers, said = await _exchange(chain.port, head.encode() + body)
            signature = headers.get(protocol.SIGNATURE_HEADER.lower(), "")
            answer = protocol.believed(chain.hub_key, nonce, status, signature, said)
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
            chain.said["no_answer"] += 1
            return Failed(int(monotonic() * 1000), send.call, "no_answer")
        except Hostile:
            chain.said["busy"] += 1
            return Failed(int(monotonic() * 1000), send.call, "busy")
        code = answer.code if isinstance(answer, protocol.Refused) else type(answer).__name__
        chain.said[code] += 1
        # What it said is believed as it comes; nobody here keeps evidence of it.
        return Heard(int(monotonic() * 1000), send.call, answer, b"", send.behind + count)


async def _exchange(port: int, request: bytes) -> tuple[int, dict[str, str], bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        await writer.drain()
        top = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in top[1:] if line)
        }
        body = await reader.readexactly(int(headers["content-length"]))
        return int(top[0].split()[1]), headers, body
    finally:
        writer.close()


def _let_in(url: str, tills: list[OneTill]) -> str:
    """Head office has known all of them for long; the hub's public key."""
    with psycopg.connect(url) as db:
        columns = [
            row[0]
            for row in db.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = 'hub_device' ORDER BY ordinal_position"
            ).fetchall()
        ]
        for each in tills:
            device = "device-" + each.writer.journal.removeprefix("journal-")
            known = {
                "shop": SHOP, "device": device, "till": each.till,
                "signer": each.writer.journal, "public_key": each.writer.public_key,
                "state": "approved", "enrolled_ms": 0, "seen_ms": 0,
            }  # fmt: skip
            values = [known.get(column, "") for column in columns]
            marks = ", ".join(["%s"] * len(columns))
            insert = f"INSERT INTO hub_device VALUES ({marks})"
            db.execute(insert, values)  # type: ignore[call-overload]
        ((key,),) = db.execute("SELECT value FROM hub_mark WHERE name = 'public_key'").fetchall()
        return str(key)


def _peak_mb(pid: int) -> int:
    """The most a process ever held."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return 0


async def _all(tills: list[OneTill], chain: Chain, bar_s: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(bar_s):
            await asyncio.gather(*(each.drain(chain) for each in tills))


def storm(tills: int = TILLS, bar_s: float = BAR_S, planted: str = "") -> list[Figure]:
    """Seconds until one hub in its own process has what every till wrote, all asking at once.

    Tills that are not done after `bar_s` are given up. `planted`: a fault the hub shall have.
    """
    chain_of_tills = [OneTill(number) for number in range(tills)]
    entries = sum(each.head for each in chain_of_tills)
    with a_server(durable=True) as server, tempfile.TemporaryDirectory() as folder:
        url = a_database(server, "storm")
        hub = Talker("hub", "--data", Path(folder), "--database", url, "--port", "0",
                     planted=planted)  # fmt: skip
        try:
            port = int(hub.heard().split()[1].rsplit(":", 1)[1])
            chain = Chain(port, _let_in(url, chain_of_tills))
            calm = _peak_mb(hub.pid)
            began = monotonic()
            asyncio.run(_all(chain_of_tills, chain, bar_s))
            took = monotonic() - began
            peak = _peak_mb(hub.pid)
        finally:
            hub.kill()
        with psycopg.connect(url) as db:
            ((stored,),) = db.execute("SELECT count(*) FROM hub_entry").fetchall()
    return [
        Figure(
            name="storm",
            what=f"{tills} tills at once, {entries} entries, one hub on PostgreSQL on this machine",
            p50=took,
            limit=f"all tills rest at most {bar_s} s",
            bar=f"drained in {bar_s} s, none lost, the hub below {BAR_MB} MB",
            met=stored == entries and took < bar_s and peak <= BAR_MB,
            unit="s",
            more={
                "entries at the hub": stored,
                "requests": chain.asked,
                "answers": str(dict(chain.said)),
                "hub's peak MB, calm / storm": f"{calm} / {peak}",
            },
        )
    ]
