"""Load many real stories end to end: `dateline add`, then `dateline verify`, as one JSON result.

    python benchmarks/speed/load.py STORIES.jsonl.gz --stories 2000 --workers 2 [--to STORE] [--out RESULT.json]

It starts the command itself on the first so many lines. Told are stories a second of the clock and of the processors
(of the command and its workers, so that other programs on the machine do not count), the most memory of one process and
of all together, the size of the store, and every problem that the command named. Adding the same again must change
nothing. The exit status is 0 only if nothing crashed and the store is sound.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-c", "from dateline.faces.cli import main; main()")
OFTEN = 0.5  # seconds between two looks at memory


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as name:
        inputs = Path(name) / "stories.jsonl"
        lines = _take(options.stories_file, options.stories, inputs)
        where = options.to or str(Path(name) / "news.db")
        add = ["add", str(inputs), "--to", where, "--workers", str(options.workers)]
        added, again, verified = _run(add), _run(add), _run(["verify", where])
        size = sum(path.stat().st_size for path in Path(name).glob("news.db*"))
    told = added["output"].splitlines()
    result = {
        "lines": lines,
        "workers": options.workers,
        "processors": os.cpu_count(),
        "summary": told[-1] if told else "",
        "status": added["status"],
        "seconds": added["seconds"],
        "stories_per_second": round(lines / added["seconds"], 2),
        "cpu_seconds": added["cpu_seconds"],
        "stories_per_cpu_second": round(lines / added["cpu_seconds"], 2),
        "peak_megabytes_of_a_process": added["peak_megabytes_of_a_process"],
        "peak_megabytes_together": added["peak_megabytes_together"],
        "store_megabytes": round(size / 1e6, 1),
        "adding_again": again["output"].splitlines()[-1] if again["output"] else again["complaint"],
        "adding_again_seconds": again["seconds"],
        "verify": verified["output"].splitlines()[-1] if verified["output"] else verified["complaint"],
        "verify_seconds": verified["seconds"],
        "complaint": added["complaint"][-2000:],
        "problems": told[:-1],
    }
    text = json.dumps(result, indent=1, ensure_ascii=False)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    print(text if not options.out else json.dumps({**result, "problems": f"{len(told) - 1} lines"}, indent=1))
    sound = added["status"] in (0, 3) and again["status"] in (0, 3) and verified["status"] == 0
    sys.exit(0 if sound and "0 documents, 0 stories" in result["adding_again"] else 1)


def _take(source: Path, count: int, target: Path) -> int:
    """Copy the first lines; how many there were."""
    with (
        gzip.open(source, "rb") if source.suffix == ".gz" else source.open("rb") as lines,
        target.open("wb") as output,
    ):
        taken = 0
        for line in itertools.islice(lines, count):
            output.write(line)
            taken += 1
    return taken


def _run(arguments: list[str]) -> dict[str, Any]:
    """Run the command; its time and memory."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    with tempfile.TemporaryFile("w+") as complaint:
        process = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=complaint, text=True)
        most = _Memory(process.pid)
        with most:
            output, _ = process.communicate()
        complaint.seek(0)
        said = complaint.read()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "status": process.returncode,
        "output": output,
        "complaint": said,
        "seconds": round(time.monotonic() - start, 2),
        "cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2),
        "peak_megabytes_of_a_process": round(max(most.of_one, default=0) / 1e6, 1),
        "peak_megabytes_together": round(max(most.together, default=0) / 1e6, 1),
    }


class _Memory:
    """Looks at the memory of a process and its children while the block runs (Linux; elsewhere it sees nothing)."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.of_one: list[int] = []
        self.together: list[int] = []

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        page = os.sysconf("SC_PAGE_SIZE")
        while not self._done.wait(OFTEN):
            sizes = [size * page for each in _family(self._process) if (size := _resident(each))]
            if sizes:
                self.of_one.append(max(sizes))
                self.together.append(sum(sizes))


def _family(process: int) -> list[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return [process]
    return [process, *(each for child in children for each in _family(int(child)))]


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stories_file", type=Path, metavar="STORIES.jsonl.gz")
    parser.add_argument("--stories", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--to", help="a store; without it, one in a temporary file")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
