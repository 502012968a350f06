"""Ways to pay by their names in the window's language."""

from app.tender_names import TENDER_NAMES
from ui.language import tr


def tender_word(tender: str) -> str:
    """What a way to pay is called; one nobody has a word for is called by its own."""
    return tr(TENDER_NAMES.get(tender, tender))
