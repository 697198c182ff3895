"""From files, folders, patterns and standard input to documents."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest

from dateline.errors import InputError
from dateline.reading import Limits, Received, read_documents
from dateline.reading.formats.text import decode_text
from dateline.records import Problem

STORY = "Ferry strike enters second week\n\nDock workers on Monday rejected an offer – “absurd”, they said.\n"


def documents(*locations: object, **options: object) -> list[Received]:
    found = list(read_documents([str(each) for each in locations], **options))  # type: ignore[arg-type]
    assert all(isinstance(each, Received) for each in found), found
    return [each for each in found if isinstance(each, Received)]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"),
     ("utf-16-le", b""), ("utf-16-be", b""), ("utf-32-le", b"\xff\xfe\0\0"), ("cp1252", b"")],
)  # fmt: skip
def test_encodings_give_the_same_words(encoding: str, mark: bytes) -> None:
    assert decode_text(mark + STORY.encode(encoding), "story.txt").text == STORY


def test_line_ends_are_kept_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_bytes(STORY.replace("\n", "\r\n").encode())
    (received,) = documents(tmp_path / "story.txt")
    assert received.document.text == STORY.replace("\n", "\r\n")


def test_json_line_fields_become_metadata_with_evidence(tmp_path: Path) -> None:
    fields = {"id": "x7", "text": STORY, "title": "Ferry strike", "published_at": "2025-11-28", "modified_at": "",
              "outlet": "Reuters", "url": "https://www.reuters.com/world/x7", "unknown": [1]}  # fmt: skip
    (tmp_path / "stories.jsonl").write_text(json.dumps(fields) + "\n", "utf-8")
    (received,) = documents(tmp_path / "stories.jsonl")
    assert received.document.location.endswith("stories.jsonl#x7")
    assert received.document.text == STORY
    assert received.container == "record"
    metadata = received.metadata
    assert (metadata.title, str(metadata.published_at), metadata.updated_at) == ("Ferry strike", "2025-11-28", None)
    assert (metadata.outlet_name, metadata.outlet_domain) == ("Reuters", "reuters.com")
    filled = {"title", "published_at", "outlet_name", "outlet_domain", "url"}
    assert {evidence.field for evidence in metadata.evidence} == filled


def test_line_without_id_is_named_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "s.jsonl").write_text("\n" + json.dumps({"text": STORY}) + "\n", "utf-8")
    assert documents(tmp_path / "s.jsonl")[0].document.location.endswith("#2")


def test_bad_lines_are_problems_between_good_ones(tmp_path: Path) -> None:
    good = json.dumps({"id": "g", "text": STORY})
    (tmp_path / "s.jsonl").write_text(f"{good}\nnot json\n[]\n{{}}\n{good}\n", "utf-8")
    kinds = [type(each) for each in read_documents([str(tmp_path / "s.jsonl")])]
    assert kinds == [Received, Problem, Problem, Problem, Received]


def test_folder_pattern_and_gzip(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY, "utf-8")
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(STORY.encode()))
    (tmp_path / "c.csv").write_text("not ours", "utf-8")
    (tmp_path / ".hidden.txt").write_text(STORY, "utf-8")
    (tmp_path / "README.md").write_text("# What lies in this folder\n", "utf-8")
    assert len(documents(tmp_path)) == 2
    assert len(documents(tmp_path / "README.md")) == 1, "a file that is named is read"
    assert len(documents(tmp_path / "*.txt*")) == 2
    assert {received.document.text for received in documents(tmp_path)} == {STORY}


def test_standard_input_is_sniffed() -> None:
    (text,) = documents("-", stdin=io.BytesIO(STORY.encode()))
    assert text.document.text == STORY
    lines = json.dumps({"id": "1", "text": STORY}).encode()
    (record,) = documents("-", stdin=io.BytesIO(lines))
    assert record.document.location.endswith("#1")
    (packed,) = documents("-", stdin=io.BytesIO(gzip.compress(STORY.encode())))
    assert packed.document.text == STORY


def test_same_file_has_the_same_id_in_another_folder(tmp_path: Path) -> None:
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "story.txt").write_text(STORY, "utf-8")
    first, second = documents(tmp_path / "here", tmp_path / "there")
    assert first.document.id == second.document.id
    assert first.document.location != second.document.location


@pytest.mark.parametrize("location", ["missing.txt", "no/*.txt", "https://example.org/story", "a\0b"])
def test_what_does_not_exist_is_an_error_before_anything_is_read(location: str, tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(STORY, "utf-8")
    with pytest.raises(InputError) as caught:
        next(iter(read_documents([str(tmp_path / "story.txt"), location])))
    assert caught.value.location == location


@pytest.mark.parametrize(
    ("limits", "name", "content"),
    [
        (Limits(file_bytes=100), "s.txt", STORY * 3),
        (Limits(text_characters=100), "s.txt", STORY * 3),
        (Limits(text_lines=5), "s.txt", STORY * 3),
        (Limits(line_bytes=100), "s.jsonl", json.dumps({"text": STORY * 3})),
        (Limits(page_bytes=100), "s.html", f"<html><body><p>{STORY * 3}</p></body></html>"),
    ],
)
def test_what_is_too_large_is_a_problem_with_the_limit(limits: Limits, name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    (problem,) = read_documents([str(tmp_path / name)], limits=limits)
    assert isinstance(problem, Problem)
    assert "larger than" in problem.message


def test_empty_folder_is_a_problem(tmp_path: Path) -> None:
    (problem,) = read_documents([str(tmp_path)])
    assert isinstance(problem, Problem)
