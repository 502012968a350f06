"""What a person does with members and with money customers leave, one transaction each.

Who may do it was decided by the desk before; what is decided here is whether it can be done.
"""

import msgspec
from sqlalchemy import delete
from sqlalchemy.dialects.sqlite import insert

from app import attachments, print_queue
from app.content import Paper
from app.errors import Refusal
from app.facts.members import (
    LedgerTender,
    MemberChanged,
    MemberEnrolled,
    MemberForgotten,
    MemberShown,
    MoneyKept,
    MoneyLeft,
    MoneyReturned,
    PointsAdjusted,
)
from app.members import papers, queries, rules
from app.members.queries import LOOKUP_KEY, Member, phone_hash
from app.members.revoking import demand_standing
from app.members.rules import TAIL, Account, Profile
from app.members.tables import member_lookup
from app.text import clean
from app.transaction import Books, Transaction, transaction

LOOKUP_KEY_BYTES = 32


class Place(msgspec.Struct, frozen=True):
    """Where and by whom something is done: a till's day and shift, and the person there."""

    day: str
    shift: str
    person: str
    approver: str = ""


def enrol(
    books: Books, place: Place, *, name: str, phone: str, consents: tuple[str, ...]
) -> Member:
    """Take somebody in who agreed; masked from the first moment.

    Raises Refusal: till_revoked, consent_needed, member_name_bad, phone_bad, member_known (with the
    number).
    """
    agreed = rules.checked_consents(consents)
    known = rules.checked_profile(name, phone)
    with transaction(books, staff=place.person) as tx:
        demand_standing(tx.connection)
        for who in queries.by_phone(tx.connection, books.secrets, tx.shop, known.phone):
            there = queries.masked(tx.connection, books.secrets, tx.shop, who)
            raise Refusal("member_known", number=there.number if there else "")
        who = tx.ids.new()
        sequence = queries.next_sequence(tx.connection, tx.shop, tx.till)
        tx.record(
            MemberEnrolled(
                shop=tx.shop,
                till=tx.till,
                day=place.day,
                shift=place.shift,
                member=who,
                number=f"{tx.shop}{tx.till}{books.journal.series}{sequence:06d}",
                sequence=sequence,
                profile=_keep(tx, who, known),
                consents=agreed,
                person=place.person,
            )
        )
        tx.flush()
        made = queries.masked(tx.connection, books.secrets, tx.shop, who)
    assert made is not None
    return made


def change(
    books: Books, place: Place, who: str, *, name: str, phone: str, consents: tuple[str, ...]
) -> None:
    """Another name, phone or consent. Raises Refusal as `enrol` does, and unknown_member."""
    agreed = rules.checked_consents(consents)
    known = rules.checked_profile(name, phone)
    with transaction(books, staff=place.person) as tx:
        _living(tx, who)
        others = queries.by_phone(tx.connection, books.secrets, tx.shop, known.phone)
        if set(others) - {who}:
            raise Refusal("member_known", number="")
        tx.record(
            MemberChanged(
                shop=tx.shop,
                till=tx.till,
                day=place.day,
                shift=place.shift,
                member=who,
                profile=_keep(tx, who, known),
                consents=agreed,
                person=place.person,
            )
        )


def forget(books: Books, place: Place, who: str) -> None:
    """Destroy what is known of somebody. Points and sales stay, without a person.

    Raises Refusal: unknown_member, member_has_money (it is theirs: give it back first).
    """
    with transaction(books, staff=place.person) as tx:
        _living(tx, who)
        if any(each.principal for each in queries.accounts_of(tx.connection, tx.shop, who)):
            raise Refusal("member_has_money")
        attachments.forget(tx, who)
        tx.execute(delete(member_lookup).where(member_lookup.c.member == who))
        tx.record(
            MemberForgotten(
                shop=tx.shop,
                till=tx.till,
                day=place.day,
                shift=place.shift,
                member=who,
                person=place.person,
            )
        )


def reveal(books: Books, place: Place, who: str) -> Profile:
    """Name and phone in clear; that they were seen is a fact before they are.

    Raises Refusal("unknown_member").
    """
    with transaction(books, staff=place.person) as tx:
        _living(tx, who)
        tx.record(_shown(tx, place, who, "phone", 1))
    with books.read() as db:
        known = queries.profile(db, books.secrets, books.shop, who)
    if known is None:
        raise Refusal("unknown_member")
    return known


def _shown(tx: Transaction, place: Place, who: str, what: str, count: int) -> MemberShown:
    return MemberShown(
        shop=tx.shop,
        till=tx.till,
        day=place.day,
        shift=place.shift,
        member=who,
        what=what,
        count=count,
        person=place.person,
        approver=place.approver,
    )


def adjust_points(books: Books, place: Place, who: str, points: int, reason: str) -> int:
    """Give or take points by hand; what the member has then.

    Raises Refusal: unknown_member, reason_needed, bad_points (nothing, or below nought).
    """
    if not (reason := clean(reason, most=60)):
        raise Refusal("reason_needed")
    with transaction(books, staff=place.person) as tx:
        _living(tx, who)
        after = queries.balance(tx.connection, tx.shop, who) + points
        if points == 0 or after < 0:
            raise Refusal("bad_points")
        tx.record(
            PointsAdjusted(
                shop=tx.shop,
                till=tx.till,
                day=place.day,
                shift=place.shift,
                member=who,
                points=points,
                reason=reason,
                person=place.person,
                approver=place.approver,
            )
        )
    return after


def _living(tx: Transaction, who: str) -> None:
    known = queries.masked(tx.connection, tx.books.secrets, tx.shop, who)
    if known is None or queries.is_forgotten(tx.connection, tx.shop, who):
        raise Refusal("unknown_member")


def _keep(tx: Transaction, who: str, known: Profile) -> str:
    """Encrypt a profile under the member's key and make it findable by phone; its name."""
    secrets = tx.books.secrets
    key = secrets.load(tx.connection, LOOKUP_KEY)
    if key is None:
        key = tx.ids.random_bytes(LOOKUP_KEY_BYTES)
        secrets.save(tx.connection, LOOKUP_KEY, key)
    values = {
        "member": who,
        "phone": phone_hash(key, known.phone),
        "tail": phone_hash(key, known.phone[-TAIL:]),
    }
    put = insert(member_lookup).values(**values)
    tx.execute(put.on_conflict_do_update(index_elements=["member"], set_=values))
    return attachments.attach(tx, who, msgspec.json.encode(known))


# --- Money left with the shop -----------------------------------------------------------------


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer leaves. Amounts in fen."""

    kind: str
    tender: str
    amount: int
    member: str = ""
    account: str = ""
    """An account that stands already; "" opens one."""
    bonus: int = 0
    contract: int = 0
    note: str = ""
    reference: str = ""


def leave_money(books: Books, place: Place, wish: Left) -> Account:
    """Take 订金, 定金, prepaid money, 押金 or stored value; the account as it stands then.

    Raises Refusal: ledger_kind_bad, bad_amount, earnest_too_high, stored_too_high,
    unknown_member, unknown_account.
    """
    with transaction(books, staff=place.person) as tx:
        if wish.member:
            _living(tx, wish.member)
        _check_account(tx, wish)
        stored = queries.accounts_of(tx.connection, tx.shop, wish.member) if wish.member else []
        standing = sum(each.balance for each in stored if each.kind == "stored")
        rules.check_left(wish.kind, wish.amount, wish.bonus, wish.contract, standing)
        number = wish.account or tx.ids.new()
        fact = MoneyLeft(
            shop=tx.shop,
            till=tx.till,
            day=place.day,
            shift=place.shift,
            account=number,
            purpose=wish.kind,
            member=wish.member,
            amount=wish.amount,
            bonus=wish.bonus,
            contract=wish.contract,
            tenders=(
                LedgerTender(tender=wish.tender, amount=wish.amount, reference=wish.reference),
            ),
            note=clean(wish.note, most=40),
            person=place.person,
        )
        entry = tx.record(fact)
        standing_account = _account(tx, number)
        _print(
            tx,
            entry.envelope.fact,
            papers.left_slip(fact, standing_account, tx.now_ms, books.journal.series),
        )
    return standing_account


def _check_account(tx: Transaction, wish: Left) -> None:
    if wish.kind == "stored" and not wish.member:
        raise Refusal("member_needed")
    if wish.account:
        known = _account(tx, wish.account)
        if (known.kind, known.member) != (wish.kind, wish.member):
            raise Refusal("unknown_account")


def _account(tx: Transaction, number: str) -> Account:
    tx.flush()
    known = queries.account(tx.connection, tx.shop, number)
    if known is None:
        raise Refusal("unknown_account")
    return known


def return_money(
    books: Books, place: Place, number: str, *, amount: int, tender: str, reason: str
) -> Account:
    """Give money back that a customer had left, principal only; the account as it stands then.

    Raises Refusal: unknown_account, bad_amount, too_much_back, reason_needed.
    """
    if not (reason := clean(reason, most=60)):
        raise Refusal("reason_needed")
    with transaction(books, staff=place.person) as tx:
        known = _account(tx, number)
        rules.check_returned(known, amount)
        fact = MoneyReturned(
            shop=tx.shop,
            till=tx.till,
            day=place.day,
            shift=place.shift,
            account=number,
            purpose=known.kind,
            member=known.member,
            amount=amount,
            tenders=(LedgerTender(tender=tender, amount=amount),),
            reason=reason,
            person=place.person,
            approver=place.approver,
        )
        entry = tx.record(fact)
        after = _account(tx, number)
        slip = papers.returned_slip(fact, after, tx.now_ms, books.journal.series)
        _print(tx, entry.envelope.fact, slip, kick=tender == "cash")
    return after


def keep_money(books: Books, place: Place, number: str, *, amount: int, reason: str) -> Account:
    """Keep 定金 that was forfeited, or 押金 for damage; the account as it stands then.

    Raises Refusal: unknown_account, ledger_kind_bad (订金 and prepaid are always the customer's),
    bad_amount, too_much_back, reason_needed.
    """
    if not (reason := clean(reason, most=60)):
        raise Refusal("reason_needed")
    with transaction(books, staff=place.person) as tx:
        known = _account(tx, number)
        if known.kind not in ("earnest", "pledge"):
            raise Refusal("ledger_kind_bad", kind=known.kind)
        rules.check_returned(known, amount)
        fact = MoneyKept(
            shop=tx.shop,
            till=tx.till,
            day=place.day,
            shift=place.shift,
            account=number,
            purpose=known.kind,
            member=known.member,
            amount=amount,
            reason=reason,
            person=place.person,
            approver=place.approver,
        )
        tx.record(fact)
        return _account(tx, number)


def _print(tx: Transaction, fact: str, paper: Paper, *, kick: bool = False) -> None:
    print_queue.put(
        tx,
        printer=print_queue.RECEIPT_PRINTER,
        kind=paper.kind,
        fact=fact,
        title=papers.TITLES[paper.kind],
        paper=paper,
        kick_drawer=kick,
    )
