"""Web archives, WARC and ARC: each page or text in them, and a Problem for each place that is damaged.

`streams` unpacks, `records` finds where each record begins and ends, `bodies` opens one. Why the framing is ours and
the headers are warcio's: docs/decisions/0018.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from dateline.reading.archives.bodies import COMPANIONS, FETCH_AGAIN, Kind, PassedOver, open_record
from dateline.reading.archives.records import Damage, looks_like_archive, read_pieces
from dateline.reading.received import Body, Limits
from dateline.records import Problem

__all__ = ["looks_like_archive", "read_archive", "told"]


def read_archive(
    file: BinaryIO, head: bytes, *, location: str, limits: Limits
) -> Iterator[tuple[str, Body] | Problem | Counter[Kind]]:
    """Read an archive: (location, body) of each page or text, a Problem of each damage; last, a count of the rest.

    head: its first bytes, which `file` will give once more. The location of a record is "FILE#OFFSET".
    """
    passed: Counter[Kind] = Counter()
    for piece in read_pieces(file, head, limits=limits):
        where = f"{location}#{piece.place}"
        if isinstance(piece, Damage):
            yield Problem(
                location=where,
                message=f"damaged at byte {piece.place}: {piece.reason}{_size(piece)}",
                remedy=FETCH_AGAIN,
            )
            continue
        opened = open_record(piece, location=where, limits=limits)
        if isinstance(opened, PassedOver):
            passed[opened.kind] += 1
        elif isinstance(opened, Body):
            yield where, opened
        else:
            yield opened
    yield passed


def told(passed: Counter[Kind]) -> str | None:
    """What was passed over, in words; None where it is only what belongs to the pages that were read."""
    missed = [(kind, count) for kind, count in passed.most_common() if kind not in COMPANIONS]
    return ", ".join(f"{count:,} {kind}" for kind, count in missed) or None


def _size(damage: Damage) -> str:
    size = damage.end - damage.start
    return f"; {size:,} bytes were passed over" if size else ""
