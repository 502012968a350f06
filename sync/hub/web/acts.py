"""What a form of the pages does: the right it needs, and the one action behind it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.catalogue.columns import heading_shown
from app.errors import Refusal
from app.money import parse_yuan
from app.pricing.drafts import Listing, PriceListDraft, PromotionDraft
from app.text import clean
from sync.hub import (
    drafting,
    festivals,
    importing,
    offers,
    office,
    people,
    recalling,
    revoking,
    updates,
)
from sync.hub.catalogue import shop_names
from sync.hub.offers import Outcome
from sync.hub.rights import Actor
from sync.hub.state import Hub
from sync.hub.web.asking import Form, Goto, Show
from sync.hub.web.names import PROMOTION_FIELDS

Done = Goto | Show


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a form does."""

    right: str
    page: str
    carry_out: Callable[[Hub, Actor, Form], Done]


# --- tills -----------------------------------------------------------------------------------


def _enrol_code(hub: Hub, by: Actor, form: Form) -> Done:
    shop, till = form.one("shop", 40).strip(), form.one("till", 40).strip()
    for name in (shop, till):
        if not re.fullmatch(r"[0-9A-Za-z-]{1,40}", name):
            raise Refusal("no_such_shop", shop=name[:20])
    code = office.enrol_code(hub, shop=shop, till=till, by=by)
    return Show("code.html", {"shop": shop, "till": till, "code": code})


def _approve_device(hub: Hub, by: Actor, form: Form) -> Done:
    office.approve_device(
        hub, device=form.one("device", 64), fingerprint_shown=form.one("fingerprint", 6), by=by
    )
    return Goto("/hq?done=approved")


def _revoke_device(hub: Hub, by: Actor, form: Form) -> Done:
    reason = clean(form.one("reason", 60))
    if not reason:
        raise Refusal("reason_needed")
    revoking.revoke_device(hub, device=form.one("device", 64), reason=reason, by=by)
    return Goto("/hq?done=revoked")


def _release_device(hub: Hub, by: Actor, form: Form) -> Done:
    revoking.release(hub, device=form.one("device", 64), by=by)
    return Goto("/hq?done=released")


# --- prices and promotions -------------------------------------------------------------------


def _lines(form: Form) -> list[Listing]:
    """A price list as it is typed: one article a line, code, price and perhaps the floor."""
    found = []
    for row in form.one("lines", 200_000).splitlines():
        parts = re.split(r"[\s,，;；\t]+", row.strip())
        if parts == [""]:
            continue
        if not 2 <= len(parts) <= 3:
            raise Refusal("bad_price_list")
        found.append(Listing(product=parts[0], price=parts[1], floor=(*parts, "0")[2]))
    return found


def _price_list(hub: Hub, by: Actor, form: Form) -> Done:
    draft = PriceListDraft(
        from_=_time(form.one("from", 30)), to=_time(form.one("to", 30)),
        group=form.one("group", 20), lines=_lines(form),
    )  # fmt: skip
    kept = ("from", "to", "group", "lines")
    return _previewed(
        hub, by, form, "price_list", kept, lambda db, shops: drafting.price_list(
            hub, db, draft, shops)
    )  # fmt: skip


def _time(text: str) -> str:
    """A day stays one; a moment without a zone is meant here."""
    text = text.strip().replace(" ", "T")
    return text + "+08:00" if re.fullmatch(r"[0-9-]{10}T[0-9:]{5,8}", text) else text


PARAMS = ("price", "percent", "base", "n", "get", "spend", "off")
LISTS = ("gifts", "hours", "parts")


def _words(text: str) -> list[str]:
    """What is parted by blanks or commas."""
    return [each for each in re.split(r"[\s,，、;；]+", text.strip()) if each]


def _of_its_kind(form: Form) -> Form:
    """A promotion's form without what stood in fields that its kind does not show."""
    kind = form.one("kind", 20)
    strange = [name for name, kinds in PROMOTION_FIELDS.items() if kind not in kinds]
    return form.without(strange)


def _params(form: Form) -> dict[str, Any]:
    params: dict[str, Any] = {name: text for name in PARAMS if (text := form.one(name, 20).strip())}
    if gifts := _words(form.one("gifts", 2000)):
        params["gifts"] = gifts
    if hours := _words(form.one("hours", 200).replace("：", ":")):
        params["hours"] = hours
    if days := form.several("weekday"):
        params["weekdays"] = [int(day) for day in days if day in list("1234567")]
    if parts := _words(form.one("parts", 2000)):
        # 13006×2 is two of them, 13006 alone is one.
        pairs = [re.split(r"[×*＊]", each, maxsplit=1) for each in parts]
        params["parts"] = {code: (*count, "1")[0] for code, *count in pairs}
    return params


def _promotion(hub: Hub, by: Actor, form: Form) -> Done:
    form = _of_its_kind(form)
    draft = PromotionDraft(
        code=form.one("code", 40).strip(), name=form.one("name", 60), kind=form.one("kind", 20),
        from_=_time(form.one("from", 30)), to=_time(form.one("to", 30)),
        products=_words(form.one("products", 20_000)), params=_params(form),
    )  # fmt: skip
    kept = ("code", "name", "kind", "from", "to", "products", *PARAMS, *LISTS)
    return _previewed(
        hub, by, form, "promotion", kept, lambda db, shops: drafting.promotion(
            hub, db, draft, shops)
    )  # fmt: skip


def _previewed(
    hub: Hub,
    by: Actor,
    form: Form,
    act: str,
    kept: Sequence[str],
    draft: Callable[[Connection, list[str]], drafting.Drafted],
) -> Done:
    """First what it would do, then, on a second look's yes, the thing itself."""
    with hub.database.begin() as db:
        offer, effect = draft(db, form.several("shop"))
        names = shop_names(db)
    if form.one("sure") == "1":
        return _sent(offers.submit(hub, by, offer, effect), f"/hq/{act}s".replace("price_lists",
                     "prices"))  # fmt: skip
    fields = [(name, form.one(name, 200_000)) for name in kept]
    fields += [(name, value) for name in ("shop", "weekday") for value in form.several(name)]
    return Show(
        "preview.html", {"act": act, "effect": effect, "fields": fields, "names": names}
    )  # fmt: skip


def _sent(outcome: Outcome, path: str) -> Done:
    return Goto("/hq/waiting?done=proposed" if outcome.proposal else f"{path}?done=published")


def _withdraw(hub: Hub, by: Actor, form: Form) -> Done:
    scope = form.one("scope", 20)
    offers.withdraw(hub, by, scope=scope, subject=form.one("subject", 64))
    return Goto(f"/hq/{'prices' if scope == 'prices' else 'promotions'}?done=withdrawn")


def _second(hub: Hub, by: Actor, form: Form) -> Done:
    offers.second(hub, by, form.one("proposal", 64))
    return Goto("/hq/waiting?done=published")


def _decline(hub: Hub, by: Actor, form: Form) -> Done:
    offers.decline(hub, by, form.one("proposal", 64), form.one("reason", 60))
    return Goto("/hq/waiting?done=declined")


# --- goods, people of shops, calendar --------------------------------------------------------


def _adopt(hub: Hub, by: Actor, form: Form) -> Done:
    with hub.database.begin() as db:
        goods = drafting.adopted(db, form.several("code"), form.one("from_shop", 40))
        offer, effect = drafting.products_set(hub, db, goods)
    return _sent(offers.submit(hub, by, offer, effect), "/hq/goods")


def _edit_product(hub: Hub, by: Actor, form: Form) -> Done:
    with hub.database.begin() as db:
        one = drafting.edited(
            db, form.one("code", 40), name=form.one("name", 60), spec=form.one("spec", 40),
            price=parse_yuan(form.one("price", 20)), story=form.one("story", 400),
            active=form.one("active") == "1",
        )  # fmt: skip
        offer, effect = drafting.products_set(hub, db, [one])
    return _sent(offers.submit(hub, by, offer, effect), "/hq/goods")


def _import(hub: Hub, by: Actor, form: Form) -> Done:
    name, content = form.files.get("file", ("", b""))
    if not content:
        raise Refusal("import_no_file", name=clean(name, most=40))
    return _looked_at(hub, by, form, form.one("what", 20), name, content)


def _kit(hub: Hub, by: Actor, form: Form) -> Done:
    code = form.one("code", 40).strip()
    content = importing.kit_table(code, form.one("parts", 20_000))
    return _looked_at(hub, by, form, "kits", code, content)


def _looked_at(hub: Hub, by: Actor, form: Form, what: str, name: str, content: bytes) -> Done:
    """What publishing a table would do, and every row that cannot be taken."""
    chosen = form.several("shop")
    with hub.database.begin() as db:
        looked = importing.look(hub, db, content, what, chosen)
        wanted = importing.keep(hub, db, person=by.person, name=name, what=what, content=content)
        names = shop_names(db)
    return Show(
        "import.html",
        {"looked": looked, "file": clean(name, most=80), "upload": wanted, "chosen": chosen,
         "names": names, "heading": heading_shown},
    )  # fmt: skip


def _import_sure(hub: Hub, by: Actor, form: Form) -> Done:
    with hub.database.begin() as db:
        what, content = importing.kept(hub, db, form.one("upload", 64), by.person)
        looked = importing.look(hub, db, content, what, form.several("shop"))
    if not looked.offer.facts:
        raise Refusal("nothing_chosen")
    return _sent(offers.submit(hub, by, looked.offer, looked.effect), "/hq/goods")


def _staff(hub: Hub, by: Actor, form: Form) -> Done:
    with hub.database.begin() as db:
        offer, effect = drafting.staff_set(
            db, shop=form.one("shop", 40), person=form.one("person", 8).strip(),
            role=form.one("role", 20), active=form.one("active") == "1",
        )  # fmt: skip
    return _sent(offers.submit(hub, by, offer, effect), "/hq/staff")


def _festival(hub: Hub, by: Actor, form: Form) -> Done:
    festivals.set_festival(
        hub, by, code=form.one("code", 30).strip(), name=form.one("name", 30),
        town=form.one("town", 20), from_day=form.one("from", 5).strip(),
        to_day=form.one("to", 5).strip(), active=form.one("active") == "1",
    )  # fmt: skip
    return Goto("/hq/festivals?done=kept")


# --- recalls ---------------------------------------------------------------------------------


def _recall(hub: Hub, by: Actor, form: Form) -> Done:
    recalling.announce(
        hub, by, product=form.one("product", 40).strip(), level=form.one("level", 4),
        batches=_words(form.one("batches", 2000)),
    )  # fmt: skip
    return Goto("/hq/recalls?done=published")


def _recall_close(hub: Hub, by: Actor, form: Form) -> Done:
    recall = form.one("recall", 64)
    recalling.close(hub, by, recall)
    return Goto(f"/hq/recalls/{recall}?done=closed")


def _recall_lift(hub: Hub, by: Actor, form: Form) -> Done:
    recalling.lift(hub, by, form.one("recall", 64))
    return Goto("/hq/recalls?done=lifted")


# --- people of head office -------------------------------------------------------------------


def _person(hub: Hub, by: Actor, form: Form) -> Done:
    person = form.one("person", 20).strip().lower()
    link = people.set_person(
        hub, by, person=person, name=form.one("name", 20), role=form.one("role", 20),
        password=form.one("password"),
    )  # fmt: skip
    secret = link.split("secret=")[1].split("&")[0]
    return Show("factor.html", {"person": person, "link": link, "secret": secret})


def _person_end(hub: Hub, by: Actor, form: Form) -> Done:
    people.end_person(hub, by, form.one("person", 20))
    return Goto("/hq/people?done=kept")


def _person_unlock(hub: Hub, by: Actor, form: Form) -> Done:
    people.unlock(hub, by, form.one("person", 20))
    return Goto("/hq/people?done=kept")


def _give_update(hub: Hub, by: Actor, form: Form) -> Done:
    none = form.one("none") == "1"
    updates.give(hub, by, form.one("update", 64), form.several("shop"), none=none)
    return Goto("/hq/updates?done=kept")


ACTS: Mapping[str, Act] = {
    "enrol_code": Act("enrol_code", "", _enrol_code),
    "approve_device": Act("approve_device", "", _approve_device),
    "revoke_device": Act("revoke_device", "", _revoke_device),
    "release_device": Act("revoke_device", "", _release_device),
    "price_list": Act("publish", "prices", _price_list),
    "promotion": Act("publish", "promotions", _promotion),
    "withdraw": Act("publish", "prices", _withdraw),
    "second": Act("second", "waiting", _second),
    "decline": Act("publish", "waiting", _decline),
    "adopt": Act("catalogue", "goods", _adopt),
    "edit_product": Act("catalogue", "goods", _edit_product),
    "import": Act("catalogue", "goods", _import),
    "kit": Act("catalogue", "goods", _kit),
    "import_sure": Act("catalogue", "goods", _import_sure),
    "staff": Act("staff", "staff", _staff),
    "festival": Act("festival", "festivals", _festival),
    "recall": Act("recall", "recalls", _recall),
    "recall_close": Act("recall_close", "recalls", _recall_close),
    "recall_lift": Act("recall_close", "recalls", _recall_lift),
    "person": Act("people", "people", _person),
    "person_end": Act("people", "people", _person_end),
    "give_update": Act("update", "updates", _give_update),
    "person_unlock": Act("people", "people", _person_unlock),
}
