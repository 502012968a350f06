"""What is done by itself once a day was closed: its sums, and the day's report as PDF."""

from pathlib import Path

from app.facts.shifts import DayClosed
from app.reports.asking import WEEK, asked
from app.reports.folding import fold
from app.reports.month_sums import fold_moved
from app.reports.report import answer
from app.table_file import write_file
from printers.report_pdf import report_pdf
from ui.presenters.report_files import FOLDER, about, report_paper
from ui.startup import Till

TOLD = ("hour", "product", "tenders")
"""Reports of the day that stand in its file, one after the other."""
WEEKS = 10
"""So many weeks of what moved are summed up behind a Z: years come to an end within months."""


def day_end(till: Till, closed: DayClosed) -> Path:
    """Sum the day up, and write its report beside the books and into the shop's own folder.

    Where the file lies. Raises Refusal("export_failed") when the shop's folder cannot be written.
    """
    books, settings = till.books, till.counter.desk.settings
    fold(books, [closed.day])
    fold_moved(books, today=closed.day, most=WEEKS)
    question = asked((books.shop,), closed.day, closed.day, compare=WEEK)
    told = about(till)
    papers = []
    for name in TOLD:
        sheet = answer(books, name, question, today=closed.day, margins=True)
        papers.append(report_paper(sheet, **told))
    content = report_pdf(*papers)
    name = f"day-{closed.shop}-{closed.till}-{closed.day}-{closed.part}.pdf"
    places = [till.opened.folder / FOLDER]
    if chosen := settings["report_folder"]:
        places.append(Path(chosen))
    for place in places:
        write_file(place / name, content)
    return places[-1] / name
