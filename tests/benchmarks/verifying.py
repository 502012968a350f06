"""A million entries: how long until every hash and every signature was looked at.

The limits are a bare loop over the same bytes in one process (SHA-256), and over the same
signatures in as many processes as the check uses (Ed25519): what the machine can do at all.
"""

import hashlib
import multiprocessing
import os
import tempfile
from functools import partial
from pathlib import Path
from time import perf_counter

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.checking import Progress, check_file
from app.journal.read import newest_first, writers
from app.journal.stored import after
from tests.benchmarks.entries import till_with_entries
from tests.benchmarks.measuring import Figure, percentile, timed

ENTRIES = 1_000_000
BAR_HASHES_S, BAR_SIGNATURES_S, BAR_PAGE_MS = 10.0, 120.0, 50.0
CORES = 2
SAMPLE = 100_000
"""Signatures the bare loop checks: each takes as long as the next."""


def verify(entries: int = ENTRIES) -> list[Figure]:
    """Hashes, signatures, and a page of the list by person, each beside its limit."""
    with tempfile.TemporaryDirectory(prefix="pos-bench-") as folder:
        till = till_with_entries(Path(folder) / "till", entries)
        try:
            path, key = till.books.database.path, till.books.journal.public_key
            size = path.stat().st_size
            took = _checked(path, {till.books.journal.id: key})
            bare = _bare_hashes(till.books.database, till.books.journal.id)
            signed = _bare_signatures(till.books.database, till.books.journal.id, key, entries)
            pages = _pages(till.books.database)
        finally:
            till.close()
    more: dict[str, float | int | str] = {"entries": entries, "file MB": size // 2**20}
    return [
        _figure("verify_hashes", "bare SHA-256 over the same bytes", took["hashes"], bare,
                BAR_HASHES_S, more | {"entries/s": round(entries / took["hashes"])}),
        _figure("verify_signatures", f"bare Ed25519 in {CORES} processes", took["signatures"],
                signed, BAR_SIGNATURES_S, {"entries/s": round(entries / took["signatures"])}),
        Figure(
            name="journal_page",
            what="a page of 100 entries by person, by kind or by time, anywhere in the journal",
            p50=percentile(pages, 0.5), p99=percentile(pages, 0.99),
            limit="none", bar=f"p99 at most {BAR_PAGE_MS:.0f} ms",
            met=percentile(pages, 0.99) <= BAR_PAGE_MS,
        ),
    ]  # fmt: skip


def _figure(
    name: str, limit: str, took: float, bare: float, bar: float, more: dict[str, float | int | str]
) -> Figure:
    return Figure(
        name=name, what=f"with {CORES} processes", p50=took, limit=limit, limit_p50=bare,
        ratio=took / bare, bar=f"at most {bar:.0f} s", met=took <= bar, unit="s", more=more,
    )  # fmt: skip


def _checked(path: Path, keys: dict[str, str]) -> dict[str, float]:
    """Seconds each step took."""
    began: dict[str, float] = {}

    def say(progress: Progress) -> bool:
        began.setdefault(progress.step, perf_counter())
        return True

    start = perf_counter()
    report = check_file(
        path, say, public_keys=keys, steps=("hashes", "signatures"), processes=CORES, few=0
    )
    end = perf_counter()
    assert report.ok, report.problems[:3]
    # What comes before the first step (counting, starting) belongs to it.
    return {"hashes": began["signatures"] - start, "signatures": end - began["signatures"]}


def _bare_hashes(database: object, journal: str) -> float:
    took = 0.0
    with database.read() as db:  # type: ignore[attr-defined]
        for each in after(db, journal):
            content = each.content
            start = perf_counter()
            hashlib.sha256(content).digest()
            took += perf_counter() - start
    return took


def _bare_signatures(database: object, journal: str, key: str, entries: int) -> float:
    pairs = []
    with database.read() as db:  # type: ignore[attr-defined]
        for each in after(db, journal):
            pairs.append((each.sig, each.hash))
            if len(pairs) == SAMPLE:
                break
    share = -(-len(pairs) // CORES)
    parts = [pairs[at : at + share] for at in range(0, len(pairs), share)]
    with multiprocessing.get_context("spawn").Pool(CORES) as pool:
        pool.map(os.path.exists, ["."] * CORES)
        start = perf_counter()
        pool.map(partial(_verify_all, key), parts, chunksize=1)
        return (perf_counter() - start) * entries / len(pairs)


def _verify_all(key: str, pairs: list[tuple[bytes, bytes]]) -> None:
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
    for sig, made in pairs:
        public.verify(sig, made)


def _pages(database: object) -> list[float]:
    took = []
    with database.read() as db:  # type: ignore[attr-defined]
        people = writers(db)
        (oldest, newest) = (newest_first(db, most=1, until_ms=2**62), newest_first(db, most=1))
        middle = newest[0].order_ms - (newest[0].order_ms - oldest[0].order_ms) // 2
        for until in (2**62, middle):
            for asked in (
                {}, {"kind": "member_shown@1"}, {"kind": "sale_completed@1"},
                *({"staff": one} for one in people),
                *({"staff": one, "kind": "member_shown@1"} for one in people),
            ):  # fmt: skip
                took.append(timed(partial(newest_first, db, until_ms=until, most=100, **asked)))
    return took
