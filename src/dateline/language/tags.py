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
# PLOVER 2.0 and two of our own (HAZARD, CIVIC); "" where a word names no happening
EVENT_TYPES = (
    "", "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "REJECT", "ACCUSE",
    "THREATEN", "PROTEST", "MOBILIZE", "SANCTION", "COERCE", "ASSAULT", "HAZARD", "CIVIC",
)  # fmt: skip
EVENT_STATUSES = ("happened", "ongoing", "planned", "hypothetical", "denied_only")
# modes that the annotations tell apart; "" where none is clear
EVENT_MODES = (
    "", "ACCUSE/allege", "ACCUSE/disapprove", "ACCUSE/investigate", "ASSAULT/abduct", "ASSAULT/aerial",
    "ASSAULT/beat", "ASSAULT/clash", "ASSAULT/crowd-control", "ASSAULT/destroy", "ASSAULT/drone",
    "ASSAULT/explosives", "ASSAULT/firearms", "ASSAULT/heavy-weapons", "ASSAULT/primitive", "ASSAULT/sexual",
    "ASSAULT/suicide-attack", "ASSAULT/targeted", "ASSAULT/torture", "ASSAULT/unconventional", "CIVIC/appointment",
    "CIVIC/ceremony", "CIVIC/death", "CIVIC/election", "CIVIC/legislation", "CIVIC/office", "COERCE/arrest",
    "COERCE/censor", "COERCE/curfew", "COERCE/cyber", "COERCE/deport", "COERCE/martial-law", "COERCE/misinformation",
    "COERCE/restrict", "COERCE/seize", "COERCE/withhold", "CONSULT/multilateral", "CONSULT/phone",
    "CONSULT/third-party", "CONSULT/visit", "MOBILIZE/militia", "MOBILIZE/police", "MOBILIZE/troops",
    "MOBILIZE/weapons", "PROTEST/boycott", "PROTEST/demo", "PROTEST/hunger", "PROTEST/obstruct", "PROTEST/riot",
    "PROTEST/strike", "PROTEST/vandalize", "RETREAT/access", "RETREAT/ceasefire", "RETREAT/disarm",
    "RETREAT/release", "RETREAT/resign", "RETREAT/withdraw", "SANCTION/convict", "SANCTION/discontinue",
    "SANCTION/expel", "SANCTION/withdraw",
)  # fmt: skip
# what a word may be to a happening: its participants and circumstances, and the numbers hurt in it
EVENT_ROLES = (
    "actor", "recipient", "place", "time", "instrument", "killed", "injured", "missing", "detained",
)  # fmt: skip
