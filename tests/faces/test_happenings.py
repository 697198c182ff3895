"""Events on the terminal: what a reader is told, and whose word it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dateline.faces.screen import Style, story_page
from dateline.records import Actor, ActorRef, Claim, Count, Event, Mention, Span, Stance, TimeRef, Toll

if TYPE_CHECKING:
    from dateline.pipeline import StoryReading

TEXT = (
    "Raid on the harbour\n\n"
    "Raiders killed at least three guards, the mayor said. The League denied any part in the raid.\n"
)
DAY = dt.date(2026, 3, 2)


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


@pytest.fixture
def page(make_reading: Callable[..., StoryReading]) -> str:
    bare = make_reading(TEXT)
    people = ("Raiders", "three guards", "mayor", "League")
    mentions = tuple(
        Mention(id=f"m:{name}", story_id=bare.story.id, span=span(name), head=span(name), kind="actor")
        for name in people
    )
    refs = {name: ActorRef(actor_id=name, mention_id=f"m:{name}") for name in people}
    said = Claim(
        id="c:said", story_id=bare.story.id, source=(span("the mayor"),), cue=(span("said"),),
        content=(span("Raiders killed at least three guards"),), act="say", quotation="indirect",
        source_actors=(refs["mayor"],),
    )  # fmt: skip
    denied = Claim(
        id="c:denied", story_id=bare.story.id, source=(span("The League"),), cue=(span("denied"),),
        content=(span("any part in the raid"),), act="deny", quotation="indirect", polarity="rejects",
        source_actors=(refs["League"],),
    )  # fmt: skip
    event = Event(
        id="e", story_id=bare.story.id, trigger=span("killed"), type="ASSAULT", modes=("firearms",),
        actors=(refs["Raiders"],), recipients=(refs["three guards"],),
        time=TimeRef(mention_id=None, value="PAST_REF", earliest=None, latest=DAY),
        tolls=(Toll(harm="killed", count=Count(best=3, low=3), span=span("at least three"), claim_id="c:said"),),
        stances=(
            Stance(chain=("o", "mayor"), certainty="certain", polarity="positive", claim_id="c:said"),
            Stance(chain=("o", "League"), certainty="certain", polarity="negative", field="actors", value="League",
                   claim_id="c:denied"),
        ),
    )  # fmt: skip
    actors = tuple(Actor(id=name, name=name, kind="group") for name in people)
    reading = replace(
        bare, mentions=mentions, actors=actors, actor_refs=tuple(refs.values()), claims=(said, denied), events=(event,)
    )
    return story_page(reading, style=Style(width=100))


@pytest.mark.parametrize(
    "line",
    [
        "ASSAULT · firearms  killed  (happened, claimed)",
        "who       Raiders",
        "to whom   three guards",
        "when      by 2 March 2026",
        "killed    3 or more — the mayor",
        "says      mayor: Raiders killed at least three guards",
        "denies    League — a part in it: any part in the raid",
    ],
)
def test_an_event_shows_its_fields_and_voices(page: str, line: str) -> None:
    assert line in page


def test_events_stand_before_claims(page: str) -> None:
    assert page.index("What happened") < page.index("Who says what")
