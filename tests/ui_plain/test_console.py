"""The console: any line gets an answer, in the contract's shape, and nothing kills it."""

import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.stories.counters import AUDITOR, MANAGER, ShopFloor
from ui.console import MOST_CHARACTERS, Commands, Seat, talk
from ui.console_commands import COMMANDS

LATER = (
    "quote",
    "check_in",
    "trace",
)
BROKEN = (
    "garbage",
    "{",
    "[]",
    "[1,2]",
    '"scan"',
    "null",
    "3",
    "{}",
    '{"do": null}',
    '{"do": []}',
    '{"do": "scan"}',
    '{"do": "scan", "code": 5}',
    '{"do": "scan", "code": null}',
    '{"do": "scan", "code": "11014", "qty": 3}',
    '{"do": "remove", "line": "1"}',
    '{"do": "remove", "line": 1.5}',
    '{"do": "remove", "line": NaN}',
    '{"do": "pay", "tender": {}}',
    '{"do": "wait", "seconds": 1e400}',
    '{"do": "wait", "seconds": Infinity}',
    '{"do": "wait", "seconds": -1}',
    '{"do": "wait", "seconds": 999999999999999999999}',
    '{"do": "journal", "from": 1' + "0" * 30 + "}",
    '{"do": "journal", "from": -4}',
    '{"do": "close_shift", "counted": {"100": -1}}',
    '{"do": "close_shift", "counted": {"x": 1}}',
    '{"do": "close_shift", "counted": {"0": 9}}',
    '{"do": "close_shift", "counted": [1]}',
    '{"do": "close_shift", "counted": {"100": 1' + "0" * 40 + "}}",
    '{"do": "find", "text": "\\ud800"}',
    '{"\\udc00": 1}',
    "[" * 100_000,
    '{"a":' * 5_000,
    '{"do": "scan", "code": "' + "9" * 5_000,
    '{"do": "clock", "now": "9999-12-31T23:59:59+00:00"}',
    '{"do": "clock", "now": "0001-01-01T00:00Z"}',
    '{"do": "clock", "now": "2026-12-07"}',
    '{"do": "wait", "until": "yesterday"}',
    '{"do": "shop", "set": {"rounding": 1}}',
    '{"do": "shop", "set": "x"}',
    '{"do": "receive"}',
    '{"do": "remove", "line": 1' + "0" * 5_000 + "}",
    "\x00",
    "\ufeff{}",
)


def carry_out(shop: ShopFloor, line: str) -> dict[str, Any]:
    """The answer, which can be written down and never says that we made a mistake."""
    answer = COMMANDS.carry_out(shop.seat, line)
    json.dumps(answer, ensure_ascii=False, allow_nan=False).encode()
    assert answer["ok"] or answer["error"]["code"] != "bug", (line, answer)
    return answer


@pytest.mark.parametrize("line", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_line_is_a_refusal_and_changes_nothing(counter: ShopFloor, line: str) -> None:
    entries = counter.rows("SELECT count(*) FROM entry")
    answer = carry_out(counter, line)
    assert not answer["ok"]
    assert answer["error"]["code"] in (
        "bad_command",
        "unknown_command",
        "bad_time",
        "bad_amount",
        "approval_needed",
    )
    if answer["error"]["code"] != "approval_needed":
        assert counter.rows("SELECT count(*) FROM entry") == entries


@pytest.mark.parametrize("do", LATER)
def test_what_comes_later_is_an_unknown_command(counter: ShopFloor, do: str) -> None:
    assert counter.refused(do) == "unknown_command"


def test_broken_bytes_and_endless_lines_do_not_end_the_conversation(shop: ShopFloor) -> None:
    lines = b'\xff\xfe{"do"\n' + b'"' + b"9" * (MOST_CHARACTERS * 2) + b'"\n\n{"do": "basket"}\n'
    out = io.BytesIO()
    talk(
        COMMANDS,
        shop.seat,
        io.TextIOWrapper(io.BytesIO(lines), encoding="ascii"),
        writer := io.TextIOWrapper(out, encoding="ascii"),
    )
    writer.flush()
    answers = [json.loads(line) for line in out.getvalue().decode().splitlines()]
    assert [answer["ok"] for answer in answers] == [False, False, True]
    assert answers[1]["error"]["details"]["detail"] == "too long"


def test_our_own_mistake_is_loud_in_the_log_and_the_next_line_is_served(
    shop: ShopFloor, caplog: pytest.LogCaptureFixture
) -> None:
    commands = Commands()

    @commands.add
    def stumble(seat: Seat) -> dict[str, Any]:
        raise ZeroDivisionError

    assert commands.carry_out(shop.seat, '{"do": "stumble"}')["error"]["code"] == "bug"
    assert "ZeroDivisionError" in caplog.text


_words = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        (
            "cash",
            "1",
            "-1",
            "0",
            "1e9",
            "99999999999",
            "11014",
            "yes",
            "no",
            "",
            "101",
            "246810",
            "2026-12-08T10:00:00+08:00",
            "age",
            "weight",
            "0.5",
            "disk_full",
            "paper_out",
            "print:x",
        )
    ),
)
_numbers = st.one_of(
    st.integers(-3, 6), st.sampled_from((-(2**63), 2**63, 2**70)), st.floats(), st.booleans()
)
_values = st.recursive(
    st.none() | _words | _numbers,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3),
    max_leaves=6,
)
_FIELDS = (
    "code",
    "product",
    "quantity",
    "line",
    "question",
    "value",
    "price",
    "percent",
    "amount",
    "reason",
    "name",
    "id",
    "tender",
    "number",
    "letters",
    "date",
    "from",
    "to",
    "set",
    "text",
    "what",
    "on",
    "job",
    "answer",
    "task",
    "staff",
    "pin",
    "role",
    "approver",
    "approver_pin",
    "counted",
    "float",
    "lines",
    "supplier",
    "seconds",
    "until",
)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A counter that has to live through all of it."""
    floor = ShopFloor(tmp_path_factory.mktemp("fuzz") / "till")
    floor.open_shift()
    floor.ok("scan", code="11014")
    yield floor
    floor.till.practise_full_disk(False)
    floor.verified()


@settings(max_examples=250, suppress_health_check=list(HealthCheck))
@given(
    do=st.sampled_from(
        [name for name in COMMANDS.names if name not in ("clock", "wait", "sign_out")]
    ),
    fields=st.dictionaries(st.sampled_from(_FIELDS), _values, max_size=4),
)
def test_any_object_gets_an_answer(fuzzed: ShopFloor, do: str, fields: dict[str, Any]) -> None:
    carry_out(fuzzed, json.dumps({"do": do, **fields}))
    fuzzed.till.devices.step()


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(line=st.text(max_size=80) | _values.map(json.dumps))
def test_any_line_gets_an_answer(fuzzed: ShopFloor, line: str) -> None:
    carry_out(fuzzed, line)


# --- the contract's shapes --------------------------------------------------------------------


def test_a_basket_has_the_contracts_shape(counter: ShopFloor) -> None:
    basket = counter.ok("scan", code="11014")["basket"]
    assert set(basket) >= {
        "lines",
        "pieces",
        "gross",
        "reduced",
        "rounding",
        "due",
        "paid",
        "open",
        "tendered",
        "question",
    }
    assert set(basket["lines"][0]) >= {
        "line",
        "product",
        "name",
        "quantity",
        "unit",
        "unit_price",
        "amount",
        "reductions",
        "net",
        "lot",
        "lot_known",
    }
    assert basket["lines"][0]["lot"] and basket["lines"][0]["lot_known"] == "assumed"
    assert basket["question"] is None and basket["rounding"] == "0.00"


def test_a_payment_has_the_contracts_shape(counter: ShopFloor) -> None:
    counter.ok("scan", code="12003")
    part = counter.ok("pay", tender="cash", amount="28")
    assert set(part) >= {"due", "open", "paid", "change", "state"} and part["state"] == "open"
    assert "receipt" not in part
    done = counter.ok("pay", tender="cash")
    assert set(done["receipt"]) == {"number", "hash6"} and len(done["receipt"]["hash6"]) == 6


def test_receipts_are_found_by_number_date_and_amount(counter: ShopFloor) -> None:
    first = counter.sell("11014")["receipt"]
    counter.sell("12003")
    day = "2026-12-07"
    found = counter.ok("find_receipt", date=day, amount="38.00")["receipts"]
    assert [each["number"] for each in found] == [first["number"]]
    assert len(counter.ok("find_receipt", number="261207")["receipts"]) == 2
    assert counter.ok("find_receipt", number="%")["receipts"] == []
    assert counter.refused("receipt", number="KP01-1-000000-0000") == "unknown_receipt"
    good = counter.ok("verify_receipt", number=first["number"], letters=first["hash6"].lower())
    assert good["matches"]
    assert not counter.ok("verify_receipt", number=first["number"], letters="AAAAAA")["matches"]
    receipt = counter.ok("receipt", number=first["number"])["receipt"]
    assert any(first["number"] in row for row in receipt["rows"])


def test_the_journal_is_read_from_and_to(counter: ShopFloor) -> None:
    whole = counter.ok("journal")
    assert [entry["seq"] for entry in whole["entries"]] == list(range(1, whole["head"] + 1))
    part = counter.ok("journal", **{"from": 3, "to": 5})["entries"]
    assert [entry["seq"] for entry in part] == [3, 4, 5]
    assert set(part[0]) == {"seq", "kind", "hash", "time", "staff"} and len(part[0]["hash"]) == 64
    assert counter.ok("journal", **{"from": 10**9})["entries"] == []


def test_reports_have_the_contracts_names(counter: ShopFloor) -> None:
    counter.sell("11014")
    report = counter.ok("x_report")
    assert set(report) >= {
        "gross",
        "refunds",
        "net",
        "tenders",
        "tax",
        "cashiers",
        "channels",
        "rounding",
    }
    assert report["tenders"] == {"cash": {"in": "38.00", "out": "0.00", "count": 1}}
    assert report["cashiers"] == {"101": "38.00"} and report["channels"] == {"C13": "38.00"}


def test_a_manager_adds_a_person_who_signs_in(counter: ShopFloor) -> None:
    new = {"staff": "105", "name": "新人", "role": "cashier", "pin": "908172"}
    assert counter.refused("staff", **new) == "approval_needed"
    counter.sign_in(MANAGER)
    assert counter.refused("staff", **new | {"pin": "123456"}) == "pin_weak"
    assert counter.refused("staff", **new | {"role": "boss"}) == "role_unknown"
    assert counter.ok("staff", **new)["version"]
    counter.sign_in(("105", "908172"))
    assert "新人" not in json.dumps(counter.rows("SELECT CAST(content AS TEXT) FROM entry"))


def test_faults_and_clocks_are_for_demo_folders(counter: ShopFloor) -> None:
    assert counter.refused("fault", what="earthquake") == "unknown_fault"
    counter.seat.clock = None
    assert counter.refused("clock", now="2026-12-08T10:00:00+08:00") == "clock_not_settable"
    assert counter.refused("wait", seconds=1) == "clock_not_settable"
    counter.till.opened.series = ""
    assert counter.refused("fault", what="disk_full") == "demo_only"


def test_an_auditor_reads_and_sells_nothing(counter: ShopFloor) -> None:
    counter.sell("11014")
    counter.sign_in(AUDITOR)
    counter.ok("receipt")
    for do, fields in (
        ("add", {"product": "11014"}), ("reprint", {}), ("hold", {}), ("pay", {"tender": "cash"}),
        ("cash_in", {"amount": "1", "reason": "x"}), ("close_shift", {"counted": "1"}),
        ("cancel_basket", {"reason": "x"}),
    ):  # fmt: skip
        assert counter.refused(do, **fields) == "approval_needed"


def test_the_display_forgets_the_last_customer_when_a_basket_goes(counter: ShopFloor) -> None:
    counter.sell("11014", cash="50")
    counter.ok("scan", code="12003")
    counter.ok("hold")
    shown = [(row["lamp"], row["amount"]) for row in counter.ok("peripherals")["display"]]
    assert shown[-1] == ("off", "")
    assert shown.count(("change", "12.00")) == 1
