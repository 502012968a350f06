"""What a till will not sell whatever the cashier thinks: recalled lots, and yesterday's goose."""

from sqlalchemy import Connection

from app.catalogue.queries import kit_parts
from app.errors import Refusal
from app.facts.catalogue import Product
from app.stock.printing import last_printed
from app.stock.queries import lot_with_id
from app.stock.recalls import in_the_way, is_recalled, open_recalls

MADE_TODAY = "made_today"


def check_recall(db: Connection, shop: str, one: Product, lot: str, batch: str = "") -> None:
    """Refuse a recalled lot; and goods nobody said the lot of, while recalled ones of their kind
    still stand outside quarantine.

    `batch` is what a code said where the books know no such lot.
    Raises Refusal: lot_recalled(name, number), lot_needed(name).
    """
    if one.kind == "kit":
        for part in kit_parts(db, shop, one.code):
            recalls = open_recalls(db, shop, part.part)
            if recalls and in_the_way(db, shop, recalls):
                raise Refusal("lot_needed", name=one.name)
        return
    recalls = open_recalls(db, shop, one.code)
    if not recalls:
        return
    told = lot_with_id(db, shop, lot) if lot else None
    if number := is_recalled(recalls, lot, told.batch if told else batch):
        raise Refusal("lot_recalled", name=one.name, number=number)
    if not lot and not batch and in_the_way(db, shop, recalls):
        raise Refusal("lot_needed", name=one.name)


def of_today(
    db: Connection, shop: str, one: Product, code: str, made: str, source: str, today: str
) -> bool:
    """Whether goods that end with their day are known to be of today; False = somebody must say.

    What our own label says decides: by the day it was printed last. Goods without a label are
    made in front of the customer. Raises Refusal("past_its_day").
    """
    if one.shelf_life != MADE_TODAY:
        return True
    if made:
        if made < today:
            raise Refusal("past_its_day", name=one.name, day=made)
        return True
    if source != "label":
        return True
    last = last_printed(db, shop, code)
    if last is not None and last.today < today:
        raise Refusal("past_its_day", name=one.name, day=last.today)
    return last is not None
