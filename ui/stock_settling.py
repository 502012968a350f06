"""What 待办 says of goods: on their way, past their date, recalled, counted too late."""

from app.errors import Refusal
from app.reports.ending_lots import ending_lots
from app.staff.rules import Approver
from app.stock import counting
from app.stock.count_late import strays
from app.stock.count_review import count_rules
from app.stock.counting import Who
from app.stock.keeping import Carry, Keeping
from app.stock.recalls import end_recall, open_recalls, put_away, standing
from app.stock.receiving import Receiving
from app.stock.rules import QUARANTINE, SHELF
from app.stock.settling import NEVER_CAME, look_into
from app.stock.transfer_files import TransferFiles
from app.transaction import transaction
from ui.startup import Till

KINDS = ("coming", "going", "difference_seen", "expired", "recall", "count_stray")


def settle_goods(till: Till, kind: str, name: str, answer: str, approver: Approver) -> None:
    """Settle a task of the stock room. Raises Refusal: bad_task_answer, unknown_task, and what
    the action behind it refuses."""
    desk, counter = till.counter.desk, till.counter
    if kind == "difference_seen" and answer == "seen":
        look_into(desk, name, approver)
    elif kind == "coming" and answer == "lost":
        room = Receiving(desk, lambda one: counter.shown(one).price)
        room.give_up(name, NEVER_CAME, approver)
    elif kind == "going" and answer == "lost":
        TransferFiles(desk).write_off(name, NEVER_CAME, approver)
    elif kind == "expired" and answer == "away":
        _off_the_shelf(till, name, approver)
    elif kind == "recall" and answer in ("held", "ended"):
        _recall(till, name, answer, approver)
    elif kind == "count_stray" and answer == "drop":
        _dropped(till, name, approver)
    else:
        raise Refusal("bad_task_answer")


def _off_the_shelf(till: Till, lot: str, approver: Approver) -> None:
    """All the books have of a lot past its date goes from the shelf into quarantine."""
    desk, books = till.counter.desk, till.books
    with books.read() as db:
        past = [
            each for each in ending_lots(db, books.shop, desk.today)
            if each.lot == lot and each.days < 0 and each.place == SHELF
        ]  # fmt: skip
    if not past:
        raise Refusal("unknown_task")
    carries = [
        Carry(product=e.product, quantity=e.quantity, source=SHELF, target=QUARANTINE, lot=lot)
        for e in past
    ]
    Keeping(desk).move(carries, reason="到期下架", approver=approver)


def _recall(till: Till, name: str, answer: str, approver: Approver) -> None:
    """Everything of it is put away as the books have it, or it is over."""
    desk, books = till.counter.desk, till.books
    desk.allowed("recall_found" if answer == "held" else "recall", approver)
    with transaction(books, staff=desk.person) as tx:
        one = next((e for e in open_recalls(tx.connection, tx.shop) if e.recall == name), None)
        if one is None:
            raise Refusal("unknown_task")
        left = [
            each for each in standing(tx.connection, tx.shop, one)
            if each.place != QUARANTINE and each.quantity > 0
        ]  # fmt: skip
        if answer == "ended":
            end_recall(tx, one, person=desk.person)
        for lot in dict.fromkeys(each.lot for each in left if answer == "held"):
            quantity = sum(each.quantity for each in left if each.lot == lot)
            put_away(tx, one, lot, quantity, person=desk.person)


def _dropped(till: Till, count: str, approver: Approver) -> None:
    """What came too late for a count that is closed never was."""
    desk, books = till.counter.desk, till.books
    person = desk.allowed("count_close", approver) or desk.person
    with books.read() as db:
        rules = count_rules(desk.settings, desk.today)
        found = strays(db, books.shop, count, books.clock.wall_ms(), rules)
    if not found:
        raise Refusal("unknown_task")
    counting.take_back(books, Who(person, desk.business_day(), desk.shift_id), count, found)
