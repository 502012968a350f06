"""验真 at the till: head office's word while the line stands, else its own and how old that is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.counters import ShopFloor
from tests.stories.test_recalls import EGGS, eggs, lots, recalled
from tests.stories.test_what_head_office_has import join
from tests.support.hubs import RunningHub

__all__ = ["eggs"]
BATCH = "JJ20261108-03"
HOUR_S = 3600


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    """A hub for demo tills."""
    one = RunningHub(tmp_path / "hub", "", demo=True)
    yield one
    one.close()


def piece(shop: ShopFloor, serial: str) -> str:
    """What is printed on one piece: the article's number, its batch, its own number."""
    (gtin,) = shop.rows("SELECT code FROM barcode WHERE product = ? ORDER BY code", EGGS)[0]
    return f"(01){gtin.zfill(14)}(10){BATCH}(21){serial}"


def sent(shop: ShopFloor, hub: RunningHub) -> None:
    """Head office has everything, and has worked it in."""
    assert shop.ok("sync")["waiting"] == 0
    hub.projection.work()


def asked(shop: ShopFloor, trace: str) -> tuple[str, str, object]:
    said = shop.ok("genuine", trace=trace)
    return said["state"], said["by"], said["age_s"]


def test_head_office_answers_with_where_it_comes_from(eggs: ShopFloor, hub: RunningHub) -> None:
    join(eggs, hub)
    sent(eggs, hub)
    said = eggs.ok("genuine", trace=piece(eggs, "001"))
    assert (said["state"], said["by"], said["age_s"]) == ("genuine", "hub", 0)
    assert (said["product"], said["batch"], said["certificate"]) == (EGGS, BATCH, f"HG-{BATCH}")
    assert said["expires"] == "2027-08-01"
    assert said["name"]


def test_without_a_line_the_till_answers_from_its_books_and_says_how_old_that_is(
    eggs: ShopFloor, hub: RunningHub
) -> None:
    join(eggs, hub)
    sent(eggs, hub)
    code = piece(eggs, "001")
    eggs.ok("fault", what="hub_cut", on=True)
    eggs.clock.advance(3 * HOUR_S * 1000)
    assert asked(eggs, code) == ("genuine", "own", 3 * HOUR_S)
    assert eggs.ok("genuine", trace=code)["why_not"] == "连不上总部"
    eggs.ok("scan", code=code)
    eggs.ok("pay", tender="cash")
    said = eggs.ok("genuine", trace=code)
    assert (said["state"], said["sold_day"]) == ("sold", "2026-12-07")
    assert asked(eggs, piece(eggs, "002"))[:2] == ("genuine", "own")
    recalled(eggs)
    said = eggs.ok("genuine", trace=f"L:{lots(eggs)[BATCH]}")
    assert (said["state"], said["recall"]) == ("recalled", "ZH-0021")


def test_what_was_sold_here_head_office_knows_as_sold(eggs: ShopFloor, hub: RunningHub) -> None:
    join(eggs, hub)
    code = piece(eggs, "001")
    eggs.ok("scan", code=code)
    eggs.ok("pay", tender="cash")
    sent(eggs, hub)
    assert asked(eggs, code) == ("sold", "hub", 0)


def test_a_till_on_its_own_answers_from_its_books(eggs: ShopFloor) -> None:
    assert asked(eggs, piece(eggs, "001")) == ("genuine", "own", 0)
    assert asked(eggs, piece(eggs, "001").replace(BATCH, "NOBODYS")) == ("unknown", "own", 0)


def test_a_code_without_a_lot_cannot_be_told(eggs: ShopFloor) -> None:
    for code in (EGGS, "6900000110140", "什么都不是"):
        assert eggs.refused("genuine", trace=code) == "not_a_trace_code"
    eggs.ok("sign_out")
    assert eggs.refused("genuine", trace=piece(eggs, "1")) == "sign_in_needed"
