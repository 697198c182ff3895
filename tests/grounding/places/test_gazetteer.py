"""The file of the gazetteer: what is written is found again, damage is named, a dump of GeoNames becomes one."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.errors import InputError, InstallationError
from dateline.grounding.places.gazetteer import open_gazetteer
from dateline.grounding.places.importing import import_geonames
from dateline.grounding.places.names import distance_of, key_of, skeleton_of
from dateline.grounding.places.packing import Entry, Packer

SHIPPED = open_gazetteer()
ROWS = [
    "1|Hala|Hala|Khala,Хала|1.5|2.5|P|PPLC|TJ||01|0101|||9000||5|Asia/Dushanbe|2026-01-01",
    "2|Hala|Hala|Hala Province|1.4|2.4|A|ADM1|TJ||01||||20000||5|Asia/Dushanbe|2026-01-01",
    "3|Upper Hala|Upper Hala||1.45|2.45|A|ADM2|TJ||01|0101|||5000||5|Asia/Dushanbe|2026-01-01",
    "4|Hotel Hala|Hotel Hala||1.5|2.5|S|HTL|TJ||01||||0||5|Asia/Dushanbe|2026-01-01",
    "1220409|Republic of Tajikistan|Republic of Tajikistan|Tadzhikistan|38.9|71|A|PCLI|TJ||00||||9000000||5|x|2026",
    "this row is broken",
]


def dump(path: Path) -> Path:
    path.write_text("".join(row.replace("|", "\t") + "\n" for row in ROWS), encoding="utf-8")
    return path


def small(path: Path, *entries: Entry) -> Path:
    packer = Packer([("TJ", "TJK", "Tajikistan", ["AF"])])
    for entry in entries:
        packer.add(entry)
    packer.write(path, about={"licences": []})
    return path


def entry(number: int, name: str, **more: object) -> Entry:
    fields: dict[str, object] = {"latitude": 1.25, "longitude": -2.5, "country": "TJ", "feature": "PPL"} | more
    return Entry(number=number, source="geonames", name=name, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Ürümqi", "urumqi"), ("St. Paul", "saint paul"), ("Al-Fu`ah", "al fuah"), ("the Gulf", "gulf"), ("U.S.", "us"),
        ("Łódź", "lodz"), ("  Abu   Dhabi ", "abu dhabi"), ("...", ""), ("D’Or", "dor"),
    ],
)  # fmt: skip
def test_names_are_compared_without_accents_capitals_and_marks(name: str, key: str) -> None:
    assert key_of(name) == key


@given(name=st.text(max_size=30))
def test_a_key_is_its_own_key(name: str) -> None:
    assert "~" not in key_of(name)
    assert key_of(key_of(name)) in (key_of(name), key_of(name).removeprefix("the "))


@pytest.mark.parametrize(("one", "other"), [("Shuroobod", "Shurobad"), ("Kharkiv", "Harkiv"), ("Qandahar", "Kandahar")])
def test_other_transliterations_have_the_same_skeleton(one: str, other: str) -> None:
    assert skeleton_of(key_of(one)) == skeleton_of(key_of(other)) is not None


def test_letters_are_counted_up_to_a_limit() -> None:
    assert distance_of("gao", "gao", limit=2) == 0
    assert distance_of("kobani", "kobane", limit=2) == 1
    assert distance_of("kobani", "aleppo", limit=2) == 3


@given(names=st.lists(st.text("abcdeßé -", min_size=1, max_size=12).filter(key_of), min_size=1, max_size=60))
def test_every_name_that_was_written_is_found(names: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("gazetteer") / "small.bin"
    opened = open_gazetteer(small(path, *(entry(number, name) for number, name in enumerate(names, start=1))))
    for row, name in enumerate(names):
        assert row in [each.row for each in opened.find(name)]
        place = opened.place(row)
        assert (place.id, place.latitude, place.longitude) == (f"geonames:{row + 1}", 1.25, -2.5)
        assert (place.name, place.country) == (" ".join(name.split()), "TJK")
    assert opened.find("a name that nobody wrote") == ()


def test_parents_may_come_later_and_missing_ones_are_none(tmp_path: Path) -> None:
    packer = Packer([("TJ", "TJK", "Tajikistan", [])])
    packer.add(entry(1, "Gao", admin1="TJ.1"))
    packer.add(entry(2, "Nowhere", admin1="TJ.9"))
    packer.add(entry(3, "Khatlon", feature="ADM1", admin1="TJ.1"), parent="TJ.1")
    packer.write(tmp_path / "small.bin", about={})
    opened = open_gazetteer(tmp_path / "small.bin")
    assert [opened.place(row).admin1 for row in range(3)] == ["Khatlon", None, "Khatlon"]


def test_the_same_places_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = (small(tmp_path / name, entry(1, "Gao"), entry(2, "Hala")) for name in ("a.bin", "b.bin"))
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda content: b"", "cannot be read"),
        (lambda content: b"PK" + content[2:], "no gazetteer"),
        (lambda content: content[:8] + b"\x09" + content[9:], "version 9"),
        (lambda content: content[:-5], "damaged or cut off"),
        (lambda content: content[:40] + b"\xff" + content[41:], "damaged or cut off"),
    ],
)
def test_a_damaged_file_is_named_with_a_remedy(tmp_path: Path, damage: object, words: str) -> None:
    path = small(tmp_path / "small.bin", entry(1, "Gao"))
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(InstallationError, match=words) as raised:
        open_gazetteer(path)
    assert raised.value.remedy
    assert raised.value.location == str(path)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(InstallationError):
        open_gazetteer(Path("no-such-file.bin"))


def test_the_shipped_gazetteer_is_the_one_of_its_card(root: Path) -> None:
    folder = root / "src/dateline/grounding/places/data"
    content = (folder / "gazetteer.bin").read_bytes()
    assert len(content) < 30_000_000
    assert hashlib.sha256(content).hexdigest() in (folder / "gazetteer.card.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["Kabul", "Khatlon", "U.S.", "Central Asia", "Ürümqi", "Foua", "Shuroobod", "Kiev"])
def test_the_shipped_gazetteer_knows(name: str) -> None:
    assert SHIPPED.find(name)


def test_a_capitals_namesakes_are_no_capitals() -> None:
    found = [each.row for each in SHIPPED.find("Washington") if SHIPPED.feature_of(each.row) == "PPLC"]
    assert len(found) == 1


@pytest.mark.parametrize("packed", [False, True])
def test_a_dump_of_geonames_becomes_a_gazetteer(tmp_path: Path, packed: bool) -> None:
    source = dump(tmp_path / "TJ.txt")
    if packed:
        with zipfile.ZipFile(tmp_path / "TJ.zip", "w") as archive:
            archive.writestr("readme.txt", "about")
            archive.write(source, "TJ.txt")
        source = tmp_path / "TJ.zip"
    result = import_geonames(source, tmp_path / "out.bin", shipped=SHIPPED)
    assert (result.rows, result.odd) == (6, 1)
    opened = open_gazetteer(tmp_path / "out.bin")
    (town,) = (opened.place(each.row) for each in opened.find("Khala"))
    assert (town.name, town.country, town.admin1, town.admin2) == ("Hala", "TJK", "Hala", "Upper Hala")
    assert opened.find("Hotel Hala") == ()
    (country,) = (opened.place(each.row) for each in opened.find("Tajikistan"))
    assert country.id == "geonames:1220409"
    for name in ("Central Asia", "France", "Shamsiddin Shohin"):  # our own names come along
        assert opened.find(name), name


@pytest.mark.parametrize("content", ["", "a\tb\n", "no table at all"])
def test_what_is_no_dump_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.txt").write_text(content)
    with pytest.raises(InputError):
        import_geonames(tmp_path / "x.txt", tmp_path / "out.bin", shipped=SHIPPED)


def test_a_zip_without_a_table_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("picture.png", "")
    with pytest.raises(InputError, match=r"no \.txt"):
        import_geonames(tmp_path / "x.zip", tmp_path / "out.bin", shipped=SHIPPED)
