"""`./pos setup`: a till set up from a file without anybody at the window, and its desktop entry.

Run again it takes up what is still to be done, so twenty tills can be set up by one script, and one
whose hub was away by running the same line once more.
"""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from app.catalogue.actions import import_products, with_initials
from app.catalogue.importing import preview
from app.catalogue.queries import all_products, known
from app.clock import Clock
from app.errors import Refusal
from app.ids import Ids
from app.journal.outbox import link_of
from app.opening import NewTill, OpenFolder, is_set_up, open_folder
from app.sales.devices import keep_devices
from app.shop.actions import change_settings
from app.shop.first_steps import keep_steps
from app.shop.rules import checked_shop_code
from app.staff.actions import set_person
from app.staff.queries import anybody
from app.staff.rules import checked_pin
from app.transaction import transaction
from ui.copying import Copying
from ui.counter_devices import DISPLAY_MARK, LABEL_MARK, PRINTER_MARK, SCALE_MARK
from ui.hub_side import HubSide
from ui.setup_file import OneTill, SetupFile, settings_of, till_of

AskPin = Callable[[str, str], str]
"""The PIN for a number and a name."""
APPLICATION = "kaiping-till"


class SetUp(msgspec.Struct, frozen=True):
    """What became of it: one JSON line for whoever keeps the list."""

    till: str
    shop: str
    folder: str
    already: bool
    """The till stood already; only what was missing was done."""
    goods: int
    six_digits: str
    """To compare with head office's, "" where no hub was joined now."""
    copies: str
    """What is wrong with the second disk, "" for nothing."""


def set_up(
    found: SetupFile, number: str, folder: Path, *, data: Path, ask_pin: AskPin,
    ask_passphrase: Callable[[], str], clock: Clock, ids: Ids,
) -> SetUp:  # fmt: skip
    """Make one till of the file in `data`; paths in the file are beside it, in `folder`.

    Raises what `open_folder` does, Refusal: setup_till_missing, setup_other_till, pin_weak,
    setup_pin_missing; what joining a hub and the first copy raise. What was done until then stays.
    """
    till = till_of(found, number)
    shop = checked_shop_code(found.shop["code"])
    passphrase = ask_passphrase() if till.keystore == "passphrase" else ""
    already = is_set_up(data)
    pins = {} if already else _pins(found, ask_pin)
    opened = _opened(data, shop, till, passphrase, clock, ids)
    try:
        return _furnished(opened, found, till, folder, pins, already=already)
    finally:
        opened.close()


def _pins(found: SetupFile, ask_pin: AskPin) -> dict[str, str]:
    """Every PIN, before the first byte is written."""
    return {
        person.number: _checked(ask_pin(person.number, person.name), person.number)
        for person in found.people
    }


def _checked(pin: str, number: str) -> str:
    if not pin:
        raise Refusal("setup_pin_missing", number=number)
    return checked_pin(pin)


def _opened(
    data: Path, shop: str, till: OneTill, passphrase: str, clock: Clock, ids: Ids
) -> OpenFolder:
    if is_set_up(data):
        try:
            opened = open_folder(data, clock=clock, ids=ids, passphrase=passphrase)
        except Refusal as refusal:
            if refusal.code != "folder_half_made":
                raise
        else:
            standing = (opened.books.shop, opened.books.till)
            if standing != (shop, till.number):
                opened.close()
                raise Refusal("setup_other_till", shop=standing[0], till=standing[1])
            return opened
    new = NewTill(shop=shop, till=till.number, keystore=till.keystore)
    return open_folder(data, clock=clock, ids=ids, new=new, passphrase=passphrase)


def _furnished(
    opened: OpenFolder, found: SetupFile, till: OneTill, folder: Path,
    pins: Mapping[str, str], *, already: bool,
) -> SetUp:  # fmt: skip
    books = opened.books
    with books.read() as db:
        manned, joined = anybody(db, books.shop), link_of(db) is not None
        stocked = bool(all_products(db, books.shop))
    devices = {PRINTER_MARK: till.printer, LABEL_MARK: till.labels, DISPLAY_MARK: till.display,
               SCALE_MARK: till.scale}  # fmt: skip
    with transaction(books) as tx:
        if not manned:
            for person in found.people:
                pin = _checked(pins.get(person.number, ""), person.number)
                set_person(tx, number=person.number, name=person.name, role=person.role, pin=pin)
            change_settings(tx, settings_of(found))
            # The code has to stand on paper: the window asks for it when it is opened first.
            keep_steps(tx, ("recovery",))
        keep_devices(tx, devices)
    goods = _goods(opened, folder / found.goods) if found.goods and not stocked else 0
    digits = _join(opened, found, till, folder) if till.code and not joined else ""
    return SetUp(
        till=books.till,
        shop=books.shop,
        folder=str(opened.folder),
        already=already and manned,
        goods=goods,
        six_digits=digits,
        copies=_copies(opened, till.copies),
    )


def _goods(opened: OpenFolder, path: Path) -> int:
    books = opened.books
    with books.read() as db:
        standing = known(db, books.shop)
    seen = with_initials(preview(path, "products", standing), standing)
    with transaction(books) as tx:
        import_products(tx, seen)
    return len(seen.products)


def _join(opened: OpenFolder, found: SetupFile, till: OneTill, folder: Path) -> str:
    authority = found.hub.get("authority", "")
    certificates = (folder / authority).read_text(encoding="ascii") if authority else ""
    hub = HubSide(opened.books)
    try:
        return hub.enrol(found.hub.get("address", ""), till.code, certificates)
    finally:
        hub.close()


def _copies(opened: OpenFolder, place: str) -> str:
    """Choose the second disk; what is wrong with it is said and does not stop the rest."""
    if not place:
        return ""
    copying = Copying(opened)
    try:
        copying.choose(place)
        copying.wait()
        return copying.trouble()
    finally:
        copying.close()


# --- PINs ----------------------------------------------------------------------------------------


def read_pins(path: Path) -> AskPin:
    """PINs from a file of lines "301 864209" that nobody else may read.

    Raises Refusal: setup_no_file, setup_pins_open.
    """
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise Refusal("setup_pins_open", name=str(path))
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Refusal("setup_no_file", name=str(path)) from error
    pins = dict(line.split() for line in lines if len(line.split()) == 2)
    return lambda number, _name: pins.get(number, "")


def fresh_pin(ids: Ids) -> str:
    """Six digits for once, for whoever hands them over; weak ones are thrown again."""
    while True:
        # Bytes from 250 on are thrown away, so that every figure is as likely.
        fair = [byte % 10 for byte in ids.random_bytes(24) if byte < 250]
        pin = "".join(str(figure) for figure in fair[:6])
        try:
            return checked_pin(pin)
        except Refusal:
            continue


# --- The desktop ---------------------------------------------------------------------------------


def put_on_desktop(
    starter: str, icon: Path, *, data: Path | None, kiosk: bool, autostart: bool, home: Path
) -> list[Path]:
    """A desktop entry, and one that starts with the session; the files that were written.

    Raises Refusal("setup_no_desktop") where the system has no such entries.
    """
    if sys.platform != "linux":
        raise Refusal("setup_no_desktop")
    words = [starter, *(["--kiosk"] if kiosk else []), *(["--data", str(data)] if data else [])]
    entry = "\n".join(
        (
            "[Desktop Entry]",
            "Type=Application",
            "Name=开平优品收银",
            "Name[en]=Kaiping till",
            "Comment=收银、库存、盘点",
            f"Exec={' '.join(_quoted(word) for word in words)}",
            f"Icon={icon}",
            "Terminal=false",
            "Categories=Office;Finance;",
            "StartupNotify=true",
            "",
        )
    )
    share = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    places = [share / "applications", *([config / "autostart"] if autostart else [])]
    written = []
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
        path = place / f"{APPLICATION}.desktop"
        path.write_text(entry, encoding="utf-8")
        written.append(path)
    return written


def _quoted(word: str) -> str:
    """A word of Exec=: quoted, and % doubled, as the desktop entry specification wants it."""
    for sign in ("\\", '"', "$", "`"):
        # Escaped for the quotes, and once more as every string of such a file.
        word = word.replace(sign, "\\\\" + sign * (2 if sign == "\\" else 1))
    return '"' + word.replace("%", "%%") + '"'
