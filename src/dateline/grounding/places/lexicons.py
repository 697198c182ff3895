"""What the stage knows besides the gazetteer. The tables lie in `data/`, each with a card; they are read once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from dateline.grounding.places.names import key_of
from dateline.grounding.places.precision import PrecisionClass
from dateline.tables import read_rows

Relation = Literal["in", "near", "across", "toward", "from"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLexicons:
    """The tables of `grounding/places/data`. Read-only.

    abbreviations: words as written -> name, alpha-2 of the country, whether they stand alone.
    generic: lower-case word -> what feature codes begin with. modifiers, skipped: lower-case words and keys.
    abroad: what a country has in other countries: the U.S. embassy is not in the United States.
    relations: words before a name -> relation. demonyms: words as written -> alpha-2. weights: model -> feature ->
    weight. precisions: beginning of a feature code -> class, usual radius in km.
    """

    abbreviations: dict[str, tuple[str, str, bool]]
    short_forms: re.Pattern[str]  # any of the abbreviations
    generic: dict[str, str]
    modifiers: frozenset[str]
    abroad: frozenset[str]
    skipped: frozenset[str]
    relations: dict[str, Relation]
    demonyms: dict[str, str]
    weights: dict[str, dict[str, float]]
    precisions: dict[str, tuple[PrecisionClass, int]]


def load_place_lexicons() -> PlaceLexicons:
    """Read the tables that ship with the package. Raises InstallationError when one is missing or damaged."""
    weights: dict[str, dict[str, float]] = {}
    for model, feature, weight in _rows("weights.tsv", columns=3):
        weights.setdefault(model, {})[feature] = float(weight)
    abbreviations = {
        words: (name, country, stands == "alone")
        for words, name, country, stands in _rows("abbreviations.tsv", columns=4)
    }
    longest_first = sorted(abbreviations, key=len, reverse=True)
    return PlaceLexicons(
        abbreviations=abbreviations,
        short_forms=re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"),
        generic={
            word: feature for word, feature, stands in _rows("generic_words.tsv", columns=3) if stands != "before"
        },
        abroad=frozenset(row[0] for row in _rows("abroad.tsv", columns=1)),
        modifiers=frozenset(row[0] for row in _rows("modifiers.tsv", columns=1)),
        skipped=frozenset(key_of(row[0]) for row in _rows("not_places.tsv", columns=1)),
        relations={words: cast(Relation, relation) for words, relation in _rows("relations.tsv", columns=2)},
        demonyms={row[0]: row[1] for row in _rows("demonyms.tsv", columns=2)},
        weights=weights,
        precisions={
            feature: (cast(PrecisionClass, name), int(radius))
            for feature, name, radius in _rows("precisions.tsv", columns=3)
        },
    )


def _rows(name: str, *, columns: int) -> Iterator[tuple[str, ...]]:
    return read_rows(__package__, name, columns=columns)
