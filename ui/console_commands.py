"""All console commands together."""

from ui.console import Commands
from ui.console_audit import AUDIT
from ui.console_count_sheets import COUNT_SHEETS
from ui.console_counter import COUNTER
from ui.console_counting import COUNTING
from ui.console_goods import GOODS
from ui.console_hub import HUB
from ui.console_invoices import INVOICES
from ui.console_labels import LABELS
from ui.console_ledgers import LEDGERS
from ui.console_lots import LOTS
from ui.console_members import MEMBERS
from ui.console_payments import PAYMENTS
from ui.console_people import PEOPLE
from ui.console_prices import PRICES
from ui.console_receiving import RECEIVING
from ui.console_refunds import REFUNDS
from ui.console_reports import REPORTS
from ui.console_shop import SHOP
from ui.console_stock import STOCK

COMMANDS = Commands.joined(
    AUDIT,
    COUNTER,
    COUNTING,
    COUNT_SHEETS,
    GOODS,
    HUB,
    INVOICES,
    LABELS,
    LOTS,
    LEDGERS,
    MEMBERS,
    PAYMENTS,
    PEOPLE,
    PRICES,
    RECEIVING,
    REFUNDS,
    REPORTS,
    SHOP,
    STOCK,
)
