"""Makes a till out of the answers: all checked before the first byte, then one transaction.

Killed anywhere, the folder is empty, or begun and taken up again, or a till somebody can sign in
to. Runs off the window's thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app import demo
from app.clock import Clock
from app.errors import Refusal, ShopError
from app.ids import Ids
from app.opening import NewTill, OpenFolder, is_set_up, open_folder
from app.settings import checked
from app.shop.actions import change_settings
from app.shop.first_steps import STEPS, keep_steps
from app.shop.rules import checked_shop_code, checked_till_number
from app.staff.actions import set_person
from app.staff.queries import anybody
from app.staff.rules import checked_number, checked_pin
from app.transaction import transaction
from ui.guide.answers import Answers, forget_answers
from ui.language import error_words
from ui.startup import CATALOGUE, open_demo

KEPT = ("shop_name", "seller_name", "credit_code", "address", "phone", "profile")
USUAL = {"homestay": {"receipt_print": "ask"}}
"""By profile: settings that differ from every shop's default."""
DEMO_PERSON = demo.PEOPLE[2]


@dataclass(frozen=True, slots=True)
class Founded:
    """A folder that is a till's, and what opens it at once for whoever made it."""

    number: str
    pin: str
    passphrase: str = ""


def wrong_in(page: str, values: dict[str, str]) -> dict[str, str]:
    """What is wrong with a page's answers: field -> sentence."""
    wrong: dict[str, str] = {}
    for name, check in _CHECKS.get(page, {}).items():
        try:
            check(values.get(name, ""))
        except ShopError as error:
            wrong[name] = error_words(error)
    for first, second, refusal in _TWICE:
        if first in values and first not in wrong and values[first] != values.get(second):
            wrong[second] = error_words(Refusal(refusal))
    return wrong


def _needed(text: str) -> None:
    if not text:
        raise Refusal("answer_needed")


def _shop_name(text: str) -> None:
    _needed(text)
    checked("shop_name", text)


def _passphrase(text: str) -> None:
    if len(text) < 8:
        raise Refusal("passphrase_too_short")


_CHECKS: dict[str, dict[str, Callable[[str], object]]] = {
    "shop": {"shop_name": _shop_name, "code": checked_shop_code, "till": checked_till_number},
    "seller": {
        key: partial(checked, key) for key in ("seller_name", "credit_code", "address", "phone")
    },
    "passphrase": {"passphrase": _passphrase},
    "person": {"number": checked_number, "name": _needed, "pin": checked_pin},
    "restored": {"number": checked_number, "pin": checked_pin},
}
_TWICE = (
    ("pin", "again", "not_twice_the_same"),
    ("passphrase", "passphrase_again", "not_twice_the_same"),
)


def found_demo(data: Path, clock: Clock, ids: Ids) -> Founded:
    """The sample shop, somebody of it at the counter. Raises what `open_demo` does."""
    open_demo(data, till="1", stock=True, clock=clock, ids=ids).close()
    forget_answers(data)
    number, _name, _role, pin = DEMO_PERSON
    return Founded(number, pin)


def found(
    data: Path, answers: Answers, pin: str, passphrase: str, clock: Clock, ids: Ids
) -> Founded:
    """The folder as this shop's till, with its first person and what is still to be asked.

    A folder that was begun is taken up. Raises what `open_folder` and `set_person` do.
    """
    given = {key: getattr(answers, key) for key in KEPT if getattr(answers, key)}
    opened = _opened(data, answers, passphrase, clock, ids)
    try:
        with transaction(opened.books) as tx:
            set_person(tx, number=answers.number, name=answers.name, role="manager", pin=pin)
            change_settings(tx, given | USUAL.get(answers.profile, {}))
            keep_steps(tx, STEPS)
    finally:
        opened.close()
    forget_answers(data)
    return Founded(answers.number, pin, passphrase)


def _opened(data: Path, answers: Answers, passphrase: str, clock: Clock, ids: Ids) -> OpenFolder:
    new = NewTill(
        shop=checked_shop_code(answers.code),
        till=checked_till_number(answers.till),
        keystore=answers.keystore,
    )
    if is_set_up(data):
        try:
            return open_folder(data, clock=clock, ids=ids, passphrase=passphrase)
        except Refusal as refusal:
            if refusal.code != "folder_half_made":
                raise
    return open_folder(data, clock=clock, ids=ids, new=new, passphrase=passphrase)


def check_founded(opened: OpenFolder) -> None:
    """See that somebody can sign in; a demo folder killed while it was filled is filled now.

    Raises Refusal("nobody_yet"): a first run killed too early left a journal and nobody.
    """
    if opened.demo and not demo.is_filled(opened.books):
        demo.fill(opened.books, CATALOGUE)
    with opened.books.read() as db:
        if not anybody(db, opened.books.shop):
            raise Refusal("nobody_yet")
