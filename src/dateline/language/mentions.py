"""Phrases that stand for somebody, some place, some time, a number or a weapon; and the Mention records among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import numpy as np

from dateline.language.analysis import Analysis, Identities, Phrase, Stretch, Token
from dateline.language.chains import Floats, best_paths, spans_of
from dateline.language.tags import MENTION_TYPES
from dateline.records import Mention, make_id

# within one type: O, B, I; a phrase cannot continue what has not begun
_TRANSITIONS = np.array([[0, 0, -1e4], [0, 0, 0], [0, 0, 0]], np.float32)
_STARTS = np.array([0, 0, -1e4], np.float32)
_KIND: dict[str, Literal["actor", "place", "time", "quantity"]] = {
    "person": "actor",
    "organization": "actor",
    "group": "actor",
    "place": "place",
    "time": "time",
    "quantity": "quantity",
}
_STANDING = frozenset(("person", "organization", "group", "place", "time", "role"))
_ACTING = tuple(MENTION_TYPES.index(name) for name in ("person", "organization", "group"))
_PLACE = MENTION_TYPES.index("place")
# chosen on own dev: see README.md
_LEAST_OF_NAME = 0.15
_LEAST_OF_SOURCE = 0.02


def find_phrases(
    scores: Floats,
    rows: np.ndarray,
    inside: np.ndarray,
    paragraphs: Sequence[tuple[int, int]],
    tokens: Sequence[Token],
    sources: Sequence[Stretch] = (),
) -> tuple[Phrase, ...]:
    """Phrases of every type, in text order; those of one type never overlap, those of different types may nest.

    scores: (words, 3 * types). rows, inside: paragraphs as a padded matrix, see `chains.rows_of`.
    sources: words that claims are ascribed to.
    """
    paths, log = phrase_paths(scores, rows, inside)
    phrases: list[Phrase] = []
    for number, name in enumerate(MENTION_TYPES):
        for row in np.flatnonzero(paths[number].any(1)).tolist():
            start, end = paragraphs[row]
            for _, first, last in spans_of(paths[number, row, : end - start].tolist(), 1):
                belief = 1 - np.exp(log[start + first : start + last, number, 0])
                head = head_of(tokens, start + first, start + last)
                stretch = Stretch(start + first, start + last)
                phrases.append(Phrase(stretch, head, name, form_of(tokens[head]), float(belief.mean())))
    phrases += _missed(log, phrases, paragraphs, tokens, sources)
    return tuple(sorted(phrases, key=lambda p: (p.tokens.first, -p.tokens.last)))


def _missed(
    log: Floats,
    phrases: Sequence[Phrase],
    paragraphs: Sequence[tuple[int, int]],
    tokens: Sequence[Token],
    sources: Sequence[Stretch],
) -> Iterator[Phrase]:
    """Names, and sources of claims, that no phrase covers although the tagger half saw one there.

    The path takes a phrase only where it is likelier than none; a proper name, or words that somebody's words are
    ascribed to, is likelier to stand for somebody than other words are.
    """
    covered = np.zeros(len(tokens), np.bool_)
    for phrase in phrases:
        if phrase.type in _STANDING:
            covered[phrase.tokens.first : phrase.tokens.last] = True
    inside = 1 - np.exp(log[:, :, 0])
    for stretch, least, types in (
        *((stretch, _LEAST_OF_SOURCE, (*_ACTING, _PLACE)) for stretch in sources),
        *((stretch, _LEAST_OF_NAME, _ACTING) for stretch in _names(tokens, paragraphs)),
    ):
        first = stretch.first + (tokens[stretch.first].upos == "DET" and stretch.last - stretch.first > 1)
        if covered[first : stretch.last].any():
            continue
        belief = inside[first : stretch.last].mean(0)
        number = max(types, key=lambda each: float(belief[each]))
        if float(belief[number]) >= least:
            covered[first : stretch.last] = True
            found = Stretch(first, stretch.last)
            head = head_of(tokens, first, stretch.last)
            yield Phrase(found, head, MENTION_TYPES[number], form_of(tokens[head]), float(belief[number]))


def _names(tokens: Sequence[Token], paragraphs: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
    """Runs of proper nouns."""
    for start, end in paragraphs:
        first = start
        for position in range(start, end + 1):
            if position == end or tokens[position].upos != "PROPN":
                if position > first:
                    yield Stretch(first, position)
                first = position + 1


def identify(heads: Mapping[str, Floats], phrases: Sequence[Phrase]) -> Identities:
    """The network's view of the actor behind each phrase: half its head word's, half the mean of all its words'."""
    first = np.array([phrase.tokens.first for phrase in phrases], np.intp)
    last = np.array([phrase.tokens.last for phrase in phrases], np.intp)
    head = np.array([phrase.head for phrase in phrases], np.intp)

    def pooled(name: str) -> Floats:
        values = heads[name]
        sums = np.concatenate([np.zeros((1, values.shape[1]), np.float32), values.cumsum(0, dtype=np.float32)])
        mean = (sums[last] - sums[first]) / np.maximum(last - first, 1)[:, None]
        both: Floats = (values[head] + mean) / 2
        return both

    return Identities(
        later=pooled("antecedent_from"),
        earlier=pooled("antecedent_to"),
        anew=pooled("antecedent_null")[:, 0],
        sectors=pooled("sector"),
        kinds=pooled("actor_kind"),
    )


def phrase_paths(scores: Floats, rows: np.ndarray, inside: np.ndarray) -> tuple[np.ndarray, Floats]:
    """O, B, I of every type, (types, paragraphs, length), and their log-probabilities, (words, types, 3)."""
    types = len(MENTION_TYPES)
    log = scores.reshape(len(scores), types, 3)
    log = log - log.max(-1, keepdims=True)
    log = log - np.log(np.exp(log).sum(-1, keepdims=True))
    # one chain for each type and paragraph
    count, length = rows.shape
    emissions = log[rows].transpose(2, 0, 1, 3).reshape(types * count, length, 3)
    paths = best_paths(emissions, np.tile(inside, (types, 1)), _TRANSITIONS, _STARTS).reshape(types, count, length)
    return paths, log


def head_of(tokens: Sequence[Token], first: int, last: int) -> int:
    """The token of a stretch whose governor lies outside it; the first such, as coordinated names hang on the first."""
    for position in range(first, last):
        head = tokens[position].head
        if (head == position or not first <= head < last) and tokens[position].upos != "PUNCT":
            return position
    return last - 1


def form_of(token: Token) -> Literal["name", "nominal", "pronoun"]:
    """ACE's NAM, NOM, PRO by the head's part of speech."""
    if token.upos in ("PRON", "DET"):
        return "pronoun"
    if token.upos == "PROPN" or (
        token.upos in ("ADJ", "NOUN", "X") and token.text[:1].isupper() and token.text[1:].islower()
    ):
        return "name"
    return "nominal"


def find_mentions(analysis: Analysis) -> tuple[Mention, ...]:
    """The phrases that are records of their own: actors, places, times, quantities. Roles and weapons stay phrases."""
    mentions: list[Mention] = []
    seen: set[tuple[str, Stretch]] = set()
    for phrase in analysis.phrases:
        kind = _KIND.get(phrase.type)
        if kind is None or (kind, phrase.tokens) in seen:
            continue
        seen.add((kind, phrase.tokens))
        span = analysis.span(phrase.tokens)
        mentions.append(
            Mention(
                id=make_id("mention", analysis.story_id, kind, span.start, span.end),
                story_id=analysis.story_id,
                span=span,
                head=analysis.tokens[phrase.head].span,
                kind=kind,
                form=phrase.form,
            )
        )
    return tuple(mentions)
