"""The journey of a story, its configuration and its resources. Read `journey.py` first.

This is the only place where the subjects (reading, language, claims ...) meet; they speak in `dateline.records`.
"""

from __future__ import annotations

from dateline.pipeline.config import Config
from dateline.pipeline.journey import StoryReading, count_inputs, read_document, read_inputs, read_story, read_text
from dateline.pipeline.merging import MergedStories, merge_saved, merge_store, merge_stories
from dateline.pipeline.resources import Resources, load_resources

__all__ = [
    "Config",
    "MergedStories",
    "Resources",
    "StoryReading",
    "count_inputs",
    "load_resources",
    "merge_saved",
    "merge_store",
    "merge_stories",
    "read_document",
    "read_inputs",
    "read_story",
    "read_text",
]
