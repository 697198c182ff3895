"""The tables that PLOVER events are written with: quad classes and scores, CAMEO codes, ACLED's types, column names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dateline.tables import read_rows

_PACKAGE = "dateline.exports"


@dataclass(frozen=True, slots=True)
class TypeRow:
    """One PLOVER type. quad: 1 to 4. score: the manual's, -10 to 10."""

    quad_name: str
    quad: int
    score: float


@dataclass(frozen=True, slots=True)
class CameoRow:
    """One CAMEO code with GDELT's Goldstein value and quad class."""

    name: str
    goldstein: float
    quad: int


@dataclass(frozen=True, slots=True)
class Ontology:
    """All tables, read-only. cameo: (type, mode, context) -> code, with "" for any mode or context."""

    types: Mapping[str, TypeRow]
    scores: Mapping[tuple[str, str], float]
    verbal: Mapping[str, tuple[str, str]]
    cameo: Mapping[tuple[str, str, str], str]
    codes: Mapping[str, CameoRow]
    acled: Mapping[tuple[str, str], tuple[str, str]]
    inter: Mapping[str, str]
    columns: Mapping[str, tuple[str, ...]]

    def score(self, kind: str, mode: str | None) -> float | None:
        """The score of a mode, else of its type; None for types that are not PLOVER's."""
        known = self.types.get(kind)
        return self.scores.get((kind, mode or ""), known.score if known else None)

    def cameo_code(self, kind: str, mode: str | None, contexts: Sequence[str]) -> str | None:
        """The CAMEO code: that of the mode, else of a context, else of the type; None for types that are not
        PLOVER's."""
        by_mode = self.cameo.get((kind, mode, "")) if mode else None
        by_context = next((self.cameo[kind, "", one] for one in contexts if (kind, "", one) in self.cameo), None)
        return by_mode or by_context or self.cameo.get((kind, "", ""))


def load_ontology() -> Ontology:
    """Read every table.

    Raises InstallationError where one is missing or damaged.
    """
    return Ontology(
        types={
            kind: TypeRow(name, int(quad), float(score))
            for kind, name, quad, score in read_rows(_PACKAGE, "types.tsv", columns=4)
        },
        scores={
            (kind, mode): float(score) for kind, mode, score in read_rows(_PACKAGE, "modes.tsv", columns=3) if score
        },
        verbal={act: (kind, mode) for act, kind, mode in read_rows(_PACKAGE, "verbal.tsv", columns=3)},
        cameo={
            (kind, mode, context): code for kind, mode, context, code in read_rows(_PACKAGE, "cameo.tsv", columns=4)
        },
        codes={
            code: CameoRow(name, float(goldstein or 0), int(quad))
            for code, name, goldstein, quad in read_rows(_PACKAGE, "goldstein.tsv", columns=4)
        },
        acled={(kind, mode): (event, sub) for kind, mode, event, sub in read_rows(_PACKAGE, "acled.tsv", columns=4)},
        inter=dict(read_rows(_PACKAGE, "inter.tsv", columns=2)),  # type: ignore[arg-type]  # two columns
        columns={
            name: tuple(column for _, column in read_rows(_PACKAGE, f"{name}_columns.tsv", columns=2))
            for name in ("polecat", "gdelt", "acled")
        },
    )
