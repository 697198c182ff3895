"""Measures the claims of Dateline on a gold file with the shared scorers.

usage: python -m benchmarks.quality.claims.run GOLD.jsonl [--spans gold|text] [--cut SHARE]
    [--scorers FOLDER] [--floors]

--spans text   the product reads the stories (default): `dateline read` on the gold's texts
--spans gold   the claims stage alone, on the gold's own spans: right spans must come out right
--cut 0.4      with --spans gold, cut 40% of the contents first, to see what the repairs bring back
--floors       fail when a figure lies under its floor in floors.json

Predictions are written beside the figures, in PRED (default: a temporary file).
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.quality.claims.gold_analysis import analysis_of, read_gold

HERE = Path(__file__).parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold")
    parser.add_argument("--spans", choices=("gold", "text"), default="text")
    parser.add_argument("--cut", type=float, default=0.0)
    parser.add_argument("--scorers", default="../shared/score")
    parser.add_argument("--pred")
    parser.add_argument("--model", type=Path, help="language model weights in place of the package's")
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--floors", action="store_true")
    arguments = parser.parse_args()
    pred = Path(arguments.pred or tempfile.mkstemp(suffix=".jsonl")[1])
    lines = (
        read_spans(arguments.gold, arguments.cut)
        if arguments.spans == "gold"
        else read_text(arguments.gold, arguments.model)
    )
    pred.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    options = ["--by-type", "--errors", str(arguments.errors), *(["--strict"] if arguments.strict else [])]
    output = score(arguments.scorers, "claims.py", arguments.gold, pred, *options)
    if next(read_gold(arguments.gold)).get("actors") is not None:
        output += score(arguments.scorers, "acts.py", arguments.gold, pred)
    print(output)
    return check_floors(Path(arguments.gold), arguments.spans, output) if arguments.floors else 0


def read_spans(path: str, cut: float) -> Iterator[str]:
    """Predictions of the claims stage on the gold's spans."""
    from dateline.claims import find_claims, load_lexicons

    lexicons = load_lexicons()
    for seed, gold in enumerate(read_gold(path)):
        analysis, story, mentions = analysis_of(gold, cut=cut, seed=seed)
        found = find_claims(analysis, mentions, story, actors=(), lexicons=lexicons)
        yield _json(
            gold["id"], mentions=mentions, **{f.name: getattr(found, f.name) for f in dataclasses.fields(found)}
        )


def read_text(path: str, model: Path | None) -> Iterator[str]:
    """Predictions of the whole product on the gold's texts."""
    import dateline

    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8", delete=False) as given:
        for gold in read_gold(path):
            record = {"id": gold["id"], "text": gold["text"], "published_at": gold.get("date") or None}
            given.write(json.dumps(record) + "\n")
    resources = dateline.load(model)
    for records in dateline.read(Path(given.name), resources=resources):
        fields = {f.name: getattr(records, f.name) for f in dataclasses.fields(records)}
        yield _json(records.document.location.rsplit("#", 1)[-1], **{name: fields[name] for name in _NEEDED})


_NEEDED = ("mentions", "actors", "actor_refs", "claims")


def score(scorers: str, name: str, gold: str, pred: Path, *options: str) -> str:
    """What one scorer prints."""
    command = [sys.executable, str(Path(scorers) / name), gold, str(pred), *options]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def check_floors(gold: Path, spans: str, output: str) -> int:
    """Compare with floors.json: one floor for each figure, for exactly this file."""
    digest = hashlib.sha256(gold.read_bytes()).hexdigest()[:16]
    floors = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))
    wanted = [floor for floor in floors if floor["data"] == digest and floor["spans"] == spans]
    if not wanted:
        print(f"no floor for {gold.name} ({digest}, --spans {spans})")
        return 0
    low = [floor for floor in wanted if figure(output, floor["figure"]) < floor["floor"] - floor["noise"]]
    for floor in low:
        print(f"below its floor: {floor['figure']} is {figure(output, floor['figure'])}, floor {floor['floor']}")
    return 1 if low else 0


def figure(output: str, name: str) -> float:
    """One number of the scorers' output: F1 for a row of three, else the first number after the name."""
    row = re.search(rf"^{re.escape(name)} +(.+)$", output, re.MULTILINE)
    if row is None:
        raise SystemExit(f"the scorers print no figure {name!r}")
    if row.group(1).startswith("{"):
        return float(json.loads(row.group(1))["f1"])
    numbers = [float(number) for number in re.findall(r"[\d.]+", row.group(1))]
    return numbers[2] if len(numbers) >= 5 else numbers[0]


def _json(key: str, **fields: Any) -> str:
    record = {"document": {"id": key, "location": f"gold#{key}", "media_type": "text/plain"}, **fields}
    return json.dumps(record, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value))


if __name__ == "__main__":
    sys.exit(main())
