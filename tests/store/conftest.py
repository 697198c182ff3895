"""A new store of either kind for every test, and stories to keep in it, made by hand."""

from __future__ import annotations

import datetime as dt
import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa

from dateline.records import (
    Actor,
    ActorRef,
    Casualties,
    Claim,
    Count,
    Document,
    Event,
    Evidence,
    Incident,
    Mention,
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
from dateline.store import Run, Store, open_store, schema

ROOT = Path(__file__).parent.parent.parent
RUN = Run(model="0123abcd", version="0.1.0", configuration={"split": "auto"})

FIRST = """Gunmen kill three at Port Elin market

PORT ELIN: Gunmen killed three people at the fish market of Port Elin on Monday, police said.

“We know nothing of this attack,” the Harbour Front said in a statement.
"""
SECOND = FIRST.replace("three", "five")


@pytest.fixture(scope="session")
def postgresql() -> ModuleType:
    """The program that starts a server of our own."""
    name = "dateline_test_postgresql"
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / "robustness" / "postgresql.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def server(postgresql: ModuleType) -> Iterator[Any]:
    """A PostgreSQL server; where there can be none, the test is skipped and says why."""
    pytest.importorskip("psycopg")
    serving = postgresql.serving(durable=False)
    try:
        server = serving.__enter__()
    except postgresql.NoServer as reason:
        pytest.skip(str(reason))
    yield server
    serving.__exit__(None, None, None)


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store may be made: one test for each kind of database."""
    if request.param == "sqlite":
        return str(tmp_path / "news.db")
    return str(request.getfixturevalue("server").make_database())


@pytest.fixture(scope="session")
def blank_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with nothing in it, to be copied: that is faster than making its tables every time."""
    path = tmp_path_factory.mktemp("blank") / "blank.db"
    open_store(path, create=True).close()
    return path


@pytest.fixture(scope="session")
def database(server: Any) -> Iterator[Store]:
    """One store in PostgreSQL for all tests, emptied before each: making a database takes longer than most tests."""
    with open_store(server.make_database(), create=True) as store:
        yield store


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store is with nothing in it yet."""
    if request.param == "sqlite":
        return str(shutil.copy(request.getfixturevalue("blank_file"), tmp_path / "news.db"))
    store: Store = request.getfixturevalue("database")
    tables = [*schema.metadata.tables, "story_words", "claim_words", "event_words", "event_places"]
    with store._backend.engine.begin() as connection:
        connection.execute(sa.text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY"))
        connection.execute(sa.text(f"UPDATE alembic_version SET version_num = '{schema.REVISION}'"))
    return store.where


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    with open_store(place, patience=2) as store:
        yield store


@dataclass(frozen=True)
class Made:
    """A document with its one story."""

    document: Document
    records: StoryRecords


@pytest.fixture(scope="session")
def make_story() -> Callable[..., Made]:
    return _make_story


@pytest.fixture(scope="session")
def run() -> Run:
    return RUN


def _make_story(text: str = FIRST, *, location: str = "https://lantern.example/attack", killed: int = 3) -> Made:
    """An attack with its toll, police who say so and a group that denies it: a record of every kind."""
    digest = make_id("document", location, text)
    document = Document(id=digest, text=text, location=location, media_type="text/plain")
    story_id = make_id("story", digest, 0)

    def span(words: str) -> Span:
        start = text.index(words)
        return Span(start, start + len(words))

    def mention(words: str, kind: Any) -> Mention:
        return Mention(
            id=make_id("mention", story_id, words), story_id=story_id, span=span(words), head=span(words.split()[-1]),
            kind=kind, form="name",
        )  # fmt: skip

    number = "five" if "five" in text else "three"
    gunmen, police, front = mention("Gunmen", "actor"), mention("police", "actor"), mention("Harbour Front", "actor")
    market, monday = mention("Port Elin", "place"), mention("Monday", "time")
    actors = (
        Actor(id=make_id("actor", story_id, "gunmen"), name="gunmen", kind="unnamed"),
        Actor(
            id="actor:police", name="Police of Port Elin", kind="government", country="PEL", sector="COP",
            aliases=("PEP",), evidence=(Evidence(field="name", spans=(police.span,), method="rule:test"),),
        ),
        Actor(id="actor:front", name="Harbour Front", kind="group"),
    )  # fmt: skip
    refs = [
        ActorRef(actor_id=each.id, mention_id=words.id)
        for each, words in zip(actors, (gunmen, police, front), strict=True)
    ]
    place = Place(id="geonames:1", name="Port Elin", latitude=-12.25, longitude=151.5, country="PEL", admin1="01")
    place_ref = PlaceRef(
        place_id=place.id, mention_id=market.id, exactness="point", radius_km=2,
        evidence=(Evidence(field="place_id", spans=(market.span,), method="model:places", confidence=0.75),),
    )  # fmt: skip
    day = dt.date(2026, 3, 9)
    time = TimeRef(mention_id=monday.id, value="2026-03-09", earliest=day, latest=day, anchor="published_at")
    said = Claim(
        id=make_id("claim", story_id, 1), story_id=story_id, source=(police.span,), cue=(span("said"),),
        content=(span(f"Gunmen killed {number} people"),), act="say", quotation="indirect", source_actors=(refs[1],),
        said_at=time, evidence=(Evidence(field="act", spans=(span("said"),), method="lexicon"),),
    )  # fmt: skip
    denied = Claim(
        id=make_id("claim", story_id, 2), story_id=story_id, source=(front.span,), cue=(),
        content=(span("“We know nothing of this attack,”"),), act="deny", quotation="direct", polarity="rejects",
        source_actors=(refs[2],), medium="statement", answers=said.id,
    )  # fmt: skip

    def stance(actor: str, polarity: Any, claim: Claim) -> Stance:
        return Stance(chain=("lantern.example", actor), certainty="certain", polarity=polarity, claim_id=claim.id)

    count = Count(best=killed, low=killed, high=killed)
    event = Event(
        id=make_id("event", story_id, 1), story_id=story_id, trigger=span("killed"), type="ASSAULT",
        modes=("firearms",), actors=(refs[0],), recipients=(), places=(place_ref,), time=time,
        casualties=Casualties(killed=count),
        tolls=(Toll(harm="killed", count=count, span=span(f"{number} people"), claim_id=said.id),),
        stances=(
            stance("actor:police", "positive", said),
            stance("actor:front", "negative", denied),
        ),
        evidence=(
            Evidence(field="type", spans=(span("killed"),), method="model:events", confidence=0.9, claim_id=said.id),
        ),
    )  # fmt: skip
    paragraphs = [line for line in text.split("\n")[1:] if line]
    story = Story(
        id=story_id, document_id=digest, outlet_id="lantern.example", headline=span(text.split("\n")[0]),
        dateline=span("PORT ELIN:"), body=tuple(span(line) for line in paragraphs),
        published_at=dt.datetime(2026, 3, 9, 18, 30, tzinfo=dt.UTC), agency="BNA",
        evidence=(Evidence(field="dateline", spans=(span("PORT ELIN:"),), method="rule:dateline"),),
    )  # fmt: skip
    records = StoryRecords(
        story=story, mentions=(gunmen, police, front, market, monday), actors=actors, actor_refs=tuple(refs),
        places=(place,), place_refs=(place_ref,), times=(time,), claims=(said, denied), events=(event,),
        problems=(Problem(location=location, message="its headline is short"),),
    )  # fmt: skip
    return Made(document, records)


@pytest.fixture(scope="session")
def make_incident() -> Callable[..., Incident]:
    return _make_incident


def _make_incident(name: str, *mades: Made, **more: Any) -> Incident:
    """An incident of the events and the first claims of some stories."""
    stance = Stance(chain=("lantern.example",), certainty="certain", polarity="positive")
    return Incident(
        id=name, event_ids=tuple(each.records.events[0].id for each in mades),
        claim_ids=tuple(each.records.claims[0].id for each in mades), type="ASSAULT", earliest=dt.date(2026, 3, 9),
        latest=dt.date(2026, 3, 9), place_id="geonames:1", stances=(stance,), disagreements=("casualties",), **more,
    )  # fmt: skip
