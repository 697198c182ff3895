"""Texts made to be slow: each is read within its time, so that no pattern and no loop explodes on one story."""

from __future__ import annotations

import subprocess
import sys

import pytest

SECONDS = 30  # for a slow machine; each takes about two on one core
REPEATED = {
    "capitals": "A",
    "capitalised words": "Ab ",
    "initials": "A.",
    "names with apostrophes": "O’Neill ",
    "opening quotation marks": "“a ",
    "straight quotation marks": '"a ',
    "apostrophes": "'",
    "open brackets": "[",
    "said": "said ",
    "he said": "He said that ",
    "commas": ", ",
    "hyphens": "-",
    "dates": "12 March ",
    "digits": "1",
    "dots": ".",
    "bullets": "\n• a",
    "empty lines": "\n \n",
    "short lines": "Ab\n\n",
    "blanks": " ",
}
READ = """
import sys, dateline
repeated, length = sys.argv[1], 20_000
text = "Council denies plan\\n\\nPORT ELIN: The council on Monday denied that it plans a toll.\\n\\n"
text += repeated * (length // len(repeated)) + "\\n\\n“There is no toll,” the mayor said.\\n"
for story in dateline.read(text, on_problem=print):
    assert not [p for p in story.problems if "fault of the program" in (p.remedy or "")], story.problems
"""


@pytest.mark.parametrize("repeated", REPEATED.values(), ids=REPEATED.keys())
def test_a_hostile_text_is_read_in_time(repeated: str) -> None:
    command = [sys.executable, "-c", READ, repeated]
    run = subprocess.run(command, check=False, timeout=SECONDS, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
