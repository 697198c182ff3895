"""Stances: for a happening and for who did it, each source with how sure it is and whether it holds it so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from dateline.events.naming import Happening
from dateline.events.participation import Part
from dateline.events.scene import Scene
from dateline.events.voices import Voice, denial_of, outlet_facts, source_facts, voices_of
from dateline.language.tags import EVENT_STATUSES, EVENT_TYPES
from dateline.records import Evidence, Stance, Story

if TYPE_CHECKING:
    from dateline.events.model import EventModel

Certainty = Literal["certain", "probable", "possible", "unknown"]

# what one may be blamed for: harm and breach, not a meeting
_BLAMED = frozenset(("ASSAULT", "COERCE", "HAZARD", "SANCTION"))


def take_stances(
    story: Story, scene: Scene, one: Happening, status: int, actors: Sequence[Part], model: EventModel
) -> tuple[tuple[Stance, ...], list[Evidence]]:
    """The stances of one happening, and the words that they rest on."""
    here = story.outlet_id or story.id
    voices = voices_of(scene, one)
    outlet = float(model.judges["outlet"].chances(outlet_facts(scene, one, status)[None])[0, 0])
    found: list[Stance] = []
    denied = EVENT_STATUSES[status] == "denied_only"
    certain: Certainty = "possible" if EVENT_STATUSES[status] == "hypothetical" else "certain"
    if outlet >= model.thresholds.outlet and not denied:
        found.append(Stance(chain=(here,), certainty=certain, polarity="positive"))
    for voice in voices:
        found += _of_voice(scene, one, voice, status, outlet, here, certain, model)
    if denied and not any(len(stance.chain) > 1 for stance in found):
        found.append(Stance(chain=(here,), certainty="certain", polarity="negative"))
    found += _blame(scene, one, actors, voices, here)
    claims = {claim.id: claim for claim in scene.reading.claims}
    evidence = [
        Evidence(
            field="stances",
            spans=claims[stance.claim_id].cue or claims[stance.claim_id].content,
            method="model:events",
            claim_id=stance.claim_id,
        )
        for stance in found
        if stance.claim_id is not None
    ]
    return tuple(dict.fromkeys(found)), list(dict.fromkeys(evidence))


def _of_voice(
    scene: Scene,
    one: Happening,
    voice: Voice,
    status: int,
    outlet: float,
    here: str,
    certain: Certainty,
    model: EventModel,
) -> list[Stance]:
    chain = (here, *voice.chain)
    denied = denial_of(scene, one, voice, model.parts)
    if denied == "event":
        return [Stance(chain=chain, certainty="certain", polarity="negative", claim_id=voice.claim.id)]
    if denied == "actors":
        mine = voice.chain[-1]
        stance = Stance(
            chain=chain, certainty="certain", polarity="negative", field="actors", value=mine, claim_id=voice.claim.id
        )
        return [stance]
    if not voice.asserts:
        return []
    chance = model.judges["source"].chances(source_facts(scene, one, voice, status, outlet)[None])[0, 0]
    least = model.thresholds.seconds if outlet >= model.thresholds.outlet else model.thresholds.asserts
    if chance < least:
        return []
    sure: Certainty = "probable" if voice.claim.act == "express" and certain == "certain" else certain
    return [Stance(chain=chain, certainty=sure, polarity="positive", claim_id=voice.claim.id)]


def _blame(scene: Scene, one: Happening, actors: Sequence[Part], voices: Sequence[Voice], here: str) -> list[Stance]:
    """Who is said to have done it: by the sources in whose claims culprit and happening stand together, or the
    outlet."""
    if EVENT_TYPES[1 + int(np.argmax(one.types[1:]))] not in _BLAMED:
        return []
    found: list[Stance] = []
    for part in actors:
        said, flat = set(), False
        for mark in part.participant.marks:
            for word in one.words:
                if abs(scene.sentence(word) - scene.sentence(mark.head)) > 1:
                    continue
                shared = set(scene.telling[word]) & set(scene.telling[mark.head])
                said |= shared
                flat = flat or not (scene.telling[word] or scene.telling[mark.head])
        for voice in voices:
            number = next(n for n, claim in enumerate(scene.reading.claims) if claim.id == voice.claim.id)
            if number in said and voice.asserts:
                found.append(
                    Stance(
                        chain=(here, *voice.chain),
                        certainty="certain",
                        polarity="positive",
                        field="actors",
                        value=part.participant.key,
                        claim_id=voice.claim.id,
                    )
                )
        if flat and found:
            found.append(
                Stance(
                    chain=(here,), certainty="certain", polarity="positive", field="actors", value=part.participant.key
                )
            )
    return found
