"""A refund's paper is found, printed again and checked like any receipt."""

from tests.stories.counters import LEAD, ShopFloor

BY_LEAD = {"approver": LEAD[0], "approver_pin": LEAD[1]}


def refunded(till: ShopFloor) -> tuple[str, dict[str, object]]:
    """Egg rolls were sold and came back; the receipt's number and the refund's answer."""
    number = till.sell("11014")["receipt"]["number"]
    lines = [{"line": 1, "quantity": "1", "reason": "quality", "disposition": "shelf"}]
    return number, till.ok("refund", receipt=number, lines=lines)


def test_it_says_what_came_back_and_of_which_receipt(counter: ShopFloor) -> None:
    number, refund = refunded(counter)
    for asked in ({"number": refund["number"]}, {}):
        found = counter.ok("receipt", **asked)["receipt"]
        assert (found["kind"], found["number"], found["original"]) == (
            "refund",
            refund["number"],
            number,
        )
        assert found["amount"] == "38.00"
        said = "\n".join(found["rows"])
        assert "退货" in said
        assert number in said
        assert "2026-12-07 14:02" in said
        assert "重印" not in said
    assert counter.ok("receipt", number=number)["receipt"]["kind"] == "sale"
    counter.verified()


def test_its_first_paper_says_when_the_goods_were_bought(counter: ShopFloor) -> None:
    number = counter.sell("11014")["receipt"]["number"]
    counter.ok("wait", seconds=3600)
    lines = [{"line": 1, "quantity": "1", "reason": "quality", "disposition": "shelf"}]
    counter.ok("refund", receipt=number, lines=lines)
    ((paper,),) = counter.rows("SELECT paper FROM print_job WHERE kind = 'refund'")
    assert "2026-12-07 14:02" in paper
    assert "2026-12-07 15:02" in paper


def test_it_is_printed_again_and_says_so(counter: ShopFloor) -> None:
    _number, refund = refunded(counter)
    for copy in (1, 2):
        assert counter.refused("reprint", number="KP01-1-260101-0009", **BY_LEAD) in (
            "unknown_receipt",
            "approval_needed",
        )
        assert counter.ok("reprint", number=refund["number"])["copy"] == copy
    rows = counter.rows("SELECT kind, title FROM print_job WHERE title LIKE '%重印%' ORDER BY id")
    assert rows == [("refund", f"{refund['number']} 重印 {copy}") for copy in (1, 2)]
    papers = counter.rows("SELECT paper FROM print_job WHERE title LIKE '%重印 2'")
    assert "重印 2" in papers[0][0]
    assert counter.ok("receipt", number=refund["number"])["receipt"]["copies"] == 2
    assert counter.rows("SELECT count(*) FROM counter_act WHERE what = 'reprinted'") == [(2,)]
    counter.verified()


def test_its_letters_are_checked(counter: ShopFloor) -> None:
    number, refund = refunded(counter)
    asked = {"number": refund["number"], "letters": refund["hash6"]}
    assert counter.ok("verify_receipt", **asked)["matches"] is True
    assert counter.ok("verify_receipt", **{**asked, "letters": "AAAAAA"})["matches"] is False
    assert counter.ok("verify_receipt", **{**asked, "number": number})["matches"] is False
    scan = counter.ok("scan", code=f"R:{refund['number']}:{refund['hash6']}")
    assert (scan["kind"], scan["receipt"]) == ("receipt", refund["number"])
    counter.verified()


def test_the_last_paper_is_the_last_one_whatever_it_was(counter: ShopFloor) -> None:
    _number, _refund = refunded(counter)
    last = counter.sell("12001")["receipt"]["number"]
    assert counter.ok("receipt")["receipt"]["number"] == last
    counter.verified()


def test_a_refunds_paper_that_may_be_out_is_printed_again_as_a_copy(counter: ShopFloor) -> None:
    number = counter.sell("11014")["receipt"]["number"]
    counter.ok("fault", what="silent_printer", on=True)
    lines = [{"line": 1, "quantity": "1", "reason": "quality", "disposition": "shelf"}]
    refund = counter.ok("refund", receipt=number, lines=lines)
    counter.ok("wait", seconds=60)
    (job,) = [
        each
        for each in counter.ok("print_queue")["jobs"]
        if each["title"] == refund["number"] and each["state"] == "UNSURE"
    ]
    counter.ok("fault", what="silent_printer", on=False)
    counter.ok("print_resolve", job=job["job"], answer="again")
    (title,) = counter.rows("SELECT title FROM print_job WHERE kind = 'refund'")
    assert title == (f"{refund['number']} 重印 1",)
    counter.verified()
