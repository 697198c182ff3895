"""Who and what takes part in a happening: every participant is weighed for every role by a small network.

Its features are the core's odds for pairs of words (the happening's and the participant's), how the two hang together
in the sentence, and what kind of happening and participant they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dateline.events.naming import Happening
from dateline.events.scene import Floats, Indices, Kind, Participant, Scene
from dateline.language.analysis import ACTOR_KINDS, SECTORS, Token
from dateline.language.tags import EVENT_ROLES, EVENT_TYPES

ROLES_OF: Mapping[Kind, tuple[str, ...]] = {
    "actor": ("actor", "recipient"),
    "place": ("place",),
    "time": ("time",),
    "instrument": ("instrument",),
}
_LOWEST = -9.0
_WITHIN = (0, 1, 4)  # sentences between a happening's word and a participant's
_LABELS = {
    "actor": ACTOR_KINDS,
    "place": ("point", "near", "locality", "adm2", "adm1", "region", "country"),
    "time": ("day", "month", "year", "open"),
    "instrument": ("",),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A participant in a role. chance: how likely it has it."""

    participant: Participant
    chance: float


@dataclass(frozen=True, slots=True)
class Cast:
    """The participants of one kind with their marks as arrays. starts: where each participant's marks begin.

    fixed: (participants, features) what is so of a participant whatever happened.
    """

    participants: tuple[Participant, ...]
    heads: Indices
    starts: Indices
    sentences: Indices
    fixed: Floats


def casts(scene: Scene) -> dict[Kind, Cast]:
    """The participants of the story, by kind."""
    found: dict[Kind, Cast] = {}
    for kind in ROLES_OF:
        chosen = tuple(one for one in scene.participants if one.kind == kind)
        if chosen:
            heads = np.array([mark.head for one in chosen for mark in one.marks], np.intp)
            starts = np.cumsum([0, *(len(one.marks) for one in chosen[:-1])], dtype=np.intp)
            sentences = np.array([scene.sentence(int(head)) for head in heads], np.intp)
            found[kind] = Cast(chosen, heads, starts, sentences, _fixed(scene, kind, chosen))
    return found


def _fixed(scene: Scene, kind: Kind, participants: Sequence[Participant]) -> Floats:
    return np.array(
        [
            [
                np.log1p(len(participant.marks)),
                float(participant.key in scene.speakers),
                float(scene.sentence(participant.marks[0].head) == 0),
                *(float(participant.label == label) for label in _LABELS[kind]),
                *(float(participant.sector == sector) for sector in (SECTORS if kind == "actor" else ())),
            ]
            for participant in participants
        ],
        np.float32,
    )


def part_facts(scene: Scene, one: Happening, cast: Cast, paths: Mapping[str, int]) -> Floats:
    """*Shape:* (participants, features). paths: the ways of hanging together that the network knows, numbered."""
    words = np.array(one.words, np.intp)
    odds = np.clip(scene.happenings.parts(words, cast.heads), _LOWEST, 7.0)
    away = np.abs(np.array([scene.sentence(word) for word in one.words])[:, None] - cast.sentences[None, :])
    blocks: list[Floats] = []
    for limit in _WITHIN:
        seen = np.where((away <= limit)[:, :, None], odds, _LOWEST).max(0)
        blocks.append(np.maximum.reduceat(seen, cast.starts, 0))
    kind = cast.participants[0].kind
    columns = [EVENT_ROLES.index(role) for role in ROLES_OF[kind]]
    best = np.stack([block[:, columns] for block in blocks], 1).reshape(len(cast.participants), -1)
    lead = best - best.max(0, keepdims=True)  # how far behind the likeliest participant
    nearest = np.minimum.reduceat(away.min(0), cast.starts)
    steps = [*(nearest == step for step in (0, 1, 2)), nearest > 4]
    told = _told(scene, one)
    tells = np.array([participant.key in told for participant in cast.participants])
    rows = np.column_stack([*steps, cast.fixed[:, :2], tells, cast.fixed[:, 2:]]).astype(np.float32)
    joined = np.zeros((len(cast.participants), len(paths) + 1), np.float32)
    for number, pair in enumerate(_closest(cast, odds, away, columns)):
        if pair is not None:
            path = path_between(scene.analysis.tokens, one.words[pair[0]], int(cast.heads[pair[1]]))
            joined[number, paths.get(path, len(paths))] = 1
    shared = _of_happening(scene, one)
    return np.concatenate(
        [
            *(block[:, : len(EVENT_ROLES)] for block in blocks[:1]),
            best,
            lead,
            rows,
            joined,
            np.tile(shared, (len(cast.participants), 1)),
        ],
        1,
        dtype=np.float32,
    )


def _closest(cast: Cast, odds: Floats, away: Indices, columns: Sequence[int]) -> list[tuple[int, int] | None]:
    """For each participant the pair of words in one sentence that the core finds likeliest, None where none is."""
    score = np.where(away == 0, odds[:, :, columns].max(2), -np.inf)
    ends = [*cast.starts[1:].tolist(), len(cast.heads)]
    pairs: list[tuple[int, int] | None] = []
    for start, end in zip(cast.starts.tolist(), ends, strict=True):
        part = score[:, start:end]
        row, column = divmod(int(part.argmax()), end - start)
        pairs.append((row, start + column) if np.isfinite(part[row, column]) else None)
    return pairs


def _told(scene: Scene, one: Happening) -> set[str]:
    """The sources of claims whose content names the happening."""
    claims = scene.reading.claims
    numbers = {number for word in one.words for number in scene.telling[word]}
    return {ref.actor_id for number in numbers for ref in claims[number].source_actors}


def _of_happening(scene: Scene, one: Happening) -> Floats:
    tokens = scene.analysis.tokens
    best = one.plainest
    passive = any(
        tokens[at].deprel in ("aux:pass", "nsubj:pass") and tokens[at].head == best
        for at in range(max(0, best - 12), best)
    )
    types = one.types[1:] / max(float(one.types[1:].sum()), 1e-6)
    statuses = scene.happenings.statuses[list(one.words)].mean(0)
    return np.array(
        [
            *types[: len(EVENT_TYPES) - 1],
            *statuses,
            float(tokens[best].upos == "VERB"),
            float(tokens[best].upos == "NOUN"),
            float(passive),
            np.log(len(one.words)),
        ],
        np.float32,
    )


def path_between(tokens: Sequence[Token], word: int, part: int) -> str:
    """How a participant's word hangs on a happening's word in the sentence's tree, in one label.

    "nsubj": it is the subject; "obl:by": an oblique with its preposition; "nsubj<obj": the subject of what the
    happening's word is the object of; "^acl": the happening's word modifies it. Coordination is stepped over.
    """
    below, above = _way_up(tokens, part), _way_up(tokens, word)
    common = next((node for node in below if node in above), None)
    if common is None:
        return "apart"
    down = _last_step(tokens, below[: below.index(common)])
    up = _last_step(tokens, above[: above.index(common)])
    if not up:
        return down or "self"
    return f"^{up}" if not down else f"{down}<{up}"


def _way_up(tokens: Sequence[Token], start: int) -> list[int]:
    """A token and its governors to the root."""
    way = [start]
    while tokens[way[-1]].head != way[-1] and len(way) < 40:
        way.append(tokens[way[-1]].head)
    return way


def _last_step(tokens: Sequence[Token], way: Sequence[int]) -> str:
    """The relation by which the topmost node of a way hangs on what is above it; obliques with their preposition."""
    kept = [
        node for node in way if tokens[node].deprel not in ("conj", "flat", "appos", "compound", "fixed", "parataxis")
    ]
    if not kept:
        return tokens[way[-1]].deprel if way else ""
    top = kept[-1]
    label = tokens[top].deprel
    if label in ("obl", "nmod", "obl:agent", "advcl", "acl"):
        case = next(
            (
                tokens[at].text.lower()
                for at in range(max(0, top - 8), top)
                if tokens[at].head == top and tokens[at].deprel in ("case", "mark")
            ),
            "",
        )
        label = f"{label}:{case}"
    return label + ("+" if len(kept) > 1 else "")
