"""The schema of release 0.1.0, frozen in 0001.sql beside this file.

Revision: 0001
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

_SQL = Path(__file__).parent / "0001.sql"


def upgrade() -> None:
    """Make every table of the first release."""
    for statement in _SQL.read_text(encoding="utf-8").split(";\n\n"):
        op.get_bind().exec_driver_sql(statement.rstrip(";\n"))
