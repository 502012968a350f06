"""More lines of head office: prices, promotions, recalls, people. The same actions as the pages.

Whoever types them sits at the hub's own machine, so they act as nobody in particular ("local") and
are never the second person; that one signs in on the line that says yes.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from app.errors import Refusal
from app.languages import filled
from app.money import yuan
from app.pricing.drafts import Listing, PriceListDraft, PromotionDraft
from app.reports.wording import Wording
from sync.hub import drafting, festivals, importing, offers, people, recalling, reporting, updates
from sync.hub.offers import Outcome
from sync.hub.prices import Effect
from sync.hub.rights import AT_THE_MACHINE
from sync.hub.state import Hub
from ui.console_reports import papers_answer, sheet_answer

Answer = dict[str, Any]
CHINESE = Wording(lambda text, **within: filled(text, within) if within else text)


class PriceList(
    PriceListDraft, kw_only=True, tag="price_list", tag_field="do", forbid_unknown_fields=True,
    frozen=True,
):  # fmt: skip
    """A price list for some shops, all when none is named; `preview` only says what it would do."""

    lines: Sequence[Listing]
    shops: tuple[str, ...] = ()
    preview: bool = False

    def answer(self, hub: Hub) -> Answer:
        with hub.database.begin() as db:
            offer, effect = drafting.price_list(hub, db, self, self.shops)
        return _published(hub, offer, effect, self.preview) | {"document": offer.subject}


class PromotionLine(
    PromotionDraft, kw_only=True, tag="promotion", tag_field="do", forbid_unknown_fields=True,
    frozen=True,
):  # fmt: skip
    """A promotion, or a new version of one."""

    shops: tuple[str, ...] = ()
    preview: bool = False

    def answer(self, hub: Hub) -> Answer:
        with hub.database.begin() as db:
            offer, effect = drafting.promotion(hub, db, self, self.shops)
        return _published(hub, offer, effect, self.preview)


class Withdraw(msgspec.Struct, tag="withdraw", tag_field="do", forbid_unknown_fields=True):
    """撤回 of a price list (its document) or a promotion (its code)."""

    scope: str
    subject: str

    def answer(self, hub: Hub) -> Answer:
        return _outcome(offers.withdraw(hub, AT_THE_MACHINE, scope=self.scope,
                                        subject=self.subject))  # fmt: skip


class Adopt(msgspec.Struct, tag="adopt", tag_field="do", forbid_unknown_fields=True):
    """A shop's own articles become the brand's, in every shop."""

    shop: str
    products: tuple[str, ...]

    def answer(self, hub: Hub) -> Answer:
        with hub.database.begin() as db:
            goods = drafting.adopted(db, self.products, self.shop)
            offer, effect = drafting.products_set(hub, db, goods)
        return _published(hub, offer, effect, False)


class ImportGoods(msgspec.Struct, tag="import_goods", tag_field="do", forbid_unknown_fields=True):
    """A table of goods, of their codes or of kits, in a file at the hub's machine; rows that cannot
    be taken are said, the others are published unless it is a `preview`."""

    path: str
    kind: str = "products"
    shops: tuple[str, ...] = ()
    preview: bool = False

    def answer(self, hub: Hub) -> Answer:
        try:
            content = Path(self.path).read_bytes()
        except OSError as error:
            raise Refusal("import_no_file", name=Path(self.path).name) from error
        with hub.database.begin() as db:
            looked = importing.look(hub, db, content, self.kind, self.shops)
        rows = {
            "rows": msgspec.to_builtins(looked.seen.totals),
            "refused": [msgspec.to_builtins(each) for each in looked.seen.bad[:200]],
        }
        if not looked.offer.facts and not self.preview:
            return rows | {"versions": {}}
        return rows | _published(hub, looked.offer, looked.effect, self.preview)


class Report(
    msgspec.Struct, tag="report", tag_field="do", forbid_unknown_fields=True,
    rename={"from_": "from"},
):  # fmt: skip
    """A report over all shops or some; with a `row` the papers behind it, with `entries` a range
    longer than a week is held against its entries too, before it answers."""

    name: str
    from_: str = ""
    to: str = ""
    shops: tuple[str, ...] = ()
    compare: str = ""
    row: str = ""
    entries: bool = False

    def answer(self, hub: Hub) -> Answer:
        with hub.database.view() as db:
            wanted = reporting.question(
                hub, db, self.name, first=self.from_, last=self.to, only=self.shops,
                compare=self.compare,
            )  # fmt: skip
            found = reporting.report(hub, db, self.name, wanted)
            if self.row:
                behind = reporting.behind(hub, db, wanted, found, found.line(self.row))
                return {"report": self.name, "row": self.row, "papers": papers_answer(behind)}
        if self.entries:
            found = reporting.held_whole(hub, found, wanted)
        said = sheet_answer(self.name, found)
        if not found.check.ok:
            with hub.database.begin() as db:
                said["check"] |= {
                    "said": CHINESE.check(found),
                    "damaged": [
                        msgspec.to_builtins(each)
                        for each in reporting.damaged(db, wanted, found.check)
                    ],
                }
        return said


class Waiting(msgspec.Struct, tag="waiting", tag_field="do", forbid_unknown_fields=True):
    """What waits for a second person."""

    def answer(self, hub: Hub) -> Answer:
        with hub.database.begin() as db:
            return {
                "proposals": [
                    {"proposal": each.proposal, "scope": each.scope, "subject": each.subject,
                     "person": each.person, "shops": each.shops}
                    for each in offers.waiting(db)
                ]
            }  # fmt: skip


class Second(msgspec.Struct, tag="second", tag_field="do", forbid_unknown_fields=True):
    """A second person's yes, with their password and the code of their phone."""

    proposal: str
    person: str
    password: str
    code: str

    def answer(self, hub: Hub) -> Answer:
        actor = people.sign_in(hub, person=self.person, password=self.password, code=self.code)
        return _outcome(offers.second(hub, actor, self.proposal))


class Decline(msgspec.Struct, tag="decline", tag_field="do", forbid_unknown_fields=True):
    """Take back what waits."""

    proposal: str
    reason: str = ""

    def answer(self, hub: Hub) -> Answer:
        offers.decline(hub, AT_THE_MACHINE, self.proposal, self.reason)
        return {}


class RecallLine(msgspec.Struct, tag="recall", tag_field="do", forbid_unknown_fields=True):
    """召回: no shop sells these lots any more."""

    product: str
    lots: tuple[str, ...]
    level: str = "1"

    def answer(self, hub: Hub) -> Answer:
        recall, number, outcome = recalling.announce(
            hub, AT_THE_MACHINE, product=self.product, batches=self.lots, level=self.level
        )
        return _outcome(outcome) | {"recall": recall, "number": number}


class RecallRoom(msgspec.Struct, tag="recall_room", tag_field="do", forbid_unknown_fields=True):
    """Where every piece of a recall is, and which tills have it."""

    recall: str

    def answer(self, hub: Hub) -> Answer:
        with hub.database.begin() as db:
            room = recalling.room(db, self.recall)
        return {
            "number": room.recall.number,
            "tills": [{"shop": each.shop, "till": each.till, "acknowledged_ms": each.seen_ms}
                      for each in room.tills],
            "with_buyers": room.with_buyers, "came_back": room.total("came_back"),
            "held": room.total("held"), "scrapped": room.total("scrapped"),
            "received": room.total("received"), "missing": room.missing,
            "receipts": [{"shop": each.shop, "number": each.number, "certain": each.certain}
                         for each in room.buyers],
        }  # fmt: skip


class RecallClose(msgspec.Struct, tag="recall_close", tag_field="do", forbid_unknown_fields=True):
    """结案."""

    recall: str

    def answer(self, hub: Hub) -> Answer:
        fact = recalling.close(hub, AT_THE_MACHINE, self.recall)
        return {"with_buyers": fact.with_buyers, "came_back": fact.came_back, "held": fact.held,
                "scrapped": fact.scrapped}  # fmt: skip


class RecallLift(msgspec.Struct, tag="recall_lift", tag_field="do", forbid_unknown_fields=True):
    """解除召回."""

    recall: str

    def answer(self, hub: Hub) -> Answer:
        return _outcome(recalling.lift(hub, AT_THE_MACHINE, self.recall))


class StaffLine(msgspec.Struct, tag="staff", tag_field="do", forbid_unknown_fields=True):
    """Somebody's role, in one shop or all. Names and PINs are in no fact: they are given in the
    shop, and the answer says what was left out."""

    staff: str
    role: str
    shop: str = ""
    name: str = ""
    pin: str = ""
    active: bool = True

    def answer(self, hub: Hub) -> Answer:
        with hub.database.begin() as db:
            offer, effect = drafting.staff_set(
                db, shop=self.shop, person=self.staff, role=self.role, active=self.active
            )
        left_out = [what for what in ("name", "pin") if getattr(self, what)]
        return _published(hub, offer, effect, False) | {"left_out": left_out}


class FestivalLine(msgspec.Struct, tag="festival", tag_field="do", forbid_unknown_fields=True,
                   rename={"from_": "from"}):  # fmt: skip
    """An entry of the 消费节 calendar."""

    code: str
    name: str
    town: str = ""
    from_: str = ""
    to: str = ""
    active: bool = True

    def answer(self, hub: Hub) -> Answer:
        festivals.set_festival(
            hub, AT_THE_MACHINE, code=self.code, name=self.name, town=self.town,
            from_day=self.from_, to_day=self.to, active=self.active,
        )  # fmt: skip
        return {}


class UpdateLine(msgspec.Struct, tag="update", tag_field="do", forbid_unknown_fields=True):
    """Take in an update file that lies at the hub's machine. No shop gets it yet."""

    path: str

    def answer(self, hub: Hub) -> Answer:
        name, found = updates.take_in(hub, AT_THE_MACHINE, Path(self.path))
        return {"update": name, "program": found.version, "machine": found.machine}


class GiveUpdate(msgspec.Struct, tag="give_update", tag_field="do", forbid_unknown_fields=True):
    """Give an update to these shops and no others, all when none is named; `none`: take it back."""

    update: str
    shops: tuple[str, ...] = ()
    none: bool = False

    def answer(self, hub: Hub) -> Answer:
        given = updates.give(hub, AT_THE_MACHINE, self.update, self.shops, none=self.none)
        return {"shops": given}


class PersonLine(msgspec.Struct, tag="person", tag_field="do", forbid_unknown_fields=True):
    """Somebody at head office, the first one too; the second factor's link is shown once."""

    person: str
    role: str
    password: str
    name: str = ""

    def answer(self, hub: Hub) -> Answer:
        link = people.set_person(
            hub, AT_THE_MACHINE, person=self.person, name=self.name, role=self.role,
            password=self.password,
        )  # fmt: skip
        return {"second_factor": link}


class PersonEnd(msgspec.Struct, tag="person_end", tag_field="do", forbid_unknown_fields=True):
    """Somebody left head office."""

    person: str

    def answer(self, hub: Hub) -> Answer:
        people.end_person(hub, AT_THE_MACHINE, self.person)
        return {}


class PersonUnlock(msgspec.Struct, tag="person_unlock", tag_field="do",
                   forbid_unknown_fields=True):  # fmt: skip
    """A locked number may try again."""

    person: str

    def answer(self, hub: Hub) -> Answer:
        people.unlock(hub, AT_THE_MACHINE, self.person)
        return {}


LINES = (
    *(PriceList, PromotionLine, Withdraw, Adopt, ImportGoods, Waiting, Second, Decline, StaffLine),
    *(RecallLine, RecallRoom, RecallClose, RecallLift, FestivalLine),
    *(PersonLine, PersonEnd, PersonUnlock, UpdateLine, GiveUpdate, Report),
)


def _published(hub: Hub, offer: offers.Offer, effect: Effect, preview: bool) -> Answer:
    shown = {
        "products": effect.products,
        "largest_permille": effect.largest,
        "tags": effect.tags,
        "below_floor": [move.product for move in effect.below_floor],
        "below_cost": [move.product for move in effect.below_cost],
        "needs_second": effect.needs_second,
        "moves": [
            {"shop": move.shop, "product": move.product, "before": yuan(move.before),
             "after": yuan(move.after)}
            for move in effect.moves[:200]
        ],
    }  # fmt: skip
    if preview:
        return {"preview": shown}
    return _outcome(offers.submit(hub, AT_THE_MACHINE, offer, effect)) | {"effect": shown}


def _outcome(outcome: Outcome) -> Answer:
    if outcome.proposal:
        return {"proposal": outcome.proposal}
    return {"versions": outcome.versions, "version": max(outcome.versions.values())}
