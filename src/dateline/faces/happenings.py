"""Events as people read them: what, who to whom, where, when, with what loss, and under each who says and who denies
it."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from dateline.records import Actor, ActorRef, Claim, Count, Event, Id, Span, Stance, TimeRef
from dateline.standing import standing

if TYPE_CHECKING:
    from dateline.faces.screen import Style
    from dateline.pipeline import StoryReading

TYPE_COLOURS = {"ASSAULT": "31", "COERCE": "31", "PROTEST": "33", "MOBILIZE": "33", "SANCTION": "33", "HAZARD": "35"}
_LABEL = 10  # width of "who", "to whom", ...

Words = Callable[["StoryReading", Sequence[Span]], str]
Place = Callable[[Sequence[Span]], str]


def event_lines(reading: StoryReading, style: Style, words: Words, place: Place) -> Iterator[str]:
    """Every event of a story in text order. words: the words at spans on one line. place: where spans stand."""
    actors = {actor.id: actor for actor in reading.actors}
    claims = {claim.id: claim for claim in reading.claims}
    for event in sorted(reading.events, key=lambda one: one.trigger):
        mode = f" · {', '.join(event.modes)}" if event.modes else ""
        name = style.paint(event.type + mode, TYPE_COLOURS.get(event.type, "32"))
        status = f"{event.status}, {standing(event, reading.claims)}"
        yield f"    {name}  {words(reading, (event.trigger,))}  ({status})"
        for label, value in _fields(event, reading, actors, words):
            yield from _row(label, value, style)
        for label, value in _voices(event, reading, actors, claims, words):
            yield from _row(label, value, style)
        yield from _row("words", place((event.trigger, *event.other_mentions)), style, faint=True)


def _row(label: str, value: str, style: Style, *, faint: bool = False) -> Iterator[str]:
    room = max(20, style.width - 6 - _LABEL)
    first, *rest = textwrap.wrap(value, room, break_on_hyphens=False) or [""]
    yield "      " + style.paint(label.ljust(_LABEL), "2") + (style.paint(first, "2") if faint else first)
    for line in rest:
        yield " " * (6 + _LABEL) + (style.paint(line, "2") if faint else line)


def _fields(
    event: Event, reading: StoryReading, actors: Mapping[str, Actor], words: Words
) -> Iterator[tuple[str, str]]:
    if event.actors:
        yield "who", _names(event.actors, reading, actors)
    if event.recipients:
        yield "to whom", _names(event.recipients, reading, actors)
    if event.places:
        places = {place.id: place for place in reading.places}
        yield (
            "where",
            "; ".join(
                dict.fromkeys(f"{places[ref.place_id].name} ({places[ref.place_id].country})" for ref in event.places)
            ),
        )
    if event.time is not None and (when := _when(event.time)):
        yield "when", when
    if event.instruments:
        yield "with", "; ".join(words(reading, (mention.span,)) for mention in event.instruments)
    if event.contexts:
        yield "contexts", ", ".join(event.contexts)


def _voices(
    event: Event, reading: StoryReading, actors: Mapping[str, Actor], claims: Mapping[str, Claim], words: Words
) -> Iterator[tuple[str, str]]:
    for toll in event.tolls:
        claim = claims.get(toll.claim_id or "")
        whose = words(reading, claim.source) if claim and claim.source else "a source" if claim else "the outlet"
        yield toll.harm, f"{_number(toll.count)} — {whose}"
    told: set[str] = set()
    for (chain, polarity, field, claim_id), stances in _alike(event.stances).items():
        verb = ("says" if field == "event" else "blames") if polarity == "positive" else "denies"
        blamed = [culprit.name for stance in stances if (culprit := actors.get(stance.value or ""))]
        claim = claims.get(claim_id or "")
        said = f": {_shortened(words(reading, claim.content), 90)}" if claim and claim.id not in told else ""
        told |= {claim.id} if claim else set()
        deed = f" — {', '.join(blamed)} did it" if blamed and verb == "blames" else ""
        part = " — a part in it" if field == "actors" and verb == "denies" else ""
        yield verb, _speakers(chain, actors) + deed + part + said


_Key = tuple[tuple[Id, ...], str, str, Id | None]


def _alike(stances: Sequence[Stance]) -> dict[_Key, list[Stance]]:
    """Stances that differ only in whom they blame, together."""
    groups: dict[_Key, list[Stance]] = {}
    for stance in stances:
        groups.setdefault((stance.chain, stance.polarity, stance.field, stance.claim_id), []).append(stance)
    return groups


def _speakers(chain: Sequence[Id], actors: Mapping[str, Actor]) -> str:
    """Who speaks, whom the outlet cites first last: "Police, told by Governor"; the outlet where nobody else does."""
    names = [actors[one].name if one in actors else "the outlet" for one in reversed(chain[1:])]
    return ", told by ".join(names) or "the outlet"


def _names(refs: Sequence[ActorRef], reading: StoryReading, actors: Mapping[str, Actor]) -> str:
    found = []
    for ref in refs:
        actor = actors[ref.actor_id]
        codes = " ".join(filter(None, (actor.country, actor.sector)))
        found.append(f"{actor.name} ({codes})" if codes else actor.name)
    return "; ".join(dict.fromkeys(found))


def _when(time: TimeRef) -> str:
    days = [day for day in (time.earliest, time.latest) if day is not None]
    if time.earliest is not None and time.latest is not None:
        return _day(time.earliest) if time.earliest == time.latest else f"{_day(time.earliest)} to {_day(time.latest)}"
    if not days:
        return ""
    return f"by {_day(days[0])}" if time.earliest is None else f"from {_day(days[0])}"


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _number(count: Count) -> str:
    """A count in figures: "3", "3 or more", "24 to 99"."""
    if count.best is not None and count.low == count.best == count.high:
        return str(count.best)
    if count.best is not None and count.high is None:
        return f"{count.best} or more"
    if count.best is not None and count.low is None:
        return f"up to {count.best}"
    if count.low is not None and count.high is not None:
        return f"{count.low} to {count.high}"
    return f"{count.low} or more" if count.low is not None else "some"


def _shortened(words: str, room: int) -> str:
    return words if len(words) <= room else words[: room - 1].rstrip() + "…"
