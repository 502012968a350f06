"""What a person at head office does about tills: hand out a code, let a till in."""

from sqlalchemy import select, update

from app.errors import Refusal
from app.facts.office import DeviceApproved, EnrolCodeGiven
from sync.hub.brand import lock, record
from sync.hub.enrolling import APPROVED, new_code
from sync.hub.office_apply import HQ
from sync.hub.rights import AT_THE_MACHINE, Actor, demand
from sync.hub.state import Hub
from sync.hub.tables import hub_device
from sync.protocol import fingerprint


def enrol_code(hub: Hub, *, shop: str, till: str, by: Actor = AT_THE_MACHINE) -> str:
    """A one-time code for a till: ten minutes, five tries.

    Raises Refusal: office_right_needed, shop_is_hq.
    """
    demand(by, "enrol_code")
    if shop.upper() == HQ:
        raise Refusal("shop_is_hq")
    code = new_code(hub.database, hub.ids, shop=shop, till=till, now_ms=hub.now_ms())
    with hub.database.begin() as db:
        fact = EnrolCodeGiven(shop=HQ, target=shop, till=till, person=by.person)
        record(hub, db, fact, staff=by.person)
    return code


def approve_device(
    hub: Hub, *, device: str, fingerprint_shown: str, by: Actor = AT_THE_MACHINE
) -> None:
    """Let a till in whose six digits a person has compared.

    Raises Refusal: office_right_needed, unknown_device, fingerprint_wrong.
    """
    demand(by, "approve_device")
    with hub.database.begin() as db:
        lock(hub, db)
        row = db.execute(
            select(hub_device).where(hub_device.c.device == device).with_for_update()
        ).first()
        if row is None:
            raise Refusal("unknown_device")
        if fingerprint(row.public_key) != fingerprint_shown:
            raise Refusal("fingerprint_wrong")
        this = (hub_device.c.shop == row.shop) & (hub_device.c.device == device)
        db.execute(update(hub_device).where(this), {"state": APPROVED})
        fact = DeviceApproved(
            shop=HQ, target=row.shop, till=row.till, device=device,
            fingerprint=fingerprint_shown, person=by.person,
        )  # fmt: skip
        record(hub, db, fact, staff=by.person)
