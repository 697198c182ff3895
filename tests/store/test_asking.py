"""What a store answers is what its records say, in SQLite and in PostgreSQL, whatever people have corrected since."""

from __future__ import annotations

import datetime as dt
import functools
import importlib.util
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.errors import UsageError
from dateline.records import Claim, Event, Id, Span, StoryRecords
from dateline.standing import standing
from dateline.store import Box, Circle, Query, Run, Store, StoredStory, open_store
from dateline.store import corrections as overlay
from dateline.store.derived import actor_words, claim_day, event_day, killed, words_in
from dateline.store.matching import Sought, claim_meets, event_meets
from dateline.store.query import parse_words

ROOT = Path(__file__).parent.parent.parent
RUN = Run(model="0123abcd", version="0.1.0", configuration={})
ASKED = settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=60)


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"dateline_test_{name}", ROOT / f"benchmarks/speed/{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


synthetic = load("synthetic")
MADE = list(synthetic.stories(40, seed=3))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of forty stories, two of them new versions of others, which people have corrected here and there."""
    folder = tmp_path_factory.mktemp("made")
    server = request.getfixturevalue("server") if request.param == "postgresql" else None
    where = str(server.make_database()) if server else str(folder / "made.db")
    with open_store(where, create=True) as store:
        for number, one in enumerate(MADE):
            address = MADE[number - 1].document.location if number in (20, 30) else None
            if address:
                one = as_version(one, MADE[number - 1])
            store.keep(one.document, [one.records], run=RUN, address=address, outlets=[one.outlet])
        correct(store)
        yield store


def as_version(one: Any, before: Any) -> Any:
    """The text of the story before with a few words more, in which nothing happens, under the ids of this one."""
    text = before.document.text + "More was not known."
    document = replace(one.document, text=text)
    body = (*before.records.story.body, Span(len(before.document.text), len(text)))
    story = replace(one.records.story, body=body, headline=before.records.story.headline)
    records = StoryRecords(story=story, events=(), claims=())
    return synthetic.Made(document=document, records=records, outlet=one.outlet)


def correct(store: Store) -> None:
    rng = random.Random(7)
    for stored in list(store.stories()):
        for event in stored.records.events:
            match rng.randrange(12):
                case 0:
                    store.reject(event.id, editor="ann")
                case 1:
                    store.change(event.id, "type", "AID", editor="ann")
                case 2:
                    day = {"mention_id": None, "value": "2017-05-05", "earliest": "2017-05-05", "latest": None}
                    store.change(event.id, "time", day, editor="ann")
                case 3:
                    store.change(event.id, "casualties", {"killed": {"best": 4}}, editor="ann")
                    store.change(event.id, "actors", [], editor="ann")
                case 4:
                    undone = store.reject(event.id, editor="ann")
                    store.undo(undone.number, editor="bob")
        for claim in stored.records.claims:
            match rng.randrange(12):
                case 0:
                    store.reject(claim.id, editor="ann")
                case 1:
                    store.change(claim.id, "act", "deny", editor="ann")


# ---------------------------------------------------------------- the obvious answer

WORDS = ["ambushed", "Northern", '"Northern Front"', "met OR marched", "-police report", "arrested -army", "port*"]
NAMES = ["Upland Front", "Front", "BAL", "made:3", "Northern", "nobody at all", "UF17"]
days = st.dates(dt.date(2016, 1, 1), dt.date(2026, 1, 1))
some = lambda values: st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)  # noqa: E731
areas = st.none() | st.builds(Circle, st.floats(-60, 70), st.floats(-180, 180), st.floats(100, 6000))
boxes = st.none() | st.tuples(st.floats(-60, 0), st.floats(-180, 180), st.floats(0, 70), st.floats(-180, 180)).map(
    lambda ends: Box(*ends)
)
HOW: dict[str, Any] = {
    "words": st.none() | st.sampled_from(WORDS),
    "since": st.none() | days,
    "until": st.none(),
    "outlets": some(["lantern.example", "The Kestrel", "nobody.example"]),
    "acts": some(["deny", "admit", "say"]),
    "actor": st.none() | st.sampled_from(NAMES),
    "role": st.sampled_from(["either", "actor", "recipient"]),
    "versions": st.sampled_from(["latest", "all"]),
    "as_read": st.booleans(),
}
event_queries = st.builds(
    Query, **HOW, near=areas, box=boxes, types=some(["ASSAULT", "AID", "PROTEST"]), modes=some(["drone", "Drone"]),
    contexts=some(["terrorism"]), statuses=some(["happened", "planned"]), standings=some(["disputed", "claimed"]),
    min_killed=st.none() | st.integers(0, 9), countries=some(["BAL", "DEL"]), places=some(["made:7", "Port River 9"]),
    order=st.sampled_from(["newest", "oldest", "deadliest", "arrival"]),
)  # fmt: skip
claim_queries = st.builds(
    Query, **HOW, by=st.none() | st.sampled_from(NAMES), about=st.none() | st.sampled_from(NAMES),
    order=st.sampled_from(["newest", "oldest", "arrival"]),
)  # fmt: skip


def meaning(name: str) -> Sought:
    """Whom a name means among the actors of all stories."""
    actors = [actor for one in MADE for actor in one.records.actors]
    if any(actor.id == name for actor in actors):
        return Sought(id=name)
    known = {word for word, _ in actor_words(actors)}
    whole = "=" + " ".join(words_in(name))
    for word in (name, whole):
        if word in known and (word.isupper() or word == whole):
            return Sought(words=(word,))
    return Sought(words=tuple(words_in(name)))


def has_words(text: str, asked: str) -> bool:
    """None of the words of these tests has a stem that another word shares."""
    words = words_in(text)

    def occurs(phrase: Any) -> bool:
        size = len(phrase.words)
        pieces = [tuple(words[at : at + size]) for at in range(len(words))]
        if phrase.open:
            return any(piece and piece[-1].startswith(phrase.words[-1]) for piece in pieces)
        return phrase.words in pieces

    wanted = parse_words(asked)
    return all(any(map(occurs, group)) for group in wanted.groups) and not any(map(occurs, wanted.without))


def expected(store: Store, query: Query, kind: type[Event] | type[Claim]) -> list[Id]:
    """What the answer must be, found by looking at every record of every story."""
    sought = {name: meaning(value) for name in ("actor", "by", "about") if (value := getattr(query, name))}
    found = []
    number = 0
    for stored, corrected in everything(store):
        records = stored.records if query.as_read else corrected
        outlet = stored.outlet
        for read in stored.records.events if kind is Event else stored.records.claims:
            number += 1
            known: Any = records.events if kind is Event else records.claims
            record = next((each for each in known if each.id == read.id), None)
            if record is None or (query.versions == "latest" and stored.superseded_by):
                continue
            if query.outlets and not {outlet.id, outlet.name} & set(query.outlets):
                continue
            if query.words and not has_words(searched(stored, read), query.words):
                continue
            meets: Any = event_meets if kind is Event else claim_meets
            if meets(record, records, query, sought):
                found.append((rank(query.order, record, records, number), record.id))
    return [name for _, name in sorted(found)]


@functools.cache
def everything(store: Store) -> list[tuple[StoredStory, StoryRecords]]:
    return [(stored, overlay.corrected(stored)) for stored in store.stories(versions="all")]


def searched(stored: Any, record: Any) -> str:
    text = stored.document.text
    if isinstance(record, Claim):
        return " ".join(text[span.start : span.end] for span in record.content)
    parts = [span for span in stored.records.story.body if span.start <= record.trigger.start < span.end]
    names = {ref.actor_id for ref in (*record.actors, *record.recipients)}
    told = [actor.name for actor in stored.records.actors if actor.id in names]
    told += [place.name for place in stored.records.places if place.id in {ref.place_id for ref in record.places}]
    return " ".join((*(text[span.start : span.end] for span in parts), *told))


def rank(order: str, record: Any, records: StoryRecords, number: int) -> tuple[Any, ...]:
    if order == "arrival":
        return (-number,)
    if order == "deadliest":
        dead = killed(record)
        return (dead is None, -(dead or 0), -number)
    day = event_day(record, records.story) if isinstance(record, Event) else claim_day(record, records.story)
    value = day.toordinal() if day else 0
    return (day is None, value, number) if order == "oldest" else (day is None, -value, -number)


# ---------------------------------------------------------------- tests


@ASKED
@given(query=event_queries)
def test_events_are_those_whose_records_meet_the_query_in_its_order(made: Store, query: Query) -> None:
    right = expected(made, query, Event)
    found = list(made.events(query))
    assert [each.record.id for each in found] == right
    assert made.count(query) == len(right)
    for by in ("month", "standing", "type"):
        assert made.histogram(query, by=by) == histogram(found, by)  # type: ignore[arg-type]


def histogram(found: list[Any], by: str) -> dict[str | None, int]:
    def name(each: Any) -> str | None:
        if by == "month":
            day = event_day(each.record, each.records.story)
            return day.isoformat()[:7] if day else None
        return each.record.type if by == "type" else standing(each.record, each.records.claims)

    return dict(Counter(map(name, found)))


@ASKED
@given(query=claim_queries)
def test_claims_are_those_whose_records_meet_the_query_in_its_order(made: Store, query: Query) -> None:
    right = expected(made, query, Claim)
    assert [each.record.id for each in made.claims(query)] == right
    assert made.count(query, of="claims") == len(right)


@pytest.mark.parametrize("order", ["newest", "oldest", "deadliest", "arrival"])
@pytest.mark.parametrize("size", [1, 7])
def test_pages_one_after_the_other_are_the_whole_answer(made: Store, order: Any, size: int) -> None:
    whole = [each.record.id for each in made.events(Query(order=order))]
    assert len(whole) > 50
    paged: list[Id] = []
    query = Query(order=order, limit=size)
    while page := list(made.events(query)):
        assert len(page) <= size
        paged += [each.record.id for each in page]
        query = replace(query, cursor=page[-1].cursor)
    assert paged == whole


def test_stories_come_once_with_the_events_and_claims_that_meet_the_query(made: Store) -> None:
    query, claims = Query(types=("ASSAULT",)), Query(acts=("deny",))
    found = list(made.stories_with(query, claims=claims))
    assert [each.stored.number for each in found] == sorted({each.stored.number for each in found})
    assert {name for each in found for name in each.events} == {each.record.id for each in made.events(query)}
    assert {name for each in found for name in each.claims} == {each.record.id for each in made.claims(claims)}


@ASKED
@given(words=st.text(max_size=20) | st.text('"-*()OR AND NEAR:^+', max_size=20))
def test_whatever_is_typed_is_words_and_never_a_fault(made: Store, words: str) -> None:
    try:
        query = Query(words=words, limit=1)
    except UsageError:
        assert not parse_words(words).groups
        return
    list(made.events(query))
    list(made.claims(query))


def test_a_correction_may_name_an_actor_of_another_story(made: Store) -> None:
    one, *_, other = made.stories()
    event, stranger = one.records.events[0], other.records.actors[0]
    ref = {"actor_id": stranger.id, "mention_id": one.records.mentions[0].id}
    unknown = {"actor_id": "nobody", "mention_id": one.records.mentions[0].id}
    said = made.change(event.id, "actors", [ref, unknown], editor="ann")
    try:
        (found,) = made.events_of([event.id])
        assert [each.actor_id for each in found.record.actors] == [stranger.id]
        assert stranger.name in {actor.name for actor in found.records.actors}
    finally:
        made.undo(said.number, editor="ann")


def test_records_are_found_by_the_beginning_of_their_id(made: Store) -> None:
    event = next(made.events(Query(limit=1))).record
    assert made.named(event.id) == [("event", event.id)]
    assert ("event", event.id) in made.named(event.id.removeprefix("event:")[:10])
    assert made.named("event:%") == made.named("") == []


def test_the_store_is_whole_with_all_that_is_asked_by(made: Store) -> None:
    assert list(made.check()) == []


@given(query=event_queries | claim_queries)
def test_a_query_is_its_parameters(query: Query) -> None:
    assert Query.from_params(query.to_params()) == query


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"statuses": ("disputed",)}, "status"),
        ({"standings": ("true",)}, "standing"),
        ({"limit": 0}, "limit"),
        ({"words": "-war"}, "word"),
        ({"words": "!?"}, "word"),
        ({"since": dt.date(2026, 1, 2), "until": dt.date(2026, 1, 1)}, "later"),
        ({"cursor": "newest:5"}, "cursor"),
        ({"cursor": "oldest:2026-01-01:5"}, "cursor"),
        ({"cursor": "newest:2026-99-01:5"}, "day"),
        ({"actor": "..."}, "name"),
    ],
)
def test_a_query_that_means_nothing_is_refused(given: dict[str, Any], wrong: str) -> None:
    with pytest.raises(UsageError, match=wrong):
        Query(**given)


@pytest.mark.parametrize("params", [[("colour", "red")], [("limit", "many")], [("near", "1,2")], [("limit", "1")] * 2])
def test_parameters_that_mean_nothing_are_refused(params: list[tuple[str, str]]) -> None:
    with pytest.raises(UsageError):
        Query.from_params(params)


def test_conditions_of_other_records_are_refused(made: Store) -> None:
    with pytest.raises(UsageError, match="by"):
        list(made.events(Query(by="Front")))
    with pytest.raises(UsageError, match="type"):
        list(made.claims(Query(types=("ASSAULT",))))


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(0.1, 20_000), st.floats(-90, 90), st.floats(-180, 180))
def test_what_lies_in_a_circle_lies_in_its_boxes(
    latitude: float, longitude: float, km: float, other: float, another: float
) -> None:
    circle = Circle(latitude, longitude, km)
    if circle.holds(other, another):
        assert any(box.holds(other, another) for box in circle.boxes())
