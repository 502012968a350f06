"""What a customer pays with that is no money: goods that come back for the new ones (换货)."""

import msgspec

from app.errors import Refusal
from app.sales.collecting import Collecting
from app.sales.exchange import Exchange
from app.sales.refund_lines import Loose
from app.sales.refund_rules import Back
from app.sales.selling import one_at_a_time
from app.staff.rules import NOBODY, Approver


class Crediting(Collecting):
    """The counter's part that puts such things to the basket; 收款 takes the rest."""

    @one_at_a_time
    def exchange(self, number: str, back: list[Back], approver: Approver = NOBODY) -> Exchange:
        """换货: goods of a receipt stand in the basket with what was paid for them.

        Raises Refusal as `Refunds.refund` does, and exchange_open, collecting, question_open.
        """
        self._may_exchange()
        found = self.refunds.for_exchange(number, back, approver)
        self._promise(found)
        return found

    @one_at_a_time
    def exchange_loose(self, goods: list[Loose], approver: Approver = NOBODY) -> Exchange:
        """换货 without a receipt. Raises Refusal as `Refunds.without_receipt` does."""
        self._may_exchange()
        found = self.refunds.loose_for_exchange(goods, approver)
        self._promise(found)
        return found

    @one_at_a_time
    def drop_exchange(self) -> None:
        """The goods stay the customer's. Raises Refusal: no_exchange, collecting."""
        self._selling()
        if self.basket.exchange is None:
            raise Refusal("no_exchange")
        self._promise(None)

    def _may_exchange(self) -> None:
        self._selling()
        if self.basket.exchange is not None:
            raise Refusal("exchange_open", number=self.basket.exchange.receipt)

    def _promise(self, exchange: Exchange | None) -> None:
        """On the disk before anybody is told: what is promised here, nobody else refunds."""
        before = self.basket
        self._keep(msgspec.structs.replace(self._opened(), exchange=exchange))
        try:
            self._flush()
        except BaseException:
            self.basket = before
            self._tell()
            raise
