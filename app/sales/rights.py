"""The one gate every action of the counter goes through: who may, how far, and whose yes it has."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn

from app.errors import Refusal
from app.facts.sales import Approval
from app.facts.staff import RefusalShown
from app.shifts.actions import Judge
from app.shifts.queries import Shift
from app.staff import actions as staff
from app.staff.rules import NOBODY, SECOND_PERSON, Approver, limit_of, marked_alone, may
from app.transaction import Books, transaction

CONFIRM = "confirm_difference"
REMEMBERED = ("not_allowed", "approval_needed", "approver_same", "over_limit")
"""Refusals of a right: each is a fact for the auditor."""


class Rights:
    """Who stands at the counter, in which turn, and what they may do there."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.person = ""
        self.role = ""
        self.shift: Shift | None = None
        self.settings: Mapping[str, str] = {}

    @property
    def day(self) -> str:
        return self.shift.day if self.shift else ""

    @property
    def shift_id(self) -> str:
        return self.shift.shift if self.shift else ""

    def signed_in(self) -> str:
        """The person's number. Raises Refusal("sign_in_needed")."""
        if not self.person:
            raise Refusal("sign_in_needed")
        return self.person

    def allowed(self, right: str, approver: Approver = NOBODY) -> str:
        """See that the person may do this, alone or approved; the approver's number or "".

        Raises Refusal as `approved` does.
        """
        yes = self.approved(right, approver)
        return "" if yes is None or yes.self_approved else yes.person

    def approved(
        self, action: str, approver: Approver = NOBODY, *, amount: int = 0, reason: str = ""
    ) -> Approval | None:
        """Whose yes an action of so much (fen) has, for its fact; None when none is needed.

        In a shop kept by one person their own yes is marked: the action records it beside its own
        fact (`record_self_approvals`), so that it waits for review. Raises Refusal:
        sign_in_needed, not_allowed, approval_needed, approver_same, over_limit, wrong_pin,
        pin_locked. That somebody was refused is a fact of its own.
        """
        person = self.signed_in()
        if not approver and self._alone(action, amount):
            return Approval(person=person, action=action, reason=reason, self_approved=1)
        with self.remembering(action, REMEMBERED):
            by = staff.approval(
                self.books,
                action,
                person=person,
                role=self._weight(action, amount),
                approver=approver,
                amount=amount,
            )
        return Approval(person=by, action=action, reason=reason) if by else None

    def _second_person(self, action: str, amount: int) -> bool:
        """Whether this asks for a second person in a shop that one person keeps."""
        kept_alone = self.settings["single_keeper"] == "on" and self.role == "manager"
        return kept_alone and action in SECOND_PERSON and not may("cashier", action, amount)

    def _alone(self, action: str, amount: int) -> bool:
        return self._second_person(action, amount) and marked_alone(self.role, action, amount)

    def _weight(self, action: str, amount: int) -> str:
        """The role that counts: whoever keeps a shop alone asks above half of their limit."""
        return "cashier" if self._second_person(action, amount) else self.role

    def refuse(self, action: str, role: str) -> NoReturn:
        """Say who must approve this; that it was asked for is a fact."""
        self._remember_refusal(action, "approval_needed")
        raise Refusal("approval_needed", role=role, action=action)

    @contextmanager
    def remembering(self, right: str, codes: Collection[str]) -> Iterator[None]:
        """That this was refused with one of the codes is a fact of its own."""
        try:
            yield
        except Refusal as refusal:
            if refusal.code in codes:
                self._remember_refusal(right, refusal.code)
            raise

    def _remember_refusal(self, right: str, code: str) -> None:
        with transaction(self.books, staff=self.person) as tx:
            tx.record(
                RefusalShown(
                    shop=tx.shop,
                    till=tx.till,
                    day=self.day,
                    shift=self.shift_id,
                    person=self.person,
                    action=right,
                    code=code,
                )
            )

    def approver_role(self, approver: Approver) -> str:
        """The role of a different person who proved who they are.

        Raises Refusal: approver_same, wrong_pin, pin_locked.
        """
        if approver.number == self.person:
            raise Refusal("approver_same")
        return staff.check_pin(self.books, approver.number, approver.pin)

    def judge(self, approver: Approver = NOBODY) -> Judge:
        """How large a difference of the drawer may stand, alone or with somebody beside.

        Raises Refusal: approver_same, wrong_pin, pin_locked.
        """
        own = limit_of(self.role, CONFIRM) or 0
        if not approver and self._second_person(CONFIRM, 1):
            return Judge(0, Approval(person=self.person, action=CONFIRM, self_approved=1), own // 2)
        if not approver:
            return Judge(own)
        most = limit_of(self.approver_role(approver), CONFIRM) or 0
        return Judge(own, Approval(person=approver.number, action=CONFIRM), most)
