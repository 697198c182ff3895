"""What can go wrong with a call or an installation.

    DatelineError
    ├── InputError          something the user named cannot be opened
    ├── InstallationError   weights or a lexicon are missing, damaged or of another version
    ├── StoreError          a store cannot be opened, read or written
    │   └── RecordError     records that do not fit together, or hold what no database can
    └── UsageError          a call that cannot mean anything

An odd *input* (broken HTML, no date, unbalanced quotation marks) is none of these: what could be read is
returned, with a `dateline.records.Problem` beside it.
"""

from __future__ import annotations


class DatelineError(Exception):
    """A call or an installation is wrong.

    message: what happened, in the user's words and with the values in question.
    location: where it happened: a path, a URL, "stories.jsonl#7", the name of an option; None if nowhere in particular.
    remedy: what to do next; None if nothing can be advised.

    `str(error)` gives all three in this order.
    """

    def __init__(self, message: str, *, location: str | None = None, remedy: str | None = None) -> None:
        super().__init__(message, location, remedy)
        self.message = message
        self.location = location
        self.remedy = remedy

    def __str__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        advice = f"\n{self.remedy}" if self.remedy else ""
        return f"{where}{self.message}{advice}"

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions are pickled by their positional arguments; ours are keywords, and errors cross processes.
        return _restore, (type(self), self.message, self.location, self.remedy)


class InputError(DatelineError):
    """Something the user named cannot be opened: no such file, no permission, nothing matches."""


class InstallationError(DatelineError):
    """A file that belongs to Dateline is missing, damaged or of another version."""


class StoreError(DatelineError):
    """A store cannot be opened, read or written: no such file, locked, disk full, connection lost, another schema.

    What was kept before is still there: a document is kept in one transaction, all of it or nothing.
    """


class RecordError(StoreError):
    """Records that a store cannot keep: they do not fit together, or hold what no database can. Others can be kept."""


class UsageError(DatelineError):
    """A call that cannot mean anything: contradictory options, an unknown term, a value of the wrong kind."""


def _restore(kind: type[DatelineError], message: str, location: str | None, remedy: str | None) -> DatelineError:
    return kind(message, location=location, remedy=remedy)
