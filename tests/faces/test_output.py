"""Finished pieces are never lost and never torn, whatever ends the run."""

from __future__ import annotations

import io
import os
import signal
from pathlib import Path

import pytest

from dateline.errors import InputError
from dateline.faces.output import StreamOutput, file_output


def test_a_file_appears_when_it_is_finished(tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl"
    with file_output(path) as output:
        output.write("one\n")
        assert not path.exists()
        assert (tmp_path / "stories.jsonl.part").read_text() == "one\n"
    assert path.read_text() == "one\n"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupted_run_keeps_what_was_finished_and_the_older_file(tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl"
    path.write_text("older\n")
    with pytest.raises(KeyboardInterrupt), file_output(path) as output:  # noqa: PT012
        output.write("one\n")
        raise KeyboardInterrupt
    assert path.read_text() == "older\n"
    assert (tmp_path / "stories.jsonl.part").read_text() == "one\n"


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "stories.jsonl"
    with pytest.raises(InputError) as caught, file_output(path):
        pass
    assert caught.value.location == str(path)
    assert caught.value.remedy


def test_devices_are_written_directly() -> None:
    with file_output(Path(os.devnull)) as output:
        output.write("one\n")
    assert not Path(os.devnull + ".part").exists()


class _Interrupting(io.BytesIO):
    """Ctrl-C arrives in the middle of writing."""

    def write(self, piece: object) -> int:
        half = len(piece) // 2  # type: ignore[arg-type]
        super().write(piece[:half])  # type: ignore[index]
        os.kill(os.getpid(), signal.SIGINT)
        super().write(piece[half:])  # type: ignore[index]
        return len(piece)  # type: ignore[arg-type]


def test_ctrl_c_waits_until_the_piece_is_out() -> None:
    stream = _Interrupting()
    with pytest.raises(KeyboardInterrupt):
        StreamOutput(stream).write("a whole line\n")
    assert stream.getvalue() == b"a whole line\n"


def test_ctrl_c_works_as_before_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    StreamOutput(io.BytesIO()).write("line\n")
    assert signal.getsignal(signal.SIGINT) is before


def test_what_has_no_utf8_is_written_as_an_escape() -> None:
    stream = io.BytesIO()
    StreamOutput(stream).write('"\ud800"\n')
    assert stream.getvalue() == b'"\\ud800"\n'
