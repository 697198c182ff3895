"""Measures times against gold with the shared scorer, as the journey reads them: with the language core.

usage: python -m benchmarks.quality.grounding.times GOLD.jsonl --scorers FOLDER [--errors N] [--part even|odd]
       [--rules] (without the core) [--whole] (MEANTIME uncut)
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

from dateline import language
from dateline.grounding import load_time_lexicons, resolve_times
from dateline.pipeline import Config
from dateline.records import Document, Span, Story

# The line under the headline of a Wikinews story; the journey takes it as the story's date, and it is not scored.
DATE_LINE = re.compile(r"\s*[A-Z][a-z]+ \d{1,2}, \d{4}\s*$")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--scorers", default="../shared/score")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--part", choices=("even", "odd"), help="only every second document")
    parser.add_argument("--rules", action="store_true", help="without the language core")
    parser.add_argument("--whole", action="store_true", help="read MEANTIME's texts to the end")
    options = parser.parse_args()
    lines = options.gold.read_text(encoding="utf-8").splitlines()
    if options.part:
        lines = lines[options.part == "odd" :: 2]
    lexicons = load_time_lexicons()
    model = None if options.rules else language.load_model(Config().model_folder)
    predicted: list[str] = []
    spent = 0.0
    for line in lines:
        gold = json.loads(line)
        document, story = story_of(gold, whole=options.whole)
        analysis = language.analyze(document, story, model) if model else None
        started = time.perf_counter()
        found = resolve_times(document, story, (), lexicons=lexicons, analysis=analysis)
        spent += time.perf_counter() - started
        predicted.append(
            json.dumps(
                {
                    "document": {"id": document.id, "location": document.location},
                    "mentions": [{"id": each.id, "span": [each.span.start, each.span.end]} for each in found.mentions],
                    "times": [{"mention_id": each.mention_id, "value": each.value} for each in found.times],
                }
            )
        )
    with tempfile.TemporaryDirectory() as folder:
        gold_path, path = Path(folder, "gold.jsonl"), Path(folder, "predicted.jsonl")
        gold_path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        path.write_text("\n".join(predicted) + "\n", encoding="utf-8")
        scorer = str(Path(options.scorers, "times.py"))
        done = subprocess.run([sys.executable, scorer, str(gold_path), str(path), "--errors", str(options.errors)])
    print(f"ms/story {1000 * spent / max(1, len(lines)):.2f}")
    return done.returncode


def story_of(gold: dict[str, Any], *, whole: bool = False) -> tuple[Document, Story]:
    """A story of a gold text: the first line is the headline, the other lines are the body."""
    text = gold["text"]
    end = len(text) if whole else annotated_end(gold)
    lines = [
        Span(*found.span())
        for found in re.finditer(r"[^\n]+", text)
        if found.start() < end and not DATE_LINE.match(found[0])
    ]
    lines = [Span(line.start, min(line.end, end)) for line in lines]
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


def annotated_end(gold: dict[str, Any]) -> int:
    """MEANTIME's annotators read headline and first sentences only; what they did not read can hold no gold.

    The end of the sentence of the last event with attributes or of the last time;
    the whole text for gold without events of that kind.
    """
    text = gold["text"]
    if "timexes" not in gold:
        return len(text)
    marked = [event["end"] for event in gold["events"] if event.get("pos")] or [0]
    last = max(*marked, *(time["end"] for time in gold["timexes"]), 0)
    found = re.compile(r"[.!?]['”\" ]*(?=\n|\s[A-Z“\"`])|\n").search(text, last)
    return found.end() if found else len(text)


if __name__ == "__main__":
    sys.exit(main())
