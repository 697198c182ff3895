"""Ties mentions to actors: who each name, description and pronoun stands for, with country, sector and kind.

    knowledge = load_actor_knowledge()
    found = resolve_actors(story, analysis, mentions, knowledge=knowledge)

See README.md in this folder for the sources followed and the scores.
"""

from __future__ import annotations

from dateline.grounding.actors.governments import governments_of
from dateline.grounding.actors.knowledge import ActorKnowledge, load_actor_knowledge
from dateline.grounding.actors.resolution import FoundActors, resolve_actors

__all__ = ["ActorKnowledge", "FoundActors", "governments_of", "load_actor_knowledge", "resolve_actors"]
