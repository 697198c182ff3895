"""Measures times against gold with the shared scorer; needs no language model.

usage: python -m benchmarks.quality.grounding.times GOLD.jsonl --scorers FOLDER [--errors N] [--part even|odd]
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from dateline.grounding import load_time_lexicons, resolve_times
from dateline.records import Document, Span, Story


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--scorers", default="../shared/score")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--part", choices=("even", "odd"), help="only every second document")
    options = parser.parse_args()
    lines = options.gold.read_text(encoding="utf-8").splitlines()
    if options.part:
        lines = lines[options.part == "odd" :: 2]
    lexicons = load_time_lexicons()
    predicted: list[str] = []
    started = time.perf_counter()
    for line in lines:
        gold = json.loads(line)
        document, story = story_of(gold)
        found = resolve_times(document, story, (), lexicons=lexicons)
        predicted.append(
            json.dumps(
                {
                    "document": {"id": document.id, "location": document.location},
                    "mentions": [{"id": each.id, "span": [each.span.start, each.span.end]} for each in found.mentions],
                    "times": [{"mention_id": each.mention_id, "value": each.value} for each in found.times],
                }
            )
        )
    spent = time.perf_counter() - started
    with tempfile.TemporaryDirectory() as folder:
        gold_path, path = Path(folder, "gold.jsonl"), Path(folder, "predicted.jsonl")
        gold_path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        path.write_text("\n".join(predicted) + "\n", encoding="utf-8")
        scorer = str(Path(options.scorers, "times.py"))
        done = subprocess.run([sys.executable, scorer, str(gold_path), str(path), "--errors", str(options.errors)])
    print(f"ms/story {1000 * spent / max(1, len(lines)):.2f}")
    return done.returncode


def story_of(gold: dict[str, Any]) -> tuple[Document, Story]:
    """A story of a gold text: the first line is the headline, the other lines are the body."""
    text = gold["text"]
    lines = [Span(*found.span()) for found in re.finditer(r"[^\n]+", text)]
    try:
        published = dt.date.fromisoformat((gold.get("date") or gold.get("dct") or "")[:10])
    except ValueError:
        published = None
    document = Document(id="document", text=text, location=f"gold#{gold['id']}", media_type="text/plain")
    story = Story(
        id="story", document_id="document", outlet_id=None, headline=lines[0] if lines else None, dateline=None,
        body=tuple(lines[1:]), published_at=published,
    )  # fmt: skip
    return document, story


if __name__ == "__main__":
    sys.exit(main())
