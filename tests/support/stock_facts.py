"""Facts of the stock room as a shop would record them."""

from typing import Any

from app.facts import dispatches, stock
from app.facts.base import Fact


def a_stock_room_day(head: dict[str, Any], lot: str = "doc-1-1") -> list[Fact]:
    """Every kind of document once: put away, sent, arrived, written off, counted, recalled."""
    product = "KP-A001"
    going = stock.SentLine(
        line=1, product=product, lot=lot, quantity=2000, unit_cost=185_000, batch="JJ1"
    )
    coming = stock.SentLine(
        line=1, product="KP-A002", lot="lot-7", quantity=6000, unit_cost=90_000, batch="GH7"
    )
    moved = stock.MovedLine(
        product=product, lot=lot, quantity=3000, source="store", target="shelf", unit_cost=185_000
    )
    lost = stock.AdjustedLine(
        line=1, product=product, lot=lot, quantity=-1000, reason="damaged", unit_cost=185_000
    )
    return [
        *goods_on_their_way(head, coming),
        stock.GoodsMoved(**head, document="mv-1", person="301", lines=(moved,)),
        stock.StockAdjusted(**head, document="ad-1", person="301", lines=(lost,)),
        stock.TransferSent(**head, document="tr-1", to="KP02", person="301", lines=(going,)),
        stock.TransferReceived(
            **head,
            document="tr-9",
            source="KP02",
            lines=(stock.ArrivedLine(sent=coming, quantity=5000, reason="短少"),),
        ),
        stock.CountOpened(**head, count="c-1", zones=(stock.CountZone(zone="A3"),)),
        stock.CountEntered(**head, count="c-1", zone="A3", product=product, lot=lot, quantity=2000),
        stock.CountSheetPrinted(
            **head, count="c-1", zone="A3", sheet="10001", products=(product,), person="301"
        ),
        stock.CountClosed(
            **head,
            count="c-1",
            document="ct-1",
            until=1_795_912_200_000,
            known=(stock.KnownJournal(journal="journal-z", order=1_795_912_100_000),),
            lines=(
                stock.CountedLine(
                    product=product,
                    lot=lot,
                    counted=2000,
                    book=3000,
                    moved=-1000,
                    moment=1_795_912_200_000,
                ),
            ),
        ),
        stock.LotsRecalled(
            **head, recall="r-1", number="ZH-1", product=product, batches=("JJ1",), level="1"
        ),
        stock.RecallFound(**head, recall="r-1", product=product, lot=lot, quantity=1000),
        stock.DateChecked(**head, product=product, lots=(lot,), basket="b-1"),
        stock.LabelsPrinted(**head, label="tag", product=product, zone="A3", price=1850),
        stock.TagTaken(**head, tag="tag-1", product=product, zone="A3", label="tag"),
    ]


def goods_on_their_way(head: dict[str, Any], coming: stock.SentLine) -> list[Fact]:
    """Announced, given up in part, ordered."""
    return [
        dispatches.DispatchExpected(
            **head, document="dp-1", number="DB-0417", supplier="配送中心", lines=(coming,)
        ),
        dispatches.TransitSettled(
            **head,
            document="tr-9",
            reason="短少",
            lines=(dispatches.SettledLine(product="KP-A002", lot="lot-7", lost=1000),),
        ),
        dispatches.GoodsOrdered(
            **head,
            document="or-1",
            number="YH-1",
            lines=(
                dispatches.OrderedLine(line=1, product="KP-A001", quantity=4000, suggested=4000),
            ),
        ),
    ]
