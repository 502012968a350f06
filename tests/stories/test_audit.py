"""审计 by the console: who did what, what a paper is worth, who saw phones, a sample, an export."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.stories.counters import MANAGER, MakeShop, ShopFloor

AUDITOR = ("401", "112358")
BY_LEAD = {"approver": "201", "approver_pin": "135791"}
PHONE = "13812345678"


@pytest.fixture
def shop(make_shop: MakeShop) -> ShopFloor:
    """Three sales, a look at a phone; the auditor is here."""
    shop = make_shop("books")
    shop.open_shift()
    who = shop.ok("member_create", name="梁阿姨", phone=PHONE, consent=True)["member"]["member"]
    for count in ("1", "2", "3"):
        shop.ok("add", product="11014", quantity=count)
        shop.ok("pay", tender="cash")
    shop.ok("member_reveal", member=who, **BY_LEAD)
    shop.sign_in(AUDITOR)
    return shop


def entries(shop: ShopFloor, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.ok("audit_entries", **asked)["entries"]
    return found


def test_entries_are_found_by_person_kind_and_day_page_by_page(shop: ShopFloor) -> None:
    sales = entries(shop, kind="sale_completed")
    assert [each["words"] for each in sales] == ["销售"] * 3
    assert {each["staff"] for each in entries(shop, staff="101")} == {"101"}
    assert entries(shop, staff="101", kind="sale_completed") == sales
    assert entries(shop, staff="301", kind="sale_completed") == []
    assert entries(shop, **{"from": "2026-12-08"}) == []
    whole, page, before = entries(shop, most=1000), [], ""
    while True:
        answer = shop.ok("audit_entries", most=7, before=before)
        page += answer["entries"]
        if not (before := answer["next"]):
            break
    assert page == whole, "every entry once, the newest first"
    assert shop.refused("audit_entries", before="x") == "bad_command"
    assert shop.refused("audit_entries", **{"from": "2026-13-01"}) == "bad_date"


def test_an_entry_says_in_words_and_in_bytes_what_happened(shop: ShopFloor) -> None:
    sale = entries(shop, kind="sale_completed")[0]
    said = shop.ok("audit_entry", seq=sale["seq"], journal=sale["journal"])
    assert (said["signature"], said["chained"]) == ("true", True)
    assert ["应收", "114.00"] in said["says"]
    assert json.loads(said["bytes"])["due"] == 11400
    assert shop.refused("audit_entry", seq=10**6) == "unknown_entry"


def test_a_papers_letters_are_right_or_not(shop: ShopFloor) -> None:
    sale = entries(shop, kind="sale_completed")[0]
    hash6 = shop.ok("audit_entry", seq=sale["seq"])["hash6"]
    number = json.loads(shop.ok("audit_entry", seq=sale["seq"])["bytes"])["number"]
    right = shop.ok("audit_receipt", number=number, letters=hash6.lower())
    assert (right["matches"], right["seq"], right["amount"]) == (True, sale["seq"], "114.00")
    assert not shop.ok("audit_receipt", number=number, letters="AAAAAA")["matches"]
    assert shop.refused("audit_receipt", number="KP01-1-x", letters=hash6) == "unknown_receipt"


def test_who_saw_a_phone_is_told_and_never_the_phone(shop: ShopFloor) -> None:
    answer = shop.ok("audit_phones")
    (seen,) = answer["seen"]
    assert (seen["what"], seen["person"], seen["approver"]) == ("phone", "101", "201")
    assert PHONE not in json.dumps(answer)


def test_a_seed_draws_the_same_sample_for_everybody(shop: ShopFloor, tmp_path: Path) -> None:
    drawn = [shop.ok("audit_sample", seed="2026-W50", count=2)["sample"] for _ in range(2)]
    assert drawn[0] == drawn[1] and len(drawn[0]) == 2
    others = [shop.ok("audit_sample", seed=str(n), count=2)["sample"] for n in range(20)]
    assert any(other != drawn[0] for other in others)
    assert len(shop.ok("audit_sample", seed="all", count=100)["sample"]) == 3
    paper = tmp_path / "sample.pdf"
    shop.ok("audit_sample", seed="2026-W50", count=2, file=str(paper))
    assert paper.read_bytes().startswith(b"%PDF")


def test_verifying_and_exporting_need_no_network(shop: ShopFloor, tmp_path: Path) -> None:
    answer = shop.ok("audit_verify")
    assert answer["report"]["ok"], answer["report"]["problems"]
    assert set(answer["steps"]) == {"hashes", "signatures", "tables"}
    heads = {"heads": ["ABCDEF"]}
    assert not shop.ok("audit_verify", **heads)["report"]["ok"]
    shop.ok("audit_export", folder=str(tmp_path / "out"))
    assert {each.name for each in (tmp_path / "out").iterdir()} == {
        *("journal.jsonl", "journal.csv", "keys.json", "verify_export.py")
    }


def test_a_manager_audits_their_shop_and_a_cashier_does_not(shop: ShopFloor) -> None:
    shop.sign_in(MANAGER)
    assert entries(shop)
    shop.sign_in(("101", "246810"))
    for command in ("audit_entries", "audit_phones", "audit_verify"):
        assert shop.refused(command) == "approval_needed" or shop.refused(command) == "not_allowed"
