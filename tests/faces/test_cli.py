"""The command line as a user meets it: forms of output, statuses, sentences instead of tracebacks."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from dateline.faces.cli import main; main()"]
STORY = """Council denies plan for bridge toll

PORT ELIN: The city council of Port Elin on Monday denied that it plans a toll on the new bridge over the river.

“There is no toll, and there will be no toll,” Mayor Ada Lind told reporters at the town hall on Monday evening.

Traders accused the council of hiding the costs of the bridge from the public for two years.
"""


def dateline(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
        **options,  # type: ignore[call-overload]
    )


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


# ---------------------------------------------------------------- without reading anything


def test_help_names_every_command_and_an_example() -> None:
    run = dateline("--help")
    assert run.returncode == 0
    for words in ("read", "incidents", "explain", "about", "verify", "dateline read story.txt"):
        assert words in run.stdout


def test_read_help_documents_the_statuses() -> None:
    run = dateline("read", "--help")
    assert "Exit status:" in run.stdout
    assert "Examples:" in run.stdout


@pytest.mark.parametrize("arguments", [["read"], ["read", "x.txt", "--format", "xml"], ["raed"], ["read", "--nope"]])
def test_a_wrong_call_has_status_2_and_says_so(arguments: list[str]) -> None:
    run = dateline(*arguments)
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    assert run.stderr.strip()


def test_explain_prints_the_meaning() -> None:
    run = dateline("explain", "ASSAULT", "drone")
    assert run.returncode == 0
    assert "unmanned aircraft" in run.stdout


def test_explain_alone_lists_the_terms() -> None:
    assert "Acts: say, accuse, condemn" in dateline("explain").stdout


def test_an_unknown_term_is_a_wrong_call_with_advice() -> None:
    run = dateline("explain", "denny")
    assert run.returncode == 2
    assert run.stderr.splitlines() == ["dateline: no term 'denny' is known", "Did you mean deny?"]


def test_explain_starts_without_the_model() -> None:
    code = "import sys; from dateline.faces import terms; terms.explain('deny'); print('onnxruntime' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


# ---------------------------------------------------------------- reading


def test_output_that_is_no_terminal_is_json_lines(story: Path) -> None:
    run = dateline("read", story)
    assert run.returncode == 0
    (line,) = run.stdout.splitlines()
    record = json.loads(line)
    assert record["document"]["location"] == str(story)
    assert record["claims"]


def test_a_terminal_gets_text(story: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        run = subprocess.run(
            [*COMMAND, "read", str(story)], stdout=theirs, stderr=subprocess.PIPE, check=False, timeout=120
        )
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:
            pass  # Linux says so at the end of a pseudo-terminal
    finally:
        os.close(ours)
    words = shown.decode("utf-8")
    assert run.returncode == 0
    assert "Council denies plan for bridge toll" in words
    assert "deny" in words
    assert "\x1b[" in words


def test_text_csv_and_json_can_be_asked_for(story: Path) -> None:
    assert dateline("read", story, "--format", "text").stdout.startswith("Council denies plan for bridge toll\n")
    (array,) = json.loads(dateline("read", story, "--format", "json", "--words").stdout)
    rows = list(csv.DictReader(io.StringIO(dateline("read", story, "-f", "csv").stdout)))
    assert [" ".join(" ... ".join(claim["words"]["content"]).split()) for claim in array["claims"]] == [
        row["content"] for row in rows
    ]


def test_the_ending_of_out_says_the_form(story: Path, tmp_path: Path) -> None:
    out = tmp_path / "claims.csv"
    run = dateline("read", story, "--out", out)
    assert run.returncode == 0
    assert run.stdout == ""
    assert str(out) in run.stderr
    assert out.read_text(encoding="utf-8").startswith("story_id,location,")


ATTACK = """Raid on the harbour

PORT ELIN, March 2, 2026: Gunmen killed three guards in Port Elin on Monday, the governor said.

Marovia condemned the Coast League over the attack. A storm damaged forty houses in Port Elin on Sunday.
"""


@pytest.fixture
def attack(tmp_path: Path) -> Path:
    path = tmp_path / "attack.txt"
    path.write_text(ATTACK, encoding="utf-8")
    return path


def test_events_go_to_a_file_in_a_form_of_the_field(attack: Path, tmp_path: Path) -> None:
    out = tmp_path / "events.csv"
    run = dateline("read", attack, "--to", "acled", "--out", out)
    assert run.returncode == 0
    assert run.stdout == ""
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert all(row["event_id_cnty"] and row["Standing"] and row["Location"] == str(attack) for row in rows)
    # The condemnation and the storm are nothing that ACLED holds.
    assert "events and acts of speech left out: acled holds violence, protests" in run.stderr


def test_events_of_standard_input_go_to_standard_output() -> None:
    run = dateline("read", "-", "--to", "plover", input=ATTACK)
    assert run.returncode == 0
    events = [json.loads(line) for line in run.stdout.splitlines()]
    assert events
    assert {"event", "actor", "recipient", "standing", "asserted_by", "denied_by"} <= set(events[0])
    assert "left out" not in run.stderr


def test_a_collection_of_no_events_is_closed(tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("")
    run = dateline("read", empty, "--to", "geojson")
    assert run.returncode == 1
    assert json.loads(run.stdout) == {"type": "FeatureCollection", "features": []}


@pytest.mark.parametrize("more", [["--format", "csv"], ["--words"]])
def test_a_form_of_the_field_does_not_go_with_a_format(more: list[str], attack: Path) -> None:
    run = dateline("read", attack, "--to", "gdelt", *more)
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.splitlines() == [
        "dateline: --to writes events in a form of its own; --format and --words do not go with it",
        "Leave out --to, or the other.",
    ]


def test_an_unknown_form_is_a_wrong_call(attack: Path) -> None:
    run = dateline("read", attack, "--to", "icews")
    assert run.returncode == 2
    assert "plover" in run.stderr
    assert "Traceback" not in run.stderr


def test_standard_input_is_read(tmp_path: Path) -> None:
    run = dateline("read", "-", "--format", "text", input=STORY)
    assert run.returncode == 0
    assert "Council denies plan" in run.stdout


def test_a_missing_file_is_named_with_advice(tmp_path: Path) -> None:
    run = dateline("read", tmp_path / "missing.txt")
    assert run.returncode == 1
    assert "missing.txt" in run.stderr
    assert "Traceback" not in run.stderr
    assert len(run.stderr.strip().splitlines()) >= 2


def test_an_input_without_a_story_makes_status_3_and_is_named(story: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("")
    run = dateline("read", story, empty)
    assert run.returncode == 3
    assert len(run.stdout.splitlines()) == 1
    assert str(empty) in run.stderr


def test_nothing_readable_makes_status_1(tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("")
    run = dateline("read", empty, "--format", "text")
    assert run.returncode == 1
    assert str(empty) in run.stdout


def test_a_reader_that_goes_away_ends_the_run_quietly(story: Path) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    command = [*COMMAND, "read", str(story)]
    run = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, check=False, timeout=120)
    os.close(theirs)
    assert run.returncode == 141
    assert b"Traceback" not in run.stderr
    assert b"Exception" not in run.stderr


def test_ctrl_c_leaves_complete_lines(tmp_path: Path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text("".join(json.dumps({"id": str(n), "text": STORY}) + "\n" for n in range(5_000)), encoding="utf-8")
    out = tmp_path / "out.jsonl"
    run = subprocess.Popen([*COMMAND, "read", str(many), "--out", str(out)], stderr=subprocess.PIPE)
    part = tmp_path / "out.jsonl.part"
    _wait_for(lambda: part.exists() and part.stat().st_size > 20_000)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert b"Traceback" not in said
    assert b"out.jsonl.part" in said
    assert not out.exists()
    lines = part.read_text(encoding="utf-8").splitlines(keepends=True)
    assert lines[-1].endswith("\n")
    assert all(json.loads(line)["story"] for line in lines)


def test_what_was_read_can_be_verified(story: Path, tmp_path: Path) -> None:
    out = tmp_path / "stories.jsonl"
    assert dateline("read", story, "--out", out, "--words").returncode == 0
    run = dateline("verify", out, "--against", story)
    assert run.returncode == 0, run.stdout
    assert "everything agrees" in run.stdout
    story.write_text(STORY.replace("Ada", "Ida"), encoding="utf-8")
    run = dateline("verify", out, "--against", story)
    assert run.returncode == 3
    assert "is not the text that was read" in " ".join(run.stdout.split())


def test_about_shows_versions() -> None:
    run = dateline("about")
    assert run.returncode == 0
    assert run.stdout.startswith("dateline 0.1.0\n")


def _wait_for(condition: object) -> None:
    deadline = time.monotonic() + 60
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)
