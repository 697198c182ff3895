"""Annotated stories as the product reads them, and the two scores: groups of stories, links of events."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.incidents.sets import gold, read_set
from dateline.faces.jsonlines import from_lines
from dateline.incidents import Knowledge, Prepared, prepare
from dateline.records import Id, Problem, StoryRecords

Mention = tuple[int, int, str]  # first character, end, chain


@dataclass(frozen=True, slots=True)
class AnnotatedStory:
    """A story of a set: its name there, the name of its happening, and what the product read."""

    name: str
    about: str
    prepared: Prepared

    @property
    def records(self) -> StoryRecords:
        return self.prepared.records


def load_stories(data: Path, name: str, knowledge: Knowledge) -> list[AnnotatedStory]:
    """The stories of a set that the product could read."""
    annotated = {str(each["doc_id"]): each for each in gold(data, name)}
    found: list[AnnotatedStory] = []
    with read_set(data, name).open(encoding="utf-8") as lines:
        for saved in from_lines(lines, location=name):
            if isinstance(saved, Problem):
                raise SystemExit(f"{saved.location}: {saved.message}")
            own = saved.document_location.rsplit("#", 1)[-1]
            story = annotated[own]
            prepared = prepare(saved.records, story["text"], knowledge=knowledge)
            found.append(AnnotatedStory(own, str(story["cluster_id"]), prepared))
    return found


def chains_of_events(data: Path, name: str, stories: Iterable[AnnotatedStory], *, triggers: bool) -> dict[Id, set[str]]:
    """For each predicted event whose words overlap annotated event mentions, the chains of these.

    triggers: by the trigger alone, as they are scored; else by every mention of the event, as they are learned.
    """
    mentions: dict[str, list[Mention]] = defaultdict(list)
    path = data / "incidents" / f"{name}.mentions.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for each in map(json.loads, lines):
            if each["kind"] == "event":
                mentions[each["doc_id"]].append((int(each["start"]), int(each["end"]), each["chain"]))
    chains: dict[Id, set[str]] = {}
    for story in stories:
        for event in story.records.events:
            spans = (event.trigger,) if triggers else (event.trigger, *event.other_mentions)
            found = {
                chain
                for span in spans
                for start, end, chain in mentions[story.name]
                if span.start < end and start < span.end
            }
            if found:
                chains[event.id] = found
    return chains


def story_score(stories: Iterable[AnnotatedStory], groups: Mapping[str, object]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 (Bagga and Baldwin 1998). groups: story's name -> its group."""
    alike: dict[str, set[str]] = defaultdict(set)
    together: dict[object, set[str]] = defaultdict(set)
    about = {story.name: story.about for story in stories}
    for name, happening in about.items():
        alike[happening].add(name)
        together[groups[name]].add(name)
    shared = {name: len(alike[about[name]] & together[groups[name]]) for name in about}
    precision = sum(shared[name] / len(together[groups[name]]) for name in about) / len(about)
    recall = sum(shared[name] / len(alike[about[name]]) for name in about) / len(about)
    return precision, recall, 2 * precision * recall / (precision + recall)


def pairwise(
    chains: Mapping[Id, set[str]], groups: Mapping[Id, object], story_of: Mapping[Id, str]
) -> tuple[float, float, float, int]:
    """Precision, recall and F1 of links between annotated events of different stories; and how many the gold has."""
    names = sorted(chains)
    right = predicted = wanted = 0
    for at, one in enumerate(names):
        for other in names[:at]:
            if story_of[one] != story_of[other]:
                same, linked = bool(chains[one] & chains[other]), groups[one] == groups[other]
                right += same and linked
                predicted += linked
                wanted += same
    precision, recall = right / max(1, predicted), right / max(1, wanted)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall), wanted
