"""What a member may ask and what money left with the shop may do. Pure. Amounts in fen.

Sources: 个人信息保护法 (as little as possible, agreed to, forgotten on request), 民法典 586
(定金 at most a fifth of the contract), 单用途商业预付卡管理办法 and 法释〔2025〕4号 (caps of
stored value, seven days to take prepaid principal back without a reason).
"""

import re
from collections.abc import Mapping

import msgspec

from app.errors import Refusal
from app.money import yuan
from app.text import clean

CONSENTS = ("member", "marketing")
KINDS = ("deposit", "earnest", "prepaid", "pledge", "stored")
SPENDABLE = ("deposit", "earnest", "prepaid", "stored")
"""Kinds that pay for goods; 押金 lies for what was lent and goes back as it is."""
DAY_MS = 24 * 3_600_000
REGRET_DAYS = 7
"""Prepaid principal goes back without a reason for so long."""
EARNEST_SHARE = 5
"""定金 above a fifth of the contract is not binding, so it is not taken."""
NAMED_CARD_CAP = 5_000_00
"""Stored value of somebody named."""
_PHONE = re.compile(r"\+?[0-9]{8,15}")
TAIL = 4


class Profile(msgspec.Struct, frozen=True):
    """Who a member is: the only place where name and phone stand together."""

    name: str
    phone: str


def checked_profile(name: str, phone: str) -> Profile:
    """Name and phone as they are kept. Raises Refusal: member_name_bad, phone_bad."""
    name = clean(name, most=20)
    digits = re.sub(r"[\s()-]", "", clean(phone, most=30))
    if not name:
        raise Refusal("member_name_bad")
    if not digits.isascii() or not _PHONE.fullmatch(digits):
        raise Refusal("phone_bad")
    return Profile(name, digits)


def checked_consents(consents: tuple[str, ...]) -> tuple[str, ...]:
    """What somebody agreed to. Raises Refusal("consent_needed"): no card without their yes."""
    if "member" not in consents or not set(consents) <= set(CONSENTS):
        raise Refusal("consent_needed")
    return tuple(each for each in CONSENTS if each in consents)


def masked_phone(phone: str) -> str:
    """138****5678: what everybody but a manager sees."""
    shown = 3 if len(phone) >= 11 else 0
    return f"{phone[:shown]}****{phone[-TAIL:]}"


def masked_name(name: str) -> str:
    """王**: the family name, and that there is more."""
    return f"{name[:1]}**"


def points_for(paid: int, per: int) -> int:
    """Points a sale earns: `per` whole yuan a point, nothing for parts."""
    return max(paid, 0) // (per * 100) if per else 0


def worth_of(points: int, settings: Mapping[str, str]) -> int:
    """Fen that points take off a sale. Raises Refusal: points_off, bad_points."""
    hundred = int(settings["points_worth"])
    if not hundred:
        raise Refusal("points_off")
    if points <= 0 or points % 100:
        raise Refusal("bad_points")
    return points // 100 * hundred


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Money a customer left, as it stands. Amounts in fen."""

    account: str
    kind: str
    member: str
    note: str
    left: int
    """Principal taken in."""
    bonus: int
    used: int
    returned: int
    kept: int
    opened_ms: int
    last_ms: int
    """When money was last left: the seven days run from there."""

    @property
    def balance(self) -> int:
        """What may still be used, bonus included."""
        return self.left + self.bonus - self.used - self.returned - self.kept

    @property
    def principal(self) -> int:
        """What may still be paid out: principal is used before bonus."""
        return max(self.left - self.used - self.returned - self.kept, 0)


def check_left(kind: str, amount: int, bonus: int, contract: int, standing: int) -> None:
    """See that money may be taken. `standing` is what the member has stored already.

    Raises Refusal: ledger_kind_bad, bad_amount, earnest_too_high, stored_too_high.
    """
    if kind not in KINDS:
        raise Refusal("ledger_kind_bad", kind=kind[:20])
    if amount <= 0 or bonus < 0 or (bonus and kind not in ("prepaid", "stored")):
        raise Refusal("bad_amount", text="")
    if kind == "earnest" and amount * EARNEST_SHARE > contract:
        raise Refusal("earnest_too_high", most=yuan(contract // EARNEST_SHARE))
    if kind == "stored" and standing + amount + bonus > NAMED_CARD_CAP:
        raise Refusal("stored_too_high", most=yuan(NAMED_CARD_CAP))


def check_returned(account: Account, amount: int) -> None:
    """See that so much may go back. Raises Refusal: bad_amount, too_much_back."""
    if amount <= 0:
        raise Refusal("bad_amount", text="")
    if amount > account.principal:
        raise Refusal("too_much_back", left=yuan(account.principal))


def without_reason(account: Account, now_ms: int) -> bool:
    """Whether money goes back just because the customer asks.

    Returnable kinds always; prepaid and stored within seven days of the last payment.
    """
    if account.kind in ("deposit", "pledge"):
        return True
    recent = now_ms - account.last_ms <= REGRET_DAYS * DAY_MS
    return account.kind in ("prepaid", "stored") and recent
