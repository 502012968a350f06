"""The counter's bad days by number, and the tests that show what the till does about each.

F17  paper out, cover open, cable pulled, a line that dies in the middle of a receipt:
     test_bad_days, printers/test_spooler, ui/test_bad_days_at_the_window
F18  a printer that answers nothing: test_bad_days, ui/test_bad_days_at_the_window
F19  a drawer that stays shut, or is opened without a sale: printers/test_spooler, here,
     ui/test_bad_days_at_the_window
F20  fifty clicks, Enters and scans at once: crash/test_double_submit, test_zero_key,
     ui/test_double_submit_at_the_window
F21  lost, late and wrong answers of a network: test_payment_days, test_t2_wallets,
     chaos/test_payments, ui/test_wallets_at_the_window
F22  a bill that says otherwise: test_payment_days, test_found_money, ui/test_bad_days_at_the_window
F26  nobody voids what is paid: here
F27  goods back without a receipt, capped; over-refunds flagged: test_t6_refunds, here
F28  openings without a sale, overrides, removed lines: here, app/shifts/test_report, test_rights
F29  rows edited, deleted, re-ordered, a tail cut off: here, app/journal/test_verify,
     app/test_damage
F30  no way to delete, training apart, a total that only grows: here, ui/test_joined_rooms
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.errors import ShopError
from app.journal.rebuild import apply_entries
from app.journal.stored import StoredEntry, after
from app.meaning import MEANING
from app.own_journals import open_next_journal
from app.transaction import transaction
from tests.stories.counters import LEAD, MANAGER, MakeShop, ShopFloor
from tests.support.processes import ROOT
from ui.console_commands import COMMANDS

EGG_ROLL = "6900000110140"
BY_LEAD = {"approver": LEAD[0], "approver_pin": LEAD[1]}
BY_MANAGER = {"approver": MANAGER[0], "approver_pin": MANAGER[1]}
BACK = [{"line": 1, "quantity": "1", "reason": "no_longer_wanted", "disposition": "shelf"}]


def kinds_of_tasks(till: ShopFloor) -> list[str]:
    return [task["kind"] for task in till.ok("tasks")["tasks"]]


# --- F26: what is paid ---------------------------------------------------------------------------


def test_nothing_takes_back_what_is_paid_but_a_refund_of_its_own(counter: ShopFloor) -> None:
    number = counter.sell(EGG_ROLL)["receipt"]["number"]
    before = counter.rows("SELECT * FROM sale"), counter.rows("SELECT * FROM sale_line")
    for do, fields in (
        ("remove", {"line": 1}),
        ("set_quantity", {"line": 1, "quantity": "2"}),
        ("override_price", {"line": 1, "price": "1.00", "reason": "x"}),
        ("cancel_basket", {"reason": "顾客不要了"}),
    ):
        assert counter.refused(do, **fields) in ("no_such_line", "basket_empty")
    counter.say("back")
    for do in ("void", "delete", "delete_sale", "edit_sale", "post_void", "purge"):
        assert counter.refused(do, receipt=number, **BY_MANAGER) == "unknown_command"
    assert (counter.rows("SELECT * FROM sale"), counter.rows("SELECT * FROM sale_line")) == before
    done = counter.ok("refund", receipt=number, lines=BACK, **BY_LEAD)
    assert (counter.rows("SELECT * FROM sale"), counter.rows("SELECT * FROM sale_line")) == before
    # What came back is no sale: nothing of it comes back a second time.
    assert counter.refused("refundable", receipt=done["number"]) == "unknown_receipt"
    assert (
        counter.refused("refund", receipt=done["number"], lines=BACK, **BY_MANAGER)
        == "unknown_receipt"
    )
    assert counter.refused("refund", receipt=number, lines=BACK, **BY_MANAGER) == "over_refund"
    counter.verified()


def test_two_tills_that_did_not_hear_of_each_other_are_flagged_when_their_books_meet(
    make_shop: MakeShop, tmp_path: Path
) -> None:
    here = make_shop("here")
    here.open_shift()
    number = here.sell(EGG_ROLL)["receipt"]["number"]
    here.close()
    copied(here.folder, tmp_path / "there")
    there = make_shop("there")
    there.clock.advance(120_000)
    there.sign_in()
    open_next_journal(there.till.books, reason="cloned")
    journal = there.till.books.journal.id
    for till in (here, there):
        till.clock.advance(120_000)
        if till is here:
            till.sign_in()
        till.ok("refund", receipt=number, lines=BACK, **BY_LEAD)
        assert kinds_of_tasks(till) == []
    with there.till.books.read() as db:
        theirs: list[StoredEntry] = list(after(db, journal, 0))
    with transaction(here.till.books) as tx:
        apply_entries(tx.connection, MEANING, theirs)
    (task,) = here.ok("tasks")["tasks"]
    assert task["kind"] == "over_refund" and number in task["words"]


def copied(one: Path, other: Path) -> None:
    """A whole folder somebody copied while nobody held it."""
    import shutil

    shutil.copytree(one, other)


# --- F19, F28: what a person may do, counted -----------------------------------------------------


def test_every_opening_without_a_sale_is_written_down_with_who_and_why(
    counter: ShopFloor,
) -> None:
    assert counter.refused("open_drawer", reason="换零钱") == "approval_needed"
    counter.ok("open_drawer", reason="换零钱", **BY_LEAD)
    assert counter.ok("peripherals")["drawer_pulses"] == 1
    rows = counter.rows("SELECT person, what FROM counter_act WHERE what = 'drawer_opened'")
    assert rows == [("101", "drawer_opened")]
    assert counter.kinds()[-1] == "drawer_opened"


@pytest.mark.parametrize(
    ("what", "most"), [("open_drawer", 3), ("override_price", 10), ("line_removed", 20)]
)
def test_whoever_does_it_too_often_in_a_day_is_named_to_the_manager(
    counter: ShopFloor, what: str, most: int
) -> None:
    counter.sign_in(MANAGER)
    for turn in range(most + 1):
        assert kinds_of_tasks(counter) == [], turn
        match what:
            case "open_drawer":
                counter.ok("open_drawer", reason="换零钱")
            case "override_price":
                counter.ok("scan", code=EGG_ROLL)
                counter.ok("override_price", line=1, price="37.00", reason="包装破损")
                counter.ok("pay", tender="cash")
            case _:
                counter.ok("scan", code=EGG_ROLL)
                counter.ok("remove", line=counter.ok("basket")["basket"]["lines"][0]["line"])
    (task,) = counter.ok("tasks")["tasks"]
    assert task["kind"] == "too_often"
    assert "工号 301" in task["words"] and f"{most + 1} 次" in task["words"]
    assert counter.refused("settle_task", task=task["task"]) == "task_elsewhere"
    counter.ok("wait", seconds=2 * 86_400)
    assert "too_often" not in kinds_of_tasks(counter)


# --- F29: somebody with the disk in hand ---------------------------------------------------------


def asked_to_verify(till: ShopFloor, *heads: str) -> dict[str, Any]:
    """What ./pos verify says about a closed folder."""
    words = [word for head in heads for word in ("--head", head)]
    answer = subprocess.run(
        [sys.executable, "-P", "-m", "ui.commands", "verify", "--data", str(till.folder), *words],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}, capture_output=True,
        text=True, check=False, timeout=120,
    )  # fmt: skip
    report: dict[str, Any] = json.loads(answer.stdout)
    assert (answer.returncode == 0) == report["ok"], answer.stderr
    return report


def tampered(till: ShopFloor, *statements: str) -> None:
    from app.database import Database

    database = Database(till.folder / "till.db")
    try:
        for statement in statements:
            database.writer.exec_driver_sql(statement)
    finally:
        database.close()


def next_start(till: ShopFloor) -> str:
    """The code the next start refuses with, "" when it opens."""
    try:
        till.restart(person=None)
        till.ok("basket")
    except ShopError as error:
        return error.code
    finally:
        till.close()
    return ""


LAST = "(SELECT max(seq) FROM entry)"


@pytest.mark.parametrize(
    ("statements", "code"),
    [
        (("UPDATE entry SET content = CAST(replace(CAST(content AS TEXT), '38', '18') AS BLOB) "
          f"WHERE seq = {LAST}",), "content_changed"),
        ((f"DELETE FROM entry WHERE seq = {LAST} - 1",), "entry_missing"),
        (("CREATE TABLE swap AS SELECT seq, fact, kind, order_ms, content, hash, sig FROM entry "
          f"WHERE seq >= {LAST} - 1",
          "UPDATE entry SET (fact, kind, order_ms, content, hash, sig) = (SELECT 'x' || fact, kind,"
          " order_ms, content, hash, sig FROM swap WHERE swap.seq <> entry.seq) "
          "WHERE seq IN (SELECT seq FROM swap)",
          "DROP TABLE swap"), "entry_misplaced"),
    ],
    ids=["edited", "deleted", "swapped"],
)  # fmt: skip
def test_an_entry_that_was_touched_keeps_the_till_closed_and_verify_says_where(
    counter: ShopFloor, statements: tuple[str, ...], code: str
) -> None:
    for _ in range(3):
        counter.sell(EGG_ROLL)
    counter.close()
    assert asked_to_verify(counter)["ok"]
    tampered(counter, *statements)
    found = {each["code"]: each["seq"] for each in asked_to_verify(counter)["problems"]}
    assert code in found and found[code] > 0
    assert next_start(counter) == "journal_broken"


def test_a_tail_cut_off_is_missed_at_the_next_start_and_by_the_letters_on_paper(
    counter: ShopFloor,
) -> None:
    counter.sell(EGG_ROLL)
    letters = counter.sell(EGG_ROLL)["receipt"]["hash6"]
    counter.close()
    assert asked_to_verify(counter, letters)["ok"]
    tampered(counter, f"DELETE FROM entry WHERE seq = {LAST}")
    found = asked_to_verify(counter, letters)["problems"]
    assert "head_missing" in {each["code"] for each in found}
    assert next_start(counter) == "journal_broken"


# --- F30: no way around --------------------------------------------------------------------------


def test_no_command_deletes_and_the_grand_total_only_grows_by_what_was_sold(
    counter: ShopFloor,
) -> None:
    words = ("delete", "void", "purge", "erase", "reset", "clear", "undo", "edit")
    assert [name for name in COMMANDS.names if any(word in name for word in words)] == []
    totals = []
    for _ in range(3):
        counter.sell(EGG_ROLL)
        counter.sign_in(MANAGER)
        counter.ok("close_shift", counted="500.00")
        counter.ok("z_report")
        totals.append(counter.rows("SELECT max(grand_total) FROM day_closed")[0][0])
        counter.ok("wait", seconds=86_400)
        counter.open_shift()
    assert totals == [38_00, 76_00, 114_00]
    counter.verified()
