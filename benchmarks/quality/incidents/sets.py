"""The sets of stories that incidents are learned and measured on, read by the product once and kept under `runs/`.

usage: python -m benchmarks.quality.incidents.sets DATA [NAME...]

DATA: the folder of the corpora. Of each story the product is given what its publisher gave: headline, text, date,
outlet and address; nothing of its cluster. The records lie in `runs/incidents/NAME.jsonl`, which git ignores;
they are read again where the product's version or weights are others than those written beside them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
KEPT = ROOT / "runs" / "incidents"
SOME_UNREAD = 3  # a status of `dateline read`: an input of a few words gave no story
SETS = {
    "ecbplus.dev": "ecbplus.dev.docs.jsonl.gz",
    "ecbplus.train": "ecbplus.train.docs.jsonl.gz",
    "allsides.dev": "allsides.dev.jsonl.gz",
    "allsides.train": "allsides.train.jsonl.gz",
    "basil": "basil.docs.jsonl",
}


def main() -> int:
    data = Path(sys.argv[1])
    for name in sys.argv[2:] or SETS:
        print(name, read_set(data, name), flush=True)
    return 0


def read_set(data: Path, name: str) -> Path:
    """The records of a set of stories, as `dateline read --split never` prints them; read now where they are not
    kept.
    """
    records, mark = KEPT / f"{name}.jsonl", KEPT / f"{name}.made-with"
    made_with = reader_digest()
    if records.exists() and mark.exists() and mark.read_text() == made_with:
        return records
    KEPT.mkdir(parents=True, exist_ok=True)
    asked = KEPT / f"{name}.stories.jsonl"
    with asked.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(asked_of(each), ensure_ascii=False) + "\n" for each in gold(data, name))
    program = Path(sys.executable).with_name("dateline")
    reading = [program, "read", asked, "--split", "never", "--format", "jsonl", "--out", records]
    status = subprocess.run(reading, check=False, stderr=subprocess.DEVNULL).returncode
    if status not in (0, SOME_UNREAD):
        raise SystemExit(f"reading {name} ended with status {status}")
    mark.write_text(made_with)
    return records


def gold(data: Path, name: str) -> Iterator[dict[str, Any]]:
    """The stories of a set as they are annotated: doc_id, cluster_id, text and more."""
    path = data / "incidents" / SETS[name]
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def asked_of(story: dict[str, Any]) -> dict[str, Any]:
    """A line of input for the product."""
    fields = {"id": "doc_id", "title": "title", "text": "text", "date": "date", "outlet": "source", "url": "url"}
    return {ours: story[theirs] for ours, theirs in fields.items() if story.get(theirs)}


def reader_digest() -> str:
    """What the records depend on: the code and the weights that read a story."""
    digest = hashlib.sha256()
    for folder in ("reading", "language", "grounding", "claims", "events"):
        for path in sorted((ROOT / "src" / "dateline" / folder).rglob("*")):
            if path.is_file() and path.suffix in (".py", ".tsv", ".npz", ".json", ".onnx", ".txt"):
                digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
