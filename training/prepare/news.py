"""Reads the annotations of news stories in `training/annotations/`: offsets and labels, no text.

The texts lie in the data folder; a story is found by its file and line, cut where the annotator's copy was cut, and
checked by a digest.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dateline.language.words import load_abbreviations, word_pattern
from training.prepare.examples import Example, Text, attribution_example


def news_stories(data: Path) -> Iterator[dict[str, Any]]:
    """Every unlabelled news story as `{"id", "text", "date", "outlet"}`, its title as the first line."""
    for name in ("world_conflict", "wikinews_2019_2020"):
        with gzip.open(data / f"news/{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                story = json.loads(line)
                title, text = (story.get("title") or "").strip(), story["text"].strip()
                yield {
                    "id": f"{name}-{number}",
                    "text": text if text.startswith(title) else f"{title}\n\n{text}",
                    "date": story.get("date"),
                    "outlet": story.get("source"),
                }


def annotated_news(annotations: Path, data: Path) -> Iterator[dict[str, Any]]:
    """The annotated stories in the form of the own corpus: id, text, date, claims.

    Raises ValueError where a text is not the one that was annotated.
    """
    wanted = {record["id"]: record for record in map(json.loads, annotations.open(encoding="utf-8"))}
    for story in news_stories(data):
        record = wanted.get(story["id"])
        if record is None:
            continue
        text = story["text"][: record["length"]]
        if text_digest(text) != record["digest"]:
            raise ValueError(f"{story['id']} in {data}/news is not the text that was annotated")
        yield {**story, "text": text, "claims": record["claims"], "fold": record["fold"]}


def text_digest(text: str) -> str:
    """Digest that says whether a text is the annotated one."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_news(annotations: Path, data: Path, *, fold: str = "train") -> Iterator[Example]:
    """Training examples of one fold: attributions with nesting, acts and answers; no mentions."""
    pattern = word_pattern(load_abbreviations())
    for story in annotated_news(annotations, data):
        text = Text(story["text"], pattern)
        if story["fold"] == fold and text.words:
            yield attribution_example("news", story["id"], text, story["claims"], nested_known=True)
