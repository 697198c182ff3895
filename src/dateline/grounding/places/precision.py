"""How exactly a reference places something, on one scale, and what ACLED and UCDP call that.

precision_of(place, ref, lexicons=lexicons)  ->  Precision(kind="adm1", radius_km=150, acled=3, ucdp=4)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from dateline.records import Place, PlaceRef

PrecisionClass = Literal["point", "locality", "near", "adm2", "adm1", "region", "country", "international"]

# class -> ACLED geo_precision, UCDP where_prec. ACLED: 1 the town, 2 its surroundings or a seat standing for a
# district, 3 a larger region. UCDP: 1 exact, 2 near, 3 ADM2, 4 ADM1, 5 line or fuzzy area, 6 country, 7 seas and air.
CODES: dict[PrecisionClass, tuple[Literal[1, 2, 3], int]] = {
    "point": (1, 1), "locality": (1, 1), "near": (2, 2), "adm2": (2, 3), "adm1": (3, 4), "region": (3, 5),
    "country": (3, 6), "international": (3, 7),
}  # fmt: skip
_NEAR_KM = 25  # how far "near", "outside" and "in the hills above" a town reach


class HasPrecisions(Protocol):
    """Anything with the table of feature codes (`PlaceLexicons`)."""

    @property
    def precisions(self) -> dict[str, tuple[PrecisionClass, int]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """kind: class of exactness. radius_km: within this distance of the place's point. acled, ucdp: their codes."""

    kind: PrecisionClass
    radius_km: int
    acled: Literal[1, 2, 3]
    ucdp: int


def precision_of(place: Place, ref: PlaceRef, *, lexicons: HasPrecisions, radius_km: int | None = None) -> Precision:
    """The precision of a reference, from the kind of place and the relation; radius_km: the place's own, if known.

    A reference near or across from a point or a town counts as its vicinity; from a larger place nothing changes.
    """
    kind, usual = kind_of(place.feature_code, lexicons)
    radius = radius_km or usual
    vague = ref.relation in ("near", "across") or ref.precision == 2
    if kind in ("point", "locality") and vague:
        kind, radius = "near", max(_NEAR_KM, radius)
    acled, ucdp = CODES[kind]
    return Precision(kind=kind, radius_km=radius, acled=acled, ucdp=ucdp)


def kind_of(feature_code: str | None, lexicons: HasPrecisions) -> tuple[PrecisionClass, int]:
    """Class and usual radius of a feature code: the longest beginning that the table knows."""
    code = feature_code or ""
    while code and code not in lexicons.precisions:
        code = code[:-1]
    return lexicons.precisions[code] if code else ("region", 100)
