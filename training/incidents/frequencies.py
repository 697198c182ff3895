"""Counts in how many stories each word occurs: `src/dateline/incidents/data/frequencies.tsv`. Counts only, no text.

    python -m training.incidents.frequencies DATA

DATA: the folder of the corpora. Stories that also lie in a set for choosing (AllSides dev, ECB+ dev) are left out.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from dateline.incidents.words import words_of

TABLE = Path(__file__).parents[2] / "src" / "dateline" / "incidents" / "data" / "frequencies.tsv"
COUNTED = (
    "news/world_conflict.jsonl.gz",
    "news/wikinews_2019_2020.jsonl.gz",
    "incidents/allsides.train.jsonl.gz",
    "incidents/ecbplus.train.docs.jsonl.gz",
)
LEFT_OUT = ("incidents/allsides.dev.jsonl.gz", "incidents/ecbplus.dev.docs.jsonl.gz")
FEWEST = 4  # stories that must hold a word: what is rarer weighs as if one did
LONGEST = 24  # letters: what is longer is no word


def main() -> None:
    data = Path(sys.argv[1])
    seen = {opening(text) for name in LEFT_OUT for text in texts(data / name)}
    holding: Counter[str] = Counter()
    stories = 0
    for name in COUNTED:
        for text in texts(data / name):
            if opening(text) not in seen:
                seen.add(opening(text))
                stories += 1
                holding.update(set(words_of(text)))
    kept = {word: n for word, n in holding.items() if n >= FEWEST and len(word) <= LONGEST}
    lines = ["word\tstories", f"\t{stories}", *(f"{word}\t{kept[word]}" for word in sorted(kept))]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{stories} stories, {len(kept)} words")


def texts(path: Path) -> Iterator[str]:
    """Headline and text of each story."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for story in map(json.loads, lines):
            yield f"{story.get('title') or ''}\n{story['text']}"


def opening(text: str) -> str:
    """By which a story is known again: its first words after the headline."""
    return " ".join(words_of(text.split("\n", 1)[1][:600])[:40])


if __name__ == "__main__":
    main()
