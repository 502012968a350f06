"""Goods come in as lots and leave by the earliest that may still be sold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.facts.stock import ReceivedLine
from app.stock import queries
from app.stock.actions import LINES_PER_FACT, receive
from app.stock.rules import LotOnHand, allocate, sellable
from app.transaction import transaction
from app.verification import verify_books
from tests.support.facts import received, sold
from tests.support.tills import TillInFolder

DAY = "2026-11-29"


def lot(name: str, quantity: int, expires: str = "", received_ms: int = 0) -> LotOnHand:
    return LotOnHand(name, name, quantity, 100, expires, received_ms)


some_lots = st.lists(
    st.builds(
        LotOnHand,
        lot=st.uuids(version=4).map(str),
        batch=st.just(""),
        quantity=st.integers(-5000, 20_000),
        unit_cost=st.integers(0, 10_000),
        expires=st.sampled_from(("", "2026-11-28", DAY, "2026-12-31")),
        received_ms=st.integers(0, 5),
    ),
    max_size=5,
)


@given(st.integers(1, 50_000), some_lots)
def test_what_is_taken_is_what_was_sold_and_never_from_a_lot_past_its_date(
    quantity: int, lots: list[LotOnHand]
) -> None:
    shares = allocate(quantity, lots, day=DAY)
    assert sum(share.quantity for share in shares) == quantity
    assert all(share.quantity > 0 for share in shares)
    good = {each.lot for each in lots if not each.expires or each.expires >= DAY}
    assert {share.lot for share in shares} <= good or not good
    assert len({share.lot for share in shares}) == len(shares)


@given(st.integers(1, 50_000), some_lots)
def test_only_the_last_lot_on_the_books_can_go_below_nought(
    quantity: int, lots: list[LotOnHand]
) -> None:
    on_books = {each.lot: each.quantity for each in lots}
    order = [each.lot for each in sellable(lots, DAY)]
    for share in allocate(quantity, lots, day=DAY):
        if share.lot and share.quantity > max(on_books[share.lot], 0):
            assert share.lot == order[-1]


def test_what_spoils_first_leaves_first_and_lots_without_a_date_last() -> None:
    lots = [
        lot("no date", 1000),
        lot("late", 1000, "2027-01-01"),
        lot("early", 1000, "2026-12-01", received_ms=2),
        lot("early too", 1000, "2026-12-01", received_ms=1),
        lot("gone off", 1000, "2026-11-28"),
    ]
    shares = allocate(3500, lots, day=DAY)
    taken = [(share.lot, share.quantity) for share in shares]
    assert taken == [("early too", 1000), ("early", 1000), ("late", 1000), ("no date", 500)]
    assert {share.known for share in shares} == {"assumed"}


def test_a_scanned_lot_is_taken_whatever_the_books_say() -> None:
    (share,) = allocate(2000, [lot("a", 0), lot("b", 9000)], day=DAY, scanned="a")
    assert (share.lot, share.known, share.quantity, share.unit_cost) == ("a", "scanned", 2000, 100)


def test_goods_without_any_lot_are_sold_all_the_same() -> None:
    (share,) = allocate(2000, [], day=DAY)
    assert (share.lot, share.known, share.quantity) == ("", "none", 2000)


def test_a_lot_good_until_today_is_sold_today() -> None:
    assert allocate(1, [lot("today", 5, DAY)], day=DAY)[0].lot == "today"
    assert allocate(1, [lot("yesterday", 5, "2026-11-28")], day=DAY)[0].known == "none"


# --- books ------------------------------------------------------------------------------------


def test_what_came_in_less_what_went_out_is_on_hand(till: TillInFolder) -> None:
    till.record(received(50_000, 20_000), sold(("KP-A001", 1850, 3000), lot="doc-1-2"))
    with till.books.read() as db:
        assert queries.quantity_on_hand(db, "KP01", "KP-A001") == 67_000
        by_lot = {each.lot: each.quantity for each in queries.lots_on_shelf(db, "KP01", "KP-A001")}
        assert by_lot == {"doc-1-1": 50_000, "doc-1-2": 17_000}
        many = queries.lots_of_many(db, "KP01", ["KP-A001", "KP-A002"])
        assert {code: len(lots) for code, lots in many.items()} == {"KP-A001": 2, "KP-A002": 0}
    assert verify_books(till.books).ok


def test_goods_sold_before_they_were_received_show_below_nought(till: TillInFolder) -> None:
    till.record(sold(("KP-A001", 1850, 3000)))
    with till.books.read() as db:
        assert queries.quantity_on_hand(db, "KP01", "KP-A001") == -3000
        assert queries.quantity_on_hand(db, "KP01", "unheard of") == 0
    till.record(received(5000))
    with till.books.read() as db:
        assert queries.quantity_on_hand(db, "KP01", "KP-A001") == 2000


def line(number: int) -> ReceivedLine:
    return ReceivedLine(
        line=number, product="KP-A001", lot=f"lot-{number}", quantity=1000, unit_cost=5
    )


@pytest.mark.parametrize("count", [1, LINES_PER_FACT, LINES_PER_FACT + 1, 5000])
def test_a_long_delivery_is_several_facts_under_one_document(
    till: TillInFolder, count: int
) -> None:
    assert till.books.shop
    with transaction(till.books) as tx:
        document = receive(tx, [line(n) for n in range(count)], supplier="潭江合作社")
    rows = till.rows("SELECT content FROM entry WHERE kind = 'goods_received@1'")
    assert len(rows) == -(-count // LINES_PER_FACT)
    assert all(document.encode() in bytes(row[0]) for row in rows)  # type: ignore[call-overload]
    assert till.rows("SELECT sum(quantity) FROM on_hand") == [(count * 1000,)]
