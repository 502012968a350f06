"""What Alembic runs to run the steps: on the connection it is given, in the transaction it is in.

Alembic executes this file itself; nobody imports it.
"""

from alembic import context

from app.rows import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # SQLite alters little in place: a batch makes the table anew and copies its rows.
    render_as_batch=True,
)
context.run_migrations()
