"""A story as people read it: headline, where it comes from, then who says what, with the place of every quotation.

Every act is shown by its word; colour only repeats it. What is printed are the words of the story itself, with
line breaks and runs of blanks closed up.
"""

from __future__ import annotations

import bisect
import datetime as dt
import io
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dateline.faces.happenings import event_lines
from dateline.records import Actor, Claim, Problem, Span

if TYPE_CHECKING:
    from dateline.pipeline import StoryReading

WIDEST = 100  # longer lines are hard to read, however wide the terminal

ACT_COLOURS = {
    "say": "36",  # cyan: plain statement
    "accuse": "31",  # reds: against somebody
    "condemn": "31",
    "threaten": "1;31",
    "deny": "35",  # magenta: against what was said
    "reject": "35",
    "urge": "33",  # yellows: looking ahead
    "warn": "33",
    "promise": "32",  # greens: in favour
    "support": "32",
    "admit": "34",
    "express": "36",
}
_NOBODY = "(nobody is named)"
_ACT_COLUMN = max(map(len, ACT_COLOURS)) + 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How to print: `width` in characters, and whether the terminal shows colour."""

    width: int = 80
    colour: bool = False

    def paint(self, words: str, code: str) -> str:
        return f"\x1b[{code}m{words}\x1b[0m" if self.colour and words else words


def story_page(reading: StoryReading, *, style: Style) -> str:
    """One story: its head, its events with their voices, its claims grouped by speaker, one blank line after it."""
    page = io.StringIO()
    for line in story_head(reading, style):
        print(line, file=page)
    lines = LineNumbers(reading.document.text)
    if reading.events:
        print("\n  " + style.paint("What happened", "1;4" if style.colour else ""), file=page)
        for line in event_lines(reading, style, flat, lines.place):
            print(line, file=page)
        print("\n  " + style.paint("Who says what", "1;4" if style.colour else ""), file=page)
    for speaker, claims in _by_speaker(reading):
        print(file=page)
        print("  " + style.paint(shortened(speaker, style.width - 2), "1"), file=page)
        for claim in claims:
            for line in claim_lines(claim, reading, lines, style):
                print(line, file=page)
    if not reading.claims:
        print("\n  No claims were found in this story.", file=page)
    places = _places(reading)
    if places:
        print(file=page)
        for line in textwrap.wrap(f"places: {places}", style.width - 2, break_on_hyphens=False):
            print("  " + style.paint(line, "2"), file=page)
    return page.getvalue() + "\n"


def _places(reading: StoryReading) -> str:
    """The places that names were found to mean, each once, with their country."""
    shown = dict.fromkeys(
        f"{_printable(place.name)} ({place.country})" if place.country else _printable(place.name)
        for place in reading.places
    )
    return ", ".join(shown)


def problems_page(problems: Sequence[Problem], *, style: Style) -> str:
    """Everything odd about the inputs; "" when nothing was."""
    if not problems:
        return ""
    page = io.StringIO()
    print(style.paint(f"Problems ({len(problems)})", "1;33"), file=page)
    for problem in problems:
        print(problem_text(problem, width=style.width), file=page)
    return page.getvalue() + "\n"


def problem_text(problem: Problem, *, width: int = 80) -> str:
    """One problem: where, what, and what to do."""
    message = _sentence(problem.message)
    words = f"{problem.location}: {message}" + (f" {problem.remedy}" if problem.remedy else "")
    return textwrap.fill(
        words,
        width=width,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def story_head(reading: StoryReading, style: Style) -> Iterator[str]:
    """Headline, outlet, dates, dateline, and where the story came from."""
    story = reading.story
    headline = flat(reading, (story.headline,)) if story.headline else "(no headline)"
    for line in textwrap.wrap(headline, style.width):
        yield style.paint(line, "1;4" if style.colour else "")
    facts = [
        reading.outlet.name if reading.outlet else story.outlet_id,
        f"published {_day(story.published_at)}" if story.published_at else "no date of publication",
        f"updated {_day(story.updated_at)}" if story.updated_at else None,
        flat(reading, (story.dateline,)).rstrip(":—–- ") if story.dateline else None,
        reading.document.location,
    ]
    for line in textwrap.wrap(" · ".join(filter(None, facts)), style.width, break_on_hyphens=False):
        yield style.paint(line, "2")


def _by_speaker(reading: StoryReading) -> list[tuple[str, list[Claim]]]:
    """Claims under who makes them, speakers in the order in which they first speak."""
    known = {actor.id: actor for actor in reading.actors}
    groups: dict[tuple[str, ...], tuple[str, list[Claim]]] = {}
    for claim in sorted(reading.claims, key=_position):
        words = flat(reading, claim.source) or _NOBODY
        speakers = [known[ref.actor_id] for ref in claim.source_actors]
        key = tuple(sorted({actor.id for actor in speakers})) or (words.casefold(),)
        title = "; ".join(_introduced(actor, known) for actor in speakers) or words
        groups.setdefault(key, (title, []))[1].append(claim)
    return list(groups.values())


def _introduced(actor: Actor, known: Mapping[str, Actor]) -> str:
    """An actor by name, whom it speaks for, and its codes: "Ann Lee, for the Harbour Office (NZL GOV)"."""
    body = known.get(actor.speaks_for or "")
    codes = " ".join(filter(None, (actor.country, actor.sector)))
    name = _printable(actor.name) + (f", for {_printable(body.name)}" if body else "")
    return f"{name} ({codes})" if codes else name


def claim_lines(claim: Claim, reading: StoryReading, lines: LineNumbers, style: Style) -> Iterator[str]:
    """A claim: its act and content, then how it is said, where, and what it answers."""
    act = style.paint(claim.act.ljust(_ACT_COLUMN), ACT_COLOURS.get(claim.act, ""))
    margin = " " * (4 + _ACT_COLUMN)
    room = max(20, style.width - len(margin))
    first, *rest = textwrap.wrap(flat(reading, claim.content), room) or ["(no words)"]
    yield f"    {act}{first}"
    for line in rest:
        yield margin + line
    for line in textwrap.wrap(_particulars(claim, reading, lines), room, break_on_hyphens=False):
        yield margin + style.paint(line, "2")


def _particulars(claim: Claim, reading: StoryReading, lines: LineNumbers) -> str:
    """How it is said and where: "denied · indirect · line 9 [512-560] · answers ..."."""
    claims = {each.id: each for each in reading.claims}
    answered, outer = claims.get(claim.answers or ""), claims.get(claim.within or "")
    cue = flat(reading, claim.cue)
    notes = [
        cue or None,
        claim.quotation,
        "held to be untrue" if claim.polarity == "rejects" and claim.act != "deny" else None,
        lines.place(claim.content or claim.cue or claim.source),
        f"answers {_pointer(answered, reading, lines)}" if answered else None,
        f"told by {flat(reading, outer.source) or _NOBODY}" if outer else None,
    ]
    return " · ".join(filter(None, notes))


def _pointer(claim: Claim, reading: StoryReading, lines: LineNumbers) -> str:
    """Another claim in a few words: who, what act, which line."""
    who = shortened(flat(reading, claim.source) or _NOBODY, 40)
    return f"{who} ({claim.act}, {lines.line(_position(claim))}): {shortened(flat(reading, claim.content), 60)}"


class LineNumbers:
    """Where in the text something stands, as an editor counts lines (from 1)."""

    def __init__(self, text: str) -> None:
        self._breaks = [index for index, character in enumerate(text) if character == "\n"]

    def line(self, offset: int) -> str:
        return f"line {bisect.bisect_left(self._breaks, offset) + 1}"

    def place(self, spans: Sequence[Span]) -> str:
        if not spans:
            return ""
        return f"{self.line(spans[0].start)} [{', '.join(f'{span.start}-{span.end}' for span in spans)}]"


def _position(claim: Claim) -> int:
    return min((span.start for span in (*claim.content, *claim.cue, *claim.source)), default=0)


def flat(reading: StoryReading, spans: Sequence[Span]) -> str:
    """The words on one line, and nothing in them that a terminal would obey."""
    return _printable(reading.words(spans))


def _printable(words: str) -> str:
    return "".join(character for character in " ".join(words.split()) if character.isprintable())


def shortened(words: str, room: int) -> str:
    return words if len(words) <= room else words[: room - 1].rstrip() + "…"


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _day(moment: dt.date | dt.datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
