"""From a stream to the records of an archive: where each begins and ends, and what to do where one does not.

A record is believed only when its length leads to the next one. Where it does not, it is given up as a whole (half a
story is a false story), and the next line that begins a record is looked for, from the head of the failed one on.

The forms are those of WARC 1.1 (ISO 28500:2017; 0.17 to 1.0 are the same here) and of ARC 1 and 2 (Internet Archive).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from dateline.reading.archives.streams import (
    LZ4,
    PIECE,
    ZSTANDARD,
    Break,
    Stream,
    packing_of,
    plain_runs,
    unpacked_runs,
)
from dateline.reading.received import Limits

_WARC_LINE = re.compile(rb"WARC/[01]\.\d{1,2}[ \t]*\r?\n")
# Fuller than a line, so that the words of a page that tells about archives are not taken for a record.
_WARC_START = re.compile(rb"WARC/[01]\.\d{1,2}[ \t]*\r?\n[A-Za-z][A-Za-z-]{1,40}:")
_ARC_START = re.compile(
    rb"(?:https?|ftp)://[^ \r\n]{1,4000}+ [0-9a-fA-F.:]{1,45} \d{14} [^ \r\n]{1,200} [^\r\n]{0,800}?\d{1,15}\r?\n"
)
_ARC_LATER = re.compile(rb"(?<=\n)" + _ARC_START.pattern)
_EITHER = re.compile(_WARC_START.pattern + rb"|" + _ARC_LATER.pattern)
_EITHER_START = re.compile(_WARC_START.pattern + rb"|" + _ARC_START.pattern)
_LONGEST_START = 6000
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*([^\r\n]*?)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_BLANK = b"\r\n"
_ADDRESS = re.compile(rb"[a-zA-Z][a-zA-Z0-9+.-]{1,20}:.", re.DOTALL)
_IP = re.compile(rb"[0-9a-fA-F.:]{1,45}|-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record as it stands in the archive.

    start, end: in unpacked bytes. place: where it begins in the file, in bytes, as `Stream.place` has it.
    head: its header lines, for ARC its one line. block: what follows; None where it is larger than the limit.
    after_damage: it was found where a damaged record should have gone on, and might be part of that one.
    """

    start: int
    end: int
    place: str
    form: str
    head: bytes
    block: bytes | None
    after_damage: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A stretch of the archive that could not be read. size: in unpacked bytes, 0 where nothing could be unpacked."""

    start: int
    end: int
    place: str
    reason: str


def looks_like_archive(head: bytes) -> bool:
    """Whether a file begins as archives do, packed or not, whatever its name."""
    packing = packing_of(head)
    if packing is None:
        return _begins_record(head)
    if packing.mark == LZ4:
        return False  # known by its name only: looking into it needs a library
    runs = unpacked_runs(_Head(head), packing, ratio=2**30, begins_record=_begins_record)  # type: ignore[arg-type]
    first = next(runs, None)
    return first is not None and not isinstance(first, Break) and _begins_record(first.data)


def read_pieces(file: BinaryIO, head: bytes, *, limits: Limits) -> Iterator[Record | Damage]:
    """Read the records of an archive and the damage between them; together they are all of its bytes but blank ones.

    head: its first bytes, which `file` will give once more.
    Raises InstallationError where it is packed with LZ4 and the library for that is missing.
    """
    packing = packing_of(head)
    if head.startswith(ZSTANDARD):
        yield Damage(start=0, end=0, place="0", reason="it is packed with Zstandard; unpack it first: zstd -d FILE")
        return
    if packing is None:
        runs = plain_runs(file)
    else:
        runs = unpacked_runs(file, packing, ratio=limits.unpack_ratio, begins_record=_begins_record)
    stream = Stream(runs, reach=limits.record_bytes + limits.header_bytes + 2 * PIECE)
    yield from _Reader(stream, limits).read()


class _Head:
    """A few bytes that are read as a file."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, size: int) -> bytes:
        piece, self._data = self._data[:size], self._data[size:]
        return piece


def _begins_record(head: bytes) -> bool:
    return bool(_WARC_LINE.match(head) or head.startswith(b"filedesc://") or arc_line(head))


@dataclass(frozen=True, slots=True)
class ArcLine:
    """The line that begins an ARC record. size: of the line, in bytes; length: of what follows it."""

    uri: bytes
    ip: bytes
    date: bytes
    media_type: bytes
    length: int
    size: int


def arc_line(head: bytes) -> ArcLine | None:
    """Read a line as ARC 1 and 2 have it: address, IP address, date, media type, in ARC 2 five fields more, length.

    Addresses may hold spaces: what comes before the IP address and the date is one.
    """
    line, end, _ = head[:8192].partition(b"\n")
    fields = line.rstrip().split(b" ")
    if not end or len(fields) < 5 or not _ADDRESS.match(line):
        return None
    for index in range(2, len(fields) - 2):
        date, length = fields[index], fields[-1]
        if date.isdigit() and 8 <= len(date) <= 17 and _IP.fullmatch(fields[index - 1]):
            if not length.isdigit() or len(length) > 15:
                return None
            uri = b" ".join(fields[: index - 1])
            return ArcLine(uri, fields[index - 1], date, fields[index + 1], int(length), len(line) + 1)
    return None


class _Reader:
    """Walks from record to record. doubtful_until: how far a damaged record said that it went."""

    def __init__(self, stream: Stream, limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        self._doubtful_until = 0
        self._damages = 0
        self._form: str | None = None

    def read(self) -> Iterator[Record | Damage]:
        stream = self._stream
        while True:
            self._pass_blank()
            yield from map(self._broken, stream.breaks_before(stream.position))
            if not stream.peek(1):
                return
            if self._damages >= self._limits.damaged_places:
                yield self._too_many()
                return
            piece = self._read_one()
            # What is damaged shows only when one looks beyond the end: a checksum stands behind what it is for.
            stream.peek(1)
            last = stream.member_at(piece.end - 1)
            broken = stream.breaks_before(piece.end)
            own = [each for each in broken if each.start <= last]
            if own:
                reason = own[0].reason if isinstance(piece, Record) else f"{piece.reason}; {own[0].reason}"
                piece = Damage(start=piece.start, end=piece.end, place=piece.place, reason=reason)
                broken.remove(own[0])
            self._damages += isinstance(piece, Damage)
            yield piece
            yield from map(self._broken, broken)

    def _pass_blank(self) -> None:
        while window := self._stream.peek(PIECE):
            rest = window.lstrip(_BLANK)
            self._stream.skip(len(window) - len(rest))
            if rest:
                return

    def _broken(self, broken: Break) -> Damage:
        self._damages += 1
        here = self._stream.position
        return Damage(start=here, end=here, place=str(broken.start), reason=broken.reason)

    def _too_many(self) -> Damage:
        here = self._stream.position
        reason = f"there are {self._limits.damaged_places:,} damaged places before it; from here on nothing was read"
        return Damage(start=here, end=here, place=self._stream.place(here), reason=reason)

    def _read_one(self) -> Record | Damage:
        window = self._stream.peek(self._limits.header_bytes)
        if _WARC_LINE.match(window):
            self._form = self._form or "warc"
            return self._read_warc(window)
        arc = arc_line(window)
        if arc:
            self._form = self._form or "arc"
            return self._read_block(window[: arc.size], "arc", arc.length)
        return self._give_up(self._stream.position, "these bytes belong to no record")

    def _read_warc(self, window: bytes) -> Record | Damage:
        start = self._stream.position
        end = _END_OF_HEAD.search(window)
        head = window[: end.end()] if end else b""
        if end is None and len(window) < self._limits.header_bytes:
            return self._give_up(start, "its header is cut off")
        if end is None or head.count(b"\n") > self._limits.record_headers:
            most = f"{self._limits.record_headers:,} lines or {self._limits.header_bytes:,} bytes"
            return self._give_up(start, f"its header has more than {most}")
        if _WARC_START.search(head, 1):
            return self._give_up(start, "its header is cut off and another record follows")
        stated = {each.decode("latin-1") for each in _LENGTH.findall(head)}
        length = stated.pop() if len(stated) == 1 else ""
        if not (length.isascii() and length.isdigit() and len(length) <= 15):
            return self._give_up(start, "its header does not say how long it is")
        return self._read_block(head, "warc", int(length))

    def _read_block(self, head: bytes, form: str, length: int) -> Record | Damage:
        """Read what follows a head, and see whether it ends where a record ends."""
        stream, start = self._stream, self._stream.position
        stream.skip(len(head))
        begun = stream.position
        block = None
        if length <= self._limits.record_bytes:
            block = stream.take(length)
            size = len(block)
        elif _WARC_START.search(stream.peek(self._limits.record_bytes)):
            # One cannot go back that far, so the length is not tried: if it is wrong, all the rest would be lost.
            self._doubtful_until = max(self._doubtful_until, begun + length)
            return self._give_up(start, f"it is said to be {length:,} bytes long, but other records follow sooner",
                                 look_from=begun)  # fmt: skip
        else:
            size = stream.skip(length)
        if size < length:
            self._doubtful_until = max(self._doubtful_until, begun + length)
            return self._give_up(start, f"it is cut off (expected {length:,} bytes, found {size:,})", look_from=begun)
        closed = form == "warc" and stream.peek(4) == b"\r\n\r\n"  # whatever follows, it ends where it says
        self._pass_blank()
        following = stream.peek(8192)
        if following and not closed and not _begins_record(following):
            self._doubtful_until = max(self._doubtful_until, begun + length)
            reason = f"its length ({length:,} bytes) does not lead to the next record"
            return self._give_up(start, reason, look_from=begun)
        return Record(
            start=start, end=stream.position, place=stream.place(start), form=form, head=head, block=block,
            after_damage=start < self._doubtful_until,
        )  # fmt: skip

    def _give_up(self, start: int, reason: str, *, look_from: int | None = None) -> Damage:
        """Go on with what looks like the next record. look_from: None for the next byte."""
        stream = self._stream
        if look_from is not None and stream.can_go_back_to(look_from - 1):
            stream.back_to(look_from - 1)
        patterns = {"warc": (_WARC_START, _WARC_START), "arc": (_ARC_LATER, _ARC_START)}
        anywhere, at_start = patterns.get(self._form or "", (_EITHER, _EITHER_START))
        stream.find(anywhere, at_start, longest=_LONGEST_START)
        return Damage(start=start, end=stream.position, place=stream.place(start), reason=reason)
