"""Ties words to the world: times to the calendar, names and descriptions to actors."""

from dateline.grounding.actors import ActorKnowledge, FoundActors, load_actor_knowledge, resolve_actors
from dateline.grounding.times import FoundTimes, TimeLexicons, load_time_lexicons, resolve_times

__all__ = [
    "ActorKnowledge",
    "FoundActors",
    "FoundTimes",
    "TimeLexicons",
    "load_actor_knowledge",
    "load_time_lexicons",
    "resolve_actors",
    "resolve_times",
]
