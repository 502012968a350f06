"""What facts about people mean."""

from collections.abc import Iterator

from app.facts.base import Fact
from app.facts.staff import (
    PinLocked,
    PinSet,
    PinUnlocked,
    RefusalShown,
    SelfApprovalReviewed,
    SelfApproved,
    SignedIn,
    SignedOut,
    StaffSet,
)
from app.rows import Apply, Change, Envelope, Register, Row, version_of
from app.staff.tables import person, presence, self_approval, self_approval_review


def staff_set(entry: Envelope, fact: StaffSet) -> Iterator[Change]:
    """The newest role of a number wins."""
    yield Register(
        person,
        {
            "shop": fact.shop,
            "owner": fact.shop,
            "person": fact.person,
            "version": version_of(entry),
            "role": fact.role,
            "active": fact.active,
        },
    )


_Present = SignedIn | SignedOut | PinSet | PinLocked | PinUnlocked | RefusalShown


def _present(what: str) -> Apply:
    def apply(entry: Envelope, fact: _Present) -> Iterator[Change]:
        match fact:
            case SignedOut(reason=reason):
                detail = reason
            case PinSet(by=by) | PinUnlocked(by=by):
                detail = by
            case RefusalShown(action=action, code=code):
                detail = f"{action}:{code}"
            case _:
                detail = ""
        yield Row(
            presence,
            {
                "shop": fact.shop,
                "fact": entry.fact,
                "till": fact.till,
                "person": fact.person,
                "what": what,
                "detail": detail,
                "order_ms": entry.order,
            },
        )

    return apply


def approved_self(entry: Envelope, fact: SelfApproved) -> Iterator[Change]:
    """One row that waits for a review."""
    yield Row(
        self_approval,
        {
            "shop": fact.shop,
            "fact": entry.fact,
            "till": fact.till,
            "person": fact.person,
            "action": fact.action,
            "amount": fact.amount,
            "reason": fact.reason,
            "order_ms": entry.order,
        },
    )


def reviewed(entry: Envelope, fact: SelfApprovalReviewed) -> Iterator[Change]:
    """Somebody else looked."""
    yield Row(
        self_approval_review,
        {
            "shop": fact.shop,
            "fact": entry.fact,
            "approval": fact.approval,
            "person": fact.person,
            "answer": fact.answer,
            "order_ms": entry.order,
        },
    )


APPLY: dict[type[Fact], tuple[Apply, ...]] = {
    StaffSet: (staff_set,),
    SignedIn: (_present("signed_in"),),
    SignedOut: (_present("signed_out"),),
    PinSet: (_present("pin_set"),),
    PinLocked: (_present("pin_locked"),),
    PinUnlocked: (_present("pin_unlocked"),),
    RefusalShown: (_present("refused"),),
    SelfApproved: (approved_self,),
    SelfApprovalReviewed: (reviewed,),
}
