"""What the words and codes in the records mean, for `dateline explain`. The meanings are data: `data/terms.tsv`."""

from __future__ import annotations

import csv
import difflib
import functools
from dataclasses import dataclass
from importlib import resources

from dateline.errors import InstallationError, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word or code with its meaning.

    kind: "act", "quotation", "polarity", "standing", "event type" or "mode".
    of: for a mode the event type it belongs to, for an event type its PLOVER quadrant; otherwise empty.
    example: a made-up sentence.
    """

    term: str
    kind: str
    of: str
    meaning: str
    example: str


def explain(term: str) -> str:
    """The meaning of a term as text of a few lines. Raises UsageError for a term that is not known."""
    return "\n\n".join(_described(found) for found in find_terms(term))


def find_terms(term: str) -> tuple[Term, ...]:
    """Every entry for a term, capital letters aside: "visit", "ASSAULT" or "ASSAULT drone" (type and mode).

    Raises UsageError, naming the nearest terms, when there is none.
    """
    wanted = " ".join(term.replace("/", " ").split()).casefold()
    found = tuple(
        each for each in load_terms() if wanted in (each.term.casefold(), f"{each.of} {each.term}".casefold())
    )
    if not found:
        known = sorted({each.term for each in load_terms()})
        folded = {each.casefold(): each for each in known}
        near = [folded[match] for match in difflib.get_close_matches(wanted, folded, n=3, cutoff=0.6)]
        remedy = f"Did you mean {' or '.join(near)}?" if near else "`dateline explain` alone lists every term."
        raise UsageError(f"no term {term!r} is known", remedy=remedy)
    return found


def overview() -> str:
    """Every term, by kind; modes stand behind their event type."""
    terms = load_terms()
    modes = {each.of: [mode.term for mode in terms if mode.kind == "mode" and mode.of == each.of] for each in terms}
    lines = []
    for kind, title in (
        ("act", "Acts"),
        ("quotation", "Forms of quotation"),
        ("polarity", "Polarities"),
        ("standing", "Standings"),
    ):
        lines.append(f"{title}: {', '.join(each.term for each in terms if each.kind == kind)}")
    lines.append("Event types, with their modes:")
    for each in terms:
        if each.kind == "event type":
            lines.append(f"  {each.term}" + (f": {', '.join(modes[each.term])}" if modes.get(each.term) else ""))
    lines.append("`dateline explain TERM` says what one of them means.")
    return "\n".join(lines)


@functools.cache
def load_terms() -> tuple[Term, ...]:
    """Every term, in the order of the file: acts, forms of quotation, polarities, then event types with their modes."""
    try:
        text = (resources.files(__package__) / "data" / "terms.tsv").read_text(encoding="utf-8")
        rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(
            Term(term=row["term"], kind=row["kind"], of=row["of"], meaning=row["meaning"], example=row["example"])
            for row in rows
        )
    except (OSError, KeyError) as error:
        raise InstallationError(
            f"the list of terms cannot be read ({error})",
            location="dateline/faces/data/terms.tsv",
            remedy="Install Dateline again: pip install --force-reinstall dateline",
        ) from error


def _described(term: Term) -> str:
    title = f"{term.of} {term.term}" if term.kind == "mode" else term.term
    kind = {
        "act": "what a claim does (Claim.act)",
        "quotation": "how a claim is quoted (Claim.quotation)",
        "polarity": "whether the source holds it to be so (Claim.polarity)",
        "event type": f"PLOVER event type, {term.of}" if term.of else "event type of Dateline, not in PLOVER",
        "mode": f"mode of the event type {term.of}",
    }[term.kind]
    lines = [f"{title}: {kind}", f"  {term.meaning}"]
    if term.example:
        lines.append(f"  Example: {term.example}")
    modes = [each.term for each in load_terms() if each.kind == "mode" and each.of == term.term]
    if term.kind == "event type" and modes:
        lines.append(f"  Modes: {', '.join(modes)}")
    return "\n".join(lines)
