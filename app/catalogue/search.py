"""Finding goods by a few letters: barcode, code, pinyin initials, name, other names.

A local index beside the tables, refreshed in the transaction that changed the catalogue and made
anew by `rebuild`. Codes, initials and names are found by walking an index from a prefix; parts of
names by a full-text index over single characters, because Chinese has no spaces and people type
one or two characters. Signs a tokenizer would drop (×, ·, #) are spelt out as their number, so
they are searched for like any other character. Initials are indexed in pairs: there are only
twenty-six letters, and lists of a third of all products are slow to compare.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import Connection

from app.catalogue import queries
from app.facts.catalogue import Product
from app.transaction import Transaction

MOST_CHARACTERS = 40
_LAST = "\U0010ffff"
_READINGS = 20
"""A prefix may meet one product this often, once for each reading of its name."""
_NEARBY = 4
"""How many times the limit is read, to put the shortest first."""
_CHUNK = 500

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS product_found (
        number INTEGER PRIMARY KEY, shop TEXT NOT NULL, code TEXT NOT NULL,
        UNIQUE (shop, code)) STRICT""",
    """CREATE TABLE IF NOT EXISTS product_start (
        shop TEXT NOT NULL, field TEXT NOT NULL, start TEXT NOT NULL, number INTEGER NOT NULL,
        PRIMARY KEY (shop, field, start, number)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS ix_product_start_number ON product_start (number)",
    """CREATE VIRTUAL TABLE IF NOT EXISTS product_words
        USING fts5(name, alias, initials, tokenize='unicode61')""",
)
_STARTING = """SELECT found.code, start.start, number FROM product_start AS start
    JOIN product_found AS found USING (number)
    WHERE start.shop = ? AND start.field = ? AND start.start >= ? AND start.start < ?
    ORDER BY start.start, number LIMIT ?"""
_CONTAINING = """SELECT found.code FROM product_words
    JOIN product_found AS found ON found.number = product_words.rowid
    WHERE product_words MATCH ? AND found.shop = ? LIMIT ?"""


def create(connection: Connection) -> None:
    """Make the index's tables unless they are there."""
    for statement in _SCHEMA:
        connection.exec_driver_sql(statement)


def find(db: Connection, shop: str, text: str, limit: int = 20) -> list[Product]:
    """Products a person may mean, best first, the same every time; inactive ones never.

    Best first: exact barcode, code, initials from the start, name from the start, part of the
    name, another name, part of the initials. Words with a space between must all be there.
    """
    wanted = _folded(text)[:MOST_CHARACTERS]
    if not wanted:
        return []
    # One more than asked for is looked at, since a barcode may still name an inactive product.
    codes = list(
        islice(
            _codes(db, shop, unicodedata.normalize("NFKC", text).strip(), wanted, limit + 1),
            limit + 1,
        )
    )
    found = queries.products(db, shop, codes)
    return [one for one in found.values() if one.active][:limit]


def _codes(db: Connection, shop: str, text: str, wanted: str, limit: int) -> Iterator[str]:
    """Codes tier by tier; a later tier costs nothing when an earlier one was enough."""
    seen: set[str] = set()
    for tier in _tiers(db, shop, text, wanted, limit):
        for code in tier:
            if code not in seen:
                seen.add(code)
                yield code


def _tiers(
    db: Connection, shop: str, text: str, wanted: str, limit: int
) -> Iterator[Iterable[str]]:
    together = wanted.replace(" ", "")
    letters = together.isascii() and together.isalnum()
    if together.isascii():
        exact = queries.by_barcode(db, shop, text)
        yield [exact[0].code] if exact else []
        yield _starting(db, shop, "code", together, limit)
    if letters and not together.isdigit():
        yield _starting(db, shop, "initials", together, limit)
    yield _starting(db, shop, "name", together, limit)
    phrases = " AND ".join(f'"{_spelt(word)}"' for word in wanted.split())
    yield _containing(db, shop, "name", phrases, limit)
    yield _containing(db, shop, "alias", phrases, limit)
    if letters and not together.isdigit() and len(together) > 1:
        yield _containing(db, shop, "initials", f'"{_pairs(together)}"', limit)


def _starting(db: Connection, shop: str, field: str, start: str, limit: int) -> Iterator[str]:
    most = limit * (_READINGS if field == "initials" else _NEARBY)
    values = (shop, field, start, start + _LAST, most)
    rows = db.exec_driver_sql(_STARTING, values).all()
    # The shortest is the nearest to what was typed; then the order in which they were taken in.
    for row in sorted(rows, key=lambda row: (len(row.start), row.number)):
        yield row.code


def _containing(db: Connection, shop: str, column: str, phrases: str, limit: int) -> Iterator[str]:
    for row in db.exec_driver_sql(_CONTAINING, (f"{column} : ({phrases})", shop, limit)):
        yield row.code


def _folded(text: str) -> str:
    """One width, one case, single spaces: how names and queries are compared."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _spelt(text: str) -> str:
    """A token for each character; what the tokenizer might drop is spelt by its number."""
    return " ".join(
        char
        if (char.isascii() and char.isalnum()) or "\u3400" <= char <= "\u9fff"
        else f"u{ord(char):x}"
        for char in text
        if char != " "
    )


def _pairs(letters: str) -> str:
    """Every two neighbouring letters as one token: "dshc" -> "ds sh hc"."""
    return " ".join(letters[at : at + 2] for at in range(len(letters) - 1))


def refresh(tx: Transaction, products: Iterable[Product]) -> None:
    """Bring the index up to date for these products, as the tables now have them."""
    tx.flush()
    codes = list(dict.fromkeys(one.code for one in products))
    for start in range(0, len(codes), _CHUNK):
        some = codes[start : start + _CHUNK]
        now = queries.products(tx.connection, tx.shop, some)
        index(tx.connection, tx.shop, some, now.values())


def rebuild(tx: Transaction) -> None:
    """Make the shop's whole index anew from the tables."""
    tx.flush()
    make_anew(tx.connection, tx.shop)


def make_anew(db: Connection, shop: str) -> None:
    """The same inside any transaction that has written its rows."""
    known = db.exec_driver_sql("SELECT code FROM product_found WHERE shop = ?", (shop,))
    gone = [row.code for row in known]
    for start in range(0, len(gone), _CHUNK):
        index(db, shop, gone[start : start + _CHUNK], ())
    products = queries.all_products(db, shop)
    codes = list(products)
    for start in range(0, len(codes), _CHUNK):
        some = codes[start : start + _CHUNK]
        index(db, shop, some, [products[code] for code in some])


def index(db: Connection, shop: str, codes: Sequence[str], products: Iterable[Product]) -> None:
    """Replace what the index says of `codes` by `products`; inactive ones are left out."""
    marks = ",".join("?" * len(codes))
    numbers = {
        row.code: row.number
        for row in db.exec_driver_sql(
            f"SELECT code, number FROM product_found WHERE shop = ? AND code IN ({marks})",
            (shop, *codes),
        )
    }
    if numbers:
        old = [(number,) for number in numbers.values()]
        db.exec_driver_sql("DELETE FROM product_start WHERE number = ?", old)
        db.exec_driver_sql("DELETE FROM product_words WHERE rowid = ?", old)
    wanted = [one for one in products if one.active]
    fresh = [(shop, one.code) for one in wanted if one.code not in numbers]
    if fresh:
        db.exec_driver_sql("INSERT INTO product_found (shop, code) VALUES (?, ?)", fresh)
        numbers |= {
            row.code: row.number
            for row in db.exec_driver_sql(
                f"SELECT code, number FROM product_found WHERE shop = ? AND code IN ({marks})",
                (shop, *codes),
            )
        }
    if wanted:
        starts = {(shop, *start, numbers[one.code]) for one in wanted for start in _starts(one)}
        db.exec_driver_sql("INSERT INTO product_start VALUES (?, ?, ?, ?)", sorted(starts))
        db.exec_driver_sql(
            "INSERT INTO product_words (rowid, name, alias, initials) VALUES (?, ?, ?, ?)",
            [(numbers[one.code], *_words(one)) for one in wanted],
        )


def _starts(one: Product) -> Iterator[tuple[str, str]]:
    yield "code", _folded(one.code)
    yield "name", _folded(one.name).replace(" ", "")[:MOST_CHARACTERS]
    for reading in one.initials:
        yield "initials", reading


def _words(one: Product) -> tuple[str, str, str]:
    # "zz" keeps a phrase from reaching out of one alias into the next: no single character is it.
    aliases = " zz ".join(_spelt(_folded(alias)) for alias in one.aliases)
    return _spelt(_folded(one.name)), aliases, _pairs(one.initials[0] if one.initials else "")
