"""人员 joined to the rules of who may look after whom."""

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from app.errors import Refusal, ShopError
from app.messages import ROLE_NAMES
from app.sales.counter import Counter
from app.sales.staffing import carry_pins, set_staff, unlock
from app.staff.people import change_own_pin
from app.staff.queries import Known, listed, name_of
from app.staff.rules import NOBODY, ROLES, Approver, checked_number, checked_pin
from ui.language import error_words, tr
from ui.presenters.approving import second_person
from ui.presenters.asking import Asking, ask_choice, ask_value
from ui.presenters.desk_work import DeskWork
from ui.presenters.pin_carrying import ask_stick, told
from ui.room_views import ListView, PeopleView, RowView
from ui.screens.people import PeopleScreen, people_columns
from ui.sounds import Sounds
from ui.views import MessageView

SHOP_ROLES = ("cashier", "lead", "manager")
"""Roles a shop gives; the others come from head office."""
Act = Callable[[Approver], object]


class PeoplePresenter:
    """Remembers who is marked and what was answered so far."""

    def __init__(
        self,
        counter: Counter,
        screen: PeopleScreen,
        work: DeskWork,
        sounds: Sounds,
        disks: Callable[[], list[Path]],
    ) -> None:
        """`disks`: what is plugged in besides the till's own."""
        self._counter = counter
        self._disks = disks
        self._screen = screen
        self._work = work
        self._sounds = sounds
        self._people: dict[str, Known] = {}
        self._asking: Asking | None = None
        self.view = PeopleView()
        screen.chosen.connect(self._choose)
        screen.answered.connect(self._answered)
        screen.marked.connect(self._mark)
        screen.again.connect(self.open)
        screen.message_closed.connect(lambda: self._show(None))

    def open(self) -> None:
        """Everybody who works or worked here."""
        self._asking = None
        self._read(None)

    def _read(self, message: MessageView | None) -> None:
        books = self._counter.books

        def read() -> list[tuple[Known, str]]:
            with books.read() as db:
                return [
                    (each, name_of(db, books.secrets, each.person))
                    for each in listed(db, books.shop)
                ]

        def ready(found: list[tuple[Known, str]]) -> None:
            self._people = {each.person: each for each, _name in found}
            marked = self.view.people.marked
            people = ListView(
                columns=people_columns(),
                rows=tuple(_row(each, name) for each, name in found),
                marked=marked if marked in self._people else next(iter(self._people), ""),
                foot=tr("在岗 {count} 人", count=sum(each.active for each, _ in found)),
            )
            self.view = msgspec.structs.replace(self.view, people=people)
            self._show(message)

        self._work.do(read, ready, self._refused)

    def _mark(self, number: str) -> None:
        people = msgspec.structs.replace(self.view.people, marked=number)
        self.view = msgspec.structs.replace(self.view, people=people)
        self._show(None)

    # --- What is done ----------------------------------------------------------------------

    def _choose(self, what: str, number: str) -> None:
        if what == "hire":
            self._hire()
            return
        if what == "carry":
            self._carry()
            return
        {
            "leave": self._leave,
            "role": self._change_role,
            "unlock": self._unlock,
            "pin": self._new_pin,
        }[what](number)

    def _hire(self) -> None:
        def number_given(number: str) -> None:
            if not self._good(lambda: checked_number(number)):
                return
            title = tr("{number} 叫什么名字？", number=number)
            self._ask(ask_value(title, lambda name: role(number, name)))

        def role(number: str, name: str) -> None:
            self._ask_role(
                number,
                lambda chosen: self._ask_pin(
                    number,
                    lambda pin: self._do(
                        tr("{name} 可以用工号 {number} 登录了", name=name, number=number),
                        self._set(number, name=name, role=chosen, pin=pin),
                    ),
                ),
            )

        self._ask(ask_value(tr("新人的工号（2 到 8 位数字）"), number_given))

    def _leave(self, number: str) -> None:
        """Who is here goes; who left comes back with a new PIN."""
        if self._people[number].active:
            gone = tr("工号 {number} 已离岗，不能再登录", number=number)
            act = self._set(number, active=False)
            words = tr("工号 {number} 离岗，不能再登录？", number=number)
            self._ask(ask_choice(words, (("yes", tr("离岗")),), lambda _yes: self._do(gone, act)))
            return
        back = tr("工号 {number} 又在岗了", number=number)
        self._ask_pin(number, lambda pin: self._do(back, self._set(number, pin=pin)))

    def _change_role(self, number: str) -> None:
        def chosen(role: str) -> None:
            words = tr("工号 {number} 现在是{role}", number=number, role=tr(ROLE_NAMES[role]))
            self._do(words, self._set(number, role=role))

        self._ask_role(number, chosen)

    def _unlock(self, number: str) -> None:
        desk = self._counter.desk
        self._do(tr("工号 {number} 已解锁", number=number), lambda who: unlock(desk, number, who))

    def _new_pin(self, number: str) -> None:
        desk, books = self._counter.desk, self._counter.books
        words = tr("工号 {number} 的 PIN 换好了", number=number)
        if number != desk.person:
            self._ask_pin(number, lambda pin: self._do(words, self._set(number, pin=pin)))
            return

        def old_given(old: str) -> None:
            self._ask_pin(
                number,
                lambda pin: self._do(words, lambda _who: change_own_pin(books, number, old, pin)),
            )

        self._ask(ask_value(tr("先输入现在的 PIN"), old_given, kind="secret"))

    def _carry(self) -> None:
        """PINs to another till: the same at each of them, with the stick that goes round."""
        desk = self._counter.desk

        def chosen(folder: str) -> None:
            self._do("", lambda who: told(carry_pins(desk, folder, who)))

        def found(disks: list[Path]) -> None:
            self._ask(ask_stick(disks, self._ask, chosen))

        self._work.do(self._disks, found, self._refused)

    def _set(self, number: str, *, name: str = "", role: str = "", pin: str = "",
             active: bool = True) -> Act:  # fmt: skip
        desk = self._counter.desk

        def act(who: Approver) -> object:
            return set_staff(
                desk, number, name=name, role=role, pin=pin, active=active, approver=who
            )

        return act

    def _do(self, words: str, act: Act, approver: Approver = NOBODY) -> None:
        """Do it, and say so, or what the act itself has to say; who may not alone brings somebody
        who may."""

        def ready(done: object) -> None:
            self._sounds.play("accepted")
            said = done if isinstance(done, MessageView) else MessageView(text=words, tone="ok")
            self._read(said)

        def refused(error: ShopError) -> None:
            if error.code == "approval_needed":
                second_person(self._ask, lambda who: self._do(words, act, who), error)
            elif error.code == "approver_same" and not approver:
                # A locked number is given its tries back by somebody else.
                second_person(self._ask, lambda who: self._do(words, act, who), error)
            else:
                self._refused(error)

        self._work.do(lambda: act(approver), ready, refused)

    # --- Asking ----------------------------------------------------------------------------

    def _ask_role(self, number: str, chosen: Callable[[str], None]) -> None:
        roles = ROLES if self._counter.desk.role == "head_office" else SHOP_ROLES
        choices = tuple((role, tr(ROLE_NAMES[role])) for role in roles)
        title = tr("工号 {number} 是什么角色？", number=number)
        self._ask(ask_choice(title, choices, chosen, keyed=True))

    def _ask_pin(self, number: str, given: Callable[[str], None]) -> None:
        """A new PIN, typed twice."""

        def again(pin: str) -> None:
            if not self._good(lambda: checked_pin(pin)):
                return

            def repeated(second: str) -> None:
                if second == pin:
                    given(pin)
                else:
                    self._refused(Refusal("not_twice_the_same"))

            self._ask(ask_value(tr("再输入一遍"), repeated, kind="secret"))

        title = tr("工号 {number} 的新 PIN（六位以上）", number=number)
        self._ask(ask_value(title, again, kind="secret"))

    def _good(self, check: Callable[[], object]) -> bool:
        try:
            check()
        except Refusal as refusal:
            self._refused(refusal)
            return False
        return True

    def _ask(self, asking: Asking) -> None:
        self._asking = asking
        self._sounds.play("question")
        self._show(None)

    def _answered(self, choice: str, value: str) -> None:
        asking, self._asking = self._asking, None
        self._show(None)
        if asking is not None:
            asking.on_answer(choice, value)

    def _refused(self, error: ShopError) -> None:
        self._asking = None
        self._sounds.play("refused")
        self._show(MessageView(text=error_words(error), code=error.code))

    def _show(self, message: MessageView | None) -> None:
        marked = self._people.get(self.view.people.marked)
        self.view = msgspec.structs.replace(
            self.view,
            message=message,
            question=self._asking.view if self._asking is not None else None,
            leave_word=tr("离岗") if marked is None or marked.active else tr("回岗"),
            why_not=_why_not(marked, self._counter.desk.person),
        )
        self._screen.show_view(self.view)


def _row(each: Known, name: str) -> RowView:
    state = tr("已锁定") if each.locked else tr("在岗") if each.active else tr("已离岗")
    return RowView(
        key=each.person,
        cells=(each.person, name, tr(ROLE_NAMES[each.role]), state),
        state="warn" if each.locked and each.active else "",
    )


def _why_not(marked: Known | None, own: str) -> Mapping[str, str]:
    """Why a button does nothing for the marked person."""
    if marked is None:
        nobody = tr("先选一个人")
        return dict.fromkeys(("leave", "role", "unlock", "pin"), nobody)
    why: dict[str, str] = {}
    if marked.person == own:
        why["leave"] = why["role"] = tr("自己的角色和去留不能自己改")
    if not marked.active:
        why["role"] = why["pin"] = tr("已离岗")
    if not marked.locked:
        why["unlock"] = tr("没有锁定")
    return why
