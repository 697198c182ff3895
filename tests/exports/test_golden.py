"""One story in every form, held to the letter: the golden files, and the lines that docs/howto/exports.md shows.

After a change that is meant, write the files anew and read the difference:

    GOLDEN=write python -m pytest tests/exports/test_golden.py
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dateline.exports import FORMS, Export
from dateline.exports.ontology import Ontology

if TYPE_CHECKING:
    from dateline.pipeline import StoryReading

FOLDER = Path(__file__).parent / "golden"
ENDINGS = {
    "plover": "jsonl", "polecat": "tsv", "cameo": "csv", "gdelt": "tsv", "acled": "csv", "geojson": "geojson",
    "jsonld": "jsonl",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_written_as_before(form: str, story: StoryReading, ontology: Ontology) -> None:
    export = Export(form, ontology)
    text = export.opening + "".join(export.story(story)) + export.closing
    path = FOLDER / f"{form}.{ENDINGS[form]}"
    if os.environ.get("GOLDEN") == "write":
        path.write_text(text, encoding="utf-8", newline="")
    assert text == path.read_bytes().decode("utf-8")


@pytest.mark.parametrize("form", FORMS)
def test_the_page_shows_real_lines(form: str, root: Path) -> None:
    page = (root / "docs/howto/exports.md").read_text(encoding="utf-8")
    lines = (FOLDER / f"{form}.{ENDINGS[form]}").read_text(encoding="utf-8").splitlines()
    section = page.split(f"\n## {form}\n")[1].split("\n## ")[0]
    if form == "jsonld":  # a whole graph is too long to read: the node of the event
        shown = next(node for node in json.loads(lines[0])["@graph"] if node["@type"] == "Event")
        assert shown in [json.loads(line) for line in section.splitlines() if line.startswith("{")]
    else:  # the killing comes first: behind the names of columns in tables, behind the opening in GeoJSON
        assert lines[0 if form == "plover" else 1].removesuffix("]}") in section.splitlines()
