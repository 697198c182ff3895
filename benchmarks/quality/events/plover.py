"""Measures the PLOVER export on gold sentences through the product, with the shared scorer.

usage: python -m benchmarks.quality.events.plover GOLD.jsonl --scorers FOLDER
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.quality.events.run import read_gold


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--scorers", type=Path, default=Path("../shared/score"))
    parser.add_argument("--by-type", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = read_gold(options.gold, options.scorers, Path(folder), ["--to", "plover"])
        extra = ["--by-type"] if options.by_type else []
        return subprocess.run(
            [sys.executable, options.scorers / "plover.py", options.gold, told, *extra], check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
