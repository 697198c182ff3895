"""The bytes of an archive, unpacked, with the places where they stand in the file and the places where they break off.

An archive is packed record by record: each record is a gzip member (or an LZ4 frame) of its own, so that what follows
a damaged one can be found again. Nothing here seeks: an archive may come from a pipe.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from dateline.errors import InstallationError

PIECE = 2**16
HISTORY = 2**20  # packed bytes that are remembered: damage is noticed a little after it happened
_FIRST_MEGABYTE = 2**20  # a page that is mostly spaces unpacks to any multiple of its size; only beyond this it matters

GZIP = b"\x1f\x8b\x08"
LZ4 = b"\x04\x22\x4d\x18"
ZSTANDARD = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True, slots=True)
class Run:
    """Unpacked bytes. start: of the member that they come from, in the file; None where the file is not packed."""

    data: bytes
    start: int | None


@dataclass(frozen=True, slots=True)
class Break:
    """Bytes of the file, `start` to `end`, that could not be unpacked."""

    reason: str
    start: int
    end: int


class Damaged(Exception):
    """A member cannot be unpacked to its end."""


class Raw:
    """A file read from its beginning to its end, with one megabyte of memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._buffer = bytearray()
        self._base = 0
        self._at = 0

    @property
    def position(self) -> int:
        return self._base + self._at

    def peek(self, size: int) -> bytes:
        while len(self._buffer) - self._at < size:
            piece = self._file.read(PIECE)
            if not piece:
                break
            self._buffer += piece
        return bytes(self._buffer[self._at : self._at + size])

    def read(self, size: int) -> bytes:
        piece = self.peek(size)
        self._at += len(piece)
        if self._at > 2 * HISTORY:
            self._base += self._at - HISTORY
            del self._buffer[: self._at - HISTORY]
            self._at = HISTORY
        return piece

    def back_to(self, position: int) -> None:
        """Go back; only as far as memory reaches."""
        self._at = max(0, position - self._base)


# ---------------------------------------------------------------- packed files


class Decoder(Protocol):
    """Unpacks one member. rest: what followed its end in the pieces that it was fed."""

    @property
    def ended(self) -> bool: ...

    @property
    def rest(self) -> bytes: ...

    def feed(self, piece: bytes) -> Iterator[bytes]: ...


class _Gzip:
    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(31)

    @property
    def ended(self) -> bool:
        return self._decoder.eof

    @property
    def rest(self) -> bytes:
        return self._decoder.unused_data

    def feed(self, piece: bytes) -> Iterator[bytes]:
        while True:
            before = self._decoder.copy()
            try:
                unpacked = self._decoder.decompress(piece, PIECE)
            except zlib.error as error:
                yield from _up_to_the_damage(before, piece)
                raise Damaged(f"the compressed data are damaged ({error})") from error
            yield unpacked
            piece = self._decoder.unconsumed_tail
            if self._decoder.eof or not (piece or len(unpacked) == PIECE):
                return


def _up_to_the_damage(decoder: Any, piece: bytes) -> Iterator[bytes]:
    """What a piece that fails as a whole gives before it fails."""
    try:
        for start in range(0, len(piece), 64):
            if unpacked := decoder.decompress(piece[start : start + 64]):  # at most 64 KiB: deflate gives 1032 to 1
                yield unpacked
    except zlib.error:
        return


class _Lz4:
    def __init__(self) -> None:
        try:
            import lz4.frame
        except ImportError as error:
            raise InstallationError(
                "archives that are packed with LZ4 need another library",
                remedy="Install it: pip install 'dateline[lz4]', or unpack the file first: lz4 -d FILE.",
            ) from error
        self._decoder = lz4.frame.LZ4FrameDecompressor()

    @property
    def ended(self) -> bool:
        return bool(self._decoder.eof)

    @property
    def rest(self) -> bytes:
        return self._decoder.unused_data or b""

    def feed(self, piece: bytes) -> Iterator[bytes]:
        while True:
            try:
                yield self._decoder.decompress(piece, max_length=PIECE)
            except (RuntimeError, EOFError) as error:
                raise Damaged(f"the compressed data are damaged ({error})") from error
            piece = b""
            if self._decoder.eof or self._decoder.needs_input:
                return


@dataclass(frozen=True, slots=True)
class Packing:
    """How a file is packed: what each member begins with, and who unpacks one."""

    name: str
    mark: bytes
    decoder: Callable[[], Decoder]


PACKINGS = (Packing("gzip", GZIP, _Gzip), Packing("LZ4", LZ4, _Lz4))


def packing_of(head: bytes) -> Packing | None:
    """How a file is packed, by its first bytes; None where it is not."""
    return next((each for each in PACKINGS if head.startswith(each.mark)), None)


def plain_runs(file: BinaryIO) -> Iterator[Run | Break]:
    """The bytes of a file that is not packed."""
    while piece := file.read(PIECE):
        yield Run(piece, None)


def unpacked_runs(
    file: BinaryIO, packing: Packing, *, ratio: int, begins_record: Callable[[bytes], bool]
) -> Iterator[Run | Break]:
    """Unpack a file member by member; where one is damaged, go on with the next that begins a record.

    ratio: how many times its packed size a member may unpack to.
    """
    raw = Raw(file)
    while raw.peek(1):
        start = raw.position
        if not raw.peek(len(packing.mark)).startswith(packing.mark):
            padding = _find_member(raw, packing, begins_record)
            if not padding:
                yield Break(f"these bytes are not {packing.name}", start, raw.position)
            continue
        try:
            yield from _unpack_member(raw, packing.decoder(), ratio)
        except Damaged as damage:
            raw.back_to(max(start + 1, raw.position - HISTORY))
            _find_member(raw, packing, begins_record)
            yield Break(str(damage), start, raw.position)


def _unpack_member(raw: Raw, decoder: Decoder, ratio: int) -> Iterator[Run]:
    start = raw.position
    given = 0
    while not decoder.ended:
        piece = raw.read(PIECE)
        if not piece:
            raise Damaged("the file ends in the middle of it")
        for unpacked in decoder.feed(piece):
            given += len(unpacked)
            if unpacked:
                yield Run(unpacked, start)
            if given > _FIRST_MEGABYTE and given > ratio * (raw.position - start):
                raise Damaged(f"it unpacks to more than {ratio} times its size")
    raw.back_to(raw.position - len(decoder.rest))


def _find_member(raw: Raw, packing: Packing, begins_record: Callable[[bytes], bool]) -> bool:
    """Go to the next member that begins a record, or to the end. Whether all that was passed over is zero bytes."""
    zeros = True
    while window := raw.peek(PIECE):
        for found in re.finditer(re.escape(packing.mark), window):
            head = window[found.start() : found.start() + 4096]
            if len(head) < 4096 and len(window) == PIECE:
                head = raw.peek(found.start() + 4096)[found.start() :]
            if begins_record(_first_bytes(head, packing)):
                zeros = zeros and not window[: found.start()].strip(b"\x00")
                raw.read(found.start())
                return zeros
        # A mark may lie across the edge of two windows.
        passed = raw.read(max(1, len(window) - len(packing.mark) + 1) if len(window) == PIECE else len(window))
        zeros = zeros and not passed.strip(b"\x00")
    return zeros


def _first_bytes(head: bytes, packing: Packing) -> bytes:
    try:
        return next(packing.decoder().feed(head), b"")[:512]
    except Damaged:
        return b""


# ---------------------------------------------------------------- one stream of it all


class Stream:
    """Unpacked bytes with a window in which one can go back. `position` counts unpacked bytes from the beginning.

    reach: how many bytes one can go back.
    """

    def __init__(self, runs: Iterator[Run | Break], *, reach: int) -> None:
        self._runs = runs
        self._reach = reach
        self._buffer = bytearray()
        self._base = 0
        self._at = 0
        self._ended = False
        self._starts: list[tuple[int, int]] = []  # (position, where its member starts in the file)
        self._breaks: deque[tuple[int, Break]] = deque()

    @property
    def position(self) -> int:
        return self._base + self._at

    def place(self, position: int) -> str:
        """Where a byte stands in the file: "1204", or "1204+57" for one that is not the first of its member."""
        index = bisect_right(self._starts, (position, 2**63)) - 1
        if index < 0:
            return str(position)
        first, start = self._starts[index]
        return f"{start}+{position - first}" if position > first else str(start)

    def peek(self, size: int) -> bytes:
        self._fill(size)
        return bytes(self._buffer[self._at : self._at + size])

    def take(self, size: int) -> bytes:
        piece = self.peek(size)
        self._move(len(piece))
        return piece

    def skip(self, size: int) -> int:
        """Pass over bytes without keeping them; how many there were."""
        left = size
        while left and (available := min(left, self._fill(min(left, PIECE)))):
            self._move(available)
            left -= available
        return size - left

    def can_go_back_to(self, position: int) -> bool:
        return position >= self._base

    def back_to(self, position: int) -> None:
        self._at = position - self._base

    def breaks_before(self, position: int) -> list[Break]:
        """Take out the breaks that stand before a position or at it."""
        found = []
        while self._breaks and self._breaks[0][0] <= position:
            found.append(self._breaks.popleft()[1])
        return found

    def member_at(self, position: int) -> int:
        """Where the member that a byte comes from starts in the file; 0 where the file is not packed."""
        index = bisect_right(self._starts, (position, 2**63)) - 1
        return self._starts[index][1] if index >= 0 else 0

    def find(self, anywhere: re.Pattern[bytes], at_start: re.Pattern[bytes], *, longest: int) -> None:
        """Go to the next match of one pattern, or of another at the start of a member; else to the end.

        The byte at which the search begins is passed over in any case. longest: of a match, with what stands around it.
        """
        self.skip(1)
        while window := self.peek(PIECE + longest):
            last = len(window) < PIECE + longest
            found = [match.start() for match in [anywhere.search(window)] if match]
            for position, _ in self._starts[bisect_right(self._starts, (self.position, -1)) :]:
                offset = position - self.position
                if offset < len(window) and at_start.match(window, offset):
                    found.append(offset)
                    break
            if found and (min(found) < PIECE or last):
                self._move(min(found))
                return
            # One byte stays, for patterns that look behind.
            self._move(len(window) if last else PIECE - 1)

    def _fill(self, size: int) -> int:
        """Have so many bytes at hand, or as many as there are."""
        while len(self._buffer) - self._at < size and not self._ended:
            run = next(self._runs, None)
            end = self._base + len(self._buffer)
            if run is None:
                self._ended = True
            elif isinstance(run, Break):
                self._breaks.append((end, run))
            else:
                if run.start is not None and (not self._starts or self._starts[-1][1] != run.start):
                    self._starts.append((end, run.start))
                self._buffer += run.data
        return len(self._buffer) - self._at

    def _move(self, size: int) -> None:
        self._at += size
        surplus = self._at - self._reach
        if surplus > self._reach:  # only now and then: moving the rest to the front takes time
            self._base += surplus
            del self._buffer[:surplus]
            self._at -= surplus
            kept = bisect_right(self._starts, (self._base, 2**63)) - 1
            del self._starts[: max(0, kept)]
