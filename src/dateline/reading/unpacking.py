"""What a server says of a body, and unpacking what it packed for the way (HTTP), never into more than a limit.

A few kilobytes can unpack to gigabytes, so every piece is asked for with the most it may give.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from email.message import Message

from dateline.errors import InstallationError

_PIECE = 2**16


class Unpackable(ValueError):
    """A body cannot be unpacked; `str(error)` says why."""


def media_type_of(written: str) -> tuple[str, str | None]:
    """The media type and the character set of a Content-Type: "text/html; charset=utf-8" -> ("text/html", "utf-8")."""
    message = Message()
    try:
        message["content-type"] = " ".join(written.split())[:300]
        charset = message.get_param("charset")
    except (ValueError, TypeError, LookupError):
        return written.partition(";")[0].strip().lower(), None
    kind = written.partition(";")[0].strip().lower()
    return kind, charset.strip("\"' ") or None if isinstance(charset, str) else None


def unpack_body(data: bytes, codings: Iterable[str], *, limit: int, ratio: int) -> bytes:
    """Undo content codings ("gzip", "deflate", "br"), which are given in the order in which they were applied.

    A body that does not look packed is given back as it is: crawlers often unpack it and keep the header.
    limit: the most bytes it may unpack to. ratio: how many times its size it may unpack to, beyond the first megabyte.
    Raises Unpackable where it is damaged, cut off, too large or packed in another way.
    """
    for coding in reversed([each.strip().lower() for each in codings]):
        if coding in ("", "identity", "none"):
            continue
        if coding not in _UNPACKERS:
            raise Unpackable(f"it is packed in a way that Dateline does not read ({coding[:40]})")
        data = _UNPACKERS[coding](data, min(limit, max(2**20, ratio * len(data))))
    return data


def _unpack_gzip(data: bytes, limit: int) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    unpacked = b""
    while data.startswith(b"\x1f\x8b"):  # several members may follow each other; what else follows is padding
        piece, data = _inflate(data, 31, limit - len(unpacked))
        unpacked += piece
    return unpacked


def _unpack_deflate(data: bytes, limit: int) -> bytes:
    """With the frame that RFC 9110 asks for or, as many servers send it, without."""
    if _looks_plain(data):
        return data
    if data[:1] and data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0:
        return _inflate(data, 15, limit)[0]
    return _inflate(data, -15, limit)[0]


def _inflate(data: bytes, window: int, limit: int) -> tuple[bytes, bytes]:
    """The unpacked data, and what follows the end of the packed ones."""
    decoder = zlib.decompressobj(window)
    try:
        unpacked = decoder.decompress(data, limit + 1)
    except zlib.error as error:
        raise Unpackable(f"the packed body is damaged ({error})") from error
    _check_size(len(unpacked), limit)
    if not decoder.eof:
        raise Unpackable("the packed body is cut off")
    return unpacked, decoder.unused_data


def _unpack_brotli(data: bytes, limit: int) -> bytes:
    if _looks_plain(data):
        return data
    try:
        import brotli
    except ImportError as error:
        raise InstallationError(
            f"a library for web pages cannot be imported: {error}",
            remedy="Install dateline again: pip install --force-reinstall dateline",
        ) from error
    decoder = brotli.Decompressor()
    unpacked = bytearray()
    try:
        unpacked += decoder.process(data, output_buffer_limit=_PIECE)
        while not decoder.is_finished() and not decoder.can_accept_more_data():
            unpacked += decoder.process(b"", output_buffer_limit=_PIECE)
            _check_size(len(unpacked), limit)
    except brotli.error as error:
        raise Unpackable(f"the packed body is damaged ({error})") from error
    _check_size(len(unpacked), limit)
    if not decoder.is_finished():
        raise Unpackable("the packed body is cut off")
    return bytes(unpacked)


def _looks_plain(data: bytes) -> bool:
    """Whether it begins as pages and feeds do, and not as something packed."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<" and data[:256].isascii()


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise Unpackable(f"it unpacks to more than {limit:,} bytes")


_UNPACKERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _unpack_gzip,
    "x-gzip": _unpack_gzip,
    "deflate": _unpack_deflate,
    "br": _unpack_brotli,
}
