"""Labels on sheets of A4: the file is printed to pictures again and every code on it is read."""

from collections import Counter

import pypdfium2 as pdfium
import pytest
import zxingcpp
from PIL import Image, ImageChops

from app.content import Label
from app.errors import Refusal
from printers.labels.drawing import draw
from printers.labels.sheets import GAP, MARGIN, PAGE, grid, sheet_pdf
from printers.labels.template import parse, shipped
from tests.printers.labels.label_samples import WORDS, campaign, expected

DPI = 300


def pages(pdf: bytes, dpi: int = DPI) -> list[Image.Image]:
    with pdfium.PdfDocument(pdf) as document:
        return [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]


def read(pictures: list[Image.Image]) -> Counter[str]:
    return Counter(
        found.bytes.decode()
        for picture in pictures
        for found in zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    )


@pytest.mark.parametrize(("size", "count"), [((400, 300), 32), ((500, 300), 24), ((600, 400), 18)])
def test_labels_fill_the_sheet_and_keep_off_its_edge(size: tuple[int, int], count: int) -> None:
    on = grid(*size)
    assert on.on_page == count
    places = [on.place(number) for number in range(on.on_page)]
    for left, top in places:
        assert left >= MARGIN and left + on.width <= PAGE[0] - MARGIN
        assert top >= MARGIN and top + on.height <= PAGE[1] - MARGIN
    apart = {abs(a[0] - b[0]) for a in places for b in places if a[1] == b[1]} - {0}
    assert min(apart) == on.width + GAP


def test_every_code_of_a_full_sheet_of_each_size_is_read(soak: bool) -> None:
    wanted: Counter[str] = Counter()
    labels = []
    for name, fields, _picture in campaign(200 if soak else 60, seed=5):
        labels.append(Label(shipped(name), fields))
        wanted.update(expected(name, fields))
    labels.sort(key=lambda label: label.template[:60])
    found = read(pages(sheet_pdf(labels)))
    assert found & wanted == wanted


def test_copies_go_on_over_pages_and_a_new_size_begins_a_new_sheet() -> None:
    many = Label(shipped("product_40x30"), WORDS, 40)
    other = Label(shipped("tag_60x40"), WORDS, 2)
    printed = pages(sheet_pdf([many, other]))
    assert [read([page])[WORDS["code"]] for page in printed] == [32, 8, 2]


def test_the_sheet_shows_the_very_dots_of_a_label_printer() -> None:
    label = Label(shipped("weigh_50x30"), WORDS)
    # Four pixels to a dot: one in its middle is looked at.
    (page,) = pages(sheet_pdf([label]), dpi=4 * 203.2)
    left, top = (side * 32 // 10 for side in grid(500, 300).place(0))
    drawn = draw(parse(label.template), WORDS).convert("L")
    wide, high = drawn.size
    shown = [
        page.crop((left + x, top + y, left + x + 4 * wide, top + y + 4 * high)).resize(
            drawn.size, Image.Resampling.NEAREST
        )
        for x in (-1, 0, 1)
        for y in (-1, 0, 1)
    ]
    wrong = min(sum(ImageChops.difference(each, drawn).histogram()[128:]) for each in shown)
    assert wrong < wide * high // 100


def test_marks_for_the_cutter_stand_outside_every_label() -> None:
    (page,) = pages(sheet_pdf([Label("size 40 30\nrule 2 29 1", {})]))
    on = grid(400, 300)
    left, top = (side - GAP // 2 for side in (on.left, on.top))
    box = tuple(side * DPI // 254 for side in (left, top, PAGE[0] - left, PAGE[1] - top))
    inside = page.crop((box[0], box[1], box[2], box[3]))
    dark = sum(inside.histogram()[:128])
    assert 0 < dark < 200
    assert sum(page.histogram()[:200]) > dark


def test_a_label_that_cannot_be_drawn_makes_no_sheet() -> None:
    with pytest.raises(Refusal) as refused:
        sheet_pdf([Label(shipped("product_40x30"), WORDS | {"code": "6901234567890"})])
    assert refused.value.code == "bad_check_digit"
