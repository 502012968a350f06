"""Open tabs (房账) as they stand: what is on a room and not paid yet. Amounts in fen."""

import msgspec
from sqlalchemy import Connection, func, select

from app.journal.secrets import SecretStore
from app.payments.tables import tab_line, tab_name, tab_opened


class Tab(msgspec.Struct, frozen=True):
    """A room's tab and what of it is open."""

    tab: str
    room: str
    check_out: str
    order_ms: int
    open: int


def open_tabs(db: Connection, shop: str) -> list[Tab]:
    """Tabs with something on them that nobody has paid, oldest first."""
    return [each for each in _tabs(db, shop) if each.open]


def tab_by_id(db: Connection, shop: str, tab: str) -> Tab | None:
    """One tab, open or not; None when this till does not know it."""
    return next((each for each in _tabs(db, shop, tab)), None)


def _tabs(db: Connection, shop: str, tab: str = "") -> list[Tab]:
    total = func.coalesce(func.sum(tab_line.c.amount), 0)
    statement = (
        select(
            tab_opened.c.tab,
            tab_opened.c.room,
            tab_opened.c.check_out,
            tab_opened.c.order_ms,
            total,
        )
        .join_from(
            tab_opened,
            tab_line,
            (tab_line.c.shop == tab_opened.c.shop) & (tab_line.c.tab == tab_opened.c.tab),
            isouter=True,
        )
        .where(tab_opened.c.shop == shop)
        .group_by(tab_opened.c.tab)
        .order_by(tab_opened.c.order_ms)
    )
    if tab:
        statement = statement.where(tab_opened.c.tab == tab)
    return [Tab(*tuple(row)) for row in db.execute(statement)]


def name_of_tab(db: Connection, secrets: SecretStore, tab: str) -> str:
    """Whose tab it is, "" when nobody said or it stands on another till."""
    sealed = db.scalar(select(tab_name.c.sealed).where(tab_name.c.tab == tab))
    return secrets.open(sealed_as(tab), sealed).decode() if sealed else ""


def sealed_as(tab: str) -> str:
    """What a guest's name is sealed under."""
    return f"tab.{tab}"
