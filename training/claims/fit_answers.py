"""Fits the scorer that links a denial or a reply to what it answers and writes `data/answers.npz`.

usage: python -m training.claims.fit_answers ../shared/data/attributed-events/train.jsonl [--dev DEV] [--folds 5]

A logistic regression over pairs of claims of one story (`answers.pair_features`). Acts are those that the act model
predicts out of fold, as at run time, unless --gold-acts.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from dateline.claims.answers import describe_parties, pair_features, word_rarity
from dateline.claims.lexicons import Lexicons, LinearModel, read_cue, read_cues, words_of
from dateline.claims.speech_acts import Judgement, hashed, judge_polarity
from dateline.language.analysis import ACTS
from training.claims.examples import GoldStory, read_stories
from training.claims.fit_acts import matrix, write_model

BUCKETS = 1 << 12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold")
    parser.add_argument("--dev")
    parser.add_argument("--c", type=float, default=0.3)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--gold-acts", action="store_true")
    parser.add_argument("--out", default="src/dateline/claims/data/answers.npz")
    arguments = parser.parse_args()
    stories = list(read_stories(arguments.gold))
    acts = gold_acts(stories) if arguments.gold_acts else crossed_acts(stories, arguments.folds)
    pairs = [story_pairs(story, acts[story.id]) for story in stories]
    groups = np.arange(len(stories))
    chosen: list[tuple[float, bool]] = []
    total = sum(bool(claim["answers"]) for story in stories for claim in story.gold)
    for train, test in GroupKFold(arguments.folds).split(groups, groups, groups):
        model = fit([pairs[index] for index in train], arguments.c)
        for index in test:
            chosen += links(pairs[index], model)
    threshold = best_threshold(chosen, total)
    model = fit(pairs, arguments.c)
    if arguments.dev:
        dev = list(read_stories(arguments.dev))
        dev_acts = gold_acts(dev) if arguments.gold_acts else fitted_acts(stories, dev)
        found = [link for story in dev for link in links(story_pairs(story, dev_acts[story.id]), model)]
        report("dev", found, sum(bool(claim["answers"]) for story in dev for claim in story.gold), threshold)
    write_model(Path(arguments.out), model.weights[:, None], np.zeros(1), {"threshold": threshold})


def gold_acts(stories: list[GoldStory]) -> dict[str, np.ndarray]:
    return {
        story.id: np.array([np.eye(len(ACTS))[ACTS.index(claim["act"])] for claim in story.gold]) for story in stories
    }


def crossed_acts(stories: list[GoldStory], folds: int) -> dict[str, np.ndarray]:
    """Probabilities of the acts in each story from a model that has not seen it. *Shape:* (claims, acts)."""
    x, y, groups = matrix(stories)
    predicted = np.zeros((len(y), len(ACTS)))
    for train, test in GroupKFold(folds).split(x, y, groups):
        predicted[test] = LogisticRegression(C=1.0, max_iter=100).fit(x[train], y[train]).predict_proba(x[test])
    return _by_story(stories, predicted)


def fitted_acts(stories: list[GoldStory], dev: list[GoldStory]) -> dict[str, np.ndarray]:
    x, y, _ = matrix(stories)
    x_dev, _, _ = matrix(dev)
    return _by_story(dev, LogisticRegression(C=1.0, max_iter=100).fit(x, y).predict_proba(x_dev))


def _by_story(stories: list[GoldStory], predicted: np.ndarray) -> dict[str, np.ndarray]:
    acts: dict[str, np.ndarray] = {}
    start = 0
    for story in stories:
        acts[story.id] = predicted[start : start + len(story.gold)]
        start += len(story.gold)
    return acts


Pairs = list[tuple[int, int, dict[int, float], bool]]


def story_pairs(story: GoldStory, acts: np.ndarray) -> Pairs:
    """Every ordered pair of claims: reply, other, hashed features, whether the one answers the other."""
    if not story.gold:
        return []
    lexicons = Lexicons(cues=read_cues(), media=(), content=(), acts=_EMPTY, answers=_EMPTY)
    judgements = [
        Judgement(act, polarity(story, draft, act, lexicons), "", 1.0, "", tuple(scores))
        for draft, act, scores in zip(story.drafts, (ACTS[best] for best in acts.argmax(axis=1)), acts, strict=True)
    ]
    parties = describe_parties(story.text, story.drafts, judgements, story.parents, story.marked, lexicons)
    rarity = word_rarity(parties)
    index = {claim["id"]: place for place, claim in enumerate(story.gold)}
    return [
        (
            reply,
            other,
            hashed(pair_features(parties, reply, other, rarity), BUCKETS),
            index.get(story.gold[reply]["answers"]) == other,
        )
        for reply in range(len(parties))
        for other in range(len(parties))
        if reply != other
    ]


def polarity(story: GoldStory, draft, act, lexicons):  # type: ignore[no-untyped-def]
    return judge_polarity(story.text, draft, act, read_cue(words_of(story.text, draft.cue), lexicons.cues))


_EMPTY = LinearModel(np.zeros((1, 1), np.float32), np.zeros(1, np.float32), {})


@dataclass(frozen=True)
class Scorer:
    """weights: *Shape:* (buckets,)."""

    weights: np.ndarray


def fit(stories: list[Pairs], c: float) -> Scorer:
    """Weights under which the right candidate, or "none" at score 0, is likely among all candidates of its reply."""
    rows = [pair for pairs in stories for pair in pairs]
    x = _sparse(rows)
    starts = [0] + [i for i in range(1, len(rows)) if rows[i][0] != rows[i - 1][0] or rows[i][1] < rows[i - 1][1]]
    owner = np.zeros(len(rows), dtype=int)
    owner[starts[1:]] = 1
    owner = np.cumsum(owner)
    right = np.array([pair[3] for pair in rows], dtype=float)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        score = np.clip(x @ weights, -30, 30)
        exponent = np.exp(score)
        total = 1.0 + np.bincount(owner, exponent)
        value = np.log(total).sum() - (right * score).sum() + 0.5 / c * (weights**2).sum()
        return value, x.T @ (exponent / total[owner] - right) + weights / c

    best = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return Scorer(best.x)


def _sparse(rows: Pairs) -> csr_matrix:
    index = [place for place, row in enumerate(rows) for _ in row[2]]
    columns = [bucket for row in rows for bucket in row[2]]
    values = [value for row in rows for value in row[2].values()]
    return csr_matrix((values, (index, columns)), shape=(len(rows), BUCKETS))


def links(pairs: Pairs, model: Scorer) -> list[tuple[float, bool]]:
    """For each reply its best candidate: probability, and whether that is the gold one."""
    if not pairs:
        return []
    scores = _sparse(pairs) @ model.weights
    groups: dict[int, list[tuple[float, bool]]] = {}
    for (reply, _, _, right), score in zip(pairs, scores, strict=True):
        groups.setdefault(reply, []).append((float(score), right))
    found = []
    for group in groups.values():
        best = max(group, key=lambda pair: pair[0])
        total = 1.0 + sum(np.exp(score) for score, _ in group)
        found.append((float(np.exp(best[0]) / total), best[1]))
    return found


def best_threshold(chosen: list[tuple[float, bool]], total: int) -> float:
    best = max((f1(chosen, total, threshold / 100)[2], threshold / 100) for threshold in range(2, 80))
    report("cross-validated", chosen, total, best[1])
    return best[1]


def f1(chosen: list[tuple[float, bool]], total: int, threshold: float) -> tuple[float, float, float]:
    taken = [right for probability, right in chosen if probability >= threshold]
    hits = sum(taken)
    p, r = hits / max(1, len(taken)), hits / max(1, total)
    return p, r, 2 * p * r / max(1e-9, p + r)


def report(name: str, chosen: list[tuple[float, bool]], total: int, threshold: float) -> None:
    p, r, f = f1(chosen, total, threshold)
    print(f"{name}: P {100 * p:.1f} R {100 * r:.1f} F1 {100 * f:.1f} of {total} at {threshold:.2f}")


if __name__ == "__main__":
    main()
