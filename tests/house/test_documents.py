"""The documents name everything that the program has, and link only to what is there."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path

import pytest
from typer.main import get_command

from dateline import records
from dateline.exports import load_ontology
from dateline.exports.tables import ATTRIBUTION, CAMEO
from dateline.faces.cli import app
from dateline.reading import Limits

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md")])
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]
OPTIONS = sorted(
    {
        (name, option)
        for name, command in COMMANDS.items()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    }
)
CODEBOOK = {
    "story": records.Story,
    "claim": records.Claim,
    "event": records.Event,
    "mention": records.Mention,
    "problem": records.Problem,
    "incident": records.Incident,
}


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_in_the_reference(command: str) -> None:
    assert f"## dateline {command}" in (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_every_option_is_in_the_reference(command: str, option: str) -> None:
    page = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    section = page.split(f"## dateline {command}")[1].split("\n## ")[0]
    assert f"`{option}" in section


@pytest.mark.parametrize(("page", "record"), CODEBOOK.items())
def test_every_field_is_in_the_codebook(page: str, record: type) -> None:
    words = (ROOT / f"docs/codebook/{page}.md").read_text(encoding="utf-8")
    for field in dataclasses.fields(record):
        assert f"| `{field.name}` |" in words, f"{record.__name__}.{field.name} is not explained in {page}.md"


@pytest.mark.parametrize("table", ["POLECAT", "CAMEO", "GDELT", "ACLED", "Attribution"])
def test_every_column_of_the_exports_is_explained_in_order(table: str) -> None:
    page = (ROOT / "docs/reference/export-columns.md").read_text(encoding="utf-8")
    section = page.split(f"\n## {table}\n")[1].split("\n## ")[0]
    columns = {"CAMEO": CAMEO, "Attribution": ATTRIBUTION}.get(table) or load_ontology().columns[table.lower()]
    assert re.findall(r"^\| `([^`]+)` \| .+ \|$", section, flags=re.MULTILINE) == list(columns)


def test_every_record_type_is_in_the_glossary() -> None:
    words = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    for name, value in vars(records).items():
        if inspect.isclass(value) and value.__module__ == records.__name__:
            assert f"`{name}`" in words, f"{name} is not in the glossary"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_architecture_fits_two_pages() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()) <= 120


def test_every_limit_is_in_the_reference() -> None:
    page = (ROOT / "docs/reference/limits.md").read_text(encoding="utf-8")
    for field in dataclasses.fields(Limits):
        assert f"| `{field.name}` |" in page
