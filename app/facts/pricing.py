"""Facts about prices: dated price lists and promotions, set anew or taken back.

Prices and amounts in fen, shares in thousandths taken off (50 = 5 % off = 九五折), moments in UTC
milliseconds; an end of 0 means until further notice, any other end is the first moment after.
"""

from app.facts.base import Fact, Part


class ListedPrice(Part, frozen=True, kw_only=True):
    """What a product costs while its list is valid."""

    product: str
    price: int
    floor: int = 0
    """Nobody sells below it without a second person's yes; 0 = no floor."""


class PriceListSet(Fact, frozen=True, kw_only=True):
    """A price list, or a part of a long one; parts share the document, which is its identity."""

    document: str
    part: int = 1
    parts: int = 1
    group: str = ""
    """Whom it is for: "" everybody, "member" members."""
    zone: str = ""
    """The price zone of shops it is for, "" all of them."""
    from_ms: int
    to_ms: int = 0
    lines: tuple[ListedPrice, ...]


class PriceListWithdrawn(Fact, frozen=True, kw_only=True):
    """A price list was taken back: from this moment it prices nothing more."""

    document: str


class Step(Part, frozen=True, kw_only=True):
    """From so much spent on, so much comes off: an amount, or a share in thousandths."""

    spend: int
    off: int = 0
    permille: int = 0


class KitPiece(Part, frozen=True, kw_only=True):
    """`pieces` of a product go into one set."""

    product: str
    pieces: int


class Promotion(Part, frozen=True, kw_only=True):
    """A rule that lowers prices while it is valid. Which fields count depends on `kind`.

    item_price: `price`. percent: `permille`. nth: every `n`-th piece at `price` or `permille` off.
    buy_get: of every `n` bought, `get` more (or `get` of `gifts`) are free. spend_get: `steps`.
    swap: from `steps[0].spend` on, the products at `price`. kit: `parts` together at `price`.
    member: `price` or `permille`, for members, on goods without an item promotion.
    """

    code: str
    name: str
    kind: str
    from_ms: int
    to_ms: int = 0
    weekdays: tuple[int, ...] = ()
    """1 = Monday … 7 = Sunday; () = every day."""
    hours: tuple[str, ...] = ()
    """Clock windows "17:00-19:00", the end excluded; () = all day."""
    products: tuple[str, ...] = ()
    """Product codes; () = everything that may be reduced."""
    stacking: str = ""
    """Promotions of one class exclude each other on a line; "" = the kind's own class."""
    price: int = -1
    permille: int = 0
    base: int = 0
    """The price before, as tag and poster state it (划线价); 0 = none is stated."""
    n: int = 0
    get: int = 0
    gifts: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    repeats: int = 0
    """1 = 每满: as many times as the step is reached."""
    most_off: int = 0
    """Most that comes off a basket, 0 = no such limit."""
    parts: tuple[KitPiece, ...] = ()
    basket_cap: int = 0
    """How often in one basket (pieces for item_price and percent), 0 = no limit."""
    member_cap: int = 0
    """How often for one member while the promotion lives, 0 = no limit; needs a member."""
    needs_code: str = ""


class PromotionSet(Fact, frozen=True, kw_only=True):
    """A promotion, or a new version of one: the code is its identity."""

    document: str
    promotion: Promotion


class PromotionWithdrawn(Fact, frozen=True, kw_only=True):
    """A promotion was taken back: nothing added from this moment on is lowered by it."""

    code: str
