"""Whatever the records of a story: every form takes them, and what comes out reads back whole."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import typing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.exports import Export, load_ontology
from dateline.exports.tables import ATTRIBUTION, CAMEO, delimiter_of
from dateline.pipeline import StoryReading
from dateline.records import (
    Actor,
    ActorRef,
    Casualties,
    Claim,
    Count,
    Document,
    Event,
    Id,
    Mention,
    Outlet,
    Place,
    PlaceRef,
    Span,
    Stance,
    Story,
    TimeRef,
    Toll,
)
from dateline.standing import Standing

ONTOLOGY = load_ontology()
WIDTHS = {"polecat": 40, "gdelt": 61, "acled": 31, "cameo": len(CAMEO)}
PIECES = [
    "=1+1",
    '"',
    "'",
    ";",
    ",",
    "\t",
    "\n",
    "\r\n",
    "\u2028",
    "\x00",
    "\u200b",
    "\u202e",
    "\ud800",
    "🚢",
    "Port Elin. ",
    "Δ",
]
names = st.one_of(st.sampled_from(["gunmen", "=cmd", "\ud800", 'the "Post"', "a;b", "-"]), st.text(max_size=12))
days = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
types = st.sampled_from([*ONTOLOGY.types, "HAZARD", "CIVIC", "UNHEARD-OF"])
modes = st.sampled_from([*sorted({mode for _, mode, _ in ONTOLOGY.cameo} - {""}), "unheard-of"])
contexts = st.sampled_from([*sorted({context for _, _, context in ONTOLOGY.cameo} - {""}), "gender"])
numbers = st.none() | st.integers(0)
counts = st.builds(Count, best=numbers, low=numbers, high=numbers)


def literal(record: type, field: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(typing.get_args(typing.get_type_hints(record)[field]))


@st.composite
def stories(draw: st.DrawFn) -> StoryReading:
    """A story whose records point at each other and into its text, as those that the product makes do."""
    text = "".join(draw(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), min_size=1, max_size=12)))
    text = text or "."
    published = draw(st.none() | days | st.datetimes(timezones=st.none() | st.just(dt.UTC)))
    outlet = draw(st.none() | st.builds(Outlet, id=names, name=names))
    story = Story(
        id="story:1", document_id="document:1", outlet_id=outlet.id if outlet else draw(st.none() | names),
        headline=draw(st.none() | spans(text)), dateline=draw(st.none() | spans(text)),
        body=tuple(draw(st.lists(spans(text), max_size=2))), published_at=published,
    )  # fmt: skip
    mentions = tuple(
        Mention(id=f"m:{number}", story_id=story.id, span=span, head=span, kind="actor")
        for number, span in enumerate(draw(st.lists(spans(text), min_size=1, max_size=3)))
    )
    actors = tuple(
        Actor(
            id=f"a {number}", name=draw(names), kind=draw(literal(Actor, "kind")),
            country=draw(st.sampled_from([None, "MRV", "IGO"])), wikidata=draw(st.sampled_from([None, "Q1"])),
            sector=draw(st.sampled_from([None, *ONTOLOGY.inter, "PTY"])),
        )
        for number in range(draw(st.integers(1, 3)))
    )  # fmt: skip
    places = tuple(
        Place(
            id=f"geonames:{number}", name=draw(names), country=draw(st.sampled_from(["PEL", "USA"])),
            latitude=draw(st.floats(-90, 90)), longitude=draw(st.floats(-180, 180)),
            admin1=draw(st.none() | names), feature_code=draw(st.sampled_from([None, "PPL", "ADM1", "PCLI"])),
        )
        for number in range(draw(st.integers(1, 2)))
    )  # fmt: skip
    refs = tuples(st.builds(
        ActorRef, actor_id=st.sampled_from([one.id for one in actors]),
        mention_id=st.sampled_from([one.id for one in mentions]),
    ))  # fmt: skip
    times = st.builds(
        TimeRef, mention_id=st.none(), value=st.just(""), earliest=st.none() | days, latest=st.none() | days
    )
    several = tuples(spans(text))
    claims = tuple(
        Claim(
            id=f"claim:{number}", story_id=story.id, source=draw(several), cue=draw(several),
            content=draw(tuples(spans(text), least=1)), act=draw(literal(Claim, "act")), quotation="direct",
            source_actors=draw(refs), about=draw(refs), addressees=draw(refs), said_at=draw(st.none() | times),
        )
        for number in range(draw(st.integers(0, 3)))
    )  # fmt: skip
    said: st.SearchStrategy[Id | None] = st.sampled_from([None, *(claim.id for claim in claims)])
    here = story.outlet_id or story.id
    stances = st.builds(
        Stance, chain=st.sampled_from([(here,), *((here, one.id) for one in actors)]),
        certainty=literal(Stance, "certainty"), polarity=literal(Stance, "polarity"),
        field=st.sampled_from(["event", "actors"]), value=st.sampled_from([None, *(one.id for one in actors)]),
        claim_id=said,
    )  # fmt: skip
    tolls = st.builds(Toll, harm=literal(Toll, "harm"), count=counts, span=st.none() | spans(text), claim_id=said)
    where = st.builds(
        PlaceRef, place_id=st.sampled_from([one.id for one in places]),
        mention_id=st.sampled_from([one.id for one in mentions]), precision=literal(PlaceRef, "precision"),
    )  # fmt: skip
    events = tuple(
        Event(
            id=f"event:{number}", story_id=story.id, trigger=draw(spans(text)), other_mentions=draw(several),
            type=draw(types), status=draw(literal(Event, "status")), modes=draw(tuples(modes)),
            contexts=draw(tuples(contexts)), actors=draw(refs), recipients=draw(refs), places=draw(tuples(where)),
            time=draw(st.none() | times), instruments=draw(tuples(st.sampled_from(mentions))),
            casualties=draw(st.none() | st.builds(Casualties, killed=st.none() | counts)), tolls=draw(tuples(tolls)),
            stances=draw(tuples(stances)),
        )
        for number in range(draw(st.integers(0, 3)))
    )  # fmt: skip
    return StoryReading(
        document=Document(id="document:1", text=text, location=draw(names), media_type="text/plain"),
        outlet=outlet, story=story, mentions=mentions, actors=actors, places=places, claims=claims, events=events,
    )  # fmt: skip


def spans(text: str) -> st.SearchStrategy[Span]:
    ends = st.integers(0, len(text))
    return st.tuples(ends, ends).map(lambda pair: Span(min(pair), max(pair)))


def tuples(each: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(each, min_size=least, max_size=2).map(tuple)


def written(form: str, told: list[StoryReading]) -> tuple[str, Export]:
    export = Export(form, ONTOLOGY)
    text = export.opening + "".join(piece for one in told for piece in export.story(one)) + export.closing
    return text, export


@pytest.mark.parametrize("form", ["plover", "jsonld"])
@given(told=st.lists(stories(), max_size=2))
def test_lines_are_json(form: str, told: list[StoryReading]) -> None:
    text, export = written(form, told)
    lines = text.split("\n")
    assert lines.pop() == ""
    read = [json.loads(line, parse_constant=pytest.fail) for line in lines]
    assert len(read) == export.written
    assert export.left_out == 0


@given(told=stories())
def test_every_event_is_a_line_of_plover_with_its_standing(told: StoryReading) -> None:
    rows = [json.loads(line) for line in written("plover", [told])[0].split("\n")[:-1]]
    assert {row["id"] for row in rows if not row["verbal"]} == {event.id for event in told.events}
    starts = [min(start for start, _ in row["spans"]) for row in rows]
    assert starts == sorted(starts)
    for row in rows:
        assert row["standing"] in typing.get_args(Standing)
        assert row["location"] == told.document.location
        assert all(0 <= start <= end <= len(told.document.text) for start, end in row["spans"])


@given(told=st.lists(stories(), max_size=2))
def test_features_are_one_collection(told: list[StoryReading]) -> None:
    text, export = written("geojson", told)
    collection = json.loads(text, parse_constant=pytest.fail)
    assert collection["type"] == "FeatureCollection"
    assert len(collection["features"]) == export.written
    for feature in collection["features"]:
        longitude, latitude = feature["geometry"]["coordinates"]
        assert -180 <= longitude <= 180
        assert -90 <= latitude <= 90


@pytest.mark.parametrize("form", sorted(WIDTHS))
@given(told=st.lists(stories(), max_size=2))
def test_rows_have_the_columns_of_their_form(form: str, told: list[StoryReading]) -> None:
    text, export = written(form, told)
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(form))
    assert len(header) == WIDTHS[form] + len(ATTRIBUTION)
    assert {len(row) for row in rows} <= {len(header)}
    assert len(rows) == export.written == text.count("\n") - 1  # no cell breaks its line
    for row in rows:
        known = dict(zip(header, row, strict=True))
        assert known["Standing"] in typing.get_args(Standing)
        assert known["Dateline ID"].startswith(("event:", "claim:"))
        assert not any(cell[:1] in ("=", "+", "@", "\t", "\r") for cell in row if cell)
