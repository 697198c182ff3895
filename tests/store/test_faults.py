"""When the ground goes away: a clear error each, and what was kept before is whole."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from dateline.errors import StoreError
from dateline.store import Run, Store, open_store

Make = Callable[..., Any]


@pytest.fixture
def path(blank_file: Path, tmp_path: Path, make_story: Make, run: Run) -> Path:
    """A store in a file, with one document."""
    path = tmp_path / "news.db"
    path.write_bytes(blank_file.read_bytes())
    with open_store(path) as store:
        keep(store, make_story(), run)
    return path


def keep(store: Store, made: Any, run: Run) -> None:
    store.keep(made.document, [made.records], run=run)


def whole(where: Any, documents: int = 1) -> bool:
    with open_store(where) as store:
        return store.counts().documents == documents and list(store.check()) == []


def test_a_full_disk(path: Path, make_story: Make, run: Run) -> None:
    with open_store(path) as store:
        sa.event.listen(store._backend.engine, "begin", _at_most(160))
        with pytest.raises(StoreError, match="disk is full") as caught:
            fill(store, make_story, run)
        kept = store.counts().documents
    assert "Make room" in str(caught.value)
    assert kept > 1
    assert whole(path, kept)


def fill(store: Store, make_story: Make, run: Run) -> None:
    """Keep stories until something gives way."""
    for number in range(1000):
        keep(store, make_story(location=f"https://lantern.example/{number}"), run)


def _at_most(pages: int) -> Callable[[sa.Connection], None]:
    def limit(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    return limit


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_small_disk_that_is_really_full(path: Path, make_story: Make, run: Run, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        (disk / "news.db").write_bytes(path.read_bytes())
        with open_store(disk / "news.db") as store:
            with pytest.raises(StoreError, match=r"disk is full|disk failed"):
                fill(store, make_story, run)
            kept = store.counts().documents
            assert list(store.check()) == []
        moved = tmp_path / "moved"
        shutil.copytree(disk, moved)  # with its log, if any is left
        assert kept > 1
        assert whole(moved / "news.db", kept)
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_a_file_that_may_only_be_read(path: Path, make_story: Make, run: Run) -> None:
    # Root may write to any file: SQLite itself is told not to.
    with open_store(path) as store:
        sa.event.listen(store._backend.engine, "connect", lambda own, _: own.execute("PRAGMA query_only = ON"))
        store._backend.engine.dispose()
        with pytest.raises(StoreError, match="may not be written") as caught:
            keep(store, make_story(location="https://lantern.example/2"), run)
        assert "permissions" in str(caught.value)
        assert len(list(store.stories())) == 1
    assert whole(path)


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write to any file")
def test_a_file_without_the_right_to_write(path: Path, make_story: Make, run: Run) -> None:
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        with pytest.raises(StoreError), open_store(path) as store:
            keep(store, make_story(location="https://lantern.example/2"), run)
    finally:
        path.parent.chmod(0o755)
        path.chmod(0o644)
    assert whole(path)


def test_another_writer_that_does_not_end(path: Path, make_story: Make, run: Run) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with open_store(path, patience=0.2) as store:
        with pytest.raises(StoreError, match="another program is writing"):
            keep(store, make_story(location="https://lantern.example/2"), run)
        other.execute("ROLLBACK")
        other.close()
        keep(store, make_story(location="https://lantern.example/2"), run)
    assert whole(path, 2)


def test_a_damaged_file(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:65536] = b"\x5a" * (65536 - 4096)
    path.write_bytes(content)
    try:
        with open_store(path) as store:
            said = " ".join(each.message for each in store.check())
    except StoreError as error:
        said = str(error)
    assert "damaged" in said


def test_a_writer_of_postgresql_that_does_not_end(server: Any, make_story: Make, run: Run) -> None:
    address = server.make_database()
    with open_store(address, create=True, patience=0.2) as store, open_store(address) as other:
        with other._backend.engine.begin() as connection:
            connection.execute(sa.text("LOCK TABLE documents IN EXCLUSIVE MODE"))
            with pytest.raises(StoreError, match="another program is writing"):
                keep(store, make_story(), run)
        keep(store, make_story(), run)
    assert whole(address)


def test_a_user_of_postgresql_who_may_not_write(server: Any, make_story: Make, run: Run) -> None:
    address = server.make_database()
    with open_store(address, create=True) as store:
        keep(store, make_story(), run)
        with store._backend.engine.begin() as connection:
            connection.execute(sa.text("CREATE ROLE reader LOGIN"))
            connection.execute(sa.text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader"))
    with open_store(address.replace("user=dateline", "user=reader")) as store:
        with pytest.raises(StoreError, match="may not write"):
            keep(store, make_story(location="https://lantern.example/2"), run)
        assert len(list(store.stories())) == 1
    with pytest.raises(StoreError, match=r"refused the connection|connection to PostgreSQL failed"):
        open_store(address.replace("user=dateline", "user=nobody_of_this_name"))


def test_a_connection_that_is_lost(server: Any, make_story: Make, run: Run) -> None:
    address = server.make_database()
    with open_store(address, create=True) as store, open_store(address) as other:
        keep(store, make_story(), run)
        index_places = store._backend.index_places

        def cut(*arguments: Any) -> None:
            with other._backend.engine.connect() as connection:
                connection.execute(
                    sa.text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid != pg_backend_pid()"
                    )
                )
            index_places(*arguments)

        store._backend.index_places = cut  # type: ignore[method-assign]
        with pytest.raises(StoreError, match="connection to PostgreSQL failed") as caught:
            keep(store, make_story(location="https://lantern.example/2"), run)
        assert "run the same command again" in str(caught.value)
        store._backend.index_places = index_places  # type: ignore[method-assign]
        keep(store, make_story(location="https://lantern.example/2"), run)  # over a new connection
    assert whole(address, 2)


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StoreError, match="connection to PostgreSQL failed"):
        open_store(f"postgresql:///news?host={tmp_path}")


def test_a_writer_that_is_killed_leaves_whole_documents(path: Path) -> None:
    program = """
import sys, importlib.util
spec = importlib.util.spec_from_file_location("made", sys.argv[1])
made = importlib.util.module_from_spec(spec); sys.modules["made"] = made; spec.loader.exec_module(made)
from dateline.store import open_store
with open_store(sys.argv[2]) as store:
    for number in range(100_000):
        each = made._make_story(location=f"https://lantern.example/{number}")
        store.keep(each.document, [each.records], run=made.RUN)
        print(each.document.id, flush=True)
"""
    made = Path(__file__).parent / "conftest.py"
    writer = subprocess.Popen([sys.executable, "-c", program, made, path], stdout=subprocess.PIPE, text=True)
    assert writer.stdout
    told = [writer.stdout.readline().strip() for _ in range(3)]
    time.sleep(0.05)
    writer.send_signal(signal.SIGKILL)
    told += [line.strip() for line in writer.stdout]
    writer.wait()
    writer.stdout.close()
    with open_store(path) as store:
        assert all(store.has(each) for each in told if each)
        assert store.counts().documents >= 1 + len(told)
        assert list(store.check()) == []
