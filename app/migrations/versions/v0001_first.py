"""The schema of release 0.1.0, frozen in 0001.sql beside this file.

Revision: 0001
"""

from pathlib import Path

from alembic import op

from app.migrations.freeze import statements_of

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table of the first release."""
    for statement in statements_of(Path(__file__).parent / "0001.sql"):
        op.get_bind().exec_driver_sql(statement)
