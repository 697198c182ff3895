"""What the language core says of gold claims, for fitting how far it is trusted.

The core is given the story's words and asked at the gold's own cue and content, so its spans play no part. Only stories
that it was not trained on tell anything: of its own it is too sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dateline.claims.attribution import Draft
from dateline.language import Model
from dateline.language.attributions import act_chances, reply_scorer
from dateline.language.chains import Floats
from dateline.language.core import _KINDS
from dateline.language.encoder import encode
from dateline.language.words import split_words
from dateline.records import Span
from training.claims.examples import GoldStory


def with_core(stories: Sequence[GoldStory], model: Model) -> list[GoldStory]:
    """The stories with the core's view of acts and replies in every draft."""
    return [replace(story, drafts=_drafts(story, model)) for story in stories]


def _drafts(story: GoldStory, model: Model) -> tuple[Draft, ...]:
    spans: list[Span] = []
    paragraph: list[int] = []
    for index, one in enumerate(story.marked.paragraphs):
        words = split_words(story.text, one.span, model.pattern)
        spans += words
        paragraph += [index] * len(words)
    kinds = [_KINDS[one.role] for one in story.marked.paragraphs]
    heads = encode(model.encoder, [story.text[span.start : span.end] for span in spans], paragraph, kinds)
    return tuple(_seen(draft, spans, heads) for draft in story.drafts)


def _seen(draft: Draft, words: Sequence[Span], heads: dict[str, Floats]) -> Draft:
    cue, content = (
        np.array(
            [i for i, word in enumerate(words) if any(word.start < p.end and p.start < word.end for p in part)], int
        )
        for part in (draft.cue, draft.content)
    )
    if not len(content):
        return draft
    acts = tuple(act_chances(heads, cue, content).tolist())
    return replace(draft, acts=acts, replies=reply_scorer(heads, cue, content))
