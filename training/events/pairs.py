"""How well the type of a marked pair (who to whom) of PLV can be told from what the shipped core says, by
cross-validation.

    python -m training.events.pairs ../shared/data/events/plv.train.jsonl

Features: words and word pairs of the sentence (TF-IDF) and, from the core's branch for events, the chances of every
type for
the words to which source and target are likeliest actor and recipient, and the acts of the claims around. A linear
model, ten folds
of sentences: the two pairs of one sentence never lie on both sides.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from dateline import language
from dateline.language.analysis import ACTS, Analysis
from dateline.language.tags import EVENT_ROLES, EVENT_TYPES
from dateline.records import Document, Span, Story


def main() -> None:
    """Parse the command line, read, cross-validate, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    options = parser.parse_args()
    pairs = [json.loads(line) for line in options.pairs.open(encoding="utf-8")]
    model = language.load_model()
    core = np.stack([facts(pair, model) for pair in pairs])
    roots = np.array([pair["root"] for pair in pairs])
    groups = np.unique([pair["text"] for pair in pairs], return_inverse=True)[1]
    for name, parts in (
        ("words alone", (True, False)),
        ("core alone", (False, True)),
        ("words and core", (True, True)),
    ):
        told = cross_validate(pairs, core, roots, groups, *parts)
        accuracy, macro = 100 * float((told == roots).mean()), 100 * f1_score(roots, told, average="macro")
        print(f"{name:15s} accuracy {accuracy:.1f} macro F1 {macro:.1f} of {len(pairs)} pairs", flush=True)


def cross_validate(
    pairs: Sequence[dict[str, Any]], core: np.ndarray, roots: np.ndarray, groups: np.ndarray, words: bool, heads: bool
) -> np.ndarray:
    """The type told for every pair by a model that was not fitted on its sentence."""
    told = np.empty_like(roots)
    texts = [marked(pair) for pair in pairs]
    for train, test in GroupKFold(10).split(core, groups=groups):
        vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        bags = vectorizer.fit_transform([texts[i] for i in train]), vectorizer.transform([texts[i] for i in test])
        mean, scale = core[train].mean(0), core[train].std(0) + 1e-3
        dense = [csr_matrix(0.03 * (core[rows] - mean) / scale) for rows in (train, test)]
        chosen = [
            hstack([part for part, wanted in ((bag, words), (row, heads)) if wanted])
            for bag, row in zip(bags, dense, strict=True)
        ]
        judge = LogisticRegression(C=10.0, max_iter=3000, class_weight="balanced")
        judge.fit(chosen[0], roots[train])
        told[test] = judge.predict(chosen[1])
    return told


def marked(pair: dict[str, Any]) -> str:
    """The sentence with source and target replaced by their roles."""
    text = pair["text"]
    for role in ("source", "target"):
        text = text.replace(pair[role], f" {role}actor ")
    return str(text)


def facts(pair: dict[str, Any], model: language.Model) -> np.ndarray:
    """What the core says of the pair's sentence."""
    text = pair["text"]
    document = Document(id="d", text=text, location="pair", media_type="text/plain")
    story = Story(id="s", document_id="d", outlet_id=None, headline=None, dateline=None, body=(Span(0, len(text)),))
    analysis = language.analyze(document, story, model)
    seen = analysis.happenings
    if seen is None:
        raise ValueError("the core has no heads for events")
    sides = [_words_of(analysis, text, pair[role]) for role in ("source", "target")]
    every = np.arange(len(analysis.tokens))
    types = seen.types[:, 1:]
    odds = seen.parts(every, every)
    found = [types.max(0), types[every].mean(0) * 10]
    for words, role in zip(sides, ("actor", "recipient"), strict=True):
        column = odds[:, words, EVENT_ROLES.index(role)].max(1) if words else np.full(len(every), -9.0)
        weight = 1 / (1 + np.exp(-column))
        found.append((types * weight[:, None]).max(0))
        found.append(np.array([column.max() / 4]))
    both = (sides[0], sides[1])
    if all(both):
        pull = odds[:, both[0], 0].max(1) + odds[:, both[1], 1].max(1)
        found.append(seen.types[int(pull.argmax())][1:])
    else:
        found.append(np.zeros(len(EVENT_TYPES) - 1))
    acts = np.zeros(len(ACTS))
    for attribution in analysis.attributions:
        if attribution.acts is not None:
            inside = any(s.first <= word < s.last for s in attribution.source for word in sides[0])
            acts = np.maximum(acts, np.array(attribution.acts) * (1.0 if inside else 0.4))
    found.append(acts)
    return np.concatenate(found).astype(np.float32)


def _words_of(analysis: Analysis, text: str, words: str) -> list[int]:
    start = text.find(words)
    return (
        [n for n, token in enumerate(analysis.tokens) if start <= token.span.start < start + len(words)]
        if start >= 0
        else []
    )


if __name__ == "__main__":
    main()
