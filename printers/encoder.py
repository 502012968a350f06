"""A paper to the bytes of one printer: text or raster, as its profile says."""

from app.content import Label, Paper
from printers import escpos_text
from printers.layout import lay_out
from printers.profile import Profile


def paper_bytes(paper: Paper, profile: Profile) -> bytes:
    """All bytes of a paper; none for a paper without blocks (a job that only opens the drawer).

    Raises Refusal for bars and QR codes that cannot exist.
    """
    if any(type(block) is Label for block in paper.blocks):
        from printers.labels.encoding import label_bytes

        return label_bytes(paper, profile)
    rows = lay_out(paper, profile.columns)
    if not rows:
        return b""
    if profile.mode == "raster":
        # Only here: a text receipt must not load a picture library.
        from printers import escpos_raster

        return escpos_raster.encode(rows, profile)
    return escpos_text.encode(rows, profile)
