"""Reads the tables that lie in a subject's `data/` folder: tabs between cells, the first line names the columns."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

from dateline.errors import InstallationError


def read_rows(package: str, name: str, *, columns: int) -> Iterator[tuple[str, ...]]:
    """The rows of a package's table below the line that names its columns.

    Raises InstallationError when the table is missing, is not UTF-8, or has a row with another number of cells.
    """
    try:
        text = resources.files(package).joinpath("data", name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise InstallationError(
            f"the table {name} of {package} cannot be read", location=name, remedy="Install dateline again."
        ) from fault
    for line in text.splitlines()[1:]:
        cells = tuple(line.split("\t"))
        if len(cells) != columns:
            raise InstallationError(
                f"a row of {name} has {len(cells)} columns, not {columns}: {line}",
                location=name,
                remedy="Install dateline again.",
            )
        yield cells
