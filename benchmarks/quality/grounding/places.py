"""Measures places end to end: the shipped product reads the stories, the shared scorer judges them.

usage: python -m benchmarks.quality.grounding.places GOLD.jsonl --scorers FOLDER [--every N] [--errors N]

--every N reads each Nth story only, the first included: LGL takes two minutes as a whole, the gate measures a third.
LGL and TR-News had a part in the fit of weights.tsv; what they say of the shipped weights is a floor against decline
and no result. Results are in src/dateline/grounding/places/README.md, from `python -m training.places.fit`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from dateline.grounding import resolve_places
from dateline.language import analyze, find_mentions
from dateline.pipeline import Config, load_resources
from dateline.reading import find_stories, read_documents
from dateline.records import Problem


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--scorers", default="../shared/score")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    lines = options.gold.read_text(encoding="utf-8").strip("\n").split("\n")[:: options.every]
    resources = load_resources()
    predicted, spent = [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        inputs, gold, found = (Path(folder, name) for name in ("inputs.jsonl", "gold.jsonl", "predicted.jsonl"))
        gold.write_text("\n".join(lines) + "\n", encoding="utf-8")
        inputs.write_text("\n".join(json.dumps(input_line(json.loads(line))) for line in lines), encoding="utf-8")
        for received in read_documents([str(inputs)], limits=Config().limits):
            if isinstance(received, Problem):
                print(received.message, file=sys.stderr)
                continue
            stories = find_stories(received, lexicons=resources.reading, split="never")
            outlets = {outlet.id: outlet for outlet in stories.outlets}
            for story in stories.stories:
                analysis = analyze(received.document, story, resources.model)
                mentions = find_mentions(analysis)
                started = time.perf_counter()
                places = resolve_places(
                    received.document, story, analysis, mentions, gazetteer=resources.gazetteer,
                    lexicons=resources.places, outlet=outlets.get(story.outlet_id or ""),
                )  # fmt: skip
                spent += time.perf_counter() - started
                predicted.append(json.dumps(record(received.document.location, places)))
        found.write_text("\n".join(predicted) + "\n", encoding="utf-8")
        scorer = str(Path(options.scorers, "places.py"))
        done = subprocess.run([sys.executable, scorer, str(gold), str(found), "--errors", str(options.errors)])
    print(f"ms/story {1000 * spent / max(1, len(predicted)):.2f}")
    return done.returncode


def input_line(row: dict[str, Any]) -> dict[str, Any]:
    """What the product is given of a gold story: text, date and outlet."""
    outlet = row.get("outlet") or row.get("domain") or None
    return {"id": row["id"], "text": row["text"], "published_at": row.get("date") or None, "outlet": outlet}


def record(location: str, found: Any) -> dict[str, Any]:
    """The part of the product's JSON line that the scorer reads."""
    return {
        "document": {"location": location},
        "mentions": [
            {"id": each.id, "kind": each.kind, "span": [each.span.start, each.span.end]} for each in found.mentions
        ],
        "places": [
            {"id": each.id, "name": each.name, "latitude": each.latitude, "longitude": each.longitude,
             "country": each.country} for each in found.places
        ],
        "place_refs": [{"place_id": each.place_id, "mention_id": each.mention_id} for each in found.place_refs],
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
