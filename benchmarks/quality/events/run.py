"""Measures events on gold stories through the product, with the shared scorer.

usage: python -m benchmarks.quality.events.run GOLD.jsonl --scorers FOLDER [--reliability]

--reliability: how often events are annotated ones, by how sure the model said it is of them, with the expected
calibration error.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--scorers", type=Path, default=Path("../shared/score"))
    parser.add_argument("--reliability", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = read_gold(options.gold, options.scorers, Path(folder), ["--format", "jsonl"])
        result = subprocess.run([sys.executable, options.scorers / "events.py", options.gold, told], check=False)
        if options.reliability:
            print("\n".join(reliability(options.gold, told)))
        return result.returncode


def read_gold(gold: Path, scorers: Path, folder: Path, form: list[str]) -> Path:
    """What the product prints for gold stories."""
    asked, told = folder / "stories.jsonl", folder / "records.jsonl"
    with asked.open("w", encoding="utf-8") as out:
        subprocess.run([sys.executable, scorers / "product.py", gold], stdout=out, check=True)
    program = Path(sys.executable).with_name("dateline")
    reading = [program, "read", asked, "--split", "never", *form, "--out", told]
    subprocess.run(reading, check=True, stderr=subprocess.DEVNULL)
    return told


def reliability(gold: Path, told: Path) -> Iterator[str]:
    """A line for each tenth of confidence: events, mean confidence, share paired one to one with an annotated event."""
    annotated = {
        record["id"]: [
            [tuple(each) for each in (event["trigger"], *event["other_mentions"])] for event in record["events"]
        ]
        for record in map(json.loads, gold.open(encoding="utf-8"))
    }
    rows: list[tuple[float, bool]] = []
    for line in map(json.loads, told.open(encoding="utf-8")):
        events = line["events"]
        words = [[(s["start"], s["end"]) for s in (one["trigger"], *one["other_mentions"])] for one in events]
        paired = pair(words, annotated[line["document"]["location"].rsplit("#", 1)[-1]])
        for number, event in enumerate(events):
            sure = next(each["confidence"] for each in event["evidence"] if each["field"] == "event")
            rows.append((sure, number in paired))
    error = 0.0
    for tenth in range(10):
        here = [
            (sure, right) for sure, right in rows if tenth / 10 <= sure < (tenth + 1) / 10 or (tenth == 9 and sure == 1)
        ]
        if here:
            mean, share = sum(s for s, _ in here) / len(here), sum(r for _, r in here) / len(here)
            error += abs(mean - share) * len(here) / len(rows)
            said = f"{tenth / 10:.1f}-{(tenth + 1) / 10:.1f}: {len(here):4d} events"
            yield f"confidence {said}, mean {mean:.2f}, annotated {share:.2f}"
    yield f"expected calibration error {100 * error:.1f}"


def pair(told: list[list[tuple[int, int]]], gold: list[list[tuple[int, int]]]) -> set[int]:
    """Which of the events told have an annotated partner: one to one, most overlapping mentions first, as the scorer
    does."""
    shared = [
        (-sum(any(a < d and c < b for a, b in mine) for c, d in theirs), number, other)
        for number, mine in enumerate(told)
        for other, theirs in enumerate(gold)
        if any(a < d and c < b for a, b in mine for c, d in theirs)
    ]
    paired: set[int] = set()
    used: set[int] = set()
    for _, number, other in sorted(shared):
        if number not in paired and other not in used:
            paired.add(number)
            used.add(other)
    return paired


if __name__ == "__main__":
    sys.exit(main())
