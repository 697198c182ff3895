"""Measures incidents through the product: which stories are about the same, which events of different stories are
one.

usage: python -m benchmarks.quality.incidents.run DATA NAME [--scorers FOLDER]

NAME: allsides.dev, ecbplus.dev, basil. Stories: B-cubed by the shared scorer over what `dateline incidents`
prints. Events (ECB+ alone): links between predicted events of different stories whose triggers overlap annotated
event mentions; a link is right where these are of one chain. Stories are read by the product once; they and
their incidents are kept under `runs/`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from benchmarks.quality.incidents.sets import KEPT, gold, read_set
from benchmarks.quality.incidents.stories import chains_of_events, load_stories, pairwise
from dateline.incidents import load_knowledge


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("name", choices=("allsides.dev", "ecbplus.dev", "basil"))
    parser.add_argument("--scorers", type=Path, default=Path("../shared/score"))
    options = parser.parse_args()
    records = read_set(options.data, options.name)
    told, annotated = KEPT / f"{options.name}.incidents.jsonl", KEPT / f"{options.name}.gold.jsonl"
    with annotated.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(each) + "\n" for each in gold(options.data, options.name))
    program = Path(sys.executable).with_name("dateline")
    subprocess.run([program, "incidents", records, "--format", "jsonl", "--out", told], check=True)
    score = subprocess.run(
        [sys.executable, options.scorers / "incidents.py", annotated, told],
        check=True,
        capture_output=True,
        text=True,
    )
    print("stories:", score.stdout.strip())
    if options.name.startswith("ecbplus"):
        print("events:", json.dumps(event_links(options.data, options.name, told)))
    return 0


def event_links(data: Path, name: str, told: Path) -> dict[str, float]:
    """Links between events of different stories, as the product printed them."""
    stories = load_stories(data, name, load_knowledge())
    chains = chains_of_events(data, name, stories, triggers=True)
    story_of = {event.id: story.name for story in stories for event in story.records.events}
    with told.open(encoding="utf-8") as lines:
        groups = {event: number for number, line in enumerate(lines) for event in json.loads(line)["event_ids"]}
    precision, recall, f1, wanted = pairwise(chains, groups, story_of)
    return {"p": round(precision, 3), "r": round(recall, 3), "f1": round(f1, 3), "events": len(chains), "links": wanted}


if __name__ == "__main__":
    sys.exit(main())
