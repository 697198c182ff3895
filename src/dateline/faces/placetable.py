"""Places that a name may stand for, as a table or as JSON, for `dateline gazetteer find`."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateline.pipeline.gazetteers import FoundName

_HEADER = ("name", "kind", "country", "admin1", "admin2", "latitude", "longitude", "population", "known as", "id")


def as_text(found: Sequence[FoundName]) -> str:
    """A table with aligned columns."""
    rows = [_HEADER, *(_cells(each) for each in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    right = {_HEADER.index(name) for name in ("latitude", "longitude", "population")}
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def as_json(found: Sequence[FoundName]) -> str:
    """An array of places with the fields of the record, population and how the name is known."""
    rows = [dataclasses.asdict(each.place) | {"population": each.population, "known_as": each.kind} for each in found]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _cells(found: FoundName) -> tuple[str, ...]:
    place = found.place
    return (
        place.name,
        place.feature_code or "",
        place.country,
        place.admin1 or "",
        place.admin2 or "",
        f"{place.latitude:.4f}",
        f"{place.longitude:.4f}",
        f"{found.population:,}" if found.population else "",
        found.kind,
        place.id,
    )
