"""Makes a release: `python -m tests.built.release key` once, then `… update` for each.

key --out FILE       a new release key; the private half goes into FILE and never into the project,
                     the public half is printed: put it into resources/release_keys.txt
update --dist FOLDER --key FILE --out FILE.kpupdate [--days N]
                     a signed update file of a built program
"""

import argparse
import hashlib
import os
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app import schema
from app.update_file import LIST, PRODUCT, SIGNATURE, Linked, Listed, Manifest, signed_bytes
from ui.updating import FOLDER, STARTER, this_machine

LEAST_SCHEMA = "0001"
DAYS = 180


def new_key(path: Path) -> str:
    """A private key in a file for its owner alone; the public half in hex."""
    key = Ed25519PrivateKey.generate()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key.private_bytes_raw())
    return key.public_key().public_bytes_raw().hex()


def listed(program: Path) -> tuple[tuple[Listed, ...], tuple[Linked, ...]]:
    """Every file and link of a program's folder, but for updates installed beside it."""
    files, links = [], []
    for path in sorted(program.rglob("*")):
        name = path.relative_to(program).as_posix()
        if name.split("/")[0] == FOLDER:
            continue
        if path.is_symlink():
            links.append(Linked(name, os.readlink(path).replace(os.sep, "/")))
        elif path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            run = bool(path.stat().st_mode & 0o100)
            files.append(Listed(name, path.stat().st_size, digest, run))
    return tuple(files), tuple(links)


def manifest_of(program: Path, **more: str) -> Manifest:
    """The list of a built program, which says its own version, commit and day."""
    said = subprocess.run([program / STARTER, "--version"], capture_output=True, text=True,
                          check=True).stdout  # fmt: skip
    version, _, made = said.strip().partition(" (")
    # Without a checkout there is no commit to say.
    *commits, date = made.rstrip(")").split(", ")
    commit = "".join(commits)
    files, links = listed(program)
    fields = {
        "version": version, "commit": commit, "date": date, "machine": this_machine(),
        "schema": schema.HEAD, "least_schema": LEAST_SCHEMA,
        "expires": (datetime.now(UTC) + timedelta(days=DAYS)).strftime("%Y-%m-%d"),
    }  # fmt: skip
    return Manifest(format=1, product=PRODUCT, files=files, links=links, **(fields | more))


def write_update(
    program: Path, manifest: Manifest, key: Ed25519PrivateKey, out: Path, *, level: int = 6
) -> None:
    """The signed file; `level` is how hard it is pressed, 1 to 9."""
    text = msgspec.json.encode(manifest)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        archive.writestr(LIST, text)
        archive.writestr(SIGNATURE, key.sign(signed_bytes(text)))
        for each in manifest.files:
            archive.write(program / each.path, each.path)


def main() -> int:
    """Carry out one of the two."""
    parser = argparse.ArgumentParser(prog="python -m tests.built.release", description=__doc__)
    words = parser.add_subparsers(dest="word", required=True)
    key = words.add_parser("key")
    key.add_argument("--out", type=Path, required=True)
    update = words.add_parser("update")
    update.add_argument("--dist", type=Path, required=True)
    update.add_argument("--key", type=Path, required=True)
    update.add_argument("--out", type=Path, required=True)
    update.add_argument("--days", type=int, default=DAYS)
    options = parser.parse_args()
    if options.word == "key":
        print(new_key(options.out))
        return 0
    last = (datetime.now(UTC) + timedelta(days=options.days)).strftime("%Y-%m-%d")
    manifest = manifest_of(options.dist, expires=last)
    signer = Ed25519PrivateKey.from_private_bytes(options.key.read_bytes())
    write_update(options.dist, manifest, signer, options.out)
    print(f"{options.out} {manifest.name} {options.out.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
