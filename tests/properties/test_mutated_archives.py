"""Broken archives: whatever is flipped or cut, no fault, and every byte is a record or a damage that is told."""

from __future__ import annotations

import gzip
import io
import re

from hypothesis import given
from hypothesis import strategies as st

from dateline.reading import Limits
from dateline.reading.archives import read_archive, told
from dateline.reading.archives.records import Record, looks_like_archive, read_pieces
from dateline.reading.received import Body
from dateline.records import Problem

COUNT = 6
LIMITS = Limits(record_bytes=20_000, page_bytes=20_000)


def block(number: int) -> bytes:
    """An answer of which no two are alike."""
    words = " ".join(f"word{(number + 3) * each % 977}" for each in range(60))
    return f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>{words}</p></html>".encode()


def record(number: int) -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/{number}\r\nContent-Length: "
    return head.encode() + b"%d\r\n\r\n%s\r\n\r\n" % (len(block(number)), block(number))


def arc_record(number: int) -> bytes:
    line = b"http://a.example/%d 127.0.0.1 20260301100000 text/html %d\n" % (number, len(block(number)))
    return line + block(number) + b"\n"


PLAIN = [record(number) for number in range(COUNT)]
ARC = [arc_record(number) for number in range(COUNT)]
FORMS = {
    "plain": PLAIN,
    "members": [gzip.compress(each, mtime=0) for each in PLAIN],
    "whole": [gzip.compress(b"".join(PLAIN), mtime=0)],
    "arc": ARC,
    "arc members": [gzip.compress(each, mtime=0) for each in ARC],
}
BLOCKS = {form: [b""] if form == "whole" else [block(number) for number in range(COUNT)] for form in FORMS}
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "insert", "double"]), st.floats(0, 1), st.binary(min_size=1, max_size=40)
    ),
    min_size=1,
    max_size=4,
)


@given(form=st.sampled_from(sorted(FORMS)), changes=CHANGES)
def test_a_broken_archive_is_read_without_a_fault_and_without_silence(
    form: str, changes: list[tuple[str, float, bytes]]
) -> None:
    data = changed(b"".join(FORMS[form]), changes)
    pieces = list(read_pieces(io.BytesIO(data), data[:100], limits=LIMITS))

    # 1. Together they are all of the unpacked bytes, but for blank ones, in their order.
    end = 0
    for piece in pieces:
        assert end <= piece.start <= piece.end
        assert form not in ("plain", "arc") or not data[end : piece.start].strip(b"\r\n")
        end = piece.end
    assert form not in ("plain", "arc") or not data[end:].strip(b"\r\n")

    # 2. Every record that was not touched is read, or stands in a damage that is told.
    starts = [int(piece.place.partition("+")[0]) for piece in pieces]
    stretches = list(zip(pieces, starts, [*starts[1:], len(data)], strict=True))
    for words, each in zip(BLOCKS[form], FORMS[form], strict=True):
        for found in re.finditer(re.escape(each.strip(b"\r\n")), data):
            at = found.start()
            # A change may have made it a part of a longer record.
            assert any(
                words in (piece.block or b"") if isinstance(piece, Record) else start <= at < end
                for piece, start, end in stretches
            ), (at, starts)

    # 3. Each becomes a page, a problem, or is counted.
    outcomes = list(read_archive(io.BytesIO(data), data[:100], location="a.warc", limits=LIMITS))
    passed = outcomes.pop()
    assert not isinstance(passed, (Problem, tuple))
    told(passed)
    assert len(outcomes) + passed.total() == len(pieces)
    for outcome in outcomes:
        assert isinstance(outcome, Problem) or isinstance(outcome[1], Body)
    looks_like_archive(data[:200])


def changed(data: bytes, changes: list[tuple[str, float, bytes]]) -> bytes:
    for kind, where, piece in changes:
        at = int(where * max(0, len(data) - 1))
        if kind == "flip" and data:
            data = data[:at] + bytes([data[at] ^ (piece[0] or 1)]) + data[at + 1 :]
        elif kind == "cut":
            data = data[:at] + data[at + len(piece) * 3 :]
        elif kind == "insert":
            data = data[:at] + piece + data[at:]
        elif kind == "double":
            data = data[:at] + data[max(0, at - 300) : at] + data[at:]
    return data
