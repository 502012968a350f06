"""The 消费节 calendar: what the brand begins with as data, and what head office made of it."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, select

from app.errors import Refusal
from app.facts.office import FestivalSet
from app.text import clean
from sync.hub.brand import record
from sync.hub.office_apply import HQ
from sync.hub.office_tables import festival
from sync.hub.rights import Actor, demand
from sync.hub.state import Hub

FILE = Path(__file__).parents[2] / "resources" / "hub" / "festivals.toml"
_CODE = re.compile(r"[a-z0-9-]{2,30}")
_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
_LEAP = 2028
"""A year in which every day of the calendar exists."""


@dataclass(frozen=True, slots=True)
class Festival:
    """One festival; days are MM-DD of every year, "" while nobody has set them."""

    code: str
    name: str
    town: str
    from_day: str
    to_day: str
    active: bool = True


def calendar(db: Connection) -> list[Festival]:
    """Every festival, those with a day first, by day."""
    found = {each.code: each for each in _given()}
    rows = db.execute(select(festival).where(festival.c.shop == HQ))
    for row in rows:
        found[row.code] = Festival(
            row.code, row.name, row.town, row.from_day, row.to_day, bool(row.active)
        )
    return sorted(found.values(), key=lambda one: (not one.from_day, one.from_day, one.code))


def set_festival(
    hub: Hub, by: Actor, *, code: str, name: str, town: str, from_day: str, to_day: str,
    active: bool = True,
) -> None:  # fmt: skip
    """Change an entry or add one. Raises Refusal: office_right_needed, festival_bad."""
    demand(by, "festival")
    named = clean(name, most=30)
    if not _CODE.fullmatch(code) or not named or bool(from_day) != bool(to_day):
        raise Refusal("festival_bad")
    for day in filter(None, (from_day, to_day)):
        _check_day(day)
    fact = FestivalSet(
        shop=HQ, code=code, name=named, town=clean(town, most=20), from_day=from_day,
        to_day=to_day, active=int(active), person=by.person,
    )  # fmt: skip
    with hub.database.begin() as db:
        record(hub, db, fact, staff=by.person)


def _check_day(day: str) -> None:
    try:
        if not _DAY.fullmatch(day):
            raise ValueError
        date.fromisoformat(f"{_LEAP}-{day}")
    except ValueError:
        raise Refusal("festival_bad") from None


def _given() -> list[Festival]:
    with FILE.open("rb") as file:
        entries = tomllib.load(file)["festival"]
    return [
        Festival(each["code"], each["name"], each.get("town", ""), each.get("from", ""),
                 each.get("to", ""))
        for each in entries
    ]  # fmt: skip
