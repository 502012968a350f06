"""T3, the label's part: weighed, labelled, scanned again, to the fen and to the digit."""

import pytest
import zxingcpp

from printers.devices.virtual_labels import VirtualLabels
from tests.stories.counters import LEAD, ShopFloor

BY_LEAD = {"approver": LEAD[0], "approver_pin": LEAD[1]}


def labels_out(till: ShopFloor) -> VirtualLabels:
    """The label printer on the screen, after everything came out."""
    till.ok("wait", seconds=1)
    carrier = till.till.devices.carriers["label"]
    assert isinstance(carrier, VirtualLabels)
    return carrier


def read(till: ShopFloor) -> list[str]:
    sheet = labels_out(till).sheets[-1]
    return sorted(found.text for found in zxingcpp.read_barcodes(sheet.picture.convert("L")))


def test_only_a_weight_that_stands_still_is_sold(counter: ShopFloor) -> None:
    counter.ok("scale", gross="4.370", tare="0.050", stable=False)
    assert counter.refused("weigh", product="16008") == "scale_unstable"
    assert counter.ok("basket")["basket"]["lines"] == []
    counter.ok("scale", gross="4.370", tare="0.050")
    weighed = counter.ok("weigh", product="16008")
    assert (weighed["net"], weighed["basket"]["due"]) == ("4.320", "28.51")
    assert counter.refused("weigh", product="12001") == "not_weighed"
    counter.ok("scale", gross="0.050", tare="0.050")
    assert counter.refused("weigh", product="16008") == "bad_quantity"


@pytest.mark.without_network("标签", "称重贴签")
def test_a_winter_melon_is_labelled_and_the_label_costs_what_it_says(counter: ShopFloor) -> None:
    printed = counter.ok("print_label", kind="weigh", product="16008", quantity="4.320")
    assert printed["bars"] == "2116008028514"
    assert (printed["amount"], printed["price"]) == ("28.51", "6.60")
    said = " ".join(printed["rows"])
    assert "4.320 kg" in said and "6.60 元/kg" in said and "斤" not in said
    assert "2116008028514" in read(counter)
    assert counter.ok("scan", code=printed["bars"])["basket"]["due"] == "28.51"
    # The square code says the same and more: its amount is the label's.
    counter.ok("cancel_basket", reason="再扫一次")
    scanned = counter.ok("scan", code=printed["qr"])["basket"]
    assert (scanned["due"], scanned["lines"][0]["quantity"]) == ("28.51", "4.320")


def test_roast_goose_on_eighteen_digits(counter: ShopFloor) -> None:
    printed = counter.ok(
        "print_label", kind="weigh", product="11012", quantity="1.235", format="18"
    )
    assert printed["bars"] == "221101213338012356"
    assert printed["amount"] == "133.38"
    assert "221101213338012356" in read(counter)


def test_the_goose_of_the_day_is_not_sold_the_next_morning(counter: ShopFloor) -> None:
    code = counter.ok("print_label", kind="weigh", product="11012", quantity="1.235", format="18")[
        "bars"
    ]
    assert counter.ok("scan", code=code)["basket"]["due"] == "133.38"
    counter.ok("cancel_basket", reason="改天")
    counter.ok("clock", now="2026-12-08T08:00:00+08:00")
    counter.ok("sign_in", staff="101", pin="246810")
    assert counter.refused("scan", code=code) == "past_its_day"
    # The same weight and price again, of today: a new label is of today.
    counter.ok("print_label", kind="weigh", product="11012", quantity="1.235", format="18")
    assert counter.ok("scan", code=code)["basket"]["due"] == "133.38"


def test_a_goose_whose_label_nobody_printed_here_is_asked_about(counter: ShopFloor) -> None:
    code = "221101213338012356"
    asked = counter.ok("scan", code=code)["basket"]["question"]
    assert asked["question"] == "made_today"
    counter.ok("answer", question="made_today", value="no")
    assert counter.ok("basket")["basket"]["lines"] == []
    counter.ok("scan", code=code)
    basket = counter.ok("answer", question="made_today", value="yes")["basket"]
    assert basket["due"] == "133.38"
    # Asked once a basket, like an age.
    assert counter.ok("scan", code=code)["basket"]["question"] is None
    counter.ok("pay", tender="cash")
    counter.verified()


def test_a_tag_says_the_price_by_kilogram_and_by_500_grams(counter: ShopFloor) -> None:
    printed = counter.ok("print_label", kind="tag", product="16008", zone="B1")
    said = " ".join(printed["rows"])
    assert "6.60" in said and "元/kg" in said and "3.30 元/500g" in said and "斤" not in said


def test_the_shelves_whose_tag_lies_are_listed_and_reprinting_settles_it(
    counter: ShopFloor,
) -> None:
    counter.ok("print_label", kind="tag", product="12006", zone="A3")
    counter.ok("print_label", kind="tag", product="12001", zone="A3")
    assert counter.ok("tags_due")["tags"] == []
    counter.ok(
        "price_list",
        **{"from": "2026-12-12T00:00:00+08:00"},
        lines=[{"product": "12006", "price": "168.00"}],
        approver="301",
        approver_pin="864209",
    )
    assert counter.ok("tags_due")["tags"] == []
    counter.ok("clock", now="2026-12-12T00:00:01+08:00")
    (lying,) = counter.ok("tags_due")["tags"]
    assert (lying["product"], lying["zone"]) == ("12006", "A3")
    assert (lying["before"], lying["after"]) == ("198.00", "168.00")
    counter.ok("print_label", kind="tag", product="12006", zone="A3")
    assert counter.ok("tags_due")["tags"] == []


def test_labels_nobody_may_print(counter: ShopFloor) -> None:
    for wanted, code in (
        ({"kind": "poster", "product": "12001"}, "unknown_label"),
        ({"kind": "tag", "product": "99999"}, "unknown_code"),
        ({"kind": "tag", "product": "12001", "copies": 0}, "bad_copies"),
        ({"kind": "weigh", "product": "12001", "quantity": "1.000"}, "not_weighed"),
        ({"kind": "weigh", "product": "16008", "quantity": "1.000", "format": "20"},
         "no_scale_format"),
        ({"kind": "weigh", "product": "16008"}, "bad_quantity"),
        ({"kind": "trace", "product": "12001"}, "lot_needed"),
        ({"kind": "trace", "product": "12001", "lot": "nobody's"}, "unknown_lot"),
        ({"kind": "shelf"}, "zone_needed"),
        ({"kind": "shield", "product": "12001"}, "approval_needed"),
    ):  # fmt: skip
        assert counter.refused("print_label", **wanted) == code, wanted
    assert counter.rows("SELECT count(*) FROM label_log") == [(0,)]


def test_a_mark_is_printed_only_where_the_lot_has_earned_it(counter: ShopFloor) -> None:
    lot = counter.ok("lots", product="12001")["lots"][0]["lot_id"]
    shield = {"kind": "shield", "product": "12001", "lot": lot, **BY_LEAD}
    by_manager = shield | {"approver": "301", "approver_pin": "864209"}
    assert counter.refused("print_label", **by_manager, copies=2) == "mark_not_earned"


def test_every_label_is_in_the_log_with_its_price_and_day(counter: ShopFloor) -> None:
    counter.ok("print_label", kind="weigh", product="16008", quantity="4.320")
    ((label, price, quantity, amount, today),) = counter.rows(
        "SELECT label, price, quantity, amount, today FROM label_log"
    )
    assert (label, price, quantity, amount, today) == ("weigh", 660, 4320, 2851, "2026-12-07")
    counter.verified()
