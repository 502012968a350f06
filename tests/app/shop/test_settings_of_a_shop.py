"""Each change of a setting is a fact with a person and a time; the newest value stands."""

import pytest

from app.errors import Refusal
from app.settings import SETTINGS
from app.shop.actions import change_settings
from app.shop.queries import settings
from app.transaction import transaction
from app.verification import verify_books
from tests.support.tills import TillInFolder


def change(till: TillInFolder, **values: str) -> None:
    till.clock.advance(1000)
    with transaction(till.books, staff="301") as tx:
        change_settings(tx, values)


def now(till: TillInFolder) -> dict[str, str]:
    with till.books.read() as db:
        return settings(db, "KP01")


def test_a_new_shop_has_every_setting_at_its_default(till: TillInFolder) -> None:
    assert now(till) == {setting.key: setting.default for setting in SETTINGS}


def test_the_newest_value_stands_and_every_change_is_in_the_journal(till: TillInFolder) -> None:
    for name in ("赤坎店", "赤坎古镇店"):
        change(till, shop_name=name)
    assert now(till)["shop_name"] == "赤坎古镇店"
    assert till.rows("SELECT count(*) FROM entry WHERE kind = 'setting_changed@1'") == [(2,)]
    assert verify_books(till.books).ok


def test_one_bad_value_and_none_is_changed(till: TillInFolder) -> None:
    with pytest.raises(Refusal, match="setting_bad"):
        change(till, shop_name="赤坎店", rounding="up")
    assert now(till)["shop_name"] == ""


def test_what_head_office_set_stands_above_the_shops_own(till: TillInFolder) -> None:
    till.write("INSERT INTO setting VALUES ('KP01', 'hub', 'rounding', '0', 'none')")
    change(till, rounding="yuan")
    assert now(till)["rounding"] == "none"


def test_another_shops_settings_are_not_ours(till: TillInFolder) -> None:
    till.write("INSERT INTO setting VALUES ('KP02', 'KP02', 'shop_name', '9', '塘口店')")
    assert now(till)["shop_name"] == ""
