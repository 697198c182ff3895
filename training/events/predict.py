"""Writes what the product would print for stories that were kept, with a branch that is not shipped yet.

python -m training.events.predict --kept runs/events.pkl --seen runs/seen --fold dev --out runs/dev.jsonl
"""

from __future__ import annotations

import argparse
from dataclasses import fields, replace
from pathlib import Path

from dateline.events import find_events, load_event_model
from dateline.faces.jsonlines import to_line
from dateline.pipeline import StoryReading
from dateline.records import StoryRecords
from training.events.assemble import load


def main() -> None:
    """Parse the command line and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--seen", type=Path, required=True)
    parser.add_argument("--fold", default="dev")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    model = load_event_model()
    with options.out.open("w", encoding="utf-8") as lines:
        for one in load(options.kept, options.seen):
            if one.story.fold != options.fold:
                continue
            analysis = replace(one.story.analysis, happenings=one.scene.happenings)
            found = find_events(one.story.story, analysis, one.scene.reading, model=model)
            records = replace(
                one.story.records, events=found.events, mentions=(*one.story.records.mentions, *found.mentions)
            )
            values = {each.name: getattr(records, each.name) for each in fields(StoryRecords)}
            lines.write(to_line(StoryReading(document=one.story.document, outlet=one.story.outlet, **values)) + "\n")


if __name__ == "__main__":
    main()
