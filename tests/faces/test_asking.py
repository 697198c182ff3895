"""The commands that ask a store, as they are called."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dateline.exports.archive import COLUMNS
from dateline.faces.cli import app
from dateline.faces.grid import width_of
from dateline.records import Outlet
from dateline.store import Query, Run, Store, open_store

SPEC = importlib.util.spec_from_file_location(
    "dateline_test_synthetic_faces", Path(__file__).parent.parent.parent / "benchmarks/speed/synthetic.py"
)
assert SPEC
assert SPEC.loader
synthetic = importlib.util.module_from_spec(SPEC)
sys.modules[SPEC.name] = synthetic
SPEC.loader.exec_module(synthetic)

TEXTS = ("plover", "polecat", "cameo", "gdelt", "acled", "geojson", "jsonld", "csv")


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store of thirty stories; one outlet is called as a formula, one event rejected, one changed."""
    path = tmp_path_factory.mktemp("asked") / "news.db"
    run = Run(model="0", version="0", configuration={})
    with open_store(path, create=True) as store:
        for one in synthetic.stories(30, seed=5):
            outlet = Outlet(id=one.outlet.id, name="=1+1") if one.outlet.id.startswith("l") else one.outlet
            store.keep(one.document, [one.records], run=run, outlets=[outlet])
        first, second, *_ = (each.record for each in store.events())
        store.reject(first.id, editor="ann")
        store.change(second.id, "type", "CIVIC", editor="ann", reason="an election")
    return str(path)


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    with open_store(where) as opened:
        yield opened


def call(*arguments: str, columns: int = 80) -> Result:
    return CliRunner(env={"COLUMNS": str(columns), "NO_COLOR": "1"}).invoke(app, list(arguments))


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 160, 240])
@pytest.mark.parametrize("command", ["search", "claims"])
def test_a_table_is_as_wide_as_the_terminal_at_most(where: str, command: str, columns: int) -> None:
    result = call(command, where, "--format", "table", columns=columns)
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert len(lines) > 20
    if columns >= 80:
        assert max(map(width_of, lines)) <= columns
    assert any("event:" in line or "claim:" in line for line in lines)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_every_event_that_is_counted_is_written(where: str, store: Store, form: str) -> None:
    conditions = ("--type", "assault", "--since", "2017", "--min-killed", "1")
    number = int(call("search", where, *conditions, "--count").stdout)
    result = call("search", where, *conditions, "--all", "--format", form)
    lines = result.stdout.splitlines()
    assert number == len(lines) - (form == "csv") > 3
    if form == "jsonl":
        assert all(json.loads(line)["event"] == "ASSAULT" for line in lines)


def test_a_cursor_goes_on_behind_its_event(where: str) -> None:
    whole = [json.loads(line) for line in call("search", where, "--all", "--format", "jsonl").stdout.splitlines()]
    after = call("search", where, "--all", "--format", "jsonl", "--after", whole[4]["cursor"]).stdout.splitlines()
    assert [json.loads(line)["id"] for line in after] == [row["id"] for row in whole[5:]]


def test_no_cell_of_a_spreadsheet_is_a_formula(where: str) -> None:
    for command in ("search", "claims"):
        rows = csv.reader(io.StringIO(call(command, where, "--all", "--format", "csv").stdout))
        cells = [cell for row in rows for cell in row]
        assert "'=1+1" in cells
        assert not any(cell.startswith(("=", "+", "@", "\t")) for cell in cells)


@pytest.mark.parametrize("form", TEXTS)
@pytest.mark.parametrize("conditions", [(), ("--type", "ASSAULT"), ("--actor", "Front", "--standing", "disputed")])
def test_an_export_holds_what_is_counted(
    where: str, store: Store, tmp_path: Path, form: str, conditions: tuple[str, ...]
) -> None:
    out = tmp_path / "out"
    result = call("export", where, "--to", form, *conditions, "--out", str(out))
    assert result.exit_code == 0, result.stderr
    query = {
        "--type": Query(types=("ASSAULT",)),
        "--actor": Query(actor="Front", standings=("disputed",)),
        "": Query(),
    }[(conditions or ("",))[0]]
    ids = {each.record.id for each in store.events(query)}
    assert len(ids) == store.count(query) > 0
    text = out.read_text(encoding="utf-8")
    if form == "plover":
        assert {row["id"] for line in text.splitlines() if not (row := json.loads(line))["verbal"]} == ids
    elif form == "csv":
        assert {row["event_id"] for row in csv.DictReader(io.StringIO(text))} == ids
        assert text.count("\n") == len(ids) + 1
    elif form == "geojson":
        assert {each["id"] for each in json.loads(text)["features"] if not each["properties"]["verbal"]} == ids
    elif form == "jsonld":
        nodes = [node for line in text.splitlines() for node in json.loads(line)["@graph"]]
        assert {node["@id"].removeprefix("dl:") for node in nodes if node["@type"] == "Event"} == ids
    else:
        delimiter = "\t" if form in ("polecat", "gdelt") else ","
        rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
        events = [row for row in rows if row["Dateline ID"].startswith("event:")]
        left_out = "left out" in result.stderr
        assert {row["Dateline ID"] for row in events} <= ids
        assert left_out or len(events) == len(ids)


def test_parquet_holds_what_is_counted_by_month_with_its_dictionary(where: str, store: Store, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow.dataset", reason="pip install 'dateline[parquet]'")
    out = tmp_path / "events"
    assert call("export", where, "--to", "parquet", "--out", str(out)).exit_code == 0
    rows = pyarrow.dataset(out / "events", partitioning="hive").to_table().to_pylist()
    assert sorted(row["event_id"] for row in rows) == sorted(each.record.id for each in store.events())
    assert all(row["day"] is None or row["day"].isoformat().startswith(row["month"]) for row in rows)
    (changed,) = (row for row in rows if row["corrected"])
    assert changed["type"] == "CIVIC"
    names = [row["column"] for row in csv.DictReader(io.StringIO((out / "dictionary.csv").read_text(encoding="utf-8")))]
    assert names == [column.name for column in COLUMNS]
    assert call("export", where, "--to", "parquet", "--out", str(out)).exit_code != 0


def test_what_was_read_can_be_exported_without_corrections(where: str, store: Store, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    call("export", where, "--to", "csv", "--as-read", "--out", str(out))
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert len(rows) == store.count(Query(as_read=True)) == store.count() + 1
    assert {row["corrected"] for row in rows} == {"no"}
    assert "CIVIC" not in {row["type"] for row in rows}


def test_an_archive_is_imported_whole(where: str, tmp_path: Path) -> None:
    archive, again, copy = tmp_path / "a.jsonl", tmp_path / "b.jsonl", tmp_path / "copy.db"
    assert call("export", where, "--to", "jsonl", "--out", str(archive)).exit_code == 0
    assert call("import", str(archive), "--to", str(copy)).exit_code == 0
    assert call("export", str(copy), "--to", "jsonl", "--out", str(again)).exit_code == 0
    assert archive.read_bytes() == again.read_bytes()
    cut = tmp_path / "cut.jsonl"
    cut.write_text(archive.read_text(encoding="utf-8")[:-50], encoding="utf-8")
    result = call("import", str(cut), "--to", str(tmp_path / "cut.db"))
    assert "no JSON" in str(result.exception)


def test_every_kind_of_record_has_a_page(where: str, store: Store) -> None:
    event = next(store.events(Query(standings=("disputed",))))
    claim = next(store.claims(Query(acts=("deny",))))
    page = call("show", where, event.record.id).stdout
    text = event.stored.document.text
    for stance in event.record.stances:
        for said in (each for each in event.records.claims if each.id == stance.claim_id):
            words = " ".join(text[said.content[0].start : said.content[0].end].split()[:3])
            assert words in page
    assert claim.record.story_id in call("show", where, claim.record.id).stdout
    assert "Its text" in call("show", where, claim.record.story_id).stdout
    actor = event.records.actors[0]
    assert "What it does" in call("show", where, actor.id).stdout + call("show", where, actor.name).stdout
    assert "an election" in call("show", where, next(store.events(Query(types=("CIVIC",)))).record.id).stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "nothing-at-all"), "nothing called"),
        (("show", "event:"), "may be"),
        (("search", "--near", "Nowhere at all"), "no place called"),
        (("search", "--country", "Atlantis"), "no country"),
        (("search", "--status", "true"), "standing"),
        (("search", "--since", "yesterday"), "no day"),
        (("search", "--km", "5"), "--near"),
        (("search", "--after", "x"), "cursor"),
        (("claims", "--act", "shout"), "act"),
        (("export", "--to", "parquet"), "--out"),
    ],
)
def test_what_means_nothing_is_refused_in_words(where: str, arguments: tuple[str, ...], words: str) -> None:
    result = call(arguments[0], where, *arguments[1:])
    assert result.exit_code != 0
    assert words in str(result.exception)


def test_nothing_found_is_a_status(where: str) -> None:
    assert call("search", where, "unheardof").exit_code == 1
    assert call("claims", where, "unheardof").exit_code == 1


@pytest.mark.parametrize("near", ["Tajikistan", "Peshawar", "34.01,71.58"])
def test_a_place_is_given_by_its_name(where: str, near: str) -> None:
    assert call("search", where, "--near", near, "--count").exit_code == 0
