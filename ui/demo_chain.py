"""The hub of a demo day: a real server on this machine, which the day's tills join and send to."""

import io
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import func, select

from app.clock import SettableClock
from app.ids import Ids, seeded
from sync.hub.projecting import Projection
from sync.hub.serving import served_beside
from sync.hub.state import Hub
from sync.hub.tables import MEANING_TABLES, hub_entry
from ui.hq_lines import talk
from ui.startup import Till

LOG = logging.getLogger(__name__)
PATIENCE_S = 20.0


class HubFigures(msgspec.Struct, frozen=True):
    """What the hub has of a day. Amounts in fen."""

    entries: int
    sales: int
    gross: int
    waiting: int
    """Entries of the tills it does not have."""


class DemoHub:
    """A hub that is asked by its tills and looked at by the day."""

    def __init__(self, hub: Hub, address: str) -> None:
        self.hub = hub
        self.address = address

    def let_in(self, till: Till) -> None:
        """A till joins with a code, and head office compares its digits and lets it in."""
        books = till.books
        code = self._office("enrol_code", shop=books.shop, till=books.till)["code"]
        till.hub.start(by_itself=False)
        digits = till.hub.enrol(self.address, code)
        self._office("approve_device", device=books.journal.device, fingerprint=digits)

    def _office(self, do: str, **fields: str) -> dict[str, Any]:
        said = io.StringIO()
        talk(self.hub, io.StringIO(json.dumps({"do": do, **fields})), said, LOG.exception)
        answer: dict[str, Any] = json.loads(said.getvalue())
        assert answer["ok"], answer
        return answer

    def figures(self, tills: Sequence[Till]) -> HubFigures:
        """Everything the hub was sent, worked into its tables and summed up."""
        Projection(self.hub.database).work()
        sale = MEANING_TABLES["sale"]
        with self.hub.database.begin() as db:
            sales, gross = db.execute(
                select(func.count(), func.coalesce(func.sum(sale.c.due), 0)).select_from(sale)
            ).one()
            own = [till.books.journal.id for till in tills]
            entries = db.scalar(
                select(func.count()).select_from(hub_entry).where(hub_entry.c.journal.in_(own))
            )
        waiting = sum(till.hub.push_now(PATIENCE_S).waiting for till in tills)
        return HubFigures(int(entries or 0), int(sales), int(gross), waiting)


@contextmanager
def running_hub(folder: Path, clock: SettableClock, seed: int) -> Iterator[DemoHub]:
    """A demo hub behind a port of its own, until the day is over."""
    hub = Hub(folder, clock=clock, ids=Ids(clock, seeded(f"demo hub {seed}")), demo=True)
    try:
        with served_beside(hub) as address:
            yield DemoHub(hub, address)
    finally:
        hub.close()
