"""Whose word a happening is: the outlet's, that of sources who assert it, and of those who deny it.

A source asserts what its claim's content names and denies what a rejecting claim, or the claim that it answers, names.
Whether the writer stands behind it as well is weighed by a small network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dateline.events.naming import Happening
from dateline.events.scene import Floats, Scene
from dateline.language.analysis import ACTS
from dateline.language.tags import EVENT_STATUSES, EVENT_TYPES
from dateline.records import Claim, Id

_LIKELY = 0.3  # chance from which a word counts as one that names a happening
_HIGHEST = 2  # words between what is denied and the top of the content
_NEGATIONS = frozenset(("no", "not", "never", "n't", "n’t"))


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
    claims, tokens = scene.reading.claims, scene.analysis.tokens
    near = range(max(0, one.plainest - 4), one.plainest)
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
            float(max((chance for chance, out in zip(one.chances, outside, strict=True) if out), default=0.0)),
            float(max((chance for chance, out in zip(one.chances, outside, strict=True) if not out), default=0.0)),
            float(any(_tops(scene, word) for word in one.words)),
            float(all(_tops(scene, word) for word in one.words if scene.telling[word])),
            float(any(claim.quotation == "direct" for claim in inner)),
            float(any(claim.quotation == "indirect" for claim in inner)),
            float(tokens[one.plainest].upos == "NOUN"),
            float(tokens[one.plainest].upos == "VERB"),
            float(any(tokens[at].head == one.plainest and tokens[at].text.lower() == "the" for at in near)),
            float(tokens[one.words[0]].paragraph == 0),
            float(min(tokens[one.words[0]].sentence, 12) / 6),
            float(any(claim.polarity == "rejects" for claim in inner)),
            *(float(any(claim.act == act for claim in inner)) for act in ACTS),
            *(float(status == number) for number in range(len(EVENT_STATUSES))),
            *(float(types[number]) for number in range(len(EVENT_TYPES) - 1)),
        ],
        np.float32,
    )


def _tops(scene: Scene, word: int) -> bool:
    """Whether a word stands at the top of the content of the innermost claim around it."""
    told = scene.telling[word]
    return bool(told) and _way_to_top(scene, word, scene.reading.claims[told[-1]]) is not None


def source_facts(scene: Scene, one: Happening, voice: Voice, status: int, outlet: float) -> Floats:
    """What tells whether a source asserts, and whether it denies, a happening. outlet: chance that the writer
    asserts it."""
    mine = [
        word for word in one.words if any(scene.reading.claims[n].id == voice.claim.id for n in scene.telling[word])
    ]
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
            float(not voice.asserts or voice.claim.act == "deny"),
            float(voice.claim.answers is not None),
            float(voice.claim.quotation == "indirect"),
            *(float(voice.claim.act == act) for act in ACTS),
            *(float(status == number) for number in range(len(EVENT_STATUSES))),
        ],
        np.float32,
    )


def denial_of(scene: Scene, one: Happening, voice: Voice, parts: frozenset[str]) -> Literal["event", "actors"] | None:
    """What a voice denies of a happening: that it was so, its own part in it, or nothing.

    It denies what stands at the top of what it rejects: who denies "receiving the stolen emails" denies the receiving,
    not the theft; who denies "involvement in the attack" denies a part in it. A bare denial ("denied the allegations")
    denies what tops the claim that it answers. parts: nouns for having a part.
    """
    claims = scene.reading.claims
    answered = next((claim for claim in claims if claim.id == voice.claim.answers), None)
    direct = _words_in(scene, one, voice.claim)
    if direct:
        tops = [(word, way) for word in direct if (way := _way_to_top(scene, word, voice.claim)) is not None]
        if any(scene.analysis.tokens[at].text.lower() in parts for _, way in tops for at in way):
            return "actors" if not voice.asserts else None
        rejected = not voice.asserts or any(_is_negated(scene, word) for word, _ in tops)
        return "event" if tops and rejected and voice.claim.act in ("deny", "reject") else None
    if voice.asserts or answered is None:
        return None
    topmost = (_way_to_top(scene, word, answered) is not None for word in _words_in(scene, one, answered))
    return "event" if any(topmost) else None


def _words_in(scene: Scene, one: Happening, claim: Claim) -> list[int]:
    """The words of a happening in the content of a claim that is the innermost around them."""
    claims = scene.reading.claims
    return [word for word in one.words if scene.telling[word] and claims[scene.telling[word][-1]].id == claim.id]


def _way_to_top(scene: Scene, word: int, claim: Claim) -> list[int] | None:
    """The words above a word within a claim's content; None where one of them names a happening, or there are many."""
    tokens, none = scene.analysis.tokens, scene.happenings.types[:, 0]
    way: list[int] = []
    at = word
    while len(way) <= _HIGHEST:
        above = tokens[at].head
        inside = any(part.start <= tokens[above].span.start < part.end for part in claim.content)
        if above == at or not inside:
            return way
        if 1 - none[above] > _LIKELY:
            return None
        way.append(above)
        at = above
    return None


def _is_negated(scene: Scene, word: int) -> bool:
    tokens = scene.analysis.tokens
    near = range(max(0, word - 6), min(len(tokens), word + 2))
    return any(tokens[at].head == word and tokens[at].text.lower() in _NEGATIONS for at in near)
