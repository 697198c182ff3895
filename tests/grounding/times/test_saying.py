"""When a claim was made, and what the language core adds to times; analyses are made by hand."""

from __future__ import annotations

import datetime as dt

from dateline.grounding import FoundTimes, date_claims, load_time_lexicons, resolve_times
from dateline.language import Analysis, Paragraph, Phrase, Stretch, Token
from dateline.records import ActorRef, Claim, Document, Span, Story

LEXICONS = load_time_lexicons()
FRIDAY = dt.date(2025, 11, 28)


def analysis_of(*sentences: str, marked: tuple[str, ...] = ()) -> Analysis:
    """Each word as WORD/UPOS/HEAD/RELATION, the head as a distance; every sentence its own paragraph."""
    text, tokens, stretches, paragraphs = "", [], [], []
    for number, sentence in enumerate(sentences):
        first, start = len(tokens), len(text)
        for word in sentence.split():
            form, upos, distance, relation = word.split("/")
            span = Span(len(text), len(text) + len(form))
            head = len(tokens) + int(distance)
            tokens.append(Token(span, form, upos, head, relation, number, number))
            text += form + " "
        stretches.append(Stretch(first, len(tokens)))
        paragraphs.append(Paragraph(Stretch(first, len(tokens)), Span(start, len(text) - 1), "body"))
        text = text[:-1] + "\n"
    phrases = [
        Phrase(Stretch(place, place + 1), place, "time", "name", 0.9)
        for place, token in enumerate(tokens)
        if token.text in marked
    ]
    return Analysis("story:1", text, tuple(tokens), tuple(stretches), tuple(paragraphs), tuple(phrases), ())


def times_of(analysis: Analysis) -> FoundTimes:
    document = Document(id="document:1", text=analysis.text, location="test", media_type="text/plain")
    story = Story(
        id="story:1", document_id="document:1", outlet_id=None, headline=None, dateline=None,
        body=tuple(paragraph.span for paragraph in analysis.paragraphs), published_at=FRIDAY,
    )  # fmt: skip
    return resolve_times(document, story, (), lexicons=LEXICONS, analysis=analysis)


def claim_of(analysis: Analysis, name: str, source: str, cue: str, content: str) -> Claim:
    def span(words: str) -> tuple[Span, ...]:
        start = analysis.text.index(words)
        return (Span(start, start + len(words)),)

    return Claim(
        id=name, story_id="story:1", source=span(source), cue=span(cue), content=span(content), act="say",
        quotation="indirect", source_actors=(ActorRef(actor_id="actor:kell", mention_id="mention:1"),),
    )  # fmt: skip


SAID = (
    "Kell/PROPN/1/nsubj said/VERB/0/root on/ADP/1/case Thursday/PROPN/-2/obl rebels/NOUN/3/nsubj "
    "who/PRON/1/nsubj fled/VERB/-2/acl:relcl returned/VERB/-6/ccomp Monday/PROPN/-1/obl"
)


def test_the_time_that_hangs_on_the_cue_says_when_it_was_said() -> None:
    analysis = analysis_of(SAID)
    found = times_of(analysis)
    claim = claim_of(analysis, "claim:1", "Kell", "said", "rebels who fled returned Monday")
    (dated,) = date_claims((claim,), found.times, found.mentions, analysis, lexicons=LEXICONS)
    assert dated.said_at is not None
    assert dated.said_at.value == "2025-11-27"
    evidence = dated.evidence[-1]
    assert (evidence.field, evidence.method) == ("said_at", "rule:said-at-cue")
    assert [analysis.text[span.start : span.end] for span in evidence.spans] == ["Thursday"]


def test_a_time_that_belongs_to_another_verb_is_left_alone() -> None:
    analysis = analysis_of(
        "Kell/PROPN/4/nsubj who/PRON/1/nsubj fell/VERB/-2/acl:relcl Thursday/PROPN/-1/obl spoke/VERB/0/root"
    )
    found = times_of(analysis)
    claim = claim_of(analysis, "claim:1", "Kell", "spoke", "spoke")
    assert date_claims((claim,), found.times, found.mentions, analysis, lexicons=LEXICONS)[0].said_at is None


def test_a_source_that_goes_on_speaks_at_the_time_told_before() -> None:
    analysis = analysis_of(SAID, "He/PRON/1/nsubj added/VERB/0/root more/NOUN/-1/obj")
    found = times_of(analysis)
    claims = (
        claim_of(analysis, "claim:1", "Kell", "said", "rebels who fled returned Monday"),
        claim_of(analysis, "claim:2", "He", "added", "more"),
    )
    dated = date_claims(claims, found.times, found.mentions, analysis, lexicons=LEXICONS)
    assert dated[1].said_at == dated[0].said_at
    assert dated[1].evidence[-1].method == "rule:said-at-same-source"


def test_claims_of_a_story_without_words_stay_as_they_are() -> None:
    claim = Claim(id="c", story_id="s", source=(), cue=(Span(0, 1),), content=(), act="say", quotation="direct")
    empty = Analysis("story:1", "", (), (), (), (), ())
    assert date_claims((claim,), (), (), empty, lexicons=LEXICONS) == (claim,)


def test_the_tense_of_the_verb_puts_a_month_ahead() -> None:
    words = "{}/AUX/2/aux they/PRON/1/nsubj meet/VERB/0/root in/ADP/1/case March/PROPN/-2/obl"
    assert times_of(analysis_of(words.format("Would"), marked=("March",))).times[0].value == "2026-03"
    assert times_of(analysis_of(words.format("Did"), marked=("March",))).times[0].value == "2025-03"


def test_a_doubtful_word_is_a_time_where_the_core_marks_one() -> None:
    words = "March/PROPN/1/nsubj passed/VERB/0/root"
    assert not times_of(analysis_of(words)).times
    assert times_of(analysis_of(words, marked=("March",))).times[0].value == "2025-03"
