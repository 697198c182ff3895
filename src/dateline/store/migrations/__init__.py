"""Making the tables of a store, and bringing those of an older one up to date.

Each file in `versions/` is one step, and stays as it is once released. How to add one: README.md of the store.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa


def migrate(connection: sa.Connection, *, to: str = "head") -> None:
    """Take every step that the database lacks, in the transaction of the connection: all of them or none."""
    # Alembic is slow to import and needed only here: opening a store looks the revision up by itself.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
