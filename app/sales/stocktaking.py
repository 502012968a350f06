"""盘点 at the counter: who may count, see the books and close, and what a scan adds.

Counting asks nothing of the till: it sells on meanwhile, and a count needs no open turn.
"""

import hashlib
import re
from collections.abc import Sequence

import msgspec

from app.errors import Refusal
from app.facts.stock import CountEntered, CountZone
from app.sales.count_beside import Beside, beside
from app.sales.count_codes import Counted, counted_goods
from app.sales.desk import Desk
from app.staff.rules import NOBODY, Approver, may
from app.stock import count_queries, counting
from app.stock.count_queries import Count
from app.stock.count_review import Difference, Rules, count_rules, review
from app.stock.counting import Closed, Plan, Who
from app.stock.counting_rules import DOUBLED, MOVED, Entry, Found, doubled, found, standing
from app.stock.rules import PLACES, SHELF
from app.text import clean
from app.transaction import Books

MOST_ZONE, MOST_ZONES = 40, 300
_COUNTER = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,11}")


class Entered(msgspec.Struct, frozen=True):
    """What a scan added, and what now stands counted of it. Quantities in thousandths."""

    goods: tuple[Counted, ...]
    zone: str
    in_zone: int
    in_all: int


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """A count as it stands. `differences` is None for who may not see the books yet."""

    count: Count
    entries: tuple[Entry, ...]
    found: tuple[Found, ...]
    again: tuple[tuple[str, str], ...]
    """(article, why) that has to be counted again; a worth that shows only to who may see it."""
    differences: tuple[Difference, ...] | None
    missed: tuple[str, ...]
    doubled: tuple[tuple[str, str], ...]
    unknown: tuple[Entry, ...]
    uncounted: tuple[str, ...]
    """Articles the books hold in these places and nobody counted."""
    beside: tuple[Beside, ...]


class Stocktaking:
    """Remembers nothing: any till, any person goes on with any count."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @property
    def _books(self) -> Books:
        return self.desk.books

    def who(self) -> Who:
        """The person signed in. Raises Refusal("sign_in_needed")."""
        person = self.desk.signed_in()
        return Who(person, self.desk.business_day(), self.desk.shift_id)

    def rules(self) -> Rules:
        """What the shop set for its counts."""
        return count_rules(self.desk.settings, self.desk.today)

    def open(self, zones: Sequence[str], place: str = SHELF, name: str = "") -> str:
        """Open a count of zones, or join them to one that runs; its id.

        Raises Refusal: bad_zone, bad_place, and as `counting.open_count`.
        """
        self.desk.allowed("count")
        if place not in PLACES:
            raise Refusal("bad_place", text=place[:20])
        named = dict.fromkeys(clean(zone, most=MOST_ZONE) for zone in zones)
        if not named or "" in named or len(named) > MOST_ZONES:
            raise Refusal("bad_zone", text=clean("、".join(zones), most=40))
        wanted = [CountZone(zone=zone, place=place) for zone in named]
        return counting.open_count(self._books, self.who(), wanted, name=name)

    def all_counts(self) -> list[Count]:
        """Every count of the shop, oldest first."""
        with self._books.read() as db:
            return count_queries.counts(db, self._books.shop)

    def open_counts(self) -> list[Count]:
        """Counts that run."""
        with self._books.read() as db:
            return count_queries.open_counts(db, self._books.shop)

    def enter(
        self,
        name: str,
        text: str,
        quantity: str = "",
        *,
        batch: str = "",
        zone: str = "",
        counter: str = "",
        replace: bool = False,
        recount: bool = False,
        instead: bool = False,
        since_ms: int = 0,
        sheet: int = 0,
        paper: str = "",
    ) -> Entered:
        """Add what somebody found, or set it (`replace`, `recount`); `instead` takes their last
        entry back for it, a line of a sheet what was typed of that line before.

        A recount is somebody else's, except where one person keeps the shop. Raises Refusal as
        `counted_goods`, `counting.enter`, and which_shelf, recount_same, counter_bad.
        """
        self.desk.allowed("count")
        who, counter = self.who(), self.counter_mark(counter)
        with self._books.read() as db:
            read = self.desk.read_code(text)
            goods = counted_goods(db, self._books.shop, read, text, quantity, batch)
            running = running_count(count_queries.counts(db, self._books.shop, name))
            code = goods[0].code
            narrow = code if zone or recount else ""
            before = standing(count_queries.entries_of(db, self._books.shop, name, narrow))
        zone = zone or _zone_meant(running, before, counter, code if recount else "")
        if recount:
            self._not_by_the_same(before, zone, code, counter)
        elif instead:
            counting.undo_last(self._books, who, name, counter)
        back = [each for each in before if paper and (each.paper, each.sheet) == (paper, sheet)]
        bundle = self._books.ids.new() if len(goods) > 1 else ""
        entries = [
            msgspec.structs.replace(
                entry_of(self._books, who, name, zone, each),
                replaces=int(replace or recount),
                recount=int(recount),
                since=since_ms,
                bundle=bundle,
                counter=counter,
                sheet=sheet,
                paper=paper,
            )
            for each in goods
        ]
        counting.enter(self._books, who, entries, back=back)
        in_zone, in_all = self._standing(name, code, zone)
        return Entered(tuple(goods), zone, in_zone, in_all)

    def _standing(self, name: str, code: str, zone: str) -> tuple[int, int]:
        """What stands counted of an article in a zone, and in all of them."""
        with self._books.read() as db:
            running = count_queries.counts(db, self._books.shop, name)[0]
            entries = count_queries.entries_of(db, self._books.shop, name, code)
        here = [msgspec.structs.replace(each, known=1) for each in entries]
        counted = [one for each in found(here, running.zones) for one in each.entries]
        in_zone = sum(each.quantity for each in counted if each.zone == zone)
        return in_zone, sum(each.quantity for each in counted)

    def counter_mark(self, counter: str) -> str:
        """Whose hands these are. A fact holds no name: of one only a mark is kept."""
        if not counter:
            return self.desk.signed_in()
        if _COUNTER.fullmatch(counter):
            return counter
        mark = hashlib.sha256(f"{self._books.shop} {counter}".encode()).hexdigest()[:6]
        return f"x-{mark}"

    def _not_by_the_same(self, before: Sequence[Entry], zone: str, code: str, counter: str) -> None:
        """A worth that is in doubt is looked at by other eyes."""
        first = {each.counter for each in before if (each.zone, each.product) == (zone, code)}
        if first == {counter} and self.desk.settings["single_keeper"] != "on":
            raise Refusal("recount_same")

    def undo(self, name: str, counter: str = "") -> Entry:
        """Take back this counter's last entry. Raises Refusal as `counting.undo_last`."""
        self.desk.allowed("count")
        return counting.undo_last(self._books, self.who(), name, self.counter_mark(counter))

    def status(self, name: str) -> Status:
        """A count as it stands, for whoever asks. Raises Refusal: no_such_count."""
        self.desk.signed_in()
        books, shop = self._books, self._books.shop
        with books.read() as db:
            one = _known(count_queries.counts(db, shop, name))
            entries = standing(count_queries.entries_of(db, shop, name))
            founds = found(entries, one.zones)
            reviewed = tuple(review(db, shop, one, self.rules()))
            counted = {each.product for each in founds}
            held = count_queries.articles_in(db, shop, tuple(set(one.zones.values())))
            aside = beside(db, shop)
        sees = self.sees(entries, closed=one.closed)
        return Status(
            count=one,
            entries=tuple(entries),
            found=tuple(founds),
            again=tuple(
                (each.found.product, each.again)
                for each in reviewed
                if each.again in (MOVED, DOUBLED) or (each.again and sees)
            ),
            differences=reviewed if sees else None,
            missed=tuple(set_aside(one, entries)),
            doubled=tuple(doubled(entries, one.zones)),
            unknown=tuple(each for each in entries if not each.known),
            uncounted=tuple(product for product in held if product not in counted),
            beside=tuple(aside),
        )

    def glance(self, name: str) -> Status:
        """The same for whoever stands at a shelf, without the books' side of it: no look at the
        differences, nothing to count again, nothing that was left out. Raises Refusal:
        no_such_count."""
        self.desk.signed_in()
        books, shop = self._books, self._books.shop
        with books.read() as db:
            one = _known(count_queries.counts(db, shop, name))
            entries = standing(count_queries.entries_of(db, shop, name))
            aside = beside(db, shop)
        return Status(
            count=one,
            entries=tuple(entries),
            found=tuple(found(entries, one.zones)),
            again=(),
            differences=None,
            missed=tuple(set_aside(one, entries)),
            doubled=tuple(doubled(entries, one.zones)),
            unknown=tuple(each for each in entries if not each.known),
            uncounted=(),
            beside=tuple(aside),
        )

    def sees(self, entries: Sequence[Entry], *, closed: bool) -> bool:
        """Whether this person may see the books beside what was counted: never who counted it
        while it can still be changed."""
        counted = any(each.counter == self.desk.person and not each.recount for each in entries)
        return may(self.desk.role, "see_book") and (closed or not counted)

    def close(self, name: str, approver: Approver = NOBODY) -> Closed:
        """Book what was counted. Raises Refusal as `counting.plan_close` and `carry_out`, and
        approval_needed, approver_same, over_limit."""
        counting.finish_postings(self._books)
        plan = counting.plan_close(self._books, name, self.rules())
        return self._carry_out("count_close", plan, approver)

    def write_off(self, name: str, products: Sequence[str], approver: Approver = NOBODY) -> Closed:
        """Set articles nobody counted to nought. Raises Refusal as `counting.plan_write_off` and
        `carry_out`, and approval_needed, approver_same, over_limit."""
        plan = counting.plan_write_off(self._books, name, products, self.rules())
        return self._carry_out("count_zero", plan, approver)

    def _carry_out(self, action: str, plan: Plan, approver: Approver) -> Closed:
        who = self.who()
        yes = self.desk.approved(action, approver, amount=plan.gross)
        return counting.carry_out(self._books, who, plan, (yes,) if yes else ())


def entry_of(books: Books, who: Who, name: str, zone: str, goods: Counted) -> CountEntered:
    """What somebody found of one article on one shelf, as a fact."""
    return CountEntered(
        shop=books.shop,
        till=books.till,
        day=who.day,
        shift=who.shift,
        count=name,
        zone=zone,
        product=goods.code,
        lot=goods.lot,
        quantity=goods.quantity,
        known=int(goods.product is not None),
    )


def set_aside(one: Count, entries: Sequence[Entry]) -> list[str]:
    """Zones nobody has entered anything in."""
    met = {each.zone for each in entries}
    return [zone for zone in one.zones if zone not in met]


def _known(found_: Sequence[Count]) -> Count:
    if not found_:
        raise Refusal("no_such_count")
    return found_[0]


def running_count(found_: Sequence[Count]) -> Count:
    """The count, while entries may join it. Raises Refusal: no_such_count, count_closed."""
    one = _known(found_)
    if one.closed:
        raise Refusal("count_closed")
    return one


def _zone_meant(one: Count, before: Sequence[Entry], counter: str, recounted: str) -> str:
    """The zone somebody means who named none: of a recount where the article stands, else where
    they counted last, else the first of the count."""
    if recounted:
        zones = dict.fromkeys(each.zone for each in before if each.product == recounted)
        if len(zones) > 1:
            raise Refusal("which_shelf", zones="、".join(zones))
        if zones:
            return next(iter(zones))
    own = [each.zone for each in before if each.counter == counter]
    return own[-1] if own else next(iter(one.zones))
