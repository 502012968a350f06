"""Where an invoice stands, as consoles name it and screens say it."""

from pathlib import Path

from app.clock import local
from app.sales import invoice_rules as rules
from app.sales.invoicing import Seen
from sync.invoicing.gateway import REASONS
from ui.invoice_runner import InvoiceRunner
from ui.startup import Till

_NAMES = {
    (rules.INVOICE, rules.REQUESTED): "requested",
    (rules.INVOICE, rules.SENT): "requested",
    (rules.INVOICE, rules.ISSUED): "issued",
    (rules.INVOICE, rules.FAILED): "failed",
    (rules.INVOICE, rules.WITHDRAWN): "withdrawn",
    (rules.RED, rules.REQUESTED): "red_letter_requested",
    (rules.RED, rules.SENT): "red_letter_requested",
    (rules.RED, rules.ISSUED): "red_letter_issued",
    (rules.RED, rules.FAILED): "red_letter_failed",
}
RED_DUE = "red_letter_due"
WORDS = {
    "requested": "已申请",
    "issued": "已开",
    "failed": "没有开成",
    "withdrawn": "已撤回",
    RED_DUE: "要开红字",
    "red_letter_requested": "红字已申请",
    "red_letter_issued": "红字已开",
    "red_letter_failed": "红字没有开成",
}


def state_name(kind: str, state: str, due: int) -> str:
    """requested, issued, failed, withdrawn, red_letter_due, red_letter_…; `due` in fen."""
    return RED_DUE if due else _NAMES[kind, state]


def left_out_words(why: str) -> str:
    """Why a part of a receipt is not on its invoice."""
    words = {
        "stored": "储值付的部分：储值时已开过票，不再开",
        "voucher": "用券付的部分：没有收钱，不开票",
    }
    return words[why]


def why_words(seen: Seen, runner: InvoiceRunner) -> str:
    """Why it is not issued, or what is being waited for; "" when nothing has to be said."""
    known = seen.document
    if known.state == rules.FAILED:
        return REASONS.get(known.refusal, known.refusal)
    if known.state == rules.WITHDRAWN:
        return "货都退了，没有可开的金额" if known.refusal == "nothing_left" else "顾客不要了"
    if known.state not in (rules.REQUESTED, rules.SENT):
        return ""
    return runner.reason(known.document) or runner.why_off()


def export_path(till: Till, ending: str) -> Path:
    """Where a list of invoices is written when nobody says: beside the books, by the minute."""
    now = local(till.books.clock.wall_ms()).strftime("%Y%m%d-%H%M%S")
    return till.opened.folder / "exports" / f"invoices-{now}.{ending}"
