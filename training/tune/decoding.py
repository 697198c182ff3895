"""Chooses the decoding constants of `language/attributions.py` on development stories, one after the other.

    python -m training.tune.decoding --weights src/dateline/language/weights --data DATA --score SCORE

Every story is encoded once; each constant is then swept with the others held, for two rounds. What is maximised is the
mean of partial attribution F1 on PolNeAR dev and on the annotated news that was kept from training; the own dev stories
are only reported. `--write` stores the choice in decoding.json.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dateline.language.attributions import Decoding, find_attributions
from dateline.language.chains import Floats
from dateline.language.core import Model, load_model
from dateline.language.encoder import encode
from training.prepare.examples import Example, read_own, read_polnear
from training.prepare.news import annotated_news, read_news

GRID: dict[str, tuple[float, ...]] = {
    "source_bias": (-0.6, -0.3, 0.0, 0.3, 0.6, 0.9),
    "cue_bias": (-0.9, -0.6, -0.3, 0.0, 0.3, 0.6, 0.9, 1.2),
    "content_bias": (-0.6, -0.3, 0.0, 0.3, 0.6, 0.9),
    "keep": (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5),
    "share": (0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3),
    "adopt": (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1),
    "reach": (25, 35, 45, 60),
    "free": (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 1.1),
}
LAYERED = {"source_bias", "cue_bias", "content_bias", "keep"}


class Encoded:
    """A development story with what the heads say of it and the scorer's view of its gold."""

    def __init__(self, example: Example, gold: dict[str, Any], model: Model, claims: Any) -> None:
        self.heads: dict[str, Floats] = encode(model.encoder, example.words, example.paragraph, example.kind)
        blocks: list[tuple[int, int]] = []
        for position, paragraph in enumerate(example.paragraph):
            if paragraph == len(blocks):
                blocks.append((position, position + 1))
            else:
                blocks[-1] = (blocks[-1][0], position + 1)
        self.blocks, self.example = blocks, example
        self.reader = claims.Doc(gold["text"])
        self.gold = self.reader.load(gold.get("attributions") or gold["claims"], False)

    def counts(self, model: Model, decoding: Decoding, claims: Any) -> tuple[int, int, int]:
        """Partial matches, predictions, gold."""
        found = find_attributions(
            self.heads,
            self.blocks,
            transitions=model.transitions,
            starts=model.starts,
            links=model.links,
            decoding=decoding,
        )
        offsets = self.example.offsets
        predicted = self.reader.load(
            [
                {
                    role: [(offsets[s.first].start, offsets[s.last - 1].end) for s in getattr(a, role)]
                    for role in claims.ROLES
                }
                for a in found
            ],
            False,
        )
        return len(claims.match(self.gold, predicted, claims.CRITERIA["partial"])), len(predicted), len(self.gold)


def main() -> None:
    """Parse the command line and sweep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--score", type=Path, default=Path("../shared/score"))
    parser.add_argument("--news", type=Path, default=Path("training/annotations/claims.jsonl"))
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    sys.path.insert(0, str(options.score))
    import claims  # the scorer

    model = load_model(options.weights)
    polnear, own = options.data / "attribution/polnear.dev.jsonl", options.data / "attributed-events/dev.jsonl"
    chosen_on = {
        "polnear": _encode(read_polnear(polnear), _lines(polnear), model, claims),
        "news": _encode(
            read_news(options.news, options.data, fold="tune"),
            annotated_news(options.news, options.data),
            model,
            claims,
        ),
    }
    reported = {"own": _encode(read_own(own), _lines(own), model, claims)}
    decoding = model.decoding
    best = _score(chosen_on, model, decoding, claims)
    print("start", _show(best), _show(_score(reported, model, decoding, claims)), flush=True)
    for _ in range(options.rounds if options.rounds else 0):
        for name, values in GRID.items():
            for layer in (0, 1) if name in LAYERED else (None,):
                for value in values:
                    changed: Any = value
                    if layer is not None:
                        changed = tuple(value if n == layer else old for n, old in enumerate(getattr(decoding, name)))
                    trial = dataclasses.replace(decoding, **{name: changed})
                    score = _score(chosen_on, model, trial, claims)
                    if score["mean"] > best["mean"] + 0.02:
                        decoding, best = trial, score
                        print(name, changed, _show(best), flush=True)
    print("end", _show(best), _show(_score(reported, model, decoding, claims)), flush=True)
    if options.write:
        (options.weights / "decoding.json").write_text(json.dumps(dataclasses.asdict(decoding), indent=1) + "\n")


def _lines(path: Path) -> Iterable[dict[str, Any]]:
    return map(json.loads, path.open(encoding="utf-8"))


def _encode(examples: Iterable[Example], stories: Iterable[dict[str, Any]], model: Model, claims: Any) -> list[Encoded]:
    gold = {story["id"]: story for story in stories}
    return [Encoded(example, gold[example.id], model, claims) for example in examples]


def _score(sets: dict[str, list[Encoded]], model: Model, decoding: Decoding, claims: Any) -> dict[str, float]:
    out: dict[str, float] = {}
    for name, stories in sets.items():
        hit = predicted = gold = 0
        for story in stories:
            counts = story.counts(model, decoding, claims)
            hit, predicted, gold = hit + counts[0], predicted + counts[1], gold + counts[2]
        out[f"{name}.p"], out[f"{name}.r"] = 100 * hit / max(1, predicted), 100 * hit / gold
        out[name] = 200 * hit / (predicted + gold)
    out["mean"] = sum(out[name] for name in sets) / len(sets)
    return out


def _show(score: dict[str, float]) -> str:
    return " ".join(f"{name} {value:.1f}" for name, value in score.items())


if __name__ == "__main__":
    main()
