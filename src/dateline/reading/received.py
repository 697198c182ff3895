"""What reading hands on: a document with what was said about it, and its stories with a role for every stretch."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from dateline.records import Document, Evidence, Outlet, Problem, Span, Story

Role = Literal[
    "headline", "summary", "caption", "credit", "byline", "dateline", "timestamp", "body", "crosshead", "furniture"
]
Container = Literal["text", "record", "page"]
Split = Literal["auto", "never", "marker"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large an input may be before it is refused with a Problem.

    file_bytes: a plain text file, web page or JSON array, after unpacking. JSON lines files have no limit as a whole.
    line_bytes: one line of a JSON lines file.
    text_characters, text_lines: the text of one document, in code points and in lines.
    page_bytes, page_seconds, page_memory: one web page, the time its extraction may take, and the address space
        (bytes) of the process that extracts it.
    record_bytes, header_bytes, record_headers: one record of a web archive, its own header or the HTTP headers in
        it, and the lines of each of them. Larger records are passed over.
    unpack_ratio: how many times its size something packed may unpack to, beyond the first megabyte.
    damaged_places: of one archive, after which the rest of it is not read.
    feed_bytes, feed_entries: one feed, and the entries of it that are read.
    request_seconds, redirects: one request with its answer, and how often it may lead elsewhere.
    """

    file_bytes: int = 64 * 2**20
    line_bytes: int = 16 * 2**20
    text_characters: int = 2 * 2**20
    text_lines: int = 100_000
    page_bytes: int = 16 * 2**20
    page_seconds: float = 20.0
    page_memory: int = 2 * 2**30
    record_bytes: int = 16 * 2**20
    header_bytes: int = 64 * 2**10
    record_headers: int = 500
    unpack_ratio: int = 200
    damaged_places: int = 1000
    feed_bytes: int = 8 * 2**20
    feed_entries: int = 500
    request_seconds: float = 30.0
    redirects: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What was said about a document beside its text: by the fields of a JSON line or the head of a web page.

    None and empty tuples mean "not stated". Each field that is filled has an Evidence of the same field name; its
    spans are empty where the value does not stand in `Document.text`.
    outlet_domain is a registrable domain ("arabnews.com"); language an ISO 639-1 code ("en").
    """

    title: str | None = None
    published_at: dt.date | dt.datetime | None = None
    updated_at: dt.date | dt.datetime | None = None
    outlet_domain: str | None = None
    outlet_name: str | None = None
    url: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a server sent for an address: a web page or plain text, unpacked.

    charset: as its headers say. address: where it was fetched from, after redirects.
    stated: what others say about it, such as the feed that it stands in; used where it says nothing itself.
    """

    data: bytes
    kind: Literal["html", "text"]
    address: str
    charset: str | None = None
    retrieved_at: dt.datetime | None = None
    stated: Metadata = Metadata()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One document as it came in, before anyone has looked for stories in it.

    container: what the document came in. A "record" (one JSON line) and a "page" (one web page) hold one story unless
        the text says otherwise very clearly; a "text" (a file, standard input) may well be several pasted together.
    problems: what was odd about it; it could be read all the same.
    """

    document: Document
    metadata: Metadata = Metadata()
    container: Container = "text"
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A stretch of the text and the part it plays. story: index into `Reading.stories`, None outside every story."""

    span: Span
    role: Role
    story: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The stories of one document. `sections` are in text order, do not overlap, and hold every non-blank character.

    outlets: those named by `Story.outlet_id` and `Story.agency`.
    """

    document: Document
    stories: tuple[Story, ...]
    outlets: tuple[Outlet, ...] = ()
    sections: tuple[Section, ...] = ()
    problems: tuple[Problem, ...] = ()
