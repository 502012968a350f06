"""Console commands of a count (盘点): open, enter, look, count again, import, close."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.catalogue.queries import products
from app.clock import parse_time
from app.errors import Refusal
from app.facts.catalogue import Product
from app.messages import sentence
from app.money import yuan
from app.quantity import shown
from app.reports.lots import batches
from app.sales.count_codes import Counted
from app.sales.count_import import Taken, look_at, read_whole, take
from app.sales.count_sheets import CountSheets
from app.sales.stocktaking import Entered, Status, Stocktaking
from app.stock.collector import Malformed
from app.stock.count_review import Difference
from app.stock.counting_rules import DOUBLED, MOVED, VALUE
from app.stock.rules import SHELF
from ui.console import Answer, Commands, Seat

COUNTING = Commands()
command = COUNTING.add
MOST_LISTED = 500
"""Articles nobody counted that are named; all of them are counted."""
WHY = {
    MOVED: "点数前后有卖出或移动",
    DOUBLED: "同一货架两个人点过",
    VALUE: "差异金额大，要第二个人复点",
}


@command
def count_open(seat: Seat, *, zone: str | list[str], place: str = SHELF, count: str = "") -> Answer:
    taking = Stocktaking(seat.desk)
    zones = zone if isinstance(zone, list) else [each for each in zone.split(",") if each.strip()]
    before = {each.count for each in taking.open_counts()}
    name = taking.open([each.strip() for each in zones], place, count)
    one = next(each for each in taking.open_counts() if each.count == name)
    return {
        "count": name,
        "zones": [{"zone": zone, "place": place} for zone, place in one.zones.items()],
        "joined": name in before,
        "also_open": sorted(before - {name}),
    }


@command
def count_line(
    seat: Seat,
    *,
    count: str = "",
    product: str = "",
    quantity: str = "",
    lot: str = "",
    zone: str = "",
    counter: str = "",
    replace: bool = False,
    undo: bool = False,
    since: str = "",
    sheet: str = "",
    line: int = 0,
) -> Answer:
    """What lies there; of a `sheet` its `line` typed back."""
    taking = Stocktaking(seat.desk)
    if sheet and not undo:
        sheets = CountSheets(taking)
        paper = sheets.sheet(sheet)
        done = sheets.enter(paper, line, quantity, counter)
        return {"count": paper.count, "sheet": paper.code, "line": line, **entered(done)}
    count = count or running(taking)
    if undo:
        back = taking.undo(count, counter)
        return {"count": count, "undone": back.product, "zone": back.zone}
    done = taking.enter(
        count,
        product,
        quantity.strip(),
        batch=lot,
        zone=zone,
        counter=counter,
        replace=replace,
        since_ms=parse_time(since) if since else 0,
    )
    return {"count": count, **entered(done)}


@command
def recount(
    seat: Seat,
    *,
    count: str = "",
    product: str = "",
    quantity: str = "",
    lot: str = "",
    zone: str = "",
    counter: str = "",
) -> Answer:
    """Count an article again; without one, what has to be counted again."""
    taking = Stocktaking(seat.desk)
    count = count or running(taking)
    if not product:
        status = taking.status(count)
        return {"count": count, "recount": _again(seat, status)}
    done = taking.enter(
        count,
        product,
        quantity.strip(),
        batch=lot,
        zone=zone,
        counter=counter,
        recount=True,
    )
    return {"count": count, **entered(done)}


def running(taking: Stocktaking) -> str:
    """The count that was opened last, for who names none."""
    found = taking.open_counts()
    if not found:
        raise Refusal("no_such_count")
    return found[-1].count


def entered(done: Entered) -> Answer:
    """What a scan added, and what stands counted of it now."""
    first = done.goods[0]
    weighed = _weighed(first.product)
    return {
        "zone": done.zone,
        **_goods(first),
        "quantity": shown(first.quantity, weighed=weighed),
        "in_zone": shown(done.in_zone, weighed=weighed),
        "counted": shown(done.in_all, weighed=weighed),
        "parts": [_goods(each) for each in done.goods[1:]],
    }


def _goods(each: Counted) -> Answer:
    one = each.product
    return {
        "product": each.code,
        "name": one.name if one else "",
        "unit": one.unit if one else "",
        "lot": each.lot,
        "known": one is not None,
    }


def _weighed(one: Product | None) -> bool:
    return one is not None and bool(one.weighed)


@command
def count_status(seat: Seat, *, count: str) -> Answer:
    status = Stocktaking(seat.desk).status(count)
    goods = _products(seat, [*(each.product for each in status.found), *status.uncounted])
    counting = {each.zone for each in status.entries}
    answer: Answer = {
        "count": count,
        "state": "closed" if status.count.closed else "open",
        "zones": [
            {
                "zone": zone,
                "place": place,
                "state": "counted" if zone in counting else "missed",
                "entries": sum(1 for each in status.entries if each.zone == zone),
            }
            for zone, place in status.count.zones.items()
        ],
        "counted": [
            {
                **_named(goods, each.product),
                "place": each.place,
                "counted": _shown(goods, each.product, each.quantity),
                "zones": list(each.zones),
                "counters": sorted(each.counters),
            }
            for each in status.found
        ],
        "missed": list(status.missed),
        "doubled": [{"zone": zone, "product": product} for zone, product in status.doubled],
        "unknown": [
            {
                "code": each.product,
                "zone": each.zone,
                "quantity": shown(each.quantity, weighed=False),
                "counter": each.counter,
            }
            for each in status.unknown
        ],
        "recount": _again(seat, status),
        "not_counted": len(status.uncounted),
        "beside": [
            {
                "where": each.where,
                "which": each.which,
                "product": each.product,
                "quantity": shown(each.quantity, weighed=False),
            }
            for each in status.beside
        ],
    }
    if status.differences is not None:
        answer |= _books(seat, status.differences, goods)
        answer["uncounted"] = [_named(goods, product) for product in status.uncounted[:MOST_LISTED]]
    return answer


def _again(seat: Seat, status: Status) -> list[Answer]:
    goods = _products(seat, [product for product, _why in status.again])
    return [
        {**_named(goods, product), "why": why, "words": WHY[why]} for product, why in status.again
    ]


def _products(seat: Seat, codes: Sequence[str]) -> dict[str, Product]:
    with seat.books.read() as db:
        return products(db, seat.books.shop, list(dict.fromkeys(codes)))


def _named(goods: Mapping[str, Product], code: str) -> Answer:
    one = goods.get(code)
    return {"product": code, "name": one.name if one else "", "unit": one.unit if one else ""}


def _shown(goods: Mapping[str, Product], code: str, quantity: int) -> str:
    return shown(quantity, weighed=_weighed(goods.get(code)))


def _books(seat: Seat, differences: Sequence[Difference], goods: Mapping[str, Product]) -> Answer:
    """Counted beside the books, by article and by lot, with what it is worth."""
    lots = [line.lot for each in differences for line in each.lines]
    with seat.books.read() as db:
        printed = batches(db, seat.books.shop, lots)
    lines: list[dict[str, Any]] = []
    for each in differences:
        code = each.found.product
        lines.append(
            {
                **_named(goods, code),
                "place": each.found.place,
                "counted": _shown(goods, code, each.counted),
                "book": _shown(goods, code, each.book),
                "difference": _shown(goods, code, each.counted - each.book),
                "value": yuan(each.value),
                "recount": each.again,
                "lots": [
                    {
                        "lot": printed.get(line.lot, line.lot),
                        "counted": _shown(goods, code, line.counted),
                        "book": _shown(goods, code, line.book),
                    }
                    for line in each.lines
                    if line.counted or line.book
                ],
            }
        )
    return {
        "lines": lines,
        "net": yuan(sum(each.value for each in differences)),
        "gross": yuan(sum(abs(each.value) for each in differences)),
    }


@command
def count_import(
    seat: Seat, *, count: str, file: str, zone: str = "", counter: str = "", since: str = ""
) -> Answer:
    content = read_whole(Path(file))
    since_ms = parse_time(since) if since else 0
    taking = Stocktaking(seat.desk)
    seen = look_at(taking, count, content, zone, counter, since_ms=since_ms)
    return {"count": count, **_taken(take(taking, seen))}


def _taken(taken: Taken) -> Answer:
    return {
        "rows": taken.rows,
        "taken": taken.taken,
        "before": taken.before,
        "blank": taken.blank,
        "unknown": list(taken.unknown),
        "malformed": [
            {"row": each.row, "text": each.text, "why": each.why, "words": _words(each)}
            for each in taken.malformed
        ],
    }


def _words(row: Malformed) -> str:
    return sentence(Refusal(row.why, **row.details))


@command
def count_close(seat: Seat, *, count: str = "") -> Answer:
    taking = Stocktaking(seat.desk)
    count = count or running(taking)
    done = taking.close(count, seat.approver)
    status = taking.status(count)
    goods = _products(seat, [each.found.product for each in done.differences])
    return {
        "count": count,
        "document": done.document,
        **_books(seat, done.differences, goods),
        "missed": list(status.missed),
        "unknown": [each.product for each in status.unknown],
        "not_counted": len(status.uncounted),
    }


@command
def count_zero(seat: Seat, *, count: str, products: list[str]) -> Answer:
    """Set articles nobody counted to nought: an act of its own, approved by itself."""
    done = Stocktaking(seat.desk).write_off(count, products, seat.approver)
    goods = _products(seat, [each.found.product for each in done.differences])
    return {
        "count": count,
        "document": done.document,
        **_books(seat, done.differences, goods),
    }
