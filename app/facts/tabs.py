"""Facts about open tabs (房账): a guest takes goods on the room and pays later. Amounts in fen."""

from app.facts.base import TillFact
from app.facts.sales import Tender


class TabOpened(TillFact, frozen=True, kw_only=True):
    """A tab was opened on a room. The guest's name is personal, so it stays on the till."""

    person: str
    room: str
    check_out: str = ""
    """The day the guest leaves, ISO, "" when nobody said."""


class TabSettled(TillFact, frozen=True, kw_only=True):
    """Money came for a tab, in any tender; part of it or all."""

    tab: str
    person: str
    drawer: str
    amount: int
    tenders: tuple[Tender, ...]
