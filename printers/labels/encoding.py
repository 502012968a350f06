"""Labels to the bytes of one printer: TSPL, or ESC/POS pictures where a roll of labels lies.

A label printer given a receipt, or a receipt printer without label paper, is a mistake in the
settings: the job fails with a code instead of wasting paper.
"""

from PIL import Image

from app.content import Label, Paper
from app.errors import Refusal
from printers.labels import tspl
from printers.labels.drawing import draw
from printers.labels.template import parse
from printers.profile import Profile
from printers.raster_bytes import Dots, raster

RESET = b"\x1b@"
NEXT_LABEL = b"\x1d\x0c"
"""GS FF: feed to where the next label begins."""


def label_bytes(paper: Paper, profile: Profile) -> bytes:
    """All labels of a paper. Raises Refusal: label_too_wide, and whatever drawing a code may."""
    out = []
    for block in paper.blocks:
        assert type(block) is Label, "labels and receipts never share a paper"
        template = parse(block.template)
        picture = draw(template, block.fields)
        if picture.width > profile.dots:
            raise Refusal("label_too_wide", dots=picture.width, most=profile.dots)
        if profile.mode == "tspl":
            out.append(tspl.encode(picture, gap_tenths=template.gap, copies=block.copies))
        else:
            one = raster(_packed(picture, profile.dots), profile.fragment_rows)
            out.append(RESET + (one + NEXT_LABEL) * block.copies)
    return b"".join(out)


def _packed(picture: Image.Image, dots: int) -> Dots:
    """The picture at the paper's left edge, where label paper lies."""
    canvas = Image.new("1", (dots, picture.height), 1)
    canvas.paste(picture, (0, 0))
    packed = bytes(byte ^ 0xFF for byte in canvas.tobytes())
    wide = dots // 8
    return Dots(wide, [packed[at : at + wide] for at in range(0, len(packed), wide)])
