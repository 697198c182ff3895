"""Places: the table of cases, what must be true of any text, precision and the words before a name.

The language core is not loaded: words are split plainly, a word with a capital is a name, and [[ ]] and (( )) are what
the tagger would call places.
"""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.grounding import FoundPlaces, Precision, load_place_lexicons, open_gazetteer, precision_of, resolve_places
from dateline.grounding.places.context import home_of, relation_before
from dateline.language import find_mentions
from dateline.language.analysis import Analysis, Paragraph, Phrase, Stretch, Token
from dateline.records import Document, Outlet, Place, PlaceRef, Span, Story

CASES = Path(__file__).parents[2] / "cases" / "grounding" / "places.txt"
LEXICONS, GAZETTEER = load_place_lexicons(), open_gazetteer()
MARKS = re.compile(r"\[\[(.*?)\]\]|\(\((.*?)\)\)")
WORD = re.compile(r"\w+(?:\.\w+)*\.(?=,| |$)(?<=\w\.\w\.)|\w+|[^\w\s]")


def read(marked: str, *, dateline: Span | None = None, outlet: Outlet | None = None) -> tuple[str, FoundPlaces]:
    """The text without its marks, and what was found in it."""
    text, places, end = "", [], 0
    for found in MARKS.finditer(marked):
        text += marked[end : found.start()]
        words = found[1] or found[2]
        places.append((len(text), len(text) + len(words)))
        text, end = text + words, found.end()
    text += marked[end:]
    analysis = analysis_of(text, places)
    document = Document(id="document:1", text=text, location="test", media_type="text/plain")
    story = Story(
        id="story:1", document_id="document:1", outlet_id=None, headline=None, dateline=dateline,
        body=(Span(0, len(text)),),
    )  # fmt: skip
    mentions = find_mentions(analysis)
    return text, resolve_places(
        document, story, analysis, mentions, gazetteer=GAZETTEER, lexicons=LEXICONS, outlet=outlet
    )


def analysis_of(text: str, places: list[tuple[int, int]]) -> Analysis:
    tokens = tuple(
        Token(
            span=Span(*found.span()), text=found[0], upos="PROPN" if found[0][0].isupper() else "NOUN", head=0,
            deprel="obl", sentence=0, paragraph=0,
        )
        for found in WORD.finditer(text)
    )  # fmt: skip
    phrases = []
    for start, end in places:
        inside = [number for number, token in enumerate(tokens) if start <= token.span.start < end]
        named = [number for number in inside if tokens[number].text[0].isupper()]
        head, form = (named[-1], "name") if named else (inside[-1], "nominal")
        phrases.append(Phrase(Stretch(inside[0], inside[-1] + 1), head, "place", form, 1.0))  # type: ignore[arg-type]
    whole = Stretch(0, len(tokens))
    return Analysis(
        story_id="story:1", text=text, tokens=tokens, sentences=(whole,),
        paragraphs=(Paragraph(whole, Span(0, len(text)), "body"),), phrases=tuple(phrases), attributions=(),
    )  # fmt: skip


def cases() -> list[object]:
    rows = [line.split(" | ") for line in CASES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return [
        pytest.param(
            [cell.strip(" |") for cell in row], id=row[0],
            marks=[pytest.mark.xfail(reason=row[6], strict=True)] if len(row) > 6 else [],
        )
        for row in rows
    ]  # fmt: skip


@pytest.mark.parametrize("row", cases())
def test_a_name_means_what_the_table_says(row: list[str]) -> None:
    _, found = read(row[0])
    start = row[0].replace("((", "").index("[[")
    asked = [each for each in found.mentions if each.span.start <= start + 4 and start < each.span.end]
    refs = {ref.mention_id: (ref, kind) for ref, kind in zip(found.place_refs, found.precisions, strict=True)}
    answers = [refs[each.id] for each in asked if each.id in refs]
    if row[1] == "-":
        assert not answers
        assert {each.mention_id for each in found.unresolved} >= {each.id for each in asked}
        return
    ((ref, precision),) = answers
    places = {place.id: place for place in found.places}
    place = places[ref.place_id]
    assert (place.name, place.country) == (row[1], row[2])
    assert (place.feature_code or "").startswith(row[3])
    assert (ref.relation, precision.kind) == (row[4], row[5])


def test_the_renamed_district_lies_where_it_is() -> None:
    _, found = read("Clashes in [[Shamsiddin Shohin]].")
    (place,) = found.places
    assert abs(place.latitude - 37.84) < 0.2
    assert abs(place.longitude - 70.05) < 0.2
    assert (place.admin1, place.country) == ("Khatlon", "TJK")


def test_the_same_name_is_the_same_place_throughout_a_story() -> None:
    _, found = read("A fire in [[Paris]], ((Texas)). Nobody in ((Paris)) was hurt. ((Paris)) is small.")
    assert len({ref.place_id for ref in found.place_refs}) == 2


def test_the_place_of_the_dateline_gets_a_mention_of_its_own() -> None:
    text, found = read("KARACHI (AFP) - Rain fell.", dateline=Span(0, 15))
    (ref,) = (each for each in found.place_refs if each.place_id == "geonames:1174872")
    (mention,) = (each for each in found.mentions if each.id == ref.mention_id)
    assert text[mention.span.start : mention.span.end] == "KARACHI"
    assert mention.kind == "place"


def test_a_dateline_names_the_town_rather_than_the_state() -> None:
    _, found = read("NEW YORK - Rain fell.", dateline=Span(0, 10))
    assert [place.feature_code for place in found.places] == ["PPL"]


def test_a_known_name_that_the_tagger_left_alone_is_found() -> None:
    _, found = read("The war in Afghanistan goes on in [[Kabul]].")
    assert {place.name for place in found.places} >= {"Afghanistan", "Kabul"}


def test_weekdays_and_months_are_no_places() -> None:
    _, found = read("On Sunday in March the Police and the Court met.")
    assert found.place_refs == ()


def test_nationalities_outside_places_are_left_to_actors() -> None:
    _, found = read("Tajik officials met Afghan traders.")
    assert found.place_refs == ()


def test_an_embassy_does_not_stand_in_its_own_country() -> None:
    _, found = read("Crowds stood before the [[U.S. embassy]].")
    assert found.place_refs == ()


def test_a_reason_is_given_for_what_stays_unresolved() -> None:
    _, found = read("In [[Xyrrhqua]] and at [[the hospital]].")
    assert [each.reason for each in found.unresolved] == ["not in the gazetteer", "no name"]


def test_the_outlets_home_decides_between_namesakes() -> None:
    at_home = Outlet(id="news.example.ca", name="News", country="CAN")
    _, found = read("A fire in [[Hamilton]].", outlet=at_home)
    assert found.places[0].country == "CAN"


@pytest.mark.parametrize(
    ("outlet", "home"),
    [
        (None, None),
        (Outlet(id="dawn.com", name="Dawn", country="PAK"), "PK"),
        (Outlet(id="post.co.uk", name="Post"), "GB"),
        (Outlet(id="post.com.au", name="Post"), "AU"),
        (Outlet(id="post.tv", name="Post"), None),
        (Outlet(id="post.com", name="Post"), None),
    ],
)
def test_the_home_of_an_outlet(outlet: Outlet | None, home: str | None) -> None:
    assert home_of(outlet, {"PAK": "PK"}) == home


@pytest.mark.parametrize(
    ("words", "relation"),
    [
        ("in ", "in"), ("near ", "near"), ("outside the city of ", "near"), ("10 km south of ", "near"),
        ("on the outskirts of ", "near"), ("towards ", "toward"), ("en route to ", "toward"), ("fled ", "from"),
        ("came from northern ", "from"), ("across the border from ", "across"), ("He left. ", "in"), ("", "in"),
    ],
)  # fmt: skip
def test_the_words_before_a_name_tell_the_relation(words: str, relation: str) -> None:
    assert relation_before(f"It was {words}Gao", 7 + len(words), LEXICONS) == relation


@pytest.mark.parametrize(
    ("feature", "relation", "expected"),
    [
        ("PPL", "in", ("locality", 1, 1)), ("PPL", "near", ("near", 2, 2)), ("PRN", "in", ("point", 1, 1)),
        ("ADM2", "in", ("adm2", 2, 3)), ("ADM1", "near", ("adm1", 3, 4)), ("RGN", "in", ("region", 3, 5)),
        ("PCLI", "in", ("country", 3, 6)), ("SEA", "in", ("international", 3, 7)), (None, "in", ("region", 3, 5)),
    ],
)  # fmt: skip
def test_precision_on_the_scales_of_acled_and_ucdp(
    feature: str | None, relation: str, expected: tuple[str, int, int]
) -> None:
    place = Place(id="geonames:1", name="X", latitude=0, longitude=0, country="", feature_code=feature)
    ref = PlaceRef(place_id=place.id, mention_id="mention:1", relation=relation)  # type: ignore[arg-type]
    found = precision_of(place, ref, lexicons=LEXICONS)
    assert (found.kind, found.acled, found.ucdp) == expected
    assert found.radius_km > 0


def test_a_region_brings_its_own_radius() -> None:
    _, found = read("Rain fell in [[Central Asia]].")
    assert found.precisions == (Precision(kind="region", radius_km=1300, acled=3, ucdp=5),)


def test_the_gazetteer_travels_between_processes() -> None:
    assert pickle.loads(pickle.dumps(GAZETTEER)).find("Kabul") == GAZETTEER.find("Kabul")


NAMES = st.sampled_from(
    ["Kabul", "Paris", "Texas", "Gao", "Mali", "Georgia", "the", "in", "near", "of", ",", "province", "U.S.", "D.C."]
)


@given(words=st.lists(NAMES | st.text(max_size=6), min_size=1, max_size=25), marked=st.integers(0, 24))
def test_any_text_gives_refs_to_mentions_inside_it(words: list[str], marked: int) -> None:
    words = [word.replace("[", "").replace("(", "") or "x" for word in words]
    if WORD.search(words[marked % len(words)]):
        words[marked % len(words)] = f"[[{words[marked % len(words)]}]]"
    text, found = read(" ".join(words))
    mentions = {each.id: each for each in found.mentions}
    assert len(mentions) == len(found.mentions)
    places = {each.id for each in found.places}
    assert len(found.place_refs) == len(found.precisions) == len(found.confidences)
    for ref in found.place_refs:
        span = mentions[ref.mention_id].span
        assert 0 <= span.start < span.end <= len(text)
        assert ref.place_id in places
    assert {each.mention_id for each in found.unresolved}.isdisjoint(ref.mention_id for ref in found.place_refs)
