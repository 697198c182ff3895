"""Whether one record meets a query: the slow and obvious version of what `queries.py` puts to a database.

It decides about records that people have corrected, whose columns in the database are those that were read; and tests
hold it against the database. Words, outlets and versions are not its matter: no correction changes them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dateline.records import Actor, ActorRef, Claim, Event, Id, Place, StoryRecords
from dateline.standing import standing
from dateline.store.derived import actor_words, claim_day, event_day, killed
from dateline.store.query import Circle, Query

ROLES = {"either": ("actors", "recipients"), "actor": ("actors",), "recipient": ("recipients",)}
SPOKEN = {  # the same of a claim
    "either": ("source_actors", "about", "addressees"),
    "actor": ("source_actors",),
    "recipient": ("about", "addressees"),
}
NEAR = 3  # a place with this precision is only known to be in a region or country: it is near nothing


@dataclass(frozen=True, slots=True)
class Sought:
    """The actors that a name means in one store: the one of an id, or all that have all of some words."""

    id: Id | None = None
    words: tuple[str, ...] = ()

    def finds(self, actor: Actor) -> bool:
        if self.id is not None:
            return actor.id == self.id
        return set(self.words) <= {word for word, _ in actor_words([actor])}


def event_meets(event: Event, records: StoryRecords, query: Query, sought: Mapping[str, Sought]) -> bool:
    """Whether an event meets every condition. sought: for "actor" whom the name means."""
    acts = {claim.id: claim.act for claim in records.claims}
    return all(
        (
            _one_of(query.types, (event.type,)),
            _one_of(query.statuses, (event.status,)),
            _one_of(query.modes, event.modes),
            _one_of(query.contexts, event.contexts),
            _one_of(query.acts, (acts.get(stance.claim_id or "", "") for stance in event.stances)),
            not query.standings or standing(event, records.claims) in query.standings,
            _within(event_day(event, records.story), query),
            query.min_killed is None or ((dead := killed(event)) is not None and dead >= query.min_killed),
            _is_at(event, records, query),
            "actor" not in sought
            or _names([ref for field in ROLES[query.role] for ref in getattr(event, field)], records, sought["actor"]),
        )
    )


def claim_meets(claim: Claim, records: StoryRecords, query: Query, sought: Mapping[str, Sought]) -> bool:
    """Whether a claim meets every condition. sought: for "actor", "by" and "about" whom the name means."""
    fields = {"actor": SPOKEN[query.role], "by": ("source_actors",), "about": ("about",)}
    return (
        _one_of(query.acts, (claim.act,))
        and _within(claim_day(claim, records.story), query)
        and all(
            _names([ref for field in fields[name] for ref in getattr(claim, field)], records, whom)
            for name, whom in sought.items()
        )
    )


def _one_of(wanted: tuple[str, ...], found: Iterable[str]) -> bool:
    return not wanted or not set(wanted).isdisjoint(found)


def _within(day: dt.date | None, query: Query) -> bool:
    if day is None:
        return query.since is None and query.until is None
    return (query.since is None or day >= query.since) and (query.until is None or day <= query.until)


def _is_at(event: Event, records: StoryRecords, query: Query) -> bool:
    known = {place.id: place for place in records.places}
    places = [(known[ref.place_id], ref.precision) for ref in event.places if ref.place_id in known]

    def lies(area: Circle, place: Place) -> bool:
        return area.holds(place.latitude, place.longitude)

    return (
        (query.near is None or any(level < NEAR and lies(query.near, place) for place, level in places))
        and (query.box is None or any(query.box.holds(place.latitude, place.longitude) for place, _ in places))
        and (not query.places or any({place.id, place.name} & set(query.places) for place, _ in places))
        and (not query.countries or any(place.country in query.countries for place, _ in places))
    )


def _names(refs: Iterable[ActorRef], records: StoryRecords, whom: Sought) -> bool:
    ids = {ref.actor_id for ref in refs}
    return any(actor.id in ids and whom.finds(actor) for actor in records.actors)
