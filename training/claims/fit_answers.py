"""Fits the scorer that links a denial or a reply to what it answers and writes `data/answers.npz`.

    python -m training.claims.fit_answers --data ../shared/data --weights src/dateline/language/weights

A logistic regression over pairs of claims of one story (`answers.pair_features`), fitted on the own stories and the
annotated news with acts that the act model predicts out of fold, as at run time. How far it and the core's own scores
are trusted, and how likely a link must be, is chosen on the annotated news that the core was not trained on. --mixing
sets them: 0.7, 0 and 0.2 are shipped. On the product's own spans of that news they give precision 36 and F1 18, where
the choice by gold spans (0.5, 0, 0.15) gives 26 and 20: a wrong link misleads more than a missing one.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from dateline.claims.answers import candidates, describe_parties, pair_features, reply_odds, word_rarity
from dateline.claims.lexicons import Lexicons, load_lexicons, read_cue, words_of
from dateline.claims.speech_acts import Judgement, hashed, judge_act, judge_polarity
from dateline.language import load_model
from dateline.language.analysis import ACTS
from training.claims.core_scores import with_core
from training.claims.examples import GoldStory, add_arguments, read_sets
from training.claims.fit_acts import matrix, write_model

BUCKETS = 1 << 12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--weights", type=Path, default=Path("src/dateline/language/weights"))
    parser.add_argument("--c", type=float, default=0.3)
    parser.add_argument(
        "--mixing", type=float, nargs=3, metavar=("OWN", "CORE", "THRESHOLD"), help="factors and threshold to write"
    )
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--out", default="src/dateline/claims/data/answers.npz")
    arguments = parser.parse_args()
    sets, core, lexicons = read_sets(arguments), load_model(arguments.weights), load_lexicons()
    acts = crossed_acts(sets.train, arguments.folds)
    model = fit(
        [story_pairs(story, judgements(story, acts[story.id], lexicons), lexicons) for story in sets.train], arguments.c
    )
    mixing = dict(zip(("own", "core", "threshold"), arguments.mixing or (), strict=False))
    for name, stories in (("tune", with_core(sets.tune, core)), ("dev", with_core(sets.dev, core))):
        views = Views(stories, model, lexicons)
        mixing = mixing or views.mixing()
        print(f"{name}: {views.report(mixing)}")
    write_model(Path(arguments.out), model.weights[:, None], np.zeros(1), mixing)


def crossed_acts(stories: Sequence[GoldStory], folds: int) -> dict[str, np.ndarray]:
    """Probabilities of the acts in each story from a model that has not seen it. *Shape:* (claims, acts)."""
    x, y, groups = matrix(stories)
    predicted = np.zeros((len(y), len(ACTS)))
    for train, test in GroupKFold(folds).split(x, y, groups):
        predicted[test] = LogisticRegression(C=1.0, max_iter=300).fit(x[train], y[train]).predict_proba(x[test])
    acts: dict[str, np.ndarray] = {}
    start = 0
    for story in stories:
        acts[story.id] = predicted[start : start + len(story.gold)]
        start += len(story.gold)
    return acts


def judgements(story: GoldStory, acts: np.ndarray, lexicons: Lexicons) -> list[Judgement]:
    """What the act model would have said, from its probabilities."""
    return [
        Judgement(
            act,
            judge_polarity(story.text, draft, act, read_cue(words_of(story.text, draft.cue), lexicons.cues)),
            "",
            1.0,
            "",
            tuple(scores),
        )
        for draft, act, scores in zip(story.drafts, (ACTS[best] for best in acts.argmax(axis=1)), acts, strict=True)
    ]


@dataclass(frozen=True)
class Pair:
    """One candidate: who replies to whom, hashed features, the core's log-odds, whether the one answers the other."""

    reply: int
    other: int
    features: dict[int, float]
    odds: float
    right: bool


Pairs = list[Pair]


def story_pairs(story: GoldStory, judged: Sequence[Judgement], lexicons: Lexicons, *, every: bool = True) -> Pairs:
    """Every ordered pair of claims, or only those that are looked at when a story is read."""
    if not story.gold:
        return []
    parties = describe_parties(story.text, story.drafts, judged, story.parents, story.marked, lexicons)
    rarity, odds = word_rarity(parties), reply_odds(parties)
    index = {claim["id"]: place for place, claim in enumerate(story.gold)}
    found: Pairs = []
    for reply in range(len(parties)):
        others = dict.fromkeys(range(len(parties)), 0.0) if every else candidates(parties, reply, odds)
        answered = index.get(story.gold[reply]["answers"])
        for other, view in others.items():
            if other != reply:
                features = hashed(pair_features(parties, reply, other, rarity), BUCKETS)
                found.append(Pair(reply, other, features, view, answered == other))
    return found


class Views:
    """The pairs that would be looked at in some stories, each scored by this model and by the core."""

    def __init__(self, stories: Sequence[GoldStory], model: Scorer, lexicons: Lexicons) -> None:
        self.total = sum(bool(claim["answers"]) for story in stories for claim in story.gold)
        self.replies: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        for story in stories:
            judged = [
                judge_act(story.text, draft, setting, lexicons)
                for draft, setting in zip(story.drafts, story.settings, strict=True)
            ]
            groups: dict[int, Pairs] = {}
            for pair in story_pairs(story, judged, lexicons, every=False):
                groups.setdefault(pair.reply, []).append(pair)
            for pairs in groups.values():
                own = _sparse(pairs) @ model.weights
                odds, right = (np.array([getattr(pair, name) for pair in pairs]) for name in ("odds", "right"))
                self.replies.append((own, odds, right))

    def chosen(self, own: float, core: float) -> list[tuple[float, bool]]:
        """For each reply its best candidate: probability, and whether that is the gold one."""
        found = []
        for mine, theirs, right in self.replies:
            scores = own * mine + core * theirs
            best = int(scores.argmax())
            found.append((float(np.exp(scores[best]) / (1 + np.exp(scores).sum())), bool(right[best])))
        return found

    def mixing(self) -> dict[str, float]:
        """The factors and the threshold of the highest F1, with the gold's own spans."""
        best = (-1.0, 0.0, 0.0, 0.0)
        for own in (0.0, 0.3, 0.5, 0.7, 1.0):
            for core in (0.0, 0.3, 0.5, 0.7, 1.0):
                found = self.chosen(own, core)
                for threshold in np.arange(0.1, 0.8, 0.05):
                    best = max(best, (f1(found, self.total, threshold)[2], own, core, round(float(threshold), 2)))
        return {"own": best[1], "core": best[2], "threshold": best[3]}

    def report(self, mixing: dict[str, float]) -> str:
        """Precision, recall and F1 of this model alone, the core alone, and both."""
        views = {"own": (1.0, 0.0), "core": (0.0, 1.0), "mixed": (mixing["own"], mixing["core"])}
        lines = []
        for name, factors in views.items():
            p, r, f = f1(self.chosen(*factors), self.total, mixing["threshold"])
            lines.append(f"{name} P {100 * p:.1f} R {100 * r:.1f} F1 {100 * f:.1f}")
        looked_at = sum(bool(right.any()) for _, _, right in self.replies)
        return "; ".join(lines) + f" of {self.total}, looked at {looked_at}, {mixing}"


@dataclass(frozen=True)
class Scorer:
    """weights: *Shape:* (buckets,)."""

    weights: np.ndarray


def fit(stories: list[Pairs], c: float) -> Scorer:
    """Weights under which the right candidate, or "none" at score 0, is likely among all candidates of its reply."""
    rows = [pair for pairs in stories for pair in pairs]
    x = _sparse(rows)
    starts = [0] + [
        i for i in range(1, len(rows)) if rows[i].reply != rows[i - 1].reply or rows[i].other < rows[i - 1].other
    ]
    owner = np.zeros(len(rows), dtype=int)
    owner[starts[1:]] = 1
    owner = np.cumsum(owner)
    right = np.array([pair.right for pair in rows], dtype=float)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        score = np.clip(x @ weights, -30, 30)
        exponent = np.exp(score)
        total = 1.0 + np.bincount(owner, exponent)
        value = np.log(total).sum() - (right * score).sum() + 0.5 / c * (weights**2).sum()
        return value, x.T @ (exponent / total[owner] - right) + weights / c

    best = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return Scorer(best.x)


def _sparse(rows: Pairs) -> csr_matrix:
    index = [place for place, row in enumerate(rows) for _ in row.features]
    columns = [bucket for row in rows for bucket in row.features]
    values = [value for row in rows for value in row.features.values()]
    return csr_matrix((values, (index, columns)), shape=(len(rows), BUCKETS))


def f1(chosen: list[tuple[float, bool]], total: int, threshold: float) -> tuple[float, float, float]:
    taken = [right for probability, right in chosen if probability >= threshold]
    hits = sum(taken)
    p, r = hits / max(1, len(taken)), hits / max(1, total)
    return p, r, 2 * p * r / max(1e-9, p + r)


if __name__ == "__main__":
    main()
