"""A Z kept as PDF beside the shop's data: for mail, and for whoever keeps paper."""

from pathlib import Path

from app.facts.shifts import DayClosed
from app.languages import in_language
from app.shifts.hub_papers import hub_rows
from app.shifts.report import Report
from app.shifts.report_papers import z_paper
from app.transaction import Books
from ui.language import spoken

FOLDER = "reports"


def save_z(folder: Path, books: Books, closed: DayClosed, report: Report) -> Path:
    """Write the Z into the till's folder; where it lies."""
    from printers.pdf import paper_pdf

    with books.read() as db:
        hub = hub_rows(db)
    paper = z_paper(closed, report, books.clock.wall_ms(), books.journal.series, hub)
    paper = in_language(paper, spoken())
    place = folder / FOLDER
    place.mkdir(exist_ok=True)
    file = place / f"Z-{closed.shop}-{closed.till}-{closed.day}-{closed.part}.pdf"
    file.write_bytes(paper_pdf(paper))
    return file
