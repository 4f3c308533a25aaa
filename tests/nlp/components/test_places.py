"""Places: names in the words, what the writer calls them, and what is no place."""

from __future__ import annotations

import pytest

from domain.reading import PlaceMention
from domain.regions import load_regions
from domain.text.tokens import tokenize
from nlp.components.normaliser import folded_words
from nlp.components.places import DATELINE, PERSON, mentions
from nlp.gazetteer import Gazetteer


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(load_regions())


def told(gazetteer: Gazetteer, words: str) -> list[PlaceMention]:
    tokens = tokenize(words)
    return mentions(gazetteer, words, tokens, folded_words(words, tokens))


def named(gazetteer: Gazetteer, words: str) -> dict[str, str | None]:
    return {m.span.text: m.cue for m in told(gazetteer, words) if m.cue not in PERSON}


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("Jalan di Banyumulek rusak", {"Banyumulek": "di"}),
        ("jalan di banyumulek rusak", {"banyumulek": "di"}),
        ("Desa Gerung Utara, Kecamatan Gerung", {"Gerung Utara": "desa", "Gerung": "kecamatan"}),
        ("kec. Sekotong kab. Lombok Barat", {"Sekotong": "kec", "kab. Lombok Barat": None}),
        ("warga Batu Mekar Lingsar minta bantuan", {"Batu Mekar": "warga", "Lingsar": None}),
        ("Lobar dan Lotim di NTB", {"Lobar": None, "Lotim": None, "NTB": "di"}),
        ("kades Penimbung tidak di tempat", {"Penimbung": "kades"}),
        ("lampu mati di Sawah Lebar", {"Sawah Lebar": "di"}),
        ("macet di Kediri, Jawa Timur", {"Kediri": "di", "Jawa Timur": None}),
        ("SEKOTONG - Warga mengeluh", {"SEKOTONG": DATELINE}),
        ("motor hilang leq Bengkel bulan ni", {"Bengkel": "leq"}),
        ("banjir di kelurahan berkas", {"berkas": "kelurahan"}),
        ("hujan di #Gerung tadi pagi", {"Gerung": None}),
    ],
)
def test_places_are_found_with_the_word_before_them(
    gazetteer: Gazetteer, words: str, places: dict[str, str | None]
) -> None:
    assert named(gazetteer, words) == places


@pytest.mark.parametrize(
    "words",
    [
        "motor saya masuk bengkel terus",
        "Berkas saya belum diproses di kantor",
        "penurunan harga gabah",
        "jembatan kecil itu goyang",
        "harga terus naik tetap mahal",
        "satu lembar fotokopi",
        "Selamat wisuda adek sepupu Narmada Putri, S.Pd",
        "Bengkel motor di sini mahal",
        "rapat hari Jumat dan Minggu",
        "di Manyar Baru banyak lubang",
        "di kampung kami gelap",
        "macet di depan pasar",
        "",
    ],
)
def test_everyday_words_and_people_are_no_places(gazetteer: Gazetteer, words: str) -> None:
    assert named(gazetteer, words) == {}


@pytest.mark.parametrize(
    "words",
    ["Muhammad Narmada melapor", "kata Siti Gerung", "terima kasih Narmada Putri, S.Pd", "Lembar Jaya, SH hadir"],
)
def test_a_name_between_a_persons_others_is_no_place(gazetteer: Gazetteer, words: str) -> None:
    assert told(gazetteer, words) == []


def test_an_official_greeted_before_a_comma_hides_no_place(gazetteer: Gazetteer) -> None:
    assert named(gazetteer, "Bu, Narmada banjir lagi") == {"Narmada": None}
    assert named(gazetteer, "pak camat Gerung") == {"Gerung": "camat"}


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("harga terong naik, makan terong tiap hari", set()),
        ("Terong Tawah gelap", {"Terong Tawah"}),
        ("makan terong di masbagik", {"masbagik"}),
        ("pasar minggu depan buka", set()),
        ("dua lembar berkas di bengkel", set()),
    ],
)
def test_names_that_are_words_too_are_told_apart(gazetteer: Gazetteer, words: str, places: set[str]) -> None:
    assert set(named(gazetteer, words)) == places


@pytest.mark.parametrize(
    "words",
    [
        "Pak Surabaya ketua RT kami",
        "Bpk Haji Kediri melapor",
        "an. Bu Aikmel",
        "Ibu Narmada",
        "Pak Gunung Sari belum datang",
        "Bu Narmada marah",
        "kartu an. Selong",
        "kartu a.n. Selong",
        "atas nama a/n Selong",
        "Sdr. Lingsar menolak",
    ],
)
def test_a_persons_name_carries_its_title(gazetteer: Gazetteer, words: str) -> None:
    assert [m.cue in PERSON for m in told(gazetteer, words)] == [True]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("jalan di Banyumulekk rusak", "52.01.02.2006"),
        ("warga desa Sesella mengeluh", "52.01.09.2003"),
        ("banjir di kec Sekotng", "52.01.07"),
        ("lampu di banyu mulek padam", "52.01.02.2006"),
        ("warga Telaga Waru minta air", "52.01.08.2004"),
    ],
)
def test_slips_are_forgiven_after_a_word_that_announces_a_place(gazetteer: Gazetteer, words: str, code: str) -> None:
    found = told(gazetteer, words)
    assert any(code in m.candidates for m in found)


def test_a_slip_is_marked_as_one(gazetteer: Gazetteer) -> None:
    assert [m.fuzzy for m in told(gazetteer, "jalan di Banyumulekk rusak")] == [True]
    assert [m.fuzzy for m in told(gazetteer, "jalan di Banyumulek rusak")] == [False]


def test_an_unknown_word_far_from_every_name_is_no_slip(gazetteer: Gazetteer) -> None:
    assert told(gazetteer, "rumah di Qwertyuiop kosong") == []


def test_every_area_of_a_name_is_a_candidate(gazetteer: Gazetteer) -> None:
    (kediri,) = told(gazetteer, "macet di Kediri")
    assert {"52.01.02", "52.01.02.2001", "35.06", "35.71"} <= set(kediri.candidates)


def test_what_the_writer_calls_a_place_tells_its_level_everywhere(gazetteer: Gazetteer) -> None:
    found = told(gazetteer, "Hujan di Sembalun. Warga Kecamatan Sembalun mengungsi")
    assert [m.candidates for m in found] == [("52.03.15",), ("52.03.15",)]


def test_spans_point_at_the_names(gazetteer: Gazetteer) -> None:
    words = "😡 Jalan di Jum'at, Gerung & Batu Mekar – rusak"
    assert all(words[m.span.start : m.span.end] == m.span.text for m in told(gazetteer, words))


def test_without_regions_the_national_names_are_known() -> None:
    assert [m.candidates for m in told(Gazetteer({}), "banjir di Kabupaten Sidoarjo")] == [("35.15",)]
