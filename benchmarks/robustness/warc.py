"""What each of some web archives gives: documents, what was passed over, and every damaged place with its reason.

    python benchmarks/robustness/warc.py [FOLDER] [--extract]

FOLDER     archives to read (default ../shared/data/pages/warc)
--extract  extract the text of the pages, too; takes longer

Each file is also read by warcio's own iterator, as a second opinion: how many answers it gives before it stops.
"""

from __future__ import annotations

import argparse
import io
import time
from collections import Counter
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from dateline.reading import Limits, Received, read_documents
from dateline.reading.archives import read_archive, told
from dateline.records import Problem


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data/pages/warc"))
    parser.add_argument("--extract", action="store_true")
    options = parser.parse_args()
    files = sorted(each for each in options.folder.iterdir() if each.is_file())
    totals: Counter[str] = Counter()
    print("| file | pages | passed over | damaged places | answers by warcio alone |\n|---|---|---|---|---|")
    start = time.process_time()
    for file in files:
        pages, passed, problems = survey(file)
        totals += Counter(pages=pages, damages=len(problems), silent=not (pages or passed or problems))
        damages = "; ".join(f"{each.location.split('#')[-1]}: {each.message}" for each in problems)
        print(f"| {file.name} | {pages} | {passed} | {damages} | {second_opinion(file)} |")
    print(f"\n{len(files)} files, {totals['pages']} pages, {totals['damages']} damaged places, ", end="")
    print(f"{totals['silent']} files of which nothing was said; {time.process_time() - start:.1f} CPU-s")
    if options.extract:
        outcomes = Counter(type(each) for file in files for each in read_documents([str(file)]))
        print(f"with extraction: {outcomes[Received]} documents, {outcomes[Problem]} problems")


def survey(file: Path) -> tuple[int, str, list[Problem]]:
    """Pages, what was passed over (of whatever kind), and the problems of one archive."""
    pages, problems, passed = 0, [], Counter()
    with file.open("rb") as stream:
        head = stream.read(4096)
        stream.seek(0)
        for each in read_archive(stream, head, location=file.name, limits=Limits()):
            if isinstance(each, Problem):
                problems.append(each)
            elif isinstance(each, Counter):
                passed = each
            else:
                pages += 1
    words = told(passed) or ""
    companions = passed.total() - sum(int(part.split()[0].replace(",", "")) for part in words.split(", ") if part)
    return (
        pages,
        ", ".join(part for part in (words, f"{companions} companions" if companions else "") if part),
        problems,
    )


def second_opinion(file: Path) -> str:
    """How many answers warcio's own iterator gives, and what stopped it."""
    answers = 0
    try:
        for record in ArchiveIterator(io.BytesIO(file.read_bytes())):
            answers += record.rec_type in ("response", "resource")
    except ArchiveLoadFailed as error:
        return f"{answers}, then: {' '.join(str(error).split())[:60]}"
    except Exception as fault:  # whatever a library does with a broken file is its opinion of it
        return f"{answers}, then {type(fault).__name__}"
    return str(answers)


if __name__ == "__main__":
    main()
