"""Labels stories that nobody has labelled with the mean of several trained models, to train one model on them.

    python -m training.prepare.silver --data ../shared/data --weights W1 --weights W2 --out silver.jsonl --stories 2400

Stories that share a sentence-long stretch with a development story are left out. The file stays outside the project.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from dateline.language.attributions import LinkScorer, find_attributions
from dateline.language.chains import Floats
from dateline.language.core import Model, load_model
from dateline.language.encoder import encode
from dateline.language.words import load_abbreviations, word_pattern
from training.prepare.examples import Example, Text, attribution_example
from training.prepare.news import news_stories

SHINGLE = 60  # characters


def main() -> None:
    """Parse the command line and label."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--weights", type=Path, action="append", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--stories", type=int, default=2400)
    parser.add_argument("--part", default="0/1", help="which share of the stories: 0/2, 1/2 for two processes")
    options = parser.parse_args()
    models = [load_model(path) for path in options.weights]
    held = _held_out(options.data)
    part, parts = map(int, options.part.split("/"))
    stories = [
        {"id": story["id"], "text": story["text"]}
        for story in news_stories(options.data)
        if 600 < len(story["text"]) < 12_000 and not _overlaps(story["text"], held)
    ]
    random.Random(0).shuffle(stories)
    with options.out.open("w", encoding="utf-8") as out:
        for story in stories[: options.stories][part::parts]:
            out.write(json.dumps({**story, "claims": label(story["text"], models)}, ensure_ascii=False) + "\n")


def label(text: str, models: list[Model]) -> list[dict[str, Any]]:
    """Attributions of a text as the mean of the models sees them, in the form of the labelled corpora."""
    example = attribution_example("silver", "", Text(text, word_pattern(load_abbreviations())), [], nested_known=True)
    blocks: list[tuple[int, int]] = []
    for position, paragraph in enumerate(example.paragraph):
        blocks = (
            [*blocks, (position, position + 1)]
            if paragraph == len(blocks)
            else [*blocks[:-1], (blocks[-1][0], position + 1)]
        )
    heads, links = _mean([encode(m.encoder, example.words, example.paragraph, example.kind) for m in models], models)
    mean = {name: np.mean([getattr(m, name) for m in models], 0) for name in ("transitions", "starts")}
    found = find_attributions(heads, blocks, links=links, decoding=models[0].decoding, **mean)
    offsets = example.offsets
    return [
        {
            "within": a.layer == 1,
            **{
                role: [(offsets[s.first].start, offsets[s.last - 1].end) for s in getattr(a, role)]
                for role in ("source", "cue", "content")
            },
        }
        for a in found
    ]


def _mean(heads: list[dict[str, Floats]], models: list[Model]) -> tuple[dict[str, Floats], LinkScorer]:
    """Mean scores. Link vectors stand side by side, scaled so that their product is the mean of the products."""
    count, size = len(models), models[0].links.size
    scale = (math.sqrt(count * size) / (count * math.sqrt(size))) ** 0.5
    out = {
        name: np.mean([h[name] for h in heads], 0)
        for name in heads[0]
        if name.startswith(("roles-", "link_null", "act_", "answer_"))
    }
    for name in ("link_from", "link_to"):
        words = len(heads[0][name])
        joined = np.concatenate([h[name].reshape(words, -1, size) for h in heads], 2)
        out[name] = joined.reshape(words, -1) * scale
    return out, LinkScorer(np.mean([m.links.distance for m in models], 0), count * size)


def read_silver(path: Path) -> Iterator[Example]:
    """What `main` wrote, as training examples."""
    pattern = word_pattern(load_abbreviations())
    for line in path.open(encoding="utf-8"):
        story = json.loads(line)
        text = Text(story["text"], pattern)
        if text.words:
            yield attribution_example("silver", story["id"], text, story["claims"], nested_known=True)


def _held_out(data: Path) -> set[str]:
    texts = [
        json.loads(line)["text"]
        for name in ("attributed-events/dev", "attribution/polnear.dev")
        for line in (data / f"{name}.jsonl").open(encoding="utf-8")
    ]
    texts += [path.read_text(encoding="utf-8") for path in data.parent.glob("stories/*.txt")]
    return {text[k : k + SHINGLE] for text in map(_plain, texts) for k in range(len(text) - SHINGLE)}


def _overlaps(text: str, held: set[str]) -> bool:
    plain = _plain(text)
    return any(plain[k : k + SHINGLE] in held for k in range(len(plain) - SHINGLE))


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("“", '"').replace("”", '"').split())


if __name__ == "__main__":
    main()
