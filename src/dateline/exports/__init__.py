"""Writes events in the forms of the field: PLOVER, POLECAT, CAMEO, GDELT, ACLED, GeoJSON, JSON-LD.

    export = Export("gdelt", load_ontology())
    print(export.opening, *export.story(reading), export.closing, sep="", end="")

Every form carries the standing of each event and who asserts and denies it, in columns of its own where the form has
none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dateline.exports.jsonld import jsonld_line
from dateline.exports.ontology import Ontology, load_ontology
from dateline.exports.plover import features, plover_lines
from dateline.exports.story import ExportStory
from dateline.exports.tables import delimiter_of, header, rows

__all__ = ["FORMS", "Export", "ExportStory", "load_ontology"]

FORMS = ("plover", "polecat", "cameo", "gdelt", "acled", "geojson", "jsonld")
_TABLES = ("polecat", "cameo", "gdelt", "acled")


@dataclass(slots=True)
class Export:
    """One output in one of `FORMS`, fed a story at a time: opening, the pieces of each story, closing."""

    form: str
    ontology: Ontology = field(repr=False)
    _begun: bool = field(default=False, init=False)

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

    def story(self, story: ExportStory) -> Iterator[str]:
        """The text of one story: whole lines, or features with their commas."""
        if self.form in _TABLES:
            yield from rows(self.form, story, self.ontology, delimiter_of(self.form))
        elif self.form == "plover":
            yield from (f"{line}\n" for line in plover_lines(story, self.ontology))
        elif self.form == "jsonld":
            yield jsonld_line(story, self.ontology) + "\n"
        else:
            for feature in features(story, self.ontology):
                yield ("," if self._begun else "") + "\n" + feature
                self._begun = True
