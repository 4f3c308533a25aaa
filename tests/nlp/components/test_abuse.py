"""Abuse: insults, hidden ones too; an animal is an animal."""

from __future__ import annotations

import pytest

from domain.text.tokens import exact_stream, tokenize
from nlp.components.abuse import is_abusive


def told(words: str) -> bool:
    tokens = tokenize(words)
    return is_abusive(words, tokens, f" {exact_stream(tokens)} ")


@pytest.mark.parametrize(
    "words",
    [
        "dasar goblok semua pejabatnya",
        "PLN b*ngsat, mati lampu lagi",
        "kades t*l*l",
        "g0bl0k kalian",
        "4njing lu semua",
        "a n j i n g kerja gak becus",
        "tolooool banget",
        "anjing, air mati lagi!",
        "dasar pegawai monyet",
        "pejabat babi semua",
        "otaknya di dengkul semua orang kantor itu",
        "bgst emang",
        "mati aja sana",
    ],
)
def test_insults_are_heard_however_they_are_written(words: str) -> None:
    assert told(words)


@pytest.mark.parametrize(
    "words",
    [
        "anak saya digigit anjing gila di pasar",
        "kawanan monyet masuk kebun warga",
        "kandang babi di belakang rumah bau sekali",
        "anjing liar berkeliaran, tolong ditertibkan",
        "sampah busuk menumpuk di got",
        "orang gila telantar di pasar, tolong dinsos",
        "harga 5*2 meter, tipe 36",
        "jalan rusak parah, kecewa berat",
        "flu burung dan flu babi",
        "lampu 12v mati",
        "",
    ],
)
def test_animals_things_and_anger_are_no_abuse(words: str) -> None:
    assert not told(words)
