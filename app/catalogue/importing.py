"""Tables people bring become a preview: what would be taken, and every row that would not.

A preview changes nothing and loses nothing: rows taken, rows refused (each with its number, its
column, a sentence and its original text) and blank rows add up to the rows of the file. Whoever
sees it decides; `actions.import_products` then records the good rows.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from app.catalogue.columns import (
    BARCODE_COLUMNS,
    BRAND_COLUMNS,
    CERTIFICATE_COLUMNS,
    KIT_COLUMNS,
    PRICE_COLUMNS,
    PRODUCT_COLUMNS,
    TAXONOMY_COLUMNS,
    places_of,
)
from app.catalogue.list_rows import ListRows
from app.catalogue.product_rows import ProductRows
from app.catalogue.reading import (
    TELL_EVERY,
    Finding,
    Kind,
    Known,
    Preview,
    RowReader,
    Told,
    Totals,
    silent,
)
from app.catalogue.sentences import sentence
from app.catalogue.sheets import MOST_BYTES, SheetRow, rows_of
from app.errors import Refusal

_COLUMNS: dict[Kind, dict[str, tuple[str, ...]]] = {
    "products": PRODUCT_COLUMNS,
    "barcodes": BARCODE_COLUMNS,
    "kits": KIT_COLUMNS,
    "prices": PRICE_COLUMNS,
    "brands": BRAND_COLUMNS,
    "taxonomy": TAXONOMY_COLUMNS,
    "certificates": CERTIFICATE_COLUMNS,
}
_NEEDED: dict[Kind, tuple[str, ...]] = {
    "products": ("code",),
    "barcodes": ("product", "code"),
    "kits": ("kit", "part", "quantity"),
    "prices": ("product", "price"),
    "brands": ("code", "name", "level"),
    "taxonomy": ("code", "name", "version"),
    "certificates": ("number", "kind"),
}
_HEADING_WITHIN = 10
"""Some tables carry a title above the headings; further down there is only data."""


class _Heading(msgspec.Struct, frozen=True):
    """The row of headings: where our columns stand, and how the file calls every column."""

    row: SheetRow
    places: dict[str, int]
    strange: dict[int, str]
    above: int
    """Rows before it: blank ones and titles."""


def preview(
    source: Path | bytes,
    kind: Kind = "products",
    known: Known | None = None,
    told: Told = silent,
) -> Preview:
    """What importing this CSV or Excel file would do; `told` hears how many rows are read.

    Raises Refusal: import_no_file, import_too_large, import_empty, import_old_excel,
    import_broken, import_encoding, import_too_many_rows, import_columns_missing.
    """
    rows = rows_of(_bytes(source) if isinstance(source, Path) else source)
    heading = _heading(rows, kind)
    taker: ProductRows | ListRows = (
        ProductRows(known or Known()) if kind == "products" else ListRows(kind, known or Known())
    )
    bad: list[Finding] = []
    warnings = [
        Finding(heading.row.number, name, "column_unknown", sentence("column_unknown", {}), name)
        for name in heading.strange.values()
    ]
    count = good = blank = 0
    for row in rows:
        if row.blank:
            blank += 1
            continue
        count += 1
        if count % TELL_EVERY == 0:
            told(count)
        reader = RowReader(row, heading.places, heading.row.cells)
        _check_shape(reader, len(heading.row.cells))
        if not reader.problems:
            taker.take(reader)
        if reader.problems:
            bad += reader.problems
        else:
            good += 1
            warnings += reader.warnings
    if count == 0:
        raise Refusal("import_empty")
    totals = Totals(rows=count, good=good, bad=count - good, blank=blank + heading.above)
    return taker.preview(tuple(bad), tuple(warnings), totals)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refusal("import_too_large", most=f"{MOST_BYTES >> 20} MB")
        return path.read_bytes()
    except OSError as error:
        raise Refusal("import_no_file", name=path.name) from error


def _heading(rows: Iterator[SheetRow], kind: Kind) -> _Heading:
    """The row of headings, within the first rows that are not blank."""
    looked = 0
    best: tuple[str, ...] = _NEEDED[kind]
    for above, row in enumerate(rows):
        if row.blank:
            continue
        places, strange = places_of(row.cells, _COLUMNS[kind])
        missing = tuple(name for name in _NEEDED[kind] if name not in places)
        # A title row may hold one word that is also a heading; a heading row holds two.
        if not missing and len(places) >= 2:
            return _Heading(row, places, strange, above)
        best = min(best, missing or best, key=len)
        looked += 1
        if looked == _HEADING_WITHIN:
            break
    if looked == 0:
        raise Refusal("import_empty")
    names = "、".join(_COLUMNS[kind][name][0] for name in best)
    raise Refusal("import_columns_missing", columns=names)


def _check_shape(reader: RowReader, columns: int) -> None:
    if reader.row.unreadable:
        reader.problem("", "row_unreadable")
    elif extra := [cell for cell in reader.row.cells[columns:] if cell.strip()]:
        # A comma too many moves every value behind it into the wrong column.
        reader.problem("", "too_many_cells", value="、".join(extra)[:60])
