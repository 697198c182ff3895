"""Finds who says, denies, accuses, urges what: source, cue, content, speech act, kind of quotation, what it answers.

    lexicons = load_lexicons()
    found = find_claims(analysis, mentions, story, actors=refs, lexicons=lexicons)

See README.md in this folder for the sources followed and the scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dateline.claims.answers import Answer, deny_in_reply, find_answers
from dateline.claims.attribution import POST, Draft, Marked, draft_claims, enclosing, mark_quotations
from dateline.claims.lexicons import Lexicons, load_lexicons
from dateline.claims.speech_acts import Judgement, Setting, judge_act, settings_of
from dateline.claims.voices import (
    Cast,
    Medium,
    cast_of,
    find_about,
    find_addressees,
    find_medium,
    find_sources,
)
from dateline.language.analysis import Analysis
from dateline.records import ActorRef, Claim, Evidence, Id, Mention, Problem, Story, make_id

__all__ = ["Found", "Lexicons", "find_claims", "load_lexicons"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The claims of one story in text order. problems: quotation marks without a partner."""

    claims: tuple[Claim, ...]
    problems: tuple[Problem, ...]


def find_claims(
    analysis: Analysis, mentions: Sequence[Mention], story: Story, *, actors: Sequence[ActorRef], lexicons: Lexicons
) -> Found:
    """Read the tagger's attributions as claims. actors: who the mentions stand for.

    1. Pair quotation marks. 2. Settle the words of each claim. 3. See which stands in which. 4. Decide what each does.
    5. Link denials and replies to what they answer. 6. Name the mentions involved.
    """
    marked = mark_quotations(analysis)
    drafts = draft_claims(analysis, marked, cues=lexicons.cues, labels=lexicons.labels)
    parents = enclosing(drafts)
    settings = settings_of(analysis.text, drafts, parents, marked)
    judgements = [
        judge_act(analysis.text, draft, setting, lexicons) for draft, setting in zip(drafts, settings, strict=True)
    ]
    answers = find_answers(analysis.text, drafts, judgements, parents, marked, lexicons)
    judgements = deny_in_reply(judgements, answers)
    ids = [_claim_id(story.id, draft) for draft in drafts]
    answered = {answer.reply: answer for answer in answers}
    cast = cast_of(analysis, mentions, actors)
    claims = tuple(
        _claim(
            analysis.text,
            story.id,
            ids,
            index,
            draft,
            settings[index],
            judgements[index],
            parents[index],
            answered.get(index),
            cast,
            lexicons,
        )
        for index, draft in enumerate(drafts)
    )
    return Found(
        claims=claims,
        problems=_stray_marks(story, marked),
    )


def _claim_id(story_id: Id, draft: Draft) -> Id:
    roles = {"source": draft.source, "cue": draft.cue, "content": draft.content}
    return make_id("claim", story_id, *(f"{role}:{part.start}-{part.end}" for role in roles for part in roles[role]))


def _claim(
    text: str,
    story_id: Id,
    ids: Sequence[Id],
    index: int,
    draft: Draft,
    setting: Setting,
    judgement: Judgement,
    parent: int | None,
    answer: Answer | None,
    cast: Cast,
    lexicons: Lexicons,
) -> Claim:
    sources = find_sources(text, draft, cast)
    about = find_about(text, draft, cast, sources)
    addressees = find_addressees(text, draft, judgement.act, cast, sources)
    medium = find_medium(text, draft, lexicons)

    return Claim(
        id=ids[index],
        story_id=story_id,
        source=draft.source,
        cue=draft.cue,
        content=draft.content,
        act=judgement.act,
        quotation=setting.form,
        polarity=judgement.polarity,
        source_actors=cast.actors(sources),
        about=cast.actors(about),
        addressees=cast.actors(addressees),
        medium=medium.name if medium else None,
        within=None if parent is None else ids[parent],
        answers=ids[answer.answered] if answer else None,
        evidence=_evidence(draft, judgement, setting, cast, sources, about, addressees, medium, answer),
    )


def _evidence(
    draft: Draft,
    judgement: Judgement,
    setting: Setting,
    cast: Cast,
    sources: Sequence[int],
    about: Sequence[int],
    addressees: Sequence[int],
    medium: Medium | None,
    answer: Answer | None,
) -> tuple[Evidence, ...]:
    """Why each field is as it is: the words it rests on and what decided."""
    tagger = "model:language" if draft.confidence is not None else f"rule:{draft.repairs[0]}"
    repaired = "+".join(
        [tagger, *(f"rule:{name}" for name in dict.fromkeys(draft.repairs) if f"rule:{name}" != tagger)]
    )
    words = draft.cue or draft.content
    # The last digits of what a network says vary from process to process.
    sure = None if draft.confidence is None else round(draft.confidence, 4)
    found = [
        Evidence(field="source", spans=draft.source, method=tagger, confidence=sure),
        Evidence(field="cue", spans=draft.cue, method=tagger, confidence=sure),
        Evidence(field="content", spans=draft.content, method=repaired, confidence=sure),
        Evidence(field="act", spans=words, method=judgement.method, confidence=judgement.confidence),
        Evidence(
            field="quotation",
            spans=draft.content,
            method=f"rule:{POST if POST in draft.repairs else 'quotation-marks'}",
        ),
        Evidence(field="polarity", spans=words, method=judgement.polarity_method),
    ]
    for field, chosen in (("source_actors", sources), ("about", about), ("addressees", addressees)):
        spans = tuple(cast.mentions[one].span for one in chosen)
        found.append(Evidence(field=field, spans=spans, method=f"rule:{field.replace('_', '-')}"))
    if medium:
        found.append(Evidence(field="medium", spans=(medium.span,), method="lexicon:media"))
    if answer:
        found.append(Evidence(field="answers", spans=words, method=answer.method, confidence=answer.confidence))
    return tuple(evidence for evidence in found if evidence.spans)


def _stray_marks(story: Story, marked: Marked) -> tuple[Problem, ...]:
    """One Problem for each paragraph with quotation marks that found no partner; the rest was read as it stands."""
    problems: list[Problem] = []
    for index, (paragraph, pairing) in enumerate(zip(marked.paragraphs, marked.pairings, strict=True)):
        continued = _continued(marked, index)
        strays = [stray for stray in pairing.strays if stray.start not in continued]
        if strays:
            places = ", ".join(str(stray.start) for stray in strays)
            problems.append(
                Problem(
                    location=f"{story.document_id}:{paragraph.span.start}",
                    message=f"a quotation mark without a partner at {places}",
                    remedy="The claims there were read without it; check how far the quotation goes.",
                )
            )
    return tuple(problems)


def _continued(marked: Marked, index: int) -> frozenset[int]:
    """Where quotations of a paragraph open that the next paragraph, opening again, goes on: nothing is odd there."""
    after = marked.pairings[index + 1].quotations[:1] if index + 1 < len(marked.pairings) else ()
    if not any(quotation.span.start <= marked.paragraphs[index + 1].span.start + 1 for quotation in after):
        return frozenset()
    return frozenset(quotation.span.start for quotation in marked.pairings[index].quotations if not quotation.closed)
