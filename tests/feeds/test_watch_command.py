"""`dateline watch` at the command line."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PAGE = (
    "<html><head><title>Ferry strike at the gate</title></head><body><article><h1>Ferry strike at the gate</h1>"
    "<p>Dock workers on Monday rejected an offer from the harbour board, which they called absurd and late.</p>"
    "<p>The board said that it would not raise the offer before the end of the month, whatever happened.</p>"
)
FEED = (
    "<rss version='2.0'><channel><item><title>Ferry strike</title><link>{}</link>"
    "<pubDate>Sun, 01 Mar 2026 10:00:00 GMT</pubDate></item></channel></rss>"
)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from dateline.faces.cli import main; main()", "watch", *arguments]


def test_one_round_says_what_became_of_it(web: Any, reply: Any, tmp_path: Path) -> None:
    web.pages |= {"/rss": reply(FEED.format(web.at("/a")).encode()), "/a": reply(PAGE.encode())}
    arguments = [
        web.at("/rss"),
        "--to",
        str(tmp_path / "news.db"),
        "--once",
        "--allow-private",
        "--pause",
        "0",
        "--list",
    ]
    done = subprocess.run(command(*arguments), capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, f"new\t{web.at('/a')}\n")
    assert "1 feed, 1 page: 1 new" in done.stderr
    assert (tmp_path / "news.db.feeds.json").exists()
    web.pages["/rss"] = reply(status=500)
    done = subprocess.run(command(*arguments), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "answers 500" in done.stdout


def test_ctrl_c_ends_the_watch(web: Any, reply: Any, tmp_path: Path) -> None:
    web.pages |= {"/rss": reply(FEED.format(web.at("/a")).encode()), "/a": reply(PAGE.encode())}
    arguments = [web.at("/rss"), "--to", str(tmp_path / "news.db"), "--allow-private", "--pause", "0"]
    with subprocess.Popen(command(*arguments), stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr
        assert "next look in 15 min" in running.stderr.readline()
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=60) == 130


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--every", "soon"], "is no time"), (["--every", "5s"], "once a minute"), (["--contact", "a\nb: c"], "one line")],
)
def test_what_cannot_be_meant_is_refused(arguments: list[str], said: str, tmp_path: Path) -> None:
    whole = command("http://127.0.0.1:9/rss", "--to", str(tmp_path / "news.db"), *arguments)
    done = subprocess.run(whole, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert said in done.stderr
