"""What entries come to: sums over shelves, what was taken back or set anew, lots, doubt."""

from app.stock.counting_rules import (
    Entry,
    LotAt,
    Moved,
    doubled,
    found,
    moved_meanwhile,
    spread,
    value_of,
)

PLACES = {"A1": "shelf", "A2": "shelf", "S1": "store"}
TODAY = "2026-12-07"
_numbers = iter(range(1, 10_000))


def entry(quantity: int, zone: str = "A1", **more: object) -> Entry:
    number = next(_numbers)
    values = {
        "fact": f"e{number}",
        "zone": zone,
        "product": "13006",
        "lot": "",
        "quantity": quantity,
        "replaces": 0,
        "recount": 0,
        "undoes": "",
        "since_ms": 0,
        "bundle": "",
        "known": 1,
        "counter": "101",
        "sheet": 0,
        "paper": "",
        "order_ms": 1000 * number,
        "journal": "j1",
        "seq": number,
    }
    return Entry(**{**values, **more})  # type: ignore[arg-type]


def counted(*entries: Entry) -> dict[str, int]:
    return {each.place: each.quantity for each in found(entries, PLACES)}


def moved(order_ms: int, journal: str = "j1") -> Moved:
    return Moved("13006", "shelf", journal, order_ms)


def test_one_article_on_two_shelves_is_one_sum_and_the_store_room_another() -> None:
    assert counted(entry(3000), entry(4000, "A2"), entry(9000, "S1")) == {
        "shelf": 7000,
        "store": 9000,
    }


def test_a_figure_set_anew_stands_for_its_shelf_alone_whatever_order_entries_arrive_in() -> None:
    first, other, setting, more = entry(3000), entry(4000, "A2"), entry(2000, replaces=1), entry(1)
    assert counted(more, setting, other, first) == {"shelf": 6001}


def test_a_lot_set_anew_leaves_the_other_lots() -> None:
    entries = [entry(3000, lot="L1"), entry(4000, lot="L2"), entry(1000, lot="L1", replaces=1)]
    assert counted(*entries) == {"shelf": 5000}
    assert counted(*entries, entry(2000, replaces=1)) == {"shelf": 2000}


def test_what_was_taken_back_never_was_not_even_as_a_setting() -> None:
    first, setting = entry(3000), entry(9000, replaces=1)
    undo = entry(-9000, undoes=setting.fact)
    assert counted(first, setting, undo) == {"shelf": 3000}
    assert found([first, setting, undo], PLACES)[0].moment == first.order_ms


def test_a_second_persons_figure_confirms_and_ones_own_does_not() -> None:
    def confirmed(*entries: Entry) -> bool:
        return found(entries, PLACES)[0].confirmed

    assert not confirmed(entry(3000))
    assert not confirmed(entry(3000), entry(3000, replaces=1))
    assert confirmed(entry(3000), entry(3000, replaces=1, counter="201"))
    # On the second shelf nobody has looked again.
    two = [entry(3000), entry(1000, "A2")]
    assert not confirmed(*two, entry(3000, replaces=1, counter="201"))


def test_two_people_at_one_shelf_are_doubled_until_one_figure_is_set() -> None:
    both = [entry(3000), entry(3000, counter="102")]
    assert doubled(both, PLACES) == [("A1", "13006")]
    assert doubled([*both, entry(3000, replaces=1)], PLACES) == []
    assert doubled([entry(3000), entry(3000, "A2", counter="102")], PLACES) == []


def test_goods_that_moved_between_two_entries_make_their_sum_worthless() -> None:
    first, last = entry(3000), entry(1000)
    one = found([first, last], PLACES)[0]
    assert moved_meanwhile(one, [moved(first.order_ms + 1)], 0)
    assert not moved_meanwhile(one, [moved(first.order_ms)], 0)
    assert not moved_meanwhile(one, [moved(last.order_ms + 1), moved(first.order_ms - 1)], 0)


def test_between_two_clocks_a_near_movement_is_in_doubt_within_one_journal_it_is_not() -> None:
    one = found([entry(3000)], PLACES)[0]
    for apart in (-5000, 1, 5000):
        assert moved_meanwhile(one, [moved(one.moment + apart, "j2")], 5000)
        assert not moved_meanwhile(one, [moved(one.moment + apart, "j1")], 5000)
    assert not moved_meanwhile(one, [moved(one.moment + 5001, "j2")], 5000)


def test_what_was_written_on_paper_first_is_in_doubt_since_then() -> None:
    one = found([entry(3000, since_ms=1)], PLACES)[0]
    assert moved_meanwhile(one, [moved(one.moment - 1)], 0)
    assert not moved_meanwhile(one, [moved(one.moment + 1)], 0)


def lots(*books: tuple[str, int, str]) -> list[LotAt]:
    return [
        LotAt(name, book, expires=expires, received_ms=n)
        for n, (name, book, expires) in enumerate(books)
    ]


def shared(quantity: int, among: list[LotAt], **told: int) -> dict[str, int]:
    entries = [entry(amount, lot=lot) for lot, amount in told.items()]
    one = found([*entries, entry(quantity)], PLACES)[0]
    return {lot: counted for lot, counted in spread(one, among, TODAY).items() if lot}


def test_what_is_missing_is_missing_of_the_lot_tills_take_from() -> None:
    stand = lots(("late", 20, "2027-06-01"), ("soon", 20, "2026-12-31"), ("past", 2, "2026-12-01"))
    assert shared(42, stand) == {"late": 20, "soon": 20, "past": 2}
    assert shared(30, stand) == {"late": 20, "soon": 8, "past": 2}
    assert shared(1, stand) == {"late": 0, "soon": 0, "past": 1}


def test_what_is_left_over_is_of_the_newest_lot_that_may_be_sold() -> None:
    stand = lots(("old", 5, "2026-12-31"), ("new", 5, "2027-06-01"), ("past", 5, "2026-12-01"))
    assert shared(20, stand) == {"old": 5, "new": 10, "past": 5}
    assert shared(7, lots(("past", 5, "2026-12-01"))) == {"past": 7}
    one = found([entry(7)], PLACES)[0]
    assert spread(one, [], TODAY) == {"": 7}


def test_a_told_lot_keeps_its_figure_and_the_rest_goes_to_the_others() -> None:
    stand = lots(("a", 10, ""), ("b", 10, ""))
    assert shared(9, stand, a=7) == {"a": 7, "b": 9}
    only = found([entry(7, lot="a")], PLACES)[0]
    assert spread(only, stand, TODAY) == {"a": 7}


def test_a_batch_that_came_twice_is_one_to_who_reads_its_label() -> None:
    stand = [LotAt("a", 10, "B1"), LotAt("b", 5, "B1"), LotAt("c", 3, "B2")]
    one = found([entry(14, lot="b")], PLACES)[0]
    assert sum(spread(one, stand, TODAY).values()) == 14
    assert set(spread(one, stand, TODAY)) == {"a", "b"}


def test_books_below_nought_are_set_right_first() -> None:
    assert shared(5, lots(("a", -3, "2026-12-31"), ("b", 10, "2027-01-01"))) == {"a": 0, "b": 5}


def test_worth_is_rounded_half_up_to_the_fen() -> None:
    assert value_of(-150, 60_000_000) == -900
    assert value_of(1000, 9_500_000) == 950
    assert value_of(-1, 5_000_000) == -1
    assert value_of(1, 4_999_999) == 0
