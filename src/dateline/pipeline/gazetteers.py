"""The gazetteer as a user meets it: which places a name may stand for, and making a gazetteer of a download."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dateline.grounding.places.gazetteer import open_gazetteer
from dateline.grounding.places.importing import Imported, import_geonames
from dateline.grounding.places.names import key_of
from dateline.records import Place

__all__ = ["FoundName", "Imported", "build_gazetteer", "find_name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundName:
    """One place that a name may stand for. kind: "main", "alternate" or "similar" (spelt otherwise, sounding alike)."""

    place: Place
    kind: str
    population: int | None


def find_name(name: str, *, gazetteer: Path | None = None, country: str | None = None) -> tuple[FoundName, ...]:
    """The places called `name`, the best known and most populous first; similar names only where there is no exact one.

    country: alpha-2 or alpha-3, to see only places there. Raises InstallationError where the gazetteer is unusable.
    """
    opened = open_gazetteer(gazetteer)
    candidates = opened.find(name) or opened.find_similar(name)
    populations, renown = opened.columns["population"], opened.columns["renown"]
    ordered = sorted(
        candidates,
        key=lambda each: (
            opened.feature_of(each.row) != "PCLI",
            key_of(opened.name(each.row)) != key_of(name),
            -int(renown[each.row]),
            -int(populations[each.row]),
            each.row,
        ),
    )
    wanted = country.upper() if country else None
    return tuple(
        FoundName(
            place=opened.place(each.row),
            kind="similar" if each.kind == "skeleton" else each.kind,
            population=int(populations[each.row]) or None,
        )
        for each in ordered
        if wanted is None or wanted in (opened.country_of(each.row).alpha2, opened.country_of(each.row).alpha3)
    )


def build_gazetteer(source: Path, out: Path, *, show: Callable[[int], None] | None = None) -> Imported:
    """Make a gazetteer of a dump of GeoNames; see `dateline gazetteer import`."""
    part = out.with_name(out.name + ".part")  # an interrupted import leaves an older gazetteer as it was
    result = import_geonames(source, part, shipped=open_gazetteer(), show=show)
    part.replace(out)
    return result
