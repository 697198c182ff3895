"""Speed, start, size and memory of Dateline on this machine, as one JSON result.

    python benchmarks/speed/bench.py [--out RESULT.json] [--stories 40] [--without-size]

throughput  stories of 600 words per CPU second: one thread, from text to records, reading included. CPU seconds are
            those of this process and its children, so waiting and other programs do not count
start       CPU seconds of `dateline read` on one story of 600 words, best of five, from the start of Python to its end
size        megabytes of a fresh virtual environment after `pip install`, pip itself included, and what of it is new
memory      peak resident megabytes of `dateline read` on one file with all the stories

The stories are made from the paragraphs of examples/, in a fixed order: each has a headline, a dateline and at least
600 words, and no two are the same.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
WORDS = 600
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
READ = [sys.executable, "-c", "from dateline.faces.cli import main; main()", "read"]
TARGETS = {
    "stories_per_cpu_second": (">=", 8.0),
    "start_cpu_seconds": ("<", 1.5),
    "installed_megabytes": ("<", 340.0),
    "peak_megabytes": ("<", 600.0),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the result here")
    parser.add_argument("--stories", type=int, default=40, metavar="N")
    parser.add_argument("--without-size", action="store_true", help="do not build a fresh environment (it downloads)")
    options = parser.parse_args()
    os.environ.update(ONE_THREAD)
    stories = list(itertools.islice(made_stories(), options.stories))
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        figures |= throughput(stories)
        figures |= start(stories[0], Path(folder))
        figures |= memory(stories, Path(folder))
        if not options.without_size:
            figures |= size(Path(folder))
    result = {"figures": figures} | circumstances()
    print(json.dumps(result, indent=2))
    if options.out:
        options.out.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return report(figures)


def made_stories() -> Iterator[str]:
    """Stories of at least 600 words, without end, each with another first paragraph."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("*.txt"))]
    texts += [
        json.loads(line)["text"] for line in (ROOT / "examples/coast-radio.jsonl").read_text("utf-8").splitlines()
    ]
    paragraphs = [
        paragraph
        for text in texts
        for paragraph in re.split(r"\n\s*\n", text)
        if len(paragraph.split()) >= 15 and "\n" not in paragraph.strip()
    ]
    for number in itertools.count():
        rest = paragraphs[number % len(paragraphs) :] + paragraphs[: number % len(paragraphs)]
        body: list[str] = []
        for paragraph in itertools.cycle(rest):
            body.append(paragraph.strip())
            if sum(len(each.split()) for each in body) >= WORDS:
                break
        headline = f"Inquiry into Port Elin blast enters day {number + 3}"
        yield "\n\n".join([headline, "March 12, 2026", f"PORT ELIN: {body[0]}", *body[1:]]) + "\n"


def throughput(stories: list[str]) -> dict[str, float]:
    """Read every story once, after a warm-up, in this process."""
    import dateline

    resources = dateline.load()
    for story in stories[:2]:
        list(dateline.read(story, resources=resources))
    words = sum(len(story.split()) for story in stories)
    began = cpu_seconds()
    claims = sum(
        len(reading.claims) for story in stories for reading in dateline.read(story, resources=resources, split="never")
    )
    spent = cpu_seconds() - began
    per_story = spent / len(stories) * WORDS / (words / len(stories))
    return {
        "stories_per_cpu_second": round(1 / per_story, 2),
        "words_per_cpu_second": round(words / spent, 0),
        "claims_per_story": round(claims / len(stories), 1),
    }


def start(story: str, folder: Path) -> dict[str, float]:
    """CPU seconds of the whole command on one story: the best of five, for the others measure the machine."""
    path = folder / "one.txt"
    path.write_text(story, encoding="utf-8")
    spent = []
    for _ in range(5):
        before, wall = child_cpu_seconds(), time.monotonic()
        subprocess.run([*READ, str(path), "--format", "text"], check=True, stdout=subprocess.DEVNULL)
        spent.append((child_cpu_seconds() - before, time.monotonic() - wall))
    cpu, wall_seconds = min(spent)
    return {"start_cpu_seconds": round(cpu, 2), "start_wall_seconds": round(wall_seconds, 2)}


def memory(stories: list[str], folder: Path) -> dict[str, float]:
    """Peak resident memory of the command over many stories in one file."""
    path = folder / "many.jsonl"
    lines = (json.dumps({"id": str(number), "text": story}) for number, story in enumerate(stories))
    path.write_text("\n".join(lines), encoding="utf-8")
    code = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, *READ, str(path), "--format", "jsonl"],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    kilobytes = int(run.stdout) / (1024 if sys.platform == "darwin" else 1)  # macOS counts bytes
    return {"peak_megabytes": round(kilobytes / 1024, 1)}


def size(folder: Path) -> dict[str, float]:
    """Megabytes of a fresh environment with Dateline in it, as `pip install` leaves it, and how much of that is new."""
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    empty = bytes_in(environment)
    pip = [str(environment / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", str(ROOT)], check=True)
    total = bytes_in(environment)
    return {"installed_megabytes": round(total / 1e6, 1), "added_megabytes": round((total - empty) / 1e6, 1)}


def bytes_in(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() or path.is_symlink())


def cpu_seconds() -> float:
    """Of this process and its children that have ended."""
    return time.process_time() + child_cpu_seconds()


def child_cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def circumstances() -> dict[str, Any]:
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=ROOT, check=False
    ).stdout.strip()
    return {
        "commit": commit or None,
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": {
            "processor": processor(),
            "cores": os.cpu_count(),
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "load_before": os.getloadavg()[0],
        },
    }


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def report(figures: dict[str, float]) -> int:
    """Compare with the targets; the exit status says whether all are met."""
    missed = 0
    for name, (sign, target) in TARGETS.items():
        if name in figures:
            met = figures[name] >= target if sign == ">=" else figures[name] < target
            missed += not met
            print(f"{'ok  ' if met else 'MISS'} {name} {figures[name]} (target {sign} {target:g})", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
