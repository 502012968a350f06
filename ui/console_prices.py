"""Console commands about prices: lists, promotions, trying one on past receipts, why a price."""

from typing import Any

from app.clock import iso
from app.money import yuan
from app.pricing.drafts import Listing, PriceListDraft, PromotionDraft
from app.pricing.rules import ORDER
from app.pricing.windows import DAY_MS, parse_to
from app.quantity import shown
from app.reports.tasks import SKEW_WARNS_MS
from app.sales.explaining import why_line
from app.sales.publishing import (
    Published,
    end_promotion,
    now_of,
    publish_prices,
    publish_promotion,
    try_draft,
    withdraw_price_list,
)
from app.sales.trying import Trial
from ui.console import Answer, Commands, Seat
from ui.console_answers import basket_answer, reductions_answer

PRICES = Commands()
command = PRICES.add


def _published(seat: Seat, done: Published) -> Answer:
    answer: Answer = {"version": str(done.seq), "document": done.document}
    if warnings := _warnings(seat):
        answer["warnings"] = warnings
    return answer


def _warnings(seat: Seat) -> list[str]:
    """What a person should see before they trust dated prices."""
    skew = abs(seat.books.journal.guard.skew_ms())
    return [f"时钟走偏了 {skew // 1000} 秒，限时价格会跟着偏"] if skew > SKEW_WARNS_MS else []


@command
def price_list(
    seat: Seat,
    *,
    from_: str = "",
    to: str = "",
    group: str = "",
    zone: str = "",
    lines: list[Listing] | None = None,
    withdraw: str = "",
) -> Answer:
    if withdraw:
        done = withdraw_price_list(seat.desk, withdraw, seat.approver)
    else:
        draft = PriceListDraft(from_=from_, to=to, group=group, zone=zone, lines=lines or ())
        done = publish_prices(seat.desk, draft, seat.approver)
    return _published(seat, done)


@command
def promotion(
    seat: Seat,
    *,
    code: str,
    name: str = "",
    kind: str = "",
    from_: str = "",
    to: str = "",
    products: list[str] | None = None,
    params: dict[str, Any] | None = None,
    stacking: str = "",
    try_: str = "",
    withdraw: bool = False,
) -> Answer:
    if withdraw:
        return _published(seat, end_promotion(seat.desk, code, seat.approver))
    draft = PromotionDraft(
        code=code,
        name=name,
        kind=kind,
        from_=from_,
        to=to,
        products=products or (),
        params=params or {},
        stacking=stacking,
    )
    if try_:
        return _trial_answer(try_draft(seat.desk, draft, try_, seat.approver))
    return _published(seat, publish_promotion(seat.desk, draft, seat.approver))


def _trial_answer(trial: Trial) -> Answer:
    return {
        "tried": {
            "receipts": trial.receipts,
            "changed": [
                {
                    "number": each.number,
                    "before": yuan(each.before),
                    "after": yuan(each.after),
                    "effect": yuan(each.after - each.before),
                }
                for each in trial.changed
            ],
            "before": yuan(trial.before),
            "after": yuan(trial.after),
            "effect": yuan(trial.after - trial.before),
            "products": [
                {
                    "product": each.product,
                    "name": each.name,
                    "quantity": shown(each.quantity, weighed=False),
                    "effect": yuan(each.off),
                }
                for each in trial.products
            ],
            "below_floor": list(trial.below_floor),
            "below_cost": list(trial.below_cost),
        }
    }


@command
def use_code(seat: Seat, *, code: str) -> Answer:
    return {"name": seat.counter.use_code(code), "basket": basket_answer(seat.counter)}


@command
def why(seat: Seat, *, line: int) -> Answer:
    found = why_line(seat.counter, line)
    return {
        "rules": [
            {
                "kind": found.kind,
                "name": found.name,
                "amount": yuan(found.amount),
                "list": found.price_list,
            },
            *reductions_answer(found.reductions),
        ],
        "not_applied": [
            {"code": each.code, "name": each.name, "reason": each.reason}
            for each in found.not_applied
        ],
        "unit_price": yuan(found.unit_price),
        "quantity": found.quantity,
        "net": yuan(found.net),
        "order": [words for _, words in ORDER],
    }


@command
def tags_due(seat: Seat, *, until: str = "") -> Answer:
    """Tags on the shelves that lie, and prices that change until then: until the end of tomorrow
    unless said otherwise."""
    now = now_of(seat.desk)
    end = parse_to(until or iso(now + DAY_MS)[:10]) - 1
    with seat.books.read() as db:
        changes = seat.desk.prices.changes(db, now, end)
    lying = [
        {
            "product": each.product,
            "name": each.name,
            "zone": each.zone,
            "at": iso(now),
            "before": yuan(each.printed),
            "after": yuan(each.price),
        }
        for each in seat.till.labels.due()
    ]
    coming = [
        {
            "product": each.product.code,
            "name": each.product.name,
            "zone": "",
            "at": iso(each.moment),
            "before": yuan(each.before),
            "after": yuan(each.after),
        }
        for each in changes
    ]
    return {
        "tags": lying + coming,
        "warnings": _warnings(seat),
    }
