"""Stories that the product read become incidents: in Python, from files, and when their texts have gone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import dateline
from dateline.faces.jsonlines import from_lines, to_line
from dateline.pipeline import Resources, StoryReading, merge_saved, merge_store
from dateline.pipeline.keeping import add
from dateline.store import open_store

COMMAND = [sys.executable, "-c", "from dateline.faces.cli import main; main()"]
NEWS = (
    {
        "id": "north",
        "outlet": "northpost.example",
        "published_at": "2025-11-28",
        "title": "Blast at Port Elin fish market kills three",
        "text": "PORT ELIN: A bomb blast tore through the fish market of Port Elin on Thursday and killed three "
        "traders, the harbour police said.\n\nGovernor Ada Lind blamed the Coast League for the bombing of the market.",
    },
    {
        "id": "coast",
        "outlet": "coastradio.example",
        "published_at": "2025-11-29",
        "title": "Port Elin market blast toll rises to five",
        "text": "The number of traders killed by Thursday's bomb blast at the fish market in Port Elin rose to five, "
        "the harbour police said on Friday.\n\nThe Coast League denied that it had bombed the market.",
    },
    {
        "id": "council",
        "outlet": "northpost.example",
        "published_at": "2025-11-28",
        "title": "Norrham council raises price of water",
        "text": "NORRHAM: The council of Norrham voted on Friday to raise the price of water by a tenth.\n\nFamilies "
        "with small gardens will pay less, its speaker Mara Vell told reporters after the vote.",
    },
)


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each story has an address, by which its next version is known."""
    path = tmp_path_factory.mktemp("news") / "news.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in NEWS), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def readings(news: Path, resources: Resources) -> list[StoryReading]:
    return list(dateline.read(news, resources=resources))


@pytest.fixture
def saved(readings: list[StoryReading], tmp_path: Path) -> Path:
    path = tmp_path / "stories.jsonl"
    path.write_text("".join(to_line(each) + "\n" for each in readings), encoding="utf-8")
    return path


def incidents(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "incidents", *map(str, arguments)], capture_output=True, text=True, encoding="utf-8", check=False
    )


def leads(lines: list[dict[str, Any]]) -> set[frozenset[str]]:
    return {frozenset(each.rsplit("#", 1)[-1] for each in line["leading"]) for line in lines if line["leading"]}


def test_merge_finds_the_same_happening(readings: list[StoryReading]) -> None:
    dossiers = dateline.merge(reversed(readings))
    assert dossiers == dateline.merge(readings)
    (blast,) = (each for each in dossiers if len(each.leading) == 2)
    assert isinstance(blast, dateline.Incident)
    assert blast.accounts.counts.outlets == 2
    assert blast.accounts.counts.texts == 2


def test_the_command_gives_what_merge_gives(saved: Path, readings: list[StoryReading]) -> None:
    run = incidents(saved, "--format", "jsonl")
    assert run.returncode == 0, run.stderr
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert leads(lines) == {frozenset({"north", "coast"}), frozenset({"council"})}
    assert [each["id"] for each in lines] == [each.id for each in dateline.merge(readings)]
    assert "3 stories" in run.stderr


def test_the_table_is_for_people(saved: Path) -> None:
    run = incidents(saved, "--format", "table")
    assert run.stdout.splitlines()[0].split()[:3] == ["stories", "texts", "sources"]
    assert "Traceback" not in run.stderr


def test_stories_whose_text_is_gone_are_merged_by_their_records_and_named(saved: Path, news: Path) -> None:
    gone = saved.read_text(encoding="utf-8").replace(str(news), "gone.jsonl")
    told = merge_saved(from_lines(gone.splitlines(), location="stories.jsonl"))
    assert len(told.locations) == 3
    (problem,) = told.problems
    assert problem.location == "gone.jsonl"
    moved = merge_saved(from_lines(gone.splitlines(), location="stories.jsonl"), texts=[str(news)])
    assert moved.problems == ()
    assert [each.id for each in moved.merged.dossiers][:1] == [
        each.id for each in merge_saved(from_lines(saved.read_text("utf-8").splitlines(), location="s")).merged.dossiers
    ][:1]


def test_incidents_of_a_store_are_kept_in_it_and_follow_new_versions(news: Path, tmp_path: Path) -> None:
    where, mine = tmp_path / "news.db", tmp_path / "news.jsonl"
    mine.write_text(news.read_text(encoding="utf-8"), encoding="utf-8")
    with open_store(str(where), create=True) as store:
        assert [each.outcome for each in add([str(mine)], store)] == ["new"] * 3
        first = merge_store(store)
        assert {each.id for each in store.incidents()} == {each.id for each in first.merged.dossiers}
        (blast,) = (each for each in first.merged.dossiers if len(each.leading) == 2)
        assert [each.id for each in merge_store(store).merged.dossiers] == [each.id for each in first.merged.dossiers]
        lines = [json.loads(line) for line in mine.read_text(encoding="utf-8").splitlines()]
        lines[1]["text"] = lines[1]["text"].replace("rose to five", "rose to seven")
        mine.write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
        outcomes = Counter(each.outcome for each in add([str(mine)], store))
        assert outcomes == {"there": 2, "version": 1}
        again = merge_store(store)
        (now,) = (each for each in again.merged.dossiers if len(each.leading) == 2)
        assert blast.id == now.id or blast.id in now.supersedes
        assert {each.id for each in store.incidents()} >= {each.id for each in again.merged.dossiers}
    run = incidents(where, "--format", "jsonl")
    assert run.returncode == 0, run.stderr
    assert [json.loads(line)["id"] for line in run.stdout.splitlines()] == [each.id for each in again.merged.dossiers]


def test_a_store_is_merged_alone(saved: Path, tmp_path: Path) -> None:
    where = tmp_path / "news.db"
    open_store(str(where), create=True).close()
    run = incidents(where, saved)
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    assert "Name it alone" in run.stderr
    missing = incidents(tmp_path / "none.jsonl")
    assert missing.returncode == 1
    assert "none.jsonl" in missing.stderr


def test_lines_that_are_no_stories_are_named(saved: Path) -> None:
    with saved.open("a", encoding="utf-8") as lines:
        lines.write("{}\n")
    run = incidents(saved, "--format", "jsonl")
    assert run.returncode == 3
    assert "stories.jsonl#4" in run.stderr
