"""The nouns of Dateline: immutable record types, ids, spans, evidence.

Every record is an immutable value. Offsets are Unicode code points into `Document.text`,
start included, end not (the W3C Web Annotation TextPositionSelector convention, and Python's own slices).
Nothing here imports anything else of ours: every other module speaks in these words.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Literal

Id = str  # "claim:4f1d…": the kind of record, then a digest of what makes it the same record on the next run


def make_id(kind: str, *parts: object) -> Id:
    """Name a record by its content, so that reading the same story twice yields the same ids."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
    return f"{kind}:{digest[:16]}"


# ---------------------------------------------------------------- where it says so


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of `Document.text`: code point offsets, `start` included, `end` not."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why one field of a record has its value.

    field: name of the field this supports, e.g. "casualties.killed".
    spans: the words it rests on; more than one when the words are apart (a quotation broken by "he said").
    claim_id: the Claim inside whose content these words stand, so the field is that claim's source's word;
        None when the writer says it flatly. In one story the drones may be Pakistan's word, the launch from across
        the border the Tajik authorities', the death toll the writer's: attribution is per field, not per event.
    method: what decided, e.g. "rule:weekday-before-publication", "model:roles-0.3", "reader:html-meta".
    confidence: calibrated probability in [0, 1], or None where a rule either fires or does not.
    """

    field: str
    spans: tuple[Span, ...]
    method: str
    claim_id: Id | None = None
    confidence: float | None = None


# ---------------------------------------------------------------- what was received


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a user handed us: one file, page, feed entry, JSON line or WARC record. `text` is never altered."""

    id: Id
    text: str
    location: str  # path or URL; "stories.jsonl#ID" for a JSON line, "file.warc.gz#OFFSET" for a WARC record
    media_type: str  # "text/plain", "text/html", ...
    retrieved_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Who published a story (schema.org NewsMediaOrganization). Never called a source: see Claim.source."""

    id: Id  # registrable domain, e.g. "arabnews.com"
    name: str
    country: str | None = None  # ISO 3166-1 alpha-3
    is_agency: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One news item inside a Document (schema.org NewsArticle); a Document may hold several."""

    id: Id
    document_id: Id
    outlet_id: Id | None
    headline: Span | None
    dateline: Span | None  # "KARACHI:"; its place is the place of writing, not of the event
    summary: tuple[Span, ...] = ()  # bullets under the headline
    body: tuple[Span, ...] = ()  # paragraphs, in order
    published_at: dt.date | dt.datetime | None = None
    updated_at: dt.date | dt.datetime | None = None
    agency: Id | None = None  # wire credited ("AFP"): copies of one wire text do not corroborate each other
    copy_of: Id | None = None  # an earlier Story with nearly the same text
    supersedes: Id | None = None  # the previous version of the same URL
    evidence: tuple[Evidence, ...] = ()


# ---------------------------------------------------------------- words, and what they stand for


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Words that stand for somebody, some place, some time or some happening."""

    id: Id
    story_id: Id
    span: Span
    head: Span
    kind: Literal["actor", "place", "time", "quantity", "event", "instrument"]
    form: Literal["name", "nominal", "pronoun"] | None = None  # ACE: NAM, NOM, PRO
    chain: int | None = None  # coreference chain within the story


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who can act, the same across stories: a person, a government, an armed group, a crowd."""

    id: Id
    name: str
    kind: Literal["person", "government", "organization", "group", "unnamed"]
    country: str | None = None  # PLOVER country code: ISO 3166-1 alpha-3, plus UNO, EUR, IGO, NGO ...
    sector: str | None = None  # PLOVER sector_code, e.g. "GOV", "MIL"
    aliases: tuple[str, ...] = ()
    speaks_for: Id | None = None  # a spokesperson's institution
    wikidata: str | None = None
    evidence: tuple[Evidence, ...] = ()  # of name, kind, country, sector, speaks_for; of "mentions" one per tie


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorRef:
    """A mention read as an Actor. `metonymic` when the words name something that stands for it ("Islamabad")."""

    actor_id: Id
    mention_id: Id
    metonymic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A gazetteer entry. WGS 84 decimal degrees; GeoJSON writers put longitude first."""

    id: Id  # "geonames:1221874"
    name: str
    latitude: float
    longitude: float
    country: str
    admin1: str | None = None
    admin2: str | None = None
    feature_code: str | None = None  # GeoNames, e.g. "PPLC", "ADM2"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRef:
    """A mention read as a Place. precision: 1 the place itself, 2 its vicinity, 3 its region (as ACLED).

    exactness, radius_km: the same on a finer scale (UCDP's where_prec has a code for each), and within how many
        kilometres of the place's point it is.
    """

    place_id: Id
    mention_id: Id
    relation: Literal["in", "near", "across", "toward", "from"] = "in"
    precision: Literal[1, 2, 3] = 1
    exactness: Literal["point", "locality", "near", "adm2", "adm1", "region", "country", "international"] | None = None
    radius_km: int | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRef:
    """A time expression placed on the calendar (TimeML TIMEX3).

    value: TIMEX3 value, e.g. "2025-11-27", "2025-11", "PAST_REF".
    earliest, latest: first and last day it can mean, both included; None where open.
    anchor: what it was counted from, e.g. "published_at", or a mention id.
    """

    mention_id: Id | None  # None when the story's own date is used for want of words
    value: str
    earliest: dt.date | None
    latest: dt.date | None
    anchor: str | None = None


# ---------------------------------------------------------------- who did what, and who says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number as reported: `low` and `high` differ from `best` for "at least three", "dozens"."""

    best: int | None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """One number as one voice gives it. A story may hold several: "dozens" (the writer), 12 (the governor's
    spokesman), over 100 (officials), 190 (the attackers).

    claim_id: the Claim whose content holds it; None when the writer gives it.
    """

    harm: Literal["killed", "injured", "missing", "detained"]
    count: Count
    span: Span | None  # None for a single victim without a number word
    claim_id: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Casualties:
    """The numbers a reader is shown first: the writer's own where there is one, else the latest in the text."""

    killed: Count | None = None
    injured: Count | None = None
    missing: Count | None = None
    detained: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """Whether, according to a source, an event (or one field of it) is so (FactBank), relative to `chain`.

    chain: nested sources, outermost first: (outlet, speaker, whom the speaker cites ...). (outlet,) alone is
        the story's own assertion.
    field: "event" for the happening as a whole; "actors" for who did it (blame and its denial); any other field name
        where the sources differ on that field alone.
    value: what that source holds the field to be: for "actors" the id of the actor it blames (rival culprits: one stance each).
    claim_id: the Claim in which it was said; None for the story's own assertion.
    """

    chain: tuple[Id, ...]
    certainty: Literal["certain", "probable", "possible", "unknown"]
    polarity: Literal["positive", "negative", "unknown"]
    field: str = "event"
    value: str | None = None
    claim_id: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody's words or position as the story reports them (attribution: source, cue, content, as PolNeAR).

    source: the words that name who it is attributed to, as they stand ("he", "officials"); empty if the text names nobody.
    cue: the words that signal it ("said", "has long accused", "according to"); empty in a free-standing quotation.
    content: what is attributed, quotation marks included; several spans when the cue interrupts.
    source_actors: who that is; several for "the army and the government both deny"; empty when it cannot be resolved.
    polarity: "rejects" when the source holds the content to be not so (a denial).
    """

    id: Id
    story_id: Id
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    act: Literal[
        "say",
        "accuse",
        "condemn",
        "deny",
        "reject",
        "urge",
        "warn",
        "threaten",
        "promise",
        "support",
        "admit",
        "express",
    ]
    quotation: Literal["direct", "indirect", "mixed"]
    polarity: Literal["asserts", "rejects"] = "asserts"
    source_actors: tuple[ActorRef, ...] = ()
    about: tuple[ActorRef, ...] = ()
    addressees: tuple[ActorRef, ...] = ()
    said_at: TimeRef | None = None
    medium: str | None = None  # "statement", "news conference", "social media"
    within: Id | None = None  # the Claim whose content this one stands in
    answers: Id | None = None  # the Claim this one denies, rejects or replies to
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something one story reports as having happened, happening or planned (a PLOVER record, with its voices)."""

    id: Id
    story_id: Id
    trigger: Span  # the word or words that name it most plainly
    type: str  # PLOVER 2.0 event type, e.g. "ASSAULT"; ours besides: "HAZARD" (accident, disaster: harm
    # without a deliberate actor) and "CIVIC" (election, appointment, legislation, office, ceremony, death)
    status: Literal["happened", "ongoing", "planned", "hypothetical"] = "happened"
    other_mentions: tuple[Span, ...] = ()  # further words for the same happening in the same story
    modes: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    actors: tuple[ActorRef, ...] = ()
    recipients: tuple[ActorRef, ...] = ()
    places: tuple[PlaceRef, ...] = ()
    time: TimeRef | None = None
    instruments: tuple[Mention, ...] = ()
    casualties: Casualties | None = None
    tolls: tuple[Toll, ...] = ()  # every number given for this event, in text order, each with its voice
    stances: tuple[Stance, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What several stories' Events are about: one happening in the world, with every account of it kept."""

    id: Id
    event_ids: tuple[Id, ...]
    claim_ids: tuple[Id, ...]
    type: str
    earliest: dt.date | None
    latest: dt.date | None
    place_id: Id | None
    stances: tuple[Stance, ...]  # corroboration and dispute are views of these, wire copies counted once
    disagreements: tuple[str, ...] = ()  # fields in which the accounts differ
    supersedes: tuple[Id, ...] = ()  # incidents that were merged into this one


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something odd in one input: not an error of the program. The rest was read."""

    location: str  # as in Document.location, with offsets where known
    message: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRecords:
    """Everything taken from one story: what the journey returns and the store saves, in one piece."""

    story: Story
    mentions: tuple[Mention, ...] = ()
    actors: tuple[Actor, ...] = ()
    actor_refs: tuple[ActorRef, ...] = ()  # every resolved actor mention
    places: tuple[Place, ...] = ()
    place_refs: tuple[PlaceRef, ...] = ()
    times: tuple[TimeRef, ...] = ()
    claims: tuple[Claim, ...] = ()
    events: tuple[Event, ...] = ()
    problems: tuple[Problem, ...] = ()
