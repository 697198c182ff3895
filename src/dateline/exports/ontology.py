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
class AcledRow:
    """What ACLED calls a type and mode. actor, recipient: the class of a side by the kind of event, else None."""

    event: str
    sub_event: str
    actor: str | None
    recipient: str | None


@dataclass(frozen=True, slots=True)
class AcledClass:
    """A class of actors of ACLED's. kind: armed, crowd or civilian."""

    number: int
    kind: str


@dataclass(frozen=True, slots=True)
class Ontology:
    """All tables, read-only.

    verbal: act -> (type, mode). verbal_modes: (type, type of what it is about, its mode or "") -> mode.
    cameo: (type, mode, context) -> code, with "" for any mode or context. inter: sector -> ACLED's class of actor.
    """

    types: Mapping[str, TypeRow]
    scores: Mapping[tuple[str, str], float]
    verbal: Mapping[str, tuple[str, str]]
    verbal_modes: Mapping[tuple[str, str, str], str]
    cameo: Mapping[tuple[str, str, str], str]
    codes: Mapping[str, CameoRow]
    acled: Mapping[tuple[str, str], AcledRow]
    classes: Mapping[str, AcledClass]
    inter: Mapping[str, str]
    columns: Mapping[str, tuple[str, ...]]

    def score(self, kind: str, mode: str | None) -> float | None:
        """The score of a mode, else of its type; None for types that are not PLOVER's."""
        known = self.types.get(kind)
        return self.scores.get((kind, mode or ""), known.score if known else None)

    def verbal_mode(self, kind: str, about: str, about_modes: Sequence[str]) -> str | None:
        """The mode of a request, refusal or threat about a deed; None where the deed does not tell."""
        keys = [(kind, about, mode) for mode in (*about_modes, "")]
        return next((self.verbal_modes[key] for key in keys if key in self.verbal_modes), None)

    def cameo_code(self, kind: str, mode: str | None, contexts: Sequence[str]) -> str | None:
        """The CAMEO code of the row with most in common; None for types that are not PLOVER's.

        A mode with a context comes first, then the mode, then a context, then the type alone.
        """
        modes = (mode, "") if mode else ("",)
        keys = [(kind, one, context) for one in modes for context in (*contexts, "")]
        return next((self.cameo[key] for key in keys if key in self.cameo), None)


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
        verbal_modes={
            (kind, about, about_mode): mode
            for kind, about, about_mode, mode in read_rows(_PACKAGE, "verbal_modes.tsv", columns=4)
        },
        cameo={
            (kind, mode, context): code for kind, mode, context, code, _ in read_rows(_PACKAGE, "cameo.tsv", columns=5)
        },
        codes={
            code: CameoRow(name, float(goldstein or 0), int(quad))
            for code, name, goldstein, quad in read_rows(_PACKAGE, "goldstein.tsv", columns=4)
        },
        acled={
            (kind, mode): AcledRow(event, sub, actor or None, recipient or None)
            for kind, mode, event, sub, actor, recipient in read_rows(_PACKAGE, "acled.tsv", columns=6)
        },
        classes={
            name: AcledClass(int(number), kind)
            for number, name, kind in read_rows(_PACKAGE, "acled_classes.tsv", columns=3)
        },
        inter=dict(read_rows(_PACKAGE, "inter.tsv", columns=2)),  # type: ignore[arg-type]  # two columns
        columns={
            name: tuple(column for _, column in read_rows(_PACKAGE, f"{name}_columns.tsv", columns=2))
            for name in ("polecat", "gdelt", "acled")
        },
    )
