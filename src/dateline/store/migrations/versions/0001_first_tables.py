"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dateline.store import embedded, postgres

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("target_id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("undoes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("editor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["undoes"], ["corrections.number"], name="fk_corrections_undoes"),
        sa.PrimaryKeyConstraint("number", name="pk_corrections"),
    )
    op.create_index("ix_corrections_target_id", "corrections", ["target_id"], unique=False)
    op.create_table(
        "documents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("retrieved_at", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("story_count", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
    )
    op.create_index("ix_documents_address", "documents", ["address"], unique=False, postgresql_using="hash")
    op.create_table(
        "incidents",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("earliest", sa.Date(), nullable=True),
        sa.Column("latest", sa.Date(), nullable=True),
        sa.Column("place_id", sa.Text(), nullable=True),
        sa.Column("stances", sa.Text(), nullable=False),
        sa.Column("disagreements", sa.Text(), nullable=False),
        sa.Column("supersedes", sa.Text(), nullable=False),
        sa.Column("superseded_by", sa.Text(), nullable=True),
        sa.Column("kept_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_incidents"),
        sa.UniqueConstraint("id", name="uq_incidents_id"),
    )
    op.create_index("ix_incidents_earliest", "incidents", ["earliest"], unique=False)
    op.create_index("ix_incidents_place_id", "incidents", ["place_id"], unique=False)
    op.create_index("ix_incidents_superseded_by", "incidents", ["superseded_by"], unique=False)
    op.create_index("ix_incidents_type_earliest", "incidents", ["type", "earliest"], unique=False)
    op.create_table(
        "outlets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("is_agency", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outlets"),
    )
    op.create_index("ix_outlets_name", "outlets", ["name"], unique=False, postgresql_using="hash")
    op.create_table(
        "runs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("configuration", sa.Text(), nullable=False),
        sa.Column("first_used_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_table(
        "stories",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("outlet_id", sa.Text(), nullable=True),
        sa.Column("headline_start", sa.Integer(), nullable=True),
        sa.Column("headline_end", sa.Integer(), nullable=True),
        sa.Column("dateline_start", sa.Integer(), nullable=True),
        sa.Column("dateline_end", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("published_at", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.Text(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("agency", sa.Text(), nullable=True),
        sa.Column("copy_of", sa.Text(), nullable=True),
        sa.Column("supersedes", sa.Text(), nullable=True),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_stories_document_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_stories_run_id"),
        sa.PrimaryKeyConstraint("number", name="pk_stories"),
        sa.UniqueConstraint("id", name="uq_stories_id"),
    )
    op.create_index("ix_stories_copy_of", "stories", ["copy_of"], unique=False)
    op.create_index("ix_stories_document_id", "stories", ["document_id"], unique=False)
    op.create_index("ix_stories_outlet_id", "stories", ["outlet_id"], unique=False)
    op.create_index("ix_stories_published_on", "stories", ["published_on"], unique=False)
    op.create_index("ix_stories_supersedes", "stories", ["supersedes"], unique=False)
    op.create_table(
        "actors",
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("sector", sa.Text(), nullable=True),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("speaks_for", sa.Text(), nullable=True),
        sa.Column("wikidata", sa.Text(), nullable=True),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_actors_run_id"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_actors_story_id"),
        sa.PrimaryKeyConstraint("story_id", "id", name="pk_actors"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_actors_id", "actors", ["id"], unique=False)
    op.create_index("ix_actors_name", "actors", ["name"], unique=False, postgresql_using="hash")
    op.create_table(
        "changes",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("earlier_story_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("earlier_id", sa.Text(), nullable=True),
        sa.Column("later_id", sa.Text(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("earlier_value", sa.Text(), nullable=True),
        sa.Column("later_value", sa.Text(), nullable=True),
        sa.Column("kept_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["earlier_story_id"], ["stories.id"], name="fk_changes_earlier_story_id"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_changes_story_id"),
        sa.PrimaryKeyConstraint("number", name="pk_changes"),
    )
    op.create_index("ix_changes_change", "changes", ["change"], unique=False)
    op.create_index("ix_changes_earlier_id", "changes", ["earlier_id"], unique=False)
    op.create_index("ix_changes_earlier_story_id", "changes", ["earlier_story_id"], unique=False)
    op.create_index("ix_changes_later_id", "changes", ["later_id"], unique=False)
    op.create_index("ix_changes_story_id", "changes", ["story_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_evidence_run_id"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_evidence_story_id"),
        sa.PrimaryKeyConstraint("story_id", "owner_id", name="pk_evidence"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mentions",
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("span_start", sa.Integer(), nullable=False),
        sa.Column("span_end", sa.Integer(), nullable=False),
        sa.Column("head_start", sa.Integer(), nullable=False),
        sa.Column("head_end", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("chain", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_mentions_run_id"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_mentions_story_id"),
        sa.PrimaryKeyConstraint("story_id", "id", name="pk_mentions"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "places",
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("admin1", sa.Text(), nullable=True),
        sa.Column("admin2", sa.Text(), nullable=True),
        sa.Column("feature_code", sa.Text(), nullable=True),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_places_run_id"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_places_story_id"),
        sa.PrimaryKeyConstraint("story_id", "id", name="pk_places"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_places_country", "places", ["country"], unique=False)
    op.create_index("ix_places_id", "places", ["id"], unique=False)
    op.create_index("ix_places_name", "places", ["name"], unique=False)
    op.create_table(
        "problems",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("story_id", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=True),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=True),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_problems_document_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_problems_run_id"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_problems_story_id"),
        sa.PrimaryKeyConstraint("id", name="pk_problems"),
    )
    op.create_index("ix_problems_document_id", "problems", ["document_id"], unique=False)
    op.create_index("ix_problems_story_id", "problems", ["story_id"], unique=False)
    op.create_table(
        "actor_refs",
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("mention_id", sa.Text(), nullable=False),
        sa.Column("metonymic", sa.Boolean(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_actor_refs_run_id"),
        sa.ForeignKeyConstraint(
            ["story_id", "actor_id"],
            ["actors.story_id", "actors.id"],
            name="fk_actor_refs_story_id_actor_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["story_id", "mention_id"],
            ["mentions.story_id", "mentions.id"],
            name="fk_actor_refs_story_id_mention_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_actor_refs_story_id"),
        sa.PrimaryKeyConstraint("story_id", "owner_id", "field", "position", name="pk_actor_refs"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_actor_refs_actor_id", "actor_refs", ["actor_id"], unique=False)
    op.create_table(
        "claims",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("cue", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("quotation", sa.Text(), nullable=False),
        sa.Column("polarity", sa.Text(), nullable=False),
        sa.Column("said_at_mention_id", sa.Text(), nullable=True),
        sa.Column("said_at_value", sa.Text(), nullable=True),
        sa.Column("said_at_earliest", sa.Date(), nullable=True),
        sa.Column("said_at_latest", sa.Date(), nullable=True),
        sa.Column("said_at_anchor", sa.Text(), nullable=True),
        sa.Column("medium", sa.Text(), nullable=True),
        sa.Column("within", sa.Text(), nullable=True),
        sa.Column("answers", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_claims_run_id"),
        sa.ForeignKeyConstraint(
            ["story_id", "answers"],
            ["claims.story_id", "claims.id"],
            name="fk_claims_story_id_answers",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["story_id", "said_at_mention_id"],
            ["mentions.story_id", "mentions.id"],
            name="fk_claims_story_id_said_at_mention_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["story_id", "within"],
            ["claims.story_id", "claims.id"],
            name="fk_claims_story_id_within",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_claims_story_id"),
        sa.PrimaryKeyConstraint("number", name="pk_claims"),
        sa.UniqueConstraint("id", name="uq_claims_id"),
        sa.UniqueConstraint("story_id", "id", name="uq_claims_story_id_id"),
    )
    op.create_index("ix_claims_act", "claims", ["act"], unique=False)
    op.create_index("ix_claims_answers", "claims", ["answers"], unique=False)
    op.create_index("ix_claims_day_number", "claims", ["day", "number"], unique=False)
    op.create_index("ix_claims_within", "claims", ["within"], unique=False)
    op.create_table(
        "events",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("trigger_start", sa.Integer(), nullable=False),
        sa.Column("trigger_end", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("other_mentions", sa.Text(), nullable=False),
        sa.Column("modes", sa.Text(), nullable=False),
        sa.Column("contexts", sa.Text(), nullable=False),
        sa.Column("time_mention_id", sa.Text(), nullable=True),
        sa.Column("time_value", sa.Text(), nullable=True),
        sa.Column("time_earliest", sa.Date(), nullable=True),
        sa.Column("time_latest", sa.Date(), nullable=True),
        sa.Column("time_anchor", sa.Text(), nullable=True),
        sa.Column("instruments", sa.Text(), nullable=False),
        sa.Column("casualties", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("killed", sa.BigInteger(), nullable=True),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_events_run_id"),
        sa.ForeignKeyConstraint(
            ["story_id", "time_mention_id"],
            ["mentions.story_id", "mentions.id"],
            name="fk_events_story_id_time_mention_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_events_story_id"),
        sa.PrimaryKeyConstraint("number", name="pk_events"),
        sa.UniqueConstraint("id", name="uq_events_id"),
        sa.UniqueConstraint("story_id", "id", name="uq_events_story_id_id"),
    )
    op.create_index("ix_events_killed", "events", ["killed"], unique=False)
    op.create_index("ix_events_standing", "events", ["standing"], unique=False)
    op.create_index("ix_events_status", "events", ["status"], unique=False)
    op.create_index("ix_events_day_number", "events", ["day", "number"], unique=False)
    op.create_index("ix_events_type_day_number", "events", ["type", "day", "number"], unique=False)
    op.create_table(
        "place_refs",
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Text(), nullable=False),
        sa.Column("mention_id", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("precision", sa.Integer(), nullable=False),
        sa.Column("exactness", sa.Text(), nullable=True),
        sa.Column("radius_km", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_place_refs_run_id"),
        sa.ForeignKeyConstraint(
            ["story_id", "mention_id"],
            ["mentions.story_id", "mentions.id"],
            name="fk_place_refs_story_id_mention_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["story_id", "place_id"],
            ["places.story_id", "places.id"],
            name="fk_place_refs_story_id_place_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_place_refs_story_id"),
        sa.PrimaryKeyConstraint("story_id", "owner_id", "field", "position", name="pk_place_refs"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_place_refs_place_id", "place_refs", ["place_id"], unique=False)
    op.create_table(
        "times",
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("mention_id", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("earliest", sa.Date(), nullable=True),
        sa.Column("latest", sa.Date(), nullable=True),
        sa.Column("anchor", sa.Text(), nullable=True),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_times_run_id"),
        sa.ForeignKeyConstraint(
            ["story_id", "mention_id"],
            ["mentions.story_id", "mentions.id"],
            name="fk_times_story_id_mention_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_times_story_id"),
        sa.PrimaryKeyConstraint("story_id", "position", name="pk_times"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "incident_claims",
        sa.Column("incident_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name="fk_incident_claims_claim_id"),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name="fk_incident_claims_incident_id"),
        sa.PrimaryKeyConstraint("incident_id", "position", name="pk_incident_claims"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_incident_claims_claim_id", "incident_claims", ["claim_id"], unique=False)
    op.create_table(
        "incident_events",
        sa.Column("incident_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_incident_events_event_id"),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name="fk_incident_events_incident_id"),
        sa.PrimaryKeyConstraint("incident_id", "position", name="pk_incident_events"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_incident_events_event_id", "incident_events", ["event_id"], unique=False)
    op.create_table(
        "stances",
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("voice", sa.Text(), nullable=True),
        sa.Column("certainty", sa.Text(), nullable=False),
        sa.Column("polarity", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("claim_id", sa.Text(), nullable=True),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_stances_run_id"),
        sa.ForeignKeyConstraint(
            ["story_id", "claim_id"],
            ["claims.story_id", "claims.id"],
            name="fk_stances_story_id_claim_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["story_id", "event_id"],
            ["events.story_id", "events.id"],
            name="fk_stances_story_id_event_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_stances_story_id"),
        sa.PrimaryKeyConstraint("story_id", "event_id", "position", name="pk_stances"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_stances_voice", "stances", ["voice"], unique=False)
    op.create_table(
        "tolls",
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("harm", sa.Text(), nullable=False),
        sa.Column("best", sa.BigInteger(), nullable=True),
        sa.Column("low", sa.BigInteger(), nullable=True),
        sa.Column("high", sa.BigInteger(), nullable=True),
        sa.Column("span_start", sa.Integer(), nullable=True),
        sa.Column("span_end", sa.Integer(), nullable=True),
        sa.Column("claim_id", sa.Text(), nullable=True),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_tolls_run_id"),
        sa.ForeignKeyConstraint(
            ["story_id", "claim_id"],
            ["claims.story_id", "claims.id"],
            name="fk_tolls_story_id_claim_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["story_id", "event_id"],
            ["events.story_id", "events.id"],
            name="fk_tolls_story_id_event_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_tolls_story_id"),
        sa.PrimaryKeyConstraint("story_id", "event_id", "position", name="pk_tolls"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tolls_harm_best", "tolls", ["harm", "best"], unique=False)
    op.create_table(
        "actor_words",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("word", "actor_id", name="pk_actor_words"),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    search = postgres if connection.dialect.name == "postgresql" else embedded
    search.make_search_tables(connection)
