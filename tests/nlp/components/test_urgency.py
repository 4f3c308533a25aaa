"""Urgency: danger now is an emergency; what is over, feared, asked or proposed is not."""

from __future__ import annotations

import pytest

from domain.labels import Urgency
from domain.text.tokens import exact_stream, tokenize
from nlp.components.urgency import Pressing, level, urgency_of
from nlp.leaning import Signs


def told(words: str) -> Pressing:
    tokens = tokenize(words)
    return urgency_of(words, tokens, f" {exact_stream(tokens)} ")


EMERGENCY = """
Rumah tetangga saya kebakaran, api sudah besar, tolong cepat kirim damkar!!
TOLONG!! dua orang terjebak di dalam mobil, air terus naik
ada anak hanyut terbawa arus di kali, butuh bantuan sekarang
Ibu saya sesak napas di puskesmas, tabung oksigen kosong, tolong segera
warga tertimbun longsor, alat berat belum datang, mohon bantuan
Pak tolong, suami saya sedang mengamuk bawa parang, anak saya terkurung di kamar
banjir bandang masuk kampung, kami sekarang di atas atap
nenek saya masih di dalam rumah, air sudah sedada, tolong evakuasi
istri mau melahirkan, jalan putus, tolong kirim ambulans sekarang
"""
PRESSING = """
Air PDAM mati sudah lima hari, kami mandi di masjid
Sudah 4 anak kena DBD di gang kami, kapan difogging
Jembatan gantung hampir putus, tali bajanya tinggal satu
Listrik padam dari hari Jumat, ikan di kulkas busuk
Tiap malam ada begal di jalan baru, kemarin satu orang lagi jadi korban
Obat TB di puskesmas kosong dua minggu
Kabel listrik putus menjuntai di depan sekolah
Tanah longsor menutup separuh jalan, mobil tidak bisa lewat
Sapi mati mendadak enam ekor, mulut berbusa
Kakek sebatang kara itu sudah tiga hari tidak makan
Besok batas terakhir pendaftaran, NIK anak saya belum online
"""
ORDINARY = """
Jalan di dusun kami berlubang sejak tahun lalu
kebakaran kemarin sudah padam, terima kasih damkar
Mohon dipasang lampu jalan supaya tidak rawan kecelakaan
Usul pak, dibuat sirene longsor di tiap dusun
Kalau hujan deras bisa banjir, tolong gotnya dikeruk sebelum musim hujan
Terima kasih BPBD, warga yang terjebak banjir minggu lalu berhasil dievakuasi
Mau tanya, vaksin rabies ada di puskesmas mana ya?
jangan sampai ada yang tenggelam baru dipagar
Antre KTP dari jam 7, loket buka jam 9
Jual rumah murah, cocok untuk keluarga, hubungi segera
Sosialisasi pencegahan demam berdarah digelar di aula kantor camat
Tidak ada korban dalam kejadian itu, kata camat
semangat pagi semua
Setiap hujan pasti banjir di gang kami, sudah bertahun-tahun
Lampu jalan mati dari hari Senin
"""


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.mark.parametrize("words", lines(EMERGENCY))
def test_people_in_danger_now_are_an_emergency(words: str) -> None:
    assert told(words).urgency == "darurat"


@pytest.mark.parametrize("words", lines(PRESSING))
def test_harm_that_grows_by_waiting_is_pressing(words: str) -> None:
    assert told(words).urgency == "mendesak"


@pytest.mark.parametrize("words", lines(ORDINARY))
def test_what_is_over_feared_asked_or_proposed_is_ordinary(words: str) -> None:
    assert told(words) == Pressing(urgency=told("").urgency, cue=None)


@pytest.mark.parametrize("words", [*lines(EMERGENCY), *lines(PRESSING)])
def test_the_cue_points_at_its_words(words: str) -> None:
    cue = told(words).cue
    assert cue is not None
    assert words[cue.start : cue.end] == cue.text


CALM = {Urgency.ORDINARY: 0.9, Urgency.PRESSING: 0.08, Urgency.EMERGENCY: 0.02}
ALARMED = {Urgency.ORDINARY: 0.04, Urgency.PRESSING: 0.16, Urgency.EMERGENCY: 0.8}


def test_rules_and_models_agree_on_a_level() -> None:
    assert level(Urgency.ORDINARY, Signs(CALM, None, ())) == Urgency.ORDINARY
    assert level(Urgency.ORDINARY, Signs(ALARMED, None, ())) == Urgency.EMERGENCY
    unsure = {Urgency.ORDINARY: 0.5, Urgency.PRESSING: 0.25, Urgency.EMERGENCY: 0.25}
    assert level(Urgency.EMERGENCY, Signs(unsure, None, ())) == Urgency.EMERGENCY
    assert level(Urgency.PRESSING, Signs(unsure, None, ())) == Urgency.PRESSING


def test_the_encoder_has_its_say_where_it_read_the_post() -> None:
    unsure = {Urgency.ORDINARY: 0.6, Urgency.PRESSING: 0.3, Urgency.EMERGENCY: 0.1}
    assert level(Urgency.ORDINARY, Signs(unsure, ALARMED, ())) == Urgency.EMERGENCY
    assert level(Urgency.PRESSING, Signs(unsure, CALM, ())) == Urgency.ORDINARY


def test_without_models_the_rules_decide() -> None:
    assert level(Urgency.PRESSING, Signs(None, None, ())) == Urgency.PRESSING
