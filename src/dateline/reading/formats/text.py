"""From bytes to text: which encoding, and is it text at all.

The encodings are those that pasted and saved stories come in: UTF-8, UTF-16 and UTF-32 with or without a byte order
mark, and windows-1252 for what older editors wrote. Bytes are never guessed into another script: a file that is none
of these is a Problem.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from dateline.records import Problem

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a zip archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "a rich text (RTF) file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstandard archive"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The text of some bytes; None when they are not text. problems say what was odd, or why it is None."""

    text: str | None
    problems: tuple[Problem, ...] = ()


def decode_text(data: bytes, location: str, *, encoding: str | None = None) -> Decoded:
    """Decode what a file holds. A byte order mark is part of the encoding, not of the text; line ends stay as they are.

    encoding: what the input itself declares (an HTML page's charset); tried after the byte order mark.
    """
    if not data.strip():
        return _refuse(location, "the file is empty", "Nothing to do, or save the story again.")
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return _refuse(location, f"this is {kind}, not text", "Save the story as plain text or as a web page.")
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(name, "replace"), location, name, declared=True)
    unmarked = _unmarked_utf16(data)
    if unmarked:
        return _checked(data.decode(unmarked, "replace"), location, unmarked, declared=True)
    if encoding:
        try:
            return _checked(data.decode(encoding), location, encoding, declared=True)
        except (LookupError, UnicodeDecodeError):
            pass  # a wrong declaration: decide from the bytes
    try:
        return _checked(data.decode("utf-8"), location, "utf-8", declared=True)
    except UnicodeDecodeError:
        return _decode_damaged(data, location)


def clean_surrogates(text: str) -> str:
    """Replace lone surrogates (JSON allows "\\ud800"), which no file can hold, one for one: offsets stay."""
    return _SURROGATES.sub("\ufffd", text) if _SURROGATES.search(text) else text


def check_text(text: str, location: str) -> Decoded:
    """Judge text that was already decoded: refuse what is no writing, mention control characters."""
    return _checked(clean_surrogates(text), location, "utf-8", declared=True)


def _unmarked_utf16(data: bytes) -> str | None:
    """Name UTF-16 without a byte order mark: in Latin script every other byte is zero."""
    sample = data[: 4096 - len(data) % 2 if len(data) < 4096 else 4096]
    if len(sample) < 4 or sample.count(0) < len(sample) * 0.3:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) * 0.3 and even < len(sample) * 0.02:
        return "utf-16-le"
    if even > len(sample) * 0.3 and odd < len(sample) * 0.02:
        return "utf-16-be"
    return None


def _decode_damaged(data: bytes, location: str) -> Decoded:
    """Decode what is not UTF-8: UTF-8 with damage, or windows-1252."""
    lenient = data.decode("utf-8", "replace")
    damaged = lenient.count("\ufffd")
    sound = sum(1 for character in lenient if character > "\x7f" and character != "\ufffd")
    if sound > damaged:
        problem = Problem(
            location=location,
            message=f"the file is not all UTF-8: {damaged} damaged places were replaced by \ufffd",
            remedy="Save the file again as UTF-8 if words are missing.",
        )
        return _checked(lenient, location, "utf-8", declared=True, problems=(problem,))
    # The five bytes that windows-1252 leaves open become U+FFFD.
    text = data.decode("cp1252", "replace")
    problem = Problem(
        location=location,
        message="the file is not UTF-8; it was read as windows-1252",
        remedy="Save the file as UTF-8 if letters look wrong.",
    )
    return _checked(text, location, "windows-1252", declared=False, problems=(problem,))


def _checked(text: str, location: str, encoding: str, *, declared: bool, problems: tuple[Problem, ...] = ()) -> Decoded:
    text = clean_surrogates(text)
    if not text.strip().strip("\ufeff\u200b\x00"):
        return _refuse(location, "the file holds no words", None)
    controls = len(_CONTROLS.findall(text))
    odd = controls + text.count("\ufffd")
    # A story has none of these; a binary file read as windows-1252 has about one in eight.
    if odd > max(len(text) * (0.10 if declared else 0.02), 3):
        return _refuse(location, f"this is not text (tried {encoding})", "Save the story as plain text in UTF-8.")
    if controls:
        noted = Problem(location=location, message=f"the text holds {controls} control characters; they were kept")
        problems = (*problems, noted)
    return Decoded(text=text, problems=problems)


def _refuse(location: str, message: str, remedy: str | None) -> Decoded:
    return Decoded(text=None, problems=(Problem(location=location, message=message, remedy=remedy),))
