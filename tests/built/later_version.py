"""A later version of this program, and later versions that cannot take a shop over."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app import __version__, schema
from app.update_file import KEYS
from tests.built.release import manifest_of, write_update
from tests.support.processes import ROOT

KEY = Ed25519PrivateKey.from_private_bytes(b"only two built versions trust it")
LATER = f"{__version__.split('.')[0]}.{int(__version__.split('.')[1]) + 1}.0"
STEP_NUMBER = f"{int(schema.HEAD) + 1:04}"
STEP_FILE = Path("app", "migrations", "versions", f"v{STEP_NUMBER}_later.py")
STEP = f'''"""What a later version changes: a table of its own, and lines that are made anew.

Revision: {STEP_NUMBER}
"""

from alembic import op

from app.schema import MAKE_ANEW

revision = "{STEP_NUMBER}"
down_revision = "{schema.HEAD}"


def upgrade() -> None:
    run = op.get_bind().exec_driver_sql
    run("CREATE TABLE later (n INTEGER NOT NULL) STRICT")
    run("DROP INDEX ix_sale_line_product")
    run("CREATE INDEX ix_sale_line_product ON sale_line (shop, product)")
    run("DELETE FROM sale_line")
    run("INSERT OR REPLACE INTO mark (name, value) VALUES (?, ?)", (MAKE_ANEW, revision))
'''
SAID_ELSEWISE = (
    ("app/__init__.py", f'__version__ = "{__version__}"', f'__version__ = "{LATER}"'),
    ("app/schema.py", f'HEAD = "{schema.HEAD}"', f'HEAD = "{STEP_NUMBER}"'),
)


def later_source(place: Path) -> Path:
    """This source as its next version."""
    for name in ("app", "printers", "sync", "ui", "resources", "build.spec"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, place / name)
    for name, before, after in SAID_ELSEWISE:
        text = (place / name).read_text(encoding="utf-8")
        assert before in text, name
        (place / name).write_text(text.replace(before, after), encoding="utf-8")
    (place / STEP_FILE).write_text(STEP, encoding="utf-8")
    return place


def trusting(program: Path) -> Path:
    """A built program that trusts the key of these stories."""
    keys = program / "_internal" / KEYS.relative_to(ROOT)
    keys.unlink()
    keys.write_text(KEY.public_key().public_bytes_raw().hex() + "\n", encoding="ascii")
    return program


def linked(program: Path, target: Path) -> Path:
    """A copy that takes no room; whoever changes a file of it makes a new one."""
    shutil.copytree(program, target, symlinks=True, copy_function=os.link)
    return target


def signed(program: Path, out: Path) -> Path:
    """The update file of a program."""
    write_update(program, manifest_of(program, schema=STEP_NUMBER), KEY, out, level=1)
    return out


# --- Later versions that cannot -------------------------------------------------------------------


def rewritten(program: Path, more: str) -> None:
    """Its step does something else besides."""
    path = program / "_internal" / STEP_FILE
    path.unlink()
    path.write_text(STEP + f"    {more}\n", encoding="utf-8")


def stumbles(program: Path) -> None:
    """Nobody foresaw what its step finds."""
    rewritten(program, "1 / 0")


def loses(program: Path) -> None:
    """Its step takes away what stands nowhere else."""
    rewritten(program, 'run("DELETE FROM print_job")')


def blind(program: Path) -> None:
    """It says its version, and cannot open a window."""
    next((program / "_internal" / "PySide6").glob("QtWidgets.*")).unlink()


BAD: dict[str, Callable[[Path], None]] = {
    "its step stumbles": stumbles,
    "its step loses rows": loses,
    "no window": blind,
    "killed while it starts": lambda _program: None,
}
