"""Reports in the window's language."""

from app.reports.wording import Wording
from ui.language import tr

WORDS = Wording(tr)
