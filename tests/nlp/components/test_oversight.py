"""Oversight: who in office is accused, and where nobody is."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

import nlp.components.normaliser
import nlp.components.oversight  # noqa: F401  registers the component
from domain.reading import Oversight
from domain.text.tokens import exact_stream, tokenize
from nlp.components.oversight import ACCUSED, Told, probability, told_by
from nlp.deciders import NO, YES
from nlp.document import TOKENIZER, register
from nlp.leaning import Signs


@pytest.fixture(scope="module")
def language() -> Language:
    register()
    language = spacy.blank("id", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
    language.add_pipe("normaliser")
    language.add_pipe("oversight")
    return language


def read(language: Language, words: str) -> Oversight | None:
    doc: Doc = language(words)
    found: Oversight | None = doc._.oversight
    return found


def told(words: str) -> Told:
    tokens = tokenize(words)
    return told_by(words, tokens, f" {exact_stream(tokens)} ")


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("Dana desa 300 juta diduga dikorupsi kades, jalannya tidak pernah dikerjakan", "kades"),
        ("BLT kami dipotong 100 ribu oleh perangkat desa, katanya untuk pemerataan", "kades"),
        ("Proyek rabat jalan fiktif, kepala desa bungkam kalau ditanya warga", "kades"),
        ("kepala dusun minta uang 50rb tiap tanda tangan surat tanah, padahal gratis", "kades"),
        ("Kepala sekolah mewajibkan bayar 500 ribu, kalau tidak rapor ditahan. Ini pungli", "sekolah"),
        ("komite sekolah menarik pungutan liar 250rb per siswa tanpa kuitansi", "sekolah"),
        ("Petugas loket minta uang rokok 20rb biar cepat, saya ada rekamannya", "petugas"),
        ("oknum petugas samsat minta 100 ribu tanpa kwitansi", "petugas"),
        ("Kepala dinas diduga menerima suap dari rekanan, mohon KPK periksa", "opd"),
        ("staf dinas minta setor 10 persen sebelum proyek cair, bukti transfer ada", "opd"),
        ("Oknum anggota dewan selingkuh, videonya beredar", "opd"),
    ],
)
def test_an_accusation_names_who_is_accused(language: Language, words: str, who: str) -> None:
    found = read(language, words)
    assert found is not None
    assert found.p >= ACCUSED
    assert found.accused == (who,)
    assert found.evidence
    assert all(words[s.start : s.end] == s.text for s in found.evidence)


@pytest.mark.parametrize(
    "words",
    [
        "Inspektorat menggelar sosialisasi pencegahan korupsi di kantor bupati",
        "Terima kasih petugas dukcapil, cepat, ramah dan tidak dipungut biaya",
        "Berapa biaya bikin KTP? apakah benar gratis?",
        "Jalan rusak, tolong dinas PU segera perbaiki",
        "Dana desa tahun ini 1,2 miliar untuk jalan dan posyandu, kata kepala desa",
        "Mahasiswa KKN membantu warga membuat papan nama gang",
        "Retribusi pasar ditarik setiap pagi Rp2.000 dengan karcis resmi",
        "Kantor desa masih tutup jam sembilan, pelayanan lambat",
        "Wali kota resmikan zona bebas pungli di kantor pelayanan",
        "Mohon bantuan pemotongan pohon di depan rumah, petugas belum datang",
        "jual tanah kavling 50 juta nego, minta survei lokasi silakan",
        "Bayar pajak motor di samsat tarif 200 ribu apakah benar?",
        "",
    ],
)
def test_programmes_questions_and_ordinary_complaints_accuse_nobody(language: Language, words: str) -> None:
    assert read(language, words) is None


@pytest.mark.parametrize(
    "words",
    [
        "keramik bantuan posyandu dibawa pulang kaur untuk rumahnya sendiri",
        "honor kader dibawa bu bendahara desa, di laporan tertulis lunas",
        "yang dapat proyek selalu adik pak kabid, yang lain cuma pelengkap",
    ],
)
def test_an_accusation_without_any_word_of_the_lexicon_is_heard(language: Language, words: str) -> None:
    found = read(language, words)
    assert found is not None
    assert found.evidence
    assert all(words[s.start : s.end] == s.text for s in found.evidence)


def test_a_batch_is_read_as_its_posts_alone_are(language: Language) -> None:
    posts = ["kades korupsi dana desa", "", "jalan rusak", "petugas minta uang rokok 20rb biar cepat"]
    together = [doc._.oversight for doc in language.pipe(posts)]
    assert together == [read(language, words) for words in posts]


def test_who_decided_is_written_down(language: Language) -> None:
    assert language("kades korupsi")._.decided_by["oversight"].startswith("aturan-pengawasan/3+linear-")


QUIET = Told(0.0, (), ())


def test_what_the_encoder_hears_moves_the_probability_both_ways() -> None:
    linear = {YES: 0.4, NO: 0.6}
    alone = probability(QUIET, Signs(linear, None, ()))
    assert probability(QUIET, Signs(linear, {YES: 0.95, NO: 0.05}, ())) > ACCUSED > alone
    assert probability(QUIET, Signs(linear, {YES: 0.05, NO: 0.95}, ())) < alone


def test_without_a_head_the_words_alone_decide() -> None:
    nothing = Signs(None, None, ())
    assert probability(told("kepala desa korupsi dana desa 300 juta"), nothing) >= ACCUSED
    assert probability(told("jalan rusak"), nothing) < ACCUSED
