"""What a closed folder says about itself without any key: for a look at what is wrong.

Nothing about people is read: no name, no phone, no number of a member or of a colleague.
"""

from pathlib import Path

import msgspec
from sqlalchemy import Connection, func, select

from app import folder as place
from app import schema
from app.database import FILE_ERRORS, FILE_NAME, Database, trouble_of
from app.errors import Refusal, Trouble
from app.journal import outbox
from app.journal.tables import entry, journal_opened, mark, own_journal
from app.print_queue import print_job
from app.settings import SETTINGS
from app.shop.tables import setting

PLAIN_SETTINGS = (
    *("profile", "cutoff_hour", "rounding", "receipt_print", "points_per", "points_worth"),
    *("stored_value", "large_type", "colours", "language"),
)
"""Settings that are a choice or a number; the others are somebody's words or addresses."""


class Standing(msgspec.Struct, frozen=True):
    """How a folder stands."""

    schema: str
    """Version of its tables; "" when its first opening was never finished."""
    current: bool
    """Whether this program can read them as they are; the rest is empty when it cannot."""
    keystore: str = ""
    """Where the master key lies: keyring, passphrase or file."""
    device: str = ""
    series: str = ""
    """D for a demo folder, T for training."""
    devices: dict[str, str] = {}
    """Part -> address, as the till keeps them."""
    settings: dict[str, str] = {}
    journals: int = 0
    entries: int = 0
    last_ms: int = 0
    """When the last fact was recorded, UTC milliseconds; 0 for none."""
    papers: dict[str, int] = {}
    """Papers in the print queue by state."""
    hub: str = ""
    """The address of the hub it joined."""
    unsent: Refusal | None = None
    """What to say when the hub does not have everything."""


def inspect(folder: Path) -> Standing:
    """Read how a folder stands; holds its lock meanwhile, so no till can open it.

    Raises Refusal("till_already_open"); Trouble: folder_read_only, database_damaged,
    not_a_till_database and what an unreadable disk gives.
    """
    lock = place.FolderLock(folder)
    try:
        database = Database(folder / FILE_NAME)
        try:
            with database.read() as db:
                return _standing(db)
        finally:
            database.close()
    except FILE_ERRORS as error:
        raise trouble_of(error) or Trouble("database_damaged") from error
    finally:
        lock.release()


def _standing(db: Connection) -> Standing:
    version = schema.version_of(db)
    if version != schema.HEAD:
        return Standing(version, current=False)
    marks = {row.name: row.value for row in db.execute(select(mark.c.name, mark.c.value))}
    chosen = {
        row.key: row.value
        for row in db.execute(
            select(setting.c.key, setting.c.value).where(setting.c.key.in_(PLAIN_SETTINGS))
        )
    }
    defaults = {each.key: each.default for each in SETTINGS if each.key in PLAIN_SETTINGS}
    newest = select(own_journal.c.journal).order_by(own_journal.c.opened_order.desc()).limit(1)
    series = select(journal_opened.c.series).where(journal_opened.c.journal.in_(newest))
    entries, last = db.execute(select(func.count(), func.max(entry.c.order_ms))).one()
    papers = select(print_job.c.state, func.count()).group_by(print_job.c.state)
    return Standing(
        version,
        current=True,
        keystore=marks.get("keystore", ""),
        device=marks.get("device", ""),
        series=db.scalar(series) or "",
        devices={name: value for name, value in marks.items() if name.startswith("device.")},
        settings=defaults | chosen,
        journals=db.scalar(select(func.count()).select_from(own_journal)) or 0,
        entries=entries,
        last_ms=last or 0,
        papers={row.state: row[1] for row in db.execute(papers)},
        hub=link.address if (link := outbox.link_of(db)) is not None else "",
        unsent=outbox.unsent(db),
    )
