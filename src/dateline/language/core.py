"""The language core, top-down: a story's paragraphs become words, the network reads them, the heads are decoded."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from dateline.errors import InstallationError
from dateline.language.analysis import Analysis, Paragraph, ParagraphRole, Stretch, Token
from dateline.language.attributions import Decoding, LinkScorer, find_attributions
from dateline.language.chains import Floats, rows_of
from dateline.language.encoder import Encoder, encode, load_encoder
from dateline.language.happenings import find_happenings
from dateline.language.mentions import find_phrases, identify
from dateline.language.syntax import find_heads, find_relations, find_sentences
from dateline.language.tags import UPOS
from dateline.language.words import load_abbreviations, split_words, word_pattern
from dateline.records import Document, Span, Story

_KINDS: dict[ParagraphRole, int] = {"body": 0, "headline": 1, "summary": 2}


@dataclass(frozen=True, slots=True)
class Model:
    """The loaded language model: read-only, safe to share; load it once with `load_model`."""

    encoder: Encoder
    pattern: re.Pattern[str]
    relations: tuple[str, ...]
    transitions: Floats  # (2, tags, tags)
    starts: Floats  # (2, tags)
    links: LinkScorer
    arc_bias: Floats
    relation_weight: Floats
    relation_bias: Floats
    decoding: Decoding


def load_model(folder: Path | None = None) -> Model:
    """Load the shipped weights, or those in `folder`, which holds all the files of `weights/`.

    Raises InstallationError where a file is missing or damaged.
    """
    home = folder or Path(str(resources.files("dateline.language").joinpath("weights")))
    labels = _read_json(home / "labels.json")
    try:
        with np.load(home / "scorers.npz") as stored:
            scorers: dict[str, Floats] = {name: stored[name] for name in stored.files}
    except (OSError, ValueError) as error:
        raise InstallationError(
            f"The language model cannot be loaded: {error}",
            location=str(home / "scorers.npz"),
            remedy="Install dateline again.",
        ) from error
    tuned: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in _read_json(home / "decoding.json").items()
    }
    return Model(
        encoder=load_encoder(home, labels["layout"]),
        pattern=word_pattern(load_abbreviations()),
        relations=tuple(labels["relations"]),
        transitions=scorers["transitions"],
        starts=scorers["starts"],
        links=LinkScorer(scorers["link_distance"], labels["link"]),
        arc_bias=scorers["arc_bias"],
        relation_weight=scorers["relation_weight"],
        relation_bias=scorers["relation_bias"],
        decoding=Decoding(**tuned),
    )


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InstallationError(
            f"The language model cannot be loaded: {error}", location=str(path), remedy="Install dateline again."
        ) from error
    return value


def analyze(document: Document, story: Story, model: Model) -> Analysis:
    """Read one story: its headline, summary and body, in text order. Furniture, captions and bylines are not read."""
    parts = _parts(story)
    spans: list[Span] = []
    paragraph: list[int] = []
    blocks: list[tuple[int, int]] = []
    kept: list[tuple[Span, ParagraphRole]] = []
    for span, role in parts:
        words = split_words(document.text, span, model.pattern)
        if words:
            blocks.append((len(spans), len(spans) + len(words)))
            paragraph += [len(kept)] * len(words)
            spans += words
            kept.append((span, role))
    if not spans:
        return Analysis(story.id, document.text, (), (), (), (), ())
    texts = [document.text[s.start : s.end] for s in spans]
    heads = encode(model.encoder, texts, paragraph, [_KINDS[role] for _, role in kept])
    sentences = find_sentences(heads["sentence_end"][:, 0], blocks)
    tokens = _tokens(spans, texts, paragraph, sentences, heads, model)
    rows, inside = rows_of(blocks)
    attributions = find_attributions(
        heads, blocks, transitions=model.transitions, starts=model.starts, links=model.links, decoding=model.decoding
    )
    sources = [part for attribution in attributions for part in attribution.source]
    phrases = find_phrases(heads["mentions"], rows, inside, blocks, tokens, sources)
    return Analysis(
        story_id=story.id,
        text=document.text,
        tokens=tokens,
        sentences=tuple(Stretch(first, last) for first, last in sentences),
        paragraphs=tuple(
            Paragraph(Stretch(*block), span, role) for block, (span, role) in zip(blocks, kept, strict=True)
        ),
        phrases=phrases,
        attributions=attributions,
        identities=identify(heads, phrases) if "antecedent_from" in heads else None,
        happenings=find_happenings(heads) if "event_type" in heads else None,
    )


def _parts(story: Story) -> list[tuple[Span, ParagraphRole]]:
    """What is read of a story, in text order."""
    parts: list[tuple[Span, ParagraphRole]] = [(span, "body") for span in story.body]
    parts += [(span, "summary") for span in story.summary]
    if story.headline is not None:
        parts.append((story.headline, "headline"))
    return sorted(parts, key=lambda part: part[0])


def _tokens(
    spans: list[Span],
    texts: list[str],
    paragraph: list[int],
    sentences: list[tuple[int, int]],
    heads: dict[str, Floats],
    model: Model,
) -> tuple[Token, ...]:
    upos = heads["upos"].argmax(1)
    governors = find_heads(heads["arc_from"], heads["arc_to"], model.arc_bias, sentences)
    relations = find_relations(
        heads["relation_from"], heads["relation_to"], governors, model.relation_weight, model.relation_bias
    )
    sentence_of = [number for number, (first, last) in enumerate(sentences) for _ in range(first, last)]
    names = model.relations
    return tuple(
        Token(span, text, UPOS[tag], governor, names[relation], sentence, at)
        for span, text, tag, governor, relation, sentence, at in zip(
            spans, texts, upos.tolist(), governors.tolist(), relations.tolist(), sentence_of, paragraph, strict=True
        )
    )
