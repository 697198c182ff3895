"""`dateline add`, `verify`, `backup`, `upgrade` as a user meets them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from dateline.faces.cli import main; main()"]
STORY = """Council denies plan for bridge toll

PORT ELIN: The city council of Port Elin on Monday denied that it plans a toll on the new bridge over the river.

“There is no toll, and there will be no toll,” Mayor Ada Lind told reporters at the town hall on Monday evening.
"""


def dateline(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8", check=False, timeout=300
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two stories, one in a file of lines, with an empty file between them; and the store of the first."""
    folder = tmp_path_factory.mktemp("news")
    (folder / "pages").mkdir()
    (folder / "pages" / "a.txt").write_text(STORY, encoding="utf-8")
    (folder / "pages" / "b.txt").write_text("", encoding="utf-8")
    line = {"id": "1", "text": STORY, "published_at": "2026-03-09", "url": "https://lantern.example/toll"}
    (folder / "lines.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def store(folder: Path) -> Path:
    run = dateline("add", folder / "pages" / "a.txt", "--to", folder / "news.db")
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1].startswith("1 document, 1 story, ")
    return folder / "news.db"


def test_what_is_there_is_not_read_again(folder: Path, store: Path) -> None:
    run = dateline("add", folder / "pages" / "a.txt", "--to", store, "--list")
    assert run.returncode == 0
    listed, last = run.stdout.splitlines()  # no problem is told again
    assert listed == f"there\t{folder / 'pages' / 'a.txt'}"
    assert last == "0 documents, 0 stories, 0 claims, 0 events new; 1 already there."


def test_workers_give_the_same_and_problems_are_listed(folder: Path, tmp_path: Path) -> None:
    inputs = [folder / "pages", folder / "lines.jsonl"]
    run = dateline("add", *inputs, "--to", tmp_path / "two.db", "--workers", "2")
    assert run.returncode == 3
    assert "b.txt" in run.stdout
    assert "2 documents, 2 stories, " in run.stdout.splitlines()[-1]
    again = dateline("add", *inputs, "--to", tmp_path / "one.db")
    assert again.stdout == run.stdout
    # Not digests: the last digit of a confidence may hang on what a process has read before.
    queries = ("SELECT id FROM stories ORDER BY number", "SELECT id, act, content FROM claims ORDER BY number")
    read = []
    for name in ("one.db", "two.db"):
        connection = sqlite3.connect(tmp_path / name)
        read.append([connection.execute(query).fetchall() for query in queries])
        connection.close()
    assert read[0] == read[1]
    assert len(read[0][0]) == 2


def test_a_store_verifies(store: Path) -> None:
    run = dateline("verify", store)
    assert run.returncode == 0
    assert "everything agrees" in run.stdout
    assert dateline("verify", store, "--against", "x.txt").returncode == 2


def test_a_changed_text_does_not_verify(store: Path, tmp_path: Path) -> None:
    assert dateline("backup", store, tmp_path / "copy.db").returncode == 0
    connection = sqlite3.connect(tmp_path / "copy.db")
    with connection:
        connection.execute("UPDATE documents SET text = replace(text, 'Monday', 'Sunday')")
    connection.close()
    run = dateline("verify", tmp_path / "copy.db")
    assert run.returncode == 3
    assert "its text is not the one that was kept" in " ".join(run.stdout.split())


def test_lines_without_inputs_are_a_wrong_call(folder: Path) -> None:
    run = dateline("verify", folder / "lines.jsonl")
    assert run.returncode == 2
    assert "--against" in run.stderr


def test_failures_are_sentences(store: Path, tmp_path: Path) -> None:
    for arguments, status, words in (
        (["add", tmp_path / "missing.txt", "--to", store], 1, "missing.txt"),
        (["add", store.parent / "pages", "--to", store.parent / "lines.jsonl"], 1, "not a store"),
        (["add", store.parent / "pages", "--to", "mysql://localhost/x"], 2, "postgresql://"),
        (["backup", store, store], 2, "already"),
        (["upgrade", tmp_path / "missing.db"], 1, "no such store"),
    ):
        run = dateline(*arguments)
        assert (run.returncode, words in run.stderr) == (status, True), (arguments, run.stderr)
        assert "Traceback" not in run.stderr
    assert dateline("upgrade", store).returncode == 0
