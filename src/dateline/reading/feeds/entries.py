"""From the bytes of a feed (RSS, Atom) or of a list of feeds (OPML) to what they name."""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import io
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from dateline.reading.formats.text import clean_surrogates
from dateline.reading.received import Limits, Metadata
from dateline.records import Evidence, Problem

_OPML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<opml\b", re.IGNORECASE | re.DOTALL)
# Wrong declarations that change nothing about what was read.
_HARMLESS = ("CharacterEncodingOverride", "NonXMLContentType")
_MARKUP = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a feed says about one story. signature: a digest of all that; another one means that the story changed."""

    address: str
    stated: Metadata
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The entries of a feed, the newest first, as feeds have them."""

    title: str | None
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()


def looks_like_opml(head: bytes) -> bool:
    return bool(_OPML.match(head[:4096]))


def parse_opml(data: bytes, *, location: str) -> list[str] | Problem:
    """The addresses of the feeds in an OPML list, in its order, each once. No entity of it is resolved."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        said = " ".join(str(error).split())[:120]
        return Problem(location=location, message=f"this list of feeds is not XML ({said})",
                       remedy="Export it again from the program that made it.")  # fmt: skip
    if root.getroottree().docinfo.internalDTD is not None:
        return Problem(location=location, message="this list of feeds declares a document type, which none needs",
                       remedy="Remove the line that begins with <!DOCTYPE, if you trust the file.")  # fmt: skip
    found = [str(outline.get("xmlUrl")).strip() for outline in root.iter("outline") if outline.get("xmlUrl")]
    if not found:
        return Problem(location=location, message="this list names no feed (no outline has an xmlUrl)")
    return list(dict.fromkeys(found))


def parse_feed(data: bytes, *, location: str, content_type: str = "", limits: Limits) -> Feed | Problem:
    """Read a feed. location: its address, against which its links are read."""
    import feedparser

    headers = {"content-type": content_type or "application/xml", "content-location": location}
    try:
        # Bytes in a BytesIO and nothing else: a path or an address would be opened.
        parsed: Any = feedparser.parse(io.BytesIO(data), response_headers=headers, sanitize_html=False)
    except Exception as fault:  # a parser made to swallow anything fails in many ways
        return Problem(location=location, message=f"this feed cannot be read ({type(fault).__name__})", remedy=None)
    odd = parsed.get("bozo_exception") if parsed.get("bozo") else None
    said = "" if odd is None or type(odd).__name__ in _HARMLESS else " ".join(str(odd).split())[:120]
    if not parsed.get("version") and not parsed.entries:
        return Problem(
            location=location,
            message="this is no feed" + (f" ({said})" if said else ""),
            remedy="Name the address of the RSS or Atom feed itself; sites often link it at the foot of a page.",
        )
    problems = []
    if said:
        problems.append(
            Problem(location=location, message=f"the feed is damaged ({said}); {len(parsed.entries)} entries were read")
        )
    if len(parsed.entries) > limits.feed_entries:
        problems.append(Problem(location=location, message=f"only the first {limits.feed_entries} entries were read"))
    entries = [_entry(each, location) for each in parsed.entries[: limits.feed_entries]]
    without = sum(entry is None for entry in entries)
    if without:
        problems.append(Problem(location=location, message=f"entries without an address were passed over: {without}"))
    by_address = {entry.address: entry for entry in reversed(entries) if entry}
    return Feed(
        title=_words(parsed.feed.get("title")),
        entries=tuple(reversed(by_address.values())),
        problems=tuple(problems),
    )


def _entry(entry: Any, location: str) -> Entry | None:
    found: dict[str, Any] = dict(entry)  # asked itself, it gives one date for another
    link = found.get("link")
    if not isinstance(link, str) or not link.strip():
        return None
    people = [each.get("name") for each in found.get("authors") or []] or [found.get("author")]
    title, authors = _words(found.get("title")), tuple(name for each in people if (name := _words(each)))
    published, updated = _moment(found.get("published_parsed")), _moment(found.get("updated_parsed"))
    values = {"title": title, "published_at": published, "updated_at": updated, "authors": authors}
    stated = Metadata(
        title=title,
        published_at=published,
        updated_at=updated,
        authors=authors,
        evidence=tuple(Evidence(field=name, spans=(), method="reader:feed") for name, value in values.items() if value),
    )
    parts = [found.get(name) for name in ("title", "updated", "published", "summary")]
    parts += [each.get("value") for each in found.get("content") or []]
    signature = hashlib.sha256("\x1f".join(str(part) for part in parts).encode("utf-8", "replace")).hexdigest()[:16]
    return Entry(address=urljoin(location, link.strip()), stated=stated, signature=signature)


def _words(value: Any) -> str | None:
    """A plain line of text."""
    if not isinstance(value, str):
        return None
    return clean_surrogates(" ".join(_MARKUP.sub(" ", value).split()))[:2000] or None


def _moment(parsed: Any) -> dt.datetime | None:
    """feedparser gives moments in UTC, as nine numbers."""
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(parsed), dt.UTC) if parsed else None
    except (ValueError, OverflowError, TypeError, OSError):
        return None
