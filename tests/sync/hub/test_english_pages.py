"""Head office in English: whatever is still Chinese is the name of something."""

import io
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import openpyxl
import pypdfium2 as pdfium
import pytest

from app.reports.report import KINDS as REPORTS
from sync.hub.festivals import calendar
from tests.support.foreign import names_in, untranslated
from tests.support.hubs import RunningHub
from tests.support.office import BATCH, EGGS, GTIN, TEA, TEA_GTIN, Browser
from tests.sync.look_at_pages import BOX, DAYS, TABLE, a_brand_at_work, answers

NAMED_BY_PEOPLE = {
    "展示馆旗舰店", "长沙店", "安女士", "柏先生", "蔡女士",
    "12·12 周年庆", "周末早市套装", "金鸡禽蛋节", "机器丢了", "中秋新品.csv",
}  # fmt: skip
FILED = ("month", "product", "tenders", "exceptions")
"""Reports looked at as files; their words are those of the pages, where every one is looked at."""
TRACES = (
    f"/01/{GTIN}/10/{quote(BATCH)}", "/t/nothing", "/t/lot-tea",
    f"/01/{TEA_GTIN}/10/DS20261001/21/S-7",
)  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A brand at work, an approver who reads English, and every name there is."""
    hub = RunningHub(tmp_path_factory.mktemp("english") / "hub", "")
    people, pages = a_brand_at_work(hub)
    ann = people.browser("ann")
    ann.get("/hq/language/en")
    ann.session.headers["Accept-Language"] = "en-GB,en;q=0.9,zh;q=0.4"
    with hub.hub.database.begin() as db:
        festivals = [(row.name, row.town) for row in calendar(db)]
    cells = {cell for line in TABLE.splitlines() for cell in (line, *line.split(","))}
    names = NAMED_BY_PEOPLE | cells | names_in([EGGS, TEA, BOX, festivals])
    yield SimpleNamespace(ann=ann, pages=pages, names=names)
    hub.close()


def chinese(office: Any, shown: dict[str, str]) -> dict[str, list[str]]:
    """Page -> what is Chinese on it and no name."""
    found = {name: untranslated(text, office.names) for name, text in shown.items()}
    return {name: texts for name, texts in found.items() if texts}


def test_every_page_says_nothing_in_chinese_but_names(office: Any) -> None:
    paths = dict(office.pages) | {
        f"report {name}": f"/hq/reports/{name}?{DAYS}&compare=week" for name in REPORTS
    }
    shown = {name: office.ann.get(path).text for name, path in paths.items()}
    assert len(shown) > 35
    assert chinese(office, shown) == {}


def test_what_forms_answer_is_english_too_refused_rows_among_them(office: Any) -> None:
    shown = answers(office.ann)
    assert "A price may not be 0" in shown["/import"] and "Nothing is filled in" in shown["/import"]
    assert "No article has the code" in shown["/kit"]
    assert chinese(office, shown) == {}


def test_a_customers_phone_that_asks_for_english_gets_it(office: Any) -> None:
    assert chinese(office, {path: office.ann.get(path).text for path in TRACES}) == {}
    assert "正品" in Browser(office.ann.hub).get("/t/lot-tea").text


def test_reports_taken_home_as_files_are_english(office: Any) -> None:
    shown = {}
    for name in FILED:
        address = f"/hq/sheets/{name}/{{}}?{DAYS}&compare=week"
        with pdfium.PdfDocument(office.ann.get(address.format("pdf")).content) as document:
            for page in document:
                shown[f"{name} {len(shown)}"] = page.get_textpage().get_text_bounded()
        book = openpyxl.load_workbook(io.BytesIO(office.ann.get(address.format("xlsx")).content))
        for sheet in book.worksheets:
            cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
            shown[f"{name} {sheet.title}"] = "\n".join([sheet.title, *cells])
    assert len(shown) >= 2 * len(FILED)
    assert chinese(office, shown) == {}
