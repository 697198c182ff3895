"""A web archive in a store: each page once, and a run that was stopped is taken up."""

from __future__ import annotations

from pathlib import Path

from dateline.pipeline.keeping import add
from dateline.store import open_store

STORY = (
    "Ferry strike enters week {}\n\n"
    "Dock workers on Monday rejected an offer from the harbour board, which they called absurd and late.\n\n"
    "The board said that it would not raise the offer before the end of the month, whatever happened then.\n"
)


def record(number: int) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + STORY.format(number).encode()
    head = f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://lantern.example/{number}\r\n"
    dated = f"{head}WARC-Date: 2026-03-01T10:00:00Z\r\nContent-Length: {len(block)}\r\n\r\n"
    return dated.encode() + block + b"\r\n\r\n"


def test_an_archive_is_taken_up_where_it_was_left(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc"
    path.write_bytes(b"".join(map(record, range(3))))
    with open_store(str(tmp_path / "news.db"), create=True) as store:
        begun = add([str(path)], store)
        assert next(begun).outcome == "new"
        begun.close()
        assert [each.outcome for each in add([str(path)], store)] == ["there", "new", "new"]
        assert [each.outcome for each in add([str(path)], store)] == ["there"] * 3
        documents = [each.document for each in store.stories()]
    assert [each.location for each in documents] == [f"{path}#{len(b''.join(map(record, range(n))))}" for n in range(3)]
    assert {str(each.retrieved_at) for each in documents} == {"2026-03-01 10:00:00+00:00"}


def test_a_cut_archive_keeps_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc"
    path.write_bytes((record(1) + record(2))[:-50])
    with open_store(str(tmp_path / "news.db"), create=True) as store:
        assert [each.outcome for each in add([str(path)], store)] == ["unread", "new"]
        assert any("it is cut off" in problem.message for problem in store.problems())
