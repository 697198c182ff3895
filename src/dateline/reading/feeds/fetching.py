"""Fetching one address: politely, never for long, never much, and only from public servers.

One server is asked one thing at a time, with a pause between; its robots.txt (RFC 9309) is honoured, and so is what it
says about waiting. Redirects are followed one by one, each judged like the first address.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from dateline.reading.feeds.addresses import Lookup, Refused, Target, look_up, parse_address, public_numbers
from dateline.reading.received import Limits
from dateline.reading.unpacking import Unpackable, unpack_body
from dateline.records import Problem

AGENT = "Dateline"  # the name that a robots.txt would call us by
HOME = "https://pypi.org/project/dateline/"
_PIECE = 2**16
_REDIRECTS = (301, 302, 303, 307, 308)
_WAIT = (429, 503)
_ROBOTS_BYTES = 500 * 2**10  # what RFC 9309, 2.5, asks for
_ROBOTS_SECONDS = 24 * 3600.0  # 2.4: not to be used for longer
_LONGEST_WAIT = 24 * 3600.0
_LONGEST_PAUSE = 60.0  # a robots.txt that asks for hours between pages is meant for others


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How to behave on the network.

    contact: an address or a mail address where the owners of servers find out who asks, and why.
    pause: seconds between two requests to one server; longer where its robots.txt says so.
    allow_private: ask servers of this machine and of private networks, too.
    """

    contact: str = HOME
    pause: float = 2.0
    allow_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a server sent. address: where it was found, after redirects. body: unpacked."""

    address: str
    body: bytes
    content_type: str
    etag: str | None
    modified: str | None
    retrieved_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The server says that nothing has changed since."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfetched:
    """Why there is nothing. wait: seconds that the server asks for; gone: it says that there will never be anything."""

    problem: Problem
    wait: float | None = None
    gone: bool = False


@dataclass(slots=True)
class _Server:
    """What is known of one server: its robots.txt, for how long, or why it could not be had."""

    robots: Any = None
    robots_until: float = float("-inf")
    robots_failed: str | None = None


@dataclass(slots=True)
class _Answer:
    status: int
    headers: Any
    body: bytes = b""


class _Failed(Exception):
    """A request came to nothing."""


@dataclass
class Fetcher:
    """Fetches addresses, one at a time, and remembers when each server may be asked again.

    clock, sleep, lookup: the time, waiting and the names of servers, for tests. version: of Dateline, which is named.
    """

    manners: Manners
    limits: Limits
    version: str
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    lookup: Lookup = look_up
    _servers: dict[str, _Server] = field(default_factory=dict)
    _ready: dict[str, float] = field(default_factory=dict)  # by name: when a server may be asked again, by the clock
    _context: ssl.SSLContext | None = None

    def ready_in(self, address: str) -> float:
        """How many seconds from now the server of an address may be asked; 0 where at once."""
        try:
            return max(0.0, self._ready.get(parse_address(address).host, 0.0) - self.clock())
        except Refused:
            return 0.0

    def fetch(
        self, address: str, *, limit: int, accept: str, etag: str | None = None, modified: str | None = None
    ) -> Fetched | Unchanged | Unfetched:
        """Fetch an address. Never raises for what a server does.

        limit: the most bytes. etag, modified: of what was fetched the last time, as `Fetched` has them.
        """
        conditions = {"If-None-Match": etag or "", "If-Modified-Since": modified or ""}
        headers = {"Accept": accept, **{name: value for name, value in conditions.items() if value}}
        seen: list[str] = []
        where = address
        try:
            while True:
                target = parse_address(where)
                if target.address in seen or len(seen) > self.limits.redirects:
                    return _unfetched(
                        address, f"it leads in a circle, or through more than {self.limits.redirects} others"
                    )
                seen.append(target.address)
                if reason := self._forbidden(target):
                    return reason
                answer = self._ask(target, headers, limit)
                if answer.status not in _REDIRECTS or not answer.headers.get("Location"):
                    return self._result(address, target, answer, limit)
                where = urljoin(target.address, answer.headers["Location"])
                headers = {"Accept": accept}  # what was fetched before was another address's
        except Refused as error:
            via = f" (it leads to {where[:200]})" if seen else ""
            return _unfetched(address, f"{error}{via}")
        except _Failed as error:
            return _unfetched(address, str(error))

    # ------------------------------------------------------------ manners

    def _server(self, target: Target) -> _Server:
        return self._servers.setdefault(target.origin, _Server())

    def _forbidden(self, target: Target) -> Unfetched | None:
        """Why a server's robots.txt keeps us from an address, if it does."""
        server = self._server(target)
        if self.clock() >= server.robots_until:
            self._read_robots(target, server)
        if server.robots_failed:
            wait = max(0.0, server.robots_until - self.clock())
            return Unfetched(
                problem=Problem(
                    location=target.address,
                    message=f"not fetched: whether the server allows it cannot be known, {server.robots_failed}",
                    remedy="Dateline asks again later.",
                ),
                wait=wait,
            )
        if server.robots is not None and not server.robots.can_fetch(target.address, AGENT):
            return Unfetched(
                problem=Problem(
                    location=target.address,
                    message=f"not fetched: {target.origin}/robots.txt does not allow it to {AGENT}",
                    remedy="Ask the outlet for permission, or save the page yourself and add the file.",
                ),
                gone=True,
            )
        return None

    def _read_robots(self, target: Target, server: _Server) -> None:
        from protego import Protego

        server.robots, server.robots_failed = None, None
        server.robots_until = self.clock() + _ROBOTS_SECONDS
        where = f"{target.origin}/robots.txt"
        try:
            for _ in range(self.limits.redirects + 1):
                asked = parse_address(where)
                answer = self._ask(asked, {"Accept": "text/plain"}, _ROBOTS_BYTES, cut=True)
                if answer.status not in _REDIRECTS or not answer.headers.get("Location"):
                    break
                where = urljoin(asked.address, answer.headers["Location"])
        except Refused:
            return  # as if there were none; the address itself is judged next
        except _Failed as error:
            answer = _Answer(599, {})
            server.robots_failed = str(error)
        if answer.status >= 500 or answer.status == 429:  # RFC 9309, 2.3.1.4: until it is known, nothing is allowed
            server.robots_failed = server.robots_failed or f"{where} answers {answer.status}"
            server.robots_until = self.clock() + max(600.0, _retry_after(answer) or 0.0)
        elif answer.status == 200:
            try:
                server.robots = Protego.parse(answer.body.decode("utf-8", "replace"))
            except (ValueError, IndexError, AttributeError, RecursionError):
                server.robots = None  # nobody could follow it

    def _pause(self, server: _Server) -> float:
        asked = server.robots.crawl_delay(AGENT) if server.robots is not None else None
        return max(self.manners.pause, min(float(asked or 0.0), _LONGEST_PAUSE))

    # ------------------------------------------------------------ one request

    def _ask(self, target: Target, headers: dict[str, str], limit: int, *, cut: bool = False) -> _Answer:
        """Ask a server, after the pause it is owed. cut: take the beginning of what is too long."""
        waiting = self._ready.get(target.host, 0.0) - self.clock()
        if waiting > 0:
            self.sleep(waiting)
        numbers = self._numbers(target)
        try:
            return self._exchange(target, numbers, headers, limit, cut=cut)
        finally:
            self._ready[target.host] = self.clock() + self._pause(self._server(target))

    def _numbers(self, target: Target) -> list[str]:
        try:
            return public_numbers(target, lookup=self.lookup, allow_private=self.manners.allow_private)
        except (OSError, UnicodeError) as error:
            raise _Failed(f"the name {target.host} cannot be looked up ({error})") from error

    def _exchange(
        self, target: Target, numbers: list[str], headers: dict[str, str], limit: int, *, cut: bool
    ) -> _Answer:
        """Send one request and take the answer, within the time there is for both."""
        connection: Any = self._connection(target, numbers[0])
        late = threading.Event()
        response: Any = None
        watchdog: threading.Timer | None = None
        try:
            connection.connect()
            # A server that sends a byte a minute keeps every single read alive: only this ends it. The socket is named
            # here, because a connection lets go of it as soon as the head of the answer is there.
            watchdog = threading.Timer(self.limits.request_seconds, _hang_up, [connection.sock, late])
            watchdog.daemon = True
            watchdog.start()
            connection.request(
                "GET", target.path, headers={
                    "Host": target.authority, "User-Agent": f"{AGENT}/{self.version} (+{self.manners.contact})",
                    "Accept-Encoding": "gzip, deflate, br", "Connection": "close", **headers,
                }, preload_content=False, decode_content=False,
            )  # fmt: skip
            response = connection.getresponse()
            answer = _Answer(response.status, response.headers)
            if response.status == 200:
                answer.body = _read_body(response, limit, cut=cut)
            if late.is_set():
                raise _Failed(_too_slow(self.limits))
            return answer
        except _Failed:
            raise
        except Exception as fault:  # urllib3's own, http.client's own, OSError, ValueError: whatever a server provokes
            if late.is_set():
                raise _Failed(_too_slow(self.limits)) from fault
            raise _Failed(f"the server could not be asked ({_said(fault)})") from fault
        finally:
            if watchdog:
                watchdog.cancel()
            connection.close()
            if response is not None:
                response.close()

    def _connection(self, target: Target, number: str) -> Any:
        from urllib3.connection import HTTPConnection, HTTPSConnection

        timeout = min(10.0, self.limits.request_seconds)
        if target.scheme == "http":
            return HTTPConnection(number, target.port, timeout=timeout)
        if self._context is None:
            self._context = ssl.create_default_context()
            if not self._context.cert_store_stats()["x509_ca"]:  # a Python that knows no authorities
                import certifi

                self._context.load_verify_locations(certifi.where())
        # To the number that was judged; but the certificate must be that of the name.
        return HTTPSConnection(
            number, target.port, timeout=timeout, ssl_context=self._context,
            server_hostname=target.host, assert_hostname=target.host,
        )  # fmt: skip

    def _result(self, address: str, target: Target, answer: _Answer, limit: int) -> Fetched | Unchanged | Unfetched:
        if answer.status == 304:
            return Unchanged(address=target.address)
        if answer.status in _WAIT:
            wait = _retry_after(answer) or 600.0
            self._ready[target.host] = max(self._ready.get(target.host, 0.0), self.clock() + wait)
            return _unfetched(
                address, f"the server answers {answer.status} and asks to wait for {wait:,.0f} seconds", wait
            )
        if answer.status != 200:
            return _unfetched(address, f"the server answers {answer.status}", gone=answer.status in (404, 410, 451))
        codings = (answer.headers.get("Content-Encoding") or "").split(",")
        try:
            body = unpack_body(answer.body, codings, limit=limit, ratio=self.limits.unpack_ratio)
        except Unpackable as error:
            return _unfetched(address, str(error))
        return Fetched(
            address=target.address,
            body=body,
            content_type=answer.headers.get("Content-Type") or "",
            etag=_kept(answer.headers.get("ETag")),
            modified=_kept(answer.headers.get("Last-Modified")),
            retrieved_at=dt.datetime.now(dt.UTC).replace(microsecond=0),
        )


def _read_body(response: Any, limit: int, *, cut: bool) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := response.read1(_PIECE):
        size += len(piece)
        pieces.append(piece)
        if size > limit:
            if cut:
                break
            raise _Failed(f"it is larger than {limit:,} bytes")
    return b"".join(pieces)[:limit]


def _hang_up(connected: socket.socket, late: threading.Event) -> None:
    late.set()
    with contextlib.suppress(OSError):  # it has ended by itself
        connected.shutdown(socket.SHUT_RDWR)


def _too_slow(limits: Limits) -> str:
    return f"it took longer than {limits.request_seconds:g} seconds"


def _retry_after(answer: _Answer) -> float | None:
    """The seconds that a server asks to wait: "120", or a date."""
    written = (answer.headers.get("Retry-After") or "").strip()
    if written.isascii() and written.isdigit():
        return min(float(written[:9]), _LONGEST_WAIT)
    try:
        moment = email.utils.parsedate_to_datetime(written)
        seconds = (moment - dt.datetime.now(moment.tzinfo)).total_seconds()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(seconds, 0.0), _LONGEST_WAIT)


def _kept(value: str | None) -> str | None:
    """A header to be sent back later; one that is longer than any sensible one is not."""
    return value if value and len(value) <= 500 and value.isprintable() else None


def _said(error: BaseException) -> str:
    """An error in words, without the object that urllib3 puts in front of them."""
    _, found, words = " ".join(str(error).split()).rpartition(">, ")
    words = words[1:-2] if found else words
    return words[:160] or type(error).__name__


def _unfetched(address: str, reason: str, wait: float | None = None, *, gone: bool = False) -> Unfetched:
    remedy = "Check the address in a browser." if gone else "Dateline asks again later."
    return Unfetched(
        problem=Problem(location=address, message=f"not fetched: {reason}", remedy=remedy), wait=wait, gone=gone
    )
