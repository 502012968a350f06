"""Make the two shipped fonts again, byte for byte, from the published Noto Sans SC.

Run it with the test tools installed (``./pos test`` installs them) and ``npm`` on the path:

    .venv/bin/python resources/fonts/build.py            writes the fonts next to this file
    .venv/bin/python resources/fonts/build.py --check    builds and compares, writes nothing

The source is the npm package ``@expo-google-fonts/noto-sans-sc``: static faces with TrueType
outlines, which Qt, Pillow and the PDF writer all read (faces with PostScript outlines fail in
the PDF writer).  Everything is pinned: the source archive and both results by their SHA-256.
A different result with the same source means another fontTools; tests/requirements.lock names
the one that was used.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
PACKAGE = "@expo-google-fonts/noto-sans-sc@0.4.3"
SOURCE_SHA256 = "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59"
LICENCE_MEMBER = "package/LICENSE_FONT"
LICENCE_FILE = "OFL.txt"


@dataclass(frozen=True)
class Face:
    """One shipped font: where it comes from, what it must hash to."""

    member: str
    file: str
    sha256: str


FACES = (
    Face(
        member="package/400Regular/NotoSansSC_400Regular.ttf",
        file="NotoSansSC-Regular.ttf",
        sha256="b43ebf9b6bef707294c40b268eb841c710279f5abcbf63d3df4b198c4be34714",
    ),
    Face(
        member="package/700Bold/NotoSansSC_700Bold.ttf",
        file="NotoSansSC-Bold.ttf",
        sha256="c04ca5e283e83009425bd6e44f33caa82537321c124643e03b723a545eb58ac7",
    ),
)

# Both faces hold the whole of it: GB2312 would save five megabytes in the bold face, but lacks the
# 焗 of Guangdong kitchens and many names of people and villages, which Linux would show as boxes.
CHARSET = "gbk"

# Everything a screen, a label or a receipt draws beside Chinese characters.
SYMBOL_RANGES = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x00FF),  # Latin-1, with the yen sign U+00A5, the times sign and the middle dot
    (0x0100, 0x017F),  # accented letters of foreign names and of pinyin
    (0x0391, 0x03C9),  # Greek, for units and grades
    (0x2000, 0x206F),  # dashes, quotation marks, ellipsis
    (0x20A0, 0x20CF),  # currency signs
    (0x2100, 0x214F),  # number sign, degrees Celsius
    (0x2150, 0x218F),  # fractions and Roman numerals
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # minus sign and comparisons
    (0x2300, 0x23FF),  # keyboard signs
    (0x2460, 0x24FF),  # circled numbers
    (0x2500, 0x25FF),  # rules, blocks, triangles, circles
    (0x2600, 0x27BF),  # stars, check marks
    (0x3000, 0x30FF),  # Chinese punctuation, 〓, kana
    (0x3200, 0x33FF),  # units written in one square
    (0xFE30, 0xFE4F),  # vertical punctuation
    (0xFF00, 0xFFEE),  # full-width forms, with the full-width yuan sign U+FFE5
)


def charset_code_points(charset: str) -> set[int]:
    """Return every code point that a two-byte Chinese character set can write."""
    points: set[int] = set()
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                text = bytes((lead, trail)).decode(charset)
            except UnicodeDecodeError:
                continue
            points.update(ord(character) for character in text)
    return points


def wanted_code_points() -> set[int]:
    """Return what a face must try to hold: the character set and all the symbols."""
    points = charset_code_points(CHARSET)
    for first, last in SYMBOL_RANGES:
        points.update(range(first, last + 1))
    return points


def fetch_source(folder: Path) -> bytes:
    """Ask npm for the source archive by name and return it; refuse any other content."""
    command = ["npm", "pack", "--silent", PACKAGE]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tgz")
    content = archive.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SOURCE_SHA256:
        raise SystemExit(f"{PACKAGE} has SHA-256 {found}, not {SOURCE_SHA256}: not used")
    return content


def cut_face(source: bytes) -> bytes:
    """Return the face reduced to what we draw, without a build time inside."""
    options = subset.Options(
        hinting=False,
        # No ligatures and no alternates: one character, one glyph, one width.
        layout_features=[],
        recalc_timestamp=False,
        notdef_outline=True,
        name_IDs=["*"],
    )
    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted_code_points())
    cutter.subset(font)
    result = io.BytesIO()
    font.save(result)
    return result.getvalue()


def build(content: bytes) -> dict[str, bytes]:
    """Return the files to ship by name; refuse a result that is not the pinned one."""
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
        for name, member in ((LICENCE_FILE, LICENCE_MEMBER), *((f.file, f.member) for f in FACES)):
            opened = archive.extractfile(member)
            if opened is None:
                raise SystemExit(f"{member} is not a file in the source archive")
            files[name] = opened.read()
    for face in FACES:
        files[face.file] = cut_face(files[face.file])
        found = hashlib.sha256(files[face.file]).hexdigest()
        if found != face.sha256:
            raise SystemExit(f"{face.file} came out with SHA-256 {found}, not {face.sha256}")
    return files


def main(arguments: list[str]) -> int:
    """Build the fonts; with ``--check`` only compare them with the shipped ones."""
    parser = argparse.ArgumentParser(description="Build the shipped fonts from Noto Sans SC.")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    check = parser.parse_args(arguments).check
    with tempfile.TemporaryDirectory() as folder:
        files = build(fetch_source(Path(folder)))
    different = []
    for name, content in files.items():
        if check:
            if (HERE / name).read_bytes() != content:
                different.append(name)
        else:
            (HERE / name).write_bytes(content)
        print(f"{name}: {len(content)} bytes")
    for name in different:
        print(f"{name} differs from the shipped file", file=sys.stderr)
    return 1 if different else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
