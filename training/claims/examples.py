"""Turns gold stories into what the claims stage sees: drafts with their settings, without any repair."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.quality.claims.gold_analysis import analysis_of, read_gold

from dateline.claims.attribution import Draft, Marked, mark_quotations
from dateline.claims.speech_acts import Setting, settings_of
from dateline.records import Span
from training.prepare.news import annotated_news


@dataclass(frozen=True)
class GoldStory:
    """One story with its claims as drafts, in text order; `gold` has the annotations in the same order."""

    id: str
    text: str
    drafts: tuple[Draft, ...]
    parents: tuple[int | None, ...]
    settings: tuple[Setting, ...]
    marked: Marked
    gold: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class GoldSets:
    """Stories to fit on, stories to choose on (the core has not seen them), stories to report on."""

    train: list[GoldStory]
    tune: list[GoldStory]
    dev: list[GoldStory]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that `read_sets` needs."""
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--news", type=Path, default=Path("training/annotations/claims.jsonl"))


def read_sets(options: argparse.Namespace) -> GoldSets:
    """Own stories and the annotated news stories, in their folds."""
    own = options.data / "attributed-events"
    news = list(annotated_news(options.news, options.data))
    train = [story for story in news if story["fold"] == "train"]
    tune = [story for story in news if story["fold"] == "tune"]
    return GoldSets(
        train=list(gold_stories([*read_gold(own / "train.jsonl"), *train])),
        tune=list(gold_stories(tune)),
        dev=list(gold_stories(read_gold(own / "dev.jsonl"))),
    )


def gold_stories(records: Iterable[dict[str, Any]]) -> Iterator[GoldStory]:
    """Each story with its spans as drafts."""
    for record in records:
        analysis, _, _ = analysis_of(record)
        claims = sorted((claim for claim in record["claims"] if claim["content"]), key=_start)
        drafts = tuple(
            Draft(
                source=_spans(claim["source"]),
                cue=_spans(claim["cue"]),
                content=_spans(claim["content"]),
                layer=int(bool(claim.get("within"))),
            )
            for claim in claims
        )
        index = {claim.get("id", place): place for place, claim in enumerate(claims)}
        parents = tuple(index.get(claim.get("within")) for claim in claims)
        marked = mark_quotations(analysis)
        settings = settings_of(record["text"], drafts, parents, marked)
        yield GoldStory(record["id"], record["text"], drafts, parents, settings, marked, tuple(claims))


def _start(claim: dict[str, Any]) -> int:
    return min(start for start, _ in (*claim["cue"], *claim["content"]))


def _spans(pairs: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in sorted(map(tuple, pairs)))
