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
    """A line for each tenth of confidence: events, mean confidence, share that overlap an annotated event."""
    spans = {
        record["id"]: [
            tuple(each) for event in record["events"] for each in (event["trigger"], *event["other_mentions"])
        ]
        for record in map(json.loads, gold.open(encoding="utf-8"))
    }
    rows: list[tuple[float, bool]] = []
    for line in map(json.loads, told.open(encoding="utf-8")):
        annotated = spans[line["document"]["location"].rsplit("#", 1)[-1]]
        for event in line["events"]:
            sure = next(each["confidence"] for each in event["evidence"] if each["field"] == "event")
            words = [(each["start"], each["end"]) for each in (event["trigger"], *event["other_mentions"])]
            rows.append((sure, any(a < d and c < b for a, b in words for c, d in annotated)))
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


if __name__ == "__main__":
    sys.exit(main())
