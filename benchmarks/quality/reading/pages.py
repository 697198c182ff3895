"""How well the text of saved web pages is found.

    python benchmarks/quality/reading/pages.py [PAGES]        (PAGES: default ../shared/data/pages)

body      precision, recall and F1 of 4-word shingles, as multisets, averaged over pages as in the article-extraction
          benchmark (github.com/scrapinghub/article-extraction-benchmark, evaluate.py): all of the extracted text but
          the title, and what is left of it as headline, summary, body, dateline and crossheads after `find_stories`
metadata  how many pages have a title and a date, and from where
speed     pages per second of wall time, the child process included
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import time
from collections import Counter
from pathlib import Path

from dateline.reading import Limits, find_stories, load_lexicons
from dateline.reading.formats.html import Extractor, decode_page
from dateline.reading.received import Received
from dateline.records import Document, Problem, make_id

READ = {"summary", "body", "dateline", "crosshead", "headline"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="?", type=Path, default=Path("../shared/data/pages"))
    parser.add_argument("--show", action="store_true", help="print each page's scores, worst last")
    options = parser.parse_args()
    lexicons = load_lexicons()
    extracted: list[tuple[float, float, float]] = []
    read: list[tuple[float, float, float]] = []
    methods: dict[str, Counter[str]] = {"title": Counter(), "published_at": Counter(), "outlet_name": Counter()}
    lines = []
    stories: Counter[int] = Counter()
    started = time.time()
    with Extractor(limits=Limits()) as extractor:
        for row in map(json.loads, (options.pages / "gold.dev.jsonl").read_text("utf-8").splitlines()):
            data = gzip.decompress((options.pages / "html" / row["html"]).read_bytes())
            decoded = decode_page(data, row["url"])
            page = extractor.extract(decoded.text or "", location=row["url"])
            if isinstance(page, Problem):
                extracted.append(shingle_matching(row["text"], ""))
                read.append(extracted[-1])
                lines.append((0.0, row["url"], page.message))
                continue
            title = page.metadata.title or ""
            body = page.text.removeprefix(title)
            extracted.append(shingle_matching(row["text"], body))
            document = Document(
                id=make_id("document", row["url"]), text=page.text, location=row["url"], media_type="text/html"
            )
            found = find_stories(
                Received(document=document, metadata=page.metadata, container="page"), lexicons=lexicons
            )
            stories[len(found.stories)] += 1
            if any("in a language" in p.message or "left out" in p.message for p in found.problems):
                read.append(extracted[-1])
            else:
                kept = [s.span for s in found.sections if s.role in READ and s.span.start >= len(title)]
                read.append(shingle_matching(row["text"], "\n".join(page.text[s.start : s.end] for s in kept)))
            for field, counter in methods.items():
                counter[next((e.method for e in page.metadata.evidence if e.field == field), "none")] += 1
            lines.append((f1(*extracted[-1]), row["url"], f"after roles {f1(*read[-1]):.3f} {extracted[-1]}"))
    seconds = time.time() - started
    if options.show:
        for score, url, rest in sorted(lines, reverse=True):
            print(f"{score:.3f} {url[:90]} {rest}")
    for name, scores in (("extracted", extracted), ("after roles", read)):
        precision, recall, total = mean_scores(scores)
        print(
            f"body     {name:11} F1 {total:.4f}  precision {precision:.4f}  recall {recall:.4f}  ({len(scores)} pages)"
        )
    for field, counter in methods.items():
        print(f"metadata {field:13} {dict(counter)}")
    print(f"stories  {dict(stories)}")
    print(f"speed    {len(extracted) / seconds:.1f} pages a second")


def shingle_matching(gold: str, found: str) -> tuple[float, float, float]:
    """True positives, false positives and false negatives, as shares of their sum."""
    a, b = shingles(gold), shingles(found)
    right = float(sum(min(a[key], b[key]) for key in a.keys() & b.keys()))
    wrong, missed = sum(b.values()) - right, sum(a.values()) - right
    total = right + wrong + missed
    return (right / total, wrong / total, missed / total) if total else (0.0, 0.0, 0.0)


def shingles(text: str, width: int = 4) -> Counter[tuple[str, ...]]:
    tokens = re.findall(r"\w+", text)
    cut = (tuple(tokens[at : at + width]) for at in range(max(1, len(tokens) - width + 1)))
    return Counter(shingle for shingle in cut if shingle)


def mean_scores(scores: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    precision = statistics.mean(_ratio(tp, fp, fn) for tp, fp, fn in scores if tp + fp > 0)
    recall = statistics.mean(_ratio(tp, fn, fp) for tp, fp, fn in scores if tp + fn > 0)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _ratio(right: float, other: float, third: float) -> float:
    if other == third == 0:
        return 1.0
    return right / (right + other) if right or other else 0.0


def f1(right: float, wrong: float, missed: float) -> float:
    return 2 * right / (2 * right + wrong + missed) if right + wrong + missed else 0.0


if __name__ == "__main__":
    main()
