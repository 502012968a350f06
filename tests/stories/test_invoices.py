"""An invoice from the asking to the red letter, by console, on the practice platform's bad days."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from app.content import Qr
from app.transaction import transaction
from sync.invoicing.practice import LEDGER
from tests.stories.counters import LEAD, MANAGER, NOON, MakeShop, ShopFloor
from tests.support.buyer_codes import NUMBER, code
from tests.support.rare_facts import an_invoice_and_its_red_letter

COMPANY = code("华为技术有限公司", NUMBER, "深圳市龙岗区|0755-28780808", "工行|4000")
BY_LEAD = {"approver": LEAD[0], "approver_pin": LEAD[1]}
BY_MANAGER = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}


def back(line: int, quantity: str, reason: str = "quality") -> dict[str, object]:
    return {"line": line, "quantity": quantity, "reason": reason, "disposition": "shelf"}


def sold(shop: ShopFloor) -> str:
    """Tea 68.00, greens 0.820 kg 9.51, cakes 3 × 48.00, a bag 0.50; the receipt's number."""
    shop.ok("add", product="12001", quantity="1")
    shop.ok("add", product="16009", quantity="0.820")
    shop.ok("add", product="21008", quantity="3")
    return str(shop.sell("99001", cash="300")["receipt"]["number"])


def asked(shop: ShopFloor, receipt: str, **fields: Any) -> dict[str, Any]:
    return shop.ok("invoice_request", receipt=receipt, **(fields or {"buyer_code": COMPANY}))


def stands(shop: ShopFloor, receipt: str) -> dict[str, Any]:
    """The receipt's newest invoice or red letter."""
    found: dict[str, Any] = shop.ok("invoices", receipt=receipt)["invoices"][0]
    return found


def issued(shop: ShopFloor) -> list[str]:
    """What the platform issued, by its own book."""
    path = shop.folder / LEDGER
    return path.read_text().splitlines() if path.exists() else []


def red_task(shop: ShopFloor) -> dict[str, Any]:
    (task,) = [each for each in shop.ok("tasks")["tasks"] if each["kind"] == "red_letter_due"]
    found: dict[str, Any] = task
    return found


def test_an_invoice_says_what_was_paid_and_its_tax(counter: ShopFloor) -> None:
    receipt = sold(counter)
    due = counter.ok("receipt", number=receipt)["receipt"]["due"]
    said = asked(counter, receipt)
    assert (said["state"], said["buyer"]) == ("requested", "华为技术有限公司")
    assert (said["amount"], said["left_out"]) == (due, [])
    tax = [line["tax"] for line in counter.ok("receipt", number=receipt)["receipt"]["lines"]]
    assert [line["tax"] for line in said["lines"]] == tax
    tea, greens, _cakes, bag = said["lines"]
    assert (tea["rate"], tea["tax_class"], tea["net"]) == ("13", "1010116010000000000", "60.18")
    assert (greens["rate"], greens["tax"], greens["quantity"]) == ("-2", "0.00", "0.820")
    assert (bag["product"], bag["amount"], bag["rate"]) == ("99001", "0.50", "13")
    counter.ok("wait", seconds=30)
    done = stands(counter, receipt)
    assert (done["state"], len(done["invoice_no"])) == ("issued", 20)
    assert len(issued(counter)) == 1
    counter.verified()


def test_a_second_request_is_refused_before_and_after_it_is_issued(counter: ShopFloor) -> None:
    receipt = sold(counter)
    asked(counter, receipt)
    assert counter.refused("invoice_request", receipt=receipt, buyer_code=COMPANY) == "invoice_open"
    counter.ok("wait", seconds=30)
    again = {"receipt": receipt, "buyer_code": COMPANY}
    assert counter.refused("invoice_request", **again) == "invoice_issued"
    assert len(issued(counter)) == 1


def test_a_private_person_is_asked_for_a_name_alone_and_shown_masked(counter: ShopFloor) -> None:
    receipt = sold(counter)
    said = asked(counter, receipt, buyer={"name": "梁小开"})
    assert (said["buyer"], said["buyer_kind"]) == ("梁**", "person")
    counter.close()
    kept = b"".join(path.read_bytes() for path in counter.folder.rglob("*") if path.is_file())
    assert "梁小开".encode() not in kept


@pytest.mark.parametrize(
    ("fields", "code_"),
    [
        ({}, "buyer_needed"),
        ({"buyer_code": "$01broken$"}, "buyer_code_bad"),
        ({"buyer": {"name": ""}}, "buyer_name_bad"),
        ({"buyer": {"name": "某公司", "tax_number": "914403001922038217"}}, "tax_number_bad"),
        ({"buyer": {"name": "某公司"}, "receipt": "KP01-1-260101-0001"}, "unknown_receipt"),
    ],
)
def test_what_makes_no_sense_asks_for_nothing(
    counter: ShopFloor, fields: dict[str, Any], code_: str
) -> None:
    receipt = sold(counter)
    assert counter.refused("invoice_request", **{"receipt": receipt, **fields}) == code_
    assert counter.ok("invoices")["invoices"] == []


def test_goods_back_before_it_is_issued_lower_it_and_need_no_red_letter(
    counter: ShopFloor,
) -> None:
    receipt = sold(counter)
    before = asked(counter, receipt)
    counter.ok("refund", receipt=receipt, lines=[back(2, "0.820")])
    now = stands(counter, receipt)
    assert [line["line"] for line in now["lines"]] == [1, 3, 4]
    assert float(before["amount"]) - float(now["amount"]) == pytest.approx(9.51)
    counter.ok("wait", seconds=30)
    assert stands(counter, receipt)["amount"] == now["amount"]
    assert "red_letter_due" not in {each["kind"] for each in counter.ok("tasks")["tasks"]}
    assert counter.rows("SELECT invoiced FROM refund") == [(0,)]
    counter.verified()


def test_all_of_it_back_before_it_is_issued_leaves_nothing_to_issue(counter: ShopFloor) -> None:
    receipt = str(counter.sell("11014")["receipt"]["number"])
    asked(counter, receipt)
    counter.ok("refund", receipt=receipt, lines=[back(1, "1")])
    counter.ok("wait", seconds=30)
    assert (stands(counter, receipt)["state"], issued(counter)) == ("withdrawn", [])
    assert counter.refused("invoice_request", receipt=receipt, buyer_code=COMPANY) == (
        "nothing_to_invoice"
    )


def test_goods_back_of_an_issued_invoice_open_one_red_letter(counter: ShopFloor) -> None:
    """T6: tea 68.00 and greens 9.51 of 221.51 come back; 77.51 has to go in red."""
    counter.ok("add", product="12001", quantity="1")
    counter.ok("add", product="16009", quantity="0.820")
    counter.ok("add", product="21008", quantity="3")
    paid = counter.ok("pay", tender="card", code="000123")
    receipt = str(paid["receipt"]["number"])
    assert asked(counter, receipt)["amount"] == "221.51"
    counter.ok("wait", seconds=5 * 24 * 3600)
    counter.ok("refund", receipt=receipt, lines=[back(1, "1", "no_longer_wanted")], **BY_MANAGER)
    counter.ok("refund", receipt=receipt, lines=[back(2, "0.820")])
    assert counter.rows("SELECT invoiced FROM refund") == [(1,), (1,)]
    assert stands(counter, receipt)["state"] == "red_letter_due"
    assert stands(counter, receipt)["red_letter_due"] == "77.51"
    task = red_task(counter)
    assert "77.51" in task["words"]
    settle = {"task": task["task"], "answer": "issue"}
    assert counter.refused("settle_task", **settle) == "approval_needed"
    counter.ok("settle_task", **settle, **BY_LEAD)
    counter.ok("wait", seconds=30)
    red, invoice = counter.ok("invoices", receipt=receipt)["invoices"]
    assert (red["state"], red["amount"]) == ("red_letter_issued", "77.51")
    assert (red["of"], invoice["state"]) == (invoice["invoice"], "issued")
    assert counter.refused("settle_task", **settle, **BY_LEAD) == "no_red_letter_due"
    assert "red_letter_due" not in {each["kind"] for each in counter.ok("tasks")["tasks"]}
    assert len(issued(counter)) == 2
    counter.verified()


def test_a_buyer_is_corrected_before_anything_leaves_and_not_while_it_is_on_its_way(
    counter: ShopFloor,
) -> None:
    receipt = sold(counter)
    name = asked(counter, receipt, buyer={"name": "华维技术有限公司04"})["invoice"]
    slow = {"name": "慢慢来的公司04"}
    assert counter.ok("invoice_correct", invoice=name, buyer=slow)["buyer"] == "慢**"
    counter.ok("wait", seconds=12)
    assert counter.refused("invoice_correct", invoice=name, buyer=slow) == "invoice_on_its_way"
    counter.ok("wait", seconds=600)
    assert counter.refused("invoice_correct", invoice=name, buyer=slow) == "invoice_issued"
    assert counter.kinds().count("invoice_buyer_corrected") == 1
    counter.verified()


def test_a_refused_one_waits_for_a_better_buyer(counter: ShopFloor) -> None:
    receipt = sold(counter)
    name = asked(counter, receipt, buyer={"name": "查不到的公司02"})["invoice"]
    counter.ok("wait", seconds=30)
    failed = stands(counter, receipt)
    assert (failed["state"], "查不到" in failed["why"]) == ("failed", True)
    (task,) = counter.ok("tasks")["tasks"]
    assert (task["kind"], task["answers"]) == ("invoice_failed", ["again", "withdraw"])
    counter.ok("settle_task", task=task["task"], answer="again")
    counter.ok("wait", seconds=30)
    assert stands(counter, receipt)["state"] == "failed"
    assert asked(counter, receipt)["invoice"] == name
    counter.ok("wait", seconds=30)
    assert (stands(counter, receipt)["state"], len(issued(counter))) == ("issued", 1)
    counter.verified()


def test_a_request_nobody_wants_is_withdrawn_and_may_come_again(counter: ShopFloor) -> None:
    receipt = sold(counter)
    asked(counter, receipt, buyer={"name": "查不到的公司02"})
    counter.ok("wait", seconds=30)
    (task,) = counter.ok("tasks")["tasks"]
    counter.ok("settle_task", task=task["task"], answer="withdraw")
    assert stands(counter, receipt)["state"] == "withdrawn"
    assert counter.ok("tasks")["tasks"] == []
    assert asked(counter, receipt)["state"] == "requested"


@pytest.mark.parametrize(("day", "seconds"), [("01", 20), ("03", 40), ("04", 120)])
def test_whatever_the_platforms_day_it_is_issued_once(
    counter: ShopFloor, day: str, seconds: int
) -> None:
    receipt = sold(counter)
    asked(counter, receipt, buyer={"name": f"某公司{day}"})
    counter.ok("wait", seconds=11)
    assert stands(counter, receipt)["state"] == "requested"
    assert stands(counter, receipt)["why"]
    counter.ok("wait", seconds=seconds)
    assert (stands(counter, receipt)["state"], len(issued(counter))) == ("issued", 1)


@pytest.mark.without_network("发票", "开电子发票", "记下来排队，连上后自己开，只开一次")
def test_without_a_line_it_waits_and_says_so(counter: ShopFloor) -> None:
    receipt = sold(counter)
    counter.ok("fault", what="channel_cut")
    asked(counter, receipt)
    counter.ok("wait", seconds=900)
    waiting = stands(counter, receipt)
    assert (waiting["state"], waiting["why"]) == ("requested", "连不上开票平台")
    assert [each["kind"] for each in counter.ok("tasks")["tasks"]] == ["invoice_waiting"]
    assert issued(counter) == []
    counter.ok("fault", what="channel_cut", on=False)
    counter.ok("wait", seconds=60)
    assert stands(counter, receipt)["state"] == "issued"
    assert counter.ok("tasks")["tasks"] == []


def test_the_wrong_buyer_on_an_issued_one_is_taken_back_whole_and_issued_anew(
    counter: ShopFloor,
) -> None:
    receipt = sold(counter)
    amount = asked(counter, receipt)["amount"]
    counter.ok("wait", seconds=30)
    name = stands(counter, receipt)["invoice"]
    red = counter.ok("invoice_red", invoice=name, reason="wrong_buyer", **BY_LEAD)
    assert (red["amount"], red["state"]) == (amount, "red_letter_requested")
    second = asked(counter, receipt, buyer={"name": "对的公司"})
    assert second["amount"] == amount
    counter.ok("wait", seconds=30)
    states = [each["state"] for each in counter.ok("invoices", receipt=receipt)["invoices"]]
    assert states == ["issued", "red_letter_issued", "issued"]
    counter.ok("refund", receipt=receipt, lines=[back(2, "0.820")])
    assert red_task(counter)["task"] == f"redletter:{second['invoice']}"
    counter.verified()


def test_a_list_leaves_the_till_with_a_right_and_is_remembered(counter: ShopFloor) -> None:
    receipt = sold(counter)
    asked(counter, receipt, buyer={"name": "=HYPERLINK(1)公司", "address": "+8675022"})
    counter.ok("wait", seconds=30)
    counter.ok("refund", receipt=receipt, lines=[back(2, "0.820")])
    counter.ok("settle_task", task=red_task(counter)["task"], answer="issue", **BY_LEAD)
    assert counter.refused("invoice_export") == "approval_needed"
    counter.sign_in(LEAD)
    file = Path(counter.ok("invoice_export")["file"])
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    assert [row["种类"] for row in rows] == ["蓝字"] * 4 + ["红字"]
    assert {row["购买方"] for row in rows} == {"'=HYPERLINK(1)公司"}
    assert {row["地址电话"] for row in rows} == {"'+8675022"}
    assert (rows[-1]["含税金额"], rows[-1]["税率"], rows[0]["税额"]) == ("-9.51", "免税", "7.82")
    assert rows[-1]["数量"] == "-0.820"
    excel = counter.ok("invoice_export", format="xlsx")["file"]
    sheet = load_workbook(excel).active
    assert sheet is not None
    cells = list(sheet.iter_rows(values_only=True))
    assert len(cells) == 6
    assert cells[1][5] == "'=HYPERLINK(1)公司"
    assert (cells[1][14], cells[1][16], cells[5][16]) == ("1010116010000000000", 68, -9.51)
    kept = counter.rows("SELECT person, count FROM invoice_export ORDER BY order_ms")
    assert kept == [("201", 2), ("201", 2)]


def test_what_a_shop_pays_with_and_was_invoiced_for_before_is_left_out(
    counter: ShopFloor,
) -> None:
    counter.ok("add", product="21008", quantity="1")
    counter.ok("pay", tender="voucher", amount="10.00", code="V1")
    receipt = counter.ok("pay", tender="cash", amount="38.00")["receipt"]["number"]
    said = asked(counter, receipt)
    assert (said["amount"], said["tax"]) == ("38.00", "4.37")
    assert said["left_out"][0]["amount"] == "10.00"
    assert "券" in said["left_out"][0]["words"]


def test_a_shop_without_a_platform_keeps_its_requests(make_shop: MakeShop) -> None:
    from sync.invoicing.gateway import NoGateway

    shop = make_shop()
    shop.open_shift()
    shop.till.invoices.gateway = NoGateway()
    receipt = sold(shop)
    asked(shop, receipt)
    shop.ok("wait", seconds=60)
    waiting = stands(shop, receipt)
    assert (waiting["state"], waiting["why"]) == ("requested", "还没有接通开票平台")


def test_a_till_that_was_closed_goes_on_asking(counter: ShopFloor) -> None:
    receipt = sold(counter)
    asked(counter, receipt, buyer={"name": "某公司01"})
    counter.ok("wait", seconds=11)
    counter.restart()
    counter.ok("wait", seconds=60)
    assert (stands(counter, receipt)["state"], len(issued(counter))) == ("issued", 1)
    counter.verified()


def test_a_receipt_says_how_to_ask_for_an_invoice_when_the_shop_set_it(counter: ShopFloor) -> None:
    number = counter.sell("11014")["receipt"]["number"]
    plain = counter.ok("receipt", number=number)["receipt"]["rows"]
    assert not any("发票" in row for row in plain)
    page = "https://fapiao.example.cn/r/"
    words = "要发票请在收银台出示抬头码"
    counter.ok("shop", set={"invoice_words": words, "invoice_page": page}, **BY_MANAGER)
    told = counter.ok("receipt", number=number)["receipt"]["rows"]
    assert any(words in row for row in told)
    found = counter.seat.counter.receipts.find(number)
    codes = [block for block in counter.seat.counter.receipts.paper(found).blocks
             if isinstance(block, Qr)]  # fmt: skip
    assert [block.data for block in codes] == [page + number, f"R:{number}:{found.hash6}"]
    asked_ = {"set": {"invoice_page": "ftp://x"}, **BY_MANAGER}
    assert counter.refused("shop", **asked_) == "setting_bad"
    bad = {"set": {"tax_codes": "goods 13"}, **BY_MANAGER}
    assert counter.refused("shop", **bad) == "tax_codes_bad"


def test_x_lists_the_invoices_that_wait_and_the_red_letters_due(counter: ShopFloor) -> None:
    first, second = sold(counter), str(counter.sell("11014")["receipt"]["number"])
    asked(counter, first)
    counter.ok("wait", seconds=30)
    asked(counter, second)
    counter.ok("refund", receipt=first, lines=[back(2, "0.820")])
    report = counter.ok("x_report")
    assert [each["receipt"] for each in report["invoices_open"]] == [second]
    assert report["red_letters_due"] == [{"receipt": first, "amount": "9.51"}]
    counter.seat.desk.print_x()
    counter.ok("wait", seconds=1)
    rows = counter.ok("peripherals")["printers"]["receipt"]
    assert any("红字待开" in row and "9.51" in row for row in rows)


def test_a_slip_says_what_was_asked_for_and_that_it_is_no_invoice(counter: ShopFloor) -> None:
    receipt = sold(counter)
    name = asked(counter, receipt, buyer={"name": "梁小开"})["invoice"]
    counter.ok("invoice_slip", invoice=name)
    rows = counter.ok("peripherals")["printers"]["receipt"]
    text = "\n".join(rows)
    assert "开票凭条" in text and "这不是发票" in text
    assert "梁**" in text and "梁小开" not in text
    assert any(row.split() == ["价税合计", "222.00"] for row in rows)
    assert counter.refused("invoice_slip", invoice="x") == "unknown_invoice"


def test_an_invoice_whose_sale_has_not_arrived_yet_disturbs_nobody(counter: ShopFloor) -> None:
    with transaction(counter.till.books, staff="101") as tx:
        for fact in an_invoice_and_its_red_letter({"shop": "KP01", "till": "2", "day": NOON[:10]}):
            tx.record(fact)
    assert [each["kind"] for each in counter.ok("tasks")["tasks"]] == []
    assert len(counter.ok("invoices")["invoices"]) == 2
    counter.ok("wait", seconds=60)


def test_lists_are_by_business_day_also_when_no_shift_is_open(counter: ShopFloor) -> None:
    receipt = str(counter.sell("11014")["receipt"]["number"])
    counter.ok("close_shift", counted="538.00")
    assert asked(counter, receipt)["state"] == "requested"
    today = counter.ok("invoices", **{"from": "2026-12-07", "to": "2026-12-07"})["invoices"]
    assert [each["receipt"] for each in today] == [receipt]
    assert counter.ok("invoices", **{"from": "2026-12-08"})["invoices"] == []
    assert counter.refused("invoices", **{"from": "morgen"}) == "bad_date"
