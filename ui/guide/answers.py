"""What was answered before there is a till to keep it: a small file, never a PIN or a passphrase.

A guide that is closed or killed goes on at the page it had reached. The file goes away when the
till stands; one that cannot be read means that the guide begins at its first page.
"""

import os
from contextlib import suppress
from pathlib import Path

import msgspec

from app import folder as place
from app.errors import Trouble

FILE = "first-run.json"


class Answers(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Everything asked on the first pages; empty where it was not answered yet."""

    page: str = "which"
    profile: str = "chain"
    shop_name: str = ""
    code: str = "KP01"
    till: str = "1"
    seller_name: str = ""
    credit_code: str = ""
    address: str = ""
    phone: str = ""
    keystore: str = "keyring"
    number: str = ""
    name: str = ""


def read_answers(data: Path) -> Answers:
    """What was answered the last time."""
    try:
        return msgspec.json.decode((data / FILE).read_bytes(), type=Answers)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return Answers()


def keep_answers(data: Path, answers: Answers) -> None:
    """Keep them, whole or not at all, in a folder a till can live in.

    Raises Refusal: folder_synced, folder_on_network; Trouble: folder_read_only, disk_full.
    """
    place.check_place(data)
    place.prepare(data)
    fresh = data / f"{FILE}.new"
    try:
        fresh.write_bytes(msgspec.json.encode(answers))
        os.replace(fresh, data / FILE)
    except OSError as error:
        raise Trouble("folder_read_only", detail=error.strerror or "") from error


def forget_answers(data: Path) -> None:
    """The till stands: nothing is open any more."""
    with suppress(OSError):
        (data / FILE).unlink(missing_ok=True)
