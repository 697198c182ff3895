"""Builds the language core's values from a gold file, as if the tagger had made no mistake (or chosen ones).

Used to fit and to measure the claims stage alone: with right spans in, right claims should come out.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dateline.language.analysis import Analysis, Attribution, Paragraph, ParagraphRole, Stretch, Token
from dateline.records import Mention, Span, Story, make_id

_TOKEN = re.compile(r"\w+|``|''|[^\w\s]")
_SENTENCE_END = re.compile(r"[.!?]+[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])")


def read_gold(path: str | Path) -> Iterator[dict[str, Any]]:
    """Each story of a gold file; PolNeAR's "attributions" are given as "claims"."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                gold = json.loads(line)
                gold.setdefault("claims", gold.get("attributions"))
                yield gold


def analysis_of(
    gold: dict[str, Any], *, cut: float = 0.0, seed: int = 0
) -> tuple[Analysis, Story, tuple[Mention, ...]]:
    """One gold story as an Analysis, its Story and its actor mentions.

    cut: share of contents from which up to a third is cut at one end, to see whether repairs bring it back.
    """
    text = gold["text"]
    story_id = make_id("story", gold["id"])
    paragraphs, sentences, tokens = _tokens(text)
    rng = random.Random(seed)
    nested = {claim["id"] for claim in gold["claims"] if claim.get("within")}
    attributions = []
    for claim in gold["claims"]:
        parts = {role: _stretches(tokens, claim[role]) for role in ("source", "cue", "content")}
        if not parts["content"]:
            continue
        if rng.random() < cut:
            parts["content"] = _cut(parts["content"], rng)
        attributions.append(
            Attribution(
                source=parts["source"],
                cue=parts["cue"],
                content=parts["content"],
                layer=int(claim.get("id") in nested),
                acts=None,
                confidence=0.9,
            )
        )
    analysis = Analysis(
        story_id=story_id,
        text=text,
        tokens=tuple(tokens),
        sentences=tuple(sentences),
        paragraphs=tuple(paragraphs),
        phrases=(),
        attributions=tuple(attributions),
    )
    story = Story(
        id=story_id,
        document_id=make_id("document", gold["id"]),
        outlet_id=None,
        headline=paragraphs[0].span if paragraphs else None,
        dateline=None,
        body=tuple(paragraph.span for paragraph in paragraphs[1:]),
    )
    return analysis, story, _mentions(gold, story_id)


def _tokens(text: str) -> tuple[list[Paragraph], list[Stretch], list[Token]]:
    paragraphs: list[Paragraph] = []
    sentences: list[Stretch] = []
    tokens: list[Token] = []
    for line in re.finditer(r"[^\n]+", text):
        first = len(tokens)
        starts = [line.start()] + [match.end() for match in _SENTENCE_END.finditer(text, line.start(), line.end())]
        for begin, end in zip(starts, [*starts[1:], line.end()], strict=True):
            sentence_first = len(tokens)
            for match in _TOKEN.finditer(text, begin, end):
                index = len(tokens)
                span = Span(match.start(), match.end())
                tokens.append(Token(span, match.group(), "X", index, "dep", len(sentences), len(paragraphs)))
            if len(tokens) > sentence_first:
                sentences.append(Stretch(sentence_first, len(tokens)))
        if len(tokens) == first:
            continue
        role: ParagraphRole = "body"
        if not paragraphs:
            role = "headline"
        elif re.match(r"\s*[•*]", line.group()):
            role = "summary"
        span = Span(tokens[first].span.start, tokens[-1].span.end)
        paragraphs.append(Paragraph(Stretch(first, len(tokens)), span, role))
    return paragraphs, sentences, tokens


def _stretches(tokens: list[Token], spans: list[list[int]]) -> tuple[Stretch, ...]:
    found = []
    for start, end in spans:
        inside = [index for index, token in enumerate(tokens) if token.span.start < end and token.span.end > start]
        if inside:
            found.append(Stretch(inside[0], inside[-1] + 1))
    return tuple(found)


def _cut(content: tuple[Stretch, ...], rng: random.Random) -> tuple[Stretch, ...]:
    *rest, last = content
    length = last.last - last.first
    drop = rng.randint(0, length // 3)
    if rng.random() < 0.5:
        return (*rest, Stretch(last.first + drop, last.last))
    return (*rest, Stretch(last.first, last.last - drop))


def _mentions(gold: dict[str, Any], story_id: str) -> tuple[Mention, ...]:
    spans = sorted({tuple(span) for actor in gold.get("actors", ()) for span in actor["mentions"]})
    return tuple(
        Mention(
            id=make_id("mention", story_id, start, end),
            story_id=story_id,
            span=Span(start, end),
            head=Span(start, end),
            kind="actor",
            form="name" if gold["text"][start].isupper() else "nominal",
        )
        for start, end in spans
    )
