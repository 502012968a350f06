"""Which device plays which part at this counter: the till's own matter, beside the journal.

Another till of the shop has other printers, so this is no setting of the shop and no fact.
"""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from app.journal.tables import mark
from app.transaction import Books, Transaction, transaction

COPIES_MARK = "device.copies"
"""The folder on the second disk that copies of the journal go to, "" for none."""
COPY_TROUBLE_MARK = "device.copies.trouble"
"""Why the last copy did not come about, "" when it did."""


def read_devices(books: Books) -> dict[str, str]:
    """This till's device settings by mark ("device.printer.receipt" -> its address)."""
    with books.read() as db:
        rows = db.execute(select(mark).where(mark.c.name.startswith("device.", autoescape=True)))
        return {row.name: row.value for row in rows}


def keep_devices(tx: Transaction, devices: Mapping[str, str]) -> None:
    """Say which device plays each part, "" for none."""
    for name, value in devices.items():
        assert name.startswith("device.")
        put = insert(mark).values(name=name, value=value)
        tx.execute(put.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def keep_device(books: Books, name: str, value: str) -> None:
    """Say which device plays one part."""
    with transaction(books) as tx:
        keep_devices(tx, {name: value})
