"""Money handed over: what is open, what is change, what is refused. Fen."""

from typing import Any

import msgspec
import pytest

from app.errors import Refusal
from app.sales import paying
from app.sales.basket import Basket, with_line
from tests.stories.counters import ShopFloor


@pytest.fixture
def basket(counter: ShopFloor) -> Basket:
    """Goods for 128.27 fen-wise awkward money, nothing paid yet."""
    product = counter.till.counter.product("12003")
    product = msgspec.structs.replace(product, price=12_827)
    return with_line(Basket(id="b", opened_ms=0), product, 1000)[0]


def stands(basket: Basket, step: int = 10) -> tuple[int, int, int, int]:
    due = paying.standing(basket, step)
    return due.due, due.rounding, due.open, due.change


def test_cash_is_rounded_down_once_it_is_chosen(basket: Basket) -> None:
    assert stands(basket) == (12_827, 0, 12_827, 0)
    assert stands(paying.choose_cash(basket)) == (12_820, -7, 12_820, 0)
    paid = paying.hand_cash(basket, 20_000, 10)
    assert stands(paid) == (12_820, -7, 0, 7_180)


def test_a_wallet_pays_the_whole_without_rounding_unless_cash_lies_there(basket: Basket) -> None:
    chosen = paying.choose_cash(basket)
    assert stands(paying.before_charge(chosen)) == (12_827, 0, 12_827, 0)
    part = paying.hand_cash(basket, 10_000, 10)
    assert stands(paying.before_charge(part)) == (12_820, -7, 2_820, 0)
    full = paying.hand(part, "wechat", 2_820, attempt="a")
    assert stands(full) == (12_820, -7, 0, 0)


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_is_no_money(basket: Basket, amount: int) -> None:
    for take in (paying.hand_cash, paying.to_charge):
        with pytest.raises(Refusal, match="bad_amount"):
            take(basket, amount, 10)


def test_only_cash_may_be_more_than_is_open(basket: Basket) -> None:
    assert paying.to_charge(basket, None, 10) == 12_827
    assert paying.to_charge(basket, 12_827, 10) == 12_827
    assert paying.to_charge(basket, 1, 10) == 1
    with pytest.raises(Refusal, match="over_open"):
        paying.to_charge(basket, 12_828, 10)


def test_far_too_much_cash_is_a_slip(basket: Basket) -> None:
    assert stands(paying.hand_cash(basket, 12_820 + 50_000, 10))[3] == 50_000
    with pytest.raises(Refusal, match="received_too_large"):
        paying.hand_cash(basket, 12_820 + 50_001, 10)
    dear = msgspec.structs.replace(basket.lines[0].product, price=9_999_900)
    whole = with_line(Basket(id="b", opened_ms=0), dear, 1000)[0]
    assert stands(paying.hand_cash(whole, 9_999_999, 1))[2] == 0
    with pytest.raises(Refusal, match="received_too_large"):
        paying.hand_cash(whole, 10_000_000, 1)


def test_a_basket_that_costs_nothing_completes_with_nothing() -> None:
    free = Basket(id="b", opened_ms=0)
    with pytest.raises(Refusal, match="bad_amount"):
        paying.hand_cash(free, 0, 10)


def test_given_away_goods_complete_with_nothing(basket: Basket) -> None:
    given = msgspec.structs.replace(basket.lines[0], override=0, override_reason="样品")
    free = msgspec.structs.replace(basket, lines=(given,))
    assert stands(paying.hand_cash(free, None, 10)) == (0, 0, 0, 0)


def test_back_gives_everything_but_a_refund_takes_one_attempt_out(basket: Basket) -> None:
    paid = paying.hand(paying.hand(basket, "wechat", 100, attempt="a"), "card", 200, "7")
    assert paying.captured(paid) and not paying.captured(paying.without_attempt(paid, "a"))
    left = paying.without_attempt(paid, "a")
    assert [(each.tender, each.amount) for each in left.handed] == [("card", 200)]
    assert paying.give_back(paid).handed == () and not paying.give_back(paid).cash_chosen


@pytest.mark.parametrize(
    "text",
    ["4111111111111111", "4111 1111 1111 1111", "卡 6222-0000-0000-0000-004", "5555555555554444"],
)
def test_a_cards_number_is_never_written_down(text: str) -> None:
    with pytest.raises(Refusal, match="card_number"):
        paying.checked_reference(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [(" 000123 ", "000123"), ("V-7", "V-7"), ("4111111111111112", "4111111111111112")],
)
def test_a_slips_number_is_kept(text: str, kept: str) -> None:
    assert paying.checked_reference(text) == kept


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_a_reference_is_needed(text: str) -> None:
    with pytest.raises(Refusal, match="reference_needed"):
        paying.checked_reference(text)


def test_luhn_is_the_real_one() -> None:
    good: list[Any] = ["79927398713", "4539578763621486"]
    assert all(paying._luhn(each) for each in good)
    assert not any(paying._luhn(f"7992739871{digit}") for digit in "012456789")
