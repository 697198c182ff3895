"""The closed vocabularies of the language core's heads, in the order of the encoder's outputs."""

from __future__ import annotations

from dateline.language.analysis import PhraseType

ROLE_TAGS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
LINKS = ("source-0", "content-0", "source-1", "content-1")  # what is linked to its cue, and in which layer
MENTION_TYPES: tuple[PhraseType, ...] = (
    "person", "organization", "place", "group", "role", "time", "quantity", "weapon",
)  # fmt: skip
UPOS = (
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM",
    "VERB", "X",
)  # fmt: skip
