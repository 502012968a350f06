"""A receipt of thirty lines to printer bytes: as text, and as a picture.

The text's limit is encoding the same words and nothing else; the picture's is Pillow drawing the
same rows of text and packing the dots.
"""

from collections.abc import Callable
from functools import partial

from PIL import Image, ImageDraw

from app.content import Paper
from printers.encoder import paper_bytes
from printers.fonts import font
from printers.layout import lay_out
from printers.plain import plain_rows
from printers.profile import Profile, load_profile
from tests.benchmarks.measuring import Figure, percentile, timed, without_collecting
from tests.benchmarks.shop import bench_shop, plain_goods

LINES = 30
BAR_TEXT_MS = 1.0
BAR_RASTER_RATIO = 2.0


def long_receipt() -> Paper:
    """The receipt of a real sale of thirty different goods."""
    with bench_shop(save_draft=lambda basket: None) as till:
        for code in plain_goods(till.books)[:LINES]:
            till.counter.scan(code)
        assert len(till.counter.basket.lines) == LINES
        till.counter.pay_cash(None)
        return till.counter.receipts.paper(till.counter.receipts.find())


def receipt_text(count: int = 1000) -> list[Figure]:
    """For a printer with a Chinese ROM."""
    paper, profile = long_receipt(), load_profile("chinese_80")
    words = "\n".join(plain_rows(lay_out(paper, profile.columns), profile.columns))
    took, bare = _turns(count, partial(paper_bytes, paper, profile),
                        partial(words.encode, "gb18030", "replace"))  # fmt: skip
    p50 = percentile(took, 0.5)
    return [
        Figure(
            name="receipt_text",
            what=f"a receipt of {LINES} lines to the bytes of a printer with Chinese ROM",
            p50=p50,
            p99=percentile(took, 0.99),
            limit="encoding the bare text",
            limit_p50=percentile(bare, 0.5),
            limit_p99=percentile(bare, 0.99),
            ratio=p50 / percentile(bare, 0.5),
            bar=f"p50 at most {BAR_TEXT_MS:.0f} ms",
            met=p50 <= BAR_TEXT_MS,
            more={"bytes": len(paper_bytes(paper, profile))},
        )
    ]


def receipt_raster(count: int = 100) -> list[Figure]:
    """For a printer that is given dots."""
    paper, profile = long_receipt(), load_profile("picture_80")
    rows = plain_rows(lay_out(paper, profile.columns), profile.columns)
    took, bare = _turns(count, partial(paper_bytes, paper, profile),
                        partial(_bare_draw, rows, profile))  # fmt: skip
    p50, limit = percentile(took, 0.5), percentile(bare, 0.5)
    return [
        Figure(
            name="receipt_raster",
            what=f"a receipt of {LINES} lines to the dots of a printer without one",
            p50=p50,
            p99=percentile(took, 0.99),
            limit="the same text drawn by bare Pillow",
            limit_p50=limit,
            limit_p99=percentile(bare, 0.99),
            ratio=p50 / limit,
            bar=f"p50 at most {BAR_RASTER_RATIO}× bare Pillow",
            met=p50 <= BAR_RASTER_RATIO * limit,
            more={"rows": len(rows), "bytes": len(paper_bytes(paper, profile))},
        )
    ]


def _bare_draw(rows: list[str], profile: Profile) -> bytes:
    face = font(240)
    picture = Image.new("1", (profile.dots, 31 * len(rows)), 1)
    pen = ImageDraw.Draw(picture)
    for number, row in enumerate(rows):
        pen.text((0, 31 * number), row, font=face, fill=0)
    return picture.tobytes()


def _turns(
    count: int, ours: Callable[[], object], bare: Callable[[], object]
) -> tuple[list[float], list[float]]:
    """Both by turns, after each has run a few times."""
    for _ in range(max(3, count // 20)):
        ours()
        bare()
    with without_collecting():
        pairs = [(timed(ours), timed(bare)) for _ in range(count)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]
