"""Measures actors on gold stories through the product, with the shared scorers.

usage: python -m benchmarks.quality.grounding.actors GOLD.jsonl --scorers FOLDER
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--scorers", type=Path, default=Path("../shared/score"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asked, told = Path(folder, "stories.jsonl"), Path(folder, "records.jsonl")
        with asked.open("w", encoding="utf-8") as out:
            subprocess.run([sys.executable, options.scorers / "product.py", options.gold], stdout=out, check=True)
        program = Path(sys.executable).with_name("dateline")
        reading = [program, "read", asked, "--split", "never", "--format", "jsonl", "--out", told]
        subprocess.run(reading, check=True, stderr=subprocess.DEVNULL)
        return max(
            subprocess.run([sys.executable, options.scorers / scorer, options.gold, told], check=False).returncode
            for scorer in ("actors.py", "acts.py")
        )


if __name__ == "__main__":
    sys.exit(main())
