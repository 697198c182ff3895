"""Feeds: which stories they name, and fetching those politely. Nothing here is used unless somebody asks for it.

`addresses` says what may be fetched, `fetching` fetches, `entries` reads what came.
"""

from __future__ import annotations

from dateline.reading.feeds.entries import Entry, Feed, looks_like_opml, parse_feed, parse_opml
from dateline.reading.feeds.fetching import Fetched, Fetcher, Manners, Unchanged, Unfetched
from dateline.reading.unpacking import media_type_of

__all__ = [
    "Entry",
    "Feed",
    "Fetched",
    "Fetcher",
    "Manners",
    "Unchanged",
    "Unfetched",
    "looks_like_opml",
    "media_type_of",
    "parse_feed",
    "parse_opml",
]
