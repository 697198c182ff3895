"""Stories that nobody wrote, with records that fit them: for stores as large as one likes.

Every span lies in its text and says what its record says; days, places, actors, types and numbers are drawn from small
lists with a seed, so that a question has an answer that can be counted. They are not news and not evaluation data.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

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
    Span,
    Stance,
    Story,
    StoryRecords,
    TimeRef,
    Toll,
    make_id,
)

DEEDS = {
    "ASSAULT": (("attacked", "drone"), ("shelled", "heavy-weapons"), ("ambushed", "firearms")),
    "COERCE": (("arrested", "arrest"), ("seized", "seize")),
    "PROTEST": (("marched against", "demo"), ("blocked", "obstruct")),
    "MOBILIZE": (("moved troops towards", "troops"),),
    "AID": (("sent food to", "humanitarian"),),
    "CONSULT": (("met", "visit"),),
    "RETREAT": (("released", "release"),),
    "SANCTION": (("banned", "ban"),),
}
COUNTRIES = tuple(f"{a}{b}{c}" for a, b, c in itertools.product("BDK", "AEO", "LNR"))
SECTORS = ("GOV", "MIL", "COP", "REB", "CVL", "UAF")
FIRST = ("Northern", "River", "Upland", "Harbour", "Eastern", "Free", "United", "Lower")
LAST = ("Front", "Guard", "Army", "Police", "Council", "Union", "League", "Brigade")
ANSWERS = ("said", "denied", "admitted", "warned")
ACTS = {"said": "say", "denied": "deny", "admitted": "admit", "warned": "warn"}
OUTLETS = tuple(
    Outlet(id=f"{name.lower()}.example", name=f"The {name}", country=COUNTRIES[n % len(COUNTRIES)])
    for n, name in enumerate(("Lantern", "Kestrel", "Courier", "Mirror", "Observer", "Beacon"))
)
PLACE_COUNT = 400
SEED = 1
START, DAYS = dt.date(2016, 1, 1), 3650


@dataclass(frozen=True, slots=True)
class Made:
    """A document with its one story, and who published it."""

    document: Document
    records: StoryRecords
    outlet: Outlet


def places(rng: random.Random) -> list[Place]:
    """Towns all over the world."""
    return [
        Place(
            id=f"made:{number}",
            name=f"Port {FIRST[number % 8]} {number}",
            latitude=round(rng.uniform(-60, 70), 4),
            longitude=round(rng.uniform(-180, 180), 4),
            country=COUNTRIES[number % len(COUNTRIES)],
            feature_code="PPL",
        )
        for number in range(PLACE_COUNT)
    ]


def actors(rng: random.Random) -> list[Actor]:
    """Bodies with names of two or three words; some share a word, some a country."""
    made = []
    for number, (country, first, last) in enumerate(itertools.product(COUNTRIES, FIRST, LAST)):
        name = f"{first} {last}" if number < 64 else f"{country.title()} {first} {last}"
        made.append(
            Actor(
                id=f"made:{number}", name=name, kind="organization", country=country, sector=rng.choice(SECTORS),
                aliases=(f"{first[0]}{last[0]}{number}",),
            )
        )  # fmt: skip
    return made


def stories(count: int, *, seed: int = SEED, events: int = 4) -> Iterator[Made]:
    """So many stories of up to `events` events each, in the order of their days."""
    rng = random.Random(seed)
    known_places, known_actors = places(rng), actors(rng)
    for number in range(count):
        day = START + dt.timedelta(days=number * DAYS // count)
        yield _story(number, day, rng, known_places, known_actors, events)


class _Text:
    """A text that is written from left to right."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0

    def add(self, words: str) -> Span:
        self.pieces.append(words)
        start, self.length = self.length, self.length + len(words)
        return Span(start, self.length)


def _story(number: int, day: dt.date, rng: random.Random, towns: list[Place], bodies: list[Actor], most: int) -> Made:
    outlet = rng.choice(OUTLETS)
    document_id = make_id("document", "made", number)
    story_id = make_id("story", document_id, 0)
    text = _Text()
    headline = text.add(f"Report {number} of {day:%d.%m.%Y}")
    text.add("\n\n")
    mentions: list[Mention] = []
    used_actors: dict[str, Actor] = {}
    used_places: dict[str, Place] = {}
    refs: list[ActorRef] = []
    claims: list[Claim] = []
    events: list[Event] = []
    body: list[Span] = []

    def mention(words: str, kind: str) -> Mention:
        span = text.add(words)
        made = Mention(
            id=make_id("mention", story_id, span.start), story_id=story_id, span=span, head=span,
            kind=kind, form="name",  # type: ignore[arg-type]
        )  # fmt: skip
        mentions.append(made)
        return made

    def party(actor: Actor) -> ActorRef:
        used_actors[actor.id] = actor
        ref = ActorRef(actor_id=actor.id, mention_id=mention(actor.name, "actor").id)
        refs.append(ref)
        return ref

    for index in range(rng.randint(1, most)):
        # One actor in a hundred is in every third story: rare and common names alike.
        who, whom, speaker = (bodies[min(rng.randrange(len(bodies)), rng.randrange(len(bodies)))] for _ in range(3))
        town = rng.choice(towns)
        kind = rng.choice(tuple(DEEDS))
        deed, mode = rng.choice(DEEDS[kind])
        dead = rng.choice((None, None, None, 1, 2, 3, 5, 8, 30)) if kind == "ASSAULT" else None
        on = day - dt.timedelta(days=rng.choice((0, 0, 0, 1, 2, 9)))
        start = text.length
        actor = party(who)
        text.add(" ")
        trigger = text.add(deed)
        text.add(" the ")
        recipient = party(whom)
        text.add(" near ")
        where = mention(town.name, "place")
        used_places[town.id] = town
        text.add(" on ")
        when = mention(f"{on:%A}", "time")
        toll = text.add(f" and killed {dead}") if dead else None
        content = Span(start, text.length)
        text.add(", ")
        source = party(speaker)
        text.add(" ")
        answer = rng.choice(ANSWERS)
        cue = text.add(answer)
        text.add(".")
        body.append(Span(start, text.length))
        text.add("\n\n")
        time = TimeRef(mention_id=when.id, value=on.isoformat(), earliest=on, latest=on, anchor="published_at")
        unknown = rng.random() < 0.1
        claim = Claim(
            id=make_id("claim", story_id, index), story_id=story_id,
            source=(mentions[-1].span,), cue=(cue,), content=(content,),
            act=ACTS[answer], quotation="indirect", polarity="rejects" if answer == "denied" else "asserts",  # type: ignore[arg-type]
            source_actors=(source,), about=(actor,), said_at=None,
            evidence=(Evidence(field="act", spans=(cue,), method="made"),),
        )  # fmt: skip
        claims.append(claim)
        own = Stance(chain=(outlet.id,), certainty="certain", polarity="positive")
        voice = Stance(
            chain=(outlet.id, speaker.id), certainty="certain",
            polarity="negative" if answer == "denied" else "positive", claim_id=claim.id,
        )  # fmt: skip
        stances = (own, voice) if rng.random() < 0.5 else (voice,)
        spot = PlaceRef(place_id=town.id, mention_id=where.id, relation="near", precision=rng.choice((1, 2, 3)))
        events.append(
            Event(
                id=make_id("event", story_id, index), story_id=story_id, trigger=trigger, type=kind,
                status=rng.choice(("happened", "happened", "happened", "ongoing", "planned")), modes=(mode,),
                contexts=rng.choice(((), ("military",), ("terrorism", "territory"))),
                actors=(actor,), recipients=(recipient,),
                places=(spot,),
                time=None if unknown else time,
                casualties=Casualties(killed=Count(best=dead, low=dead, high=dead)) if dead else None,
                tolls=(Toll(harm="killed", count=Count(best=dead, low=dead, high=dead), span=toll, claim_id=claim.id),)
                if dead
                else (),
                stances=stances,
                evidence=(Evidence(field="type", spans=(trigger,), method="made", confidence=0.9),),
            )
        )  # fmt: skip
    document = Document(
        id=document_id, text="".join(text.pieces), location=f"https://{outlet.id}/{number}", media_type="text/plain"
    )
    return Made(
        document=document,
        outlet=outlet,
        records=StoryRecords(
            story=Story(
                id=story_id, document_id=document_id, outlet_id=outlet.id, headline=headline, dateline=None,
                body=tuple(body), published_at=None if number % 50 == 49 else day,
            ),
            mentions=tuple(mentions), actors=tuple(used_actors.values()), actor_refs=tuple(refs),
            places=tuple(used_places.values()), claims=tuple(claims), events=tuple(events),
        ),
    )  # fmt: skip
