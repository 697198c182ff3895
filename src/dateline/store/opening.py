"""Opening a store: what kind it is, whether it is one at all, and whether its tables are those of this version."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from dateline.errors import StoreError, UsageError
from dateline.store import embedded, postgres, schema
from dateline.store.backends import Backend
from dateline.store.faults import explained
from dateline.store.migrations import migrate
from dateline.store.store import Store

PATIENCE = 30.0  # seconds
_HEAD = b"SQLite format 3\x00"
_ADDRESS = re.compile(r"(\w+)(?:\+\w+)?://")


def open_store(where: str | os.PathLike[str], *, create: bool = False, patience: float = PATIENCE) -> Store:
    """Open a store: a path for one in a file, "postgresql://USER@HOST/DATABASE" for one in PostgreSQL.

    create: make it where there is none yet (a database of PostgreSQL must be there, and may be empty).
    patience: seconds to wait for another program that is writing, before a StoreError says so.

    Raises StoreError where there is no store, where the file is something else, or where another version of Dateline
    made it: an older one is brought up to date by `upgrade_store`, never by opening it.
    """
    backend = _backend(os.fspath(where), create=create, patience=patience)
    with _closed_on_failure(backend):
        revision = _revision(backend)
        if revision is None and create:
            _take_steps(backend)
        elif revision is None:
            raise StoreError("it is empty", location=backend.where, remedy=_how_to_make(backend))
        elif revision != schema.REVISION:
            raise _other_version(backend, revision)
    return Store(backend)


def upgrade_store(where: str | os.PathLike[str], *, patience: float = PATIENCE) -> bool:
    """Bring the tables of an older store up to date, in one transaction; False where they are. Make a backup first.

    Raises StoreError for what `open_store` raises it, and for a store of a newer Dateline.
    """
    backend = _backend(os.fspath(where), create=False, patience=patience)
    with _closed_on_failure(backend):
        revision = _revision(backend)
        if revision is None or revision not in schema.REVISIONS:
            raise _other_version(backend, revision or "none")
        if revision != schema.REVISION:
            _take_steps(backend)
    backend.engine.dispose()
    return revision != schema.REVISION


def is_store(where: str) -> bool:
    """Whether this names a store rather than a file of stories: an address of a database, or an SQLite file."""
    if _ADDRESS.match(where):
        return True
    try:
        with open(where, "rb") as file:
            return file.read(len(_HEAD)) == _HEAD
    except OSError:
        return False


def _backend(where: str, *, create: bool, patience: float) -> Backend:
    address = _ADDRESS.match(where)
    if address is None:
        return _file(Path(where), create=create, patience=patience)
    if address[1] not in ("postgresql", "postgres"):
        raise UsageError(
            f"a store cannot be kept in {address[1]!r}",
            location=where,
            remedy="Give a path, or an address that begins with postgresql://.",
        )
    return postgres.Postgres("postgresql" + where[where.index("://") :], patience=patience)


def _file(path: Path, *, create: bool, patience: float) -> Backend:
    embedded.check_capabilities()
    backend = embedded.Embedded(path, patience=patience)
    if path.is_dir() or (path.exists() and path.stat().st_size and not is_store(str(path))):
        raise StoreError("it is not a store", location=str(path), remedy="A store is a file made by `dateline add`.")
    if not path.exists() and not create:
        raise StoreError("there is no such store", location=str(path), remedy=_how_to_make(backend))
    try:
        if not path.exists():
            path.touch()
    except OSError as fault:
        raise StoreError(f"it cannot be made ({fault})", location=str(path), remedy="Check the folder.") from fault
    return backend


def _revision(backend: Backend) -> str | None:
    """Of the tables in the database; None where it is empty."""
    with explained(backend.where), backend.reading() as connection:
        names = sa.inspect(connection).get_table_names()
        if not names:
            return None
        if "alembic_version" not in names or "documents" not in names:
            raise StoreError(
                f"it is a database of something else (it has the table {sorted(names)[0]!r})",
                location=backend.where,
                remedy="Check the path or the address; a store of Dateline has a database to itself.",
            )
        return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar())


def _take_steps(backend: Backend) -> None:
    """Make the tables, or bring them up to date. Of two programs that do so at once the second finds it done."""
    if isinstance(backend, embedded.Embedded):
        with explained(backend.where):
            backend.set_journal()
    with explained(backend.where), backend.writing() as connection, connection.begin():
        backend.lock(connection, "the tables of the store")
        migrate(connection)


def _other_version(backend: Backend, revision: str) -> StoreError:
    if revision in schema.REVISIONS:
        return StoreError(
            f"its tables are of an older Dateline (revision {revision}, this one needs {schema.REVISION})",
            location=backend.where,
            remedy=f"Make a backup, then run: dateline upgrade {backend.where}",
        )
    return StoreError(
        f"its tables are of a newer Dateline (revision {revision}, this one knows {schema.REVISION})",
        location=backend.where,
        remedy="Install a newer Dateline: pip install --upgrade dateline",
    )


def _how_to_make(backend: Backend) -> str:
    return f"Make one with: dateline add FILES... --to {backend.where}"


@contextlib.contextmanager
def _closed_on_failure(backend: Backend) -> Iterator[None]:
    try:
        yield
    except BaseException:
        backend.engine.dispose()
        raise
