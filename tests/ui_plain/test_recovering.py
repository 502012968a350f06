"""A locked number is opened again at the console, by the code from the sealed sheet."""

from app.staff.recovery import fresh_code, keep_recovery_code
from app.transaction import transaction
from tests.stories.counters import ShopFloor


def test_a_locked_cashier_comes_back_with_the_code_and_a_new_pin(shop: ShopFloor) -> None:
    code = fresh_code(shop.seat.books.ids)
    with transaction(shop.seat.books) as tx:
        keep_recovery_code(tx, code)
    answers = [shop.refused("sign_in", staff="101", pin="135790") for _ in range(11)]
    assert answers[-1] == "pin_locked"
    assert shop.refused("recover", staff="101", code="2222", pin="730195") == "recovery_wrong"
    assert shop.refused("recover", staff="101", code=code, pin="111111") == "pin_weak"
    assert shop.ok("recover", staff="101", code=code, pin="730195")["staff"] == "101"
    shop.ok("sign_in", staff="101", pin="730195")
