"""Reading: from files, pages and JSON lines to documents, and from documents to stories with a role for every stretch.

for received in read_documents(["stories/"]):
    if isinstance(received, Received):
        reading = find_stories(received, lexicons=lexicons)
"""

from __future__ import annotations

from dateline.reading.documents import read_documents, receive_body, receive_text
from dateline.reading.formats.html import Extractor
from dateline.reading.lexicons import Lexicons, load_lexicons
from dateline.reading.received import Body, Limits, Metadata, Reading, Received, Section, Split
from dateline.reading.stories import find_stories

__all__ = [
    "Body",
    "Extractor",
    "Lexicons",
    "Limits",
    "Metadata",
    "Reading",
    "Received",
    "Section",
    "Split",
    "find_stories",
    "load_lexicons",
    "read_documents",
    "receive_body",
    "receive_text",
]
