"""Rules that hold for every file: data have cards, nothing names one person's machine."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DATA_FILES = sorted(
    path
    for folder in ("data", "weights")
    for path in (ROOT / "src").rglob(f"{folder}/*")
    if path.is_file() and not path.name.endswith((".card.md", ".py")) and "__pycache__" not in path.parts
)
TEXTS = sorted(
    path
    for folder in ("src", "tests", "docs", "examples")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".md", ".tsv", ".txt", ".toml") and path != Path(__file__)
)


@pytest.mark.parametrize("path", DATA_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_data_file_has_a_card_beside_it(path: Path) -> None:
    cards = {card.name.removesuffix(".card.md") for card in path.parent.glob("*.card.md")}
    # Weights are one thing in several files: one card, which `dateline about` reads, speaks for all of them.
    has_card = (path.parent / "card.json").exists() if path.parent.name == "weights" else path.stem in cards
    assert has_card, f"{path.name} has no card: say where it comes from, its licence, date, and how to rebuild it"


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_names_a_machine(path: Path) -> None:
    words = path.read_text(encoding="utf-8", errors="replace")
    assert not re.search(r"(?<![\w.])/(work|home/\w+|Users/\w+|root)/", words)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "src").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT / "src"))
)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree), f"{path.name} has no docstring"
