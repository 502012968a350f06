"""The one interface to whoever issues invoices (税务数电票平台, or a service before it).

A gateway carries and reads answers; it decides nothing and repeats nothing by itself. It must take
a request number it knows already as the same request: that is what makes asking again safe.
"""

from typing import Protocol

import msgspec

from app.sales.invoice_sending import Order

ISSUED, WORKING, REFUSED, UNCLEAR, NOT_KNOWN = (
    "ISSUED", "WORKING", "REFUSED", "UNCLEAR", "NOT_KNOWN",
)  # fmt: skip
NOT_SET_UP, NO_CONNECTION = "not_set_up", "no_connection"
REASONS = {
    "": "",
    NOT_SET_UP: "还没有接通开票平台",
    NO_CONNECTION: "连不上开票平台",
    "no_answer": "开票平台没有回答",
    "working": "开票平台在处理",
    "buyer_not_found": "开票平台查不到这个抬头和税号",
    "quota": "开票额度用完了",
    "original_not_found": "开票平台查不到原来的发票",
    "buyer_forgotten": "抬头已删除，请重新填",
}
"""Why something is not issued, in words; what a platform says else is shown as it said it."""


class Heard(msgspec.Struct, frozen=True):
    """What came back. UNCLEAR is everything that proves neither: no answer, a broken one."""

    outcome: str
    """ISSUED; WORKING (taken, ask later); REFUSED (for certain); UNCLEAR; NOT_KNOWN (a query: this
    request number never arrived)."""
    invoice_no: str = ""
    issued_at: str = ""
    reason: str = ""


class Gateway(Protocol):
    """Whoever issues invoices. Calls may take their time: they are made where nobody waits."""

    def why_off(self) -> str:
        """Why nothing can be asked now, a key of REASONS; "" when it can."""
        ...

    def issue(self, order: Order) -> Heard:
        """Ask for an invoice or a red letter."""
        ...

    def query(self, request_no: str) -> Heard:
        """What became of it."""
        ...


class NoGateway:
    """A till that no platform is joined to: requests wait."""

    def why_off(self) -> str:
        return NOT_SET_UP

    def issue(self, order: Order) -> Heard:
        raise AssertionError("nobody issues it")

    def query(self, request_no: str) -> Heard:
        return Heard(UNCLEAR, reason=NOT_SET_UP)
