"""The governments that the countries of a story stand for, whether or not the story lets them act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from dateline.grounding.actors.knowledge import ActorKnowledge
from dateline.records import Actor


def governments_of(
    countries: Iterable[str], *, knowledge: ActorKnowledge, day: dt.date | None = None
) -> dict[str, Actor]:
    """Country code (ISO 3166-1 alpha-3) -> its government as the register has it; codes of no state are left out.

    day: the story's day, for the code and sector of that time. The records have no evidence yet: whoever lets one act
    knows the words.
    """
    states: dict[str, str] = {}
    for state in knowledge.lexicons.states.values():
        states.setdefault(state.code, state.id)
    found = {}
    for country in dict.fromkeys(countries):
        if country in states:
            entry = knowledge.register.entry(f"{states[country]}-government")
            period = entry.at(day)
            found[country] = Actor(
                id=f"register:{entry.id}",
                name=entry.name,
                kind=entry.kind,
                country=period.country or None,
                sector=period.sector or None,
            )
    return found
