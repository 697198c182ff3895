"""Whether any input can make reading fail.

    python benchmarks/quality/reading/robustness.py [PAGES] [--texts 20000] [--pages 200]

texts     generated texts (pieces of stories and of noise, shuffled, cut, repeated), read as a file, a record and a page
pages     mutated web pages (bytes changed, cut, doubled, tags swapped), extracted and read
          (PAGES: default ../shared/data/pages)

A failure is an exception, a span outside the text, sections out of order or overlapping, or a letter in no section.
"""

from __future__ import annotations

import argparse
import gzip
import random
import time
from dataclasses import replace
from pathlib import Path

from dateline.reading import Lexicons, Limits, Reading, find_stories, load_lexicons, receive_text
from dateline.reading.formats.html import Extractor, decode_page
from dateline.reading.received import Received
from dateline.records import Document, Problem, make_id


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages_folder", nargs="?", type=Path, default=Path("../shared/data/pages"))
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    lexicons = load_lexicons()
    draw = random.Random(options.seed)
    slowest = 0.0
    for _ in range(options.texts):
        text = generated_text(draw)
        before = time.process_time()
        container = draw.choice(("text", "record", "page"))
        received = replace(receive_text(text), container=container)
        check(find_stories(received, lexicons=lexicons, split=draw.choice(("auto", "auto", "never", "marker"))))
        slowest = max(slowest, time.process_time() - before)
    print(f"texts    {options.texts} read, no failure; slowest {1000 * slowest:.1f} CPU-ms")
    mutated_pages(options.pages_folder, options.pages, draw, lexicons)


def check(reading: Reading) -> None:
    """Raise AssertionError if a span is wrong."""
    text = reading.document.text
    end = 0
    for section in reading.sections:
        assert end <= section.span.start < section.span.end <= len(text), section
        assert not text[end : section.span.start].strip(BLANK), (text[end : section.span.start], section)
        assert section.story is None or 0 <= section.story < len(reading.stories), section
        end = section.span.end
    assert not text[end:].strip(BLANK), text[end:]
    for story in reading.stories:
        spans = [*story.summary, *story.body, *([story.headline] if story.headline else [])]
        spans += [story.dateline] if story.dateline else []
        for span in spans:
            assert 0 <= span.start < span.end <= len(text), span
            assert text[span.start : span.end].strip(), span
        assert list(story.body) == sorted(story.body)
        for evidence in story.evidence:
            assert all(0 <= span.start <= span.end <= len(text) for span in evidence.spans), evidence
    assert len({story.id for story in reading.stories}) == len(reading.stories)


BLANK = (
    " \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u2002\u2003\u2009"
    "\u200b\u200e\u200f\u2028\u2029\u202f\u2060\u3000\ufeff\x00"
)

PIECES = (
    "KARACHI: ", "KABUL (Reuters) - ", "(CNN) -- ",
    "ISLAMABAD, Nov 27 (AFP) – ", "By Ada Lane", "Updated 28 November 2025",
    "Short Url", "Follow", "Read more", "---", "***", "=====",
    "• ", "- ", "1. ", "“", "”", "‘", "’", '"', "'", "(", ")", "[", "]",
    "The minister said the talks had failed and that no date was set for another round.",
    "NATURAL OUTCOME’",
    "Rebels seize the northern town as troops withdraw", "Story highlights ",
    "Q: ", "WALLACE: ", "he said: ", ":", ";", "…",
    "A soldier stands guard. (AFP/File)", "Jane Doe/Getty Images",
    "Media caption ", "Copyright © 2025 ", "\x00", "\ufeff",
    "\ud800", "\u200b", "\u2028", "\x85", "\x0c", "\r\n", "\r",
    "\n", "\n\n", "\n\n\n", " ", "\t", "\xa0", "é", "中文", "العربية",
    "😀", "a" * 300, "A" * 50, "Мир ", "12:30 GMT", "2025-11-28",
    "03/04/2025", "7 years ago", "@handle", "#tag", "https://x.y/z",
)  # fmt: skip


def generated_text(draw: random.Random) -> str:
    pieces = [draw.choice(PIECES) for _ in range(draw.randint(0, 60))]
    if draw.random() < 0.3:
        pieces += pieces[: draw.randint(0, len(pieces))]
    if draw.random() < 0.3:
        pieces = [piece + draw.choice(("\n", "\n\n", "\r\n")) for piece in pieces]
    text = "".join(pieces)
    if draw.random() < 0.2:
        text = "".join(chr(draw.choice((draw.randrange(32, 127), draw.randrange(0x110000)))) for _ in range(80)) + text
    return text


def mutated_pages(folder: Path, count: int, draw: random.Random, lexicons: Lexicons) -> None:
    files = sorted((folder / "html").glob("*.gz"))
    if not files:
        print("pages    none found")
        return
    outcomes: dict[str, int] = {}
    slowest = 0.0
    with Extractor(limits=Limits(page_seconds=10)) as extractor:
        for number in range(count):
            data = mutated(gzip.decompress(draw.choice(files).read_bytes()), draw)
            before = time.time()
            decoded = decode_page(data, str(number))
            page = extractor.extract(decoded.text, location=str(number)) if decoded.text is not None else None
            slowest = max(slowest, time.time() - before)
            if page is None or isinstance(page, Problem):
                outcome = decoded.problems[-1].message if page is None else page.message
                key = "".join(character for character in outcome if not character.isdigit())[:60]
            else:
                key = "read"
                document = Document(
                    id=make_id("document", page.text), text=page.text, location="", media_type="text/html"
                )
                check(
                    find_stories(
                        Received(document=document, metadata=page.metadata, container="page"), lexicons=lexicons
                    )
                )
            outcomes[key] = outcomes.get(key, 0) + 1
    print(f"pages    {count} mutated, no failure; slowest {slowest:.1f} s; {outcomes}")


def mutated(data: bytes, draw: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(draw.randint(1, 6)):
        kind = draw.randrange(6)
        at = draw.randrange(len(changed) + 1)
        span = draw.randrange(1, 2000)
        if kind == 0:
            for _ in range(draw.randint(1, 200)):
                if changed:
                    changed[draw.randrange(len(changed))] = draw.randrange(256)
        elif kind == 1:
            del changed[at : at + span]
        elif kind == 2:
            changed[at:at] = changed[at : at + span] * draw.randint(1, 20)
        elif kind == 3:
            del changed[at:]
        elif kind == 4:
            changed[at:at] = draw.choice(
                (b"<div>" * 3000, b"</p>", b"<!--", b"<script>", b"<table>" * 300, b"\x00" * 50, b"<p>x" * 12000)
            )
        else:
            changed = bytearray(
                bytes(changed).replace(
                    draw.choice((b"<p", b"</", b'"', b">", b"<div")), draw.choice((b"<x", b"<", b"", b"'")), 200
                )
            )
    return bytes(changed)


if __name__ == "__main__":
    main()
