"""From what a user names (files, folders, patterns, standard input) to documents, one at a time."""

from __future__ import annotations

import glob
import gzip
import io
import json
import os
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeAlias

from dateline.errors import InputError
from dateline.reading.archives import looks_like_archive, read_archive, told
from dateline.reading.formats.html import Extractor, Page, decode_page, looks_like_html
from dateline.reading.formats.jsonl import Record, parse_line, parse_record
from dateline.reading.formats.text import check_text, clean_surrogates, decode_text
from dateline.reading.outlets import SERVED, registrable_domain
from dateline.reading.received import Body, Limits, Metadata, Received
from dateline.records import Document, Evidence, Problem, make_id

Format = Literal["text", "html", "jsonl", "json", "archive"]

_FORMATS: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".warc": "archive",
    ".arc": "archive",
}
_PACKED = (".gz", ".lz4", ".zst")  # the last two only of archives
_GZIP = b"\x1f\x8b"
_HEAD = 2**16  # bytes that tell what a file is
_Stream: TypeAlias = "io.BufferedReader[Any]"
_PATTERN = set("*?[")
# Files that lie in many folders and tell about them; read only where they are named.
_ABOUT_THE_FOLDER = re.compile(r"(?:read ?me|licen[cs]e|notice|changelog|contributing|copying)\b", re.IGNORECASE)


def read_documents(
    locations: Iterable[str], *, limits: Limits | None = None, stdin: BinaryIO | None = None
) -> Iterator[Received | Problem]:
    """Read documents from files, folders, patterns ("news/*.html") and standard input ("-").

    The format is known by the file's ending (.txt, .html, .jsonl, .json, .warc, .arc, each also with .gz); without a
    known ending, and for standard input, by how the content begins. A Problem comes in place of each document that
    could not be made.
    Raises InputError, before anything is read, when a named file does not exist or a pattern matches nothing.
    """
    limits = limits or Limits()
    sources = [source for location in locations for source in _expand(location)]
    with Extractor(limits=limits) as extractor:
        for source in sources:
            if isinstance(source, Problem):
                yield source
            else:
                yield from _read_source(source, limits, stdin, extractor)


def receive_text(text: str, *, location: str = "text") -> Received:
    """Take words that are already in memory. They are kept as they are; only lone surrogates become U+FFFD."""
    checked = check_text(text, location)
    kept = clean_surrogates(text)
    document = Document(id=make_id("document", location, kept), text=kept, location=location, media_type="text/plain")
    return Received(document=document, problems=checked.problems)


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to be read, or standard input. location: as the user sees it."""

    location: str
    path: Path | None

    @property
    def name(self) -> str:
        return self.path.name if self.path else self.location


def _expand(location: str) -> list[_Source | Problem]:
    if location == "-":
        return [_Source("standard input", None)]
    path = Path(location)
    try:
        if path.is_dir():
            return _expand_folder(path)
        if path.exists():
            return [_Source(location, path)]
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be opened: {error}", location=location) from error
    if location.lower().startswith(("http://", "https://")):
        raise InputError(
            "Dateline reads saved pages, not addresses",
            location=location,
            remedy="Save the page and name the file, or watch its feed: dateline watch.",
        )
    if _PATTERN & set(location):
        found = sorted(glob.glob(location, recursive=True))
        if found:
            return [source for each in found for source in (_expand(each) if os.path.exists(each) else [])]
        raise InputError("no file matches this pattern", location=location, remedy="Check the folder and the ending.")
    raise InputError("there is no such file", location=location, remedy="Check the path, or use - for standard input.")


def _expand_folder(folder: Path) -> list[_Source | Problem]:
    sources: list[_Source | Problem] = []
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and _format_of(name) and not _ABOUT_THE_FOLDER.match(name):
                sources.append(_Source(os.path.join(parent, name), Path(parent, name)))
    if not sources:
        endings = ", ".join(_FORMATS)
        return [
            Problem(location=str(folder), message="this folder holds no file that Dateline reads",
                    remedy=f"It reads files that end in {endings}, and the same with .gz.")
        ]  # fmt: skip
    return sources


def _format_of(name: str) -> Format | None:
    stem, packed = os.path.splitext(name.lower())
    if packed not in _PACKED:
        return _FORMATS.get(packed)
    format_ = _FORMATS.get(os.path.splitext(stem)[1])
    return format_ if packed == ".gz" or format_ == "archive" else None


# ---------------------------------------------------------------- one source


def _read_source(
    source: _Source, limits: Limits, stdin: BinaryIO | None, extractor: Extractor
) -> Iterator[Received | Problem]:
    try:
        with _open(source, stdin) as stream:
            head = stream.peek(_HEAD)[:_HEAD]
            if _format_of(source.name) == "archive" or looks_like_archive(head):
                yield from _read_archive(stream, head, source, limits, extractor)
            else:
                yield from _read_stream(_unpacked(stream), source, limits, extractor)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield Problem(
            location=source.location,
            message=f"the compressed file is damaged or cut off ({error or type(error).__name__})",
            remedy="What stood before the damage was read. Fetch the file again for the rest.",
        )
    except OSError as error:
        reason = error.strerror or str(error)
        yield Problem(location=source.location, message=f"cannot be read: {reason}", remedy="Check its permissions.")


def _open(source: _Source, stdin: BinaryIO | None) -> _Stream:
    """Open a source as it is."""
    if source.path is None:
        raw: BinaryIO = stdin if stdin is not None else sys.stdin.buffer
        return io.BufferedReader(_Unclosed(raw))
    return io.BufferedReader(io.FileIO(source.path), buffer_size=_HEAD)


def _unpacked(stream: _Stream) -> _Stream:
    """Unpack a stream if it is gzip, whatever its name says."""
    return io.BufferedReader(_Unpacked(stream)) if stream.peek(2)[:2] == _GZIP else stream


class _Unclosed(io.RawIOBase):
    """Standard input, which is not ours to close."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Unpacked(io.RawIOBase):
    """A gzip stream read piece by piece, so that a small file that unpacks to gigabytes stays small in memory."""

    def __init__(self, packed: _Stream) -> None:
        self._packed = packed
        self._plain = gzip.GzipFile(fileobj=packed)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._plain.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._plain.close()
            self._packed.close()
        super().close()


def _read_stream(
    stream: _Stream, source: _Source, limits: Limits, extractor: Extractor
) -> Iterator[Received | Problem]:
    name = source.name
    known = _format_of(name) or "text"
    head = stream.peek(4096)[:4096]
    if known == "jsonl" or (_format_of(name) is None and _begins_like_json_lines(head)):
        yield from _read_json_lines(stream, source, limits, extractor)
        return
    data = stream.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        yield _too_large(source.location, "file", limits.file_bytes, "bytes")
        return
    if known == "json":
        yield from _read_json(data, source, limits, extractor)
    elif known == "html" or looks_like_html(head):
        yield _read_page(data, source.location, name, limits, extractor)
    else:
        yield _read_text(data, source.location, name, limits)


def _read_archive(
    stream: _Stream, head: bytes, source: _Source, limits: Limits, extractor: Extractor
) -> Iterator[Received | Problem]:
    """Read a web archive record by record. What was passed over is told with the last document, or by itself."""
    last: Received | None = None
    for each in read_archive(stream, head, location=source.location, limits=limits):
        if isinstance(each, Problem):
            yield each
        elif isinstance(each, Counter):
            passed = told(each)
            if last is None:
                yield Problem(
                    location=source.location,
                    message="the archive holds no page that could be read"
                    + (f"; passed over were {passed}" if passed else ""),
                )
            elif passed:
                problem = Problem(
                    location=source.location, message=f"records of this archive were passed over: {passed}"
                )
                last = replace(last, problems=(*last.problems, problem))
        else:
            location, body = each
            received = receive_body(body, location=location, limits=limits, extractor=extractor)
            if isinstance(received, Problem):
                yield received
                continue
            if last is not None:
                yield last
            last = received
    if last is not None:
        yield last


def receive_body(body: Body, *, location: str, limits: Limits, extractor: Extractor) -> Received | Problem:
    """Make a document of what a server sent, with its address and what is stated of it for what it does not say itself.

    A page's own word on its address counts only where it names the same outlet: anybody could name another's.
    """
    if body.kind == "text":
        received = _read_text(body.data, location, body.address, limits)
    else:
        received = _read_page(
            body.data, location, body.address, limits, extractor, address=body.address, charset=body.charset
        )
    if isinstance(received, Problem):
        return received
    return replace(
        received,
        document=replace(received.document, retrieved_at=body.retrieved_at),
        metadata=_with_address(_merge(received.metadata, body.stated), body.address),
        container="page",
        problems=(*body.problems, *received.problems),
    )


def _with_address(metadata: Metadata, address: str) -> Metadata:
    """What is known of a page, and what the address that it came from says for certain: its outlet's domain."""
    domain = registrable_domain(address) if address else None
    found = {"outlet_domain": domain, "url": None if metadata.url else address}
    new = tuple(Evidence(field=name, spans=(), method=SERVED) for name, value in found.items() if value)
    kept = tuple(each for each in metadata.evidence if not found.get(each.field))
    return replace(
        metadata,
        url=metadata.url or address or None,
        outlet_domain=domain or metadata.outlet_domain,
        evidence=(*kept, *new),
    )


def _trusted(page: Page, address: str, location: str) -> Page:
    """A page without what it says of its address and outlet where it names another outlet than the one that sent it."""
    claimed, served = registrable_domain(page.metadata.url or ""), registrable_domain(address)
    if claimed is None or served is None or claimed == served:
        return page
    problem = Problem(
        location=location,
        message=f"the page says that it belongs to {claimed}, but it came from {served}, which is taken for its outlet",
        remedy="It may be a copy. Look at the page where it matters who published it.",
    )
    dropped = ("url", "outlet_name", "outlet_domain")
    evidence = tuple(each for each in page.metadata.evidence if each.field not in dropped)
    metadata = replace(page.metadata, url=None, outlet_name=None, outlet_domain=None, evidence=evidence)
    return replace(page, metadata=metadata, problems=(*page.problems, problem))


def _begins_like_json_lines(head: bytes) -> bool:
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0].strip()
    return first.startswith(b'{"') and (b'"text"' in first or b'"html"' in first)


def _read_text(data: bytes, location: str, name: str, limits: Limits) -> Received | Problem:
    decoded = decode_text(data, location)
    if decoded.text is None:
        return decoded.problems[-1]
    return _receive(decoded.text, location, name, limits, problems=decoded.problems)


def _read_page(
    data: bytes, location: str, name: str, limits: Limits, extractor: Extractor,
    *, address: str = "", charset: str | None = None,
) -> Received | Problem:  # fmt: skip
    """Read a page. address, charset: where it was fetched from, and what the server said with it, where known."""
    if len(data) > limits.page_bytes:
        return _too_large(location, "page", limits.page_bytes, "bytes")
    decoded = decode_page(data, location, charset=charset)
    if decoded.text is None:
        return decoded.problems[-1]
    page = extractor.extract(decoded.text, location=location)
    if address and isinstance(page, Page):
        page = _trusted(page, address, location)
    return _receive_page(page, location, name, limits, decoded.problems)


def _receive_page(
    page: Page | Problem, location: str, name: str, limits: Limits, problems: tuple[Problem, ...]
) -> Received | Problem:
    if isinstance(page, Problem):
        return page
    received = _receive(page.text, location, page.metadata.url or name, limits, problems=(*problems, *page.problems))
    if isinstance(received, Problem):
        return received
    document = replace(received.document, media_type="text/html")
    return replace(received, document=document, metadata=page.metadata, container="page")


def _receive(
    text: str, location: str, name: str, limits: Limits, *, problems: tuple[Problem, ...] = ()
) -> Received | Problem:
    if len(text) > limits.text_characters:
        return _too_large(location, "text", limits.text_characters, "characters")
    if text.count("\n") + text.count("\r") > limits.text_lines:
        return _too_large(location, "text", limits.text_lines, "lines")
    # The name and not the path: the same file has the same id on another machine.
    document = Document(id=make_id("document", name, text), text=text, location=location, media_type="text/plain")
    return Received(document=document, problems=problems)


# ---------------------------------------------------------------- JSON


def _read_json_lines(
    stream: _Stream, source: _Source, limits: Limits, extractor: Extractor
) -> Iterator[Received | Problem]:
    if stream.peek(2)[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield from _read_json(stream.read(limits.file_bytes), source, limits, extractor)
        return
    number = 0
    empty = True
    while line := stream.readline(limits.line_bytes + 1):
        number += 1
        if len(line) > limits.line_bytes:
            _skip_line(stream)
            empty = False
            yield _too_large(f"{source.location}:{number}", "line", limits.line_bytes, "bytes")
            continue
        if not line.strip(b"\xef\xbb\xbf \t\r\n\x00"):
            continue
        empty = False
        yield _read_line(line, number, source, limits, extractor)
    if empty:
        yield Problem(location=source.location, message="the file is empty", remedy="Nothing to do.")


def _skip_line(stream: _Stream) -> None:
    while piece := stream.readline(2**20):
        if piece.endswith(b"\n"):
            return


def _read_line(line: bytes, number: int, source: _Source, limits: Limits, extractor: Extractor) -> Received | Problem:
    location = f"{source.location}:{number}"
    if b"\x00" in line:
        return Problem(location=location, message="this line is not JSON (it holds zero bytes)", remedy=None)
    decoded = decode_text(line.removeprefix(b"\xef\xbb\xbf"), location)
    if decoded.text is None:
        return decoded.problems[-1]
    record = parse_line(decoded.text.strip(), location=source.location, number=number)
    return _receive_record(record, source, limits, extractor, decoded.problems)


def _read_json(data: bytes, source: _Source, limits: Limits, extractor: Extractor) -> Iterator[Received | Problem]:
    """Read a .json file: one object, an array of objects, or after all JSON lines."""
    decoded = decode_text(data, source.location)
    if decoded.text is None:
        yield decoded.problems[-1]
        return
    try:
        whole = json.loads(decoded.text)
    except (ValueError, RecursionError):
        for number, line in enumerate(decoded.text.split("\n"), start=1):
            if line.strip():
                record = parse_line(line.strip(), location=source.location, number=number)
                yield _receive_record(record, source, limits, extractor, decoded.problems)
        return
    for number, each in enumerate(whole if isinstance(whole, list) else [whole], start=1):
        record = parse_record(each, location=source.location, number=number)
        yield _receive_record(record, source, limits, extractor, decoded.problems)


def _receive_record(
    record: Record | Problem, source: _Source, limits: Limits, extractor: Extractor, problems: tuple[Problem, ...]
) -> Received | Problem:
    if isinstance(record, Problem):
        return record
    location = f"{source.location}#{record.name}"
    problems = (*(replace(problem, location=location) for problem in problems), *record.problems)
    name = record.metadata.url or f"#{record.name}"
    if record.html is not None:
        if len(record.html) > limits.page_bytes:
            return _too_large(location, "page", limits.page_bytes, "characters")
        page = extractor.extract(record.html, location=location)
        received = _receive_page(page, location, name, limits, problems)
        if isinstance(received, Problem):
            return received
        return replace(received, metadata=_merge(record.metadata, received.metadata), container="page")
    checked = check_text(record.text or "", location)
    if checked.text is None:
        return checked.problems[-1]
    received = _receive(checked.text, location, name, limits, problems=(*problems, *checked.problems))
    if isinstance(received, Problem):
        return received
    return replace(received, metadata=record.metadata, container="record")


def _merge(stated: Metadata, found: Metadata) -> Metadata:
    """What the JSON line states, completed by what its page says."""
    fields = [name for name in Metadata.__dataclass_fields__ if name != "evidence"]
    if stated.outlet_name or stated.outlet_domain:
        found = replace(found, outlet_name=None, outlet_domain=None)
    merged = {name: getattr(stated, name) or getattr(found, name) for name in fields}
    kept = {each.field for each in stated.evidence}
    evidence = tuple(each for each in found.evidence if each.field not in kept and getattr(found, each.field, None))
    return Metadata(**merged, evidence=(*stated.evidence, *evidence))


def _too_large(location: str, what: str, limit: int, unit: str) -> Problem:
    return Problem(
        location=location,
        message=f"this {what} is larger than {limit:,} {unit} and was not read",
        remedy="Cut it into single stories.",
    )
