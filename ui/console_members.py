"""Console commands about members, points, and money customers leave with the shop."""

from app.clock import iso
from app.errors import Refusal
from app.members.actions import Left
from app.members.queries import Member
from app.members.rules import Account
from app.money import parse_yuan, yuan
from ui.console import Answer, Commands, Seat
from ui.console_answers import basket_answer

MEMBERS = Commands()
command = MEMBERS.add


def member_answer(known: Member) -> Answer:
    """A member as the counter may see them."""
    return {
        "member": known.member,
        "number": known.number,
        "name": known.name,
        "phone": known.phone,
        "points": str(known.points),
        "consents": list(known.consents),
    }


@command
def member(seat: Seat, *, phone: str = "", code: str = "", name: str = "") -> Answer:
    if not (phone or code):
        seat.counter.leave_member()
        return {"member": None, "basket": basket_answer(seat.counter)}
    known = seat.counter.choose_member(phone=phone, code=code, name=name)
    return {"member": member_answer(known), "basket": basket_answer(seat.counter)}


@command
def member_create(
    seat: Seat, *, name: str, phone: str, consent: bool | list[str] = False
) -> Answer:
    consents = tuple(consent) if isinstance(consent, list) else ("member",) * consent
    made = seat.counter.members.enrol(name=name, phone=phone, consents=consents)
    return {"member": member_answer(made)}


@command
def member_reveal(seat: Seat, *, member: str) -> Answer:
    known = seat.counter.members.reveal(member, approver=seat.approver)
    return {"name": known.name, "phone": known.phone}


@command
def forget(seat: Seat, *, member: str) -> Answer:
    seat.counter.members.forget(member, approver=seat.approver)
    return {}


@command
def points_adjust(seat: Seat, *, member: str, points: int, reason: str) -> Answer:
    left = seat.counter.members.adjust_points(member, points, reason, approver=seat.approver)
    return {"points": str(left)}


@command
def redeem(seat: Seat, *, points: int | str) -> Answer:
    text = str(points)
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Refusal("bad_points")
    seat.counter.redeem(int(text))
    return {"basket": basket_answer(seat.counter)}


# --- Money left with the shop --------------------------------------------------------------------


def account_answer(account: Account) -> Answer:
    """An account as it stands."""
    return {
        "account": account.account,
        "kind": account.kind,
        "member": account.member,
        "note": account.note,
        "balance": yuan(account.balance),
        "principal": yuan(account.principal),
        "opened": iso(account.opened_ms),
    }


@command
def money_leave(
    seat: Seat,
    *,
    kind: str,
    amount: str,
    tender: str = "cash",
    member: str = "",
    account: str = "",
    bonus: str = "0",
    contract: str = "0",
    note: str = "",
    reference: str = "",
) -> Answer:
    wish = Left(
        kind=kind,
        tender=tender,
        amount=parse_yuan(amount),
        member=member,
        account=account,
        bonus=parse_yuan(bonus),
        contract=parse_yuan(contract),
        note=note,
        reference=reference,
    )
    return {"account": account_answer(seat.counter.members.leave_money(wish))}


@command
def money_return(
    seat: Seat, *, account: str, amount: str = "", tender: str = "cash", reason: str = ""
) -> Answer:
    after = seat.counter.members.return_money(
        account,
        amount=parse_yuan(amount) if amount else None,
        tender=tender,
        reason=reason,
        approver=seat.approver,
    )
    return {"account": account_answer(after)}


@command
def money_keep(seat: Seat, *, account: str, amount: str, reason: str) -> Answer:
    after = seat.counter.members.keep_money(
        account, amount=parse_yuan(amount), reason=reason, approver=seat.approver
    )
    return {"account": account_answer(after)}


@command
def money_accounts(seat: Seat, *, member: str = "") -> Answer:
    return {"accounts": [account_answer(each) for each in seat.counter.members.accounts(member)]}
