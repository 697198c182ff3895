"""Web archives: what each kind of record gives, and that damage costs only what is damaged and is always told."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import hashlib
import io
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import brotli
import lz4.frame
import pytest

from dateline.reading import Limits, Received, find_stories, read_documents
from dateline.reading.archives import read_archive, told
from dateline.reading.archives.records import Damage, Record, read_pieces
from dateline.reading.received import Body
from dateline.records import Problem

Make = Callable[..., bytes]


@dataclass(frozen=True)
class Found:
    """What an archive gave: places and bodies, problems, and what was passed over, in words."""

    pages: list[tuple[str, Body]]
    problems: list[Problem]
    passed: str | None

    @property
    def names(self) -> list[str]:
        return [body.address.rsplit("/", 1)[-1] for _, body in self.pages]

    @property
    def odd(self) -> list[str]:
        """What is odd about the pages that were read."""
        return [problem.message for _, body in self.pages for problem in body.problems]


def read(data: bytes, *, limits: Limits | None = None) -> Found:
    found = Found([], [], None)
    for each in read_archive(io.BytesIO(data), data[:4096], location="a.warc", limits=limits or Limits()):
        if isinstance(each, Problem):
            found.problems.append(each)
        elif isinstance(each, Counter):
            found = replace(found, passed=told(each))
        else:
            found.pages.append(each)
    return found


def documents_of(data: bytes, path: Path) -> tuple[list[Received], list[Problem]]:
    """The way through files and the extraction of pages, which takes longer."""
    path.write_bytes(data)
    found = list(read_documents([str(path)]))
    return (
        [each for each in found if isinstance(each, Received)],
        [each for each in found if isinstance(each, Problem)],
    )


def numbered(make_page: Make, make_record: Make, count: int = 4) -> list[bytes]:
    """Records of different pages."""
    return [
        make_record(make_page(f"Story number {n} of the ferry strike"), address=f"https://lantern.example/{n}")
        for n in range(count)
    ]


def test_a_page_has_its_address_its_date_and_its_place(
    make_page: Make, make_record: Make, tmp_path: Path, lexicons: Any
) -> None:
    info = make_record(b"software: x\r\n", kind="warcinfo")
    data = info + make_record(make_page())
    ((received,), problems) = documents_of(data, tmp_path / "a.warc")
    assert problems == []
    assert received.document.location == f"{tmp_path / 'a.warc'}#{len(info)}"
    assert received.document.retrieved_at == dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC)
    assert received.metadata.url == "https://lantern.example/ferry"
    assert received.metadata.outlet_domain == "lantern.example"
    assert received.problems == ()
    (story,) = find_stories(received, lexicons=lexicons).stories
    assert story.outlet_id == "lantern.example"
    assert len(story.body) == 3


@pytest.mark.parametrize("packed", ["members", "whole", "lz4", "plain"])
def test_every_packing_gives_the_same_pages(packed: str, make_page: Make, make_record: Make, pack: Any) -> None:
    records = numbered(make_page, make_record)
    data = {
        "members": pack(records),
        "whole": gzip.compress(b"".join(records)),
        "lz4": b"".join(lz4.frame.compress(each) for each in records),
        "plain": b"".join(records),
    }[packed]
    found = read(data)
    assert (found.names, found.problems, found.odd) == (["0", "1", "2", "3"], [], [])
    places = [place.rsplit("#")[-1] for place, _ in found.pages]
    if packed == "whole":
        assert places == ["0", *(f"0+{len(b''.join(records[:n]))}" for n in (1, 2, 3))]
    elif packed == "members":
        assert places == [str(len(pack(records[:n]))) for n in range(4)]


def test_an_archive_is_known_by_its_content(make_page: Make, make_record: Make, pack: Any) -> None:
    records = numbered(make_page, make_record, 2)
    for data in (b"".join(records), pack(records)):
        found = list(read_documents(["-"], stdin=io.BytesIO(data)))
        assert [type(each) for each in found] == [Received] * 2


def test_arc_is_read(make_page: Make, pack: Any) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + make_page()
    description = b"1 0 Lantern\nURL IP-address Archive-date Content-type Archive-length\n"
    head = b"filedesc://a.arc 0.0.0.0 20260301100000 text/plain %d\n" % len(description) + description + b"\n"
    one = b"https://lantern.example/a b 127.0.0.1 20260301100000 text/html %d\n" % len(answer) + answer + b"\n"
    cut = b"https://lantern.example/cut 127.0.0.1 20260302100000 text/html 9999\n" + answer[:200] + b"\n"
    second = b"https://lantern.example/2 127.0.0.1 20260302100000 text/html 200 - - 99 a.arc %d\n" % len(answer)
    two = second + answer + b"\n"
    found = read(head + one + cut + two)
    assert found.names == ["a%20b", "2"]
    assert found.pages[0][1].retrieved_at == dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC)
    (problem,) = found.problems
    assert "expected 9,999 bytes" in problem.message
    assert read(pack([head, one, two])).names == ["a%20b", "2"]
    assert read(pack([head, cut, two, one])).names == ["2", "a%20b"]


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda page: zlib.compress(page)[2:-4]),  # without its frame, as many servers send it
        ("br", brotli.compress),
        ("gzip", lambda page: page),  # the crawler unpacked it and kept the header
        ("br", lambda page: page),
        ("deflate, gzip", lambda page: gzip.compress(zlib.compress(page))),
    ],
)
def test_bodies_are_unpacked(coding: str, packed: Any, make_page: Make, make_record: Make) -> None:
    http = ["Content-Type: text/html", f"Content-Encoding: {coding}"]
    found = read(make_record(packed(make_page()), http=http))
    assert [body.data for _, body in found.pages] == [make_page()]
    assert (found.problems, found.odd) == ([], [])


@pytest.mark.parametrize(
    ("coding", "packed", "said"),
    [
        ("gzip", lambda page: gzip.compress(page)[:-20], "cut off"),
        ("gzip", lambda page: gzip.compress(page)[:50] + b"\xff" * 20 + gzip.compress(page)[70:], "damaged"),
        ("br", lambda page: brotli.compress(page)[:-20], "cut off"),
        ("gzip", lambda page: gzip.compress(page + b" " * 40_000_000), "more than"),
        ("br", lambda page: brotli.compress(page + b" " * 40_000_000, quality=5), "more than"),
        ("zstd", lambda page: page, "zstd"),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_told(
    coding: str, packed: Any, said: str, make_page: Make, make_record: Make
) -> None:
    bad = make_record(packed(make_page()), http=["Content-Type: text/html", f"Content-Encoding: {coding}"])
    found = read(bad + make_record(make_page()))
    assert found.names == ["ferry"]
    (problem,) = found.problems
    assert said in problem.message
    assert problem.location == "a.warc#0"


def test_chunks_are_joined(make_page: Make, make_record: Make) -> None:
    page = make_page()
    chunked = b"%x\r\n%s\r\n%x;ext=1\r\n%s\r\n0\r\n\r\n" % (100, page[:100], len(page) - 100, page[100:])
    http = ["Content-Type: text/html", "Transfer-Encoding: chunked"]
    for body, size, odd in (
        (chunked, len(page), 0),
        (page, len(page), 0),
        (chunked[:400], 400 - len(b"64\r\n") - len(b"\r\nXXX;ext=1\r\n"), 1),
    ):
        found = read(make_record(body, http=http))
        assert [body.data for _, body in found.pages] == [page[:size]]
        assert (found.problems, len(found.odd)) == ([], odd)


def test_the_server_says_which_letters_a_page_has(make_page: Make, make_record: Make, tmp_path: Path) -> None:
    page = make_page("Забастовка паромщиков", head='<meta charset="utf-8">', charset="koi8-r")
    http = ["Content-Type: text/html; charset=koi8-r"]
    ((received,), _) = documents_of(make_record(page, http=http), tmp_path / "a.warc")
    assert received.document.text.startswith("Забастовка паромщиков")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"status": "301 Moved"}, "1 redirects"),
        ({"status": "404 Not Found"}, "1 error answers"),
        ({"status": "206 Partial Content"}, "1 error answers"),
        ({"http": ["Content-Type: image/png"]}, "1 not HTML or plain text"),
        ({"http": []}, None),  # it looks like a page
        ({"kind": "revisit"}, "1 copies of records elsewhere"),
        ({"kind": "conversion"}, "1 converted by others"),
        ({"kind": "request"}, None),
        ({"kind": "metadata"}, None),
        ({"address": "https://lantern.example/robots.txt"}, "1 robots.txt"),
        ({"more": ["WARC-Segment-Number: 2"]}, "1 in several pieces"),
    ],
)
def test_what_is_no_page_is_counted(
    options: dict[str, Any], said: str | None, make_page: Make, make_record: Make
) -> None:
    found = read(make_record(make_page(), **options))
    assert (found.problems, found.passed) == ([], said)


def test_what_was_passed_over_stands_with_the_last_page(make_page: Make, make_record: Make, tmp_path: Path) -> None:
    pictures = make_record(b"x", http=["Content-Type: image/png"]) * 3
    (problem,) = documents_of(pictures, tmp_path / "a.warc")[1]
    assert problem.message == "the archive holds no page that could be read; passed over were 3 not HTML or plain text"
    ((received,), problems) = documents_of(make_record(make_page()) + pictures, tmp_path / "a.warc")
    assert problems == []
    (told,) = received.problems
    assert told.message == "records of this archive were passed over: 3 not HTML or plain text"


def test_a_resource_is_a_page_without_headers_of_a_server(make_page: Make, make_record: Make) -> None:
    more = ["WARC-Date: 2026-03-01T10:00:00.123456Z", "Content-Type: text/html"]
    found = read(make_record(make_page(), kind="resource", more=more))
    assert (found.names, found.problems, found.odd) == (["ferry"], [], [])


def test_plain_text_is_read_as_it_is(make_record: Make, tmp_path: Path) -> None:
    text = "Ferry strike\n\nDock workers on Monday rejected an offer from the harbour board.\n"
    record = make_record(text.encode(), http=["Content-Type: text/plain"])
    ((received,), _) = documents_of(record, tmp_path / "a.warc")
    assert (received.document.text, received.document.media_type) == (text, "text/plain")


def test_a_page_cannot_claim_the_name_of_another_outlet(make_page: Make, make_record: Make, tmp_path: Path) -> None:
    foreign = (
        '<link rel="canonical" href="https://www.reuters.com/ferry"><meta property="og:site_name" content="Reuters">'
    )
    own = '<link rel="canonical" href="https://www.lantern.example/canonical">'
    records = [make_record(make_page(head=head)) for head in (foreign, own)]
    (first, second), _ = documents_of(b"".join(records), tmp_path / "a.warc")
    assert (first.metadata.url, first.metadata.outlet_domain, first.metadata.outlet_name) == (
        "https://lantern.example/ferry", "lantern.example", None,
    )  # fmt: skip
    assert "reuters.com" in first.problems[-1].message
    assert second.metadata.url == "https://www.lantern.example/canonical"


@pytest.mark.parametrize(
    ("more", "odd"),
    [
        ([], 0),
        (["WARC-Block-Digest: sha1:RIGHT"], 0),
        (["WARC-Block-Digest: sha1:" + "A" * 32], 1),
        (["WARC-Block-Digest: sha256:" + "0" * 64], 1),
        (["WARC-Block-Digest: fnv:1"], 0),
        (["WARC-Truncated: length"], 1),
        (["WARC-Date: 2026-10-294T05:21:46-0700"], 1),
    ],
)
def test_doubts_stand_with_the_page(more: list[str], odd: int, make_page: Make, make_record: Make) -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + make_page()
    right = base64.b32encode(hashlib.sha1(block).digest()).decode()
    stated = [each.replace("RIGHT", right) for each in more]
    if not any(each.startswith("WARC-Date") for each in more):
        stated.append("WARC-Date: 2026-03-01T10:00:00Z")
    found = read(make_record(make_page(), more=stated))
    assert (len(found.pages), len(found.odd), found.problems) == (1, odd, [])


# ---------------------------------------------------------------- damage


@pytest.mark.parametrize("length", [100, 1500, 99_999_999, "many", -5, ""])
def test_a_wrong_length_costs_one_record(length: int | str, make_page: Make, make_record: Make, pack: Any) -> None:
    good = numbered(make_page, make_record)
    bad = make_record(make_page(), length=length)
    for together in (b"".join, pack):
        found = read(together([good[0], bad, *good[1:]]))
        assert found.names == ["0", "1", "2", "3"]
        (problem,) = found.problems
        assert problem.location == f"a.warc#{len(together(good[:1]))}"


def test_pages_that_follow_inside_of_a_damaged_record_are_doubted(make_page: Make, make_record: Make) -> None:
    good = numbered(make_page, make_record, 9)
    found = read(make_record(make_page(), length=3000) + b"".join(good))
    doubted = ["inside" in " ".join(each.message for each in body.problems) for _, body in found.pages]
    assert doubted == sorted(doubted, reverse=True)
    assert doubted[0]
    assert not doubted[-1]


@pytest.mark.parametrize("damage", ["cut", "flipped", "checksum", "missing"])
def test_a_damaged_member_costs_one_record(damage: str, make_page: Make, make_record: Make, pack: Any) -> None:
    members = [pack([each]) for each in numbered(make_page, make_record)]
    bad = bytearray(members[1])
    if damage == "cut":
        del bad[len(bad) // 2 :]
    elif damage == "flipped":
        bad[len(bad) // 2] ^= 0xFF
    elif damage == "checksum":
        bad[-6] ^= 0xFF
    else:
        bad[0] = 0
    found = read(b"".join([members[0], bytes(bad), *members[2:]]))
    assert found.names == ["0", "2", "3"]
    (problem,) = found.problems
    assert problem.location == f"a.warc#{len(members[0])}"


def test_a_file_that_is_cut_off_is_read_to_the_cut(make_page: Make, make_record: Make, pack: Any) -> None:
    records = numbered(make_page, make_record)
    # Records that are packed together are so alike that the last one takes few bytes.
    for data, size in ((b"".join(records), 60), (pack(records), 60), (gzip.compress(b"".join(records)), 12)):
        found = read(data[:-size])
        assert found.names == ["0", "1", "2"]
        (problem,) = found.problems
        assert "cut off" in problem.message or "ends in the middle" in problem.message


def test_junk_between_records_is_told_with_its_size(make_page: Make, make_record: Make) -> None:
    records = numbered(make_page, make_record)
    found = read(records[0] + b"junk " * 20 + b"".join(records[1:]))
    assert found.names == ["0", "1", "2", "3"]
    assert [each.message for each in found.problems] == [
        f"damaged at byte {len(records[0])}: these bytes belong to no record; 100 bytes were passed over"
    ]


def test_zero_bytes_after_the_last_member_are_no_damage(make_page: Make, make_record: Make, pack: Any) -> None:
    data = pack(numbered(make_page, make_record))
    assert read(data + b"\x00" * 512).problems == []
    found = read(data + b"junk")
    assert (found.names, len(found.problems)) == (["0", "1", "2", "3"], 1)


def test_a_packed_bomb_is_passed_over(make_page: Make, make_record: Make, pack: Any) -> None:
    records = numbered(make_page, make_record)
    found = read(pack([*records[:2], make_record(b"a" * 2**26), *records[2:]]))
    assert found.names == ["0", "1", "2", "3"]
    assert [("more than 200 times its size" in each.message) for each in found.problems] == [True]


def test_a_record_beyond_the_limit_is_counted(make_page: Make, make_record: Make) -> None:
    records = numbered(make_page, make_record)
    found = read(records[0] + make_record(b"a b c " * 5000) + records[1], limits=Limits(record_bytes=20_000))
    assert (found.names, found.problems, found.passed) == (["0", "1"], [], "1 too large")


def test_a_header_has_limits(make_page: Make, make_record: Make) -> None:
    good = b"".join(numbered(make_page, make_record))
    for more in (["X: y"] * 600, ["X: " + "y" * 70_000]):
        found = read(make_record(make_page(), more=more) + good)
        assert found.names == ["0", "1", "2", "3"]
        assert [("header has more than" in each.message) for each in found.problems] == [True]


def test_headers_of_a_server_have_limits(make_page: Make, make_record: Make) -> None:
    for http in (["X: y"] * 600, ["X: " + "y" * 70_000], ["X: y", *[" more"] * 600]):
        found = read(make_record(make_page(), http=http) + make_record(make_page()))
        assert (found.names, len(found.problems)) == (["ferry"], 1)


def test_endless_damage_ends() -> None:
    found = read(b"WARC/1.0\r\nWARC-Type: response\r\n\r\n" * 3000, limits=Limits(damaged_places=50))
    assert (found.names, len(found.problems)) == ([], 51)
    assert "from here on nothing was read" in found.problems[-1].message


def test_zstandard_says_what_to_do() -> None:
    assert "zstd -d" in read(b"\x28\xb5\x2f\xfd" + b"x" * 100).problems[0].message


def test_a_folder_with_archives_is_read(make_record: Make, tmp_path: Path) -> None:
    record = make_record(b"Dock workers on Monday rejected an offer.", http=["Content-Type: text/plain"])
    (tmp_path / "a.warc").write_bytes(record)
    (tmp_path / "b.warc.gz").write_bytes(gzip.compress(record))
    (tmp_path / "c.lz4").write_bytes(b"not ours")
    assert [type(each) for each in read_documents([str(tmp_path)])] == [Received, Received]


def test_pieces_are_all_of_the_bytes(make_page: Make, make_record: Make) -> None:
    records = numbered(make_page, make_record)
    data = b"".join([records[0], b"junk", records[1], records[2][:-300], records[3]])
    pieces = list(read_pieces(io.BytesIO(data), data[:100], limits=Limits()))
    assert [type(each) for each in pieces] == [Record, Damage, Record, Damage, Record]
    assert [each.start for each in pieces[1:]] == [each.end for each in pieces[:-1]]
    assert (pieces[0].start, pieces[-1].end) == (0, len(data))
