"""`dateline gazetteer find` and `import`, and `dateline read --gazetteer`, as a user meets them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-c", "from dateline.faces.cli import main; main()"]
ROW = "7\tNovatown\tNovatown\tNowatown\t38.5\t69.5\tP\tPPL\tTJ\t\t02\t\t\t\t900\t\t5\tAsia/Dushanbe\t2026-01-01\n"


def dateline(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
        env=os.environ | environment,
    )  # fmt: skip


def test_find_shows_a_table() -> None:
    run = dateline("gazetteer", "find", "Shamsiddin", "Shohin")
    assert run.returncode == 0
    header, row = run.stdout.splitlines()
    assert header.split()[:3] == ["name", "kind", "country"]
    assert row.startswith("Shamsiddin Shohin  ADM2  TJK")


def test_find_gives_json() -> None:
    rows = json.loads(dateline("gazetteer", "find", "Gao", "--format", "json", "--country", "ml").stdout)
    assert {row["country"] for row in rows} == {"MLI"}
    assert {"id", "name", "latitude", "longitude", "population", "known_as"} <= set(rows[0])


def test_find_says_how_many_more_there_are() -> None:
    run = dateline("gazetteer", "find", "Springfield", "-n", "2")
    assert len(run.stdout.splitlines()) == 3
    assert "more" in run.stderr


def test_find_says_when_there_is_none() -> None:
    run = dateline("gazetteer", "find", "Xyrrhqua")
    assert run.returncode == 1
    assert "no place called 'Xyrrhqua'" in run.stderr


def test_an_imported_gazetteer_is_used_by_option_and_by_variable(tmp_path: Path) -> None:
    source, out = tmp_path / "TJ.txt", tmp_path / "tj.bin"
    source.write_text(ROW, encoding="utf-8")
    run = dateline("gazetteer", "import", source, "--out", out)
    assert run.returncode == 0, run.stderr
    assert f"--gazetteer {out}" in run.stderr
    assert dateline("gazetteer", "find", "Novatown").returncode == 1
    assert dateline("gazetteer", "find", "Nowatown", "--gazetteer", out).returncode == 0
    assert dateline("gazetteer", "find", "Novatown", DATELINE_GAZETTEER=str(out)).returncode == 0
    story = tmp_path / "story.txt"
    story.write_text("Fire in Novatown\n\nA large fire broke out in Novatown on Monday, police said on Tuesday.\n")
    run = dateline("read", story, "--format", "jsonl", "--gazetteer", out)
    assert run.returncode == 0, run.stderr
    assert {place["id"] for place in json.loads(run.stdout)["places"]} == {"geonames:7"}


def test_a_file_that_is_no_gazetteer_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_text("hello, this is no gazetteer at all")
    run = dateline("gazetteer", "find", "Kabul", "--gazetteer", tmp_path / "x.bin")
    assert run.returncode == 1
    assert "no gazetteer of Dateline" in run.stderr
    assert "dateline gazetteer import" in run.stderr


def test_what_is_no_dump_is_refused_and_leaves_an_older_file(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("hello")
    out = tmp_path / "out.bin"
    out.write_text("older")
    run = dateline("gazetteer", "import", tmp_path / "x.txt", "--out", out)
    assert run.returncode == 1
    assert "no dump of GeoNames" in run.stderr
    assert out.read_text() == "older"
