"""The store: documents, stories and everything read in them, kept in one file (SQLite) or in PostgreSQL.

    with open_store("news.db", create=True) as store:
        kept = store.keep(document, [records], run=run)
        for stored in store.stories():
            print(stored.document.location, len(stored.records.events))

Read `store.py` first, then `schema.py`. `rows` turns records into rows and back, `versions` tells what changed
between two versions of a story, `corrections` lays what people say over what was read, `checks` looks after it all.
"""

from __future__ import annotations

from dateline.store.corrections import Effective, corrected, effective, regrouped
from dateline.store.kept import Change, Correction, CorrectionNote, Counts, Grouping, Kept, Run, StoredStory
from dateline.store.opening import is_store, open_store, upgrade_store
from dateline.store.query import Box, Circle, Query
from dateline.store.store import Store

__all__ = [
    "Box",
    "Change",
    "Circle",
    "Correction",
    "CorrectionNote",
    "Counts",
    "Effective",
    "Grouping",
    "Kept",
    "Query",
    "Run",
    "Store",
    "StoredStory",
    "corrected",
    "effective",
    "is_store",
    "open_store",
    "regrouped",
    "upgrade_store",
]
