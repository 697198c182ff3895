"""Watching feeds: the work behind `dateline watch`.

    feeds --Fetcher.fetch--> entries that are new or changed --Fetcher.fetch--> pages --add_documents--> rows

Nothing is fetched but feeds that the user named and pages that they name, one request at a time. What a server said for
the next time (ETag, Last-Modified), what was seen, and what failed how often is remembered in a file beside the store:
it is about fetching and not about stories, differs from one watcher to the next, and may be lost without loss.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dateline import reading
from dateline.errors import InputError, UsageError
from dateline.pipeline.config import Config
from dateline.pipeline.installation import describe_installation
from dateline.pipeline.keeping import Added, add_documents
from dateline.reading import Body, Extractor, Received
from dateline.reading.feeds import (
    Entry,
    Feed,
    Fetched,
    Fetcher,
    Manners,
    Unchanged,
    Unfetched,
    looks_like_opml,
    media_type_of,
    parse_feed,
    parse_opml,
)
from dateline.records import Problem, make_id
from dateline.store import Store

__all__ = ["Manners", "Round", "find_feeds", "memory_of", "watch"]

LONGEST_BACK_OFF = 24 * 3600.0  # between two tries of a feed or page that fails
TRIES = 6  # of a page; then only when its feed says something new of it
TROUBLES = 3  # failures of one server in one round, after which its other pages wait for the next
PATIENCE = 60.0  # seconds that a round waits for a server; pages that take longer wait for the next
FORGET = 30 * 24 * 3600.0  # what no feed has named for so long
SAVE_EVERY = 20.0  # seconds: what is fetched once more after a crash is known to the store
_ACCEPT_FEED = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
_ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round came to. next_in: seconds until the next one; None for the last.

    waiting: pages that are due but were left for later, because their servers ask to wait or failed.
    """

    feeds: int
    unchanged: int
    failed: int
    entries: int
    pages: int
    waiting: int
    next_in: float | None


def find_feeds(locations: Iterable[str]) -> list[str]:
    """The feeds that are named by addresses, by files that are feeds, and by lists of feeds (OPML), each once.

    Raises InputError where a file cannot be read or a list names none.
    """
    found: list[str] = []
    for location in locations:
        if location.lower().startswith(("http://", "https://")):
            found.append(location)
            continue
        data = _read_file(location)
        if not looks_like_opml(data):
            found.append(location)
            continue
        named = parse_opml(data, location=location)
        if isinstance(named, Problem):
            raise InputError(named.message, location=location, remedy=named.remedy)
        found += named
    return list(dict.fromkeys(found))


def memory_of(store: str) -> Path:
    """Where what was seen is remembered unless told otherwise: beside the file of a store, else with the user."""
    if "://" not in store:
        return Path(f"{store}.feeds.json")
    folder = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state", "dateline")
    return folder / f"{make_id('feeds', store).replace(':', '-')}.json"


def watch(
    feeds: Iterable[str],
    store: Store,
    *,
    memory: Path,
    config: Config | None = None,
    manners: Manners | None = None,
    every: float = 900.0,
    once: bool = False,
    stop: threading.Event | None = None,
    fetcher: Fetcher | None = None,
    now: Callable[[], float] = time.time,
) -> Iterator[Added | Problem | Round]:
    """Keep the stories that feeds name, round after round; tell of each page when it is kept, and of each round.

    A feed or a page that fails is a Problem, and the watch goes on. A page is fetched when a feed names it for the
    first time and when a feed says something new of it; then its new version is kept.
    memory: the file where what was seen is remembered. every: seconds between two looks at a feed. once: end after one
    round. stop: when set, the watch ends after the page in hand. fetcher, now: for tests.
    Raises StoreError when the store fails.
    """
    config = config or Config()
    if every < 60 and not once:
        raise UsageError("feeds are not asked more often than once a minute", remedy="Use --every 1m or longer.")
    version = dict(describe_installation().versions)["dateline"]
    stop = stop or threading.Event()
    fetcher = fetcher or Fetcher(manners=manners or Manners(), limits=config.limits, version=version, sleep=stop.wait)
    watcher = _Watcher(tuple(feeds), store, config, fetcher, _Memory.load(memory), every, stop, now)
    while True:
        yield from watcher.look(last=once)
        if once or stop.wait(watcher.next_in()):
            return


# ---------------------------------------------------------------- what is remembered


@dataclass(slots=True)
class _Known:
    """What is remembered of a feed or a page.

    due: it is not to be asked before, in Unix time. seen: when a feed last named it. signatures: of a page, by feed.
    """

    etag: str | None = None
    modified: str | None = None
    failures: int = 0
    due: float = 0.0
    seen: float = 0.0
    signatures: dict[str, str] = field(default_factory=dict)

    def fail(self, now: float, *, every: float, wait: float | None) -> None:
        self.failures += 1
        back_off = min(every * 2 ** min(self.failures - 1, 20), LONGEST_BACK_OFF)
        self.due = now + max(back_off, wait or 0.0)

    def succeed(self, now: float, *, every: float, etag: str | None, modified: str | None) -> None:
        self.failures, self.etag, self.modified, self.due = 0, etag, modified, now + every


@dataclass(slots=True)
class _Memory:
    path: Path
    feeds: dict[str, _Known] = field(default_factory=dict)
    pages: dict[str, _Known] = field(default_factory=dict)
    saved: float = 0.0

    @classmethod
    def load(cls, path: Path) -> _Memory:
        """What was remembered; nothing where the file is missing or damaged: then all is looked at once more."""
        try:
            found: Any = json.loads(path.read_bytes())
            feeds, pages = (
                {str(name): _Known(**each) for name, each in found[kind].items()} for kind in ("feeds", "pages")
            )
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return cls(path)
        return cls(path, feeds, pages)

    def save(self, now: float) -> None:
        """Write the file anew, so that it is whole at any moment."""
        self.pages = {name: each for name, each in self.pages.items() if each.seen > now - FORGET}
        whole = {
            kind: {name: _plain(each) for name, each in getattr(self, kind).items()} for kind in ("feeds", "pages")
        }
        part = self.path.with_name(self.path.name + ".part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(whole), "utf-8")
            os.replace(part, self.path)
        except OSError as error:
            raise InputError(
                f"what was seen cannot be remembered there ({error.strerror})",
                location=str(self.path),
                remedy="Give --memory a path in a folder that you may write to.",
            ) from error
        self.saved = now


def _plain(known: _Known) -> dict[str, Any]:
    return {name: value for name in _Known.__slots__ if (value := getattr(known, name)) not in (None, 0, 0.0, {})}


# ---------------------------------------------------------------- one round


@dataclass(frozen=True, slots=True)
class _Page:
    """A page that a feed names and that is to be fetched."""

    feed: str
    entry: Entry


@dataclass(slots=True)
class _Watcher:
    feeds: tuple[str, ...]
    store: Store
    config: Config
    fetcher: Fetcher
    memory: _Memory
    every: float
    stop: threading.Event
    now: Callable[[], float]
    _counts: dict[str, int] = field(default_factory=dict)
    # What servers said of feeds for the next time. It counts only when the pages are done: a feed that is asked with it
    # and has not changed names none of them, so a watch that was killed would never hear of them again.
    _fresh: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)

    def look(self, *, last: bool) -> Iterator[Added | Problem | Round]:
        """One round: every feed that is due, then the pages that are new or changed."""
        self._counts = dict.fromkeys(("feeds", "unchanged", "failed", "entries", "pages", "waiting"), 0)
        pages: list[_Page] = []
        try:
            for feed in self.feeds:
                if self.stop.is_set():
                    break
                yield from self._look_at(feed, pages)
            yield from self._read(pages)
            for name, (etag, modified) in self._fresh.items():
                self._feed(name).etag, self._feed(name).modified = etag, modified
        finally:
            self._fresh.clear()
            self.memory.save(self.now())
        over = last or self.stop.is_set()
        yield Round(**self._counts, next_in=None if over else self.next_in())

    def next_in(self) -> float:
        """Seconds until the first feed is due."""
        due = min((self._feed(each).due for each in self.feeds), default=0.0)
        return min(max(due - self.now(), 1.0), self.every)

    def _feed(self, feed: str) -> _Known:
        return self.memory.feeds.setdefault(feed, _Known())

    def _look_at(self, location: str, pages: list[_Page]) -> Iterator[Problem]:
        """Fetch one feed and put what it names for the first time, or anew, on the list."""
        known = self._feed(location)
        if known.due > self.now() and known.failures:
            self._counts["failed"] += 1
            return
        self._counts["feeds"] += 1
        feed = self._fetch_feed(location, known)
        if isinstance(feed, Problem):
            self._counts["failed"] += 1
            yield feed
        elif feed is None:
            self._counts["unchanged"] += 1
        else:
            yield from feed.problems
            self._counts["entries"] += len(feed.entries)
            pages += self._new_pages(location, feed)

    def _fetch_feed(self, location: str, known: _Known) -> Feed | Problem | None:
        """A feed, why there is none, or None where it has not changed."""
        limits = self.config.limits
        if not location.lower().startswith(("http://", "https://")):
            try:
                data = _read_file(location)
            except InputError as error:
                return Problem(location=location, message=error.message, remedy=error.remedy)
            known.due = self.now() + self.every
            return parse_feed(data, location=location, limits=limits)
        got = self.fetcher.fetch(
            location, limit=limits.feed_bytes, accept=_ACCEPT_FEED, etag=known.etag, modified=known.modified
        )
        now = self.now()
        if isinstance(got, Unfetched):
            known.fail(now, every=self.every, wait=got.wait)
            return got.problem
        if isinstance(got, Unchanged):
            known.succeed(now, every=self.every, etag=known.etag, modified=known.modified)
            return None
        feed = parse_feed(got.body, location=got.address, content_type=got.content_type, limits=limits)
        if isinstance(feed, Problem):
            known.fail(now, every=self.every, wait=None)
            return feed
        known.succeed(now, every=self.every, etag=None, modified=None)
        self._fresh[location] = (got.etag, got.modified)
        return feed

    def _new_pages(self, location: str, feed: Feed) -> Iterator[_Page]:
        """The pages that this feed names for the first time, or says something new of."""
        now = self.now()
        for entry in feed.entries:
            known = self.memory.pages.setdefault(entry.address, _Known())
            known.seen = now
            told = known.signatures.get(location)
            if told == entry.signature:
                continue
            if told is None and known.signatures:
                known.signatures[location] = entry.signature  # it was read when another feed named it
            elif known.due > now:
                self._postpone(location)
            else:
                yield _Page(location, entry)

    def _postpone(self, feed: str) -> None:
        """A page of this feed is left for later. The feed must come whole next time, or nobody would name the page."""
        self._counts["waiting"] += 1
        self._fresh.pop(feed, None)

    # ------------------------------------------------------------ pages

    def _read(self, pages: list[_Page]) -> Iterator[Added]:
        """Fetch pages and keep what is in them."""
        handed: deque[tuple[_Page, Fetched] | None] = deque()  # what each outcome will be of, in their order
        for added in add_documents(self._fetch_all(pages, handed), self.store, config=self.config):
            fetched = handed.popleft()
            if fetched:
                self._done(*fetched)
            yield added
            if self.now() - self.memory.saved > SAVE_EVERY:
                self.memory.save(self.now())

    def _fetch_all(
        self, pages: list[_Page], handed: deque[tuple[_Page, Fetched] | None]
    ) -> Iterator[Received | Problem | Added]:
        left = list({page.entry.address: page for page in reversed(pages)}.values())[::-1]
        troubles: Counter[str] = Counter()
        with Extractor(limits=self.config.limits) as extractor:
            while left and not self.stop.is_set():
                # The server that is ready first, so that the pauses of one are used for another.
                page = min(left, key=lambda each: self.fetcher.ready_in(each.entry.address))
                if self.fetcher.ready_in(page.entry.address) > PATIENCE:
                    break
                left.remove(page)
                server = urlsplit(page.entry.address).netloc
                if troubles[server] >= TROUBLES:
                    self._postpone(page.feed)
                    continue
                got = self._fetch(page)
                if isinstance(got, Unfetched):
                    troubles[server] += not got.gone
                    handed.append(None)
                    yield Added(location=page.entry.address, outcome="unread", problems=(got.problem,))
                elif isinstance(got, Fetched):
                    self._counts["pages"] += 1
                    handed.append((page, got))
                    yield self._receive(page, got, extractor)
        for page in left:
            self._postpone(page.feed)

    def _fetch(self, page: _Page) -> Fetched | Unchanged | Unfetched:
        known, address = self.memory.pages[page.entry.address], page.entry.address
        got = self.fetcher.fetch(
            address,
            limit=self.config.limits.page_bytes,
            accept=_ACCEPT_PAGE,
            etag=known.etag,
            modified=known.modified,
        )
        if isinstance(got, Unchanged):
            self._settle(page)
        elif isinstance(got, Unfetched):
            known.fail(self.now(), every=self.every, wait=got.wait)
            if got.gone or known.failures >= TRIES:
                self._settle(page)
            else:
                self._postpone(page.feed)
        return got

    def _receive(self, page: _Page, got: Fetched, extractor: Extractor) -> Received | Problem:
        """Make a document of a page, with what its feed says for what it does not say itself."""
        media_type, charset = media_type_of(got.content_type)
        is_text = media_type == "text/plain"
        if not is_text and media_type not in ("text/html", "application/xhtml+xml", ""):
            return Problem(
                location=got.address,
                message=f"this is no web page but {media_type[:60]}",
                remedy="Dateline reads pages and plain text.",
            )
        body = Body(
            data=got.body,
            kind="text" if is_text else "html",
            address=got.address,
            charset=charset,
            retrieved_at=got.retrieved_at,
            stated=page.entry.stated,
        )
        return reading.receive_body(body, location=got.address, limits=self.config.limits, extractor=extractor)

    def _done(self, page: _Page, got: Fetched) -> None:
        """A page is kept, or will never give anything: it need not be fetched until its feed says something new."""
        known = self.memory.pages[page.entry.address]
        known.etag, known.modified = got.etag, got.modified
        self._settle(page)

    def _settle(self, page: _Page) -> None:
        known = self.memory.pages[page.entry.address]
        known.signatures[page.feed] = page.entry.signature
        known.failures, known.due = 0, 0.0


def _read_file(location: str) -> bytes:
    try:
        return Path(location).read_bytes()
    except (OSError, ValueError) as error:
        raise InputError(
            f"cannot be read: {getattr(error, 'strerror', None) or error}",
            location=location,
            remedy="Name the address of a feed, a file that is one, or a list of feeds (OPML).",
        ) from error
