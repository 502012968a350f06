"""Who at head office may do what, as data; the same table for the web and for lines."""

from dataclasses import dataclass

from app.errors import Refusal

ROLES = ("editor", "approver", "auditor")
LOCAL = "local"
"""Whoever sits at the hub's own machine and holds its folder: no person, so never a second one."""
_CELLS = {
    # act: editor, approver, auditor, local
    "see": "✓✓✓✓",
    "audit": "–✓✓✓",
    "enrol_code": "✓✓–✓",
    "approve_device": "–✓–✓",
    "revoke_device": "–✓–✓",
    "catalogue": "✓✓–✓",
    "publish": "✓✓–✓",
    "second": "–✓––",
    "festival": "✓✓–✓",
    "recall": "✓✓–✓",
    "recall_close": "–✓–✓",
    "staff": "✓✓–✓",
    "people": "–✓–✓",
    "update": "–✓–✓",
}
MATRIX: dict[str, dict[str, bool]] = {
    act: {role: cell == "✓" for role, cell in zip((*ROLES, LOCAL), cells, strict=True)}
    for act, cells in _CELLS.items()
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is about to do something."""

    person: str
    role: str


AT_THE_MACHINE = Actor("local", LOCAL)


def may(actor: Actor, act: str) -> bool:
    """Whether their role has the right."""
    return MATRIX[act].get(actor.role, False)


def demand(actor: Actor, act: str) -> None:
    """Raises Refusal("office_right_needed")."""
    if not may(actor, act):
        raise Refusal("office_right_needed", act=act)
