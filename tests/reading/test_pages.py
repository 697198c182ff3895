"""Saved web pages: text, metadata with evidence, and a child process that can be stopped."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dateline.reading import Lexicons, Limits, Received, find_stories, read_documents
from dateline.reading.formats.html import Extractor, Page, decode_page, looks_like_html
from dateline.records import Problem

PARAGRAPHS = (
    "Dock workers on Monday rejected an offer from the harbour board, saying it did not cover the cost of living.",
    "“We will stay out until the board listens,” union leader Mara Quist told reporters at the harbour gate.",
    "The board denies that it broke off the talks, and says its door is open to the workers at any time.",
    "The dispute began in the spring, when the board cut the night allowance for the first time in ten years.",
)
LINKED = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "name": "not the story"},
        {
            "@type": "NewsArticle",
            "headline": "Ferry strike enters second week",
            "datePublished": "2025-11-28T09:00:00Z",
            "dateModified": "2025-11-29T10:00:00Z",
            "author": [{"@type": "Person", "name": "By Ada Lane"}],
            "publisher": {"@type": "Organization", "name": "The Arvesta Courier"},
            "articleSection": "World",
        },
    ],
}


def page_of(*, head: str = "", paragraphs: tuple[str, ...] = PARAGRAPHS) -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>Ferry strike | Courier</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a></nav><article><h1>Ferry strike enters second week</h1>{body}</article>"
        "</body></html>"
    )


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    with Extractor() as opened:
        yield opened


def extracted(extractor: Extractor, html: str) -> Page:
    page = extractor.extract(html, location="page.html")
    assert isinstance(page, Page), page
    return page


def test_text_is_title_and_paragraphs_with_blank_lines(extractor: Extractor) -> None:
    assert extracted(extractor, page_of()).text.split("\n\n")[1:] == list(PARAGRAPHS)


def test_linked_data_is_trusted_first(extractor: Extractor) -> None:
    script = f"<script type='application/ld+json'>{json.dumps(LINKED)}</script>"
    opengraph = (
        "<meta property='og:title' content='Another title'><meta property='og:site_name' content='Courier'>"
        "<link rel='canonical' href='https://news.courier.co.uk/strike'>"
    )
    metadata = extracted(extractor, page_of(head=script + opengraph)).metadata
    assert metadata.title == "Ferry strike enters second week"
    assert metadata.published_at == dt.datetime(2025, 11, 28, 9, tzinfo=dt.UTC)
    assert metadata.updated_at == dt.datetime(2025, 11, 29, 10, tzinfo=dt.UTC)
    assert metadata.authors == ("Ada Lane",)
    assert (metadata.outlet_name, metadata.outlet_domain) == ("The Arvesta Courier", "courier.co.uk")
    assert (metadata.url, metadata.language, metadata.section) == ("https://news.courier.co.uk/strike", "en", "World")
    methods = {evidence.field: evidence.method for evidence in metadata.evidence}
    assert methods["published_at"] == "reader:json-ld"
    assert methods["url"] == "reader:canonical-link"


def test_opengraph_is_read_where_there_is_no_linked_data(extractor: Extractor) -> None:
    head = (
        "<meta property='og:title' content='Ferry strike &amp; talks'>"
        "<meta property='article:published_time' content='2025-11-28'>"
    )
    metadata = extracted(extractor, page_of(head=head)).metadata
    assert metadata.title == "Ferry strike & talks"
    assert metadata.published_at == dt.date(2025, 11, 28)


def test_page_without_a_story_is_a_problem(extractor: Extractor) -> None:
    links = "".join(f"<p><a href='/{n}'>Story number {n} of the day</a></p>" for n in range(30))
    for html, words in ((f"<html><body>{links}</body></html>", "no story was found"), ("<html></html>", "no text")):
        problem = extractor.extract(html, location="page.html")
        assert isinstance(problem, Problem)
        assert words in problem.message


def test_slow_page_is_given_up_and_the_next_one_read() -> None:
    slow = "<html><body><p>" + "<span>a </span>" * 400_000 + "</p></body></html>"
    with Extractor(limits=Limits(page_seconds=-4.5)) as extractor:  # the child's start is granted five seconds
        problem = extractor.extract(slow, location="slow.html")
    assert isinstance(problem, Problem)
    assert "within" in problem.message
    with Extractor() as extractor:
        assert isinstance(extractor.extract(page_of(), location="page.html"), Page)


def test_killed_child_is_replaced(extractor: Extractor) -> None:
    extracted(extractor, page_of())
    child = extractor._child
    assert child is not None
    child.kill()
    child.wait()
    assert extracted(extractor, page_of()).text


def test_text_starts_no_child(tmp_path: Path) -> None:
    with Extractor() as extractor:
        assert extractor._child is None
    (tmp_path / "story.txt").write_text("\n\n".join(PARAGRAPHS), "utf-8")
    (received,) = read_documents([str(tmp_path / "story.txt")])
    assert isinstance(received, Received)


def test_html_field_of_a_json_line(tmp_path: Path, lexicons: Lexicons) -> None:
    line = json.dumps({"id": "p", "html": page_of(), "published_at": "2024-05-03", "outlet": "Reuters"})
    (tmp_path / "pages.jsonl").write_text(line + "\n", "utf-8")
    (received,) = read_documents([str(tmp_path / "pages.jsonl")])
    assert isinstance(received, Received)
    assert received.document.media_type == "text/html"
    assert received.document.location.endswith("#p")
    (story,) = find_stories(received, lexicons=lexicons).stories
    assert story.published_at == dt.date(2024, 5, 3)
    assert story.outlet_id == "reuters.com"
    assert len(story.body) == len(PARAGRAPHS)


def test_declared_character_set_is_used() -> None:
    page = page_of(head="<meta charset='iso-8859-1'>").encode("cp1252")
    decoded = decode_page(page, "page.html")
    assert decoded.text is not None
    assert "“We will" in decoded.text
    assert decoded.problems == ()


@pytest.mark.parametrize(
    ("head", "is_page"),
    [
        (b"<!DOCTYPE html><p>", True),
        (b"\xef\xbb\xbf  <html>", True),
        (b"<!-- saved from url --><html>", True),
        (b"<b>bold</b> claims", False),
        (b"Ferry strike <html>", False),
    ],
)
def test_pages_are_known_by_how_they_begin(head: bytes, is_page: bool) -> None:
    assert looks_like_html(head) is is_page
