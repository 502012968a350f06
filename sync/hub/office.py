"""What a person at head office does about tills: hand out a code, let a till in."""

from sqlalchemy import select, update

from app.errors import Refusal
from sync.hub.enrolling import APPROVED, new_code
from sync.hub.office_apply import HQ
from sync.hub.state import Hub
from sync.hub.tables import hub_device
from sync.protocol import fingerprint


def enrol_code(hub: Hub, *, shop: str, till: str) -> str:
    """A one-time code for a till: ten minutes, five tries. Raises Refusal("shop_is_hq")."""
    if shop.upper() == HQ:
        raise Refusal("shop_is_hq")
    return new_code(hub.database, hub.ids, shop=shop, till=till, now_ms=hub.now_ms())


def approve_device(hub: Hub, *, device: str, fingerprint_shown: str) -> None:
    """Let a till in whose six digits a person has compared.

    Raises Refusal: unknown_device, fingerprint_wrong.
    """
    with hub.database.begin() as db:
        row = db.execute(
            select(hub_device).where(hub_device.c.device == device).with_for_update()
        ).first()
        if row is None:
            raise Refusal("unknown_device")
        if fingerprint(row.public_key) != fingerprint_shown:
            raise Refusal("fingerprint_wrong")
        this = (hub_device.c.shop == row.shop) & (hub_device.c.device == device)
        db.execute(update(hub_device).where(this), {"state": APPROVED})
