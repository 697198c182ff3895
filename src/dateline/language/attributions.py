"""From tag and link scores to attributions: whose words, which cue, which content.

Tags come from a linear-chain CRF over each paragraph, once for the story's own attributions and once for those inside
another's content. Every source and content span is then linked to the cue it most probably belongs to, or to none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from dateline.language.analysis import Attribution, ReplyScorer, Stretch
from dateline.language.chains import Floats, best_paths, rows_of, spans_of, tag_probabilities
from dateline.language.syntax import distance_bucket
from dateline.language.tags import ROLE_TAGS

SOURCE, CUE, CONTENT = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Decoding:
    """What was tuned on development data, with the sweep that chose it in `training/README.md`.

    cue_bias, content_bias, source_bias: added to the tag scores before the best path is taken, per layer.
    share: a source also serves every further cue to which it links with at least this probability.
    adopt: a cue that no source chose takes the source likeliest to serve it too, if at least this probable.
    keep: an attribution less probable than this is dropped, per layer.
    free: a content without a cue needs at least this probability of having none.
    reach: a source or content joins no cue further away than this many words. Links are learned inside windows, where
        few cues compete; without the limit a story's every "he said" draws words from all over it.
    """

    source_bias: tuple[float, float] = (0.0, 0.0)
    cue_bias: tuple[float, float] = (0.0, 0.0)
    content_bias: tuple[float, float] = (0.0, 0.0)
    share: float = 0.25
    adopt: float = 0.01
    keep: tuple[float, float] = (0.3, 0.3)
    free: float = 0.6
    reach: int = 45


@dataclass(frozen=True, slots=True)
class LinkScorer:
    """Learned parts of the link score that are not per word. distance: (links, buckets); size: width of one vector."""

    distance: Floats
    size: int


@dataclass(slots=True)
class _Part:
    first: int
    last: int
    confidence: float


@dataclass(slots=True)
class _Gathered:
    cue: _Part | None
    sources: list[tuple[_Part, float]] = field(default_factory=list)
    contents: list[tuple[_Part, float]] = field(default_factory=list)


def find_attributions(
    heads: dict[str, Floats],
    paragraphs: Sequence[tuple[int, int]],
    *,
    transitions: Floats,
    starts: Floats,
    links: LinkScorer,
    decoding: Decoding,
) -> tuple[Attribution, ...]:
    """Every attribution of both layers, in text order.

    heads: outputs of the encoder, (words, width) each. paragraphs: (first, last) words. transitions: (2, tags, tags).
    """
    rows, inside = rows_of(paragraphs)
    found: list[Attribution] = []
    for layer in (0, 1):
        emissions = heads[f"roles-{layer}"][rows] + _bias(decoding, layer)
        spans = _tagged(emissions, rows, inside, paragraphs, transitions[layer], starts[layer])
        groups = _link(spans, heads, links, layer, decoding)
        found += [_attribution(group, heads, layer) for group in groups]
    outer_cues = {stretch.first for a in found if a.layer == 0 for stretch in a.cue}
    kept = [
        a
        for a in found
        if a.confidence >= decoding.keep[a.layer] and not (a.layer == 1 and a.cue and a.cue[0].first in outer_cues)
    ]
    return tuple(sorted(kept, key=lambda a: (min(s.first for s in (*a.source, *a.cue, *a.content)), a.layer)))


def _bias(decoding: Decoding, layer: int) -> Floats:
    bias = np.zeros(len(ROLE_TAGS), np.float32)
    for kind, value in ((SOURCE, decoding.source_bias), (CUE, decoding.cue_bias), (CONTENT, decoding.content_bias)):
        bias[1 + 2 * kind] = bias[2 + 2 * kind] = value[layer]
    return bias


def _tagged(
    emissions: Floats,
    rows: np.ndarray,
    inside: np.ndarray,
    paragraphs: Sequence[tuple[int, int]],
    transitions: Floats,
    starts: Floats,
) -> tuple[list[_Part], list[_Part], list[_Part]]:
    """Sources, cues and contents with the mean probability of their tags."""
    tags = best_paths(emissions, inside, transitions, starts)
    probabilities = tag_probabilities(emissions, inside, transitions, starts)
    parts: tuple[list[_Part], list[_Part], list[_Part]] = ([], [], [])
    for row, (first, last) in enumerate(paragraphs):
        path = tags[row, : last - first]
        if not path.any():
            continue
        for kind, start, end in spans_of(path.tolist(), 3):
            # B or I of the same role both say that the word has it
            belief = probabilities[row, start:end, 1 + 2 * kind] + probabilities[row, start:end, 2 + 2 * kind]
            parts[kind].append(_Part(first + start, first + end, float(belief.mean())))
    return parts


def _link(
    parts: tuple[list[_Part], list[_Part], list[_Part]],
    heads: dict[str, Floats],
    links: LinkScorer,
    layer: int,
    decoding: Decoding,
) -> list[_Gathered]:
    sources, cues, contents = parts
    groups = [_Gathered(cue) for cue in cues]
    free: list[tuple[_Part, float]] = []
    for part in contents:
        near, chances = _chances(part, cues, heads, links, 2 * layer + 1, decoding.reach)
        if chances[-1] >= decoding.free or not near:
            free.append((part, float(chances[-1])))
        else:
            best = int(chances[:-1].argmax())
            groups[near[best]].contents.append((part, float(chances[best])))
    alone: list[tuple[_Part, float]] = []
    spare: dict[int, tuple[_Part, float]] = {}
    for part in sources:
        near, chances = _chances(part, cues, heads, links, 2 * layer, decoding.reach)
        best = int(chances.argmax())
        for number, cue in enumerate(near):
            if chances[number] >= max(decoding.adopt, spare[cue][1] if cue in spare else 0):
                spare[cue] = (part, float(chances[number]))
        if best == len(near):
            alone.append((part, float(chances[best])))
            continue
        for number, cue in enumerate(near):
            if number == best or chances[number] >= decoding.share:
                groups[cue].sources.append((part, float(chances[number])))
    for cue, source in spare.items():
        if not groups[cue].sources:
            groups[cue].sources.append(source)
    for content, chance in free:
        group = _Gathered(None, [], [(content, chance)])
        beside = [s for s in alone if _gap(s[0], content) <= 3]
        if beside:
            group.sources.append(min(beside, key=lambda s: _gap(s[0], content)))
        groups.append(group)
    return [group for group in groups if group.contents]


def _gap(one: _Part, other: _Part) -> int:
    return max(other.first - one.last, one.first - other.last)


def _chances(
    part: _Part, cues: list[_Part], heads: dict[str, Floats], links: LinkScorer, link: int, reach: int
) -> tuple[list[int], Floats]:
    """The cues within reach of a span, and the probability of each, last of none: its words' mean log-probabilities."""
    near = [number for number, cue in enumerate(cues) if _gap(part, cue) <= reach]
    words = np.arange(part.first, part.last)
    vectors = heads["link_from"][part.first : part.last, link * links.size : (link + 1) * links.size]
    scores = heads["link_null"][part.first : part.last, link : link + 1]
    if near:
        first = np.array([cues[number].first for number in near])
        layer = link // 2
        targets = heads["link_to"][first, layer * links.size : (layer + 1) * links.size]
        pairs = vectors @ targets.T / np.float32(np.sqrt(links.size))
        pairs = pairs + links.distance[link][distance_bucket(first[None, :] - words[:, None])]
        scores = np.concatenate([pairs, scores], 1)
    scores = scores - scores.max(1, keepdims=True)
    log = scores - np.log(np.exp(scores).sum(1, keepdims=True))
    chances = np.exp(log.mean(0))
    return near, np.asarray(chances / chances.sum(), np.float32)


def _attribution(group: _Gathered, heads: dict[str, Floats], layer: int) -> Attribution:
    contents = sorted((part for part, _ in group.contents), key=lambda p: p.first)
    sources = sorted((part for part, _ in group.sources), key=lambda p: p.first)
    cue_words = np.arange(group.cue.first, group.cue.last) if group.cue is not None else np.arange(0)
    content_words = np.concatenate([np.arange(p.first, p.last) for p in contents])
    best = max(group.contents, key=lambda c: c[0].last - c[0].first)
    confidence = best[0].confidence * best[1]
    if group.cue is not None:
        confidence *= group.cue.confidence
    if group.sources:
        # not times the link's chance: a subject of three verbs divides it among them
        confidence *= max(part.confidence for part, _ in group.sources)
    return Attribution(
        source=tuple(Stretch(p.first, p.last) for p in sources),
        cue=(Stretch(group.cue.first, group.cue.last),) if group.cue is not None else (),
        content=tuple(Stretch(p.first, p.last) for p in contents),
        layer=layer,
        acts=tuple(act_chances(heads, cue_words, content_words).tolist()),
        confidence=confidence,
        replies=reply_scorer(heads, cue_words, content_words),
    )


def act_chances(heads: dict[str, Floats], cue: np.ndarray, content: np.ndarray) -> Floats:
    """Probability of each act of `ACTS` for the words of one attribution (indices; the cue may have none)."""
    scores = np.zeros(heads["act_cue"].shape[1], np.float32)
    for place, (words, name) in enumerate(((cue, "act_cue"), (content, "act_content"))):
        if len(words):
            weight = heads["act_weight"][words, place]
            share = np.exp(weight - weight.max())
            scores += (share / share.sum()) @ heads[name][words]
    chances = np.exp(scores - scores.max())
    return np.asarray(chances / chances.sum(), np.float32)


def reply_scorer(heads: dict[str, Floats], cue: np.ndarray, content: np.ndarray) -> ReplyScorer:
    """Mean of the reply heads over the cue, or over the beginning of a content that has none."""
    words = cue if len(cue) else content[:_OPENING_WORDS]
    return ReplyScorer(
        tuple(heads["answer_from"][words].mean(0).tolist()),
        tuple(heads["answer_to"][words].mean(0).tolist()),
        float(heads["answer_null"][words].mean()),
    )


_OPENING_WORDS = 8  # as in training
