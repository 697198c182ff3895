"""Writes events in the forms of the field: PLOVER, POLECAT, CAMEO, GDELT, ACLED, GeoJSON, JSON-LD.

    export = Export("gdelt", load_ontology())
    print(export.opening, *export.story(reading), export.closing, sep="", end="")

Every form carries the standing of each event and who asserts and denies it, in columns of its own where the form has
none.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from dateline.errors import UsageError
from dateline.exports.jsonld import jsonld_line
from dateline.exports.ontology import Ontology, load_ontology
from dateline.exports.plover import features, plover_lines
from dateline.exports.story import ExportStory
from dateline.exports.tables import delimiter_of, header, rows
from dateline.records import Id

__all__ = ["FORMS", "HELD", "Export", "ExportStory", "load_ontology"]

FORMS = ("plover", "polecat", "cameo", "gdelt", "acled", "geojson", "jsonld")
_TABLES = ("polecat", "cameo", "gdelt", "acled")

# What a form that cannot hold every event does hold.
HELD: Mapping[str, str] = MappingProxyType(
    {
        "cameo": "what CAMEO has a code for (not HAZARD and CIVIC)",
        "gdelt": "what CAMEO has a code for (not HAZARD and CIVIC)",
        "acled": "violence, protests and some strategic developments that happened or go on, with a place",
        "geojson": "events with a place",
    }
)


@dataclass(slots=True)
class Export:
    """One output in one of `FORMS`, fed a story at a time: opening, the pieces of each story, closing.

    written, left_out: how many pieces went in so far (events and verbal acts; graphs in JSON-LD), and how many events
    the form cannot hold (see `HELD`).
    """

    form: str
    ontology: Ontology = field(repr=False)
    written: int = field(default=0, init=False)
    left_out: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            raise UsageError(f"no form of export {self.form!r} is known", remedy=f"Known are {', '.join(FORMS)}.")

    @property
    def opening(self) -> str:
        """What stands before the first story."""
        if self.form in _TABLES:
            return header(self.form, self.ontology, delimiter_of(self.form))
        return '{"type":"FeatureCollection","features":[' if self.form == "geojson" else ""

    @property
    def closing(self) -> str:
        """What stands behind the last story."""
        return "]}\n" if self.form == "geojson" else ""

    def story(self, story: ExportStory, only: Container[Id] | None = None) -> Iterator[str]:
        """The text of one story: whole lines, or features with their commas.

        only: the ids of the events and claims that are wanted; None for all.
        """
        for piece in self._pieces(story, only):
            if piece is None:
                self.left_out += 1
            else:
                comma = "," if self.form == "geojson" and self.written else ""
                self.written += 1
                yield comma + piece

    def _pieces(self, story: ExportStory, only: Container[Id] | None) -> Iterator[str | None]:
        """The text of each event of a story, None for one that the form cannot hold."""
        if self.form in _TABLES:
            yield from rows(self.form, story, self.ontology, delimiter_of(self.form), only)
        elif self.form == "plover":
            yield from (f"{line}\n" for line in plover_lines(story, self.ontology, only))
        elif self.form == "jsonld":
            yield jsonld_line(story, self.ontology, only) + "\n"
        else:
            yield from (None if one is None else f"\n{one}" for one in features(story, self.ontology, only))
