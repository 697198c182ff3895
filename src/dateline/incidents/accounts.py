"""Every account of an incident kept: for each field the values, who says so and how often; tolls over time; three
counts.

Nothing is judged. Corroborated, disputed, denied and single-source are views of who holds what
(docs/codebook/incident.md); copies of one text count once.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dateline.incidents.portraits import days_of
from dateline.records import Actor, Claim, Count, Event, Id, Stance, StoryRecords

Backing = Literal["corroborated", "disputed", "denied", "single-source"]
HARMS = ("killed", "injured", "missing", "detained")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who says something in one story.

    outlet: id of the outlet, or of the story where its outlet is not known. text: the story it is a copy of, or
    itself. source: whose word it is, the same in every story: an id of the register, else the name in small
    letters; None for the outlet's own word. is_named: whether the source has a name ("officials" has none).
    claim_id: where it is said.
    """

    story_id: Id
    outlet: Id
    text: Id
    source: str | None = None
    is_named: bool = False
    claim_id: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One value of one field, with everybody who gives it, story by story.

    field: "type", "place", "time", "actors", "recipients", a harm ("killed"), "event" (value "so" or "not so") or
    "blame" (value: the id of the actor, with "not " before it where it is denied).
    """

    field: str
    value: str
    voices: tuple[Voice, ...]

    @property
    def texts(self) -> int:
        """In how many independent texts it stands."""
        return len({voice.text for voice in self.voices})


@dataclass(frozen=True, slots=True, kw_only=True)
class TollPoint:
    """A number as it was given on a day. day: when the story was published; None where nothing says so."""

    day: dt.date | None
    harm: str
    count: Count
    voice: Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How widely an incident is told: by how many outlets, in how many independent texts, on how many named sources'
    word.
    """

    outlets: int
    texts: int
    sources: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """What the stories say of one incident. backing: None where nobody asserts or denies it (a plan, a fear)."""

    reported: tuple[Reported, ...]
    tolls: tuple[TollPoint, ...]
    counts: Counts
    backing: Backing | None
    disagreements: tuple[str, ...]

    def of(self, field: str) -> tuple[Reported, ...]:
        """The values of one field, that of most independent texts first."""
        return tuple(each for each in self.reported if each.field == field)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One event with the story that tells it, and the story whose text it is."""

    event: Event
    records: StoryRecords
    text: Id


def gather_accounts(tellings: Iterable[Telling]) -> Accounts:
    """Everything that stories say of one happening. Independent of the order of `tellings`."""
    known = sorted(tellings, key=lambda each: each.event.id)
    reported = _reported(known)
    tolls = tuple(sorted(_toll_points(known), key=_by_day))
    return Accounts(
        reported=reported,
        tolls=tolls,
        counts=_counts(known, reported),
        backing=_backing(reported),
        disagreements=_disagreements(reported, tolls, [each.event for each in known]),
    )


def stances_once(tellings: Iterable[Telling]) -> tuple[Stance, ...]:
    """The stances of all tellings. What a copy only repeats of its original is not told again."""
    known = sorted(tellings, key=lambda each: (each.text != each.records.story.id, each.event.id))
    found: dict[Stance, None] = {}
    told: set[tuple[object, ...]] = set()
    for each in known:
        is_copy = each.text != each.records.story.id
        for stance in each.event.stances:
            says = (each.text, _names(stance, each.records), stance.polarity, stance.field, stance.certainty)
            if not (is_copy and says in told):
                found[stance] = None
            told.add(says)
    return tuple(found)


def _names(stance: Stance, records: StoryRecords) -> tuple[str, ...]:
    actors = {actor.id: actor for actor in records.actors}
    return tuple(_identity(each, actors) for each in stance.chain[1:])


def _reported(tellings: Sequence[Telling]) -> tuple[Reported, ...]:
    voices: dict[tuple[str, str], list[Voice]] = defaultdict(list)
    for telling in tellings:
        for field, value, voice in _said(telling):
            if voice not in voices[field, value]:
                voices[field, value].append(voice)
    found = [Reported(field=field, value=value, voices=tuple(those)) for (field, value), those in voices.items()]
    return tuple(sorted(found, key=lambda each: (each.field, -each.texts, -len(each.voices), each.value)))


def _said(telling: Telling) -> Iterator[tuple[str, str, Voice]]:
    """Every field, value and voice of one telling."""
    event, records = telling.event, telling.records
    actors = {actor.id: actor for actor in records.actors}
    claims = {claim.id: claim for claim in records.claims}
    words_of = {each.field: each.claim_id for each in event.evidence}  # whose word a field is
    yield "type", event.type, _voice(telling, words_of.get("event"), claims, actors)
    for ref in event.places:
        yield "place", ref.place_id, _voice(telling, words_of.get("places"), claims, actors)
    if event.time is not None and event.time.earliest is not None and event.time.latest is not None:
        yield (
            "time",
            f"{event.time.earliest}/{event.time.latest}",
            _voice(telling, words_of.get("time"), claims, actors),
        )
    for field in ("actors", "recipients"):
        for party in getattr(event, field):
            yield field, _identity(party.actor_id, actors), _voice(telling, words_of.get(field), claims, actors)
    for toll in event.tolls:
        yield toll.harm, number(toll.count), _voice(telling, toll.claim_id, claims, actors)
    for stance in event.stances:
        if stance.polarity != "unknown" and stance.field in ("event", "actors"):
            yield (*_held(stance, actors), _stance_voice(telling, stance, actors))


def _held(stance: Stance, actors: Mapping[Id, Actor]) -> tuple[str, str]:
    holds = stance.polarity == "positive"
    if stance.field == "event":
        return "event", "so" if holds else "not so"
    blamed = _identity(stance.value or "", actors)
    return "blame", blamed if holds else f"not {blamed}"


def number(count: Count) -> str:
    """A number as it is shown: "5", "3 to 7", "3 or more", "up to 7"."""
    low, high = (count.low, count.high) if (count.low, count.high) != (None, None) else (count.best, count.best)
    if low is not None and high is not None:
        return str(low) if low == high else f"{low} to {high}"
    return f"{low} or more" if low is not None else f"up to {high}"


def _voice(telling: Telling, claim_id: Id | None, claims: Mapping[Id, Claim], actors: Mapping[Id, Actor]) -> Voice:
    claim = claims.get(claim_id or "")
    source = claim.source_actors[0].actor_id if claim is not None and claim.source_actors else None
    return _made_voice(telling, source, actors, claim_id, attributed=claim is not None)


def _stance_voice(telling: Telling, stance: Stance, actors: Mapping[Id, Actor]) -> Voice:
    source = stance.chain[-1] if len(stance.chain) > 1 else None
    return _made_voice(telling, source, actors, stance.claim_id, attributed=len(stance.chain) > 1)


def _made_voice(
    telling: Telling, source: Id | None, actors: Mapping[Id, Actor], claim_id: Id | None, *, attributed: bool
) -> Voice:
    story = telling.records.story
    actor = actors.get(source or "")
    return Voice(
        story_id=story.id,
        outlet=story.outlet_id or story.id,
        text=telling.text,
        source=_identity(source, actors) if source else ("somebody" if attributed else None),
        is_named=actor is not None and actor.kind != "unnamed" and actor.name[:1].isupper(),
        claim_id=claim_id,
    )


def _identity(actor_id: Id, actors: Mapping[Id, Actor]) -> str:
    """Who an actor is in every story: the register's id, else the name in small letters."""
    actor = actors.get(actor_id)
    return actor_id if actor is None or actor_id.startswith("register:") else actor.name.casefold()


def _toll_points(tellings: Sequence[Telling]) -> Iterator[TollPoint]:
    for telling in tellings:
        story = telling.records.story
        moment = story.published_at or story.updated_at
        actors = {actor.id: actor for actor in telling.records.actors}
        claims = {claim.id: claim for claim in telling.records.claims}
        for toll in telling.event.tolls:
            yield TollPoint(
                day=moment.date() if isinstance(moment, dt.datetime) else moment,
                harm=toll.harm,
                count=toll.count,
                voice=_voice(telling, toll.claim_id, claims, actors),
            )


def _by_day(point: TollPoint) -> tuple[object, ...]:
    return (
        HARMS.index(point.harm),
        point.day is None,
        point.day or dt.date.max,
        point.voice.story_id,
        number(point.count),
        point.voice.claim_id or "",
    )


def _counts(tellings: Sequence[Telling], reported: Sequence[Reported]) -> Counts:
    sources = {voice.source for each in reported for voice in each.voices if voice.source and voice.is_named}
    return Counts(
        outlets=len({each.records.story.outlet_id or each.records.story.id for each in tellings}),
        texts=len({each.text for each in tellings}),
        sources=len(sources),
    )


def _backing(reported: Sequence[Reported]) -> Backing | None:
    """denied: somebody denies it, nobody asserts it. disputed: both, or the same actor is blamed and cleared.

    corroborated: two independent texts assert it, not all on one source's word. single-source: one text, or one source.
    """
    held = {(each.field, each.value): each.voices for each in reported}
    holds, denies = held.get(("event", "so"), ()), held.get(("event", "not so"), ())
    if denies and not holds:
        return "denied"
    blamed = {value for field, value in held if field == "blame"}
    if denies or any(f"not {each}" in blamed for each in blamed):
        return "disputed"
    if not holds:
        return None
    texts = {voice.text for voice in holds}
    roots = {voice.source or voice.text for voice in holds}
    return "corroborated" if len(texts) > 1 and len(roots) > 1 else "single-source"


def _disagreements(
    reported: Sequence[Reported], tolls: Sequence[TollPoint], events: Iterable[Event]
) -> tuple[str, ...]:
    """Fields in which accounts cannot both be right, "event" and "actors" (who did it) among them. Of days only those
    count that are surely the event's.

    Different words or types are no disagreement: one story's "attack" is another's "shooting".
    """
    held = {(each.field, each.value) for each in reported}
    found = {harm for harm in HARMS if _numbers_differ([point for point in tolls if point.harm == harm])}
    if {("event", "so"), ("event", "not so")} <= held:
        found.add("event")
    blamed = {value for field, value in held if field == "blame"}
    if any(f"not {each}" in blamed for each in blamed):
        found.add("actors")
    if _days_differ([days for days in map(days_of, events) if days is not None]):
        found.add("time")
    return tuple(sorted(found))


def _numbers_differ(points: Sequence[TollPoint]) -> bool:
    """Do two voices give numbers of one harm whose bounds do not meet?"""
    bounds = [_bounds(point.count) for point in points]
    return any(low > other_high for low, _ in bounds for _, other_high in bounds)


def _bounds(count: Count) -> tuple[float, float]:
    if count.low is None and count.high is None:
        return (0.0, float("inf")) if count.best is None else (count.best, count.best)
    low = 0.0 if count.low is None else float(count.low)
    return low, float("inf") if count.high is None else float(count.high)


def _days_differ(days: Sequence[tuple[dt.date, dt.date]]) -> bool:
    return any(first > other_last for first, _ in days for _, other_last in days)
