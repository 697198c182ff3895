"""What the tests of reading share."""

from __future__ import annotations

import pytest

from dateline.reading import Lexicons, load_lexicons


@pytest.fixture(scope="session")
def lexicons() -> Lexicons:
    return load_lexicons()
