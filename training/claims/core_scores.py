"""What the language core says about the acts of gold claims, for fitting how far it is trusted.

The core is given the story's words and asked at the gold's own cue and content, so its spans play no part.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dateline.language import Model, load_model
from dateline.language.core import _KINDS
from dateline.language.encoder import encode
from dateline.language.words import split_words
from dateline.records import Span
from training.claims.examples import GoldStory


def core_scores(stories: Sequence[GoldStory], weights: Path) -> dict[str, np.ndarray]:
    """Log-probability of each act for each claim. *Shape of each value:* (claims, acts)."""
    model = load_model(weights)
    return {story.id: _story_scores(story, model) for story in stories}


def _story_scores(story: GoldStory, model: Model) -> np.ndarray:
    spans: list[Span] = []
    paragraph: list[int] = []
    for index, one in enumerate(story.marked.paragraphs):
        words = split_words(story.text, one.span, model.pattern)
        spans += words
        paragraph += [index] * len(words)
    kinds = [_KINDS[one.role] for one in story.marked.paragraphs]
    heads = encode(model.encoder, [story.text[span.start : span.end] for span in spans], paragraph, kinds)
    rows = []
    for draft in story.drafts:
        score = np.zeros(heads["act_cue"].shape[1])
        for part, name in ((draft.cue, "act_cue"), (draft.content, "act_content")):
            inside = [i for i, word in enumerate(spans) if any(word.start < p.end and p.start < word.end for p in part)]
            if inside:
                score = score + heads[name][inside].mean(0)
        score = score - score.max()
        rows.append(score - np.log(np.exp(score).sum()))
    return np.array(rows).reshape(len(rows), heads["act_cue"].shape[1])
