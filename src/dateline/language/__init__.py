"""Turns a story's text into an Analysis (sentences, words, arcs, phrases, attributions); owns the shipped model."""

from __future__ import annotations

from dateline.language.analysis import ACTS, Analysis, Attribution, Paragraph, Phrase, Stretch, Token
from dateline.language.core import Model, analyze, load_model
from dateline.language.mentions import find_mentions

__all__ = [
    "ACTS",
    "Analysis",
    "Attribution",
    "Model",
    "Paragraph",
    "Phrase",
    "Stretch",
    "Token",
    "analyze",
    "find_mentions",
    "load_model",
]
