"""Rights and limits by role, as data. Amounts in fen, percents whole, None = no limit."""

from dataclasses import dataclass

from app.errors import Refusal

ROLES = ("cashier", "lead", "manager", "auditor", "head_office")
MAX_PIN_FAILURES = 10
MIN_PIN_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Approver:
    """A different person who gives their yes in place, with their own PIN."""

    number: str = ""
    pin: str = ""

    def __bool__(self) -> bool:
        return bool(self.number)


NOBODY = Approver()


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a role goes alone; above it a different person approves."""

    discount_percent: int
    removed_lines: int | None
    """Lines taken out of one basket; None = any number."""
    refund_fen: int = 0
    """Given back for one receipt."""


LIMITS: dict[str, Limits] = {
    "cashier": Limits(discount_percent=5, removed_lines=3, refund_fen=50_00),
    "lead": Limits(discount_percent=10, removed_lines=20, refund_fen=500_00),
    "manager": Limits(discount_percent=30, removed_lines=None, refund_fen=5_000_00),
}

RIGHTS: dict[str, frozenset[str]] = {
    "cashier": frozenset({"sell", "count_drawer", "reprint", "member_create"}),
    "lead": frozenset(
        {
            "sell", "count_drawer", "reprint", "open_drawer", "cash", "close_day",
            "member_create", "member_reveal",
        }
    ),
    "manager": frozenset(
        {
            "sell", "count_drawer", "reprint", "open_drawer", "cash", "close_day",
            "settings", "catalogue", "staff", "receive", "unlock_pin",
            "member_create", "member_reveal", "member_forget", "points_adjust", "money_return",
            "static_qr", "settle_unknown", "overrule_returns", "refund_without_receipt",
        }
    ),
    "auditor": frozenset({"audit"}),
    "head_office": frozenset({"audit", "settings", "catalogue", "staff"}),
}  # fmt: skip
_NEEDED_ROLE = {"open_drawer": "lead", "cash": "lead", "close_day": "lead"}


def needed_role(right: str) -> str:
    """The lowest role that has a right, for the sentence that asks for approval."""
    return _NEEDED_ROLE.get(right, "manager")


def has(role: str, right: str) -> bool:
    """Whether a role may do this alone."""
    return right in RIGHTS.get(role, frozenset())


def is_number(text: str) -> bool:
    """Whether this can be anybody's staff number at all."""
    return text.isascii() and text.isdigit() and 2 <= len(text) <= 8


def checked_number(text: str) -> str:
    """A staff number somebody chose. Raises Refusal("staff_number_bad")."""
    if not is_number(text):
        raise Refusal("staff_number_bad")
    return text


def checked_pin(pin: str) -> str:
    """A PIN somebody chose: six digits or more, not the first ones a thief would try.

    Raises Refusal("pin_weak").
    """
    plain = pin.isascii() and pin.isdigit() and MIN_PIN_DIGITS <= len(pin) <= 12
    if not plain or len(set(pin)) < 3 or pin in "01234567890123" or pin in "98765432109876":
        raise Refusal("pin_weak", least=MIN_PIN_DIGITS)
    return pin
