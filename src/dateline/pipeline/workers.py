"""Reading documents in several processes, giving the stories in the order of the documents.

A worker is a process of its own with the model loaded, and one thread. It takes a document, gives what was read in
it, and takes the next. When one dies, which only a fault in a library or want of memory can do, its document is tried
once more in a fresh one; if that dies, too, the document is given up with a Problem and the run goes on.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, TypeAlias, TypeVar

from dateline.errors import DatelineError
from dateline.pipeline.config import Config
from dateline.pipeline.journey import StoryReading, read_document
from dateline.pipeline.resources import load_resources
from dateline.reading import Received
from dateline.records import Problem

Outcomes: TypeAlias = Sequence[StoryReading | Problem]
Other = TypeVar("Other")  # whatever stands among the documents and is not to be read

TRIES = 2  # of a document in which a worker dies
AHEAD = 4  # documents a worker that may be read before the one whose turn it is


@dataclass(frozen=True, slots=True)
class Read:
    """A document with what was read in it."""

    received: Received
    outcomes: Outcomes


def read_all(documents: Iterator[Received | Other], *, config: Config, workers: int = 1) -> Iterator[Read | Other]:
    """Read documents in as many processes, or in this one; whatever else stands among them is passed on in its place.

    Raises InstallationError when the model cannot be loaded.
    """
    if workers == 1:
        yield from _read_here(documents, config)
        return
    crew: _Crew[Other] = _Crew(config, workers)
    with contextlib.closing(crew):
        yield from crew.read(documents)


def _read_here(documents: Iterator[Received | Other], config: Config) -> Iterator[Read | Other]:
    resources = None
    for received in documents:
        if not isinstance(received, Received):
            yield received
            continue
        resources = resources or load_resources(config)  # not at all where everything is there already
        yield Read(received, tuple(read_document(received, resources, config=config)))


@dataclass(slots=True)
class _Task:
    number: int
    received: Received
    tries: int = 0


class _Worker:
    """One process and the pipe to it. task: what it is reading; None when it waits."""

    def __init__(self, config: Config) -> None:
        # "spawn": a fork of a process with threads of numpy's or onnxruntime's may hang.
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_work, args=(theirs, config), daemon=True)
        self.process.start()
        theirs.close()  # only the worker holds its end now: when it dies, ours says so
        self.task: _Task | None = None

    def give(self, task: _Task) -> None:
        self.task = task
        task.tries += 1
        with contextlib.suppress(OSError):  # it died while it waited: waiting for its answer will show it
            self.connection.send(task.received)

    def end(self) -> None:
        self.connection.close()
        self.process.terminate()
        self.process.join()


class _Crew(Generic[Other]):
    """Workers, and the results whose turn has not come."""

    def __init__(self, config: Config, workers: int) -> None:
        self._config = config
        self._wanted = workers
        self._workers: list[_Worker] = []
        self._results: dict[int, Read | Other] = {}
        self._again: list[_Task] = []

    def read(self, documents: Iterator[Received | Other]) -> Iterator[Read | Other]:
        turn = taken = 0
        more = True
        while True:
            while more and not self._again and taken - turn < AHEAD * self._wanted and self._has_idle():
                received = next(documents, None)
                if received is None:
                    more = False
                    break
                if isinstance(received, Received):
                    self._idle().give(_Task(taken, received))
                else:
                    self._results[taken] = received
                taken += 1
            while self._again and self._has_idle():
                self._idle().give(self._again.pop())
            while turn in self._results:
                yield self._results.pop(turn)
                turn += 1
            if not any(worker.task for worker in self._workers):
                if not more and not self._again:
                    return
                continue
            self._gather()

    def _has_idle(self) -> bool:
        return len(self._workers) < self._wanted or any(worker.task is None for worker in self._workers)

    def _idle(self) -> _Worker:
        """One that waits; a new one only when there is work for it."""
        for worker in self._workers:
            if worker.task is None:
                return worker
        self._workers.append(_Worker(self._config))
        return self._workers[-1]

    def _gather(self) -> None:
        """Wait until a worker has something to say."""
        busy = {worker.connection: worker for worker in self._workers if worker.task}
        for connection in wait(list(busy)):
            assert isinstance(connection, Connection)
            worker = busy[connection]
            task = worker.task
            assert task is not None
            worker.task = None
            try:
                said = connection.recv()
            except (EOFError, OSError):
                self._bury(worker, task)
                continue
            if isinstance(said, DatelineError):
                raise said
            self._results[task.number] = Read(task.received, said)

    def _bury(self, worker: _Worker, task: _Task) -> None:
        worker.end()
        self._workers.remove(worker)
        if task.tries < TRIES:
            self._again.append(task)
        else:
            problem = _deadly(task.received.document.location, worker.process.exitcode)
            self._results[task.number] = Read(task.received, (problem,))

    def close(self) -> None:
        for worker in self._workers:
            worker.end()


def _work(connection: Connection, config: Config) -> None:
    """A worker's life: it ends when nobody holds the other end of its pipe, however that came about."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of the terminal; the parent decides
    try:
        resources = load_resources(config)
    except DatelineError as error:
        connection.send(error)
        return
    with contextlib.suppress(EOFError, OSError):
        while True:
            received: Received = connection.recv()
            connection.send(tuple(read_document(received, resources, config=config)))


def _deadly(location: str, status: int | None) -> Problem:
    return Problem(
        location=location,
        message=f"the process that read it died, {TRIES} times (status {status})",
        remedy="Most often there was not enough memory: use fewer --workers. If not, please report it with the text.",
    )
