"""Why books change without a sale, as data."""

import msgspec

from app.errors import Refusal
from app.text import clean

GONE, FOUND, EITHER = -1, 1, 0


class Reason(msgspec.Struct, frozen=True):
    """One reason: which way it goes, and what has to be said with it."""

    code: str
    word: str
    sign: int
    beneficiary: bool = False
    """Who got it must be said: an organisation, never a person."""
    approval_no: bool = False
    """Somebody above the shop agreed in writing."""
    loss: bool = False
    """Stands in the ledger of losses."""


REASONS = (
    Reason("damaged", "报损", GONE, loss=True),
    Reason("expired", "过期报损", GONE, loss=True),
    Reason("spoiled", "变质", GONE, loss=True),
    Reason("lost", "短少", GONE, loss=True),
    Reason("recalled", "召回销毁", GONE, loss=True),
    Reason("found", "报溢", FOUND),
    Reason("correction", "更正", EITHER),
    Reason("own_use", "自用", GONE),
    Reason("tasting", "试吃", GONE),
    Reason("sample", "样品", GONE, beneficiary=True),
    Reason("display", "展示", GONE),
    Reason("donation", "捐赠", GONE, beneficiary=True, approval_no=True),
    Reason("sponsorship", "赞助", GONE, beneficiary=True, approval_no=True),
    Reason("sympathy", "慰问", GONE, beneficiary=True, approval_no=True),
    Reason("supplier_return", "退供应商", GONE, beneficiary=True),
)
BY_CODE = {reason.code: reason for reason in REASONS}
_BY_WORD = {reason.word: reason for reason in REASONS} | {
    "过期": BY_CODE["expired"],
    "破损": BY_CODE["damaged"],
    "loss": BY_CODE["damaged"],
    "overage": BY_CODE["found"],
}
LOSSES = (*(reason.code for reason in REASONS if reason.loss), "scrapped")
"""What the ledger of losses holds; `scrapped` is what came back from a customer unfit to sell."""


def reason_of(text: str) -> Reason:
    """A reason by its code or its word. Raises Refusal: reason_needed, bad_reason."""
    text = text.strip()
    if not text:
        raise Refusal("reason_needed")
    found = BY_CODE.get(text.lower()) or _BY_WORD.get(text) or _BY_WORD.get(text.lower())
    if found is None:
        raise Refusal("bad_reason", text=clean(text, most=20))
    return found


def check(reason: Reason, quantity: int, beneficiary: str, approval_no: str) -> None:
    """See that everything this reason asks for was said, and that it goes the right way.

    Raises Refusal: wrong_sign, beneficiary_needed, approval_no_needed.
    """
    if reason.sign and quantity * reason.sign < 0:
        raise Refusal("wrong_sign", word=reason.word)
    if reason.beneficiary and not beneficiary:
        raise Refusal("beneficiary_needed", word=reason.word)
    if reason.approval_no and not approval_no:
        raise Refusal("approval_no_needed", word=reason.word)
