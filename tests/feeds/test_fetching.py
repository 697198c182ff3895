"""One address at a time: what servers do to those who ask, against a server in the test."""

from __future__ import annotations

import gzip
import time
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from dateline.reading import Limits
from dateline.reading.feeds import Fetched, Fetcher, Manners, Unchanged, Unfetched


def fetcher(*, private: bool = True, pause: float = 0.0, **options: Any) -> Fetcher:
    limits = options.pop("limits", Limits(request_seconds=5))
    return Fetcher(manners=Manners(allow_private=private, pause=pause), limits=limits, version="1", **options)


def fetch(made: Fetcher, address: str, **options: Any) -> Fetched | Unchanged | Unfetched:
    return made.fetch(address, **{"limit": 100_000, "accept": "*/*", **options})


def reason(got: object) -> str:
    assert isinstance(got, Unfetched), got
    return got.problem.message


def test_a_page_is_fetched_and_we_say_who_we_are(web: Any, reply: Any) -> None:
    web.pages["/a"] = reply(b"<html>", headers={"Content-Type": "text/html", "ETag": '"1"', "Last-Modified": "x"})
    got = fetch(fetcher(), web.at("/a"))
    assert isinstance(got, Fetched)
    assert (got.body, got.content_type, got.etag, got.modified) == (b"<html>", "text/html", '"1"', "x")
    ((_, headers),) = [each for each in web.asked if each[0] == "/a"]
    assert headers["User-Agent"] == "Dateline/1 (+https://pypi.org/project/dateline/)"
    assert headers["Host"] == f"127.0.0.1:{web.port}"
    assert isinstance(fetch(fetcher(), web.at("/a"), etag='"1"'), Unchanged)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_packed_pages_are_unpacked(coding: str, web: Any, reply: Any) -> None:
    import zlib

    import brotli

    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[coding]
    web.pages["/a"] = reply(pack(b"<html>" * 99), headers={"Content-Encoding": coding})
    got = fetch(fetcher(), web.at("/a"))
    assert isinstance(got, Fetched)
    assert got.body == b"<html>" * 99


def test_a_packed_bomb_is_not_unpacked(web: Any, reply: Any) -> None:
    web.pages["/a"] = reply(gzip.compress(b"a" * 50_000_000), headers={"Content-Encoding": "gzip"})
    assert "unpacks to more than" in reason(fetch(fetcher(), web.at("/a")))


def test_a_page_without_end_is_not_read_to_its_end(web: Any, reply: Any) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
        while True:
            handler.wfile.write(b"a" * 10_000)

    web.pages["/a"] = reply(endless)
    assert "larger than 100,000 bytes" in reason(fetch(fetcher(), web.at("/a")))


@pytest.mark.parametrize("part", [b"", b"HTTP/1.0 200 OK\r\nA: b", b"HTTP/1.0 200 OK\r\n\r\n<html"])
def test_a_slow_server_is_given_up(part: bytes, web: Any, reply: Any) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(part)
        for _ in range(100):
            time.sleep(0.05)
            handler.wfile.write(b"x")

    web.pages["/a"] = reply(slow)
    assert "longer than 0.4 seconds" in reason(fetch(fetcher(limits=Limits(request_seconds=0.4)), web.at("/a")))


@pytest.mark.parametrize(
    "junk", [b"", b"\x00\xff" * 50, b"HTTP/9.9 -1 ?\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 999]
)
def test_what_is_no_answer_is_told(junk: bytes, web: Any, reply: Any) -> None:
    web.pages["/a"] = reply(lambda handler: handler.wfile.write(junk))
    assert "could not be" in reason(fetch(fetcher(), web.at("/a")))


def test_a_page_that_is_cut_off_is_not_taken_for_a_page(web: Any, reply: Any) -> None:
    web.pages["/a"] = reply(b"<html>", headers={"Content-Length": "500"})
    assert "could not be asked" in reason(fetch(fetcher(), web.at("/a")))
    part = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n<html>"
    web.pages["/b"] = reply(lambda handler: handler.wfile.write(part))
    assert "could not be asked" in reason(fetch(fetcher(), web.at("/b")))


def test_a_server_that_is_not_there_is_told() -> None:
    assert "could not be asked" in reason(fetch(fetcher(), "http://127.0.0.1:9/a"))


def test_a_name_that_is_not_known_is_told() -> None:
    def lookup(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    assert "cannot be looked up" in reason(fetch(fetcher(lookup=lookup), "http://nowhere.example/a"))


# ---------------------------------------------------------------- redirects and private servers


def test_redirects_are_followed(web: Any, reply: Any) -> None:
    web.pages |= {"/a": reply(status=301, headers={"Location": "/b"}), "/b": reply(b"<html>")}
    got = fetch(fetcher(), web.at("/a"))
    assert isinstance(got, Fetched)
    assert got.address == web.at("/b")


def test_circles_and_long_ways_end(web: Any, reply: Any) -> None:
    web.pages |= {
        "/a": reply(status=302, headers={"Location": "/b"}),
        "/b": reply(status=302, headers={"Location": "/a"}),
    }
    web.pages |= {f"/{n}": reply(status=302, headers={"Location": f"/{n + 1}"}) for n in range(20)}
    assert "circle" in reason(fetch(fetcher(), web.at("/a")))
    assert "circle" in reason(fetch(fetcher(), web.at("/0")))
    assert len(web.paths()) < 12


def test_private_servers_are_not_asked(web: Any, reply: Any) -> None:
    web.pages["/a"] = reply(b"secret")
    for host in ("127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"):
        assert reason(fetch(fetcher(private=False), web.at("/a", host)))
    assert web.asked == []


@pytest.mark.parametrize(
    "where", ["http://127.0.0.1:{port}/secret", "http://[::ffff:7f00:1]:{port}/secret", "file:///etc/passwd"]
)
def test_a_redirect_to_a_private_server_is_not_followed(where: str, web: Any, reply: Any) -> None:
    """The first server counts as public here: its name stands for a public number, which leads to the test's server."""
    web.pages |= {
        "/a": reply(status=302, headers={"Location": where.format(port=web.port)}),
        "/secret": reply(b"secret"),
    }
    made = fetcher(private=False, lookup=lambda host, port: ["93.184.216.34"] if host == "a.example" else [host])
    real = made._connection
    made._connection = lambda target, number: real(target, "127.0.0.1")  # type: ignore[method-assign]
    assert "leads to" in reason(fetch(made, web.at("/a", "a.example")))
    assert web.paths() == ["/a"]


def test_a_name_is_looked_up_once_for_each_connection_and_that_number_is_asked(web: Any, reply: Any) -> None:
    """A name that stands for something else a moment later (DNS rebinding) gains nothing."""
    asked: list[str] = []
    answers = iter(["127.0.0.1", "127.0.0.1", "10.9.9.9"])

    def lookup(host: str, port: int) -> list[str]:
        asked.append(host)
        return [next(answers)]

    web.pages["/a"] = reply(b"<html>")
    assert isinstance(fetch(fetcher(lookup=lookup), web.at("/a", "a.example")), Fetched)
    assert asked == ["a.example"] * 2  # robots.txt and the page


# ---------------------------------------------------------------- manners


def test_robots_txt_is_honoured_and_kept(web: Any, reply: Any) -> None:
    web.pages |= {
        "/robots.txt": reply(b"User-agent: *\nAllow: /\n\nUser-agent: dateline\nDisallow: /private*\n"),
        "/a": reply(b"<html>"),
        "/private1": reply(b"secret"),
        "/way": reply(status=302, headers={"Location": "/private1"}),
    }
    made = fetcher()
    assert isinstance(fetch(made, web.at("/a")), Fetched)
    got = fetch(made, web.at("/private1"))
    assert "robots.txt does not allow it" in reason(got)
    assert isinstance(got, Unfetched)
    assert got.gone
    assert "robots.txt does not allow it" in reason(fetch(made, web.at("/way")))
    assert web.paths(robots=True) == ["/robots.txt", "/a", "/way"]


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False), (503, False), (429, False)])
def test_a_robots_txt_that_cannot_be_had(status: int, allowed: bool, web: Any, reply: Any) -> None:
    """RFC 9309, 2.3.1: one that is not there allows all, one that may be there allows nothing yet."""
    web.pages |= {"/robots.txt": reply(status=status), "/a": reply(b"<html>")}
    got = fetch(fetcher(), web.at("/a"))
    assert isinstance(got, Fetched) == allowed
    assert allowed or "cannot be known" in reason(got)


def test_a_pause_lies_between_two_requests_to_one_server(web: Any, reply: Any) -> None:
    slept: list[float] = []
    web.pages |= {"/a": reply(b"<html>"), "/b": reply(b"<html>")}
    made = fetcher(pause=3.0, clock=lambda: 100.0 + sum(slept), sleep=slept.append)
    fetch(made, web.at("/a"))
    assert made.ready_in(web.at("/b")) == 3.0
    assert made.ready_in("http://other.example/") == 0.0
    fetch(made, web.at("/b"))
    assert slept == [3.0, 3.0]  # after robots.txt, after /a


def test_robots_txt_may_ask_for_a_longer_pause(web: Any, reply: Any) -> None:
    web.pages |= {"/robots.txt": reply(b"User-agent: *\nCrawl-delay: 7\n"), "/a": reply(b"<html>")}
    made = fetcher(pause=1.0, clock=lambda: 0.0, sleep=lambda seconds: None)
    fetch(made, web.at("/a"))
    assert made.ready_in(web.at("/a")) == 7.0


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("asked", "wait"), [("120", 120.0), ("Thu, 01 Jan 1970 00:00:00 GMT", 600.0), ("soon", 600.0)])
def test_a_server_that_asks_to_wait_is_not_asked_before(
    status: int, asked: str, wait: float, web: Any, reply: Any
) -> None:
    web.pages["/a"] = reply(status=status, headers={"Retry-After": asked})
    made = fetcher(clock=lambda: 0.0)
    got = fetch(made, web.at("/a"))
    assert isinstance(got, Unfetched)
    assert got.wait == wait
    assert made.ready_in(web.at("/other")) == wait
