"""The whole counter: payments, promotions, members, refunds; frozen in 0002.sql beside this file.

Revision: 0002
"""

from pathlib import Path

from alembic import op

from app.migrations.freeze import statements_of
from app.schema import MAKE_ANEW

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the new tables, and leave word that those with meaning are filled from the entries."""
    for statement in statements_of(Path(__file__).parent / "0002.sql"):
        op.get_bind().exec_driver_sql(statement)
    op.get_bind().exec_driver_sql(
        "INSERT OR REPLACE INTO mark (name, value) VALUES (?, ?)", (MAKE_ANEW, revision)
    )
