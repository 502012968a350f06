"""Members at the counter: found and put to the basket, enrolled, shown; money they leave.

Who may do what is the desk's matter; what may be done is decided in `app/members`.
"""

from app.catalogue.codes import MemberCode
from app.errors import Refusal
from app.members import actions, queries, rules
from app.members.actions import Left, Place
from app.members.queries import Member
from app.members.rules import TAIL, Account, Profile
from app.sales.desk import Desk
from app.staff.rules import NOBODY, Approver
from app.text import clean

LEDGER_TENDERS = ("cash", "wechat", "alipay", "unionpay", "ecny", "card", "transfer")
"""Ways money may be left. A network's payment is taken by its own machine and referred to."""


class Membership:
    """What the person at the desk does with members."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._books = desk.books

    def find(self, *, phone: str = "", code: str = "", name: str = "") -> Member:
        """A member by card (number or QR), whole phone, or its last four figures and the name.

        Raises Refusal: unknown_member, choose_member (several match: ask for the name).
        """
        self._desk.allowed("sell")
        books = self._books
        phone = clean(phone, most=30).replace(" ", "").replace("-", "")
        with books.read() as db:
            if code:
                who = queries.by_number(db, books.shop, self._number(code))
                found = [] if who is None else [who]
            elif len(phone) == TAIL or len(phone) >= 8:
                found = queries.by_phone(db, books.secrets, books.shop, phone, clean(name, most=20))
            else:
                found = []
            if len(found) > 1:
                raise Refusal("choose_member", count=len(found))
            known = queries.masked(db, books.secrets, books.shop, found[0]) if found else None
        if known is None:
            raise Refusal("unknown_member")
        return known

    def _number(self, code: str) -> str:
        reading = self._desk.read_code(code).reading
        return reading.member if isinstance(reading, MemberCode) else clean(code, most=40)

    def with_id(self, who: str) -> Member:
        """A member by their identity. Raises Refusal("unknown_member")."""
        books = self._books
        with books.read() as db:
            known = queries.masked(db, books.secrets, books.shop, who)
        if known is None:
            raise Refusal("unknown_member")
        return known

    def enrol(self, *, name: str, phone: str, consents: tuple[str, ...]) -> Member:
        """Take somebody in who agreed. Raises Refusal as `members.actions.enrol` does."""
        self._desk.allowed("member_create")
        return actions.enrol(self._books, self._place(), name=name, phone=phone, consents=consents)

    def forget(self, who: str, approver: Approver = NOBODY) -> None:
        """Forget somebody who asked for it. Raises Refusal: unknown_member, member_has_money."""
        yes = self._desk.allowed("member_forget", approver)
        actions.forget(self._books, self._place(yes), who)

    def reveal(self, who: str, approver: Approver = NOBODY) -> Profile:
        """Name and whole phone; that somebody looked is kept. Raises Refusal("unknown_member")."""
        yes = self._desk.allowed("member_reveal", approver)
        return actions.reveal(self._books, self._place(yes), who)

    def adjust_points(self, who: str, points: int, reason: str, approver: Approver = NOBODY) -> int:
        """Give or take points by hand. Raises Refusal: bad_points, reason_needed."""
        yes = self._desk.allowed("points_adjust", approver)
        return actions.adjust_points(self._books, self._place(yes), who, points, reason)

    def leave_money(self, wish: Left) -> Account:
        """Take 订金, 定金, prepaid money, 押金 or stored value in.

        Raises Refusal: shift_needed, stored_off, bad_tender, and as `members.actions` does.
        """
        self._desk.in_shift()
        self._desk.allowed("sell")
        if wish.tender not in LEDGER_TENDERS:
            raise Refusal("bad_tender", tender=wish.tender[:20])
        if wish.kind == "stored" and self._desk.settings["stored_value"] != "on":
            raise Refusal("stored_off")
        return actions.leave_money(self._books, self._place(), wish)

    def return_money(
        self,
        number: str,
        *,
        amount: int | None = None,
        tender: str = "cash",
        reason: str = "",
        approver: Approver = NOBODY,
    ) -> Account:
        """Give money back, all of the principal unless told; within the law without a second yes.

        Raises Refusal: shift_needed, unknown_account, approval_needed, too_much_back, bad_tender.
        """
        self._desk.in_shift()
        known = self.account(number)
        if tender not in LEDGER_TENDERS:
            raise Refusal("bad_tender", tender=tender[:20])
        free = rules.without_reason(known, self._books.clock.wall_ms())
        yes = self._desk.allowed("sell" if free else "money_return", approver)
        return actions.return_money(
            self._books,
            self._place(yes),
            known.account,
            amount=known.principal if amount is None else amount,
            tender=tender,
            reason=reason or ("七日内无理由" if free else ""),
        )

    def keep_money(
        self, number: str, *, amount: int, reason: str, approver: Approver = NOBODY
    ) -> Account:
        """Keep 定金 or 押金. Raises Refusal: approval_needed, ledger_kind_bad, too_much_back."""
        self._desk.in_shift()
        known = self.account(number)
        yes = self._desk.allowed("money_return", approver)
        return actions.keep_money(
            self._books, self._place(yes), known.account, amount=amount, reason=reason
        )

    def accounts(self, who: str = "") -> list[Account]:
        """What customers have with the shop, or one member has."""
        books = self._books
        with books.read() as db:
            if who:
                return queries.accounts_of(db, books.shop, who)
            return queries.open_accounts(db, books.shop)

    def account(self, number: str) -> Account:
        """An account by its number or the eight figures of its slip.

        Raises Refusal("unknown_account").
        """
        books = self._books
        number = clean(number, most=40).lower()
        with books.read() as db:
            known = queries.account(db, books.shop, number)
            if known is None:
                ends = [
                    each
                    for each in queries.open_accounts(db, books.shop)
                    if len(number) == 8 and each.account.endswith(number)
                ]
                known = ends[0] if len(ends) == 1 else None
        if known is None:
            raise Refusal("unknown_account")
        return known

    def _place(self, approver: str = "") -> Place:
        desk = self._desk
        return Place(day=desk.day, shift=desk.shift_id, person=desk.signed_in(), approver=approver)
