"""Ties words to the world: times to the calendar, places to the gazetteer, names and descriptions to actors."""

from dateline.grounding.actors import (
    ActorKnowledge,
    FoundActors,
    governments_of,
    load_actor_knowledge,
    resolve_actors,
)
from dateline.grounding.places import (
    FoundPlaces,
    Gazetteer,
    PlaceLexicons,
    Precision,
    UnresolvedPlace,
    load_place_lexicons,
    open_gazetteer,
    precision_of,
    resolve_places,
)
from dateline.grounding.times import FoundTimes, TimeLexicons, date_claims, load_time_lexicons, resolve_times

__all__ = [
    "ActorKnowledge",
    "FoundActors",
    "FoundPlaces",
    "FoundTimes",
    "Gazetteer",
    "PlaceLexicons",
    "Precision",
    "TimeLexicons",
    "UnresolvedPlace",
    "date_claims",
    "governments_of",
    "load_actor_knowledge",
    "load_place_lexicons",
    "load_time_lexicons",
    "open_gazetteer",
    "precision_of",
    "resolve_actors",
    "resolve_places",
    "resolve_times",
]
