"""What a database says when something is wrong, in words that say what to do.

Whatever goes wrong while writing, the transaction is gone and what was kept before is untouched.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import sqlalchemy as sa

from dateline.errors import RecordError, StoreError

_REPORT = "This is a fault of the program. Please report it."


@contextlib.contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn what the database raises in this block into a StoreError. where: the store, as people know it."""
    try:
        yield
    except (sa.exc.IntegrityError, sa.exc.DataError, OverflowError) as fault:
        raise RecordError(
            f"the records do not fit together ({_said(fault)})", location=where, remedy="Nothing of them was kept."
        ) from fault
    except sa.exc.DBAPIError as fault:
        message, remedy = _embedded(fault) if _is_embedded(fault) else _server(fault)
        raise StoreError(message, location=where, remedy=remedy) from fault


def _is_embedded(fault: sa.exc.DBAPIError) -> bool:
    return type(fault.orig).__module__ == "sqlite3"


def _embedded(fault: sa.exc.DBAPIError) -> tuple[str, str]:
    name = getattr(fault.orig, "sqlite_errorname", "") or ""
    known = {
        "SQLITE_FULL": ("the disk is full", "Make room and run the same command again: what is kept is skipped."),
        "SQLITE_READONLY": ("it may not be written", "Check the permissions of the file and of its folder."),
        "SQLITE_BUSY": (
            "another program is writing to it and did not finish in time",
            "Wait for it to end; one program at a time can write to a store in a file.",
        ),
        "SQLITE_LOCKED": ("another program is writing to it", "Wait for it to end."),
        "SQLITE_CANTOPEN": ("it cannot be opened", "Check that file and folder exist and may be read and written."),
        "SQLITE_NOTADB": ("it is not an SQLite database", "Check the path."),
        "SQLITE_CORRUPT": (
            "the database is damaged",
            "Copy the file away, and go back to the last backup, or add the documents to a new store.",
        ),
        "SQLITE_IOERR": ("the disk failed to read or write", "Check the disk and the room on it, then try again."),
    }
    for beginning, words in known.items():
        if name.startswith(beginning):
            return words
    return f"the database refused: {_said(fault)}", _REPORT


def _server(fault: sa.exc.DBAPIError) -> tuple[str, str]:
    state = getattr(fault.orig, "sqlstate", None)
    if fault.connection_invalidated or state is None or state.startswith(("08", "57P")):
        return (
            f"the connection to PostgreSQL failed ({_said(fault)})",
            "Check that the server runs and can be reached, then run the same command again: what is kept is skipped.",
        )
    if state.startswith("53"):
        return (f"the server has no room left ({_said(fault)})", "Make room on its disk and try again.")
    if state in ("25006", "42501"):
        return ("this user may not write to it", "Ask for the right to write, or connect as another user.")
    if state in ("40P01", "40001", "55P03"):
        return ("another program is writing the same rows and did not finish in time", "Try again.")
    if state.startswith(("28", "3D")):
        return (f"PostgreSQL refused the connection ({_said(fault)})", "Check user, password and name of the database.")
    return f"the database refused: {_said(fault)}", _REPORT


def _said(fault: Exception) -> str:
    """The first line of what the database itself said."""
    own = getattr(fault, "orig", None) or fault
    lines = str(own).strip().splitlines()
    return lines[0] if lines else type(own).__name__
