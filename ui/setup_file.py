"""till.toml: one file that says how the tills of a shop are set up, read and checked whole.

Nothing is made before all of it is right. PINs and passphrases never stand in it: they are asked
for, or come from a file for their owner alone.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from app.catalogue.importing import preview
from app.errors import Refusal, ShopError
from app.messages import sentence
from app.opening import KEYSTORES
from app.settings import checked
from app.shop.rules import checked_shop_code, checked_till_number
from app.staff.rules import ROLES, checked_number
from printers.devices.carrier import parse_address
from printers.devices.pole_display import display_for
from printers.devices.scale import scale_for
from printers.profile import load_profile

OWN_SETTINGS = ("name", "seller_name", "credit_code", "address", "phone", "profile")
"""Keys of [shop] that are settings; `name` is the setting shop_name."""


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who may stand at the tills; the PIN is asked for."""

    number: str
    name: str
    role: str


class OneTill(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What differs from till to till."""

    number: str
    code: str = ""
    """Its enrolment code from head office."""
    printer: str = ""
    """Profile and address: "chinese_80 network:192.168.1.50:9100"."""
    labels: str = ""
    display: str = ""
    scale: str = ""
    copies: str = ""
    """The second disk: a folder, a stick."""
    keystore: str = "keyring"


class SetupFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file."""

    shop: dict[str, str]
    people: list[Person]
    till: list[OneTill]
    settings: dict[str, str] = {}
    every_till: dict[str, str] = {}
    """What holds for each till that says nothing else."""
    hub: dict[str, str] = {}
    """`address`, and `authority`: a file with the brand's own certificates."""
    goods: str = ""
    """A price list to import, CSV or Excel, beside this file."""


def read_setup(path: Path) -> SetupFile:
    """The file, every value checked.

    Raises Refusal: setup_no_file, setup_file_bad (with the line), setup_unknown, setup_field (with
    the place and why).
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Refusal("setup_no_file", name=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal("setup_file_bad", detail=str(error)[:100]) from error
    _known_names(told)
    every = told.get("every_till")
    tills = told.get("till")
    if isinstance(every, dict) and isinstance(tills, list):
        told["till"] = [{**every, **each} if isinstance(each, dict) else each for each in tills]
    try:
        found = msgspec.convert(told, SetupFile)
    except msgspec.ValidationError as error:
        name, detail = _shape(str(error))
        raise Refusal("setup_field", name=name, detail=detail) from error
    _check(found, path.parent)
    return found


def _known_names(told: Mapping[str, Any]) -> None:
    """A misspelt name is said by itself, before anything else is found fault with."""
    known = {
        "": (SetupFile.__struct_fields__, [told]),
        "shop": (("code", *OWN_SETTINGS), [told.get("shop")]),
        "hub": (("address", "authority"), [told.get("hub")]),
        "people": (Person.__struct_fields__, told.get("people")),
        "till": (OneTill.__struct_fields__, told.get("till")),
        "every_till": (OneTill.__struct_fields__, [told.get("every_till")]),
    }
    for where, (names, tables) in known.items():
        for table in tables if isinstance(tables, list) else []:
            for name in table if isinstance(table, dict) else {}:
                if name not in names:
                    raise Refusal("setup_unknown", name=f"{where}.{name}" if where else name)


def _shape(told: str) -> tuple[str, str]:
    """Where something has the wrong shape, and what: from "Expected `str` - at `$.till[0]`"."""
    place = told.rpartition("`$")[2].strip("`.")
    if (missing := re.search("missing required field `(.+?)`", told)) is not None:
        return ".".join(part for part in (place, missing[1]) if part), "缺这一项"
    return place, "值要写在引号里" if "Expected `str`" in told else "写法不对，请对照说明"


def _check(found: SetupFile, folder: Path) -> None:
    _field("shop.code", checked_shop_code, found.shop.get("code", ""))
    for key, value in settings_of(found).items():
        _field(f"settings.{key}", lambda text, key=key: checked(key, text), value)
    if not settings_of(found).get("shop_name"):
        raise Refusal("setup_field", name="shop.name", detail=sentence(Refusal("answer_needed")))
    if not any(person.role == "manager" for person in found.people):
        raise Refusal("setup_field", name="people", detail='要有一位店长（role = "manager"）')
    for person in found.people:
        _field(f"people {person.number}", checked_number, person.number)
        if person.role not in ROLES:
            raise Refusal(
                "setup_field", name=f"people {person.number}.role",
                detail=sentence(Refusal("role_unknown", role=person.role[:20])),
            )  # fmt: skip
    for till in found.till:
        _check_till(till)
    for number in (numbers := [each.number for each in found.till]):
        if numbers.count(number) > 1:
            raise Refusal("setup_field", name=f"till {number}", detail="这个号出现了两次")
    if found.goods:
        _check_goods(folder / found.goods)


def _check_till(till: OneTill) -> None:
    place = f"till {till.number}"
    _field(place, checked_till_number, till.number)
    for name, value in (("printer", till.printer), ("labels", till.labels)):
        if value:
            _field(f"{place}.{name}", _printer, value)
    if till.display:
        _field(f"{place}.display", display_for, till.display)
    if till.scale:
        _field(f"{place}.scale", scale_for, till.scale)
    if till.keystore not in KEYSTORES:
        raise Refusal("setup_field", name=f"{place}.keystore", detail="、".join(KEYSTORES))
    if till.copies and not Path(till.copies).is_absolute():
        raise Refusal(
            "setup_field", name=f"{place}.copies", detail=sentence(Refusal("copies_place_bad"))
        )


def _printer(value: str) -> None:
    profile, _, address = value.partition(" ")
    load_profile(profile)
    parse_address(address)


def _check_goods(path: Path) -> None:
    try:
        seen = preview(path)
    except ShopError as error:
        raise Refusal("setup_field", name="goods", detail=sentence(error)) from error
    if seen.totals.bad:
        first = seen.bad[0]
        raise Refusal(
            "setup_field", name=f"goods:{first.row}", detail=f"{first.column} {first.sentence}"
        )


def _field(name: str, check: Any, value: str) -> None:
    try:
        check(value)
    except ShopError as error:
        raise Refusal("setup_field", name=name, detail=sentence(error)) from error


def settings_of(found: SetupFile) -> dict[str, str]:
    """Every setting the file gives, by its key."""
    own = {("shop_name" if key == "name" else key): value
           for key, value in found.shop.items() if key in OWN_SETTINGS}  # fmt: skip
    return own | found.settings


def till_of(found: SetupFile, number: str) -> OneTill:
    """One till of the file; the only one when no number is said. Raises Refusal:
    setup_till_missing."""
    tills = {each.number: each for each in found.till}
    if not number and len(tills) == 1:
        return next(iter(tills.values()))
    if number not in tills:
        raise Refusal("setup_till_missing", till=number or "?", known="、".join(tills))
    return tills[number]
