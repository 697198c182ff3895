"""Measures who did it, how sure that is, who suffered, with what and with what loss on MUC-4, through the product.

usage: python -m benchmarks.quality.events.muc4 MUC4.jsonl.gz --news NEWS.jsonl.gz

MUC-4 is in capitals; each word gets the form that it has most often in the news of --news. Slots are compared over a
whole
document (as in role-filler evaluations since Patwardhan and Riloff 2009): a filler is right when it shares its last
word with
one way of naming a gold filler; each gold filler is found once. Of organizations that are found, the confidence is
compared
with the event's standing. killed: documents where the gold counts the dead of some group.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

SLOTS = {
    "perpetrator": ("PERP: INDIVIDUAL ID", "PERP: ORGANIZATION ID"),
    "target": ("PHYS TGT: ID", "HUM TGT: NAME", "HUM TGT: DESCRIPTION"),
    "weapon": ("INCIDENT: INSTRUMENT ID",),
}
STANDINGS = {
    "reported": "REPORTED AS FACT",
    "claimed": "CLAIMED OR ADMITTED",
    "admitted": "CLAIMED OR ADMITTED",
    "accused": "SUSPECTED OR ACCUSED",
    "disputed": "SUSPECTED OR ACCUSED",
    "denied": "POSSIBLE",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--news", type=Path, required=True)
    options = parser.parse_args()
    documents = list(lines_of(options.gold))
    forms = usual_forms(options.news)
    with tempfile.TemporaryDirectory() as folder:
        asked, told = Path(folder, "stories.jsonl"), Path(folder, "events.jsonl")
        lines = (json.dumps({"id": one["id"], "text": cased(one["text"], forms)}) for one in documents)
        asked.write_text("\n".join(lines) + "\n", encoding="utf-8")
        program = Path(sys.executable).with_name("dateline")
        subprocess.run(
            [program, "read", asked, "--split", "never", "--to", "plover", "--out", told],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        events: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for line in map(json.loads, told.open(encoding="utf-8")):
            events[line["location"].rsplit("#", 1)[-1]].append(line)
    report(documents, events)


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a packed file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def usual_forms(news: Path) -> Mapping[str, str]:
    """The commonest form of every word, capitals and all, away from the beginnings of sentences."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for number, record in enumerate(lines_of(news)):
        if number > 3000:
            break
        for word in re.findall(r"(?<=[a-z,] )[A-Za-z]+", record["text"]):
            seen[word.lower()][word] += 1
    return {word: forms.most_common(1)[0][0] for word, forms in seen.items()}


def cased(text: str, forms: Mapping[str, str]) -> str:
    """A text in capitals as it would be printed; words that the news do not know are taken for names."""
    body = re.sub(r"(?<!\n)\n(?!\n)", " ", text.partition("[TEXT]")[2] or text)
    body = re.sub(r"[A-Z]+", lambda match: forms.get(match[0].lower(), match[0].capitalize()), body)
    return re.sub(r"(^|[.!?]\s+|\n\s*)([a-z])", lambda match: match[1] + match[2].upper(), body)


def report(documents: Iterable[dict[str, Any]], events: Mapping[str, list[dict[str, Any]]]) -> None:
    """Print precision, recall and F1 of each slot."""
    counts: dict[str, list[int]] = {slot: [0, 0, 0] for slot in SLOTS}
    confidence: Counter[bool] = Counter()
    killed: Counter[str] = Counter()
    for document in documents:
        told = [
            event
            for event in events[document["id"]]
            if event["event"] in ("ASSAULT", "HAZARD", "COERCE") and not event["verbal"]
        ]
        said = {
            "perpetrator": {party["text"] for event in told if event["event"] == "ASSAULT" for party in event["actor"]},
            "target": {party["text"] for event in told if event["event"] == "ASSAULT" for party in event["recipient"]},
            "weapon": {words for event in told for words in event["instruments"]},
        }
        for slot, names in SLOTS.items():
            gold = {
                frozenset(ways(filler))
                for template in document["templates"]
                for name in names
                for filler in template.get(name, ())
                if ways(filler)
            }
            hits = sum(any(alike(words, filler) for words in said[slot]) for filler in gold)
            right = sum(any(alike(words, filler) for filler in gold) for words in said[slot])
            for place, value in enumerate((right, len(said[slot]), hits)):
                counts[slot][place] += value
            counts[slot].append(len(gold))
        _confidence(document, told, confidence)
        _killed(document, told, killed)
    for slot, (right, predicted, hits, *golds) in counts.items():
        precision, recall = right / max(1, predicted), hits / max(1, sum(golds))
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        figures = f"P {100 * precision:.1f} R {100 * recall:.1f} F1 {100 * f1:.1f}"
        print(f"{slot:12s} {figures} ({predicted} said, {sum(golds)} gold)")
    total = sum(confidence.values())
    print(f"organization confidence right {100 * confidence[True] / max(1, total):.1f} of {total} organizations found")
    precision, recall = killed["right"] / max(1, killed["said"]), killed["right"] / max(1, killed["gold"])
    print(f"killed       P {100 * precision:.1f} R {100 * recall:.1f} ({killed['said']} said, {killed['gold']} gold)")


def ways(filler: str) -> set[str]:
    """The ways of naming a filler: what stands in quotation marks."""
    return {re.sub(r'\\"', "", way).strip().lower() for way in re.findall(r'"((?:[^"\\]|\\.)+)"', filler)}


def alike(words: str, filler: Iterable[str]) -> bool:
    """Whether words share their last word with some way of naming a filler."""
    last = words.lower().split()[-1:] if words else []
    return any(way.split()[-1:] == last for way in filler)


def _confidence(document: dict[str, Any], told: list[dict[str, Any]], counts: Counter[bool]) -> None:
    for template in document["templates"]:
        for filler in template.get("PERP: ORGANIZATION CONFIDENCE", ()):
            levels, names = filler.partition(":")[0], ways(filler)
            found = next((event for event in told for party in event["actor"] if alike(party["text"], names)), None)
            if found is not None:
                counts[STANDINGS[found["standing"]] in levels] += 1


def _killed(document: dict[str, Any], told: list[dict[str, Any]], counts: Counter[str]) -> None:
    gold = set()
    for template in document["templates"]:
        dead = {
            name
            for effect in template.get("HUM TGT: EFFECT OF INCIDENT", ())
            if effect.startswith("DEATH")
            for name in ways(effect)
        }
        for number in template.get("HUM TGT: NUMBER", ()):
            figure = re.match(r"(\d+)", number)
            if figure and ways(number) & dead:
                gold.add(int(figure[1]))
    said = {
        toll["best"]
        for event in told
        for toll in event["tolls"]
        if toll["harm"] == "killed" and toll["best"] is not None
    }
    counts["gold"] += len(gold)
    counts["said"] += len(said)
    counts["right"] += len(gold & said)


if __name__ == "__main__":
    main()
