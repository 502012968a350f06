"""What the hub's books say of a shelf is what stands on it, as at the tills themselves."""

import random
from collections.abc import Callable

import pytest

from app.reports.asking import asked
from app.reports.report import fitting, read
from app.reports.scope import Scope
from app.stock.books import late, on_hand
from sync.hub.elsewhere import elsewhere
from sync.hub.enrolling import Signer
from sync.hub.tables import MEANING_TABLES
from sync.protocol_stock import AskStock
from tests.support.entries import empty_till
from tests.support.facts import DAY
from tests.support.hubs import RunningHub
from tests.support.street import PRODUCT, WHERE, Street
from tests.support.tills import SHOP


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_late_sale_is_counted_once_at_the_hub_as_well(
    make_hub: Callable[..., RunningHub], seed: int
) -> None:
    hub = make_hub()
    with empty_till() as db:
        street = Street(db, random.Random(seed))
        street.play()
    for number, till in zip("12", street.tills, strict=True):
        hub.join(till.writer, till=number)
        assert hub.push(till.writer).code == "ack"
    hub.projection.work()
    with hub.hub.database.begin() as db:
        assert on_hand(db, SHOP)[WHERE] == street.shelf
        assert on_hand(db, SHOP, [PRODUCT])[WHERE] == street.shelf
        assert late(db, SHOP)
        wanted = fitting("slow", asked((SHOP,), DAY, DAY))
        (line,) = read("slow", Scope(db, wanted, tables=MEANING_TABLES)).lines
        assert line.values["held"] == street.shelf
    asking = Signer("KP02", "device-2", "1", "approved")
    (said,) = elsewhere(hub.hub, asking, AskStock(product=PRODUCT)).shops
    assert (said.shop, said.quantity) == (SHOP, street.shelf)
