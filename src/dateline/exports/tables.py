"""Events as tables: POLECAT's 40 columns, GDELT's 61, CAMEO, ACLED's 31, each with attribution behind its own.

Cells are safe to open in a spreadsheet: text that one would take for a formula gets an apostrophe before it, and line
breaks and tabs within a cell become blanks.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import Any

from dateline.exports.coding import Coded, Party, Voice, code, source_words
from dateline.exports.ontology import AcledRow, Ontology
from dateline.exports.story import ExportStory, words_at
from dateline.records import Casualties, Count, Id, Place, Toll

ATTRIBUTION = (
    "Standing", "Asserted By", "Denied By", "Tolls", "Status", "Trigger", "Location", "Spans", "Dateline ID",
)  # fmt: skip
CAMEO = (
    "Date", "Source Name", "Source Country", "Source Sector", "Target Name", "Target Country", "Target Sector",
    "CAMEO Code", "CAMEO Name", "Root Code", "Quad Class", "Goldstein", "PLOVER Type", "PLOVER Mode",
)  # fmt: skip
VERSION = "Dateline"

Row = Mapping[str, object]


def header(name: str, ontology: Ontology, delimiter: str) -> str:
    """The first line of a table."""
    return write_row([*_columns(name, ontology), *ATTRIBUTION], delimiter)


def rows(
    name: str, story: ExportStory, ontology: Ontology, delimiter: str, only: Container[Id] | None = None
) -> Iterator[str | None]:
    """One line for each event of a story, None where the format cannot hold it. only: as in `coding.code`."""
    make = _MAKERS[name]
    columns = _columns(name, ontology)
    for one in code(story, ontology, only):
        row = make(story, one, ontology)
        if row is None:
            yield None
        else:
            yield write_row([*(row.get(column, "") for column in columns), *_attribution(story, one)], delimiter)


def _columns(name: str, ontology: Ontology) -> tuple[str, ...]:
    return CAMEO if name == "cameo" else ontology.columns[name]


def write_row(cells: Sequence[object], delimiter: str) -> str:
    """One line of a table with its line break."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerow([safe(cell) for cell in cells])
    return out.getvalue()


# What starts a formula in spreadsheets; East Asian ones take the wide forms as well.
_FORMULA = frozenset("=+-@＝＋－＠")


def safe(cell: object) -> object:
    """A cell that no spreadsheet runs as a formula, on one line. Numbers stay numbers.

    Characters without a shape of their own do not hide a formula: programs that read the file may drop them.
    """
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return cell
    flat = " ".join(cell.split())
    first = next((each for each in flat if unicodedata.category(each) not in ("Cc", "Cf", "Zs")), "")
    return f"'{flat}" if first in _FORMULA else flat


def _attribution(story: ExportStory, one: Coded) -> list[object]:
    return [
        one.standing,
        _named(one.asserted_by),
        _named(one.denied_by),
        "; ".join(_toll(story, toll) for toll in one.tolls),
        one.status,
        words_at(story, one.trigger[:1]),
        story.document.location,
        " ".join(f"{span.start}-{span.end}" for span in one.trigger),
        one.id,
    ]


def _named(voices: Sequence[Voice]) -> str:
    return "; ".join(dict.fromkeys(voice.name for voice in voices))


def _toll(story: ExportStory, toll: Toll) -> str:
    count = toll.count
    low, high = ("?" if bound is None else bound for bound in (count.low, count.high))
    number = count.best if count.best is not None else f"{low} to {high}"
    voice = source_words(story, toll.claim_id)
    return f"{toll.harm} {number}" + (f" ({voice})" if voice else "")


def _polecat(story: ExportStory, one: Coded, ontology: Ontology) -> Row:
    known = ontology.types.get(one.type)
    actor, recipient = _first(one.actors), _first(one.recipients)
    place = one.place[0] if one.place else None
    kinds = {kind: [a.name for a in story.actors if a.kind == kind] for kind in ("person", "organization")}
    return {
        "Event ID": one.id,
        "Event Date": _day(one),
        "Event Type": one.type,
        "Event Mode": one.mode,
        "Intensity": ontology.score(one.type, one.mode),
        "Quad Code": known.quad_name.upper() if known else "",
        "Contexts": ";".join(one.contexts),
        **_polecat_party("Actor", actor, one.actors),
        **_polecat_party("Recipient", recipient, one.recipients),
        "Placename": place.name if place else "",
        "City": place.name if place and (place.feature_code or "").startswith("PPL") else "",
        "District": place.admin2 if place else "",
        "Province": place.admin1 if place else "",
        "Country": place.country if place else "",
        "Latitude": place.latitude if place else "",
        "Longitude": place.longitude if place else "",
        "GeoNames ID": place.id.removeprefix("geonames:") if place and place.id.startswith("geonames:") else "",
        "Raw Placename": _raw_place(story, one),
        "Feature Type": place.feature_code if place else "",
        "Source": story.outlet.name if story.outlet else story.story.outlet_id,
        "Publication Date": _published(story),
        "Story People": ";".join(kinds["person"]),
        "Story Organizations": ";".join(kinds["organization"]),
        "Story Locations": ";".join(dict.fromkeys(each.name for each in story.places)),
        "Language": "en",
        "Version": VERSION,
    }


def _polecat_party(role: str, party: Party | None, parties: Sequence[Party]) -> dict[str, object]:
    if party is None:
        return {}
    return {
        f"{role} Name": ";".join(each.name for each in parties),
        f"{role} Country": ";".join(each.code or "None" for each in parties),
        f"Primary {role} Sector": party.sector,
        f"{role} Sectors": ";".join(each.sector or "None" for each in parties),
        f"{role} Name Raw": ";".join(each.text for each in parties),
        f"Wikipedia {role} ID": party.wikidata,
    }


def _cameo(story: ExportStory, one: Coded, ontology: Ontology) -> Row | None:
    number = ontology.cameo_code(one.type, one.mode, one.contexts)
    if number is None:
        return None
    known, source, target = ontology.codes[number], _first(one.actors), _first(one.recipients)
    return {
        "Date": _day(one) or _published(story),
        "Source Name": source.name if source else "",
        "Source Country": source.code if source else "",
        "Source Sector": source.sector if source else "",
        "Target Name": target.name if target else "",
        "Target Country": target.code if target else "",
        "Target Sector": target.sector if target else "",
        "CAMEO Code": number,
        "CAMEO Name": known.name,
        "Root Code": number[:2],
        "Quad Class": known.quad,
        "Goldstein": known.goldstein,
        "PLOVER Type": one.type,
        "PLOVER Mode": one.mode,
    }


def _gdelt(story: ExportStory, one: Coded, ontology: Ontology) -> Row | None:
    number = ontology.cameo_code(one.type, one.mode, one.contexts)
    if number is None:
        return None
    known, day = ontology.codes[number], one.earliest or one.latest or story.story.published_at
    place = one.place[0] if one.place else None
    stamp = _stamp(day) if day else ""
    return {
        "GLOBALEVENTID": one.id,
        "SQLDATE": stamp,
        "MonthYear": stamp[:6],
        "Year": stamp[:4],
        # GDELT's months have thirty days.
        "FractionDate": f"{day.year + ((day.month - 1) * 30 + day.day) / 365:.4f}" if day else "",
        **_gdelt_party("Actor1", _first(one.actors)),
        **_gdelt_party("Actor2", _first(one.recipients)),
        "IsRootEvent": int(
            bool(story.story.body) and min(span.start for span in one.trigger) < story.story.body[0].end
        ),
        "EventCode": number,
        "EventBaseCode": number[:3],
        "EventRootCode": number[:2],
        "QuadClass": known.quad,
        "GoldsteinScale": known.goldstein,
        "NumMentions": len(one.trigger),
        "NumSources": 1,
        "NumArticles": 1,
        "ActionGeo_Type": _geo_type(place) if place else "",
        "ActionGeo_FullName": place.name if place else "",
        "ActionGeo_CountryCode": place.country if place else "",
        "ActionGeo_ADM1Code": place.admin1 if place else "",
        "ActionGeo_ADM2Code": place.admin2 if place else "",
        "ActionGeo_Lat": place.latitude if place else "",
        "ActionGeo_Long": place.longitude if place else "",
        "ActionGeo_FeatureID": place.id if place else "",
        "DATEADDED": _moment(story),
        "SOURCEURL": story.document.location,
    }


def _gdelt_party(role: str, party: Party | None) -> dict[str, object]:
    if party is None:
        return {}
    return {
        f"{role}Code": (party.code or "") + (party.sector or ""),
        f"{role}Name": party.name.upper(),
        f"{role}CountryCode": party.code,
        f"{role}Type1Code": party.sector,
    }


def _geo_type(place: Place) -> int:
    """GDELT's class of a place: 1 country, 2 state of the USA, 3 city there, 4 city elsewhere, 5 province elsewhere."""
    at_home = place.country == "USA"
    if (place.feature_code or "").startswith("PCL"):
        return 1
    if place.feature_code == "ADM1":
        return 2 if at_home else 5
    return 3 if at_home else 4


def _acled(story: ExportStory, one: Coded, ontology: Ontology) -> Row | None:
    """ACLED holds what happened or goes on, with a place; plans, talk and other kinds of events are left out."""
    known = ontology.acled.get((one.type, one.mode or ""))
    if known is None or one.verbal or one.place is None or one.status not in ("happened", "ongoing"):
        return None
    place, ref = one.place
    actor, target = _first(one.actors), _first(one.recipients)
    inters = [_inter(actor, known.actor, ontology), _inter(target, known.recipient, ontology)]
    killed = _killed(one.casualties)
    event, sub = _as_acled_has_it(known, inters[1], killed, ontology)
    day = one.earliest or one.latest or story.story.published_at
    return {
        "event_id_cnty": one.id,
        "event_date": _iso(day) if day else "",
        "year": f"{day.year:04d}" if day else "",
        "time_precision": _time_precision(one),
        "disorder_type": _disorder(event, sub),
        "event_type": event,
        "sub_event_type": sub,
        "actor1": actor.name if actor else "",
        "assoc_actor_1": "; ".join(each.name for each in one.actors[1:]),
        "inter1": inters[0],
        "actor2": target.name if target else "",
        "assoc_actor_2": "; ".join(each.name for each in one.recipients[1:]),
        "inter2": inters[1],
        "interaction": _interaction(inters, ontology),
        "civilian_targeting": "Civilian targeting" if _targets_civilians(event, sub, inters[1], ontology) else "",
        "country": place.country,
        "admin1": place.admin1,
        "admin2": place.admin2,
        "location": place.name,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "geo_precision": ref.precision,
        "source": story.outlet.name if story.outlet else story.story.outlet_id,
        "notes": words_at(story, one.trigger[:1]),
        "fatalities": killed if killed is not None else "",
        "timestamp": _published(story),
    }


def _inter(party: Party | None, by_kind: str | None, ontology: Ontology) -> str:
    """ACLED's class of a side: who protests is a protester, whatever the sector."""
    if party is None:
        return ""
    return by_kind or ontology.inter.get(party.sector or "", "")


def _killed(casualties: Casualties | None) -> int | None:
    """The number that is shown first, the least where there are only bounds. Never a guess."""
    count: Count | None = casualties.killed if casualties else None
    if count is None:
        return None
    return count.best if count.best is not None else count.low


def _as_acled_has_it(known: AcledRow, target: str, killed: int | None, ontology: Ontology) -> tuple[str, str]:
    """An attack on armed people is a battle; a protest that is put down with dead is met with excessive force."""
    if known.sub_event == "Attack" and _kind(target, ontology) == "armed":
        return "Battles", "Armed clash"
    if known.sub_event == "Protest with intervention" and killed:
        return known.event, "Excessive force against protesters"
    return known.event, known.sub_event


def _targets_civilians(event: str, sub: str, target: str, ontology: Ontology) -> bool:
    """Whether civilians are what an act of violence is aimed at; peaceful protesters who are shot at are civilians."""
    if sub == "Excessive force against protesters":
        return True
    return _kind(target, ontology) == "civilian" and event not in ("Protests", "Strategic developments")


def _interaction(inters: Sequence[str], ontology: Ontology) -> str:
    """Both sides in the order of ACLED's numbers: "State forces-Civilians", or "Protesters only"."""
    sides = sorted(filter(None, inters), key=lambda side: ontology.classes[side].number)
    return f"{sides[0]} only" if len(sides) == 1 else "-".join(sides)


def _kind(inter: str, ontology: Ontology) -> str | None:
    known = ontology.classes.get(inter)
    return known.kind if known else None


def _time_precision(one: Coded) -> int:
    """ACLED's: 1 the day, 2 within a week, 3 within a month or not known better."""
    if one.earliest is None or one.latest is None:
        return 3
    days = (one.latest - one.earliest).days
    return 1 if days == 0 else 2 if days <= 7 else 3


def _disorder(event: str, sub: str) -> str:
    if event == "Strategic developments":
        return event
    if sub == "Excessive force against protesters":
        return "Political violence; Demonstrations"
    return "Demonstrations" if event in ("Protests", "Riots") else "Political violence"


def _first(parties: Sequence[Party]) -> Party | None:
    return parties[0] if parties else None


def _day(one: Coded) -> str:
    day = one.date or one.earliest or one.latest
    return day.isoformat() if day else ""


def _published(story: ExportStory) -> str:
    moment = story.story.published_at
    return _iso(moment) if moment else ""


def _moment(story: ExportStory) -> str:
    """The time of publication as GDELT 2.0 writes it, midnight where only the day is known."""
    moment = story.story.published_at
    if moment is None:
        return ""
    return _stamp(moment) + (f"{moment:%H%M%S}" if isinstance(moment, dt.datetime) else "000000")


def _iso(day: dt.date) -> str:
    return (day.date() if isinstance(day, dt.datetime) else day).isoformat()


def _stamp(day: dt.date) -> str:
    """Eight digits; strftime leaves out the zeros of early years on some systems."""
    return _iso(day).replace("-", "")


def _raw_place(story: ExportStory, one: Coded) -> str:
    if one.place is None:
        return ""
    span = next((mention.span for mention in story.mentions if mention.id == one.place[1].mention_id), None)
    return words_at(story, (span,)) if span else ""


_MAKERS: Mapping[str, Callable[[ExportStory, Coded, Ontology], Row | None]] = {
    "polecat": _polecat,
    "cameo": _cameo,
    "gdelt": _gdelt,
    "acled": _acled,
}


def delimiter_of(name: str) -> str:
    """Tabs for what is distributed with tabs (POLECAT, GDELT), commas for the others."""
    return "\t" if name in ("polecat", "gdelt") else ","


def cells(line: str, delimiter: str) -> list[Any]:
    """The cells of one written line."""
    return next(csv.reader([line], delimiter=delimiter))
