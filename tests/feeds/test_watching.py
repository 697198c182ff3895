"""Rounds of watching: what is fetched, what is kept, what is remembered. Stories are read for real."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dateline.errors import InputError
from dateline.pipeline.keeping import Added
from dateline.pipeline.watching import Manners, Round, find_feeds, memory_of, watch
from dateline.records import Problem
from dateline.store import Store, open_store

PARAGRAPHS = (
    "Dock workers on Monday rejected an offer from the harbour board, which they called absurd and late.",
    "The board said that it would not raise the offer before the end of the month, whatever happened then.",
    "A spokesman for the union, Dana Orel, said that {} people had been hurt when guards charged the gate.",
)


def page(title: str, *, hurt: str = "three", head: str = "") -> bytes:
    paragraphs = "".join(f"<p>{each.format(hurt)}</p>" for each in PARAGRAPHS)
    return f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{paragraphs}".encode()


def feed(web: Any, *items: tuple[str, str]) -> bytes:
    """A feed of (path, title)."""
    entries = "".join(
        f"<item><title>{title}</title><link>{web.at(path) if path.startswith('/') else path}</link>"
        "<pubDate>Sun, 01 Mar 2026 10:00:00 GMT</pubDate></item>"
        for path, title in items
    )
    return f"<rss version='2.0'><channel><title>The Lantern</title>{entries}</channel></rss>".encode()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "news.db"), create=True) as opened:
        yield opened


@pytest.fixture
def look(web: Any, store: Store, tmp_path: Path) -> Callable[..., list[Any]]:
    """One round, as `--once` makes it."""

    def once(*feeds: str, **options: Any) -> list[Any]:
        return list(
            watch(
                find_feeds(feeds or [web.at("/rss")]), store, memory=tmp_path / "memory.json", once=True,
                manners=Manners(pause=0.0, allow_private=True), **options,
            )
        )  # fmt: skip

    return once


def outcomes(told: list[Any]) -> list[str]:
    return [each.outcome for each in told if isinstance(each, Added)]


def test_pages_are_kept_once_and_asked_once(web: Any, reply: Any, look: Any, store: Store) -> None:
    web.pages |= {
        "/rss": reply(
            feed(web, ("/a", "Ferry strike enters second week"), ("/b", "Port closed")), headers={"ETag": '"1"'}
        ),
        "/a": reply(page("Ferry strike enters second week")),
        "/b": reply(page("Port closed by its guards after the strike")),
    }
    told = look()
    assert outcomes(told) == ["new", "new"]
    assert told[-1] == Round(feeds=1, unchanged=0, failed=0, entries=2, pages=2, waiting=0, next_in=None)
    (first, second) = store.stories()
    assert first.document.location == web.at("/a")
    assert first.document.retrieved_at is not None
    assert str(first.records.story.published_at) == "2026-03-01 10:00:00+00:00"
    assert second.document.location == web.at("/b")

    web.asked.clear()
    assert look()[-1] == Round(feeds=1, unchanged=1, failed=0, entries=0, pages=0, waiting=0, next_in=None)
    assert web.paths() == ["/rss"]
    assert web.asked[-1][1]["If-None-Match"] == '"1"'


def test_a_story_that_the_feed_says_to_have_changed_is_a_new_version(
    web: Any, reply: Any, look: Any, store: Store
) -> None:
    web.pages |= {
        "/rss": [reply(feed(web, ("/a", "Ferry strike"))), reply(feed(web, ("/a", "Ferry strike, five hurt")))],
        "/a": [reply(page("Ferry strike at the gate")), reply(page("Ferry strike at the gate", hurt="five"))],
    }
    assert outcomes(look()) == ["new"]
    assert outcomes(look()) == ["version"]
    assert outcomes(look()) == []
    assert len(list(store.stories(versions="all"))) == 2
    assert len(list(store.stories())) == 1


def test_a_page_in_two_feeds_is_asked_once(web: Any, reply: Any, look: Any) -> None:
    web.pages |= {
        "/rss": reply(feed(web, ("/a", "Ferry strike"))),
        "/other": reply(feed(web, ("/a", "Ferry strike, says another"))),
        "/a": reply(page("Ferry strike at the gate")),
    }
    for _ in range(2):
        look(web.at("/rss"), web.at("/other"))
    assert web.paths().count("/a") == 1


def test_what_fails_is_told_and_the_rest_goes_on(web: Any, reply: Any, look: Any) -> None:
    web.pages |= {
        "/robots.txt": reply(b"User-agent: *\nDisallow: /private\n"),
        "/rss": reply(
            feed(web, ("/gone", "x"), ("/private", "x"), ("/picture", "x"), ("ftp://a.example/", "x"), ("/empty", "x"),
                 ("/a", "Ferry strike"))
        ),
        "/picture": reply(b"GIF8", headers={"Content-Type": "image/gif"}),
        "/empty": reply(b"<html><body></body></html>"),
        "/a": reply(page("Ferry strike at the gate")),
        "/broken": reply(b"<rss><channel><item>"),
    }  # fmt: skip
    told = look(web.at("/missing"), web.at("/broken"), web.at("/rss"))
    feeds = [each for each in told if isinstance(each, Problem)]
    assert ["404" in feeds[0].message, "feed" in feeds[1].message] == [True, True]
    assert sorted(outcomes(told)) == ["new", *["unread"] * 5]
    problems = " ".join(each.message for added in told if isinstance(added, Added) for each in added.problems)
    for words in ("answers 404", "robots.txt does not allow", "image/gif", "only http", "holds no text"):
        assert words in problems
    # None of these is asked again until the feed says something new of it.
    web.asked.clear()
    look(web.at("/rss"))
    assert web.paths() == ["/rss"]


def test_a_server_that_asks_to_wait_is_asked_again_later(web: Any, reply: Any, look: Any) -> None:
    web.pages |= {
        "/rss": reply(feed(web, ("/a", "Ferry strike"), ("/b", "Port closed")), headers={"ETag": '"1"'}),
        "/a": [reply(status=429, headers={"Retry-After": "3600"}), reply(page("Ferry strike at the gate"))],
        "/b": reply(page("Port closed by its guards after the strike")),
    }
    told = look(now=lambda: 1000.0)
    assert told[-1].waiting == 2
    assert web.paths() == ["/rss", "/a"]
    assert outcomes(look(now=lambda: 2000.0)) == ["new"]  # /b; /a has its hour
    told = look(now=lambda: 5000.0)
    assert outcomes(told) == ["new"]
    assert told[-1].waiting == 0


def test_a_server_that_fails_three_times_is_left_alone_for_the_round(web: Any, reply: Any, look: Any) -> None:
    web.pages |= {f"/{n}": reply(status=500) for n in range(9)}
    web.pages["/rss"] = reply(feed(web, *((f"/{n}", str(n)) for n in range(9))))
    told = look()
    assert (outcomes(told), told[-1].waiting) == (["unread"] * 3, 9)


def test_a_feed_that_fails_is_asked_more_and_more_seldom(web: Any, reply: Any, look: Any) -> None:
    web.pages["/rss"] = reply(status=500)
    asked = []
    for minute in range(0, 240, 15):
        web.asked.clear()
        look(now=lambda minute=minute: 1_000_000.0 + 60 * minute)
        asked += [minute] if web.paths() else []
    assert asked == [0, 15, 45, 105, 225]


def test_a_saved_feed_and_a_list_of_feeds_are_read(web: Any, reply: Any, look: Any, tmp_path: Path) -> None:
    web.pages["/a"] = reply(page("Ferry strike at the gate"))
    saved = tmp_path / "feed.xml"
    saved.write_bytes(feed(web, ("/a", "Ferry strike")))
    listed = tmp_path / "feeds.opml"
    listed.write_text(f"<opml><body><outline xmlUrl='{web.at('/rss')}'/></body></opml>")
    web.pages["/rss"] = reply(feed(web))
    assert find_feeds([str(listed), str(saved), web.at("/rss")]) == [web.at("/rss"), str(saved)]
    assert outcomes(look(str(listed), str(saved))) == ["new"]


def test_a_missing_file_stops_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        find_feeds([str(tmp_path / "feeds.opml")])


def test_the_watch_ends_after_the_page_in_hand(web: Any, reply: Any, store: Store, tmp_path: Path) -> None:
    web.pages |= {f"/{n}": reply(page(f"Story number {n} of the ferry strike")) for n in range(5)}
    web.pages["/rss"] = reply(feed(web, *((f"/{n}", str(n)) for n in range(5))))
    stop = threading.Event()
    told = []
    manners = Manners(pause=0.0, allow_private=True)
    for each in watch([web.at("/rss")], store, memory=tmp_path / "m.json", manners=manners, stop=stop):
        told.append(each)
        if isinstance(each, Added):
            stop.set()
    assert outcomes(told) == ["new"]
    assert told[-1].waiting == 4
    assert told[-1].next_in is None
    again = list(watch([web.at("/rss")], store, memory=tmp_path / "m.json", manners=manners, once=True))
    assert outcomes(again) == ["new"] * 4


def test_a_watch_that_was_killed_hears_of_its_pages_again(web: Any, reply: Any, store: Store, tmp_path: Path) -> None:
    web.pages |= {f"/{n}": reply(page(f"Story number {n} of the ferry strike")) for n in range(3)}
    web.pages["/rss"] = reply(feed(web, *((f"/{n}", str(n)) for n in range(3))), headers={"ETag": '"1"'})
    manners = Manners(pause=0.0, allow_private=True)
    rounds = [watch([web.at("/rss")], store, memory=tmp_path / "m.json", manners=manners, once=True) for _ in range(3)]
    assert next(rounds[0]).outcome == "new"  # type: ignore[union-attr]
    rounds[0].close()  # type: ignore[attr-defined]
    assert outcomes(list(rounds[1])) == ["new"] * 2
    assert list(rounds[2])[-1].unchanged == 1


def test_private_servers_are_not_asked_unless_allowed(web: Any, reply: Any, store: Store, tmp_path: Path) -> None:
    told = list(watch([web.at("/rss")], store, memory=tmp_path / "m.json", once=True))
    assert "not a server of the public Internet" in told[0].message
    assert web.asked == []


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"feeds": {"a": {"x": 1}}, "pages": {}}', '{"feeds": 1}'])
def test_a_damaged_memory_is_begun_anew(damage: str, web: Any, reply: Any, look: Any, tmp_path: Path) -> None:
    (tmp_path / "memory.json").write_text(damage)
    web.pages["/rss"] = reply(feed(web))
    look()
    assert list(json.loads((tmp_path / "memory.json").read_text())["feeds"]) == [web.at("/rss")]


def test_memory_stands_beside_the_store() -> None:
    assert memory_of("news/news.db") == Path("news/news.db.feeds.json")
    assert memory_of("postgresql://ann@localhost/news").name.startswith("feeds-")
