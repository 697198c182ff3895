"""Quality is gated like correctness: measure each discipline and compare with the committed floors.

    python benchmarks/quality/gate.py --data ../shared/data [--only claims] [--accept] [--save RESULTS.json]

`floors.json` holds for each discipline its measurements: a command, the data it needs with their digest, and the
figures to find in what it prints, each with a floor and the noise that is no reason to fail. A figure fails when it
lies below its floor by more than the noise. A floor of null is measured and shown only. Data of another digest fail:
the floor would mean nothing. `--accept` writes what was measured as the new floors; a lower one needs a reason in the
commit's message.

Exit status: 0 all figures hold, 1 some do not, 2 nothing could be measured.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import io
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FLOORS = HERE / "floors.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One figure of one measurement, compared. value None: the command did not print it."""

    measurement: str
    figure: str
    value: float | None
    floor: float | None
    noise: float

    @property
    def holds(self) -> bool:
        return self.value is not None and (self.floor is None or self.value >= self.floor - self.noise)

    def line(self) -> str:
        value = "missing" if self.value is None else f"{self.value:g}"
        floor = "no floor yet" if self.floor is None else f"floor {self.floor:g} ± {self.noise:g}"
        return f"  {'ok  ' if self.holds else 'FAIL'} {self.figure:<32} {value:>8}   {floor}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--only", metavar="DISCIPLINE", help="only this one")
    parser.add_argument("--accept", action="store_true", help="write what was measured as the new floors")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="disciplines at a time")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write figures, commit, machine and date as JSON")
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"gate: no data folder at {options.data}; nothing was measured. Name it with --data.", file=sys.stderr)
        return 2
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    verdicts: list[Verdict] = []
    failed = False
    chosen = {name: each for name, each in floors.items() if options.only in (None, name)}
    with ThreadPoolExecutor(options.jobs) as pool:
        # The last discipline takes the longest, so it begins first. Those of one discipline share what was read.
        running = {
            name: pool.submit(measure_all, name, chosen[name], options.data, accept=options.accept)
            for name in reversed(chosen)
        }
        for name in chosen:
            told, found, held = running[name].result()
            print(told, end="", flush=True)
            verdicts += found
            failed |= not held
    if options.accept:
        FLOORS.write_text(json.dumps(floors, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if options.save:
        options.save.write_text(json.dumps(report(verdicts), indent=2) + "\n", encoding="utf-8")
    if not verdicts:
        return 2
    return 1 if failed and not options.accept else 0


def measure_all(
    discipline: str, measurements: dict[str, Any], data: Path, *, accept: bool
) -> tuple[str, list[Verdict], bool]:
    """Run the measurements of one discipline, one after the other: what to print, the figures, whether all hold."""
    out, verdicts, held = io.StringIO(), [], True
    for name, measurement in measurements.items():
        print(f"{discipline}: {name}", file=out)
        found = measure(name, measurement, data, accept=accept, out=out)
        verdicts += found
        held &= bool(found) and all(verdict.holds for verdict in found)
    return out.getvalue(), verdicts, held


def measure(name: str, measurement: dict[str, Any], data: Path, *, accept: bool, out: TextIO) -> list[Verdict]:
    """Run one measurement and compare its figures; with `accept`, put them into `measurement` as the new floors."""
    digest = digest_of([data / each for each in measurement["data"]])
    if accept:
        measurement["digest"] = digest
    elif measurement["digest"] not in (None, digest):
        print(
            f"  FAIL its data are not those of the floors (digest {digest}, floors for {measurement['digest']})",
            file=out,
        )
        return []
    started = time.monotonic()
    printed = run(measurement["command"], data, out)
    verdicts = list(compare(name, measurement["figures"], printed))
    for verdict in verdicts:
        print(verdict.line(), file=out)
        if accept and verdict.value is not None:
            measurement["figures"][verdict.figure]["floor"] = verdict.value
    print(f"       {time.monotonic() - started:.0f} s", file=out)
    return verdicts


def run(command: list[str], data: Path, out: TextIO) -> str:
    """What a command prints; `{data}` in it is the data folder. What it says besides is shown."""
    words = [sys.executable, *(word.format(data=data) for word in command)]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=one_thread(), check=False)
    if done.returncode:
        print(f"  FAIL status {done.returncode}: {' '.join(words)}", file=out)
    return done.stdout


def compare(name: str, figures: dict[str, Any], printed: str) -> Iterator[Verdict]:
    """Find each figure by its pattern, whose first group is the number; `^` and `$` are the ends of lines."""
    for figure, expected in figures.items():
        found = re.search(expected["find"], printed, re.MULTILINE)
        yield Verdict(
            measurement=name,
            figure=figure,
            value=float(found.group(1)) if found else None,
            floor=expected["floor"],
            noise=expected["noise"],
        )


def digest_of(paths: list[Path]) -> str:
    """One digest for several files, or for all files of a folder, by name and content."""
    digest = hashlib.sha256()
    for path in paths:
        for each in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if each.is_file():
                digest.update(each.name.encode())
                digest.update(each.read_bytes())
    return digest.hexdigest()[:16]


def report(verdicts: list[Verdict]) -> dict[str, Any]:
    """A result can be trusted later only with its commit, machine and date."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=ROOT, check=False
    ).stdout.strip()
    return {
        "commit": commit or None,
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "figures": {f"{each.measurement}: {each.figure}": each.value for each in verdicts},
    }


def one_thread() -> dict[str, str]:
    """The environment for a fair measurement: numeric libraries on one core, modules of the project found."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return os.environ | threads | {"PYTHONPATH": str(ROOT)}


if __name__ == "__main__":
    sys.exit(main())
