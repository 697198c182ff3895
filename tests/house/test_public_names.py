"""`import dateline` gives what it says, at once, and `read` tells a path from a text."""

from __future__ import annotations

import logging
import subprocess
import sys
import types
from pathlib import Path

import pytest

import dateline
from dateline.errors import InputError, UsageError

HEAVY = ("onnxruntime", "numpy", "trafilatura", "lxml", "pydantic", "rich", "typer")
STORY = "Mayor denies toll\n\nPORT ELIN: The mayor on Monday denied that the city plans a toll on the new bridge.\n"


def test_all_is_exact() -> None:
    public = {
        name
        for name, value in vars(dateline).items()
        if not name.startswith("_")
        and not isinstance(value, types.ModuleType)
        and getattr(value, "__module__", "").startswith("dateline")
    }
    lazy = {"Dossier", "Resources", "StoryReading"}
    assert sorted(dateline.__all__) == list(dateline.__all__)
    assert set(dateline.__all__) == (public - {"InputError", "UsageError"}) | lazy


@pytest.mark.parametrize("name", dateline.__all__)
def test_every_public_name_is_there_and_explained(name: str) -> None:
    assert getattr(dateline, name).__doc__


def test_other_names_are_missing_as_usual() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        dateline.nothing  # noqa: B018


def test_importing_loads_nothing_heavy() -> None:
    code = f"import sys, dateline; print([name for name in {HEAVY!r} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"


def test_the_version_is_the_package_s(root: Path) -> None:
    assert f'\nversion = "{dateline.__version__}"\n' in (root / "pyproject.toml").read_text()


@pytest.mark.parametrize("name", ["missing.txt", "no such story", "Police said it was over."])
def test_a_path_to_nothing_is_an_error_that_says_how_to_pass_text(name: str) -> None:
    with pytest.raises(InputError) as caught:
        dateline.read(name)
    assert caught.value.location == name
    assert "line break" in (caught.value.remedy or "")


def test_an_address_is_not_fetched() -> None:
    with pytest.raises(InputError, match="does not fetch"):
        dateline.read("https://lantern.example/story")


def test_a_value_that_is_neither_is_an_error() -> None:
    with pytest.raises(UsageError, match="type bytes"):
        dateline.read(b"words\n")  # type: ignore[arg-type]


def test_a_string_with_a_line_break_is_a_text(resources: dateline.Resources) -> None:
    (story,) = dateline.read(STORY, resources=resources)
    assert story.document.text == STORY


def test_a_path_is_a_path(tmp_path: Path, resources: dateline.Resources) -> None:
    path = tmp_path / "odd\nname.txt"
    path.write_text(STORY)
    (story,) = dateline.read(path, resources=resources)
    assert story.document.location == str(path)


def test_problems_of_unread_inputs_are_handed_over(tmp_path: Path, resources: dateline.Resources) -> None:
    path = tmp_path / "empty.txt"
    path.write_text("")
    problems: list[dateline.Problem] = []
    assert list(dateline.read(path, resources=resources, on_problem=problems.append)) == []
    assert [str(path) in problem.location for problem in problems] == [True]


def test_problems_of_unread_inputs_are_logged_otherwise(
    tmp_path: Path, resources: dateline.Resources, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "empty.txt"
    path.write_text("")
    with caplog.at_level(logging.WARNING):
        assert list(dateline.read(path, resources=resources)) == []
    assert str(path) in caplog.text
