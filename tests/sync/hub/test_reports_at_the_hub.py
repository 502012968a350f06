"""The same reports over all shops, on the hub's tables in both databases."""

import pytest

from app.facts.sales import TenderCorrected
from app.reports.asking import asked
from app.reports.drilling import papers
from app.reports.report import KINDS, fitting, read
from app.reports.scope import Scope
from app.reports.sheet import number
from sync.hub.tables import MEANING_TABLES
from tests.support.entries import Writer
from tests.support.facts import DAY, a_shop_day, sold
from tests.support.hubs import RunningHub
from tests.support.rare_facts import more_of_a_day


@pytest.mark.parametrize("name", KINDS)
def test_a_report_at_the_hub_agrees_with_its_receipts(hub: RunningHub, name: str) -> None:
    writer = Writer("a")
    hub.join(writer)
    for fact in (*a_shop_day(), *more_of_a_day(), sold(sequence=77)):
        # The one that is made up there names a receipt that never was.
        if not isinstance(fact, TenderCorrected):
            writer.write(fact)
    hub.push(writer)
    hub.projection.work()
    question = fitting(name, asked(("KP01", "KP02"), DAY, DAY, compare="week"))
    with hub.hub.database.begin() as db:
        scope = Scope(db, question, tables=MEANING_TABLES)
        found = read(name, scope)
        assert found.lines or name in ("slow", "shrinkage", "near_expiry")
        for line in found.lines:
            behind = papers(scope, name, line.said)
            if "net" in line.values and name not in ("promotions", "slow"):
                assert sum(each.amount or 0 for each in behind) == number(line.values["net"])
    if name in ("day", "product", "channel"):
        assert found.check.ok, found.check
