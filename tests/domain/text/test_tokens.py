"""Tokens: the same words everywhere, each with its place in the text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.text.stemming import _ROOTS
from domain.text.tokens import _SLANG, exact_stream, normal, stem_stream, tokenize

WORDS = st.sampled_from(
    [
        "jalaaan",
        "saat",
        "gak",
        "bangettt",
        "anak2",
        "Jum'at",
        "café",
        "[telepon]",
        "😡",
        "١٢",
        "ﬁ",
        "ß",
        "İ",
        "a\u0301b",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(WORDS).map(" ".join))


def exacts(text: str) -> list[str]:
    return [t.exact for t in tokenize(text)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Jalan RUSAK", "jalan rusak"),
        ("yg gak bs", "yang tidak bisa"),
        ("bangeeet jalaaan", "banget jalan"),
        ("bangett jalann", "banget jalan"),
        ("saat maaf manfaat koordinasi", "saat maaf manfaat koordinasi"),
        ("jalan-jalan", "jalan jalan"),
        ("anak2 ditambal2 anak2nya", "anak ditambal anaknya"),
        ("rt2 2024 1000", "rt2 2024 1000"),
        ("Jum'at", "jumat"),
        ("ma`af é ma`af", "maaf e maaf"),
        ("café naïve ﬁnal", "cafe naive final"),
        ("wkwkwkwk hahahaha", "wkwk haha"),
        ("tolooooong", "tolong"),
        ("#JalanRusak @pemkab_lobar", "jalanrusak pemkab lobar"),
        ("hubungi [telepon] ya", "hubungi ya"),
        ("[NIK] [lain]", "nik lain"),
        ("", ""),
        ("🙏🙏 ☕!!!", ""),
        ("ma\u00adaf", "maaf"),
    ],
)
def test_words_are_normalised(written: str, read: str) -> None:
    assert exact_stream(tokenize(written)) == read


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("perintah", "perintah"), ("pemerintah", "pemerintah"), ("pemerintahan", "pemerintah"),
        ("merah", "merah"), ("beras", "beras"), ("ikan", "ikan"), ("berikan", "beri"),
        ("pelayanan", "layan"), ("penerangan", "terang"), ("mengeluhkan", "keluh"), ("diperbaiki", "baik"),
        ("ngurus", "urus"), ("nyari", "cari"), ("menyapu", "sapu"), ("memukul", "pukul"),
        ("kelurahan", "kelurahan"), ("kebakaran", "kebakaran"), ("kependudukan", "kependudukan"),
        ("pengawasan", "awas"), ("dilaporkan", "lapor"), ("bersihin", "bersih"), ("seenaknya", "enak"),
        ("pengadaan", "pengadaan"), ("yang", ""), ("xyzzykan", "xyzzykan"),
    ],
)  # fmt: skip
def test_affixes_go_only_where_a_known_root_remains(word: str, stem: str) -> None:
    assert [t.stem for t in tokenize(word)] == [stem]


def test_stop_words_stay_in_the_exact_stream_only() -> None:
    tokens = tokenize("jalan yang rusak di Gerung")
    assert exact_stream(tokens) == "jalan yang rusak di gerung"
    assert stem_stream(tokens) == "jalan rusak gerung"


def test_slang_maps_to_words_that_map_to_themselves() -> None:
    assert [k for k, v in _SLANG.items() if normal(v) != v or not re.fullmatch("[a-z]+", k + v)] == []


def test_stems_of_stems_are_the_same() -> None:
    words = [f"{before}{x}{after}" for x in [*_SLANG.values(), *sorted(_ROOTS)[::40]]
             for before, after in (("", ""), ("di", "kan"), ("peng", "an"))]  # fmt: skip
    stems = {t.stem for t in tokenize(" ".join(words)) if t.stem}
    assert [x for x in stems if stem_stream(tokenize(x)) != x] == []


@settings(max_examples=300)
@given(TEXTS)
def test_offsets_point_at_the_surface(text: str) -> None:
    last = 0
    for token in tokenize(text):
        assert last <= token.start < token.end <= len(text)
        surface = text[token.start : token.end]
        assert exacts(surface) == [token.exact]
        assert re.fullmatch("[a-z0-9]+", token.exact)
        assert re.fullmatch("[a-z0-9]*", token.stem)
        last = token.end


@given(TEXTS)
def test_reading_a_stream_again_changes_nothing(text: str) -> None:
    tokens = tokenize(text)
    exact, stem = exact_stream(tokens), stem_stream(tokens)
    assert exact_stream(tokenize(exact)) == exact
    assert stem_stream(tokenize(exact)) == stem
    assert stem_stream(tokenize(stem)) == stem


def test_a_very_long_post_is_read_whole() -> None:
    text = "Jalan rusak 😡 " * 4_000
    assert len(tokenize(text)) == 8_000
    assert len(exacts("a" * 50_000)) == 1
    assert len(exacts("xy" * 50_000)[0]) <= 64
