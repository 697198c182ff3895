"""JSON-LD: valid for a processor without a network, one graph for each story, every node it points at in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dateline.exports.jsonld import graph
from dateline.exports.ontology import Ontology
from dateline.records import Outlet, Toll

if TYPE_CHECKING:
    from dateline.pipeline import StoryReading

SCHEMA = "https://schema.org/"
OA = "http://www.w3.org/ns/oa#"
PROV = "http://www.w3.org/ns/prov#"
OURS = "urn:dateline:"


@pytest.fixture
def expanded(story: StoryReading, ontology: Ontology) -> list[dict[str, Any]]:
    """The nodes as a processor of JSON-LD 1.1 expands them; it may load nothing."""
    return expand(graph(story, ontology))


def expand(document: dict[str, Any]) -> list[dict[str, Any]]:
    jsonld = pytest.importorskip("pyld", reason="pyld is a development tool: pip install -e '.[dev]'").jsonld

    def refuse(url: str, options: object) -> None:
        pytest.fail(f"the graph needs {url}")

    nodes: list[dict[str, Any]] = jsonld.expand(document, {"documentLoader": refuse})
    return nodes


def of_type(nodes: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [node for node in nodes if node["@type"] == [kind]]


def test_nothing_is_lost_in_expansion(expanded: list[dict[str, Any]], story: StoryReading) -> None:
    assert [node["@id"] for node in of_type(expanded, SCHEMA + "NewsArticle")] == [OURS + story.story.id]
    assert {node["@id"] for node in of_type(expanded, SCHEMA + "Claim")} == {OURS + one.id for one in story.claims}
    (event,) = of_type(expanded, SCHEMA + "Event")
    assert event["@id"] == OURS + "e:1"
    assert event[OURS + "standing"] == [{"@value": "claimed"}]
    assert event[OURS + "assertedBy"] == [{"@id": OURS + "Governor"}]
    assert event[SCHEMA + "performer"] == [{"@id": OURS + "gunmen"}]
    assert event[OURS + "recipient"] == [{"@id": OURS + "guards"}]
    assert event[SCHEMA + "startDate"] == [{"@value": "2026-03-02"}]


def test_every_term_becomes_an_iri(expanded: list[dict[str, Any]]) -> None:
    for node in walk(expanded):
        for key in node:
            assert key.startswith(("@", SCHEMA, OA, PROV, OURS)), key


def test_selectors_point_at_the_words(expanded: list[dict[str, Any]], story: StoryReading) -> None:
    text = story.document.text
    selectors = [node[OA + "hasSelector"] for node in walk(expanded) if OA + "hasSelector" in node]
    assert len(selectors) == 7  # source, cue and content of two claims, the trigger of the event
    for position, quotation in selectors:
        start, end = (position[OA + bound][0]["@value"] for bound in ("start", "end"))
        exact, prefix, suffix = (quotation[OA + part][0]["@value"] for part in ("exact", "prefix", "suffix"))
        assert text[start:end] == exact
        assert text[:start].endswith(prefix)
        assert text[end:].startswith(suffix)


def test_claims_and_events_say_what_they_were_made_from(expanded: list[dict[str, Any]], story: StoryReading) -> None:
    (maker,) = of_type(expanded, PROV + "SoftwareAgent")
    for node in of_type(expanded, SCHEMA + "Claim") + of_type(expanded, SCHEMA + "Event"):
        assert node[PROV + "wasDerivedFrom"] == [{"@id": OURS + story.story.id}]
        assert node[PROV + "wasAttributedTo"] == [{"@id": maker["@id"]}]


def test_numbers_carry_their_voice(expanded: list[dict[str, Any]], story: StoryReading, ontology: Ontology) -> None:
    (event,) = of_type(expanded, SCHEMA + "Event")
    (toll,) = event[OURS + "toll"]
    assert toll[OURS + "best"] == [{"@value": 3}]
    assert toll[OURS + "voice"] == [{"@value": "the governor"}]
    assert toll[OURS + "claim"] == [{"@id": OURS + "c:said"}]
    (one,) = story.events
    own = replace(one, tolls=(Toll(harm="killed", count=one.tolls[0].count, span=None),))
    (event,) = of_type(expand(graph(replace(story, events=(own,)), ontology)), SCHEMA + "Event")
    assert OURS + "voice" not in event[OURS + "toll"][0]  # the outlet's own word


def test_references_lead_to_nodes(expanded: list[dict[str, Any]]) -> None:
    named = {node["@id"] for node in walk(expanded) if len(node) > 1 and "@id" in node}
    pointed = {node["@id"] for node in walk(expanded) if set(node) == {"@id"}}
    assert {iri for iri in pointed if iri.startswith(OURS)} <= named


def test_an_outlet_with_blanks_has_an_iri(story: StoryReading, ontology: Ontology) -> None:
    named = replace(story, outlet=Outlet(id='The "Harbour" Post', name="The Harbour Post"))
    (article,) = of_type(expand(graph(named, ontology)), SCHEMA + "NewsArticle")
    assert article[SCHEMA + "publisher"][0]["@id"] == OURS + "The%20%22Harbour%22%20Post"


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in an expanded document."""
    if isinstance(value, list):
        for each in value:
            yield from walk(each)
    elif isinstance(value, dict):
        yield value
        for each in value.values():
            yield from walk(each)
