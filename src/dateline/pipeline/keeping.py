"""Reading into a store: the work behind `dateline add`.

    inputs --read_documents--> those that are not kept yet --read_document--> readings --Store.keep--> rows

Many processes may read; one, this one, writes. A document is kept in one transaction before its outcome is given, so
what a caller has heard of survives whatever comes. A run that was stopped is taken up by running it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from importlib import resources as package_files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import BinaryIO, Literal

from dateline import reading
from dateline.errors import RecordError
from dateline.pipeline.config import Config
from dateline.pipeline.installation import describe_installation
from dateline.pipeline.journey import StoryReading
from dateline.pipeline.workers import Read, read_all
from dateline.reading import Received
from dateline.records import Problem, StoryRecords
from dateline.store import Kept, Run, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of one document or input, once that is on the disk.

    outcome: as in `store.Kept`, or "unread" where no document could be made of the input or none of it could be kept.
    problems: what was odd, of the document and its stories; kept in the store, too. None for one that was there
        already: they were told when it was kept.
    """

    location: str
    outcome: Literal["new", "version", "unchanged", "there", "unread"]
    stories: int = 0
    claims: int = 0
    events: int = 0
    rows: int = 0
    problems: tuple[Problem, ...] = ()


def add(
    locations: Iterable[str],
    store: Store,
    *,
    config: Config | None = None,
    workers: int = 1,
    stdin: BinaryIO | None = None,
) -> Iterator[Added]:
    """Read files, folders, patterns and standard input ("-") and keep what was read; tell of each when it is kept.

    Documents that are kept already are not read again. A story that cannot be read or kept is a Problem, never the end.
    workers: processes that read. With more than one, a script must guard its own work by `if __name__ == "__main__"`.
    Raises InputError before anything is read when an input does not exist; StoreError when the store fails.
    """
    config = config or Config()
    yield from add_documents(
        reading.read_documents(locations, limits=config.limits, stdin=stdin), store, config=config, workers=workers
    )


def add_documents(
    documents: Iterable[Received | Problem | Added], store: Store, *, config: Config, workers: int = 1
) -> Iterator[Added]:
    """Keep documents that were received in whatever way; each gives one outcome, in their order.

    An outcome that stands among them already is passed on.
    """
    run = describe_run(config)
    for outcome in read_all(_unkept(documents, store), config=config, workers=workers):
        match outcome:
            case Read():
                yield _keep(outcome, store, run)
            case Problem():
                store.keep_problem(outcome, run=run)
                yield Added(location=outcome.location, outcome="unread", problems=(outcome,))
            case Added():
                yield outcome


def describe_run(config: Config) -> Run:
    """Who reads, with this configuration: what must be the same for the same words to be read alike."""
    installed = dict(describe_installation().versions)
    configuration: dict[str, str] = {"split": config.split}
    if config.gazetteer is not None:
        configuration["gazetteer"] = _digest([config.gazetteer])
    if config.actor_files:
        configuration["actors"] = _digest(config.actor_files)
    weights = package_files.files("dateline") / "language" / "weights"
    folder: Traversable = config.model_folder or weights
    files = sorted((each for each in folder.iterdir() if each.is_file()), key=lambda each: each.name)
    return Run(model=_digest(files), version=installed["dateline"], configuration=configuration)


def _unkept(documents: Iterable[Received | Problem | Added], store: Store) -> Iterator[Received | Problem | Added]:
    """Documents to be read; in place of each that is kept already, what is told of it."""
    for received in documents:
        if isinstance(received, Received) and store.has(received.document.id):
            yield Added(location=received.document.location, outcome="there")
        else:
            yield received


def _keep(read: Read, store: Store, run: Run) -> Added:
    document = read.received.document
    readings = [each for each in read.outcomes if isinstance(each, StoryReading)]
    problems = tuple(each for each in read.outcomes if isinstance(each, Problem))
    try:
        kept = store.keep(
            document,
            [_records(each) for each in readings],
            run=run,
            address=read.received.metadata.url,
            outlets=[each.outlet for each in readings if each.outlet],
            problems=problems,
        )
    except RecordError as error:
        problem = Problem(
            location=document.location,
            message=f"this document could not be kept: {error.message}",
            remedy="This is a fault of the program, not of your file. Please report it with the text of the story.",
        )
        store.keep_problem(problem, run=run)
        return Added(location=document.location, outcome="unread", problems=(*problems, problem))
    if kept.outcome == "there":  # it came twice in this run
        return Added(location=document.location, outcome="there")
    told = (*problems, *(problem for each in readings for problem in each.problems))
    return _added(document.location, kept, told)


def _added(location: str, kept: Kept, problems: tuple[Problem, ...]) -> Added:
    return Added(
        location=location,
        outcome=kept.outcome,
        stories=kept.stories,
        claims=kept.claims,
        events=kept.events,
        rows=kept.rows,
        problems=problems,
    )


def _records(each: StoryReading) -> StoryRecords:
    """A reading without the document, which is kept once for all its stories."""
    return StoryRecords(**{field.name: getattr(each, field.name) for field in fields(StoryRecords)})


def _digest(files: Iterable[Path | Traversable]) -> str:
    """SHA-256 over the content of some files, the first half of it."""
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as content:
            while piece := content.read(2**20):
                digest.update(piece)
    return digest.hexdigest()[:32]
