#!/usr/bin/env python3
"""Proves a journal export without the till's program: Python 3.9 or later, and `cryptography`.

    python verify_export.py [FOLDER] [--key JOURNAL=HEX] [--head LETTERS_OR_HEX]

Every line of journal.jsonl is looked at: its hash is the SHA-256 of its exact bytes, its signature
is the till's Ed25519 signature on that hash, it names the hash of the line before it, and its
number follows. journal.csv must hold the same. What is wrong is printed with journal and number.
The exit code is 0 only when nothing is wrong.

Keys are read from keys.json, which whoever made the folder could have written too: give the key
that head office or a Z report names with --key, and hashes known from paper with --head.
"""

import argparse
import base64
import csv
import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NOTHING = "0" * 64


def letters(entry_hash):
    """The six letters a receipt shows: the last 30 bits of the hash in base32."""
    tail = int.from_bytes(entry_hash[-4:], "big") & ((1 << 30) - 1)
    return base64.b32encode((tail << 10).to_bytes(5, "big")).decode()[:6]


def key_of(text):
    """A public key from 64 hex digits, None when these are none."""
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError:
        return None


def is_signed(key, sig, entry_hash):
    """Whether the signature is this key's on this hash."""
    try:
        key.verify(sig, entry_hash)
    except (InvalidSignature, ValueError):
        return False
    return True


class Journal:
    """One journal: what the next line must fit."""

    def __init__(self, said, key):
        self.name = said["journal"]
        self.first, self.last, self.head = said["first"], said["last"], said["head"]
        self.key = key_of(key)
        self.key_text = key
        self.next, self.prev, self.entries = self.first, None, 0
        self.problems = []

    def wrong(self, code, seq):
        """Remember one fault, and where."""
        self.problems.append({"code": code, "journal": self.name, "seq": seq})

    def take(self, seq, content, entry_hash, sig):
        """The next line."""
        self.entries += 1
        if seq > self.next:
            self.wrong("entry_missing", self.next)
            self.prev = None
        elif seq < self.next:
            self.wrong("entry_misplaced", seq)
        computed = hashlib.sha256(content).digest()
        if computed != entry_hash:
            self.wrong("content_changed", seq)
        elif self.key is None:
            self.wrong("signature_unchecked", seq)
        elif not is_signed(self.key, sig, entry_hash):
            self.wrong("signature_bad", seq)
        self.envelope(seq, content)
        self.prev = (entry_hash.hex(), computed.hex())
        self.next = max(self.next, seq + 1)

    def envelope(self, seq, content):
        """What the entry says of its own place."""
        try:
            said = json.loads(content)
            place, prev = (said["journal"], said["seq"]), said["prev"]
        except (ValueError, KeyError, TypeError):
            self.wrong("entry_unreadable", seq)
            return
        if place != (self.name, seq):
            self.wrong("entry_misplaced", seq)
        wanted = (NOTHING,) if seq == 1 else self.prev
        if wanted is not None and prev not in wanted:
            self.wrong("chain_broken", seq)
        if seq == 1 and said.get("public_key") != self.key_text:
            self.wrong("key_changed", 1)

    def finish(self):
        """After the last line: nothing is missing at the end."""
        if self.next != self.last + 1 or self.prev is None or self.head not in self.prev:
            self.wrong("entry_missing", self.next)


def lines_of(folder):
    """(journal, seq, bytes, hash, signature) of every line."""
    with (folder / "journal.jsonl").open("rb") as file:
        for text in file:
            line = json.loads(text)
            coded = line.get("entry_base64", "")
            content = base64.b64decode(coded) if coded else line.get("entry", "").encode("utf-8")
            yield (
                line["journal"], line["seq"], content,
                bytes.fromhex(line["hash"]), bytes.fromhex(line["sig"]),
            )  # fmt: skip


def rows_of(folder):
    """The same of every row of the table."""
    csv.field_size_limit(1 << 24)
    with (folder / "journal.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            coded = row["entry_base64"]
            content = base64.b64decode(coded) if coded else row["entry"].encode("utf-8")
            yield (
                row["journal"], int(row["seq"]), content,
                bytes.fromhex(row["hash"]), bytes.fromhex(row["sig"]),
            )  # fmt: skip


def verify(folder, keys=None, heads=()):
    """The report over a folder: {"ok", "entries", "journals", "problems"}."""
    said = json.loads((folder / "keys.json").read_text(encoding="utf-8"))
    known = dict(keys or {})
    journals = {
        each["journal"]: Journal(each, known.get(each["journal"], each["public_key"]))
        for each in said["journals"]
    }
    problems, left, table = [], set(heads), rows_of(folder)
    has_table = (folder / "journal.csv").exists()
    for line in lines_of(folder):
        name, seq, content, entry_hash, sig = line
        if name not in journals:
            problems.append({"code": "journal_unknown", "journal": name, "seq": seq})
            continue
        journals[name].take(seq, content, entry_hash, sig)
        left -= {entry_hash.hex(), letters(entry_hash)}
        if has_table and next(table, None) != line:
            problems.append({"code": "table_differs", "journal": name, "seq": seq})
            has_table = False
    if has_table and next(table, None) is not None:
        problems.append({"code": "table_differs", "journal": "", "seq": 0})
    for each in journals.values():
        each.finish()
        problems += each.problems
    problems += [{"code": "head_missing", "journal": "", "seq": 0, "head": one} for one in left]
    problems += [
        {"code": "journal_missing", "journal": name, "seq": 1} for name in known
        if name not in journals
    ]  # fmt: skip
    return {
        "ok": not problems,
        "entries": sum(each.entries for each in journals.values()),
        "journals": [
            {"journal": each.name, "first": each.first, "last": each.last, "key": each.key_text}
            for each in journals.values()
        ],
        "problems": problems,
    }


def main():
    """Read the arguments, print the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--key", action="append", default=[], metavar="JOURNAL=HEX")
    parser.add_argument("--head", action="append", default=[], metavar="LETTERS")
    parsed = parser.parse_args()
    keys = dict(each.split("=", 1) for each in parsed.key)
    heads = [each.upper() if len(each) == 6 else each.lower() for each in parsed.head]
    try:
        report = verify(parsed.folder, keys, heads)
    except (OSError, ValueError, KeyError, TypeError) as error:
        report = {"ok": False, "problems": [{"code": "unreadable", "detail": str(error)}]}
    print(json.dumps(report, ensure_ascii=False, indent=2))
    return 0 if report["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
