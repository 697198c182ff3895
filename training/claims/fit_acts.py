"""Fits the act model of `dateline.claims` on gold stories and writes `data/acts.npz`.

    python -m training.claims.fit_acts --data ../shared/data --weights src/dateline/language/weights

The model is a multinomial logistic regression over hashed features (`speech_acts.act_features`), fitted on the own
stories and the annotated news. How far it and the core's own scores are trusted, where the cue settles the act and
where not, is chosen on the annotated news that the core was not trained on, by log-likelihood on a grid.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from dateline.claims.lexicons import read_content, read_cue, read_cues, words_of
from dateline.claims.speech_acts import act_features, hashed, is_settled
from dateline.language import load_model
from dateline.language.analysis import ACTS
from training.claims.core_scores import with_core
from training.claims.examples import GoldStory, add_arguments, read_sets

BUCKETS = 1 << 15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--weights", type=Path, default=Path("src/dateline/language/weights"))
    parser.add_argument("--c", type=float, default=0.5)
    parser.add_argument("--out", default="src/dateline/claims/data/acts.npz")
    parser.add_argument("--folds", type=int, default=0)
    arguments = parser.parse_args()
    sets, core = read_sets(arguments), load_model(arguments.weights)
    x, y, groups = matrix(sets.train)
    if arguments.folds:
        right = 0
        for train, test in GroupKFold(arguments.folds).split(x, y, groups):
            model = LogisticRegression(C=arguments.c, max_iter=200).fit(x[train], y[train])
            right += int((model.predict(x[test]) == y[test]).sum())
        print(f"cross-validated {100 * right / len(y):.1f}")
    model = LogisticRegression(C=arguments.c, max_iter=200).fit(x, y)
    mixing: dict[str, float] = {}
    for name, stories in (("tune", with_core(sets.tune, core)), ("dev", with_core(sets.dev, core))):
        views = Views(stories, model)
        mixing = mixing or views.mixing()
        print(f"{name}: {views.report(mixing)}")
    write_model(Path(arguments.out), model.coef_.T, model.intercept_, mixing)


class Views:
    """Log-probabilities of the acts of some stories' claims by this model and by the core, (claims, acts) each."""

    def __init__(self, stories: Sequence[GoldStory], model: LogisticRegression) -> None:
        x, self.acts, _ = matrix(stories)
        self.own = model.predict_log_proba(x)
        drafts = [(story.text, draft) for story in stories for draft in story.drafts]
        none = [1 / len(ACTS)] * len(ACTS)
        self.core = np.log(np.array([draft.acts or none for _, draft in drafts]) + 1e-4)
        cues = read_cues()
        self.settled = np.array([is_settled(read_cue(words_of(text, draft.cue), cues)) for text, draft in drafts])

    def mixing(self) -> dict[str, float]:
        """The factors under which the acts are likeliest, for settled cues and the others."""
        mixing: dict[str, float] = {}
        for kind, chosen in (("", ~self.settled), ("-settled", self.settled)):
            own, core = likeliest(self.own[chosen], self.core[chosen], self.acts[chosen])
            mixing |= {f"own{kind}": own, f"core{kind}": core}
        return mixing

    def report(self, mixing: dict[str, float]) -> str:
        """Share of right acts by each and by both."""
        own = np.where(self.settled, mixing["own-settled"], mixing["own"])[:, None]
        core = np.where(self.settled, mixing["core-settled"], mixing["core"])[:, None]
        views = {"own": self.own, "core": self.core, "mixed": own * self.own + core * self.core}
        shares = {name: 100 * (scores.argmax(1) == self.acts).mean() for name, scores in views.items()}
        return ", ".join(f"{name} {share:.1f}" for name, share in shares.items()) + f" of {len(self.acts)}, {mixing}"


def likeliest(own: np.ndarray, core: np.ndarray, acts: np.ndarray) -> tuple[float, float]:
    """The pair of factors on a grid under which these acts are likeliest."""
    best = (-np.inf, 1.0, 0.0)
    for a in np.arange(0.2, 1.5, 0.1):
        for b in np.arange(0.0, 1.3, 0.1):
            mixed = a * own + b * core
            chance = mixed - np.log(np.exp(mixed).sum(axis=1, keepdims=True))
            best = max(best, (float(chance[np.arange(len(acts)), acts].mean()), float(a), float(b)))
    return round(best[1], 2), round(best[2], 2)


def matrix(stories: Sequence[GoldStory]) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
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
