"""What feeds and lists of feeds say, and what broken ones do not do."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.reading import Limits
from dateline.reading.feeds import Feed, looks_like_opml, parse_feed, parse_opml
from dateline.records import Problem

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>The Lantern</title>
<item><title>Ferry &lt;b&gt;strike&lt;/b&gt;</title><link>/ferry?a=1&amp;b=2</link><author>Ann Lee</author>
<pubDate>Sun, 01 Mar 2026 10:00:00 +0200</pubDate><description>Dock workers</description></item>
<item><title>No address</title></item>
<item><title>Older</title><link>https://lantern.example/older</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Lantern</title><entry><title>Ferry strike</title>
<link rel="alternate" href="https://lantern.example/ferry"/><published>2026-03-01T10:00:00Z</published>
<updated>2026-03-02T10:00:00Z</updated><author><name>Ann Lee</name></author><author><name>Bo Orel</name></author>
</entry></feed>"""


def parsed(data: str | bytes, *, limits: Limits | None = None) -> Feed:
    raw = data.encode() if isinstance(data, str) else data
    feed = parse_feed(raw, location="https://lantern.example/rss", limits=limits or Limits())
    assert isinstance(feed, Feed), feed
    return feed


def test_rss_gives_addresses_titles_dates_and_authors() -> None:
    feed = parsed(RSS)
    first, second = feed.entries
    assert (first.address, second.address) == (
        "https://lantern.example/ferry?a=1&b=2", "https://lantern.example/older"
    )  # fmt: skip
    assert first.stated.title == "Ferry strike"
    assert first.stated.published_at == dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
    assert first.stated.authors == ("Ann Lee",)
    assert {each.field for each in first.stated.evidence} == {"title", "published_at", "authors"}
    (problem,) = feed.problems
    assert "without an address were passed over: 1" in problem.message


def test_atom_gives_both_dates_and_all_authors() -> None:
    (entry,) = parsed(ATOM).entries
    assert (entry.stated.published_at, entry.stated.updated_at) == (
        dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC), dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC),
    )  # fmt: skip
    assert entry.stated.authors == ("Ann Lee", "Bo Orel")


@pytest.mark.parametrize(("old", "new"), [("Dock workers", "Dock workers and pilots"), ("10:00:00", "11:00:00")])
def test_an_entry_that_says_something_new_has_another_signature(old: str, new: str) -> None:
    before, after = parsed(RSS), parsed(RSS.replace(old, new))
    assert before.entries[0].signature != after.entries[0].signature
    assert before.entries[1] == after.entries[1]


def test_an_entry_that_is_listed_twice_is_one() -> None:
    item = "<item><title>{}</title><link>https://lantern.example/x</link></item>"
    feed = parsed(f"<rss version='2.0'><channel>{item.format('New')}{item.format('Old')}</channel></rss>")
    assert [entry.stated.title for entry in feed.entries] == ["New"]


@pytest.mark.parametrize(
    "data",
    [b"", b"not xml", b"<html><body><p>A page</p></body></html>", b"\x00\xff" * 200, b"{}", b"/etc/passwd",
     b"https://a.example/rss"],
)  # fmt: skip
def test_what_is_no_feed_is_told(data: bytes) -> None:
    problem = parse_feed(data, location="https://lantern.example/rss", limits=Limits())
    assert isinstance(problem, Problem)
    assert "no feed" in problem.message


def test_a_path_as_a_feed_opens_no_file(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(RSS)
    assert isinstance(parse_feed(str(tmp_path / "feed.xml").encode(), location="x", limits=Limits()), Problem)


def test_a_broken_feed_gives_what_stands_before_the_break() -> None:
    feed = parsed(RSS[: RSS.index("<item><title>Older")] + "<item><title>Broken</nothing>")
    assert feed.entries[0].stated.title == "Ferry strike"
    assert any("damaged" in problem.message for problem in feed.problems)


def test_entities_are_not_expanded() -> None:
    bomb = "<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
        f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(8)
    )
    secret = "<!DOCTYPE rss [<!ENTITY i SYSTEM 'file:///etc/passwd'>]>"
    for declared, entity in ((bomb + "]>", "&i;"), (secret, "&i;")):
        data = declared + RSS.partition("?>")[2].replace("Older", f"Older {entity}")
        feed = parse_feed(data.encode(), location="https://lantern.example/rss", limits=Limits())
        titles = [entry.stated.title or "" for entry in feed.entries] if isinstance(feed, Feed) else []
        assert all("root:" not in title and len(title) < 1000 for title in titles)


def test_a_feed_of_thousands_is_cut() -> None:
    items = "".join(f"<item><title>{n}</title><link>https://lantern.example/{n}</link></item>" for n in range(50))
    feed = parsed(f"<rss version='2.0'><channel>{items}</channel></rss>", limits=Limits(feed_entries=20))
    assert len(feed.entries) == 20
    assert "only the first 20" in feed.problems[0].message


OPML = b"""<?xml version="1.0"?><!-- mine --><opml version="2.0"><body>
<outline text="News"><outline xmlUrl=" https://a.example/1 "/><outline xmlUrl="https://a.example/2"/></outline>
<outline xmlUrl="https://a.example/1"/><outline text="x"/></body></opml>"""


def test_a_list_of_feeds_names_each_once() -> None:
    assert looks_like_opml(OPML)
    assert not looks_like_opml(RSS.encode())
    assert parse_opml(OPML, location="feeds.opml") == ["https://a.example/1", "https://a.example/2"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<opml><body/></opml>", "names no feed"),
        (b"<opml><body>", "not XML"),
        (
            b"<!DOCTYPE opml [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><opml><outline xmlUrl='&a;'/></opml>",
            "external entity",
        ),
        (b"<!DOCTYPE opml [<!ENTITY a 'x'>]><opml><outline xmlUrl='http://&a;'/></opml>", "document type"),
    ],
)
def test_a_list_that_is_none_is_told(data: bytes, said: str) -> None:
    problem = parse_opml(data, location="feeds.opml")
    assert isinstance(problem, Problem)
    assert said in problem.message


@given(
    base=st.sampled_from([RSS.encode(), ATOM.encode(), OPML]),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=20), st.integers(0, 60)), max_size=5),
)
def test_broken_feeds_give_entries_or_a_problem(base: bytes, cuts: list[tuple[float, bytes, int]]) -> None:
    for where, inserted, removed in cuts:
        at = int(where * len(base))
        base = base[:at] + inserted + base[at + removed :]
    assert isinstance(parse_feed(base, location="https://lantern.example/rss", limits=Limits()), (Feed, Problem))
    assert isinstance(parse_opml(base, location="feeds.opml"), (list, Problem))
