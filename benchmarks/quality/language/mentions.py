"""Mention quality: phrases of each type against a corpus's own, exact words.

    python -m benchmarks.quality.language.mentions ../shared/data [--weights FOLDER]

own    the development stories' actors, places, times and instruments (pronouns left out: the gold marks few of them)
GUM    the development documents' persons, groups, organizations, places and times, cut as in training: without article
       and relative clause
"""

from __future__ import annotations

import argparse
import collections
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from training.prepare.examples import Example, read_conllu, read_own

from dateline.language.chains import rows_of, spans_of
from dateline.language.core import Model, load_model
from dateline.language.encoder import encode
from dateline.language.mentions import phrase_paths
from dateline.language.tags import MENTION_TYPES

Found = set[tuple[int, int]]


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--weights", type=Path, default=None)
    options = parser.parse_args()
    model = load_model(options.weights)
    for name, examples in (
        ("own", read_own(options.data / "attributed-events/dev.jsonl")),
        ("GUM", read_conllu(options.data / "syntax/gum.dev.conllu.gz", "gum", frozenset())),
    ):
        counts = measure(examples, model)
        total = collections.Counter[str]()
        print(f"{name:<4} {'':<13} {'P':>6} {'R':>6} {'F1':>6} {'gold':>6}")
        for type_, count in counts.items():
            total.update(count)
            print("     {:<13} {:6.1f} {:6.1f} {:6.1f} {:6d}".format(type_, *figures(count), count["gold"]))
        print("{:<4} {:<13} {:6.1f} {:6.1f} {:6.1f} {:6d}".format(name, "all", *figures(total), total["gold"]))


def measure(examples: Iterable[Example], model: Model) -> dict[str, collections.Counter[str]]:
    """Counts of right, found and gold phrases by type, where the corpus says anything of the type."""
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for example in examples:
        heads = encode(model.encoder, example.words, example.paragraph, example.kind)
        blocks = [(i, i + n) for i, n in _runs(example.paragraph)]
        rows, inside = rows_of(blocks)
        paths = phrase_paths(heads["mentions"], rows, inside)[0]
        for number, type_ in enumerate(MENTION_TYPES):
            gold = example.mentions[number] if example.mentions is not None else None
            if gold is None or type_ == "role" or not (gold >= 0).any():
                continue
            known = _spans(gold, blocks)
            masked = set(np.flatnonzero(gold < 0).tolist())
            found: Found = set()
            for row, (first, last) in enumerate(blocks):
                found |= {
                    (first + a, first + b) for _, a, b in spans_of(paths[number, row, : last - first].tolist(), 1)
                }
            found = {span for span in found if not masked & set(range(*span))}
            counts[type_].update(gold=len(known), found=len(found), right=len(known & found))
    return counts


def figures(count: collections.Counter[str]) -> tuple[float, float, float]:
    """Precision, recall, F1 in per cent."""
    right, found, gold = count["right"], max(1, count["found"]), max(1, count["gold"])
    return 100 * right / found, 100 * right / gold, 200 * right / (found + gold)


def _spans(tags: npt.NDArray[np.int64], blocks: list[tuple[int, int]]) -> Found:
    return {
        (first + a, first + b)
        for first, last in blocks
        for _, a, b in spans_of(np.maximum(tags[first:last], 0).tolist(), 1)
    }


def _runs(paragraph: list[int]) -> list[tuple[int, int]]:
    starts = [i for i, p in enumerate(paragraph) if i == 0 or p != paragraph[i - 1]]
    return [(a, b - a) for a, b in zip(starts, [*starts[1:], len(paragraph)], strict=True)]


if __name__ == "__main__":
    main()
