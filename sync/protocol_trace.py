"""验真: what a till asks about a code on the goods, and what the hub answers.

The same answer, without anything about persons, stands on the page a customer's phone opens.
"""

from typing import Annotated, Literal

import msgspec

from sync.protocol import PLAIN, VERSION, Milliseconds, Refused, decoded_answer

GENUINE_PATH = "/v1/genuine"
TRACE_PATH = "/01/{gtin}/10/{lot}"
"""How a GS1 Digital Link names a lot; `/21/{serial}` behind it names one piece."""
MOST_PATH = 40

State = Literal["genuine", "sold", "recalled", "unknown"]
Text = Annotated[str, msgspec.Meta(max_length=60, pattern=PLAIN)]


class AskGenuine(msgspec.Struct, frozen=True, kw_only=True):
    """Is this real? Either `gtin` (8 to 14 digits) or `product` (the brand's code) may be ""."""

    v: int = VERSION
    gtin: Annotated[str, msgspec.Meta(max_length=14, pattern=r"^[0-9]*$")] = ""
    product: Text = ""
    lot: Text = ""
    """The lot's id, or the batch printed on the goods."""
    serial: Text = ""


class Passed(msgspec.Struct, frozen=True):
    """A shop that took the lot in, and on which day (ISO)."""

    shop: str
    name: str
    day: str


class Genuine(msgspec.Struct, frozen=True, kw_only=True, tag="genuine", tag_field="answer"):
    """What the hub knows of it: as of `hub_ms`."""

    v: int = VERSION
    state: State
    """sold: this very piece was sold before; a lot alone is never sold."""
    product: str = ""
    name: str = ""
    spec: str = ""
    mark: str = ""
    """county, town, dual, ""."""
    town: str = ""
    village: str = ""
    maker: str = ""
    story: str = ""
    batch: str = ""
    made: str = ""
    expires: str = ""
    certificate: str = ""
    report: str = ""
    recall: str = ""
    """The recall's number, for what is recalled."""
    sold_day: str = ""
    sold_shop: str = ""
    passed: Annotated[list[Passed], msgspec.Meta(max_length=MOST_PATH)] = []
    hub_ms: Milliseconds


_answers: msgspec.json.Decoder[Genuine | Refused] = msgspec.json.Decoder(Genuine | Refused)


def genuine_in(body: bytes) -> Genuine | Refused:
    """The answer in a body. Raises Hostile."""
    return decoded_answer(body, _answers)
