"""Thousands of messages that are almost right, both ways: none is taken, nothing breaks.

`python -m tests.sync.malformed --messages 5000` prints what became of them as one line of JSON.
"""

import argparse
import json
import logging
import resource
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from time import monotonic

import msgspec

from sync.hub.signed_line import MESSAGES
from sync.protocol import NONCE_HEADER
from sync.worker import HubWorker
from tests.support.entries import Writer
from tests.support.facts import setting
from tests.support.forged_answers import LIES, Liar
from tests.support.forged_requests import WAYS, Forger
from tests.support.hubs import RunningHub
from tests.support.mouths import Mouth, ack, signed, worker_at
from tests.support.postgres import a_database, a_server
from tests.support.tills import TillInFolder

WARM = 200
"""Messages before memory is measured: libraries load, pools fill."""
TAKEN = ("ack", "fork", "enrolled", "rekeyed")


class Outcome(msgspec.Struct):
    """What became of a row of messages."""

    messages: int = 0
    accepted: int = 0
    crashes: int = 0
    five_hundreds: int = 0
    said: Counter[str] = msgspec.field(default_factory=Counter)
    """How often which answer was given."""
    worst: list[str] = msgspec.field(default_factory=list)
    """The first of those that got through or broke something."""

    def note(self, what: str) -> None:
        if len(self.worst) < 10:
            self.worst.append(what)


def to_hub(hub: RunningHub, writer: Writer, messages: int, seed: str) -> Outcome:
    """Spoiled requests to every path. `writer` was let in; its last entry is still to be sent."""
    outcome, dice = Outcome(), Random(seed)
    forger = Forger(hub, writer)
    stood = _standing(hub)
    for number in range(messages):
        way = WAYS[number % len(WAYS)]
        outcome.messages += 1
        method, path, headers, body = way(forger, dice)
        where = f"{number} {way.__name__} {path}"
        try:
            response = hub.session.request(
                method, hub.address + path, data=body, headers=headers, timeout=20
            )
            said = str(response.status_code)
            if path in MESSAGES and headers:
                said = hub.code_of(headers[NONCE_HEADER], response)
        except Exception as error:
            outcome.crashes += 1
            outcome.note(f"{where}: {error!r}"[:300])
            continue
        outcome.said[said] += 1
        if response.status_code >= 500:
            outcome.five_hundreds += 1
            outcome.note(f"{where}: {response.status_code}")
        if said in TAKEN or (number % 50 == 49 and _standing(hub) != stood):
            outcome.accepted += 1
            outcome.note(f"{where}: {said}")
            stood = _standing(hub)
    outcome.accepted += _standing(hub) != stood
    return outcome


def _standing(hub: RunningHub) -> list[object]:
    """What the hub holds that a message could have put there."""
    tables = ("hub_entry", "hub_fork", "hub_journal", "hub_device", "hub_batch", "hub_unread")
    counts = [hub.rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables]
    # Whose key counts, and which hub this is.
    return [
        *counts,
        hub.rows("SELECT signer FROM hub_device ORDER BY signer"),
        hub.rows("SELECT value FROM hub_mark ORDER BY name"),
    ]


def to_till(
    till: TillInFolder, worker: HubWorker, mouth: Mouth, messages: int, seed: str
) -> Outcome:
    """Answers of somebody who is not the hub, or of a hub that says what makes no sense."""
    outcome = Outcome()
    liar = Liar(mouth, Random(seed))
    mouth.reply = liar.reply
    for number in range(messages):
        way = liar.way = LIES[number % len(LIES)]
        outcome.messages += 1
        stood = _believed(till)
        where = f"{number} {way.__name__}"
        try:
            worker.push_now(0)
        except Exception as error:
            outcome.crashes += 1
            outcome.note(f"{where}: {error!r}"[:300])
            continue
        reason = worker.seen.reason
        outcome.said[reason] += 1
        if reason == "bug":
            outcome.crashes += 1
            outcome.note(f"{where}: bug")
        if reason == "" or _believed(till) != stood:
            outcome.accepted += 1
            outcome.note(f"{where}: {reason or 'taken'}")
    return outcome


def honest_answer_is_taken(worker: HubWorker, mouth: Mouth) -> bool:
    """Whether the till still listens to its hub."""
    mouth.reply = lambda m, n: signed(ack(m, seq=3), n)
    worker.push_now(0)
    return (worker.seen.reason, worker.seen.acked) == ("", 3)


def _believed(till: TillInFolder) -> list[tuple[object, ...]]:
    """What a till keeps of what its hub said, and the journals it writes."""
    return [
        *till.rows("SELECT journal, seq, hub_ms FROM acknowledged ORDER BY journal"),
        *till.rows("SELECT * FROM own_journal"),
        *till.rows("SELECT * FROM hub_link"),
        *till.rows("SELECT count(*) FROM received_feed"),
        *till.rows("SELECT count(*) FROM entry"),
    ]


def _most_mb() -> float:
    """The most this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def campaign(messages: int, seed: str) -> dict[str, object]:
    """Half of the messages each way, to a hub on PostgreSQL and to a till."""
    began = monotonic()
    with a_server() as server, tempfile.TemporaryDirectory() as folder:
        hub = RunningHub(Path(folder) / "hub", a_database(server, "malformed"))
        till, mouth = TillInFolder(Path(folder) / "till"), Mouth()
        try:
            writer = Writer("a")
            hub.join(writer)
            writer.write(setting())
            hub.push(writer)
            writer.write(setting(value="the next one"))
            worker = worker_at(till, mouth)
            to_hub(hub, writer, WARM, f"{seed} warm")
            to_till(till, worker, mouth, WARM, f"{seed} warm")
            before = _most_mb()
            up = to_hub(hub, writer, messages // 2, seed)
            down = to_till(till, worker, mouth, messages - messages // 2, seed)
            grown = _most_mb() - before
            honest = hub.push(writer).code == "ack" and honest_answer_is_taken(worker, mouth)
        finally:
            mouth.close()
            till.close()
            hub.close()
    both = (up, down)
    return {
        "messages": sum(each.messages for each in both),
        "accepted": sum(each.accepted for each in both),
        "crashes": sum(each.crashes for each in both) + (not honest),
        "five_hundreds": sum(each.five_hundreds for each in both),
        "rss_growth_mb": round(grown, 1),
        "seconds": round(monotonic() - began, 1),
        "hub_said": dict(up.said.most_common()),
        "till_said": dict(down.said.most_common()),
        "worst": [*up.worst, *down.worst],
    }


def _main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--seed", default="malformed")
    parsed = parser.parse_args()
    # Each of them is in the outcome.
    logging.disable(logging.CRITICAL)
    found = campaign(parsed.messages, parsed.seed)
    print(json.dumps(found, ensure_ascii=False), flush=True)
    bad = sum(int(str(found[name])) for name in ("accepted", "crashes", "five_hundreds"))
    return 0 if bad == 0 and float(str(found["rss_growth_mb"])) < 50 else 1


if __name__ == "__main__":
    sys.exit(_main())
