"""Fit the weights by which `dateline.reading.boundaries` weighs a possible headline.

    python benchmarks/quality/reading/fit_boundaries.py [DATA] [--write]

Takes the even half of the single stories (the odd half is left for `stories.py --half odd`), pastes them together in
several forms, and fits a logistic regression (L2 towards PRIOR) on the lines that could be headlines: those where
a story begins against all others, the latter also from stories that stand alone. With --write the weights go into
src/dateline/reading/data/boundary_weights.tsv.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
from stories import Single, single_stories, story_as

from dateline.reading import load_lexicons
from dateline.reading.boundaries import Above, boundary_features
from dateline.reading.lines import cut_units, look_at

TABLE = Path(__file__).parents[3] / "src/dateline/reading/data/boundary_weights.tsv"

# Known beforehand: no story of the corpus prints its headline again, so the data cannot say how telling that is.
PRIOR = {"bias": -8.0, "repeated": 6.0, "stamped": 3.0, "signed": 2.0, "datelined": 3.0, "marker": 5.0, "novel": 3.0}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    names, rows, labels, weights = collect(options.data)
    prior = np.array([PRIOR.get(name, 0.0) for name in names])
    fitted = fit(np.array(rows), np.array(labels), np.array(weights), prior=prior)
    for name, weight in zip(names, fitted, strict=True):
        print(f"{name}\t{weight:.2f}")
    if options.write:
        lines = [f"{name}\t{weight:.2f}" for name, weight in zip(names, fitted, strict=True)]
        TABLE.write_text("# feature\tlog-odds\n" + "\n".join(lines) + "\n", "utf-8")


def collect(data: Path) -> tuple[list[str], list[list[float]], list[float], list[float]]:
    lexicons = load_lexicons()
    singles = list(single_stories(data))[::2]
    titled = [single for single in singles if single.title and len(single.text) > 600]
    rows: list[list[float]] = []
    labels: list[float] = []
    weights: list[float] = []
    names: list[str] = []

    def add(text: str, starts: list[int], weight: float) -> None:
        looks = tuple(look_at(text, unit, lexicons=lexicons) for unit in cut_units(text))
        firsts = [next(i for i, look in enumerate(looks) if look.unit.start >= start) for start in starts]
        above = Above()
        for index, look in enumerate(looks):
            if index in firsts:
                if index and (features := boundary_features(looks, index, above)):
                    names[:] = list(features)
                    rows.append(list(features.values()))
                    labels.append(1.0)
                    weights.append(weight)
                above = Above()
            elif features := boundary_features(looks, index, above):
                rows.append(list(features.values()))
                labels.append(0.0)
                weights.append(weight)
            above.add(look)

    for single in singles:
        add(single.text, [0], 1.0)
    draw = random.Random("fit")
    for _ in range(2400):
        text, starts = paste_mixed(draw.sample(titled, draw.randint(2, 4)), draw)
        add(text, starts, 1.0)
    print(f"{len(rows)} candidate lines, {int(sum(labels))} of them where a story begins")
    return names, rows, labels, weights


def paste_mixed(singles: list[Single], draw: random.Random) -> tuple[str, list[int]]:
    """Each story in a form of its own, one or two blank lines between: people paste from several places."""
    text, starts = "", []
    for single in singles:
        way = draw.choice(("wire", "title-date", "title-byline", "dateline-2-blank", "title", "title", "title"))
        if text:
            text += draw.choice(("\n\n", "\n\n", "\n\n\n", "\n\n---\n\n"))
        starts.append(len(text))
        text += story_as(single, way, draw)
    return text, starts


def fit(
    rows: np.ndarray, labels: np.ndarray, weights: np.ndarray, *, prior: np.ndarray, ridge: float = 4.0
) -> np.ndarray:
    """Newton's method on the penalised likelihood; converges in some ten steps."""
    beta = np.zeros(rows.shape[1])
    for _ in range(30):
        probability = 1 / (1 + np.exp(-rows @ beta))
        gradient = rows.T @ (weights * (labels - probability)) - ridge * (beta - prior)
        curvature = (rows * (weights * probability * (1 - probability))[:, None]).T @ rows + ridge * np.eye(len(beta))
        step = np.linalg.solve(curvature, gradient)
        beta += step
        if np.abs(step).max() < 1e-6:
            break
    return beta


if __name__ == "__main__":
    main()
