"""Goods on a room, paid for later in any tender (房账)."""

import re

import msgspec

from app.errors import Refusal
from app.facts.sales import Tender
from app.facts.tabs import TabOpened, TabSettled
from app.payments.queries import Attempt
from app.payments.tables import tab_name
from app.payments.tabs import Tab, name_of_tab, open_tabs, sealed_as, tab_by_id
from app.sales.completing import Sitting
from app.sales.paying import MOST_OVER
from app.text import clean
from app.transaction import Books, Transaction, transaction

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Guest(msgspec.Struct, frozen=True):
    """Who takes goods on a room: "8203 陈生 2026-12-09"."""

    room: str
    name: str = ""
    check_out: str = ""


def read_guest(text: str) -> Guest:
    """Room first, then the name, the day of leaving last; name and day may be missing.

    Raises Refusal("reference_needed").
    """
    words = clean(text, most=60).split()
    if not words:
        raise Refusal("reference_needed")
    check_out = words.pop() if len(words) > 1 and _DAY.fullmatch(words[-1]) else ""
    return Guest(room=words[0][:12], name=" ".join(words[1:]), check_out=check_out)


def tab_for(books: Books, guest: Guest, sitting: Sitting) -> Tab:
    """The guest's tab: the open one of that room and name, else a new one."""
    with books.read() as db:
        for tab in open_tabs(db, books.shop):
            name = name_of_tab(db, books.secrets, tab.tab)
            if tab.room == guest.room and guest.name in ("", name):
                return tab
    with transaction(books, staff=sitting.person) as tx:
        entry = tx.record(
            TabOpened(
                shop=tx.shop,
                till=tx.till,
                day=sitting.day,
                shift=sitting.shift,
                person=sitting.person,
                room=guest.room,
                check_out=guest.check_out,
            )
        )
        made = entry.envelope.fact
        if guest.name:
            sealed = books.secrets.seal(sealed_as(made), guest.name.encode())
            tx.insert(tab_name, {"tab": made, "sealed": sealed})
    return Tab(made, guest.room, guest.check_out, entry.envelope.order, 0)


def find_tab(books: Books, tab: str) -> Tab:
    """An open tab. Raises Refusal("unknown_tab")."""
    with books.read() as db:
        found = tab_by_id(db, books.shop, tab)
    if found is None or found.open <= 0:
        raise Refusal("unknown_tab")
    return found


def tender_for(tab: Tab, tender: str, amount: int | None, reference: str = "") -> Tender:
    """Money for a tab: cash may be more than is open, everything else may not.

    Raises Refusal: bad_amount, over_open, received_too_large.
    """
    fen = tab.open if amount is None else amount
    if fen <= 0:
        raise Refusal("bad_amount", text="")
    if tender != "cash" and fen > tab.open:
        raise Refusal("over_open")
    if fen > tab.open + MOST_OVER:
        raise Refusal("received_too_large")
    applied = min(fen, tab.open)
    return Tender(
        tender=tender, amount=applied, tendered=fen, change=fen - applied, reference=reference
    )


def settle_in(tx: Transaction, tab: str, tender: Tender, sitting: Sitting) -> None:
    """Money came for a tab, inside the caller's transaction."""
    tx.record(
        TabSettled(
            shop=tx.shop,
            till=tx.till,
            day=sitting.day,
            shift=sitting.shift,
            tab=tab,
            person=sitting.person,
            drawer=sitting.drawer,
            amount=tender.amount,
            tenders=(tender,),
        )
    )


def captured_for_tab(tx: Transaction, attempt: Attempt, trade_no: str, sitting: Sitting) -> bool:
    """A network's money for a tab, if that is what it is and the tab still wants so much."""
    tx.flush()
    tab = tab_by_id(tx.connection, tx.shop, attempt.basket)
    if tab is None or tab.open < attempt.amount:
        return False
    tender = tender_for(tab, attempt.tender, attempt.amount, trade_no)
    tender = msgspec.structs.replace(tender, attempt=attempt.attempt)
    settle_in(tx, tab.tab, tender, sitting)
    return True
