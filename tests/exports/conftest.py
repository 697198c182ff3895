"""What the tests of the exports share: the tables, and one story made by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dateline.exports.ontology import Ontology, load_ontology
from dateline.records import (
    Actor,
    ActorRef,
    Casualties,
    Claim,
    Count,
    Event,
    Mention,
    Outlet,
    Place,
    PlaceRef,
    Span,
    Stance,
    TimeRef,
    Toll,
)

if TYPE_CHECKING:
    from dateline.pipeline import StoryReading

TEXT = (
    "Guards killed in Port Elin\n\n"
    "Gunmen killed at least three guards in Port Elin on Monday, the governor said. "
    "Marovia condemned the League over the attack."
)
DAY = dt.date(2026, 3, 2)


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


@pytest.fixture(scope="session")
def ontology() -> Ontology:
    return load_ontology()


@pytest.fixture
def story(make_reading: Callable[..., StoryReading]) -> StoryReading:
    """Gunmen kill guards, says the governor; Marovia condemns the League."""
    bare = make_reading(TEXT)
    names = {
        "Gunmen": "gunmen",
        "three guards": "guards",
        "governor": "Governor",
        "Marovia": "Marovia",
        "League": "League",
    }
    codes = {
        "Marovia": ("MRV", "GOV"),
        "gunmen": (None, "UAF"),
        "guards": ("PEL", "CVL"),
        "Governor": ("PEL", "GOV"),
        "League": (None, "REB"),
    }
    mentions = {
        words: Mention(id=f"m:{words}", story_id=bare.story.id, span=span(words), head=span(words), kind="actor")
        for words in names
    }
    place = Mention(
        id="m:place", story_id=bare.story.id, span=span("Port Elin on"), head=span("Port Elin on"), kind="place"
    )
    refs = {words: ActorRef(actor_id=name, mention_id=f"m:{words}") for words, name in names.items()}
    actors = tuple(
        Actor(id=name, name=name, kind="group", country=codes[name][0], sector=codes[name][1])
        for name in names.values()
    )
    said = Claim(
        id="c:said", story_id=bare.story.id, source=(span("the governor"),), cue=(span("said"),),
        content=(span("Gunmen killed at least three guards in Port Elin on Monday"),), act="say", quotation="indirect",
        source_actors=(refs["governor"],),
    )  # fmt: skip
    condemned = Claim(
        id="c:condemned", story_id=bare.story.id, source=(span("Marovia"),), cue=(span("condemned"),),
        content=(span("the League over the attack"),), act="condemn", quotation="indirect",
        source_actors=(refs["Marovia"],), about=(refs["League"],),
    )  # fmt: skip
    event = Event(
        id="e:1", story_id=bare.story.id, trigger=span("killed at"), type="ASSAULT", modes=("firearms",),
        contexts=("terrorism",), actors=(refs["Gunmen"],), recipients=(refs["three guards"],),
        places=(PlaceRef(place_id="p:1", mention_id="m:place"),),
        time=TimeRef(mention_id=None, value="2026-03-02", earliest=DAY, latest=DAY),
        casualties=Casualties(killed=Count(best=3, low=3)),
        tolls=(Toll(harm="killed", count=Count(best=3, low=3), span=span("at least three"), claim_id="c:said"),),
        stances=(Stance(chain=("outlet", "Governor"), certainty="certain", polarity="positive", claim_id="c:said"),),
    )  # fmt: skip
    return replace(
        bare,
        outlet=Outlet(id="outlet", name="The Harbour Post"),
        story=replace(bare.story, outlet_id="outlet", published_at=dt.date(2026, 3, 3)),
        mentions=(*mentions.values(), place),
        actors=actors,
        actor_refs=tuple(refs.values()),
        places=(Place(id="p:1", name="Port Elin", latitude=1.5, longitude=-2.5, country="PEL", admin1="Coast"),),
        claims=(said, condemned),
        events=(event,),
    )
