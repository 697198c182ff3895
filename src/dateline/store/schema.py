"""The tables of a store: the record types in plural snake case, the same in SQLite and in PostgreSQL.

A field of a record is the column of its name. Beyond that there are five rules:

- a span is two columns, `trigger_start` and `trigger_end`; several spans are one column of JSON, `[[0, 6], [9, 14]]`;
- a time is the columns of a `TimeRef` under the field's name: `time_value`, `time_earliest`, `time_latest` ...;
- records inside records are rows of their own with a `position`: the stances and tolls of an event, and all
  `ActorRef`s, `PlaceRef`s and evidence, which name the record they stand in (`owner_id`) and its field;
- actors and places are kept as each story has them, (`story_id`, `id`): the register or the gazetteer may say something
  else next year, and a story goes on saying what was read in it;
- what is not a field is worked out from the record for people to ask by (`derived.py`), and `dateline verify` works it
  out again: `published_on`, `day`, `standing`, `voice`, `killed`, the table `actor_words`.

`number` counts the rows as they came: the newest first is `ORDER BY number DESC`.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa

REVISIONS = ("0001",)  # every step in migrations/versions, the newest last
REVISION = REVISIONS[-1]  # of the tables below

_MARK = "\ufdd0"  # a noncharacter, which no text holds by right: what follows is JSON


class Words(sa.types.TypeDecorator[str]):
    """Text kept to the letter, also where a database cannot: U+0000 (PostgreSQL) and lone surrogates (both).

    Such a text, one in many thousands, is kept as JSON behind a noncharacter.
    """

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return value if value is None or _is_plain(value) else _MARK + json.dumps(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return json.loads(value[1:]) if value is not None and value.startswith(_MARK) else value


class Json(sa.types.TypeDecorator[Any]):
    """Lists and dictionaries as JSON in a text column, compact, letters as they are unless they cannot be kept."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        if value is None:
            return None
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return plain if _is_plain(plain) else json.dumps(value, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        return None if value is None else json.loads(value)


class Moment(sa.types.TypeDecorator[dt.date]):
    """A day or a day with its time, as ISO 8601 text: which of the two it is, and its time zone, are kept."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: dt.date | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> dt.date | None:
        if value is None:
            return None
        return dt.datetime.fromisoformat(value) if "T" in value else dt.date.fromisoformat(value)


def _is_plain(text: str) -> bool:
    return "\x00" not in text and not text.startswith(_MARK) and (text.isascii() or _encodes(text))


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _number() -> sa.Column[int]:
    """The rows as they came. In SQLite this is the rowid, which the full-text index and the R*Tree name rows by."""
    return sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True)


def _span(name: str, *, nullable: bool = True) -> tuple[sa.Column[int], sa.Column[int]]:
    return (
        sa.Column(f"{name}_start", sa.Integer, nullable=nullable),
        sa.Column(f"{name}_end", sa.Integer, nullable=nullable),
    )


def _time(name: str, *, nullable: bool = True) -> tuple[sa.Column[Any], ...]:
    prefix = f"{name}_" if name else ""
    return (
        sa.Column(f"{prefix}mention_id", sa.Text),
        sa.Column(f"{prefix}value", Words, nullable=nullable),
        sa.Column(f"{prefix}earliest", sa.Date),
        sa.Column(f"{prefix}latest", sa.Date),
        sa.Column(f"{prefix}anchor", Words),
    )


def _of_story(*, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column("story_id", sa.Text, sa.ForeignKey("stories.id"), primary_key=primary_key, nullable=False)


def _read_by() -> sa.Column[str]:
    return sa.Column("run_id", sa.Text, sa.ForeignKey("runs.id"), nullable=False)


def _long_index(table: str, column: str) -> sa.Index:
    """An index of words that may be long: PostgreSQL's trees refuse more than 2,700 bytes, its hashes nothing."""
    return sa.Index(f"ix_{table}_{column}", column, postgresql_using="hash")


def _names(column: str, table: str) -> sa.ForeignKeyConstraint:
    """A record of the same story. Deferred, because records of a story name each other in any order."""
    return sa.ForeignKeyConstraint(
        ["story_id", column], [f"{table}.story_id", f"{table}.id"], deferrable=True, initially="DEFERRED"
    )


# ---------------------------------------------------------------- what was received

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("model", sa.Text, nullable=False),  # digest of the weights
    sa.Column("version", sa.Text, nullable=False),  # of Dateline
    sa.Column("configuration", Json, nullable=False),
    sa.Column("first_used_at", Moment, nullable=False),
)

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", Words, primary_key=True),
    sa.Column("location", Words, nullable=False),
    sa.Column("address", Words, nullable=False),  # where its next version will be found: see versions.py
    sa.Column("media_type", Words, nullable=False),
    sa.Column("retrieved_at", Moment),
    sa.Column("text", Words, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),  # SHA-256 of the text
    sa.Column("story_count", sa.Integer, nullable=False),
    sa.Column("kept_at", Moment, nullable=False),
    _long_index("documents", "address"),
)

outlets = sa.Table(
    "outlets",
    metadata,
    sa.Column("id", Words, primary_key=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("country", Words),
    sa.Column("is_agency", sa.Boolean, nullable=False),
    _long_index("outlets", "name"),
)

stories = sa.Table(
    "stories",
    metadata,
    _number(),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("document_id", Words, sa.ForeignKey("documents.id"), nullable=False, index=True),
    sa.Column("outlet_id", Words, index=True),  # its outlet is in `outlets` where the input says more than this
    *_span("headline"),
    *_span("dateline"),
    sa.Column("summary", Json, nullable=False),
    sa.Column("body", Json, nullable=False),
    sa.Column("published_at", Moment),
    sa.Column("updated_at", Moment),
    sa.Column("published_on", sa.Date, index=True),  # the day of published_at, else of updated_at
    sa.Column("agency", Words),
    sa.Column("copy_of", sa.Text, index=True),
    sa.Column("supersedes", sa.Text, index=True),
    _read_by(),
    sa.Column("digest", sa.Text, nullable=False),  # SHA-256 of all records of the story: see rows.digest_of
)

problems = sa.Table(
    "problems",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("story_id", sa.Text, sa.ForeignKey("stories.id"), index=True),  # None: of an input that gave no story
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("document_id", Words, sa.ForeignKey("documents.id"), index=True),
    sa.Column("location", Words, nullable=False),
    sa.Column("message", Words, nullable=False),
    sa.Column("remedy", Words),
    _read_by(),
    sa.Column("kept_at", Moment, nullable=False),
)

# ---------------------------------------------------------------- words, and what they stand for

mentions = sa.Table(
    "mentions",
    metadata,
    _of_story(primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    *_span("span", nullable=False),
    *_span("head", nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("form", sa.Text),
    sa.Column("chain", sa.Integer),
    _read_by(),
    sqlite_with_rowid=False,
)

actors = sa.Table(
    "actors",
    metadata,
    _of_story(primary_key=True),
    sa.Column("id", Words, primary_key=True, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("name", Words, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("country", Words),
    sa.Column("sector", Words),
    sa.Column("aliases", Json, nullable=False),
    sa.Column("speaks_for", Words),
    sa.Column("wikidata", Words),
    _read_by(),
    _long_index("actors", "name"),
    sqlite_with_rowid=False,
)

actor_refs = sa.Table(
    "actor_refs",
    metadata,
    _of_story(primary_key=True),
    sa.Column("owner_id", sa.Text, primary_key=True),  # a claim, an event, or the story itself
    sa.Column("field", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("actor_id", Words, nullable=False, index=True),
    sa.Column("mention_id", sa.Text, nullable=False),
    sa.Column("metonymic", sa.Boolean, nullable=False),
    _read_by(),
    _names("actor_id", "actors"),
    _names("mention_id", "mentions"),
    sqlite_with_rowid=False,
)

places = sa.Table(
    "places",
    metadata,
    _of_story(primary_key=True),
    sa.Column("id", Words, primary_key=True, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("name", Words, nullable=False, index=True),
    sa.Column("latitude", sa.Double, nullable=False),
    sa.Column("longitude", sa.Double, nullable=False),
    sa.Column("country", Words, nullable=False, index=True),
    sa.Column("admin1", Words),
    sa.Column("admin2", Words),
    sa.Column("feature_code", Words),
    _read_by(),
    sqlite_with_rowid=False,
)

place_refs = sa.Table(
    "place_refs",
    metadata,
    _of_story(primary_key=True),
    sa.Column("owner_id", sa.Text, primary_key=True),  # an event, or the story itself
    sa.Column("field", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("place_id", Words, nullable=False, index=True),
    sa.Column("mention_id", sa.Text, nullable=False),
    sa.Column("relation", sa.Text, nullable=False),
    sa.Column("precision", sa.Integer, nullable=False),
    sa.Column("exactness", sa.Text),
    sa.Column("radius_km", sa.Integer),
    _read_by(),
    _names("place_id", "places"),
    _names("mention_id", "mentions"),
    sqlite_with_rowid=False,
)

times = sa.Table(
    "times",
    metadata,
    _of_story(primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    *_time("", nullable=False),
    _read_by(),
    _names("mention_id", "mentions"),
    sqlite_with_rowid=False,
)

# ---------------------------------------------------------------- who did what, and who says so

claims = sa.Table(
    "claims",
    metadata,
    _number(),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    _of_story(),
    sa.Column("source", Json, nullable=False),
    sa.Column("cue", Json, nullable=False),
    sa.Column("content", Json, nullable=False),
    sa.Column("act", sa.Text, nullable=False, index=True),
    sa.Column("quotation", sa.Text, nullable=False),
    sa.Column("polarity", sa.Text, nullable=False),
    *_time("said_at"),
    sa.Column("medium", Words),
    sa.Column("within", sa.Text, index=True),
    sa.Column("answers", sa.Text, index=True),
    sa.Column("day", sa.Date),  # said_at, else of the story: see derived.day_of
    _read_by(),
    sa.UniqueConstraint("story_id", "id"),
    _names("within", "claims"),
    _names("answers", "claims"),
    _names("said_at_mention_id", "mentions"),
    sa.Index("ix_claims_day_number", "day", "number"),
)

events = sa.Table(
    "events",
    metadata,
    _number(),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    _of_story(),
    *_span("trigger", nullable=False),
    sa.Column("type", Words, nullable=False),
    sa.Column("status", sa.Text, nullable=False, index=True),
    sa.Column("standing", sa.Text, nullable=False, index=True),  # standing.standing of the event
    sa.Column("other_mentions", Json, nullable=False),
    sa.Column("modes", Json, nullable=False),
    sa.Column("contexts", Json, nullable=False),
    *_time("time"),
    sa.Column("instruments", Json, nullable=False),  # ids of mentions
    sa.Column("casualties", Json),
    sa.Column("day", sa.Date),  # of time, else of the story: see derived.day_of
    sa.Column("killed", sa.BigInteger, index=True),  # the best number of casualties.killed, else the least
    _read_by(),
    sa.UniqueConstraint("story_id", "id"),
    _names("time_mention_id", "mentions"),
    sa.Index("ix_events_type_day_number", "type", "day", "number"),
    sa.Index("ix_events_day_number", "day", "number"),
)

tolls = sa.Table(
    "tolls",
    metadata,
    _of_story(primary_key=True),
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("harm", sa.Text, nullable=False),
    sa.Column("best", sa.BigInteger),
    sa.Column("low", sa.BigInteger),
    sa.Column("high", sa.BigInteger),
    *_span("span"),
    sa.Column("claim_id", sa.Text),
    _read_by(),
    _names("event_id", "events"),
    _names("claim_id", "claims"),
    sa.Index("ix_tolls_harm_best", "harm", "best"),
    sqlite_with_rowid=False,
)

stances = sa.Table(
    "stances",
    metadata,
    _of_story(primary_key=True),
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("chain", Json, nullable=False),
    sa.Column("voice", Words, index=True),  # the last of the chain
    sa.Column("certainty", sa.Text, nullable=False),
    sa.Column("polarity", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("value", Words),
    sa.Column("claim_id", sa.Text),
    _read_by(),
    _names("event_id", "events"),
    _names("claim_id", "claims"),
    sqlite_with_rowid=False,
)

evidence = sa.Table(
    "evidence",
    metadata,
    _of_story(primary_key=True),
    # A story, an actor, a claim, an event; of a PlaceRef, which has no id, "OWNER.FIELD[POSITION]".
    sa.Column("owner_id", Words, primary_key=True),
    # [field, spans, method, claim_id, confidence] each. Not a row each: a story of five events has three hundred.
    sa.Column("items", Json, nullable=False),
    _read_by(),
    sqlite_with_rowid=False,
)

# ---------------------------------------------------------------- to ask by

actor_words = sa.Table(
    "actor_words",
    metadata,
    sa.Column("word", sa.Text, primary_key=True),
    sa.Column("actor_id", Words, primary_key=True),
    sqlite_with_rowid=False,
)

# ---------------------------------------------------------------- over several stories

incidents = sa.Table(
    "incidents",
    metadata,
    _number(),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("type", Words, nullable=False),
    sa.Column("earliest", sa.Date, index=True),
    sa.Column("latest", sa.Date),
    sa.Column("place_id", Words, index=True),
    sa.Column("stances", Json, nullable=False),
    sa.Column("disagreements", Json, nullable=False),
    sa.Column("supersedes", Json, nullable=False),
    sa.Column("superseded_by", sa.Text, index=True),  # the incident that this one was merged into
    sa.Column("kept_at", Moment, nullable=False),
    sa.Index("ix_incidents_type_earliest", "type", "earliest"),
)

incident_events = sa.Table(
    "incident_events",
    metadata,
    sa.Column("incident_id", sa.Text, sa.ForeignKey("incidents.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("event_id", sa.Text, sa.ForeignKey("events.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)

incident_claims = sa.Table(
    "incident_claims",
    metadata,
    sa.Column("incident_id", sa.Text, sa.ForeignKey("incidents.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("claim_id", sa.Text, sa.ForeignKey("claims.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)

# ---------------------------------------------------------------- over time

changes = sa.Table(
    "changes",
    metadata,
    _number(),
    sa.Column("story_id", sa.Text, sa.ForeignKey("stories.id"), nullable=False, index=True),  # the new version
    sa.Column("earlier_story_id", sa.Text, sa.ForeignKey("stories.id"), nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),  # "event" or "claim"
    sa.Column("change", sa.Text, nullable=False, index=True),  # kept, revised, withdrawn, new
    sa.Column("earlier_id", sa.Text, index=True),
    sa.Column("later_id", sa.Text, index=True),
    sa.Column("field", sa.Text),  # of a revised one
    sa.Column("earlier_value", Json),
    sa.Column("later_value", Json),
    sa.Column("kept_at", Moment, nullable=False),
)

corrections = sa.Table(
    "corrections",
    metadata,
    _number(),
    sa.Column("target_id", sa.Text, nullable=False, index=True),
    sa.Column("action", sa.Text, nullable=False),  # accept, reject, change, merge, split, undo
    sa.Column("field", sa.Text),
    sa.Column("value", Json),
    sa.Column("undoes", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.ForeignKey("corrections.number")),
    sa.Column("editor", Words, nullable=False),
    sa.Column("reason", Words, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
)
