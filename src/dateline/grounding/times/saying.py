"""Says when a claim was made: the time beside its cue ("said on Thursday"), or that of its source's claim before it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dateline.grounding.times.lexicons import TimeLexicons
from dateline.language.analysis import Analysis
from dateline.records import Claim, Evidence, Id, Mention, Span, TimeRef

# A time this near its cue belongs to it although the parse hangs it elsewhere; tokens, fitted on own train.
_NEAR_AFTER, _NEAR_BEFORE = 5, 4
# Arcs from a time up to its cue ("told reporters at a briefing on Friday" takes three); fitted on own train.
_ARCS = 4
# So many paragraphs later a source may still speak of the same occasion. Own train: precision 80 % at 1, 77 % at 3,
# 72 % without a bound; F1 54, 58, 59.
_CARRY = 3


@dataclass(frozen=True, slots=True)
class _Dated:
    """A time that can date a saying, with its words and the tokens it covers."""

    ref: TimeRef
    span: Span
    first: int
    last: int


def date_claims(
    claims: Sequence[Claim],
    times: Sequence[TimeRef],
    mentions: Sequence[Mention],
    analysis: Analysis,
    *,
    lexicons: TimeLexicons,
) -> tuple[Claim, ...]:
    """The claims with `said_at` and its Evidence where the story tells it.

    1. A time in the cue's sentence, outside the claim's content, that hangs on the cue or stands right beside it.
    2. Else the time of the latest earlier claim of the same source, in this paragraph or the ones before it.
    """
    starts = [token.span.start for token in analysis.tokens]
    dated = _datable(times, mentions, starts, analysis)
    speaking = lexicons.grammar.contexts["spoke"]
    found: dict[Id, tuple[_Dated, str]] = {}
    latest: dict[tuple[Id, ...], tuple[_Dated, int]] = {}
    for claim in claims:
        voice = tuple(sorted({ref.actor_id for ref in claim.source_actors}))
        paragraph = _paragraph(claim, starts, analysis)
        stated = _beside_cue(claim, dated, starts, analysis, speaking)
        earlier, told_in = latest.get(voice, (None, 0))
        if stated is not None:
            found[claim.id] = stated, "rule:said-at-cue"
            if voice:
                latest[voice] = stated, paragraph
        elif earlier is not None and claim.within is None and paragraph - told_in <= _CARRY:
            found[claim.id] = earlier, "rule:said-at-same-source"
    return tuple(_with_time(claim, *found[claim.id]) if claim.id in found else claim for claim in claims)


def _datable(
    times: Sequence[TimeRef], mentions: Sequence[Mention], starts: Sequence[int], analysis: Analysis
) -> list[_Dated]:
    """Times that name a day, a part of one, a week or a month, in text order."""
    spans = {mention.id: mention.span for mention in mentions if mention.kind == "time"}
    dated = []
    for ref in times:
        span = spans.get(ref.mention_id or "")
        if span is None or not _names_days(ref.value):
            continue
        first = max(0, bisect_right(starts, span.start) - 1)
        last = bisect_left(starts, span.end)
        if first < last <= len(analysis.tokens):
            dated.append(_Dated(ref, span, first, last))
    return dated


def _names_days(value: str) -> bool:
    return value.startswith("XXXX-") or (value[:4].isdigit() and value[4:5] == "-" and "/" not in value)


def _paragraph(claim: Claim, starts: Sequence[int], analysis: Analysis) -> int:
    parts = claim.cue or claim.content or claim.source
    if not parts or not starts:
        return 0
    return analysis.tokens[max(0, bisect_right(starts, parts[0].start) - 1)].paragraph


def _beside_cue(
    claim: Claim, dated: Sequence[_Dated], starts: Sequence[int], analysis: Analysis, speaking: frozenset[str]
) -> _Dated | None:
    """The time of the cue's sentence that belongs to the cue."""
    if not claim.cue or not starts:
        return None
    tokens = analysis.tokens
    first = max(0, bisect_right(starts, claim.cue[0].start) - 1)
    last = bisect_left(starts, claim.cue[-1].end)
    cue = range(first, max(first + 1, last))
    sentence = analysis.sentences[tokens[first].sentence]
    low = bisect_left(dated, sentence.first, key=lambda each: each.first)
    high = bisect_left(dated, sentence.last, key=lambda each: each.first)
    ranked = []
    for each in dated[low:high]:
        if any(part.start <= each.span.start < part.end for part in claim.content):
            continue
        arcs = _arcs(each, cue, analysis, speaking)
        if arcs is not None:
            ranked.append((arcs, abs(each.first - first), each.first, each))
    return min(ranked)[3] if ranked else None


def _arcs(each: _Dated, cue: range, analysis: Analysis, speaking: frozenset[str]) -> int | None:
    """How many arcs lead from the time up to the cue; None where they lead to another verb or nowhere.

    Example: in "said police who arrested him on Friday" the time belongs to "arrested".
    """
    place = each.first
    for arcs in range(2 * _ARCS):  # twice as far to see whether another verb has it
        token = analysis.tokens[place]
        if place in cue and arcs <= _ARCS:
            return arcs
        if token.upos == "VERB" and token.text.lower() not in speaking:
            return None
        if token.head == place:
            break
        place = token.head
    # The parse hangs it on nothing that says otherwise: words right beside the cue belong to it.
    distance = each.first - cue[-1] - 1 if each.first > cue[-1] else cue[0] - each.last
    return _ARCS + 1 if distance <= (_NEAR_AFTER if each.first > cue[-1] else _NEAR_BEFORE) else None


def _with_time(claim: Claim, dated: _Dated, method: str) -> Claim:
    evidence = Evidence(field="said_at", spans=(dated.span,), method=method)
    return replace(claim, said_at=dated.ref, evidence=(*claim.evidence, evidence))
