"""From a record to the page or text in it, or why it gives none."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import io
import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from dateline.reading.archives.records import Record, arc_line
from dateline.reading.formats.html import looks_like_html
from dateline.reading.received import Body, Limits
from dateline.reading.unpacking import Unpackable, media_type_of, unpack_body
from dateline.records import Problem

Kind = Literal[
    "about the archive", "requests", "not HTML or plain text", "redirects", "error answers",
    "copies of records elsewhere", "in several pieces", "converted by others", "robots.txt", "not from the web",
    "too large", "of other kinds",
]  # fmt: skip
# What an archive holds besides answers, and what nobody misses.
COMPANIONS: frozenset[Kind] = frozenset(["about the archive", "requests", "not from the web"])
_TYPES: dict[str, Kind] = {
    "warcinfo": "about the archive",
    "metadata": "about the archive",
    "request": "requests",
    "revisit": "copies of records elsewhere",
    "continuation": "in several pieces",
    "conversion": "converted by others",
}
_HTML = ("text/html", "application/xhtml+xml")
_DIGESTS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha512": hashlib.sha512, "md5": hashlib.md5}
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
# An address with spaces, which the library would mend and warn of.
_ADDRESS = re.compile(rb"^(WARC-Target-URI:[ \t]*)([^\r\n]*)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A sound record that is no page and no text."""

    kind: Kind


def open_record(record: Record, *, location: str, limits: Limits) -> Body | PassedOver | Problem:
    """The page or text in a record; a Problem where it should hold one and does not."""
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.recordloader import ArcWarcRecordLoader
    from warcio.statusandheaders import StatusAndHeadersParserException

    head, date = record.head, None
    if record.form == "arc":
        line = arc_line(record.head)
        if line is None or line.uri.startswith(b"filedesc:"):
            return PassedOver("about the archive")
        if not line.uri.lower().startswith((b"http:", b"https:")):
            return PassedOver("not from the web")
        # ARC 2 has five fields more, which the library does not know.
        address = line.uri.replace(b" ", b"%20")
        head = b" ".join([address, line.ip, line.date, line.media_type, b"%d" % line.length]) + b"\n"
        date = _moment(line.date.decode("ascii"))
    if record.block is None:
        return PassedOver("too large")
    head = _ADDRESS.sub(lambda found: found[1] + found[2].strip().replace(b" ", b"%20"), head)
    if _too_many_headers(record.block, limits):
        return _damaged(location, "its HTTP headers do not end within what is allowed")
    loader = ArcWarcRecordLoader(verify_http=False)
    try:
        parsed: Any = loader.parse_record_stream(io.BytesIO(head + record.block), known_format=record.form)
    except (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, ValueError, AttributeError) as error:
        # AttributeError: of a record without an address the library asks how it begins.
        return _damaged(location, f"its headers cannot be read ({type(error).__name__})")
    answer = _answer(parsed, location, limits)
    if not isinstance(answer, Body):
        return answer
    moment = date or _moment(parsed.rec_headers.get_header("WARC-Date") or "")
    problems = (*answer.problems, *_doubts(record, parsed, moment, location))
    return replace(answer, retrieved_at=moment, problems=problems)


def _too_many_headers(block: bytes, limits: Limits) -> bool:
    """Whether the headers of an answer are longer than any server's; the library would read millions of them."""
    if not block.startswith(b"HTTP/"):
        return False
    end = _END_OF_HEAD.search(block, 0, limits.header_bytes)
    if end is None:
        return len(block) > limits.header_bytes
    return block.count(b"\n", 0, end.end()) > limits.record_headers


def _answer(parsed: Any, location: str, limits: Limits) -> Body | PassedOver | Problem:
    """The body of an answer that says 200."""
    kind = (parsed.rec_type or "").lower()
    if kind not in ("response", "resource"):
        return PassedOver(_TYPES.get(kind, "of other kinds"))
    header = parsed.rec_headers.get_header
    if (header("WARC-Segment-Number") or "1").strip() != "1" or header("WARC-Segment-Total-Length"):
        return PassedOver("in several pieces")
    address = header("WARC-Target-URI") or ""
    if address.lower().startswith("metadata:"):
        return PassedOver("about the archive")  # wget keeps its log like this
    if not address.lower().startswith(("http:", "https:") if kind == "response" else ("http:", "https:", "file:")):
        return PassedOver("not from the web")
    if address.partition("?")[0].endswith("/robots.txt"):
        return PassedOver("robots.txt")
    http = parsed.http_headers
    if kind == "response":
        if http is None or not str(http.protocol).upper().startswith("HTTP/"):
            return _damaged(location, "it has no HTTP headers")
        status = http.get_statuscode()
        if status != "200":
            return PassedOver("redirects" if status[:1] == "3" else "error answers")
    media_type, charset = media_type_of((http.get_header("Content-Type") if http else header("Content-Type")) or "")
    if media_type and media_type not in (*_HTML, "text/plain", "application/octet-stream", "application/http"):
        return PassedOver("not HTML or plain text")
    try:
        data, problems = _unpack(parsed, http, location, limits)
    except Unpackable as error:
        return _damaged(location, str(error))
    if media_type not in (*_HTML, "text/plain") and not looks_like_html(data):
        return PassedOver("not HTML or plain text")
    form: Literal["html", "text"] = "text" if media_type == "text/plain" and not looks_like_html(data) else "html"
    return Body(data=data, kind=form, address=address, charset=charset, problems=problems)


def _unpack(parsed: Any, http: Any, location: str, limits: Limits) -> tuple[bytes, tuple[Problem, ...]]:
    if http is None:
        return parsed.raw_stream.read(), ()
    data: bytes = parsed.raw_stream.read()
    problems: tuple[Problem, ...] = ()
    if "chunked" in (http.get_header("Transfer-Encoding") or "").lower():
        data, problems = _join_chunks(data, location)
    codings = (http.get_header("Content-Encoding") or "").split(",")
    return unpack_body(data, codings, limit=limits.page_bytes, ratio=limits.unpack_ratio), problems


def _join_chunks(data: bytes, location: str) -> tuple[bytes, tuple[Problem, ...]]:
    """Undo the chunked transfer coding. Many crawlers undo it themselves and keep the header."""
    from warcio.bufferedreaders import ChunkedDataException, ChunkedDataReader

    first = data[:64].partition(b"\r\n")[0].partition(b";")[0].strip()
    try:
        int(first, 16)
    except ValueError:
        return data, ()
    try:
        return _read_all(ChunkedDataReader(io.BytesIO(data), raise_exceptions=True)), ()
    except ChunkedDataException:
        problem = Problem(
            location=location,
            message="its chunks do not fit together; words may be missing or foreign to it",
            remedy="Compare the text with the page where it matters.",
        )
        return _read_all(ChunkedDataReader(io.BytesIO(data))), (problem,)


def _read_all(reader: Any) -> bytes:
    pieces = []
    while piece := reader.read(2**16):
        pieces.append(piece)
    return b"".join(pieces)


def _doubts(record: Record, parsed: Any, moment: dt.datetime | None, location: str) -> list[Problem]:
    """What is odd about a record that can be read."""
    doubts = []
    header = parsed.rec_headers.get_header
    if record.after_damage:
        doubts.append("it was found inside of what a damaged record before it calls its own, and may be a part of that")
    if header("WARC-Truncated"):
        doubts.append(f"the crawler kept only the beginning of it ({header('WARC-Truncated')[:40]})")
    if record.block is not None and not _fits(header("WARC-Block-Digest") or "", record.block):
        doubts.append("its content does not have the checksum that the archive states; it may have been altered")
    if moment is None:
        doubts.append(f"the archive does not say when it was fetched ({(header('WARC-Date') or 'no date')[:40]!r})")
    return [
        Problem(location=location, message=doubt, remedy="Compare the text with the page where it matters.")
        for doubt in doubts
    ]


def _fits(digest: str, block: bytes) -> bool:
    """Whether a digest such as "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ" is that of a block; True for unknown kinds."""
    name, _, value = digest.partition(":")
    made = _DIGESTS.get(name.strip().lower().replace("-", ""))
    if made is None:
        return True
    actual = made(block, usedforsecurity=False).digest()
    value = value.strip()
    try:
        stated = bytes.fromhex(value) if len(value) == 2 * len(actual) else base64.b32decode(value.upper())
    except (ValueError, binascii.Error):
        return True  # not a digest as the standard has it
    return stated == actual


def _moment(written: str) -> dt.datetime | None:
    """A date of WARC ("2026-03-01T10:00:00Z") or ARC ("20260301100000"), both of which are in UTC."""
    try:
        if written.isdigit():
            return dt.datetime.strptime(written[:14], "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
        moment = dt.datetime.fromisoformat(written.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _damaged(location: str, reason: str) -> Problem:
    return Problem(location=location, message=f"this record was passed over: {reason}", remedy=FETCH_AGAIN)


FETCH_AGAIN = "What stands before and after it was read. If it matters, fetch the archive again."
