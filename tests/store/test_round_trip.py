"""What is kept comes back equal, from either kind of database, whatever the records hold."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.pipeline.verification import verify_store
from dateline.records import (
    Actor,
    ActorRef,
    Casualties,
    Claim,
    Count,
    Document,
    Event,
    Evidence,
    Mention,
    Outlet,
    Place,
    PlaceRef,
    Problem,
    Span,
    Stance,
    Story,
    StoryRecords,
    TimeRef,
    Toll,
    make_id,
)
from dateline.store import Run, Store, open_store

PIECES = [
    "=1+1",
    '"',
    "'",
    "\t",
    "\n",
    "\r\n",
    "\u2028",
    "\x00",
    "\u202e",
    "\ud800",
    "🚢",
    "\ufdd0",
    "Port Elin. ",
    "Δ",
]
names = st.one_of(st.sampled_from(["gunmen", "\ud800", "\x00", "\ufdd0[1]", "the Post"]), st.text(max_size=12))
maybe = st.none() | names
days = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
moments = days | st.datetimes(timezones=st.none() | st.just(dt.UTC) | st.just(dt.timezone(dt.timedelta(hours=5.5))))
numbers = st.none() | st.integers(-(2**63), 2**63 - 1)
counts = st.builds(Count, best=numbers, low=numbers, high=numbers)
fractions = st.none() | st.floats(0, 1)


def test_a_story_with_every_kind_of_record_comes_back(store: Store, make_story: Callable[..., Any], run: Run) -> None:
    made = make_story()
    store.keep(made.document, [made.records], run=run)
    assert store.records_of(made.records.story.id) == made.records
    (stored,) = store.stories()
    assert stored.document == made.document
    assert stored.run_id == run.id


def test_an_outlet_comes_back(store: Store, make_story: Callable[..., Any], run: Run) -> None:
    made = make_story()
    outlet = Outlet(id="lantern.example", name="The Lantern", country="PEL")
    store.keep(made.document, [made.records], run=run, outlets=[outlet])
    (stored,) = store.stories()
    assert stored.outlet == outlet


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for many stories: making one takes longer than keeping a story."""
    if request.param == "sqlite":
        where = str(tmp_path_factory.mktemp("store") / "news.db")
    else:
        where = request.getfixturevalue("server").make_database()
    with open_store(where, create=True) as store:
        yield store


NUMBERS = itertools.count()


@settings(max_examples=max(20, settings.default.max_examples // 3))
@given(data=st.data())
def test_any_records_come_back(shared: Store, run: Run, data: st.DataObject) -> None:
    document, records, outlet = data.draw(stories(str(next(NUMBERS))))
    kept = shared.keep(document, [records], run=run, outlets=[outlet] if outlet else [])
    assert kept.outcome == "new"
    stored = shared.story(records.story.id)
    assert stored.records == records
    assert stored.document == document
    assert shared.keep(document, [records], run=run).rows == 0


def test_the_store_of_any_records_checks_clean(shared: Store) -> None:
    assert list(shared.check()) == []


def test_a_digest_is_the_same_in_both(tmp_path: Path, server: Any, make_story: Callable[..., Any], run: Run) -> None:
    made = make_story()
    counts = []
    for where in (str(tmp_path / "news.db"), server.make_database()):
        with open_store(where, create=True) as store:
            counts.append(store.keep(made.document, [made.records], run=run))
            assert verify_store(store).problems == ()
    assert counts[0] == counts[1]


# ---------------------------------------------------------------- any records


def literal(record: type, field: str) -> st.SearchStrategy[Any]:
    hint = typing.get_type_hints(record)[field]
    options = [each for each in typing.get_args(hint) if each is not type(None)]
    if typing.get_origin(hint) is not typing.Literal:
        return st.none() | st.sampled_from(typing.get_args(options[0]))
    return st.sampled_from(options)


def tuples(of: st.SearchStrategy[Any], least: int = 0, most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, min_size=least, max_size=most).map(tuple)


@st.composite
def spans(draw: st.DrawFn, length: int) -> Span:
    start = draw(st.integers(0, length - 1))
    return Span(start, draw(st.integers(start + 1, length)))


@st.composite
def stories(draw: st.DrawFn, key: str) -> tuple[Document, StoryRecords, Outlet | None]:
    """Any story whose records name each other; key: makes its ids other than those of the stories before it."""
    text = "".join(draw(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), min_size=1, max_size=12)))
    text = text or "."
    document = Document(
        id=f"document:{key}", text=text, location=f"{key} {draw(names)}", media_type=draw(names),
        retrieved_at=draw(st.none() | st.datetimes(timezones=st.just(dt.UTC))),
    )  # fmt: skip
    outlet = draw(st.none() | st.builds(Outlet, id=names.map(lambda name: f"{key} {name}"), name=names, country=maybe))
    name = f"story:{key}"
    some = tuples(spans(len(text)))
    within = st.none() | spans(len(text))
    mentions = tuple(
        Mention(
            id=f"m:{key}.{number}", story_id=name, span=span, head=span, kind=draw(literal(Mention, "kind")),
            form=draw(literal(Mention, "form")), chain=draw(st.none() | st.integers(0, 5)),
        )
        for number, span in enumerate(draw(st.lists(spans(len(text)), min_size=1, max_size=3)))
    )  # fmt: skip
    mention_ids = st.sampled_from([each.id for each in mentions])
    claim_ids = [f"claim:{key}.{number}" for number in range(draw(st.integers(0, 3)))]
    said = st.sampled_from([None, *claim_ids])
    evidence = tuples(st.builds(Evidence, field=names, spans=some, method=names, claim_id=said, confidence=fractions))
    actors = tuple(
        draw(st.builds(
            Actor, id=st.just(f"actor {number}"), name=names, kind=literal(Actor, "kind"), country=maybe, sector=maybe,
            aliases=tuples(names), speaks_for=maybe, wikidata=maybe, evidence=evidence,
        ))
        for number in range(draw(st.integers(1, 3)))
    )  # fmt: skip
    places = tuple(
        draw(st.builds(
            Place, id=st.just(f"geonames:{number}"), name=names, country=names, latitude=st.floats(-90, 90),
            longitude=st.floats(-180, 180), admin1=maybe, admin2=maybe, feature_code=maybe,
        ))
        for number in range(draw(st.integers(1, 2)))
    )  # fmt: skip
    refs = tuples(
        st.builds(
            ActorRef, actor_id=st.sampled_from([one.id for one in actors]), mention_id=mention_ids,
            metonymic=st.booleans(),
        )
    )  # fmt: skip
    where = tuples(
        st.builds(
            PlaceRef, place_id=st.sampled_from([one.id for one in places]), mention_id=mention_ids,
            relation=literal(PlaceRef, "relation"), precision=literal(PlaceRef, "precision"),
            exactness=literal(PlaceRef, "exactness"), radius_km=st.none() | st.integers(0, 20_000), evidence=evidence,
        )
    )  # fmt: skip
    times = st.builds(
        TimeRef, mention_id=st.none() | mention_ids, value=names, earliest=st.none() | days, latest=st.none() | days,
        anchor=maybe,
    )  # fmt: skip
    claims = tuple(
        draw(st.builds(
            Claim, id=st.just(each), story_id=st.just(name), source=some, cue=some, content=some,
            act=literal(Claim, "act"), quotation=literal(Claim, "quotation"), polarity=literal(Claim, "polarity"),
            source_actors=refs, about=refs, addressees=refs, said_at=st.none() | times, medium=maybe, within=said,
            answers=said, evidence=evidence,
        ))
        for each in claim_ids
    )  # fmt: skip
    stances = st.builds(
        Stance, chain=tuples(names, most=3), certainty=literal(Stance, "certainty"),
        polarity=literal(Stance, "polarity"), field=st.sampled_from(["event", "actors"]), value=maybe, claim_id=said,
    )  # fmt: skip
    tolls = st.builds(Toll, harm=literal(Toll, "harm"), count=counts, span=within, claim_id=said)
    harms = {each.name: st.none() | counts for each in dataclasses.fields(Casualties)}
    events = tuple(
        draw(st.builds(
            Event, id=st.just(make_id("event", key, number)), story_id=st.just(name), trigger=spans(len(text)),
            type=names, status=literal(Event, "status"), other_mentions=some, modes=tuples(names),
            contexts=tuples(names), actors=refs, recipients=refs, places=where, time=st.none() | times,
            instruments=tuples(st.sampled_from(mentions)), casualties=st.none() | st.builds(Casualties, **harms),
            tolls=tuples(tolls), stances=tuples(stances), evidence=evidence,
        ))
        for number in range(draw(st.integers(0, 3)))
    )  # fmt: skip
    story = Story(
        id=name, document_id=document.id, outlet_id=outlet.id if outlet else draw(maybe), headline=draw(within),
        dateline=draw(within), summary=draw(some), body=draw(some), published_at=draw(st.none() | moments),
        updated_at=draw(st.none() | moments), agency=draw(maybe), copy_of=draw(st.none() | st.just("story:0")),
        evidence=draw(evidence),
    )  # fmt: skip
    problems = draw(tuples(st.builds(Problem, location=names, message=names, remedy=maybe)))
    records = StoryRecords(
        story=story, mentions=mentions, actors=actors, actor_refs=draw(refs), places=places, place_refs=draw(where),
        times=draw(tuples(times)), claims=claims, events=events, problems=problems,
    )  # fmt: skip
    return document, records, outlet
