"""Folders opened by hand, where a test is about the opening itself."""

from pathlib import Path

from app.clock import SettableClock
from app.ids import Ids, seeded
from app.opening import NewTill, OpenFolder, open_folder
from tests.support.tills import MORNING


def begin(folder: Path, keystore: str = "file", passphrase: str = "") -> OpenFolder:
    """Make the folder a till's."""
    clock = SettableClock(MORNING)
    new = NewTill("KP01", "1", keystore=keystore)
    ids = Ids(clock, seeded("x"))
    return open_folder(folder, clock=clock, ids=ids, new=new, passphrase=passphrase, reserve=False)


def again(folder: Path, passphrase: str = "") -> OpenFolder:
    """Open it a minute later."""
    clock = SettableClock(MORNING + 60_000)
    ids = Ids(clock, seeded("y"))
    return open_folder(folder, clock=clock, ids=ids, passphrase=passphrase, reserve=False)
