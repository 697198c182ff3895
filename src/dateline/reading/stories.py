"""Finds the stories in a document, and says for every stretch of it what part it plays.

The order of work: cut into lines (`lines`), look at each by itself, find where stories begin (`boundaries`), give each
line its role from its place in the story, read dateline, dates and agency, and put the records together.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from dateline.reading.boundaries import Boundary, find_boundaries
from dateline.reading.datelines import Dateline, agency_named, find_tail_credit, printed_day
from dateline.reading.languages import foreign_language
from dateline.reading.lexicons import Lexicons, normalize_line
from dateline.reading.lines import Look, cut_units, look_at, looks_like_names
from dateline.reading.outlets import name_outlet
from dateline.reading.received import Metadata, Reading, Received, Role, Section, Split
from dateline.reading.timestamps import Stamp, find_date
from dateline.records import Document, Evidence, Id, Outlet, Problem, Span, Story, make_id

_TURN = re.compile(r"[A-Z][A-Z.'’ -]{1,40}(?:\([^)\n]{1,40}\) ?)?:\s")
_NOT_CROSSHEAD = re.compile(r"^[@#(\[•*-]|^RT\b|https?:|www\.|[:;,]|\d\d:\d\d|[\"“”]")
# A sentence end inside a caption; short words before the full stop are abbreviations ("Dec.", "Gen.", "U.S.").
_CAPTION_SENTENCE = re.compile(r"(?:(?<=[a-z]{5})|(?<=\d{4}))\. (?=[A-Z“\"])")
_PICTURE = re.compile(r"\b(?:photo|file|pictured?|image|credit|courtesy)\b", re.IGNORECASE)
_HIGHLIGHTS = re.compile(r"(?:Story highlights|STORY HIGHLIGHTS|Key points|KEY POINTS)[:\s]+(?=\S)")


def find_stories(received: Received, *, lexicons: Lexicons, split: Split = "auto") -> Reading:
    """Find the stories in a document.

    split: "auto" looks for the lines where a further story begins; "marker" begins one only after a line such as
    "---", "***" or "====="; "never" takes the document for one story.
    Stories that are not in English are left out, each with a Problem. `Reading.problems` begins with those of
    `received`.
    """
    document = received.document
    units = cut_units(document.text)
    looks = tuple(look_at(document.text, unit, lexicons=lexicons) for unit in units)
    boundaries = find_boundaries(looks, container=received.container, split=split, weights=lexicons.boundary_weights)
    starts = [0, *(boundary.look for boundary in boundaries if boundary.split)] if looks else []
    problems = [*received.problems, *_boundary_problems(document, looks, boundaries)]
    if not looks:
        problems.append(Problem(location=document.location, message="the text holds no words"))
    stories: list[Story] = []
    sections: list[Section] = []
    outlets: dict[Id, Outlet] = {}
    for start, end in pairwise([*starts, len(looks)]):
        metadata = received.metadata if start == 0 else _shared(received)
        draft = _draft(document.text, looks[start:end], metadata, lexicons)
        language = foreign_language(_words(document.text, draft), lexicons=lexicons)
        if language or not (draft.body or draft.headline or draft.summary):
            problems.append(_left_out(document, draft, language))
            sections += [replace(section, story=None) for section in draft.sections]
            continue
        sections += [
            replace(section, story=None if section.story is None else len(stories)) for section in draft.sections
        ]
        story, named = _story(document, draft, received.metadata, lexicons)
        stories.append(story)
        outlets |= {outlet.id: outlet for outlet in named}
    return Reading(
        document=document,
        stories=tuple(stories),
        outlets=tuple(outlets.values()),
        sections=tuple(sections),
        problems=tuple(problems),
    )


@dataclass(slots=True)
class _Draft:
    """One story while its lines are being given their roles."""

    metadata: Metadata
    first: int = 0
    last: int = 0
    headline: Span | None = None
    headline_key: str = ""
    summary: list[Span] = field(default_factory=list)
    body: list[Span] = field(default_factory=list)
    paragraphs: int = 0
    dateline: Dateline | None = None
    stamps: list[tuple[Stamp, int]] = field(default_factory=list)
    credits: list[tuple[str, Span, str]] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)

    def mark(self, span: Span, role: Role) -> None:
        self.sections.append(Section(span=span, role=role, story=0))


def _draft(text: str, looks: Sequence[Look], metadata: Metadata, lexicons: Lexicons) -> _Draft:
    """Give every line of one story its role."""
    draft = _Draft(metadata=metadata, first=looks[0].unit.start, last=looks[-1].unit.end)
    title_key = normalize_line(metadata.title) if metadata.title else ""
    headline = _find_headline(looks, title_key, lexicons)
    repeat = _find_repeat(looks, headline)
    body_from = _find_body(looks, headline, repeat)
    speakers = sum(bool(_TURN.match(look.unit.text)) for look in looks) >= 2
    last_prose = max((index for index, look in enumerate(looks) if look.prose), default=-1)
    highlights = False
    for index, look in enumerate(looks):
        span = Span(look.unit.start, look.unit.end)
        in_header = index < body_from
        if index == headline:
            draft.headline, draft.headline_key = span, look.key
            draft.mark(span, "headline")
        elif look.marker or (index == repeat or (headline is not None and look.key and look.key == draft.headline_key)):
            draft.mark(span, "furniture")
        elif look.stamps:
            at_edge = in_header or index >= len(looks) - 3  # a bare date inside the body is not the story's own
            draft.stamps += [(each, look.unit.start) for each in look.stamps if at_edge or each.kind == "updated"]
            draft.mark(span, "timestamp")
        elif look.furniture and look.furniture != "caption":
            highlights = highlights or look.key in ("story highlights", "key points", "highlights")
            draft.mark(span, "credit" if look.furniture == "credit" else look.furniture)
        elif look.caption and _is_caption(look, index, in_header=in_header, last_prose=last_prose):
            _mark_caption(draft, look)
        elif _is_signature(looks, index, in_header=in_header, lexicons=lexicons):
            _mark_signature(draft, look, lexicons)
        elif in_header and headline is not None and _is_summary(look, index, headline, repeat, highlights):
            _mark_summary(draft, look)
        elif in_header and _HIGHLIGHTS.match(look.unit.text):
            highlights = True
            _mark_highlights(draft, look)
        elif in_header and highlights and not look.prose:
            _mark_summary(draft, look)
        elif not in_header and _is_crosshead(looks, index):
            draft.mark(span, "crosshead")
        else:
            _mark_body(draft, text, look, lexicons, speakers=speakers)
    _read_tail(draft, text, lexicons)
    return draft


# ---------------------------------------------------------------- the header of a story


def _find_headline(looks: Sequence[Look], title_key: str, lexicons: Lexicons) -> int | None:
    """The line that is the headline: the known title, or the first line that can be one before any paragraph."""
    if title_key:
        for index, look in enumerate(looks[:12]):
            if look.key and look.key == title_key:
                return index
    first = None
    for index, look in enumerate(looks[:12]):
        if look.prose and not look.headline:
            break
        if _HIGHLIGHTS.match(look.unit.text):
            break  # its points are no headlines
        if not look.headline or look.dateline or _is_name(look, lexicons):
            continue
        if first is None:
            first = index
            continue
        # A kicker ("Asia", "Opinion") stands above the headline and is shorter than any headline.
        if looks[first].words <= 3 and look.words >= 5 and index == first + 1:
            return index
        break
    if first is None or not any(look.prose or look.sentence for look in looks[first + 1 :]):
        # One line alone is what is said, not what heads it.
        return first if first is not None and len(looks) > 1 else None
    return first


def _is_name(look: Look, lexicons: Lexicons) -> bool:
    """Whether a line is only the name of an outlet or agency."""
    line = look.unit.text
    return look.words <= 6 and bool(lexicons.outlet_named(line) or agency_named(line, lexicons=lexicons))


def _find_repeat(looks: Sequence[Look], headline: int | None) -> int | None:
    """The line below the buttons that prints the headline again."""
    if headline is None or looks[headline].words < 3:
        return None
    for index in range(headline + 1, min(len(looks), headline + 12)):
        if looks[index].key == looks[headline].key:
            return index
    return None


def _find_body(looks: Sequence[Look], headline: int | None, repeat: int | None) -> int:
    """Where the header ends: at the first paragraph of prose below the headline and its repetition."""
    start = (repeat if repeat is not None else headline if headline is not None else -1) + 1
    for index in range(start, len(looks)):
        look = looks[index]
        if look.prose and look.bullet is None:
            return index
    return min(len(looks), start) if headline is None else len(looks)


def _is_summary(look: Look, index: int, headline: int, repeat: int | None, highlights: bool) -> bool:
    if index < headline:
        return False
    if look.bullet is not None:
        return True
    if repeat is not None and index < repeat:
        return True  # between the two printings of a headline stands no body
    return highlights or (index == headline + 1 and look.headline) or (look.headline and look.words >= 5)


def _mark_summary(draft: _Draft, look: Look) -> None:
    draft.mark(Span(look.unit.start, look.unit.end), "summary")
    draft.summary.append(Span(look.bullet or look.unit.start, look.unit.end))


def _mark_highlights(draft: _Draft, look: Look) -> None:
    """A line such as "Story highlights Rebels take the town": a label, then the first point."""
    label = _HIGHLIGHTS.match(look.unit.text)
    cut = look.unit.start + (label.end() if label else 0)
    words = len(look.unit.text[: cut - look.unit.start].rstrip())
    draft.mark(Span(look.unit.start, look.unit.start + words), "furniture")
    draft.mark(Span(cut, look.unit.end), "summary")
    draft.summary.append(Span(cut, look.unit.end))


# ---------------------------------------------------------------- captions, credits, signatures, crossheads


def _is_caption(look: Look, index: int, *, in_header: bool, last_prose: int) -> bool:
    if look.furniture == "caption":
        return True
    if look.credit is None or look.words > 75 or look.quoted or look.dateline:
        return False
    credit = look.unit.text[look.credit.start - look.unit.start :]
    bare = re.fullmatch(r"[(\[][A-Z][A-Za-z.]*(?: Press)?[)\]]\.?", credit) is not None
    if bare:  # "(AFP)" credits a picture above the text and a text at its end
        return in_header and index != last_prose
    return in_header or look.words <= 60


def _mark_caption(draft: _Draft, look: Look) -> None:
    """A caption and its credit. What it tells after its first sentence is news: "... on Friday. Police said ..."."""
    start, end = look.unit.start, look.credit.start if look.credit else look.unit.end
    words = look.unit.text[: end - start].rstrip()
    cut = next((found for found in _CAPTION_SENTENCE.finditer(words) if found.start() > 25), None)
    told = words[cut.end() :] if cut else ""
    if cut and told.count(" ") >= 9 and told[-1] in '."”’' and not _PICTURE.search(told):
        draft.mark(Span(start, start + cut.start() + 1), "caption")
        draft.mark(Span(start + cut.end(), start + len(words)), "body")
        draft.body.append(Span(start + cut.end(), start + len(words)))
    elif words:
        draft.mark(Span(start, start + len(words)), "caption")
    if look.credit:
        draft.mark(look.credit, "credit")


def _is_signature(looks: Sequence[Look], index: int, *, in_header: bool, lexicons: Lexicons) -> bool:
    """Whether a line names who wrote or sent the story: "By Jane Doe", "Jane Doe" above "USA Today", "AFP"."""
    look = looks[index]
    if look.byline:
        return in_header or index >= len(looks) - 3 or index <= 6
    if look.words > 8 or look.sentence or look.introduces:
        return False
    line = look.unit.text
    if _is_name(look, lexicons):
        return in_header or index >= len(looks) - 3
    if not in_header or index == 0:
        return False
    name, _, employer = line.rpartition(", ")
    if looks_like_names(name) and _is_employer(employer, lexicons):
        return True
    if not looks_like_names(line):
        return False
    near = [*looks[max(0, index - 2) : index], *looks[index + 1 : index + 3]]
    return any(other.stamps or other.byline or _is_name(other, lexicons) for other in near if other.words <= 12)


def _is_employer(words: str, lexicons: Lexicons) -> bool:
    return bool(lexicons.outlet_named(words) or agency_named(words, lexicons=lexicons))


def _mark_signature(draft: _Draft, look: Look, lexicons: Lexicons) -> None:
    span = Span(look.unit.start, look.unit.end)
    draft.mark(span, "byline")
    agency = agency_named(look.unit.text.rpartition(", ")[2], lexicons=lexicons)
    if agency:
        draft.credits.append((agency, span, "rule:byline"))
    stamp = find_date(look.unit.text)
    if stamp:
        draft.stamps.append((stamp, look.unit.start))


def _is_crosshead(looks: Sequence[Look], index: int) -> bool:
    """A short line between paragraphs that is no sentence: "Election in turmoil", "NATURAL OUTCOME’".

    Doubtful lines stay body: a chant, a tweet, a speaker's name, a list.
    """
    look = looks[index]
    line = look.unit.text
    if look.words > 8 or look.sentence or look.introduces or look.bullet or len(line) < 4:
        return False
    if not line.lstrip("‘'")[:1].isupper() or _NOT_CROSSHEAD.search(line) or not 0 < index < len(looks) - 1:
        return False
    following = next((later for later in looks[index + 1 : index + 4] if not (later.furniture or later.caption)), None)
    previous = looks[index - 1]
    return bool(following and following.prose and (previous.prose or previous.furniture or previous.sentence))


# ---------------------------------------------------------------- body, dateline, credit at the end


def _mark_body(draft: _Draft, text: str, look: Look, lexicons: Lexicons, *, speakers: bool) -> None:
    start, end = look.unit.start, look.unit.end
    dateline = look.dateline
    early = draft.dateline is None and draft.paragraphs < 3
    if dateline and early and (dateline.sure or (not draft.paragraphs and not speakers)):
        draft.dateline = dateline
        draft.mark(dateline.span, "dateline")
        if dateline.agency and dateline.agency_span:
            draft.credits.insert(0, (dateline.agency, dateline.agency_span, "rule:dateline"))
        start = dateline.span.end
        start += len(text[start:end]) - len(text[start:end].lstrip())
    elif look.bullet is not None and look.bullet < end:
        start = look.bullet
    draft.paragraphs += 1
    if start < end:
        draft.mark(Span(look.unit.start if look.bullet is not None else start, end), "body")
        draft.body.append(Span(start, end))


def _read_tail(draft: _Draft, text: str, lexicons: Lexicons) -> None:
    for span in draft.body[-2:]:
        tail = find_tail_credit(text, span.start, span.end, lexicons=lexicons)
        if tail:
            draft.credits.append((*tail, "rule:credit-at-end"))


# ---------------------------------------------------------------- the records


def _story(document: Document, draft: _Draft, metadata: Metadata, lexicons: Lexicons) -> tuple[Story, list[Outlet]]:
    outlets: list[Outlet] = []
    evidence = [_evidence("headline", draft.headline, "rule:first-headline")] if draft.headline else []
    if draft.dateline:
        evidence.append(_evidence("dateline", draft.dateline.place or draft.dateline.span, "rule:dateline"))
    published, updated, dated = _dates(draft)
    evidence += dated
    outlet = name_outlet(metadata, lexicons=lexicons)
    if outlet:
        outlets.append(outlet)
        stated = [each for each in metadata.evidence if each.field.startswith("outlet")]
        evidence += [replace(each, field="outlet_id") for each in stated[:1]]
    agency = None
    for domain, span, method in draft.credits:
        credited = lexicons.outlets.get(domain) or Outlet(id=domain, name=domain)
        if credited.is_agency and agency is None:
            agency = credited
            outlets.append(credited)
            evidence.append(_evidence("agency", span, method))
        elif not credited.is_agency and outlet is None:
            outlet = credited
            outlets.append(credited)
            evidence.append(_evidence("outlet_id", span, method))
    if agency is None:
        agency, said = _agency_author(draft.metadata, lexicons)
        outlets += [agency] if agency else []
        evidence += said
    story = Story(
        id=make_id("story", document.id, draft.first, draft.last),
        document_id=document.id,
        outlet_id=outlet.id if outlet else None,
        headline=draft.headline,
        dateline=draft.dateline.span if draft.dateline else None,
        summary=tuple(draft.summary),
        body=tuple(draft.body),
        published_at=published,
        updated_at=updated,
        agency=agency.id if agency else None,
        evidence=tuple(evidence),
    )
    return story, outlets


def _agency_author(metadata: Metadata, lexicons: Lexicons) -> tuple[Outlet | None, list[Evidence]]:
    """The agency that the metadata name as author: a page's byline "Reuters"."""
    for author in metadata.authors:
        outlet = lexicons.outlets.get(agency_named(author, lexicons=lexicons) or "")
        if outlet and outlet.is_agency:
            methods = [each.method for each in metadata.evidence if each.field == "authors"]
            return outlet, [Evidence(field="agency", spans=(), method=(methods or ["reader:author"])[0])]
    return None, []


def _dates(draft: _Draft) -> tuple[dt.date | dt.datetime | None, dt.date | dt.datetime | None, list[Evidence]]:
    """When a story was published and updated: as its metadata say, else as its stamps and its dateline say."""
    published, updated = draft.metadata.published_at, draft.metadata.updated_at
    evidence = [each for each in draft.metadata.evidence if each.field in ("published_at", "updated_at")]
    for stamp, offset in draft.stamps:
        if stamp.value is None:
            continue
        span = Span(offset + stamp.start, offset + stamp.end)
        if stamp.kind == "updated" and updated is None:
            updated = stamp.value
            evidence.append(_evidence("updated_at", span, "rule:time-stamp"))
        elif stamp.kind != "updated" and published is None:
            published = stamp.value
            evidence.append(_evidence("published_at", span, "rule:time-stamp"))
    if published is None and draft.dateline and draft.dateline.day:
        published = printed_day(draft.dateline.day, updated)
        if published:
            evidence.append(_evidence("published_at", draft.dateline.span, "rule:dateline-day"))
    return published, updated, evidence


def _evidence(name: str, span: Span, method: str) -> Evidence:
    return Evidence(field=name, spans=(span,), method=method)


def _shared(received: Received) -> Metadata:
    """What a document's metadata say about its second and further stories: only who published them."""
    return Metadata(
        outlet_domain=received.metadata.outlet_domain,
        outlet_name=received.metadata.outlet_name,
        evidence=tuple(each for each in received.metadata.evidence if each.field.startswith("outlet")),
    )


def _words(text: str, draft: _Draft) -> str:
    spans = [*([draft.headline] if draft.headline else []), *draft.summary, *draft.body]
    return "\n".join(text[span.start : span.end] for span in spans[:40])


def _left_out(document: Document, draft: _Draft, language: str | None) -> Problem:
    where = f"{document.location}:{draft.first}-{draft.last}"
    if language:
        return Problem(
            location=where,
            message=f"this story is in {language}; Dateline reads English, so it was left out",
            remedy="Translate it first, or leave it out of the input.",
        )
    return Problem(
        location=where,
        message="no headline and no paragraph was found here",
        remedy="Check that the text of the story, and not only what surrounds it, was saved.",
    )


def _boundary_problems(document: Document, looks: Sequence[Look], boundaries: Sequence[Boundary]) -> list[Problem]:
    problems = []
    for boundary in boundaries:
        if boundary.sure:
            continue
        unit = looks[boundary.look].unit
        words = unit.text if len(unit.text) <= 60 else unit.text[:57] + "..."
        said = "a second story was taken to begin here" if boundary.split else "a second story may begin here"
        problems.append(
            Problem(
                location=f"{document.location}:{unit.start}",
                message=f"{said}, which is uncertain: {words!r}",
                remedy="Put a line of three hyphens (---) between stories and use --split marker, or --split never.",
            )
        )
    return problems
