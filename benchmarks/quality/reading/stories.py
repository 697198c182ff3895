"""How well stories are told apart and their words kept.

    python benchmarks/quality/reading/stories.py [DATA]        (DATA: default ../shared/data)

kept      share of gold attribution characters (source, cue, content) that fall into headline, summary, body or dateline
single    share of single stories that were split, read as JSON lines and as plain files
pasted    two to four single stories in one text, in several ways of pasting: precision and recall of the boundaries
speed     CPU milliseconds for one story of 600 words
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dateline.reading import Lexicons, Metadata, Reading, Received, find_stories, load_lexicons, receive_text

READ = {"headline", "summary", "body", "dateline"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--half", choices=("all", "odd"), default="all", help="odd: only stories not used for fitting")
    parser.add_argument("--show", action="store_true", help="print every false split and every lost stretch")
    options = parser.parse_args()
    lexicons = load_lexicons()
    for name in (
        "attribution/polnear.train.jsonl",
        "attributed-events/train.jsonl",
        "attribution/polnear.dev.jsonl",
        "attributed-events/dev.jsonl",
    ):
        report_kept(options.data / name, lexicons, show=options.show)
    singles = list(single_stories(options.data))[1 if options.half == "odd" else 0 :: 2 if options.half == "odd" else 1]
    report_single(singles, lexicons, show=options.show)
    report_pasted(singles, lexicons)
    report_speed(singles, lexicons)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    data = path.read_bytes()
    with io.StringIO((gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")) as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


# ---------------------------------------------------------------- words kept


def report_kept(path: Path, lexicons: Lexicons, *, show: bool) -> None:
    total = lost = split = stories = 0
    roles: Counter[str] = Counter()
    for row in rows(path):
        reading = read(row["text"], lexicons, container="record")
        stories += 1
        split += len(reading.stories) != 1
        kept = bytearray(len(row["text"]))
        role_at: dict[int, str] = {}
        for section in reading.sections:
            if section.role in READ and section.story is not None:
                kept[section.span.start : section.span.end] = b"\1" * (section.span.end - section.span.start)
            else:
                role_at[section.span.start] = section.role
        for attribution in row.get("attributions") or row.get("claims") or ():
            for start, end in (*attribution["source"], *attribution["cue"], *attribution["content"]):
                missing = sum(1 for at in range(start, end) if not kept[at] and not row["text"][at].isspace())
                total += sum(1 for at in range(start, end) if not row["text"][at].isspace())
                lost += missing
                if missing:
                    role = next((role_at[at] for at in sorted(role_at, reverse=True) if at <= start), "?")
                    roles[role] += missing
                    if show:
                        print("   lost", role, row["id"], repr(row["text"][max(0, start - 40) : end][:200]))
    print(f"kept     {path.parent.name}/{path.name}: {100 * lost / total:.3f} % of {total} characters lost "
          f"{dict(roles)}; "
          f"{split} of {stories} not read as one story")  # fmt: skip


# ---------------------------------------------------------------- splitting


@dataclass(frozen=True)
class Single:
    name: str
    title: str | None
    text: str
    date: str


def single_stories(data: Path) -> Iterator[Single]:
    for row in rows(data / "attribution/polnear.train.jsonl"):
        yield Single("polnear", None, row["text"], row.get("date") or "")
    for row in rows(data / "attributed-events/train.jsonl"):
        yield Single("events", None, row["text"], row.get("date") or "")
    for name in ("news/wikinews_2019_2020.jsonl.gz", "news/world_conflict.jsonl.gz"):
        for row in rows(data / name):
            yield Single(name.split("/")[1][:5], row["title"], row["text"], row.get("date") or "")


def report_single(singles: list[Single], lexicons: Lexicons, *, show: bool) -> None:
    for container in ("record", "text"):
        counts: dict[str, Counter[str]] = {}
        for single in singles:
            found = read(single.text, lexicons, container=container)
            count = counts.setdefault(single.name, Counter())
            count["stories"] += 1
            count["split"] += len(found.stories) > 1
            count["none"] += not found.stories
            count["unsure"] += any("second story" in problem.message for problem in found.problems)
            if show and len(found.stories) > 1:
                heads = [found.document.text[s.headline.start : s.headline.end] for s in found.stories if s.headline]
                print("   split", container, single.name, single.title, heads)
        for name, count in counts.items():
            print(f"single   {container:6} {name:8} {count['stories']:5} stories: split {count['split']} "
                  f"({100 * count['split'] / count['stories']:.2f} %), "
                  f"uncertain {count['unsure']}, none {count['none']}")  # fmt: skip


WAYS = ("wire", "title-2-blank", "title-date", "title-byline", "title-1-blank", "dateline-2-blank", "separator")


def report_pasted(singles: list[Single], lexicons: Lexicons, *, files: int = 200, seed: int = 7) -> None:
    titled = [single for single in singles if single.title and len(single.text) > 600]
    for way in WAYS:
        draw = random.Random(f"{seed}{way}")
        found = right = unsure = total = 0
        for _ in range(files):
            chosen = draw.sample(titled, draw.randint(2, 4))
            text, starts = paste(chosen, way, draw)
            reading = read(text, lexicons, container="text")
            cuts = story_starts(reading)[1:]
            total += len(starts) - 1
            found += len(cuts)
            right += sum(any(abs(cut - start) <= 2 for start in starts[1:]) for cut in cuts)
            unsure += sum("second story" in problem.message for problem in reading.problems)
        print(f"pasted   {way:17} precision {right / max(1, found):.3f} recall {right / total:.3f} "
              f"({total} boundaries, {unsure} mentioned as uncertain)")  # fmt: skip


def paste(singles: list[Single], way: str, draw: random.Random) -> tuple[str, list[int]]:
    text, starts = "", []
    for single in singles:
        if text:
            text += {"title-1-blank": "\n\n", "separator": "\n\n---\n\n"}.get(way, "\n\n\n")
        starts.append(len(text))
        text += story_as(single, way, draw)
    return text, starts


def story_as(single: Single, way: str, draw: random.Random) -> str:
    body = single.text.strip()
    title = single.title or ""
    day = f"{draw.randint(1, 28)} {draw.choice(['January', 'March', 'November'])} 20{draw.randint(16, 25)}"
    if way == "wire":
        return f"{title}\n\nShort Url\nUpdated {day}\nFollow\n\n{title}\n\n{draw.choice(PLACES).upper()}: {body}"
    if way == "title-date":
        return f"{title}\n{day}\n\n{body}"
    if way == "title-byline":
        return f"{title}\n\nBy {draw.choice(NAMES)}\n\n{body}"
    if way == "dateline-2-blank":
        return f"{title}\n\n{draw.choice(PLACES).upper()} (Reuters) - {body}"
    return f"{title}\n\n{body}"


PLACES = ("Kabul", "Beirut", "Nairobi", "Geneva", "Lagos")
NAMES = ("Maria Lopez", "John Okafor", "Anna Berg and Li Wei", "The Associated Press")


def story_starts(reading: Reading) -> list[int]:
    starts: dict[int, int] = {}
    for section in reading.sections:
        if section.story is not None and (section.role != "furniture" or section.story in starts):
            starts.setdefault(section.story, section.span.start)
    return [starts[story] for story in sorted(starts)]


# ---------------------------------------------------------------- speed


def report_speed(singles: list[Single], lexicons: Lexicons) -> None:
    texts = [single.text for single in singles if 550 <= len(single.text.split()) <= 650][:300]
    for text in texts[:20]:
        read(text, lexicons, container="record")
    times = []
    for text in texts:
        before = time.process_time()
        read(text, lexicons, container="record")
        times.append(1000 * (time.process_time() - before))
    print(
        f"speed    {statistics.mean(times):.2f} CPU-ms a story of 600 words "
        f"(mean of {len(times)}), most {max(times):.2f}"
    )


def read(text: str, lexicons: Lexicons, *, container: str) -> Reading:
    received: Received = receive_text(text)
    received = replace(received, container=container, metadata=Metadata())  # type: ignore[arg-type]
    return find_stories(received, lexicons=lexicons)


if __name__ == "__main__":
    main()
