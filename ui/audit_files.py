"""The files an auditor takes along: the sample as a PDF, the journals as an export."""

from collections.abc import Callable
from pathlib import Path

from app.clock import local
from app.journal.export import write_export
from app.languages import in_language
from app.reports import audit
from app.table_file import write_file
from ui.language import spoken, tr
from ui.report_pdf import FOLDER
from ui.startup import Till

SAMPLED = 20


def draw_sample(till: Till, seed: str, day: str) -> tuple[list[audit.Sampled], Path]:
    """Receipts of a day ("" = all) drawn by a seed, and the list to walk through with a pen.

    Raises Refusal: bad_date, export_failed.
    """
    from printers.table_pdf import tables_pdf

    books = till.books
    since, until = audit.span_of(day, day)
    now = books.clock.wall_ms()
    with books.read() as db:
        rows = audit.sample(db, seed, SAMPLED, since_ms=since, until_ms=until)
    page = audit.sample_page(
        rows, shop=books.shop, seed=seed, span=audit.span_words(day, day), now_ms=now,
        series=books.journal.series,
    )  # fmt: skip
    path = _named(till, tr("审计抽样"), now).with_suffix(".pdf")
    write_file(path, tables_pdf([in_language(page, spoken())]))
    return rows, path


def export_journals(till: Till, day: str, noted: Callable[[int], None]) -> Path:
    """The journals of a day ("" = all) as a folder that proves itself.

    Raises Refusal: bad_date, export_failed, and what `noted` raises to stop.
    """
    books = till.books
    since, until = audit.span_of(day, day)
    now = books.clock.wall_ms()
    folder = _named(till, tr("流水账"), now)
    with books.read() as db:
        write_export(db, folder, now, noted, since_ms=since, until_ms=until)
    return folder


def _named(till: Till, word: str, now_ms: int) -> Path:
    folder: Path = till.opened.folder
    return folder / FOLDER / f"{word}-{local(now_ms):%Y%m%d-%H%M%S}"
