"""How fast a large store answers, as one JSON result.

    python benchmarks/speed/store.py --store made.db [--events 1000000] [--out RESULT.json] [--plans]
    python benchmarks/speed/store.py --store postgresql://USER@HOST/DATABASE --events 100000

Makes the store where it is not there yet: stories of `synthetic.py`, written in bulk through the rows and indexes of
the store itself. Then asks it. Times are medians of milliseconds over several tries, connections open, caches warm:
`median` by the clock, `cpu` those of this process, which for SQLite is all there is and does not count other programs.
`--plans` prints what the database means to do for each question.

newest          the first page of 20 events, newest first, whole stories loaded, as `dateline search` shows them
date_and_box    20 events of two months in a box of ten degrees
histogram       events by month, over the whole store
export          every event as PLOVER: seconds, events a second, and the peak of memory in a process of its own
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import logging
import platform
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import sqlalchemy as sa
import synthetic

from dateline.store import Box, Circle, Query, Run, Store, derived, open_store, rows, schema
from dateline.store.store import placed_events
from dateline.store.versions import Told

STORIES_AT_ONCE = 500
TRIES = 15
MOST_MILLISECONDS = 5_000  # for all tries of one question
TARGETS = {"newest": 50.0, "date_and_box": 200.0, "histogram": 50.0}  # milliseconds
MOST_MEGABYTES = 300
RUN = Run(model="made", version="0", configuration={})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", required=True, metavar="STORE")
    parser.add_argument("--events", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the result here")
    parser.add_argument("--plans", action="store_true", help="print the plans of the database")
    parser.add_argument("--fill-only", action="store_true", help="make the store and stop")
    parser.add_argument("--without-export", action="store_true")
    parser.add_argument("--export-only", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.export_only:
        print(json.dumps(export(options.store)))
        return 0
    result: dict[str, Any] = {"store": options.store.split("@")[-1]}
    with open_store(options.store, create=True) as store:
        if store.counts().events < options.events:
            result["made"] = fill(store, options.events)
        if options.fill_only:
            return 0
        result["counts"] = {name: getattr(store.counts(), name) for name in ("stories", "claims", "events")}
        result["milliseconds"] = {}
        for name, ask in questions().items():
            result["milliseconds"][name] = figures = measure(ask, store)
            print(name, figures, file=sys.stderr, flush=True)
        if options.plans:
            show_plans(store)
    if not options.without_export:
        command = [sys.executable, __file__, "--store", options.store, "--export-only"]
        result["export"] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    result["machine"] = {"python": platform.python_version(), "processor": platform.processor() or platform.machine()}
    print(json.dumps(result, indent=1))
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0 if holds(result) else 1


def holds(result: dict[str, Any]) -> bool:
    """Whether the targets are met, each told."""
    met = True
    for name, most in TARGETS.items():
        median = result["milliseconds"][name]["median"]
        met &= median < most
        print(f"{name}: {median} ms, target under {most:.0f}", file=sys.stderr)
    if "export" in result:
        peak = result["export"]["peak_megabytes"]
        met &= peak < MOST_MEGABYTES
        print(f"export: peak {peak} MB, target under {MOST_MEGABYTES}", file=sys.stderr)
    return met


def questions() -> dict[str, Callable[[Store], Any]]:
    """What is asked, by name."""
    since, until = dt.date(2021, 3, 1), dt.date(2021, 4, 30)
    town = synthetic.places(random.Random(synthetic.SEED))[7]
    south, west = town.latitude - 5, town.longitude - 5
    box = Box(south, west, south + 10, west + 10)

    def page(**conditions: Any) -> Callable[[Store], Any]:
        query = Query(**{"limit": 20} | conditions)
        return lambda store: len(list(store.events(query)))

    def number(**conditions: Any) -> Callable[[Store], Any]:
        return lambda store: store.count(Query(**conditions))

    return {
        "newest": page(),
        "newest_of_type": page(types=("ASSAULT",)),
        "newest_disputed": page(standings=("disputed",)),
        "deadliest": page(order="deadliest"),
        "date_and_box": page(since=since, until=until, box=box),
        "box": page(box=box),
        "near": page(near=Circle(town.latitude, town.longitude, 200), since=since, until=until),
        "words": page(words='"northern front" ambushed'),
        "rare_words": page(words="report 77777 OR 4321"),
        "actor": page(actor="Upland Front"),
        "country_of_actor": page(actor="BAN"),
        "country": page(countries=("BAN",), since=since, until=until),
        "outlet": page(outlets=("lantern.example",)),
        "page_500": lambda store: len(list(store.events(Query(limit=20, cursor="newest:2020-01-01:300000")))),
        "claims": lambda store: len(list(store.claims(Query(limit=20, by="Upland Front", acts=("deny",))))),
        "count": number(),
        "count_of_box": number(since=since, until=until, box=box),
        "count_of_words": number(words="ambushed"),
        "histogram": lambda store: len(store.histogram()),
        "histogram_of_type": lambda store: len(store.histogram(Query(types=("ASSAULT",)))),
        "histogram_of_actor": lambda store: len(store.histogram(Query(actor="Upland Front"))),
    }


def measure(ask: Callable[[Store], Any], store: Store) -> dict[str, float]:
    times: list[float] = []
    busy: list[float] = []
    answer = None
    while len(times) < TRIES and sum(times) < MOST_MILLISECONDS:
        start, used = time.perf_counter(), time.process_time()
        answer = ask(store)
        times.append(1000 * (time.perf_counter() - start))
        busy.append(1000 * (time.process_time() - used))
    median = statistics.median
    return {"median": round(median(times), 1), "cpu": round(median(busy), 1), "answer": answer}


def export(where: str) -> dict[str, float]:
    """Write every event as PLOVER and throw it away."""
    from dateline.exports import Export, load_ontology
    from dateline.pipeline.asking import export_pieces

    start = time.perf_counter()
    events = size = 0
    with open_store(where) as store:
        for piece in export_pieces(store, Export("plover", load_ontology()), Query()):
            size += len(piece)
            events += '"verbal":false' in piece
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"seconds": round(seconds, 1), "events": events, "megabytes": size // 2**20, "peak_megabytes": peak}


# ---------------------------------------------------------------- making


def fill(store: Store, events: int) -> dict[str, float]:
    """Write stories until there are so many events: faster than `Store.keep`, which waits for the disk each time."""
    start = time.perf_counter()
    count = int(events / 2.5)  # one to four each
    made = synthetic.stories(count)
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    written = 0
    while batch := list(itertools.islice(made, STORIES_AT_ONCE)):
        write(store, batch, now)
        written += sum(len(one.records.events) for one in batch)
        if written % 20_000 < 2000:
            print(f"{written:,} events, {written / (time.perf_counter() - start):,.0f}/s", file=sys.stderr, flush=True)
    backend = store._backend
    with backend.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    return {"events": written, "seconds": round(time.perf_counter() - start)}


def write(store: Store, batch: list[synthetic.Made], now: dt.datetime) -> None:
    """Some stories in one transaction, table by table."""
    backend = store._backend
    with backend.writing() as connection, connection.begin():
        if not connection.execute(sa.select(schema.runs.c.id)).first():
            connection.execute(sa.insert(schema.runs), _run(now))
            connection.execute(sa.insert(schema.outlets), [rows.outlet_row(each) for each in synthetic.OUTLETS])
        connection.execute(sa.insert(schema.documents), [_document(one, now) for one in batch])
        tables = [rows.rows_of(one.records, run=RUN.id, kept_at=now) for one in batch]
        for name in tables[0]:
            if every := [row for table in tables for row in table[name]]:
                connection.execute(sa.insert(schema.metadata.tables[name]), every)
        numbers = dict(_numbers(connection, [one.records.story.id for one in batch]))
        told = [Told(one.document, one.records) for one in batch]
        backend.index_words(connection, "stories", [derived.worded_story(one, numbers) for one in told])
        backend.index_words(connection, "claims", [row for one in told for row in derived.worded_claims(one, numbers)])
        backend.index_words(connection, "events", [row for one in told for row in derived.worded_events(one, numbers)])
        backend.index_places(connection, [row for one in told for row in placed_events(one.records, numbers)])
        names = sa.select(schema.actor_words.c.word, schema.actor_words.c.actor_id)
        known = {(row.word, row.actor_id) for row in connection.execute(names)}
        new = {pair for one in told for pair in derived.actor_words(one.records.actors)} - known
        if new:
            connection.execute(
                sa.insert(schema.actor_words), [{"word": word, "actor_id": actor} for word, actor in sorted(new)]
            )


def _run(now: dt.datetime) -> dict[str, Any]:
    return {"id": RUN.id, "model": RUN.model, "version": "0", "configuration": {}, "first_used_at": now}


def _document(one: synthetic.Made, now: dt.datetime) -> dict[str, Any]:
    return rows.document_row(one.document, address=one.document.location, story_count=1, kept_at=now)


def _numbers(connection: sa.Connection, names: list[str]) -> Iterator[tuple[str, int]]:
    for table, column in ((schema.stories, "id"), (schema.claims, "story_id"), (schema.events, "story_id")):
        found = sa.select(table.c.id, table.c.number).where(table.c[column].in_(names))
        yield from ((row.id, row.number) for row in connection.execute(found))


# ---------------------------------------------------------------- plans


def show_plans(store: Store) -> None:
    """For every question the statements that take a plan, and the plan."""
    engine = store._backend.engine
    postgres = engine.dialect.name == "postgresql"
    seen: set[str] = set()
    asked: list[tuple[str, Any]] = []
    listener = lambda conn, cursor, statement, parameters, context, many: asked.append((statement, parameters))  # noqa: E731
    for name, ask in questions().items():
        asked.clear()
        sa.event.listen(engine, "before_cursor_execute", listener)
        ask(store)
        sa.event.remove(engine, "before_cursor_execute", listener)
        print(f"\n== {name}", file=sys.stderr)
        for statement, parameters in asked:
            if not statement.startswith("SELECT") or statement in seen:
                continue
            seen.add(statement)
            print(" ".join(statement.split())[:400], file=sys.stderr)
            explain = "EXPLAIN " if postgres else "EXPLAIN QUERY PLAN "
            with engine.connect() as connection:
                for row in connection.exec_driver_sql(explain + statement, parameters):
                    print("   ", row[-1], file=sys.stderr)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    sys.exit(main())
