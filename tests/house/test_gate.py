"""The gate fails below a floor, bears noise, and does not pass by measuring nothing."""

from __future__ import annotations

import importlib.util
import io
import json
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def gate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gate", ROOT / "benchmarks" / "quality" / "gate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["gate"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "gold.txt").write_text("gold")
    return tmp_path


def _measurement(floor: float | None, *, printed: str = "F1 70.0", noise: float = 0.5) -> dict[str, Any]:
    return {
        "command": ["-c", f"print({printed!r})"],
        "data": ["gold.txt"],
        "digest": None,
        "figures": {"F1": {"find": r"^F1 ([\d.]+)$", "floor": floor, "noise": noise}},
    }


@pytest.mark.parametrize(
    ("floor", "printed", "holds"),
    [
        (70.0, "F1 70.0", True),
        (70.5, "F1 70.0", True),
        (70.6, "F1 70.0", False),
        (None, "F1 70.0", True),
        (70.0, "nothing", False),
        (None, "nothing", False),
    ],
)
def test_a_figure_holds_at_its_floor_less_the_noise(
    gate: ModuleType, data: Path, floor: float | None, printed: str, holds: bool
) -> None:
    (verdict,) = gate.measure("it", _measurement(floor, printed=printed), data, accept=False, out=io.StringIO())
    assert verdict.holds is holds


def test_other_data_are_not_measured(gate: ModuleType, data: Path) -> None:
    measurement = _measurement(70.0) | {"digest": "0000"}
    assert gate.measure("it", measurement, data, accept=False, out=io.StringIO()) == []


def test_accepting_writes_floor_and_digest(gate: ModuleType, data: Path) -> None:
    measurement = _measurement(90.0)
    gate.measure("it", measurement, data, accept=True, out=io.StringIO())
    assert measurement["figures"]["F1"]["floor"] == 70.0
    assert measurement["digest"] == gate.digest_of([data / "gold.txt"])


def test_the_committed_floors_are_well_formed() -> None:
    floors = json.loads((ROOT / "benchmarks/quality/floors.json").read_text(encoding="utf-8"))
    for measurements in floors.values():
        for measurement in measurements.values():
            assert measurement["data"]
            for figure in measurement["figures"].values():
                assert re.compile(figure["find"]).groups == 1
                assert figure["noise"] >= 0
            script = measurement["command"][0]
            module = measurement["command"][1].replace(".", "/") + ".py" if script == "-m" else script
            assert (ROOT / module).exists(), module
