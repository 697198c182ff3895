"""Exports: every form from one story made by hand, then what must be true of any story that the product reads."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from dateline.errors import UsageError
from dateline.exports import FORMS, Export, load_ontology
from dateline.exports.tables import ATTRIBUTION, CAMEO, cells, safe

if TYPE_CHECKING:
    from dateline.pipeline import Resources, StoryReading

ONTOLOGY = load_ontology()


def written(story: StoryReading, form: str) -> str:
    export = Export(form, ONTOLOGY)
    return export.opening + "".join(export.story(story)) + export.closing


def test_plover_codes_the_act_and_the_claim_with_their_voices(story: StoryReading) -> None:
    killing, condemning = (json.loads(line) for line in written(story, "plover").splitlines())
    assert (killing["event"], killing["mode"], killing["quad"], killing["score"]) == ("ASSAULT", "firearms", 4, -9.0)
    assert [party["sector"] for party in killing["actor"]] == ["UAF"]
    assert killing["recipient"][0]["text"] == "three guards"
    assert killing["tolls"] == [
        {
            "harm": "killed",
            "best": 3,
            "low": 3,
            "high": None,
            "spans": [at(story, "at least three")],
            "voice": "the governor",
        }
    ]
    assert killing["standing"] == "claimed"
    assert [voice["name"] for voice in killing["asserted_by"]] == ["Governor"]
    assert killing["place"]["name"] == "Port Elin"
    assert (killing["date"], killing["earliest"]) == ("2026-03-02", "2026-03-02")
    assert (condemning["event"], condemning["mode"], condemning["verbal"]) == ("ACCUSE", "disapprove", True)
    assert [party["name"] for party in condemning["recipient"]] == ["League"]  # never the guards who were killed


def at(story: StoryReading, words: str) -> list[int]:
    start = story.document.text.index(words)
    return [start, start + len(words)]


def test_what_is_said_plainly_is_no_event(story: StoryReading) -> None:
    ids = [json.loads(line)["id"] for line in written(story, "plover").splitlines()]
    assert "c:said" not in ids


@pytest.mark.parametrize(("form", "count"), [("polecat", 40), ("gdelt", 61), ("acled", 31), ("cameo", len(CAMEO))])
def test_tables_have_their_columns_and_those_of_attribution(story: StoryReading, form: str, count: int) -> None:
    delimiter = "\t" if form in ("polecat", "gdelt") else ","
    header, *rows = list(csv.reader(written(story, form).splitlines(), delimiter=delimiter))
    assert len(header) == count + len(ATTRIBUTION)
    assert header[-len(ATTRIBUTION) :] == list(ATTRIBUTION)
    assert rows
    assert all(len(row) == len(header) for row in rows)
    first = dict(zip(header, rows[0], strict=True))
    assert (first["Standing"], first["Asserted By"], first["Tolls"]) == (
        "claimed",
        "Governor",
        "killed 3 (the governor)",
    )


def test_cameo_and_gdelt_give_code_and_goldstein(story: StoryReading) -> None:
    header, row, *_ = (cells(line, ",") for line in written(story, "cameo").splitlines())
    known = dict(zip(header, row, strict=True))
    assert (known["CAMEO Code"], known["Root Code"], known["Goldstein"], known["Quad Class"]) == (
        "193",
        "19",
        "-10.0",
        "4",
    )
    header, row, *_ = (cells(line, "\t") for line in written(story, "gdelt").splitlines())
    known = dict(zip(header, row, strict=True))
    assert (known["SQLDATE"], known["EventCode"], known["ActionGeo_Lat"]) == ("20260302", "193", "1.5")


def test_acled_holds_violence_only_and_its_dead(story: StoryReading) -> None:
    header, *rows = (cells(line, ",") for line in written(story, "acled").splitlines())
    assert len(rows) == 1
    known = dict(zip(header, rows[0], strict=True))
    assert (known["event_type"], known["sub_event_type"]) == ("Violence against civilians", "Attack")
    assert (known["fatalities"], known["time_precision"], known["geo_precision"]) == ("3", "1", "1")


def test_geojson_puts_longitude_first(story: StoryReading) -> None:
    collection = json.loads(written(story, "geojson"))
    assert [feature["geometry"]["coordinates"] for feature in collection["features"]] == [[-2.5, 1.5]]


def test_geojson_of_several_stories_is_one_collection(story: StoryReading) -> None:
    export = Export("geojson", ONTOLOGY)
    text = export.opening + "".join(export.story(story)) + "".join(export.story(story)) + export.closing
    assert len(json.loads(text)["features"]) == 2


def test_jsonld_selectors_hold_the_words(story: StoryReading) -> None:
    graph = json.loads(written(story, "jsonld"))["@graph"]
    (event,) = (node for node in graph if node["@type"] == "Event")
    position, quote = event["oa:hasTarget"][0]["oa:hasSelector"]
    assert story.document.text[position["oa:start"] : position["oa:end"]] == quote["oa:exact"] == "killed at"
    names = {node["@id"] for node in graph}
    assert {ref["@id"] for ref in event["performer"]} <= names


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-3+4", "@sum", " =1", "\t=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert str(safe(cell)).startswith("'")


def test_a_cell_stays_on_its_line() -> None:
    assert safe("two\nlines\tand a tab") == "two lines and a tab"


def test_numbers_stay_numbers() -> None:
    assert safe(-2.5) == -2.5


def test_every_code_of_the_map_is_known() -> None:
    assert set(ONTOLOGY.cameo.values()) <= set(ONTOLOGY.codes)
    assert {kind for kind, _, _ in ONTOLOGY.cameo} == set(ONTOLOGY.types)
    assert {kind for kind, _ in ONTOLOGY.verbal.values()} <= set(ONTOLOGY.types)


def test_an_unknown_form_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UsageError, match=r"(?s)no form of export 'icews' is known.*plover, polecat"):
        Export("icews", ONTOLOGY)


@pytest.mark.parametrize("form", FORMS)
def test_the_examples_export_in_every_form(form: str, resources: Resources, examples: object) -> None:
    from dateline.pipeline import StoryReading, read_inputs

    stories = [one for one in read_inputs([str(examples)], resources) if isinstance(one, StoryReading)]
    export = Export(form, ONTOLOGY)
    text = export.opening + "".join(piece for one in stories for piece in export.story(one)) + export.closing
    if form in ("plover", "jsonld"):
        assert all(json.loads(line) for line in text.splitlines())
        assert text.count("\n") >= len(stories)
    elif form == "geojson":
        assert json.loads(text)["type"] == "FeatureCollection"
    else:
        delimiter = "\t" if form in ("polecat", "gdelt") else ","
        lines = list(csv.reader(text.splitlines(), delimiter=delimiter))
        assert len({len(line) for line in lines}) == 1
