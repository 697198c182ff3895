"""Small stories made by hand, for tests that need no model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from dateline.incidents import Knowledge, load_knowledge
from dateline.records import (
    Actor,
    ActorRef,
    Claim,
    Count,
    Event,
    Evidence,
    Place,
    PlaceRef,
    Span,
    Stance,
    Story,
    StoryRecords,
    TimeRef,
    Toll,
)

Told = tuple[StoryRecords, str]
PLACES = {
    "Port Elin": (10.0, 20.0),
    "Norrham": (10.2, 20.2),  # thirty kilometres from Port Elin
    "Karst": (25.0, 40.0),
}


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="session")
def tell() -> Callable[..., Told]:
    return make_story


def make_story(
    name: str, headline: str, body: str, *events: dict[str, Any], outlet: str = "", day: str = "2025-11-28", **more: Any
) -> Told:
    """A story with its events. Each is {"words": "blast", "type": ..., "place": ..., "days": (first, last),
    "by": names, "to": names, "killed": ((number, whose), ...), "so": those, "not so": those,
    "blames": ((whose, actor), ...)}.

    whose: a name, or "" for the outlet.
    """
    text = f"{headline}\n{body}"
    story = Story(
        id=f"story:{name}",
        document_id=f"document:{name}",
        outlet_id=outlet or f"{name}.example",
        headline=Span(0, len(headline)),
        dateline=None,
        body=(Span(len(headline) + 1, len(text)),),
        published_at=dt.date.fromisoformat(day) if day else None,
        **more,
    )
    teller = _Teller(story, text)
    made = tuple(teller.event(position, each) for position, each in enumerate(events))
    records = StoryRecords(
        story=story,
        actors=tuple(teller.actors.values()),
        places=tuple(teller.places.values()),
        claims=tuple(teller.claims.values()),
        events=made,
    )
    return records, text


class _Teller:
    """Makes the records of one story, each actor, place and claim once."""

    def __init__(self, story: Story, text: str) -> None:
        self.story, self.text = story, text
        self.actors: dict[str, Actor] = {}
        self.places: dict[str, Place] = {}
        self.claims: dict[str, Claim] = {}

    def event(self, position: int, given: dict[str, Any]) -> Event:
        at = self.text.find(given["words"])
        assert at >= 0, given
        name = f"event:{self.story.id}:{position}"
        return Event(
            id=name,
            story_id=self.story.id,
            trigger=Span(at, at + len(given["words"])),
            type=given.get("type", "ASSAULT"),
            actors=tuple(self.party(each) for each in given.get("by", ())),
            recipients=tuple(self.party(each) for each in given.get("to", ())),
            places=(self.place(given["place"]),) if "place" in given else (),
            time=self.time(*given["days"]) if "days" in given else None,
            tolls=tuple(self.toll(number, whose) for number, whose in given.get("killed", ())),
            stances=tuple(self.stances(given)),
            evidence=(
                Evidence(field="places", spans=(), method="test", confidence=0.9),
                Evidence(field="time", spans=(), method="test", confidence=0.9),
            ),
        )

    def party(self, name: str) -> ActorRef:
        actor = Actor(id=f"{self.story.id}:{name}", name=name, kind="person" if name[:1].isupper() else "unnamed")
        self.actors.setdefault(name, actor)
        return ActorRef(actor_id=actor.id, mention_id=f"mention:{self.story.id}:{name}")

    def place(self, name: str) -> PlaceRef:
        latitude, longitude = PLACES[name]
        self.places[name] = Place(
            id=f"place:{name}", name=name, latitude=latitude, longitude=longitude, country="MRV", feature_code="PPL"
        )
        sure = Evidence(field="place_id", spans=(), method="test", confidence=0.9)
        return PlaceRef(place_id=f"place:{name}", mention_id=f"mention:{name}", radius_km=5, evidence=(sure,))

    def time(self, earliest: str, latest: str) -> TimeRef:
        return TimeRef(
            mention_id=None,
            value=earliest,
            earliest=dt.date.fromisoformat(earliest),
            latest=dt.date.fromisoformat(latest),
        )

    def claim(self, whose: str) -> str | None:
        if not whose:
            return None
        name = f"claim:{self.story.id}:{whose}"
        self.claims[whose] = Claim(
            id=name,
            story_id=self.story.id,
            source=(),
            cue=(),
            content=(Span(0, 1),),
            act="say",
            quotation="indirect",
            source_actors=(self.party(whose),),
        )
        return name

    def toll(self, number: int, whose: str) -> Toll:
        return Toll(
            harm="killed", count=Count(best=number, low=number, high=number), span=None, claim_id=self.claim(whose)
        )

    def stances(self, given: dict[str, Any]) -> list[Stance]:
        found = []
        for field, polarity in (("so", "positive"), ("not so", "negative")):
            for whose in given.get(field, ()):
                chain = (self.story.outlet_id, *([self.party(whose).actor_id] if whose else []))
                found.append(
                    Stance(chain=chain, certainty="certain", polarity=polarity, claim_id=self.claim(whose))  # type: ignore[arg-type]
                )
        for whose, culprit in given.get("blames", ()):
            value = self.party(culprit.removeprefix("not ")).actor_id
            found.append(
                Stance(
                    chain=(self.story.outlet_id, self.party(whose).actor_id),  # type: ignore[arg-type]
                    certainty="certain",
                    polarity="negative" if culprit.startswith("not ") else "positive",
                    field="actors",
                    value=value,
                    claim_id=self.claim(whose),
                )
            )
        return found
