"""别店有货: what a till asks about one article, and how much of it each other shop has."""

from typing import Annotated

import msgspec

from sync.protocol import PLAIN, VERSION, Id, Milliseconds, Refused, decoded_answer

STOCK_PATH = "/v1/stock"
MOST_SHOPS = 500

Text = Annotated[str, msgspec.Meta(max_length=60, pattern=PLAIN)]


class AskStock(msgspec.Struct, frozen=True, kw_only=True):
    """Who else has this article (the brand's code)?"""

    v: int = VERSION
    product: Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=PLAIN)]


class ShopStock(msgspec.Struct, frozen=True):
    """What the books of one shop say, as far as they have come."""

    shop: Id
    name: Text
    """What it calls itself, "" when it never said."""
    quantity: int
    """Thousandths."""
    known_ms: Milliseconds
    """When the last entries of that shop came in: what it sold since nobody knows."""


class StockElsewhere(msgspec.Struct, frozen=True, kw_only=True, tag="stock_elsewhere",
                     tag_field="answer"):  # fmt: skip
    """The other shops that have some, the most first."""

    v: int = VERSION
    shops: Annotated[list[ShopStock], msgspec.Meta(max_length=MOST_SHOPS)]
    hub_ms: Milliseconds


_answers: msgspec.json.Decoder[StockElsewhere | Refused] = msgspec.json.Decoder(
    StockElsewhere | Refused
)


def stock_in(body: bytes) -> StockElsewhere | Refused:
    """The answer in a body. Raises Hostile."""
    return decoded_answer(body, _answers)
