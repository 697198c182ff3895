"""Kill `dateline add` at random moments: nothing that it has told of is lost, and nothing is there by half.

    python -m benchmarks.robustness.kills --kills 200
    python -m benchmarks.robustness.kills --kills 50 --database postgresql

Every time the command itself is started on the same few hundred small stories, and killed by SIGKILL after a random
while; one in four kills comes before it has told of anything, when the store is being made or the model loaded. After
each kill:

- every document that the command has said to have kept is there (`lost`);
- `dateline verify`'s checks find nothing: no half documents, no index that disagrees, no broken file (`unsound`).

When all stories are in, they are added once more: that must change 0 rows (`changed`). Then a new store is begun. The
last line is the result as JSON; the exit status is 0 only if all three are 0.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.robustness.postgresql import Server, serving
from dateline.pipeline.verification import verify_store
from dateline.store import Counts, open_store

COMMAND = (sys.executable, "-c", "from dateline.faces.cli import main; main()")
LINGER = 0.8  # seconds after a document was kept within which the kill comes: so many as several documents take
EARLY = 0.25  # of the kills come before the first document


@dataclass(slots=True)
class Result:
    """What was seen so far."""

    database: str
    seed: int
    kills: int = 0
    kills_before_the_first_document: int = 0
    stores: int = 0
    acknowledged: int = 0
    kept: int = 0  # more than were acknowledged: a kill may come between the commit and the word of it
    lost: int = 0
    unsound: int = 0
    changed: int = 0
    seconds: float = 0.0


def main() -> None:
    options = _options()
    chance = random.Random(options.seed)
    result = Result(options.database, options.seed)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as name, _places(Path(name), options.database) as places:
        stories = Path(name) / "stories.jsonl"
        _write_stories(stories, options.stories)
        while result.kills < options.kills:
            _fill(next(places), stories, options, chance, result)
    result.seconds = round(time.monotonic() - start, 1)
    print(json.dumps(asdict(result)))
    sys.exit(bool(result.lost or result.unsound or result.changed))


def _fill(where: str, stories: Path, options: argparse.Namespace, chance: random.Random, result: Result) -> None:
    """Fill one store, killed again and again on the way, then add everything once more."""
    command = [*COMMAND, "add", str(stories), "--to", where, "--list", "--workers", str(options.workers)]
    told: set[str] = set()
    startup = 3.0
    done = False
    result.stores += 1
    while not done and result.kills < options.kills:
        early = chance.random() < EARLY
        done, said, startup = _run_and_kill(command, chance, early=early, startup=startup)
        told |= said
        if not done:
            result.kills += 1
            result.kills_before_the_first_document += not said
        _look(where, told, result)
        print(f"\r{result.kills}/{options.kills} kills, {len(told)} stories ", end="", file=sys.stderr, flush=True)
    subprocess.run(command, check=True, capture_output=True)
    before = _everything(where)
    last = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    result.changed += before != _everything(where) or not last.startswith("0 documents, 0 stories")
    result.acknowledged += len(told)
    result.kept += before.documents


def _run_and_kill(
    command: list[str], chance: random.Random, *, early: bool, startup: float
) -> tuple[bool, set[str], float]:
    """Whether it ended before it was killed, the locations that it said to have kept, how long the first one took."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    lines: list[str] = []
    first = threading.Event()

    def listen() -> None:
        assert process.stdout
        for line in process.stdout:
            lines.append(line)
            if line.startswith("new\t"):
                first.set()
        first.set()

    listener = threading.Thread(target=listen)
    listener.start()
    if early:
        first.wait(chance.uniform(0, startup))
    else:
        first.wait()
        startup = time.monotonic() - start
        time.sleep(chance.uniform(0, LINGER))
    process.kill()
    process.wait()
    done = process.returncode == 0  # it may end by itself just before it is killed
    listener.join()
    assert process.stdout
    assert process.stderr
    complaint = process.stderr.read()
    process.stdout.close()
    process.stderr.close()
    if process.returncode not in (0, -9):
        raise SystemExit(f"it ended by itself with status {process.returncode}: {complaint}")
    # The last line may be cut off: then the command had not yet said it.
    outcomes = [line.rstrip("\n").split("\t") for line in lines if line.endswith("\n") and "\t" in line]
    return done, {parts[1] for parts in outcomes if parts[0] in ("new", "version")}, startup


def _look(where: str, told: set[str], result: Result) -> None:
    """Is everything there that was told of, and nothing by half?"""
    # Where the kill came before the tables were there, the next run makes them: so do we.
    with open_store(where, create=True) as store:
        there = {each.document.location for each in store.stories(versions="all")}
        result.lost += len(told - there)
        for problem in verify_store(store).problems:
            result.unsound += 1
            print(f"\n{problem.location}: {problem.message}", file=sys.stderr)


def _everything(where: str) -> Counts:
    with open_store(where) as store:
        return store.counts()


@contextlib.contextmanager
def _places(folder: Path, database: str) -> Iterator[Iterator[str]]:
    """Where new stores can be made, one after the other."""
    if database == "sqlite":
        yield (str(folder / f"store-{number}.db") for number in range(10**6))
        return
    with serving() as server:
        yield _databases(server)


def _databases(server: Server) -> Iterator[str]:
    while True:
        yield server.make_database()


def _write_stories(path: Path, count: int) -> None:
    """Small stories, so that most of the time goes into keeping them and not into reading."""
    with path.open("w", encoding="utf-8") as lines:
        for number in range(count):
            text = f"Gunmen killed {number + 2} people in Kabul on Monday, police said. The army denied it."
            lines.write(json.dumps({"id": f"small-{number}", "title": f"Attack {number}", "text": text}) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--stories", type=int, default=300, help="in each store")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
