"""Who may do what, and how far, by role, as data. Amounts in fen, percents whole."""

from dataclasses import dataclass

from app.errors import Refusal

ROLES = ("cashier", "lead", "manager", "auditor", "head_office")
MAX_PIN_FAILURES = 10
MIN_PIN_DIGITS = 6
FIRST_TRIED = (
    *("147258", "147369", "258369", "258147", "369258", "741852", "852963", "963852"),
    *("159357", "159753", "357159", "753159", "789456", "456123", "123789", "135790"),
    *("520131", "521131", "131452", "110120", "119120", "100861", "100200", "123654"),
    *("168888", "888168", "666888", "888666", "112233", "123000", "100001", "123520"),
)
"""Beginnings a thief tries: figures that lie in a row on the pad, dates of the heart, hotlines.
Repeated halves, mirrored halves and doubled figures are refused by their shape."""
REVIEW_ANSWERS = ("right", "wrong")


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
    count_difference_fen: int = 0
    """How far a counted drawer may be off, either way, or counted goods, all differences
    together, for this role to say that it stands."""


LIMITS: dict[str, Limits] = {
    "cashier": Limits(discount_percent=5, removed_lines=3, refund_fen=50_00),
    "lead": Limits(
        discount_percent=10, removed_lines=20, refund_fen=500_00, count_difference_fen=100_00
    ),
    "manager": Limits(
        discount_percent=30, removed_lines=None, refund_fen=5_000_00, count_difference_fen=2_000_00
    ),
}

ALONE, WITHIN, ASKS, NEVER = "✓", "L", "A", "–"
"""Alone; alone within the role's limit, else asks; asks a different person; not even then."""
# Softer than the strict table the roles were drawn from, because the counter must not stand still
# where nobody higher is about, and because a refusal names who may say yes:
# - what a cashier may never do alone (open_drawer, cash, correct_tender, close_day, red_letter,
#   invoice_export, member_reveal, confirm_difference) asks a different person instead of being
#   shut: "approval_needed" names the role, and with that person's PIN in place it is done;
# - so does what only a manager may (refund_without_receipt, overrule_returns, static_qr,
#   settle_unknown, unlock_pin, receive, catalogue, settings, staff, points_adjust, money_return,
#   member_forget, review) for cashier and lead;
# - journal (the list of entries) is open to everybody, so that anybody can check the chain; who
#   made an entry and what is in it needs "audit", which of the people of a shop its manager has.
# overrule_returns is the right to give that yes: nobody overrules on their own word.
_CELLS = {
    # action: cashier, lead, manager, auditor, head office
    "sell": "✓✓✓––",
    "reprint": "✓✓✓––",
    "remove_line": "LL✓––",
    "discount": "LLL––",
    "refund": "LLL––",
    "refund_without_receipt": "AAL––",
    "overrule_returns": "AA✓––",
    "open_drawer": "A✓✓––",
    "cash": "A✓✓––",
    "correct_tender": "A✓✓––",
    "count_drawer": "✓✓✓––",
    "see_expected": "–––✓✓",
    "close_day": "A✓✓––",
    "confirm_difference": "ALL––",
    "review": "AA✓–✓",
    "audit": "––✓✓✓",
    "member_create": "✓✓✓––",
    "member_reveal": "A✓✓––",
    "member_forget": "AA✓––",
    "points_adjust": "AA✓––",
    "money_return": "AA✓––",
    "static_qr": "AA✓––",
    "settle_unknown": "AA✓––",
    "unlock_pin": "AA✓––",
    "invoice": "✓✓✓––",
    "red_letter": "A✓✓––",
    "invoice_export": "A✓✓––",
    "receive": "AA✓––",
    "label": "✓✓✓––",
    "shield_label": "AA✓––",
    "count": "✓✓✓––",
    "count_close": "ALL––",
    "count_zero": "AAL––",
    "see_book": "–✓✓✓✓",
    "adjust": "AAL–✓",
    "transfer": "AA✓–✓",
    "move": "✓✓✓––",
    "release": "AA✓––",
    "recall": "AA✓–✓",
    "recall_found": "✓✓✓––",
    "catalogue": "AA✓–✓",
    "settings": "AA✓–✓",
    "staff": "AA✓–✓",
}
MATRIX: dict[str, dict[str, str]] = {
    action: dict(zip(ROLES, cells, strict=True)) for action, cells in _CELLS.items()
}
SECOND_PERSON = frozenset(
    {"refund", "refund_without_receipt", "open_drawer", "cash", "correct_tender"}
    | {"overrule_returns", "confirm_difference", "count_close", "count_zero"}
)
"""Money actions that somebody who keeps a shop alone has nobody to approve: they are marked."""
_NO_LIMIT = Limits(discount_percent=0, removed_lines=0)


def limit_of(role: str, action: str) -> int | None:
    """How far a role goes in an action with a limit, in fen; None = the action has none."""
    limits = LIMITS.get(role, _NO_LIMIT)
    match action:
        case "refund" | "refund_without_receipt":
            return limits.refund_fen
        case "confirm_difference" | "count_close" | "count_zero" | "adjust":
            return limits.count_difference_fen
        case _:
            return None


def may(role: str, action: str, amount: int = 0) -> bool:
    """Whether a role may do this alone at that amount (fen)."""
    if not has(role, action):
        return False
    most = limit_of(role, action)
    return MATRIX[action][role] == ALONE or most is None or amount <= most


def needed_role(action: str, amount: int = 0) -> str:
    """The lowest role that may do this alone, for the sentence that asks for approval."""
    return next((role for role in ROLES if may(role, action, amount)), "head_office")


def marked_alone(role: str, action: str, amount: int) -> bool:
    """Whether a manager without anybody beside them may do this, marked and for review later:
    what a cashier would have asked somebody for, up to half the manager's own limit."""
    most = limit_of(role, action)
    return most is None or 2 * amount <= most


def has(role: str, action: str) -> bool:
    """Whether a role may do this alone, be it within a limit."""
    return MATRIX[action].get(role, NEVER) in (ALONE, WITHIN)


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
    half, pairs = len(pin) // 2, {pin[at : at + 2] for at in range(0, len(pin), 2)}
    twice = len(pin) % 2 == 0 and pin[:half] in (pin[half:], pin[: half - 1 : -1])
    doubled = len(pin) % 2 == 0 and all(len(set(pair)) == 1 for pair in pairs)
    if twice or doubled or any(pin.startswith(bad) for bad in FIRST_TRIED):
        raise Refusal("pin_weak", least=MIN_PIN_DIGITS)
    return pin


def rank(role: str) -> int:
    """How high a role stands; who is as high or higher is nobody's to give a new PIN."""
    return ROLES.index(role)
