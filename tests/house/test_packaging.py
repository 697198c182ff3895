"""What is shipped is complete: the wheel carries weights, lexicons, cards and the licence."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="hatchling is a development tool here: pip install -e '.[dev]'")

SHIPPED = (".tsv", ".jsonl", ".json", ".txt", ".onnx", ".npz", ".md", ".typed")


@pytest.fixture(scope="session")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from hatchling.builders.wheel import WheelBuilder

    folder = tmp_path_factory.mktemp("wheel")
    (path,) = WheelBuilder(str(root)).build(directory=str(folder), versions=["standard"])
    return Path(path)


def test_the_wheel_holds_every_file_of_the_package(wheel: Path, root: Path) -> None:
    source = root / "src"
    ours = {
        str(path.relative_to(source))
        for path in (source / "dateline").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix in (".py", *SHIPPED)
    }
    names = set(zipfile.ZipFile(wheel).namelist())
    assert ours - names == set()
    assert "dateline/faces/data/terms.tsv" in names
    assert any(name.startswith("dateline/language/weights/") and name.endswith(".onnx") for name in names)


def test_the_wheel_holds_the_licence_and_the_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (licence,) = [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]
        assert b"Apache License" in archive.read(licence)
        (entry_points,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert b"dateline = dateline.faces.cli:main" in archive.read(entry_points)
