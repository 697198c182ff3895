"""Brings together what the stages of actor resolution read of one story: its mentions, who speaks where, what is
quoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from dateline.grounding.actors.describing import Description, describe, is_adjective, noun_behind
from dateline.grounding.actors.lexicons import ActorLexicons
from dateline.language.analysis import Analysis, Attribution, Phrase, Stretch
from dateline.records import Mention

_NAMING = frozenset(("NOUN", "PROPN", "PRON", "ADJ", "X"))
_ACTING = ("person", "organization", "group", "place")


@dataclass(frozen=True, slots=True)
class Cast:
    """The mentions of a story that can act, in text order, longer before shorter.

    phrases: index of each mention's phrase in `Analysis.phrases`. sources: for each mention the mentions that are the
    source
    of a claim in whose content it stands, that of the shortest content first. quoted: inside quotation marks.
    """

    mentions: tuple[Description, ...]
    phrases: npt.NDArray[np.intp]
    sources: tuple[tuple[int, ...], ...]
    quoted: tuple[bool, ...]


def gather(analysis: Analysis, mentions: Sequence[Mention], lexicons: ActorLexicons) -> Cast:
    """Describe every mention that can act."""
    known = {(mention.span, mention.kind): mention for mention in mentions if mention.kind in ("actor", "place")}
    chosen: dict[Stretch, tuple[int, Phrase]] = {}
    for number, phrase in enumerate(analysis.phrases):
        kind = _kind(phrase)
        if phrase.type not in _ACTING or (analysis.span(phrase.tokens), kind) not in known:
            continue
        words = analysis.tokens[phrase.tokens.first : phrase.tokens.last]
        if not any(word.upos in _NAMING for word in words) or words[-1].text.lower() in ("a", "an", "the"):
            continue  # the tagger lost the rest of it: "more than", "half of the"
        if is_adjective(analysis, phrase, lexicons) and noun_behind(analysis, phrase, lexicons) is None:
            continue  # "the Tajik border": nobody acts
        if kind == "place" and not _speaks(analysis, phrase):
            continue
        other = chosen.get(phrase.tokens)
        if other is None or (phrase.type != "place", phrase.confidence) > (
            other[1].type != "place",
            other[1].confidence,
        ):
            chosen[phrase.tokens] = (number, phrase)
    ordered = sorted(chosen.values(), key=lambda each: (each[1].tokens.first, -each[1].tokens.last))
    described = tuple(
        describe(analysis, known[analysis.span(phrase.tokens), _kind(phrase)], phrase, lexicons)
        for _, phrase in ordered
    )
    quoted = _quoted(analysis)
    return Cast(
        mentions=described,
        phrases=np.array([number for number, _ in ordered], np.intp),
        sources=_sources(analysis.attributions, described),
        quoted=tuple(bool(quoted[one.head]) for one in described),
    )


def _kind(phrase: Phrase) -> Literal["actor", "place"]:
    return "place" if phrase.type == "place" else "actor"


def _speaks(analysis: Analysis, phrase: Phrase) -> bool:
    """Whether a place is the source of a claim by itself: "Islamabad said", never "officials in Islamabad said"."""
    for attribution in analysis.attributions:
        for part in attribution.source:
            if phrase.tokens.first - part.first in (0, 1) and phrase.tokens.last == part.last:
                return phrase.form == "name"
    return False


def _sources(attributions: Sequence[Attribution], mentions: Sequence[Description]) -> tuple[tuple[int, ...], ...]:
    found: list[list[tuple[int, int]]] = [[] for _ in mentions]
    for attribution in attributions:
        speaking = [number for number, one in enumerate(mentions) if _holds(attribution.source, one.head)]
        if not speaking:
            continue
        source = max(speaking, key=lambda number: mentions[number].last - mentions[number].first)
        size = sum(part.last - part.first for part in attribution.content)
        for number, one in enumerate(mentions):
            if _holds(attribution.content, one.head):
                found[number].append((size, source))
    return tuple(tuple(source for _, source in sorted(each)) for each in found)


def _holds(parts: Sequence[Stretch], token: int) -> bool:
    return any(part.first <= token < part.last for part in parts)


def _quoted(analysis: Analysis) -> npt.NDArray[np.bool_]:
    """Whether each token stands between quotation marks of its paragraph; a mark without a partner reaches its end."""
    inside = np.zeros(len(analysis.tokens), np.bool_)
    for paragraph in analysis.paragraphs:
        opened = False
        for position in range(paragraph.tokens.first, paragraph.tokens.last):
            text = analysis.tokens[position].text
            if text in ("“", "``"):
                opened = True
            elif text in ("”", "''"):
                opened = False
            elif text == '"':
                opened = not opened
            inside[position] = opened
    return inside
