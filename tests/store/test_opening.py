"""Opening: what is a store, what is none, what another version made; looking after one: check, backup, upgrade."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from dateline.errors import DatelineError, InstallationError, StoreError, UsageError
from dateline.pipeline.verification import verify_store
from dateline.store import Run, Store, embedded, is_store, open_store, schema, upgrade_store
from dateline.store.migrations import migrate

Make = Callable[..., Any]


def test_an_empty_place_becomes_a_store_only_when_asked(where: str) -> None:
    with pytest.raises(StoreError, match="dateline add"):
        open_store(where)
    with open_store(where, create=True) as store:
        assert store.counts().documents == 0
    with open_store(where) as store:
        assert list(store.check()) == []
    assert not upgrade_store(where)
    assert is_store(where)


@pytest.mark.filterwarnings("ignore:Did not recognize type")  # a point, of the index of places
def test_the_migrations_make_the_tables_of_the_schema(where: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with open_store(where, create=True) as store, store._backend.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), schema.metadata)
        search = (
            "story_words",
            "claim_words",
            "event_words",
            "event_places",
            "event_days",
        )  # no tables of SQLAlchemy's
        wrong = [each for each in found if not any(name in str(each) for name in search)]
    assert wrong == []


@pytest.mark.parametrize(("revision", "words"), [("0000", "newer Dateline"), ("9999", "newer Dateline")])
def test_a_store_of_a_newer_version_is_left_alone(place: str, revision: str, words: str) -> None:
    with open_store(place) as store, store._backend.engine.begin() as connection:
        connection.execute(sa.text(f"UPDATE alembic_version SET version_num = '{revision}'"))
    for open_it in (open_store, upgrade_store):
        with pytest.raises(StoreError, match=words):
            open_it(place)


def test_a_store_of_an_older_version_asks_for_an_upgrade(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "REVISION", "0002")
    monkeypatch.setattr(schema, "REVISIONS", ("0001", "0002"))
    with pytest.raises(StoreError, match="dateline upgrade"):
        open_store(place)


def test_an_upgrade_that_fails_changes_nothing(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(connection: sa.Connection) -> None:
        migrate(connection)
        raise StoreError("the power went")

    monkeypatch.setattr("dateline.store.opening.migrate", half)
    with pytest.raises(StoreError, match="the power went"):
        open_store(where, create=True)
    monkeypatch.undo()
    with pytest.raises(StoreError, match="it is empty"):
        open_store(where)
    open_store(where, create=True).close()


@pytest.mark.parametrize("content", ["not a database", "SQLite format 3\x00 and then nothing of the kind" * 40])
def test_another_file_is_left_as_it_is(tmp_path: Path, content: str) -> None:
    path = tmp_path / "letter.db"
    path.write_text(content)
    with pytest.raises(StoreError, match=r"not a store|not an SQLite database"):
        open_store(path, create=True)
    assert path.read_text() == content


def test_a_database_of_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")
    connection.close()
    with pytest.raises(StoreError, match="bookmarks"):
        open_store(path, create=True)


def test_a_folder_or_a_missing_one_is_no_place(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not a store"):
        open_store(tmp_path, create=True)
    with pytest.raises(StoreError, match="cannot be made"):
        open_store(tmp_path / "missing" / "news.db", create=True)


@pytest.mark.parametrize("address", ["mysql://localhost/news", "postgresql://host:port/x"])
def test_an_address_that_means_nothing_is_a_wrong_call(address: str) -> None:
    with pytest.raises(UsageError):
        open_store(address)


def test_a_password_is_not_shown() -> None:
    with pytest.raises(DatelineError) as caught:
        open_store("postgresql://ann:secret@127.0.0.1:1/news")
    assert "secret" not in str(caught.value)
    assert "ann" in str(caught.value)


def test_what_sqlite_lacks_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(embedded, "PLACES", "no_such_module(number)")
    with pytest.raises(InstallationError, match=r"without R\*Tree"):
        open_store(tmp_path / "news.db", create=True)


def test_reading_a_story_loads_no_database() -> None:
    program = "import sys, dateline.faces.cli, dateline.pipeline; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"sqlalchemy", "alembic", "psycopg"} & set(loaded)


# ---------------------------------------------------------------- backup


def test_a_backup_is_a_store(blank_file: Path, make_story: Make, run: Run, tmp_path: Path) -> None:
    made = make_story()
    shown: list[tuple[int, int]] = []
    with open_store(tmp_path / "news.db", create=True) as store:
        store.keep(made.document, [made.records], run=run)
        store.backup(tmp_path / "copy.db", show=lambda done, total: shown.append((done, total)))
        with pytest.raises(UsageError, match="such a file already"):
            store.backup(tmp_path / "copy.db")
        with pytest.raises(StoreError, match="could not be written"):
            store.backup(tmp_path / "missing" / "copy.db")
    assert shown[-1][0] == shown[-1][1]
    with open_store(tmp_path / "copy.db") as copy:
        assert list(copy.check()) == []
        assert copy.records_of(made.records.story.id) == made.records
    assert sorted(os.listdir(tmp_path)) == ["copy.db", "news.db"]


def test_postgresql_names_its_own_program(server: Any, tmp_path: Path) -> None:
    with (
        open_store(server.make_database(), create=True) as store,
        pytest.raises(UsageError, match="own program") as caught,
    ):
        store.backup(tmp_path / "copy.dump")
    assert "pg_dump" in str(caught.value)


# ---------------------------------------------------------------- check

DAMAGE = {
    "a text": ("UPDATE documents SET text = text || ' x'", "its text is not the one"),
    "a lost claim": ("DELETE FROM evidence", "not those that were kept"),
    "a number": ("UPDATE tolls SET best = 30", "not those that were kept"),
    "what is asked by": ("UPDATE events SET killed = 30", "events to ask by"),
    "a voice": ("UPDATE stances SET voice = 'actor:front'", "stances to ask by"),
    "a count of stories": ("UPDATE documents SET story_count = 2", "2 stories of it were kept, but there are 1"),
    "a place": ("DELETE FROM event_places", "index of places"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found_and_named(store: Store, make_story: Make, run: Run, damage: str) -> None:
    made = make_story()
    store.keep(made.document, [made.records], run=run)
    statement, words = DAMAGE[damage]
    with store._backend.engine.begin() as connection:
        connection.execute(sa.text(statement))
    found = list(store.check())
    assert any(words in each.message for each in found), found
    assert all(each.remedy for each in found)


def test_a_wrong_word_in_the_index_is_found(store: Store, make_story: Make, run: Run) -> None:
    made = make_story()
    store.keep(made.document, [made.records], run=run)
    with store._backend.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            statement = "INSERT INTO claim_words (rowid, words) VALUES (99, 'bomb')"
        else:
            statement = "UPDATE claim_words SET words = to_tsvector('bomb')"
        connection.execute(sa.text(statement))
    assert any("full-text index of claims" in each.message for each in store.check())


@pytest.mark.parametrize("table", ["mentions", "actors", "places", "claims", "events"])
def test_lost_rows_are_found(tmp_path: Path, blank_file: Path, make_story: Make, run: Run, table: str) -> None:
    path = tmp_path / "news.db"
    path.write_bytes(blank_file.read_bytes())
    made = make_story()
    with open_store(path) as store:
        store.keep(made.document, [made.records], run=run)
        with sqlite3.connect(path) as connection:  # foreign keys are off here
            connection.execute(f"DELETE FROM {table}")
        connection.close()
        messages = [each.message for each in verify_store(store).problems]
    assert any("is not there" in each for each in messages)
    assert any("not those that were kept" in each for each in messages)


def test_a_lost_story_is_found(tmp_path: Path, make_story: Make, run: Run) -> None:
    made = make_story()
    with open_store(tmp_path / "news.db", create=True) as store:
        store.keep(made.document, [made.records], run=run)
        with sqlite3.connect(tmp_path / "news.db") as connection:  # foreign keys are off here
            connection.execute("DELETE FROM stories")
        connection.close()
        messages = [each.message for each in store.check()]
    assert any("a row of claims names a row of stories that is not there" in each for each in messages)
    assert any("1 stories of it were kept, but there are 0" in each for each in messages)
