"""Oversight: who in office is accused, and where nobody is."""

from __future__ import annotations

import pytest

from domain.reading import Oversight
from domain.text.tokens import exact_stream, tokenize
from nlp.components.oversight import ACCUSED, oversight_of


def told(words: str) -> Oversight | None:
    tokens = tokenize(words)
    return oversight_of(words, tokens, f" {exact_stream(tokens)} ")


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
def test_an_accusation_names_who_is_accused(words: str, who: str) -> None:
    found = told(words)
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
def test_programmes_questions_and_ordinary_complaints_accuse_nobody(words: str) -> None:
    assert told(words) is None
