"""Measures when claims were made, on gold claims: whose `said_at` has the day that the gold's time has.

usage: python -m benchmarks.quality.grounding.said_at GOLD.jsonl

Sources, cues and contents are the gold's, times are Dateline's: so the figure is of this step and of the times alone.
A part of a day counts as its day.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.quality.grounding.times import story_of
from dateline import language
from dateline.grounding import date_claims, load_time_lexicons, resolve_times
from dateline.pipeline import Config
from dateline.records import ActorRef, Claim, Span


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    options = parser.parse_args()
    lexicons, model = load_time_lexicons(), language.load_model(Config().model_folder)
    right = given = known = 0
    methods: dict[str, list[int]] = {}
    for line in options.gold.read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        document, story = story_of(gold)
        analysis = language.analyze(document, story, model)
        found = resolve_times(document, story, (), lexicons=lexicons, analysis=analysis)
        values = {each["id"]: each["value"] for each in gold["times"]}
        expected = {each["id"]: str(values.get(each["said_at"]))[:10] for each in gold["claims"] if each["said_at"]}
        known += len(expected)
        claims = sorted(map(claim_of, gold["claims"]), key=_place)
        for claim in date_claims(claims, found.times, found.mentions, analysis, lexicons=lexicons):
            if claim.said_at is not None:
                hit = expected.get(claim.id) == claim.said_at.value[:10]
                tally = methods.setdefault(claim.evidence[-1].method, [0, 0])
                tally[0] += hit
                tally[1] += 1
                right, given = right + hit, given + 1
    precision, recall = 100 * right / max(1, given), 100 * right / max(1, known)
    print(f"said_at precision {precision:.1f} recall {recall:.1f} F1 {200 * right / max(1, given + known):.1f}")
    for method, (hits, all_) in sorted(methods.items()):
        print(f"{method} {hits} of {all_}")
    return 0


def claim_of(gold: dict[str, Any]) -> Claim:
    def spans(pairs: list[list[int]]) -> tuple[Span, ...]:
        return tuple(Span(*pair) for pair in pairs)

    actors = gold["source_actor"] if isinstance(gold["source_actor"], list) else [gold["source_actor"]]
    return Claim(
        id=gold["id"], story_id="story", source=spans(gold["source"]), cue=spans(gold["cue"]),
        content=spans(gold["content"]), act=gold["act"], quotation=gold["quotation"], within=gold["within"],
        source_actors=tuple(ActorRef(actor_id=actor, mention_id="") for actor in actors if actor),
    )  # fmt: skip


def _place(claim: Claim) -> int:
    return min((span.start for span in (*claim.source, *claim.cue, *claim.content)), default=0)


if __name__ == "__main__":
    sys.exit(main())
