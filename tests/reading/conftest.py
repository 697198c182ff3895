"""What the tests of reading share: the lexicons, and web archives made by hand."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable

import pytest

from dateline.reading import Lexicons, load_lexicons


@pytest.fixture(scope="session")
def lexicons() -> Lexicons:
    return load_lexicons()


STORY = (
    "Dock workers on Monday rejected an offer from the harbour board, which they called absurd.",
    "The board said that it would not raise the offer before the end of the month, whatever happened.",
    "A spokesman for the union, Dana Orel, said that the strike would go on until the board gave in.",
)


@pytest.fixture(scope="session")
def make_page() -> Callable[..., bytes]:
    """A page of a few paragraphs. head: further elements of its head."""

    def page(title: str = "Ferry strike enters second week", *, head: str = "", charset: str = "utf-8") -> bytes:
        paragraphs = "".join(f"<p>{each}</p>" for each in STORY)
        html = f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{paragraphs}</article>"
        return f"<!DOCTYPE html>{html}</body></html>".encode(charset)

    return page


@pytest.fixture(scope="session")
def make_record() -> Callable[..., bytes]:
    """A WARC record of an answer. length: what its header says, in place of the truth."""

    def record(
        body: bytes,
        *,
        address: str = "https://lantern.example/ferry",
        kind: str = "response",
        status: str = "200 OK",
        http: Iterable[str] = ("Content-Type: text/html; charset=utf-8",),
        more: Iterable[str] = ("WARC-Date: 2026-03-01T10:00:00Z",),
        length: int | str | None = None,
    ) -> bytes:
        answer = "\r\n".join([f"HTTP/1.1 {status}", *http]).encode("latin-1") + b"\r\n\r\n"
        block = answer + body if kind == "response" else body
        lines = ["WARC/1.1", f"WARC-Type: {kind}", f"WARC-Target-URI: {address}", *more]
        lines += [f"Content-Length: {len(block) if length is None else length}"]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + block + b"\r\n\r\n"

    return record


@pytest.fixture(scope="session")
def pack() -> Callable[[Iterable[bytes]], bytes]:
    """Records packed one by one, as crawlers do."""
    return lambda records: b"".join(gzip.compress(each, mtime=0) for each in records)
