"""Broken web pages: whatever is cut, doubled or swapped in one, there is a story or a problem, never a fault.

`make robustness` runs this with 200 pages; the ordinary tests with a few.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

from dateline.pipeline import Resources, StoryReading, read_inputs
from dateline.records import Problem

PAGES = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "robustness" else 15
INSERTS = ["<div>" * 50, "</article>", "<script>", "<!--", "&#xD800;", "&lt;", "\x00", "<p>", "“", "<table>", "{"]


def test_a_broken_page_gives_a_story_or_a_problem(examples: Path, resources: Resources, tmp_path: Path) -> None:
    page = (examples / "lantern-online.html").read_text(encoding="utf-8")
    chance = random.Random(20260317)
    lines = [json.dumps({"id": str(number), "html": _mutated(page, chance)}) for number in range(PAGES)]
    path = tmp_path / "pages.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    seen = set()
    for outcome in read_inputs([str(path)], resources):
        if isinstance(outcome, StoryReading):
            seen.add(outcome.document.location.rsplit("#", 1)[-1])
            length = len(outcome.document.text)
            for claim in outcome.claims:
                assert all(0 <= span.start < span.end <= length for span in (*claim.source, *claim.cue, *claim.content))
            problems: tuple[Problem, ...] = outcome.problems
        else:
            seen.add(outcome.location.rsplit("#", 1)[-1].split(":")[0])
            problems = (outcome,)
        assert not [problem for problem in problems if "fault of the program" in (problem.remedy or "")]
    assert len(seen) == PAGES


def _mutated(page: str, chance: random.Random) -> str:
    """Up to a dozen cuts, doublings, swaps and insertions at random places."""
    for _ in range(chance.randint(1, 12)):
        start = chance.randrange(len(page))
        end = min(len(page), start + chance.choice([1, 5, 40, 300]))
        piece = page[start:end]
        changed = chance.choice([piece[::-1], "", piece * 2, chance.choice(INSERTS) + piece])
        page = page[:start] + changed + page[end:]
        if len(page) < 50:
            break
    return page
