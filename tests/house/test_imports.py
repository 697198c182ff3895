"""The direction of imports is checked, and the check really sees a wrong one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("importlinter", reason="import-linter is a development tool: pip install -e '.[dev]'")

WRONG = [
    ("records.py", "from dateline import reading"),
    ("reading/__init__.py", "from dateline import language"),
    ("language/__init__.py", "import dateline.claims"),
    ("claims/__init__.py", "from dateline import reading"),
    ("exports/coding.py", "from dateline import language"),
    ("exports/story.py", "from dateline import pipeline"),
    ("incidents/__init__.py", "from dateline import reading"),
    ("standing.py", "from dateline import exports"),
    ("store/rows.py", "from dateline import exports"),
    ("store/store.py", "from dateline import pipeline"),
    ("pipeline/config.py", "import sqlalchemy"),
    ("faces/cli.py", "from dateline.claims import find_claims"),
    ("pipeline/journey.py", "from dateline.faces import cli"),
]


def test_imports_point_towards_the_records(root: Path) -> None:
    _lint(root, source=root / "src", expect_broken=False)


@pytest.mark.parametrize(("module", "line"), WRONG, ids=[module for module, _ in WRONG])
def test_a_planted_violation_is_found(module: str, line: str, root: Path, tmp_path: Path) -> None:
    source = tmp_path / "src"
    shutil.copytree(root / "src", source, ignore=shutil.ignore_patterns("__pycache__", "*.onnx", "weights"))
    path = source / "dateline" / module
    planted = f"{line}  # planted"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{planted}\n", encoding="utf-8")
    _lint(root, source=source, expect_broken=True)


def _lint(root: Path, *, source: Path, expect_broken: bool) -> None:
    run = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--config", root / "pyproject.toml"],
        capture_output=True,
        text=True,
        cwd=source,
        env=os.environ | {"PYTHONPATH": str(source)},
        check=False,
    )
    assert run.returncode == (1 if expect_broken else 0), run.stdout + run.stderr
    assert ("BROKEN" in run.stdout) == expect_broken, run.stdout + run.stderr
