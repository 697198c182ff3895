"""Where output goes: standard output or a file, never half a line, whatever interrupts it."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import BinaryIO, Protocol

from dateline.errors import InputError


class Output(Protocol):
    """Takes pieces of text that are complete in themselves: a line, a table row, a story as printed."""

    def write(self, piece: str) -> None: ...


class StreamOutput:
    """Writes each piece whole and at once: Ctrl-C waits until the piece is out."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, piece: str) -> None:
        with _ctrl_c_waits():
            # A lone surrogate (JSON inputs may hold one, file names too) has no UTF-8; "\ud800" is also valid JSON.
            self._stream.write(piece.encode("utf-8", errors="backslashreplace"))
            self._stream.flush()


@contextlib.contextmanager
def standard_output() -> Iterator[Output]:
    """Standard output, as UTF-8."""
    yield StreamOutput(sys.stdout.buffer)


@contextlib.contextmanager
def file_output(path: Path) -> Iterator[Output]:
    """A file that appears under its name only when it is finished: until then it is PATH.part.

    When the run is interrupted, PATH.part stays with every finished piece in it, and an older PATH is untouched.
    Devices and pipes ("/dev/stdout") are written directly. Raises InputError when the file cannot be made.
    """
    direct = _is_special(path)
    part = path if direct else path.with_name(path.name + ".part")
    try:
        stream = part.open("wb")
    except OSError as error:
        raise InputError(
            f"cannot write there ({error.strerror})",
            location=str(path),
            remedy="Give --out a path in a folder that exists and that you may write to.",
        ) from error
    with stream:
        yield StreamOutput(stream)
        if not direct:
            os.fsync(stream.fileno())
    if not direct:
        part.replace(path)


def _is_special(path: Path) -> bool:
    try:
        return not stat.S_ISREG(path.stat().st_mode) and not path.is_dir()
    except OSError:
        return False


@contextlib.contextmanager
def _ctrl_c_waits() -> Iterator[None]:
    """Hold back the first Ctrl-C until the end of the block; a second one interrupts (the reader may be stuck)."""
    held: list[int] = []

    def hold(number: int, frame: FrameType | None) -> None:
        held.append(number)
        if len(held) > 1:
            raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGINT, hold)
    except ValueError:  # not the main thread: Ctrl-C does not arrive here
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if held:
        raise KeyboardInterrupt
