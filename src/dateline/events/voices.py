"""Whose word a happening is: the outlet's, that of sources who assert it, and of those who deny it.

A source asserts what its claim's content names and denies what a rejecting claim, or the claim that it answers, names.
Whether the writer stands behind it as well is weighed by a small network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dateline.events.naming import Happening
from dateline.events.scene import Floats, Scene
from dateline.language.analysis import ACTS
from dateline.language.tags import EVENT_STATUSES, EVENT_TYPES
from dateline.records import Claim, Id


@dataclass(frozen=True, slots=True)
class Voice:
    """One source of a happening: the claim in which it speaks, outer sources first, and whether it asserts."""

    chain: tuple[Id, ...]
    claim: Claim
    asserts: bool


def voices_of(scene: Scene, one: Happening) -> list[Voice]:
    """Every source in whose claim the happening is named, or who rejects such a claim."""
    claims = scene.reading.claims
    numbers = list(dict.fromkeys(number for word in one.words for number in scene.telling[word]))
    voices = [voice for number in numbers for voice in _speakers(claims[number], claims)]
    told = {claims[number].id for number in numbers}
    for claim in claims:
        if claim.polarity == "rejects" and claim.answers in told:
            voices += _speakers(claim, claims)
    return list({(voice.chain, voice.asserts): voice for voice in voices}.values())


def _speakers(claim: Claim, claims: Sequence[Claim]) -> list[Voice]:
    """The sources of a claim with those within whose claims it stands."""
    outer: list[Id] = []
    above = next((other for other in claims if other.id == claim.within), None)
    while above is not None and len(outer) < 4:
        if above.source_actors:
            outer.insert(0, above.source_actors[0].actor_id)
        above = next((other for other in claims if above is not None and other.id == above.within), None)
    return [
        Voice((*outer, ref.actor_id), claim, claim.polarity == "asserts")
        for ref in claim.source_actors
        if not outer or outer[-1] != ref.actor_id
    ]


def outlet_facts(scene: Scene, one: Happening, status: int) -> Floats:
    """What tells whether the writer asserts a happening in the outlet's own name."""
    claims = scene.reading.claims
    outside = [not scene.telling[word] for word in one.words]
    plain = one.words.index(one.plainest)
    inner = [claims[scene.telling[word][-1]] for word in one.words if scene.telling[word]]
    types = one.types[1:] / max(float(one.types[1:].sum()), 1e-6)
    return np.array(
        [
            float(np.mean(outside)),
            float(any(outside)),
            float(all(outside)),
            float(outside[plain]),
            float(outside[0]),
            np.log(len(outside)),
            float(sum(outside) > 1),
            float(bool(inner) and not any(claim.source for claim in inner)),
            float(any(claim.polarity == "rejects" for claim in inner)),
            *(float(any(claim.act == act for claim in inner)) for act in ACTS),
            *(float(status == number) for number in range(len(EVENT_STATUSES))),
            *(float(types[number]) for number in range(len(EVENT_TYPES) - 1)),
        ],
        np.float32,
    )


def source_facts(scene: Scene, one: Happening, voice: Voice, status: int, outlet: float) -> Floats:
    """What tells whether a source asserts, and whether it denies, a happening. outlet: chance that the writer asserts it."""
    mine = [word for word in one.words if any(scene.reading.claims[n].id == voice.claim.id for n in scene.telling[word])]
    outside = [word for word in one.words if not scene.telling[word]]
    depth = len(voice.chain) - 1
    inner = bool(mine) and any(scene.reading.claims[scene.telling[word][-1]].id == voice.claim.id for word in mine)
    return np.array(
        [
            outlet,
            float(bool(mine)),
            float(one.plainest in mine),
            float(one.words[0] in mine),
            len(mine) / len(one.words),
            float(not outside),
            np.log(len(one.words)),
            float(depth),
            float(inner),
            float(voice.asserts),
            float(voice.claim.answers is not None),
            float(voice.claim.quotation == "indirect"),
            *(float(voice.claim.act == act) for act in ACTS),
            *(float(status == number) for number in range(len(EVENT_STATUSES))),
        ],
        np.float32,
    )
