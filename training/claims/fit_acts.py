"""Fits the act model of `dateline.claims` on gold stories and writes `data/acts.npz`.

usage: python -m training.claims.fit_acts ../shared/data/attributed-events/train.jsonl --dev DEV [--core WEIGHTS]

The model is a multinomial logistic regression over hashed features (`speech_acts.act_features`). With --core (a folder
of language model weights) it also fits, on DEV, how far the core's own scores are trusted: two numbers, chosen by
log-likelihood on a grid, twice: where the cue settles the act, and where not. The training stories cannot tell:
the core has seen them and is too sure of them.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from dateline.claims.lexicons import read_content, read_cue, read_cues, words_of
from dateline.claims.speech_acts import act_features, hashed, is_settled
from dateline.language.analysis import ACTS
from training.claims.examples import GoldStory, read_stories

BUCKETS = 1 << 15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold")
    parser.add_argument("--dev")
    parser.add_argument("--core", type=Path)
    parser.add_argument("--c", type=float, default=0.5)
    parser.add_argument("--out", default="src/dateline/claims/data/acts.npz")
    parser.add_argument("--folds", type=int, default=0)
    arguments = parser.parse_args()
    stories = list(read_stories(arguments.gold))
    x, y, groups = matrix(stories)
    if arguments.folds:
        right = 0
        for train, test in GroupKFold(arguments.folds).split(x, y, groups):
            model = LogisticRegression(C=arguments.c, max_iter=200).fit(x[train], y[train])
            right += int((model.predict(x[test]) == y[test]).sum())
        print(f"cross-validated {100 * right / len(y):.1f}")
    model = LogisticRegression(C=arguments.c, max_iter=200).fit(x, y)
    mixing = {"own": 1.0, "core": 0.6}
    if arguments.dev:
        dev = list(read_stories(arguments.dev))
        x_dev, y_dev, _ = matrix(dev)
        print(f"dev {100 * (model.predict(x_dev) == y_dev).mean():.1f} of {len(y_dev)}")
        if arguments.core:
            mixing = fit_mixing(model.decision_function(x_dev), dev, y_dev, arguments.core)
    write_model(Path(arguments.out), model.coef_.T, model.intercept_, mixing)


def fit_mixing(own: np.ndarray, dev: list[GoldStory], acts: np.ndarray, weights: Path) -> dict[str, float]:
    """How to add two scores: the factors under which the dev acts are likeliest, for settled cues and the others."""
    from training.claims.core_scores import core_scores

    by_story = core_scores(dev, weights)
    core = np.log(np.exp(np.vstack([by_story[story.id] for story in dev])) + 1e-4)
    own = own - np.log(np.exp(own).sum(axis=1, keepdims=True))
    cues = read_cues()
    drafts = [(story.text, draft) for story in dev for draft in story.drafts]
    cued = np.array([bool(draft.cue) for _, draft in drafts])
    settled = np.array([is_settled(read_cue(words_of(text, draft.cue), cues)) for text, draft in drafts])
    mixing: dict[str, float] = {}
    mixed = own.copy()
    for kind, chosen in (("", cued & ~settled), ("-settled", cued & settled)):
        mixing[f"own{kind}"], mixing[f"core{kind}"] = likeliest(own[chosen], core[chosen], acts[chosen])
        mixed[chosen] = mixing[f"own{kind}"] * own[chosen] + mixing[f"core{kind}"] * core[chosen]
    alone, together = ((scores.argmax(axis=1) == acts).mean() for scores in (core, mixed))
    print(f"core alone {100 * alone:.1f}, mixed {100 * together:.1f}, {mixing}")
    return mixing


def likeliest(own: np.ndarray, core: np.ndarray, acts: np.ndarray) -> tuple[float, float]:
    """The pair of factors on a grid under which these acts are likeliest."""
    best = (-np.inf, 1.0, 0.0)
    for a in np.arange(0.2, 1.5, 0.1):
        for b in np.arange(0.0, 1.3, 0.1):
            mixed = a * own + b * core
            chance = mixed - np.log(np.exp(mixed).sum(axis=1, keepdims=True))
            best = max(best, (float(chance[np.arange(len(acts)), acts].mean()), float(a), float(b)))
    return round(best[1], 2), round(best[2], 2)


def matrix(stories: list[GoldStory]) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
    """Features, acts and story of every claim."""
    cues, groups_of_words = read_cues(), read_content()
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    acts: list[int] = []
    groups: list[str] = []
    for story in stories:
        for draft, setting, gold in zip(story.drafts, story.settings, story.gold, strict=True):
            readings = read_cue(words_of(story.text, draft.cue), cues)
            for bucket, value in hashed(
                act_features(story.text, draft, setting, readings, groups_of_words), BUCKETS
            ).items():
                rows.append(len(acts))
                columns.append(bucket)
                values.append(value)
            acts.append(ACTS.index(gold["act"]))
            groups.append(story.id)
    return csr_matrix((values, (rows, columns)), shape=(len(acts), BUCKETS)), np.array(acts), np.array(groups)


def write_model(path: Path, weights: np.ndarray, bias: np.ndarray, mixing: dict[str, float]) -> None:
    """Weights as int8 with one scale for each class."""
    scales = np.abs(weights).max(axis=0) / 127
    np.savez_compressed(
        path,
        weights=np.round(weights / scales).astype(np.int8),
        scales=scales.astype(np.float32),
        bias=bias.astype(np.float32),
        mixing=json.dumps(mixing),
    )
    print(f"{path}: {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
