"""Saved web pages: main text and metadata, extracted in a child process that can be stopped.

Extraction libraries can be driven to minutes or gigabytes by a hostile page, so they never run in our own process: a
child with an address space limit does the work and is killed when a page takes too long. It is started at the first
page, serves all that follow, and is not started for text. What it runs is `extraction.py`.
"""

from __future__ import annotations

import json
import os
import queue
import re
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, cast

from dateline.errors import InstallationError
from dateline.reading.formats.text import Decoded, clean_surrogates, decode_text
from dateline.reading.outlets import registrable_domain
from dateline.reading.received import Limits, Metadata
from dateline.reading.timestamps import parse_moment
from dateline.records import Evidence, Problem, Span

_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{2,40})|<\?xml[^>]{0,100}encoding=[\"']([\w.-]{2,40})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The main text of a page (title, blank line, paragraphs with blank lines between) and what its head says."""

    text: str
    metadata: Metadata
    problems: tuple[Problem, ...] = ()


def looks_like_html(head: bytes) -> bool:
    """Whether a file begins as web pages begin, whatever its name."""
    return bool(_START.match(head.removeprefix(b"\xef\xbb\xbf")[:2048]))


def decode_page(data: bytes, location: str, *, charset: str | None = None) -> Decoded:
    """Decode a page by its byte order mark, its declared character set, or as `decode_text` does.

    charset: what the server's headers declare, which goes before what the page itself does (WHATWG HTML, 13.2.3.2).
    """
    declared = _CHARSET.search(data[:4096])
    encoding = charset or ((declared[1] or declared[2]).decode("ascii") if declared else None)
    if encoding and encoding.lower() in ("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"):
        encoding = "windows-1252"  # as browsers do (WHATWG Encoding, section 4.2)
    if encoding and encoding.lower().startswith(("utf-16", "utf16")):
        encoding = None  # a page that can be searched for its charset in ASCII is not UTF-16
    return decode_text(data, location, encoding=encoding)


class Extractor:
    """Extracts pages in a child process, one at a time. Close it, or use it in a `with` statement."""

    def __init__(self, *, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._child: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def __enter__(self) -> Extractor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def extract(self, html: str, *, location: str) -> Page | Problem:
        """Extract one page. Never takes longer than `limits.page_seconds` and the start of a child."""
        if not html.strip():
            return Problem(location=location, message="the page is empty")
        answer = self._ask(json.dumps({"html": html}).encode("ascii"))
        if answer is None:
            return Problem(
                location=location,
                message=f"the page could not be extracted within {self._limits.page_seconds:g} seconds and "
                f"{self._limits.page_memory // 2**20} MiB",
                remedy="Save only the story from it, as plain text.",
            )
        found = cast(dict[str, Any], json.loads(answer))
        if "missing" in found:
            raise InstallationError(
                f"a library for web pages cannot be imported: {found['missing']}",
                remedy="Install dateline again: pip install --force-reinstall dateline",
            )
        return _page(found, location)

    def close(self) -> None:
        """Stop the child, if there is one."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream:
                with suppress(OSError):  # what was still to be written has nobody left to read it
                    stream.close()

    def _ask(self, question: bytes) -> bytes | None:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._start()
        child, answers = self._child, self._answers
        assert child is not None
        writer = threading.Thread(target=_write, args=(child, question), daemon=True)
        writer.start()
        try:
            answer = answers.get(timeout=self._limits.page_seconds + 5)  # 5: the child must start and import first
        except queue.Empty:
            answer = None
        if answer is None:
            self.close()
        writer.join(timeout=5)
        return answer

    def _start(self) -> None:
        script = Path(__file__).with_name("extraction.py")
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "ignore"}
        # -P keeps our own folder off the path: this file's name would hide the library's `html`.
        self._child = subprocess.Popen(
            [sys.executable, "-P", str(script), str(self._limits.page_memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._answers = queue.SimpleQueue()
        threading.Thread(target=_listen, args=(self._child, self._answers), daemon=True).start()


def _write(child: subprocess.Popen[bytes], question: bytes) -> None:
    try:
        assert child.stdin is not None
        child.stdin.write(struct.pack(">I", len(question)) + question)
        child.stdin.flush()
    except (OSError, ValueError):
        pass  # the child has ended; the listener says so


def _listen(child: subprocess.Popen[bytes], answers: queue.SimpleQueue[bytes | None]) -> None:
    assert child.stdout is not None
    try:
        while len(size := child.stdout.read(4)) == 4:
            length = struct.unpack(">I", size)[0]
            answer = child.stdout.read(length)
            if len(answer) < length:
                break
            answers.put(answer)
    except (OSError, ValueError):
        pass  # closed while we read
    answers.put(None)


# ---------------------------------------------------------------- the child's answer


def _page(found: dict[str, Any], location: str) -> Page | Problem:
    paragraphs = [clean_surrogates(str(paragraph)) for paragraph in found["paragraphs"]]
    title = clean_surrogates(found["fields"].get("title", ["", ""])[0])
    problems = tuple(Problem(location=location, message=message) for message in found["problems"])
    if not paragraphs:
        if found["page_words"] < 20:
            return Problem(location=location, message="the page holds no text")
        return Problem(
            location=location,
            message=f"no story was found in the page, although it holds {found['page_words']} words",
            remedy="It may be a list of stories, or load its text by script. Save the text of the story itself.",
        )
    text = "\n\n".join(([title] if title else []) + paragraphs)
    return Page(text=text, metadata=_metadata(found["fields"], title), problems=problems)


def _metadata(fields: dict[str, list[Any]], title: str) -> Metadata:
    """From the child's fields, {name: [value, method]}, to Metadata."""
    values: dict[str, Any] = {}
    evidence: list[Evidence] = []
    for name, (value, method) in fields.items():
        kept: Any = value
        if name in ("published_at", "updated_at"):
            kept = parse_moment(str(value))
        elif name == "authors":
            kept = tuple(clean_surrogates(str(author)) for author in value)
        elif name == "outlet_domain":
            kept = registrable_domain(str(value))
        else:
            kept = clean_surrogates(str(value))
        if kept:
            values[name] = kept
            spans = (Span(0, len(title)),) if name == "title" else ()
            evidence.append(Evidence(field=name, spans=spans, method=str(method)))
    return Metadata(**values, evidence=tuple(evidence))
