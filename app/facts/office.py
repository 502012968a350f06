"""Facts of head office, in the brand's own journal: who did what there. They never go to a till.

What head office decides about goods are the facts a shop uses itself (ProductsSet, PriceListSet,
PromotionSet, LotsRecalled, StaffSet); these say the rest. Persons are numbers, days ISO.
"""

from app.facts.base import Fact, Part


class OfficePersonSet(Fact, frozen=True, kw_only=True):
    """Somebody's role at head office, and whether they still work there."""

    person: str
    role: str
    """editor, approver, auditor."""
    active: int = 1
    by: str = ""
    """"" for the first person, who is made on the hub's own machine."""


class OfficeSecretSet(Fact, frozen=True, kw_only=True):
    """Somebody got a new password or second factor; the secret itself is in no fact."""

    person: str
    what: str
    """password, second_factor."""
    by: str = ""


class OfficeSignedIn(Fact, frozen=True, kw_only=True):
    """Somebody proved with password and second factor who they are."""

    person: str


class OfficeSignInFailed(Fact, frozen=True, kw_only=True):
    """Somebody did not; after ten in a row the number is locked."""

    person: str
    """"" for a number nobody has: what was typed may have been a password."""
    reason: str
    """password, code, locked, gone, unknown."""
    failures: int = 0


class OfficeSignedOut(Fact, frozen=True, kw_only=True):
    """Somebody left, or was away too long."""

    person: str
    reason: str = ""


class OfficeUnlocked(Fact, frozen=True, kw_only=True):
    """A number that ten failures had locked may sign in again."""

    person: str
    by: str


class OfficeRefused(Fact, frozen=True, kw_only=True):
    """Somebody asked for an act they have no right to."""

    person: str
    act: str


class EnrolCodeGiven(Fact, frozen=True, kw_only=True):
    """A one-time code for a till was handed out; the code itself is in no fact."""

    target: str
    """The shop."""
    till: str
    person: str


class DeviceApproved(Fact, frozen=True, kw_only=True):
    """A till was let in, its fingerprint compared by a person."""

    target: str
    till: str
    device: str
    fingerprint: str
    person: str


class DeviceRevoked(Fact, frozen=True, kw_only=True):
    """A till may send and fetch nothing any more."""

    target: str
    till: str
    device: str
    reason: str = ""
    person: str


class DeviceReleased(Fact, frozen=True, kw_only=True):
    """What a till sent after it was shut out was looked at and taken in."""

    target: str
    till: str
    device: str
    entries: int
    person: str


class PublicationProposed(Fact, frozen=True, kw_only=True):
    """Somebody wants to publish what needs a second person's yes."""

    proposal: str
    scope: str
    subject: str
    """The document or code it is about."""
    shops: tuple[str, ...]
    products: int
    largest: int
    """The largest change of a price, thousandths, signed."""
    digest: str
    """SHA-256 of the facts that would be published: a yes is for exactly these."""
    person: str


class PublicationDeclined(Fact, frozen=True, kw_only=True):
    """The second person said no, or the first took it back."""

    proposal: str
    person: str
    reason: str = ""


class ShopVersion(Part, frozen=True, kw_only=True):
    """The version a shop's feed came to."""

    shop: str
    version: int


class Published(Fact, frozen=True, kw_only=True):
    """A feed of some shops got a new version."""

    publication: str
    scope: str
    subject: str
    what: str
    """set, withdrawn."""
    versions: tuple[ShopVersion, ...]
    products: int = 0
    largest: int = 0
    person: str
    approver: str = ""
    """The second person, where one was needed."""


class RecallClosed(Fact, frozen=True, kw_only=True):
    """结案: where every piece of a recalled lot is, in thousandths; the recall itself may go on."""

    recall: str
    with_buyers: int
    came_back: int
    held: int
    scrapped: int
    person: str


class UpdateOffered(Fact, frozen=True, kw_only=True):
    """An update file was taken in, or other shops than before get it; the newest fact stands."""

    update: str
    """SHA-256 of the file."""
    program: str
    """The version it brings."""
    machine: str
    size: int
    """Bytes."""
    shops: tuple[str, ...]
    """() = none (yet, or any more)."""
    person: str


class FestivalSet(Fact, frozen=True, kw_only=True):
    """One entry of the 消费节 calendar, new or changed; the code is its identity."""

    code: str
    name: str
    town: str = ""
    from_day: str
    to_day: str
    """The last day, included."""
    active: int = 1
    person: str
