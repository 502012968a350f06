"""Signing in and out, and who may stand at the till.

A PIN is checked against an Argon2id verifier that is sealed by the device's master key, so a
stolen disk gives nothing to try PINs on. The count of failures is on the disk before anybody hears
"wrong": pulling the plug does not buy ten more tries.
"""

from typing import Any

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import Row, Update, func, select, update
from sqlalchemy.dialects.sqlite import insert

from app.errors import Refusal
from app.facts.sales import Approval
from app.facts.staff import (
    PinLocked,
    PinUnlocked,
    SelfApprovalReviewed,
    SelfApproved,
    SignedIn,
    SignedOut,
    StaffSet,
)
from app.journal.secrets import SecretStore
from app.staff.queries import role_of, unreviewed
from app.staff.rules import (
    MATRIX,
    MAX_PIN_FAILURES,
    NEVER,
    NOBODY,
    REVIEW_ANSWERS,
    ROLES,
    Approver,
    checked_number,
    checked_pin,
    is_number,
    limit_of,
    may,
    needed_role,
)
from app.staff.tables import pin as pin_table
from app.text import clean
from app.transaction import Books, Transaction, transaction

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's least for Argon2id: about 40 ms, once a sign-in."""


def set_person(tx: Transaction, *, number: str, name: str, role: str, pin: str) -> None:
    """Add or change somebody. Raises Refusal: staff_number_bad, role_unknown, pin_weak."""
    checked_number(number)
    if role not in ROLES:
        raise Refusal("role_unknown", role=role[:20])
    values = _sealed(tx, number, name, checked_pin(pin))
    statement = insert(pin_table).values(**values)
    tx.execute(statement.on_conflict_do_update(index_elements=["person"], set_=values))
    tx.record(StaffSet(shop=tx.shop, person=number, role=role))


def reset_pin(tx: Transaction, number: str, pin: str) -> None:
    """Give somebody known a new PIN and their tries back; name and role stay.

    Raises Refusal: staff_number_bad (nobody active has it), pin_weak.
    """
    if not is_number(number) or role_of(tx.connection, tx.shop, number) is None:
        raise Refusal("staff_number_bad")
    values = _sealed(tx, number, "", checked_pin(pin))
    kept = {name: values[name] for name in ("sealed_verifier", "failures")}
    if _pin_row(tx, number) is None:
        tx.execute(insert(pin_table), values)
    tx.execute(update(pin_table).where(pin_table.c.person == number).values(**kept))


def forget_pin(tx: Transaction, number: str) -> None:
    """Who left: no PIN fits the number any more; the name stays for the receipts."""
    unmatched = _sealed(tx, number, "", tx.ids.random_bytes(16).hex())
    kept = {"sealed_verifier": unmatched["sealed_verifier"]}
    tx.execute(update(pin_table).where(pin_table.c.person == number).values(**kept))


def check_pin(books: Books, number: str, pin: str) -> str:
    """The person's role if the PIN is right.

    Raises Refusal: wrong_pin (with tries left), pin_locked. A number nobody has answers like a
    wrong PIN in every way, its lock and the time it takes included, so nobody learns here which
    numbers exist.
    """
    if not is_number(number):
        raise Refusal("wrong_pin", left=MAX_PIN_FAILURES - 1)
    # The try is counted before it is judged, so a crash in between cannot give it back.
    role, failures, sealed = _count_try(books, number)
    if failures > MAX_PIN_FAILURES:
        raise Refusal("pin_locked", person=number)
    verifier = opened_verifier(books.secrets, number, sealed).verifier
    try:
        _hasher.verify(verifier, pin.encode(errors="replace"))
    except VerifyMismatchError:
        right = False
    else:
        right = role is not None
    if right and role is not None:
        with transaction(books, staff=number) as tx:
            tx.execute(_set_failures(number, 0))
        return role
    if failures == MAX_PIN_FAILURES:
        _record_lock(books, number, failures)
        raise Refusal("pin_locked", person=number)
    raise Refusal("wrong_pin", left=MAX_PIN_FAILURES - failures)


def _count_try(books: Books, number: str) -> tuple[str | None, int, bytes]:
    """Role, failures with this try counted (never above one more than allowed), verifier."""
    one_more = func.min(pin_table.c.failures + 1, MAX_PIN_FAILURES + 1)
    with transaction(books) as tx:
        row = _pin_row(tx, number)
        if row is None:
            # Nobody's: a verifier that no PIN fits, so that a stranger's number locks as well.
            unmatched = tx.ids.random_bytes(16).hex()
            tx.execute(insert(pin_table), _sealed(tx, number, "", unmatched, since_ms=0))
        tx.execute(update(pin_table).where(pin_table.c.person == number).values(failures=one_more))
        row = _pin_row(tx, number)
        role = role_of(tx.connection, tx.shop, number)
    assert row is not None
    return role, int(row.failures), bytes(row.sealed_verifier)


def _pin_row(tx: Transaction, number: str) -> Row[Any] | None:
    rows = tx.read(select(pin_table).where(pin_table.c.person == number))
    return rows[0] if rows else None


def _sealed(
    tx: Transaction, number: str, name: str, pin: str, since_ms: int | None = None
) -> dict[str, str | bytes | int]:
    """A row of the PIN table; `since_ms` 0 gives way to whatever comes from another device."""
    secrets = tx.books.secrets
    since = tx.now_ms if since_ms is None else since_ms
    made = Verifier(since, _hasher.hash(pin, salt=tx.ids.random_bytes(16)))
    return {
        "person": number,
        "sealed_name": secrets.seal(f"name:{number}", clean(name, most=20).encode()),
        "sealed_verifier": sealed_verifier(secrets, number, made),
        "failures": 0,
    }


class Verifier(msgspec.Struct, frozen=True):
    """What a PIN is held against, and since when (UTC ms; 0 in folders from before)."""

    since_ms: int
    verifier: str


def sealed_verifier(secrets: SecretStore, number: str, made: Verifier) -> bytes:
    """The verifier under the device's master key."""
    return secrets.seal(f"pin:{number}", f"{made.since_ms} {made.verifier}".encode())


def opened_verifier(secrets: SecretStore, number: str, sealed: bytes) -> Verifier:
    """A sealed verifier. Raises Trouble("keystore_wrong_key")."""
    since, _, verifier = secrets.open(f"pin:{number}", sealed).decode().rpartition(" ")
    return Verifier(int(since or 0), verifier)


def _set_failures(number: str, failures: int) -> Update:
    return update(pin_table).where(pin_table.c.person == number).values(failures=failures)


def _record_lock(books: Books, number: str, failures: int) -> None:
    with transaction(books) as tx:
        tx.record(PinLocked(shop=tx.shop, till=tx.till, person=number, failures=failures))


def sign_in(books: Books, number: str, pin: str, *, day: str = "", shift: str = "") -> str:
    """Check the PIN and record who stands at the till; their role."""
    role = check_pin(books, number, pin)
    with transaction(books, staff=number) as tx:
        tx.record(SignedIn(shop=tx.shop, till=tx.till, day=day, shift=shift, person=number))
    return role


def sign_out(books: Books, number: str, *, day: str = "", shift: str = "") -> None:
    """The person left the counter; their shift stays open."""
    with transaction(books, staff=number) as tx:
        tx.record(SignedOut(shop=tx.shop, till=tx.till, day=day, shift=shift, person=number))


def unlock_pin(books: Books, number: str, *, by: str) -> None:
    """A person with the right gives a locked number its tries back."""
    with transaction(books, staff=by) as tx:
        tx.execute(_set_failures(number, 0))
        tx.record(PinUnlocked(shop=tx.shop, till=tx.till, person=number, by=by))


def approval(
    books: Books,
    action: str,
    *,
    person: str,
    role: str,
    approver: Approver = NOBODY,
    amount: int = 0,
) -> str:
    """Who stands behind an action of so much (fen): "" when the person may do it alone, else the
    approver, a different person who may.

    Raises Refusal: approval_needed (with the role), not_allowed (not even approved), over_limit
    (the approver may not go so far), approver_same, wrong_pin, pin_locked.
    """
    if may(role, action, amount):
        return ""
    needed = needed_role(action, amount)
    if not approver:
        raise Refusal("approval_needed", role=needed, action=action)
    if MATRIX[action].get(role, NEVER) == NEVER:
        raise Refusal("not_allowed", role=needed, action=action)
    if approver.number == person:
        raise Refusal("approver_same")
    their_role = check_pin(books, approver.number, approver.pin)
    if may(their_role, action, amount):
        return approver.number
    if limit_of(their_role, action) is not None:
        raise Refusal("over_limit")
    raise Refusal("approval_needed", role=needed, action=action)


def record_self_approvals(
    tx: Transaction, approvals: tuple[Approval, ...], *, day: str, shift: str, amount: int = 0
) -> None:
    """Who keeps the shop alone approved this for themselves: stands or falls with the action."""
    for each in approvals:
        if each.self_approved:
            tx.record(
                SelfApproved(
                    shop=tx.shop,
                    till=tx.till,
                    day=day,
                    shift=shift,
                    person=each.person,
                    action=each.action,
                    amount=amount,
                    reason=each.reason,
                )
            )


def review(books: Books, approval: str, answer: str, *, by: str, day: str, shift: str) -> None:
    """A different person says whether what somebody approved for themselves was right.

    Raises Refusal: unknown_task (nothing such waits, or no such answer), approver_same.
    """
    with transaction(books, staff=by) as tx:
        waiting = {each.fact: each for each in unreviewed(tx.connection, tx.shop)}
        if approval not in waiting or answer not in REVIEW_ANSWERS:
            raise Refusal("unknown_task")
        if waiting[approval].person == by:
            raise Refusal("approver_same")
        fact = SelfApprovalReviewed(
            shop=tx.shop,
            till=tx.till,
            day=day,
            shift=shift,
            approval=approval,
            person=by,
            answer=answer,
        )
        tx.record(fact)
