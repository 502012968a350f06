"""Reports as files: PDF, Excel and CSV beside the books, and the prices people ask for on A4."""

from pathlib import Path
from typing import TypedDict

from app.catalogue.queries import all_products
from app.clock import iso
from app.content import TablePage
from app.money import yuan
from app.reports import words
from app.reports.excel import report_excel
from app.reports.paper import ReportPaper, paper_of
from app.reports.sheet import Sheet
from app.sales.counter import Counter
from app.table_file import as_csv, write_file
from printers.report_pdf import report_pdf
from printers.table_pdf import tables_pdf
from ui.language import spoken, tr
from ui.presenters.report_words import WORDS
from ui.presenters.strip import folder_words
from ui.startup import Till

FOLDER = "reports"


class About(TypedDict):
    """What every report says of its shop."""

    shop: str
    banner: str
    made_ms: int


def about(till: Till) -> About:
    """The shop, whether it is a real one, and now."""
    desk = till.counter.desk
    return About(
        shop=desk.settings["shop_name"] or till.books.shop,
        banner=folder_words(till),
        made_ms=till.books.clock.wall_ms(),
    )


def report_path(folder: Path, sheet: Sheet, ending: str) -> Path:
    """Where a report is written when nobody says: in the till's folder, by name and range."""
    range_ = sheet.first if sheet.first == sheet.last else f"{sheet.first}-{sheet.last}"
    return folder / FOLDER / f"{sheet.name}-{range_}.{ending}"


def save_report(path: Path, sheet: Sheet, *, shop: str, banner: str, made_ms: int) -> Path:
    """Write a report as its file's ending says, in the window's language; the same path.

    Raises Refusal("export_failed").
    """
    told = WORDS.told(sheet)
    under = f"{shop} · {WORDS.range(sheet)}"
    match path.suffix:
        case ".xlsx":
            content = report_excel(told, f"{under} {banner}".strip(), WORDS.on_paper(sheet))
        case ".csv":
            figures = [n for n, column in enumerate(told.columns) if column.figure]
            content = as_csv(told.table(), figures)
        case _:
            content = report_pdf(report_paper(sheet, shop=shop, banner=banner, made_ms=made_ms))
    write_file(path, content)
    return path


def report_paper(sheet: Sheet, *, shop: str, banner: str, made_ms: int) -> ReportPaper:
    """A report as a PDF shows it, in the window's language."""
    pages = tr("第 {number} 页，共 {count} 页")
    return paper_of(sheet, WORDS, shop=shop, banner=banner, made_ms=made_ms, pages=pages)


def save_prices(folder: Path, counter: Counter, *, shop: str, banner: str, made_ms: int) -> Path:
    """Today's prices of goose, tea, eggs and rice on A4, for the door. Raises
    Refusal("export_failed")."""
    today = iso(made_ms)[:10]
    with counter.books.read() as db:
        goods = [
            counter.desk.prices.shown(db, one)
            for one in all_products(db, counter.books.shop).values()
            if one.category in words.INDEX_CLASSES and one.kind == "goods" and one.active
            and not (one.display_only or one.wholesale_only)
        ]  # fmt: skip
    rows = [
        (tr(words.INDEX_CLASSES[one.category]), one.name, one.spec, one.origin_town,
         f"{yuan(one.price)}/{one.unit}")
        for one in sorted(goods, key=lambda one: (one.category, one.code))
    ]  # fmt: skip
    page = TablePage(
        title=tr("今日价格"),
        under=f"{shop}  {today}",
        banner=banner,
        columns=((tr("品类"), 22, False), (tr("品名"), 66, False), (tr("规格"), 28, False),
                 (tr("产地"), 26, False), (tr("价格"), 40, True)),
        rows=tuple(rows),
        language=spoken(),
    )  # fmt: skip
    path = folder / FOLDER / f"prices-{today}.pdf"
    write_file(path, tables_pdf([page]))
    return path
