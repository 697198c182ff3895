"""Errors say what happened, where, and what to do, and survive the way between processes."""

from __future__ import annotations

import pickle

import pytest

from dateline.errors import DatelineError, InputError, InstallationError, UsageError


@pytest.mark.parametrize("kind", [InputError, InstallationError, UsageError])
def test_every_error_is_a_dateline_error(kind: type[DatelineError]) -> None:
    assert issubclass(kind, DatelineError)


def test_an_error_reads_where_what_remedy() -> None:
    error = InputError("no such file", location="a.txt", remedy="Check the path.")
    assert str(error) == "a.txt: no such file\nCheck the path."


def test_an_error_without_place_or_remedy_is_its_message() -> None:
    assert str(DatelineError("it is late")) == "it is late"


def test_an_error_can_be_pickled() -> None:
    error = pickle.loads(pickle.dumps(InputError("no such file", location="a.txt", remedy="Check.")))
    assert isinstance(error, InputError)
    assert (error.message, error.location, error.remedy) == ("no such file", "a.txt", "Check.")
